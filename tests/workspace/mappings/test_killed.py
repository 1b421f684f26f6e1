"""The service killed at every point of a save: what is told after, and how the rest is done."""

from dataclasses import replace

import pytest

from tests.workspace.mappings.documents import JOIN, mapping
from tests.workspace.mappings.killing import kill, revive
from tests.workspace.mappings.opening import opened
from tests.workspace.stage import Stage, sent
from xtsync_tui.errors import NoAnswer, XtSyncError
from xtsync_tui.graph import jobs
from xtsync_tui.model import Side
from xtsync_tui.workspace.journal import Fate
from xtsync_tui.workspace.mappings.draft import Draft, Kind, with_mapping, without_mapping
from xtsync_tui.workspace.mappings.saving import planned
from xtsync_tui.workspace.mappings.service import Mappings
from xtsync_tui.workspace.mappings.unfinished import Unfinished
from xtsync_tui.workspace.planned import Planned

pytestmark = pytest.mark.anyio


async def drafted(stage: Stage) -> Mappings:
    own = await opened(stage)
    draft = own.current
    row = replace(mapping(draft, "displayName"), kind=Kind.EXPRESSION, text=JOIN)
    own.keep(with_mapping(draft, row))
    return own


def fates(own: Mappings) -> list[tuple[str, Fate]]:
    """Return the writes of the journal, the oldest first."""
    return [(one.request.method, one.fate) for one in reversed(own.workspace.journal.entries())]


def left(own: Mappings) -> Unfinished | None:
    return own.unfinished


async def killed(stage: Stage, own: Mappings, method: str, path: str, *, arrived: bool) -> Draft:
    """Save, with the service killed at one request; it comes back after the save has ended."""
    kill(stage.emulator.world.faults, method, path, arrived=arrived)
    draft = own.current
    try:
        await own.save(draft)
    finally:
        revive(stage.emulator.world.faults)
    return draft


@pytest.mark.parametrize("arrived", [False, True])
async def test_killed_while_it_is_looked_nothing_is_sent_and_the_draft_is_kept(
    stage: Stage, arrived: bool
) -> None:
    own = await drafted(stage)
    with pytest.raises(NoAnswer, match="No answer from SOURCE"):
        await killed(stage, own, "GET", "/schema", arrived=arrived)
    assert fates(own) == []
    assert left(own) is None
    assert own.current.edited
    assert (await own.save(own.current)).restarted


@pytest.mark.parametrize("arrived", [False, True])
async def test_killed_at_the_save_it_is_unknown_until_it_is_read_again(stage: Stage, arrived: bool) -> None:
    own = await drafted(stage)
    with pytest.raises(NoAnswer, match="not known whether it was saved"):
        await killed(stage, own, "PUT", "/schema", arrived=arrived)
    assert fates(own) == [("PUT", Fate.UNKNOWN)]
    assert left(own) is Unfinished.SAVE_UNKNOWN
    assert own.current.edited
    await own.read()
    assert own.current.edited == (not arrived)
    assert left(own) is (Unfinished.NO_CYCLE if arrived else None)


@pytest.mark.parametrize("arrived", [False, True])
async def test_killed_at_the_save_another_save_sends_only_what_is_left(stage: Stage, arrived: bool) -> None:
    own = await drafted(stage)
    with pytest.raises(NoAnswer):
        draft = await killed(stage, own, "PUT", "/schema", arrived=arrived)
    draft = own.current
    saved = await own.save(draft)
    assert saved.restarted
    again = [("PUT", Fate.UNKNOWN), ("POST", Fate.DONE)] if arrived else [
        ("PUT", Fate.UNKNOWN), ("PUT", Fate.DONE), ("POST", Fate.DONE)]  # fmt: skip
    assert fates(own) == again
    assert left(own) is None
    assert not own.current.edited


