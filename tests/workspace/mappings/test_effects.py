"""What the full cycle of a draft does to people, measured against who is in TARGET now."""

import asyncio
from dataclasses import replace

import pytest

from tests.workspace.mappings.documents import JOIN, mapping
from tests.workspace.mappings.opening import opened
from tests.workspace.stage import Stage
from xtsync_tui.errors import NotFound
from xtsync_tui.model import Json
from xtsync_tui.settings import Limits
from xtsync_tui.workspace.mappings.crowd import Crowd, Person, example
from xtsync_tui.workspace.mappings.draft import Draft, Kind, begin, raw_row, with_mapping
from xtsync_tui.workspace.mappings.effects import Effects, Fate, Move, Mover, effects
from xtsync_tui.workspace.mappings.filters import with_action, with_clause, without_clause
from xtsync_tui.workspace.mappings.service import Mappings
from xtsync_tui.workspace.mappings.trial import NOT_THERE, is_unreadable, seen, tally
from xtsync_tui.workspace.setup import Clause

pytestmark = pytest.mark.anyio

JAPAN = Clause("country", "EQUALS", ("Japan",))
GERMANY = Clause("country", "EQUALS", ("Germany",))
NOT_THERE_YET = {"Luca Rossi", "Nora Quinn", "Tom Baker"}
"""Who is in scope of the configured pair and cannot be created; Tom Baker signs in by SMS."""


async def read(stage: Stage) -> tuple[Mappings, Crowd]:
    own = await opened(stage)
    return own, await own.read_people(lambda _: None)


def worked_out(own: Mappings, draft: Draft, crowd: Crowd) -> Effects:
    return effects(draft, crowd, own.bench(draft.document), sync_all=False)


def only(own: Mappings, clause: Clause) -> Draft:
    """Return a draft whose filter asks for ``clause``, too."""
    return with_clause(own.current, 0, 1, clause)


def names(found: Effects, *fates: Fate) -> set[str]:
    return {one.name for one in found.movers if one.fate in fates}


async def test_the_example_is_somebody_whose_manager_is_in_scope(stage: Stage) -> None:
    own, crowd = await read(stage)
    found = example(worked_out(own, own.current, crowd).people)
    assert isinstance(found, Person)
    assert found.name == "Lena Fischer"
    assert found.target is not None


async def test_who_leaves_is_named_with_what_decides_it_and_counted_against_the_threshold(
    stage: Stage,
) -> None:
    own, crowd = await read(stage)
    draft = only(own, GERMANY)
    found = worked_out(own, draft, crowd)
    why = {one.name: one.why for one in found.leave}
    assert why["Aiko Tanaka"] == "country Japan"
    assert why["Omar Haddad"] == "no country"
    assert found.before - found.after == len(found.leave)
    assert found.holds(own.opened.threshold)
    assert not found.holds(None)


async def test_what_cannot_be_told_counts_at_its_worst(stage: Stage) -> None:
    own, crowd = await read(stage)
    draft = with_clause(own.current, 0, 1, Clause("country", "SOUNDS LIKE", ("Germany",)))
    found = worked_out(own, draft, crowd)
    assert found.leave == ()
    assert len(found.unknown) == found.before
    assert found.worst == found.before - len(NOT_THERE_YET)


async def test_people_of_a_group_that_is_updating_can_be_in_scope_or_not(stage: Stage) -> None:
    own, crowd = await read(stage)
    lena = next(one for one in crowd.people if one.name == "Lena Fischer")
    unsure = replace(lena, unsure="group Sales DE is updating")
    crowd = replace(crowd, people=(unsure,), updating=("Sales DE",))
    draft = with_mapping(
        own.current, replace(mapping(own.current, "displayName"), kind=Kind.EXPRESSION, text=JOIN)
    )
    found = worked_out(own, draft, crowd)
    assert [(one.name, one.why, one.inside) for one in found.unknown] == [
        ("Lena Fischer", "group Sales DE is updating", False)
    ]
    assert (found.before, found.after, found.worst, found.changed) == (0, 0, 0, 0)
    assert found.updating == ("Sales DE",)
    shut = only(own, JAPAN)
    found = worked_out(own, shut, crowd)
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
    own, crowd = await read(stage)
    clause = Clause("employeeOrgData.division", "EQUALS", ("North",))
    draft = with_clause(own.current, 0, 1, clause)
    found = worked_out(own, draft, crowd)
    assert found.leave == ()
    assert len(found.unknown) == found.before
    assert found.unknown[0].why == "employeeOrgData.division is not read here"
    assert found.worst == found.before - len(NOT_THERE_YET)


