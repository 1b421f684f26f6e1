"""The only way to write: recorded, sent once, and never "probably"."""

import asyncio
from dataclasses import replace

import anyio
import anyio.lowlevel
import pytest

from tests.workspace.stage import Stage, sent
from xtsync_tui.emulator.faults import Fault, Kind
from xtsync_tui.errors import NotFound, ReadOnly, ServiceFailed, StoreFailed, XtSyncError
from xtsync_tui.graph import access, policies
from xtsync_tui.model import Json, Side
from xtsync_tui.workspace.journal import Fate
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.writing import LOOKS, Activity, Phase, WriteState

pytestmark = pytest.mark.anyio


def leave(allowed: bool) -> Planned:
    return Planned(Side.TARGET, policies.set_leave(allowed=allowed), "leave", Undo(why_not="test"))


def partner(stage: Stage, found: Json | Exception) -> Planned:
    async def look() -> Json:
        if isinstance(found, Exception):
            raise found
        return found

    return Planned(Side.SOURCE, access.add_partner(stage.fabrikam.id), "partner", look=look)


async def test_a_write_is_in_the_journal_with_person_status_and_answer(stage: Stage) -> None:
    workspace = stage.workspace()
    await workspace.introduce()
    written = await workspace.writer.send(leave(False))
    (entry,) = workspace.journal.entries()
    assert written.entry == entry
    assert (entry.fate, entry.status) == (Fate.DONE, 204)
    assert (entry.who, entry.tenant) == ("ben.okoro@fabrikam.com", "Fabrikam")
    assert entry.request_id


@pytest.mark.parametrize(
    ("fault", "found", "changes"),
    [
        ("dropped after", {"tenantId": "here"}, 1),
        ("dropped after", ServiceFailed("down"), 1),
        ("dropped before", None, 0),
        ("throttled", None, 0),
    ],
)
async def test_what_may_have_happened_counts_as_a_change_and_what_never_arrived_does_not(
    stage: Stage, fault: Kind, found: Json | Exception, changes: int
) -> None:
    workspace = stage.workspace()
    stage.trouble(fault, "POST", "/partners", times=9)
    await workspace.writer.send(partner(stage, found))
    assert workspace.writer.changes == changes


async def test_read_only_sends_nothing_and_writes_nothing_down(stage: Stage) -> None:
    workspace = stage.workspace(read_only=True)
    assert workspace.write_state is WriteState.READ_ONLY
    with pytest.raises(ReadOnly, match="Read-only: nothing was sent"):
        await workspace.writer.send(leave(False))
    assert workspace.journal.entries() == ()
    assert sent(workspace) == []


async def test_writing_can_be_allowed_for_the_rest_of_a_run_and_taken_back(stage: Stage) -> None:
    workspace = stage.workspace(read_only=True)
    workspace.writer.read_only = False
    assert workspace.write_state is WriteState.WRITE
    assert (await workspace.writer.send(leave(False))).done
    assert workspace.profile.read_only
    workspace.writer.read_only = True
    with pytest.raises(ReadOnly):
        await workspace.writer.send(leave(True))
    assert len(sent(workspace)) == 1


async def test_a_refused_write_failed_and_the_ones_after_it_are_not_sent(stage: Stage) -> None:
    workspace = stage.workspace()
    nowhere = Planned(Side.TARGET, access.remove_partner(stage.contoso.id), "partner")
    written = await workspace.writer.send_all((nowhere, leave(False)))
    assert [one.entry.fate for one in written] == [Fate.FAILED]
    assert isinstance(written[0].error, NotFound)
    assert len(sent(workspace)) == 1


async def test_a_lost_answer_is_looked_at_until_it_is_found(stage: Stage) -> None:
    workspace, phases = stage.workspace(), list[Phase]()
    workspace.writer.subscribe(lambda activity: phases.append(activity.phase) if activity else None)
    stage.trouble("dropped after", "POST", "/partners")
    written = await workspace.writer.send(partner(stage, {"tenantId": "here"}))
    assert (written.entry.fate, written.answer) == (Fate.DONE, {"tenantId": "here"})
    assert phases == [Phase.SENDING, Phase.LOOKING]
    assert written.entry.status == 0
    (lost,) = [one for one in workspace.log.exchanges if one.request.method == "POST"]
    assert ": it arrived." in lost.note


async def test_what_is_never_found_did_not_arrive(stage: Stage) -> None:
    workspace = stage.workspace()
    stage.trouble("dropped before", "POST", "/partners")
    written = await workspace.writer.send(partner(stage, None))
    assert written.entry.fate is Fate.NOT_ARRIVED
    assert "it did not arrive" in written.entry.note
    assert tuple(stage.pauses) == LOOKS