async def test_a_save_that_is_found_not_to_have_arrived_says_that_nothing_was_saved(stage: Stage) -> None:
    own = await drafted(stage)
    stage.trouble("dropped before", "PUT", "/schema")
    with pytest.raises(NoAnswer, match="It did not arrive: nothing was saved"):
        await own.save(own.current)
    assert fates(own) == [("PUT", Fate.NOT_ARRIVED)]
    assert left(own) is None
    assert own.current.edited


@pytest.mark.parametrize("arrived", [False, True])
async def test_killed_at_the_restart_it_is_saved_and_the_cycle_can_be_started(
    stage: Stage, arrived: bool
) -> None:
    own = await drafted(stage)
    await killed(stage, own, "POST", "/restart", arrived=arrived)
    assert fates(own) == [("PUT", Fate.DONE), ("POST", Fate.UNKNOWN)]
    assert left(own) is Unfinished.CYCLE_UNKNOWN
    await own.read()
    assert left(own) is Unfinished.CYCLE_UNKNOWN
    assert not own.current.edited
    assert (await own.start_cycle()).restarted
    assert left(own) is None
    assert [one.request.path.rpartition("/")[2] for one in sent(own.workspace)][-1] == "restart"


async def test_a_cycle_that_the_service_refused_to_start_is_left_to_start(stage: Stage) -> None:
    own = await drafted(stage)
    stage.trouble("throttled", "POST", "/restart", times=9)
    saved = await own.save(own.current)
    assert saved.failed is not None
    assert saved.failed.entry.fate is Fate.NOT_ARRIVED
    assert left(own) is Unfinished.NO_CYCLE


async def test_a_program_that_ended_between_save_and_restart_knows_it_at_its_next_start(stage: Stage) -> None:
    own = await drafted(stage)
    change = planned(own.workspace, own.opened, own.current).change
    await own.workspace.writer.send(change)
    stage.pass_(60)
    again = Mappings(own.workspace)
    await again.read()
    assert left(again) is Unfinished.NO_CYCLE


async def test_a_program_that_ended_while_it_saved_looks_what_became_of_it(stage: Stage) -> None:
    own = await drafted(stage)
    change = planned(own.workspace, own.opened, own.current).change
    own.workspace.journal.begin(change, own.workspace.now(), "ana", "Contoso")
    assert left(own) is None
    await own.workspace.client(Side.SOURCE).send(change.request)
    await own.read()
    assert left(own) is Unfinished.NO_CYCLE


async def test_what_a_colleague_saved_since_has_its_own_cycle(stage: Stage) -> None:
    own, other = await drafted(stage), await drafted(stage)
    stage.trouble("throttled", "POST", "/restart", times=9)
    await own.save(own.current)
    stage.emulator.world.faults.waiting.clear()
    await other.read()
    await other.save(without_mapping(other.current, "city"))
    await own.read()
    assert left(own) is None


@pytest.mark.parametrize(("scopes", "wanted"), [(("Escrows",), Unfinished.NO_CYCLE), (("Watermark",), None)])
async def test_only_a_restart_that_evaluates_everyone_ends_a_save(
    stage: Stage, scopes: tuple[str, ...], wanted: Unfinished | None
) -> None:
    own = await drafted(stage)
    stage.trouble("throttled", "POST", "/restart", times=9)
    await own.save(own.current)
    stage.emulator.world.faults.waiting.clear()
    request = jobs.restart(own.opened.configuration.id, own.opened.job.id, scopes)
    await own.workspace.writer.send(Planned(Side.SOURCE, request, "restart"))
    assert left(own) is wanted


async def test_defaults_whose_cycle_did_not_start_are_told_as_a_save(stage: Stage) -> None:
    own = await drafted(stage)
    await own.save(own.current)
    kill(stage.emulator.world.faults, "DELETE", "/schema", arrived=True)
    with pytest.raises(XtSyncError):
        await own.restore_defaults()
    revive(stage.emulator.world.faults)
    assert left(own) is Unfinished.SAVE_UNKNOWN
    await own.read()
    assert left(own) is Unfinished.NO_CYCLE