async def test_a_mapping_of_what_is_not_read_cannot_be_told(stage: Stage) -> None:
    own, crowd = await read(stage)
    row = replace(mapping(own.current, "city"), kind=Kind.DIRECT, text="employeeOrgData.division")
    draft = with_mapping(own.current, row)
    bench = own.bench(draft.document)
    raw = raw_row(draft.document, "city")
    assert raw is not None
    (compiled,) = bench.compile([raw])
    assert is_unreadable(compiled)
    assert seen(compiled, crowd.people[0], crowd, ()) == "? cannot tell"
    assert tally(None, compiled, crowd.people, crowd).unknown
    found = effects(draft, crowd, bench, sync_all=False)
    assert found.untold == ("city",)


@pytest.mark.parametrize("applies", ["Always", "ObjectAddOnly"])
async def test_the_list_and_the_save_count_the_same_people_as_changed(stage: Stage, applies: str) -> None:
    target = "userType"
    own, crowd = await read(stage)
    row = replace(mapping(own.current, target), kind=Kind.CONSTANT, text="Guest", apply=applies)
    draft = with_mapping(own.current, row)
    bench = own.bench(draft.document)
    found = effects(draft, crowd, bench, sync_all=False)
    old, new = raw_row(draft.base, target), raw_row(draft.document, target)
    assert old is not None
    assert new is not None
    (before,), (after,) = bench.compile([old]), bench.compile([new])
    counted = tally(before, after, found.people, crowd)
    assert found.changes == ((target, len(counted.change)),)
    assert len(counted.stay) > 0


async def test_who_enters_and_is_in_the_target_already_is_told_apart(stage: Stage) -> None:
    own, crowd = await read(stage)
    out = with_clause(own.current, 0, 0, Clause("department", "EQUALS", ("Sales",)))
    back = replace(own.current, base=out.document)
    found = worked_out(own, back, crowd)
    there = {person.user.id for person in crowd.people if person.target is not None}
    assert found.enter
    assert {one.id for one in found.enter if one.fate is Fate.FOUND} == {
        one.id for one in found.enter if one.id in there
    }
    assert any(one.fate is Fate.FOUND for one in found.enter)


async def test_who_leaves_and_is_not_in_the_target_is_not_counted_unless_it_cannot_be_told(
    stage: Stage,
) -> None:
    own, crowd = await read(stage)
    draft = only(own, GERMANY)
    bench = own.bench(draft.document)
    found = effects(draft, crowd, bench, sync_all=False)
    assert (len(found.leave), found.worst) == (16, 14)
    unread = effects(
        draft, replace(crowd, target_unread=NotFound("TARGET cannot be read")), bench, sync_all=False
    )
    assert unread.worst == 16


async def test_the_cycle_creates_whoever_is_in_scope_and_not_in_the_target_whatever_was_edited(
    stage: Stage,
) -> None:
    own, crowd = await read(stage)
    found = worked_out(own, own.current, crowd)
    assert {one.name for one in found.moving(Move.WAITS)} == NOT_THERE_YET
    assert names(found, Fate.CREATED) == NOT_THERE_YET
    assert not found.changed
    off = worked_out(own, with_action(own.current, "Add", on=False), crowd)
    assert names(off, Fate.NOT_CREATED) == NOT_THERE_YET


async def test_who_signs_in_by_sms_is_out_of_scope_once_the_set_up_found_it(stage: Stage) -> None:
    own = await opened(stage)
    await own.workspace.setup.read()
    found = worked_out(own, own.current, await own.read_people(lambda _: None))
    assert "Tom Baker" not in {person.name for person in found.people}
    assert {one.name for one in found.moving(Move.WAITS)} == NOT_THERE_YET - {"Tom Baker"}


async def test_who_is_not_in_the_target_is_not_said_to_change(stage: Stage) -> None:
    own, crowd = await read(stage)
    row = replace(mapping(own.current, "userType"), kind=Kind.CONSTANT, text="Guest")
    for applies, changed in (("ObjectAddOnly", False), ("Always", True)):
        found = worked_out(own, with_mapping(own.current, replace(row, apply=applies)), crowd)
        assert bool(found.changed) is changed
        assert found.changed <= found.after - len(NOT_THERE_YET)


