"""Reading, trying on people and saving, against the emulated tenants."""

import asyncio
from dataclasses import replace

import anyio
import anyio.lowlevel
import pytest

from tests.workspace.mappings.documents import JOIN, mapping
from tests.workspace.mappings.opening import opened
from tests.workspace.stage import Stage, sent
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.emulator.records import source_record as imported_record
from xtsync_tui.errors import InvalidInput, ReadOnly, Rejected
from xtsync_tui.workspace.job.reading import JobReading
from xtsync_tui.workspace.journal import Fate
from xtsync_tui.workspace.mappings.changes import Part, merged
from xtsync_tui.workspace.mappings.draft import Draft, Kind, raw_row, with_mapping, without_mapping
from xtsync_tui.workspace.mappings.saving import JobTurned, Overtaken
from xtsync_tui.workspace.mappings.service import Mappings
from xtsync_tui.workspace.mappings.unfinished import Unfinished
from xtsync_tui.workspace.pair import Workspace
from xtsync_tui.workspace.people_records import UNREADABLE, source_record

pytestmark = pytest.mark.anyio


def family_first(own: Mappings) -> Draft:
    draft = own.current
    return with_mapping(draft, replace(mapping(draft, "displayName"), kind=Kind.EXPRESSION, text=JOIN))


def writes(workspace: Workspace) -> list[str]:
    return [f"{one.request.method} {one.request.path.rpartition('/')[2]}" for one in sent(workspace)]


async def test_people_are_read_as_the_service_imports_them(stage: Stage) -> None:
    own = await opened(stage)
    crowd = await own.read_people(lambda _: None)
    assert crowd.people
    signers = {"Kim Lee", "Tom Baker"}
    for person in crowd.people:
        if person.name in signers:
            continue
        user = stage.contoso.users[person.user.id]
        service = imported_record(stage.contoso, user, deleted=False, entitled=True)
        wanted = {name: value for name, value in service.items() if name not in UNREADABLE}
        known = {name: value for name, value in person.record.items() if name in wanted}
        assert known == {name: wanted[name] for name in known}
        assert wanted.keys() == known.keys()


def test_an_external_person_is_told_from_an_internal_one() -> None:
    assert (
        source_record({"id": "1", "userPrincipalName": "a@contoso.com"})["alternativeSecurityIds"] == "None"
    )
    outside = source_record({"id": "1", "userPrincipalName": "a_b.com#EXT#@contoso.com"})
    assert "alternativeSecurityIds" not in outside


async def test_a_save_looks_replaces_and_restarts_and_keeps_what_was(stage: Stage) -> None:
    own = await opened(stage)
    before = own.current.base
    saved = await own.save(family_first(own))
    assert saved.restarted
    assert writes(own.workspace) == ["PUT schema", "POST restart"]
    assert not own.current.edited
    put = own.workspace.journal.entries(why="mapping displayName")[0]
    assert put.request.method == "PUT"
    assert put.before == before
    assert put.fate is Fate.DONE
    await own.workspace.writer.send_all(own.workspace.journal.undo(put))
    reading = await own.read()
    assert mapping(own.current, "displayName").kind is Kind.DIRECT
    assert reading.schema["synchronizationRules"] == before["synchronizationRules"]


async def test_a_save_tells_the_job_when_its_cycle_was_asked_for(stage: Stage) -> None:
    own = await opened(stage)
    workspace = own.workspace
    own.keep(family_first(own))
    await own.save(own.current)
    stage.pass_(5)
    reading = await workspace.job.read()
    assert isinstance(reading, JobReading)
    newest = workspace.journal.entries(limit=1)[0]
    assert newest.request.path.endswith("/restart")
    assert reading.asked == newest.at


async def test_a_save_that_somebody_overtook_sends_nothing_and_shows_three(stage: Stage) -> None:
    first, second = await opened(stage), await opened(stage)
    mine = family_first(second)
    second.keep(mine)
    await first.save(without_mapping(first.current, "city"))
    with pytest.raises(Overtaken) as caught:
        await second.save(mine)
    assert {row.name for row in caught.value.rows} == {"displayName", "city"}
    assert writes(second.workspace) == []
    assert second.draft == mine


async def test_what_somebody_saved_meanwhile_is_known_before_the_next_save(stage: Stage) -> None:
    first, second = await opened(stage), await opened(stage)
    second.keep(family_first(second))
    await second.read()
    before: object = second.overtaken
    assert before is None
    await first.save(without_mapping(first.current, "city"))
    await second.read()
    found = second.overtaken
    assert found is not None
    assert found.detail == "Nothing was saved, your draft is kept: 1 part differs since 13:00."
    second.rebase(merged(found.draft, found.live, {(Part.MAPPING, "displayName")}))
    assert second.overtaken is None
    assert [change.name for change in second.changes] == ["displayName"]


async def test_what_is_edited_while_a_save_is_on_its_way_is_the_next_draft(stage: Stage) -> None:
    own = await opened(stage)
    gate = asyncio.Event()
    stage.emulator.world.faults.add(Fault("slow", "PUT", "/schema", release=gate))
    own.keep(without_mapping(own.current, "city"))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(own.save, own.current)
        while not under_way(own):
            await anyio.lowlevel.checkpoint()
        own.keep(without_mapping(own.current, "country"))
        gate.set()
    assert [(change.mark, change.name) for change in own.changes] == [("-", "country")]
    assert raw_row(own.current.base, "city") is None


