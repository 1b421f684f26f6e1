"""Reading, trying on people and saving, against the emulated tenants."""

from dataclasses import replace

import pytest

from tests.workspace.mappings.documents import JOIN, mapping
from tests.workspace.mappings.opening import opened
from tests.workspace.stage import Stage, sent
from xtsync_tui.emulator.records import source_record as imported_record
from xtsync_tui.errors import InvalidInput, NotFound, ReadOnly, Rejected
from xtsync_tui.workspace.job.reading import JobReading
from xtsync_tui.workspace.journal import Fate
from xtsync_tui.workspace.mappings.crowd import Person, example
from xtsync_tui.workspace.mappings.draft import Draft, Kind, raw_row, with_mapping, without_mapping
from xtsync_tui.workspace.mappings.effects import effects, in_scope
from xtsync_tui.workspace.mappings.filters import with_clause
from xtsync_tui.workspace.mappings.saving import Overtaken
from xtsync_tui.workspace.mappings.service import Mappings
from xtsync_tui.workspace.mappings.trial import is_unreadable, seen, tally
from xtsync_tui.workspace.pair import Workspace
from xtsync_tui.workspace.people_records import UNREADABLE, source_record
from xtsync_tui.workspace.setup import Clause

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


async def test_the_example_is_somebody_whose_manager_is_in_scope(stage: Stage) -> None:
    own = await opened(stage)
    crowd = await own.read_people(lambda _: None)
    people = in_scope(own.current.base, crowd, own.bench(own.current.base), sync_all=False)
    found = example(people)
    assert isinstance(found, Person)
    assert found.name == "Lena Fischer"
    assert found.target is not None


async def test_who_leaves_is_named_with_what_decides_it_and_counted_against_the_threshold(
    stage: Stage,
) -> None:
    own = await opened(stage)
    crowd = await own.read_people(lambda _: None)
    draft = with_clause(own.current, 0, 1, Clause("country", "EQUALS", ("Germany",)))
    found = effects(draft, crowd, own.bench(draft.document), sync_all=False)
    why = {one.name: one.why for one in found.leave}
    assert why["Aiko Tanaka"] == "country Japan"
    assert why["Omar Haddad"] == "no country"
    assert found.before - found.after == len(found.leave)
    assert found.holds(own.opened.threshold)
    assert not found.holds(None)


async def test_what_cannot_be_told_counts_at_its_worst(stage: Stage) -> None:
    own = await opened(stage)
    crowd = await own.read_people(lambda _: None)
    draft = with_clause(own.current, 0, 1, Clause("country", "SOUNDS LIKE", ("Germany",)))
    found = effects(draft, crowd, own.bench(draft.document), sync_all=False)
    assert found.leave == ()
    assert len(found.unknown) == found.before
    assert found.worst == found.before


async def test_people_of_a_group_that_is_updating_can_be_in_scope_or_not(stage: Stage) -> None:
    own = await opened(stage)
    crowd = await own.read_people(lambda _: None)
    lena = next(one for one in crowd.people if one.name == "Lena Fischer")
    unsure = replace(lena, unsure="group Sales DE is updating")
    crowd = replace(crowd, people=(unsure,), updating=("Sales DE",))
    draft = family_first(own)
    found = effects(draft, crowd, own.bench(draft.document), sync_all=False)
    assert [(one.name, one.why, one.inside) for one in found.unknown] == [
        ("Lena Fischer", "group Sales DE is updating", False)
    ]
    assert (found.before, found.after, found.worst, found.changed) == (0, 0, 0, 0)
    assert found.updating == ("Sales DE",)
    shut = with_clause(own.current, 0, 1, Clause("country", "EQUALS", ("Japan",)))
    found = effects(shut, crowd, own.bench(shut.document), sync_all=False)
    assert [(one.why, one.inside) for one in found.unknown] == [("group Sales DE is updating", True)]
    assert found.worst == 1


async def test_only_who_is_assigned_by_a_group_that_is_updating_alone_is_unsure(stage: Stage) -> None:
    own = await opened(stage)
    before = await own.read_people(lambda _: None)
    assert not before.updating
    groups = {name for person in before.people for name in person.user.groups}
    for group in stage.contoso.groups.values():
        if group["displayName"] in groups:
            group.update(groupTypes=["DynamicMembership"], membershipRule="x")
            group["membershipRuleProcessingState"] = "Paused"
    crowd = await own.read_people(lambda _: None)
    assert set(crowd.updating) == groups
    assert {bool(person.unsure) for person in crowd.people if person.user.direct} == {False}
    assert {bool(person.unsure) for person in crowd.people if not person.user.direct} == {True}