async def test_letter_case_alone_is_no_change(stage: Stage) -> None:
    own, crowd = await read(stage)
    row = replace(mapping(own.current, "city"), kind=Kind.EXPRESSION, text="ToUpper([city])")
    assert worked_out(own, with_mapping(own.current, row), crowd).changed == 0


async def test_update_and_delete_that_are_off_change_and_remove_nobody(stage: Stage) -> None:
    own, crowd = await read(stage)
    row = replace(mapping(own.current, "city"), kind=Kind.CONSTANT, text="Berlin")
    draft = with_action(with_mapping(only(own, GERMANY), row), "Update", on=False)
    assert worked_out(own, draft, crowd).changed == 0
    assert worked_out(own, draft, crowd).worst == 14
    kept = worked_out(own, with_action(draft, "Delete", on=False), crowd)
    assert kept.worst == 0
    assert len(names(kept, Fate.LEFT)) == 14


async def test_who_is_out_already_and_still_in_the_target_is_counted_at_the_worst(stage: Stage) -> None:
    own, crowd = await read(stage)
    saved = begin(only(own, GERMANY).document)
    found = worked_out(own, saved, crowd)
    assert not found.leave
    assert len(names(found, Fate.PERHAPS_REMOVED)) == found.worst == 14
    assert found.holds(own.opened.threshold)


async def test_a_manager_who_is_not_in_the_target_is_not_shown_as_written(stage: Stage) -> None:
    own, crowd = await read(stage)
    (row,) = own.bench(own.opened.schema).compile([raw(own.opened.schema, "manager")])
    inside = {person.user.id for person in worked_out(own, own.current, crowd).people}
    told = {person.name: seen(row, person, crowd, inside) for person in crowd.people}
    assert told["Prince"] == NOT_THERE
    assert told["Lena Fischer"] == "Jonas Weber"


def raw(schema: Json, target: str) -> Json:
    found = raw_row(schema, target)
    assert found is not None
    return found


async def test_people_of_one_address_are_one_account_and_an_internal_one_is_nobody(stage: Stage) -> None:
    _, crowd = await read(stage)
    there = {person.name: crowd.there(person) for person in crowd.people}
    assert there["Ken Adams"]
    assert there["Ken Adams (lab)"]
    assert not there["Luca Rossi"]


async def test_who_lies_in_the_bin_of_the_target_is_not_said_to_be_created() -> None:
    own, crowd = await read(Stage("troubled"))
    draft = replace(
        own.current, document=with_clause(own.current, 0, 0, Clause("city", "IS NOT NULL")).document
    )
    found = worked_out(own, draft, crowd)
    assert "Rosa Diaz" in names(found, Fate.BINNED)


MANY = tuple(Mover(str(at), str(at), fate=Fate.REMOVED) for at in range(20))


@pytest.mark.parametrize(
    ("found", "threshold", "limits", "asked"),
    [
        (Effects(before=40, people=(), movers=MANY), 500, Limits(), True),
        (Effects(movers=MANY), 500, Limits(), False),
        (Effects(movers=MANY), 20, Limits(), True),
        (Effects(movers=MANY), None, Limits(), True),
        (Effects(movers=MANY), 0, Limits(), False),
        (Effects(movers=MANY), 0, Limits(changes=20), True),
        (Effects(movers=MANY), 500, Limits(removals=20), True),
        (Effects(movers=MANY, changed=30), 500, Limits(), True),
        (Effects(), None, Limits(), False),
    ],
)
def test_a_word_is_asked_for_above_the_limits_of_the_profile_and_where_it_cannot_be_told(
    found: Effects, threshold: int | None, limits: Limits, asked: bool
) -> None:
    assert found.exceeds(threshold, limits) is asked


async def test_what_is_worked_out_is_of_the_draft_as_it_is_by_then(stage: Stage) -> None:
    own, _ = await read(stage)
    own.keep(only(own, JAPAN))
    working = asyncio.create_task(own.effects())
    await asyncio.sleep(0)
    own.keep(without_clause(own.current, 0, 1))
    found = await working
    assert found is not None
    assert not found.leave