def under_way(own: Mappings) -> bool:
    return own.workspace.writer.activity is not None


@pytest.mark.parametrize("started", [True, False])
async def test_a_job_that_was_started_or_paused_meanwhile_stops_a_save_until_it_was_shown(
    stage: Stage, started: bool
) -> None:
    other = stage.workspace()
    await other.introduce()
    if started:
        await pause(other)
    own = await opened(stage)
    await (start if started else pause)(other)
    draft = without_mapping(own.current, "city")
    with pytest.raises(JobTurned, match=f"The job was {'started' if started else 'paused'} in the meantime"):
        await own.save(draft)
    assert writes(own.workspace) == []
    saved = await own.save(draft)
    assert saved.restarted is started
    assert own.unfinished is None


async def pause(workspace: Workspace) -> None:
    await workspace.job.send(workspace.job.actions(await job(workspace)).pause())


async def start(workspace: Workspace) -> None:
    await workspace.job.send(workspace.job.actions(await job(workspace)).start())


async def job(workspace: Workspace) -> JobReading:
    reading = await workspace.job.read()
    assert isinstance(reading, JobReading)
    return reading


async def test_the_journal_says_what_was_changed(stage: Stage) -> None:
    own = await opened(stage)
    await own.save(without_mapping(family_first(own), "city"))
    assert [entry.why for entry in own.workspace.journal.entries()] == [
        "full cycle",
        "mapping city, mapping displayName",
    ]


async def test_what_saving_depends_on_is_read_again_people_only_after_a_while(stage: Stage) -> None:
    own = await opened(stage)
    first = await own.read_people(lambda _: None)
    other = stage.workspace()
    await other.introduce()
    await pause(other)
    await own.look_again(lambda _: None)
    assert not own.opened.runs
    assert own.crowd is first
    stage.pass_(301)
    await own.look_again(lambda _: None)
    assert own.crowd is not first


async def test_settings_that_cannot_be_read_are_not_taken_for_off(stage: Stage) -> None:
    stage.trouble("unavailable", "GET", "/secrets", times=9)
    own = await opened(stage)
    assert own.opened.settings_unread is not None
    assert own.opened.threshold == 10


async def test_a_cycle_that_evaluated_everybody_since_is_the_full_cycle_that_was_missing(
    stage: Stage,
) -> None:
    own = await opened(stage)
    stage.trouble("unavailable", "POST", "/restart", times=9)
    await own.save(without_mapping(own.current, "city"))
    assert own.unfinished is Unfinished.NO_CYCLE
    for _ in range(4):
        stage.pass_(40 * 60)
    await own.read()
    assert own.unfinished is None


async def test_a_save_that_the_service_refuses_keeps_the_draft(stage: Stage) -> None:
    own = await opened(stage)
    bad = without_mapping(own.current, "displayName")
    own.keep(bad)
    with pytest.raises(Rejected) as caught:
        await own.save(bad)
    assert caught.value.code == "schemaInvalid"
    assert own.draft == bad
    assert writes(own.workspace) == ["PUT schema"]


async def test_a_lost_answer_is_looked_at_and_the_cycle_still_starts(stage: Stage) -> None:
    own = await opened(stage)
    stage.trouble("dropped after", "PUT", "/schema")
    saved = await own.save(family_first(own))
    assert saved.restarted
    assert writes(own.workspace) == ["PUT schema", "POST restart"]


async def test_a_save_whose_cycle_does_not_start_says_so(stage: Stage) -> None:
    own = await opened(stage)
    stage.trouble("unavailable", "POST", "/restart", times=9)
    saved = await own.save(family_first(own))
    assert not saved.restarted
    assert saved.failed is not None
    assert not own.current.edited


async def test_read_only_sends_nothing_and_keeps_the_draft(stage: Stage) -> None:
    workspace = stage.workspace(read_only=True)
    await workspace.introduce()
    await workspace.mappings.read()
    own = workspace.mappings
    mine = family_first(own)
    own.keep(mine)
    with pytest.raises(ReadOnly):
        await own.save(mine)
    assert own.draft == mine
    assert writes(workspace) == []


async def test_reading_again_keeps_the_draft(stage: Stage) -> None:
    own = await opened(stage)
    mine = family_first(own)
    own.keep(mine)
    await own.read()
    assert own.draft == mine
    own.forget()
    await own.read()
    assert not own.current.edited


async def test_the_service_evaluates_the_same(stage: Stage) -> None:
    own = await opened(stage)
    crowd = await own.read_people(lambda _: None)
    lena = next(one for one in crowd.people if one.name == "Lena Fischer")
    answer, value = await own.ask(JOIN, lena.record)
    assert answer.parsing_succeeded
    assert value == "Fischer, Lena"


async def test_without_a_configuration_it_says_where_one_is_made() -> None:
    workspace = Stage("fresh").workspace()
    await workspace.introduce()
    with pytest.raises(InvalidInput, match="No configuration yet"):
        await workspace.mappings.read()