async def test_what_cannot_be_looked_at_is_unknown(stage: Stage) -> None:
    workspace = stage.workspace()
    stage.trouble("dropped after", "POST", "/partners")
    written = await workspace.writer.send(partner(stage, ServiceFailed("down")))
    assert written.entry.fate is Fate.UNKNOWN
    assert "Nothing could be read afterwards" in written.entry.note


async def test_a_fault_of_the_service_is_looked_at_too(stage: Stage) -> None:
    workspace = stage.workspace()
    stage.trouble("unavailable", "POST", "/partners")
    written = await workspace.writer.send(partner(stage, None))
    assert written.entry.fate is Fate.FAILED
    assert written.entry.status == 503


async def test_throttling_to_the_end_means_that_it_did_not_arrive(stage: Stage) -> None:
    workspace = stage.workspace()
    stage.trouble("throttled", "POST", "/partners", times=9)
    written = await workspace.writer.send(partner(stage, {"never": "looked"}))
    assert written.entry.fate is Fate.NOT_ARRIVED


async def test_the_status_line_knows_which_write_of_how_many_runs(stage: Stage) -> None:
    workspace, seen = stage.workspace(), list[Activity | None]()
    await workspace.introduce()
    stop = workspace.writer.subscribe(seen.append)
    await workspace.writer.send_all((leave(False), leave(True)))
    stop()
    await workspace.writer.send(leave(False))
    shown = [(one.number, one.total, one.tenant, one.side) if one else None for one in seen]
    assert shown == [(1, 2, "Fabrikam", Side.TARGET), None, (2, 2, "Fabrikam", Side.TARGET), None]
    assert workspace.writer.activity is None


async def test_a_write_whose_end_cannot_be_written_down_was_sent_and_says_both(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = stage.workspace()

    def full(*_: object) -> None:
        raise StoreFailed("The journal cannot be used", "database or disk is full")

    monkeypatch.setattr(workspace.journal, "end", full)
    written = await workspace.writer.send(leave(False))
    assert (written.done, written.error, written.entry.status) == (True, None, 204)
    assert written.unrecorded is not None
    assert written.unrecorded.detail == "database or disk is full"
    assert "nothing is sent" not in str(written.unrecorded)
    assert workspace.writer.changes == 1
    (entry,) = workspace.journal.entries()
    assert entry.fate is Fate.SENT
    monkeypatch.undo()
    await workspace.writer.send(leave(True))
    assert workspace.writer.unrecorded is None


async def test_nothing_is_sent_that_cannot_be_written_down_first(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = stage.workspace()

    def full(*_: object) -> None:
        raise StoreFailed("The journal cannot be used", "database or disk is full")

    monkeypatch.setattr(workspace.journal, "begin", full)
    with pytest.raises(StoreFailed):
        await workspace.writer.send(leave(False))
    assert sent(workspace) == []


async def test_writes_go_one_at_a_time(stage: Stage) -> None:
    workspace = stage.workspace()
    running, most = 0, 0

    def count(activity: Activity | None) -> None:
        nonlocal running, most
        running += 1 if activity else -1
        most = max(most, running)

    workspace.writer.subscribe(count)
    async with anyio.create_task_group() as tasks:
        for allowed in (True, False, True):
            tasks.start_soon(workspace.writer.send, leave(allowed))
    assert most == 1
    assert [one.fate for one in workspace.journal.entries()] == [Fate.DONE] * 3


async def test_a_write_cut_off_in_the_middle_is_unknown_in_the_journal(stage: Stage) -> None:
    workspace = stage.workspace()
    held = Fault("slow", "PATCH", "externalIdentitiesPolicy", release=asyncio.Event())
    stage.emulator.world.faults.add(held)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(workspace.writer.send, leave(False))
        while not workspace.log.exchanges:
            await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()
    (entry,) = workspace.journal.entries()
    assert entry.fate is Fate.UNKNOWN
    assert entry.note == "The program stopped before an answer came."


async def test_a_write_whose_ground_has_moved_is_neither_sent_nor_written_down(stage: Stage) -> None:
    class Moved(XtSyncError):
        pass

    async def check() -> None:
        raise Moved("Changed elsewhere")

    workspace = stage.workspace()
    with pytest.raises(Moved):
        await workspace.writer.send(replace(leave(False), check=check))
    assert sent(workspace) == []
    assert workspace.journal.entries() == ()
    assert workspace.writer.activity is None
    assert (await workspace.writer.send(leave(False))).done