async def test_a_filter_on_what_is_not_read_cannot_be_told(stage: Stage) -> None:
    own = await opened(stage)
    crowd = await own.read_people(lambda _: None)
    clause = Clause("employeeOrgData.division", "EQUALS", ("North",))
    draft = with_clause(own.current, 0, 1, clause)
    found = effects(draft, crowd, own.bench(draft.document), sync_all=False)
    assert found.leave == ()
    assert len(found.unknown) == found.before
    assert found.unknown[0].why == "employeeOrgData.division is not read here"
    assert found.worst == found.before


async def test_a_mapping_of_what_is_not_read_cannot_be_told(stage: Stage) -> None:
    own = await opened(stage)
    crowd = await own.read_people(lambda _: None)
    row = replace(mapping(own.current, "city"), kind=Kind.DIRECT, text="employeeOrgData.division")
    draft = with_mapping(own.current, row)
    bench = own.bench(draft.document)
    raw = raw_row(draft.document, "city")
    assert raw is not None
    (compiled,) = bench.compile([raw])
    assert is_unreadable(compiled)
    assert seen(compiled, crowd.people[0], {}, unreadable=is_unreadable(compiled)) == "? cannot tell"
    assert tally(None, compiled, crowd.people).unknown
    found = effects(draft, crowd, bench, sync_all=False)
    assert found.untold == ("city",)


@pytest.mark.parametrize("applies", ["Always", "ObjectAddOnly"])
async def test_the_list_and_the_save_count_the_same_people_as_changed(stage: Stage, applies: str) -> None:
    target = "userType"
    own = await opened(stage)
    crowd = await own.read_people(lambda _: None)
    row = replace(mapping(own.current, target), kind=Kind.CONSTANT, text="Guest", apply=applies)
    draft = with_mapping(own.current, row)
    bench = own.bench(draft.document)
    found = effects(draft, crowd, bench, sync_all=False)
    people = in_scope(draft.document, crowd, bench, sync_all=False)
    old, new = raw_row(draft.base, target), raw_row(draft.document, target)
    assert old is not None
    assert new is not None
    (before,), (after,) = bench.compile([old]), bench.compile([new])
    counted = tally(before, after, people)
    assert found.changes == ((target, len(counted.change)),)
    assert len(counted.stay) > 0


async def test_a_save_looks_replaces_and_restarts_and_keeps_what_was(stage: Stage) -> None:
    own = await opened(stage)
    before = own.current.base
    saved = await own.save(family_first(own))
    assert saved.restarted
    assert writes(own.workspace) == ["PUT schema", "POST restart"]
    assert not own.current.edited
    put = own.workspace.journal.entries(why="mappings")[1]
    assert put.request.method == "PUT"
    assert put.before == before
    assert put.fate is Fate.DONE
    await own.workspace.writer.send_all(own.workspace.journal.undo(put))
    reading = await own.read()
    assert mapping(own.current, "displayName").kind is Kind.DIRECT
    assert reading.schema["synchronizationRules"] == before["synchronizationRules"]


async def test_who_enters_and_is_in_the_target_already_is_told_apart(stage: Stage) -> None:
    own = await opened(stage)
    crowd = await own.read_people(lambda _: None)
    out = with_clause(own.current, 0, 0, Clause("department", "EQUALS", ("Sales",)))
    back = replace(own.current, base=out.document)
    found = effects(back, crowd, own.bench(back.document), sync_all=False)
    there = {person.user.id: person.target is not None for person in crowd.people}
    assert found.enter
    assert {one.id: one.there for one in found.enter} == {one.id: there[one.id] for one in found.enter}
    assert any(one.there for one in found.enter)


async def test_who_leaves_and_is_not_in_the_target_is_not_counted_unless_it_cannot_be_told(
    stage: Stage,
) -> None:
    own = await opened(stage)
    crowd = await own.read_people(lambda _: None)
    draft = with_clause(own.current, 0, 1, Clause("country", "EQUALS", ("Germany",)))
    bench = own.bench(draft.document)
    found = effects(draft, crowd, bench, sync_all=False)
    assert (len(found.leave), found.worst) == (16, 14)
    unread = effects(
        draft, replace(crowd, target_unread=NotFound("TARGET cannot be read")), bench, sync_all=False
    )
    assert unread.worst == 16


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
