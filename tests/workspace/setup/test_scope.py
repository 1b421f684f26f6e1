"""Steps 7 and 8: who is in scope, by assignment and by attribute."""

from dataclasses import replace

import pytest

from tests.workspace.stage import Stage, do, sent
from xtsync_tui.emulator.seed import group_named, person
from xtsync_tui.errors import InvalidInput
from xtsync_tui.workspace.setup import (
    Clause,
    FilterAnswers,
    FilterGroup,
    GroupView,
    ScopeAnswers,
    StepState,
)

pytestmark = pytest.mark.anyio

SALES_ONLY = FilterGroup("Sales only", (Clause("department", "EQUALS", ("Sales",)),))


async def test_people_and_groups_are_found_by_name_as_typed(stage: Stage) -> None:
    setup = stage.workspace().setup
    (lena,) = await setup.search_people("lena")
    assert (lena.name, lena.kind, lena.detail) == ("Lena Fischer", "User", "lena.fischer@contoso.com")
    assert "Sales" in [one.name for one in await setup.search_groups("sales")]


async def test_several_are_assigned_with_one_request_each(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 5)
    (lena,) = await workspace.setup.search_people("lena")
    sales = next(one for one in await workspace.setup.search_groups("sales") if one.name == "Sales")
    outcome = await workspace.setup.do(7, ScopeAnswers(add=(lena, sales)))
    assert [one.entry.request.method for one in outcome.writes] == ["PUT", "POST", "POST"]
    reading = workspace.setup.reading
    assert reading is not None
    assert [fact.value for fact in reading[7].facts] == [
        "assigned only",
        "1 person, 1 group",
        "Lena Fischer, Sales",
    ]
    again = await workspace.setup.do(7, ScopeAnswers(add=(lena, sales)))
    assert again.done
    assert again.writes == ()


async def test_everyone_in_scope_is_enough(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 5)
    outcome = await workspace.setup.do(7, ScopeAnswers(everyone=True))
    assert outcome.done
    (secrets,) = stage.contoso.secrets.values()
    assert secrets["SyncAll"] == "true"


async def test_back_to_the_assigned_only_restarts_a_running_job() -> None:
    workspace = Stage("configured").workspace()
    await workspace.setup.read()
    await workspace.setup.do(7, ScopeAnswers(everyone=True))
    paths = [one.request.path for one in workspace.setup.prepare(7, ScopeAnswers())]
    assert [path.rsplit("/", 1)[1] for path in paths] == ["secrets", "restart"]


async def test_nobody_in_scope_names_the_field(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 5)
    with pytest.raises(InvalidInput, match="Assign: nobody is chosen"):
        workspace.setup.prepare(7, ScopeAnswers())


async def test_a_colleague_who_assigned_the_same_person_first_is_no_failure(stage: Stage) -> None:
    first, second = stage.workspace(), stage.workspace()
    await do(first, 5)
    await second.setup.read()
    (lena,) = await first.setup.search_people("lena")
    planned = first.setup.prepare(7, ScopeAnswers(add=(lena,)))
    await second.setup.do(7, ScopeAnswers(add=(lena,)))
    written = await first.writer.send_all(planned)
    assert [one.done for one in written] == [True, False]
    assert (await first.setup.do(7, ScopeAnswers(add=(lena,)))).done
    assert len(stage.contoso.assignments) == 1


async def test_a_lost_answer_to_an_assignment_is_looked_at(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 5)
    stage.trouble("dropped after", "POST", "/appRoleAssignedTo")
    outcome = (await do(workspace, 7))[0]
    assert outcome.done
    assert len(stage.contoso.assignments) == 1


async def test_people_who_will_not_be_synchronized_are_warned_about(stage: Stage) -> None:
    setup = stage.workspace().setup
    disabled = next(user for user in stage.contoso.users.values() if user.get("accountEnabled") is False)
    found = [one for one in await setup.search_people(disabled["displayName"]) if one.id == disabled["id"]]
    assert found[0].warning.startswith("Disabled")


async def test_nested_groups_are_named_before_a_group_is_assigned(stage: Stage) -> None:
    group = group_named(stage.contoso, "Sales")
    view = await stage.workspace().setup.members_and_nested(group["id"])
    assert "Lena Fischer" in view.people
    assert view.nested == ("Sales EMEA",)
    assert view.warning == "Nested groups are not followed: people only in Sales EMEA stay out."
    assert GroupView((), ()).warning.startswith("Nobody is a direct member")
    assert GroupView(("Lena",), ()).warning == ""


async def test_the_person_suggested_is_one_whom_the_service_takes(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 5)
    suggested = await workspace.setup.suggest(7)
    assert isinstance(suggested, ScopeAnswers)
    (chosen,) = suggested.add
    user = stage.contoso.users[chosen.id]
    assert user["accountEnabled"]
    assert user.get("userType") != "Guest"
    assert chosen.id not in (
        person(stage.contoso, "ana.lopes")["id"],
        person(stage.contoso, "tom.baker")["id"],
    )


async def test_a_filter_is_added_and_the_built_in_one_stays(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 2, 3, 4, 5, 6)
    reading = await workspace.setup.read()
    assert reading[8].state is StepState.NOT_NEEDED
    (schema,) = stage.contoso.schemas.values()
    before = schema["synchronizationRules"][0]["objectMappings"][0]["scope"]
    outcome = await workspace.setup.do(8, FilterAnswers((SALES_ONLY,)))
    assert outcome.done
    assert await workspace.setup.filters() == (SALES_ONLY,)
    (schema,) = stage.contoso.schemas.values()
    after = schema["synchronizationRules"][0]["objectMappings"][0]["scope"]
    assert after["inputFilterGroups"] == (before or {}).get("inputFilterGroups", [])
    assert workspace.setup.reading is not None
    assert workspace.setup.reading[8].facts[0].value == "department EQUALS Sales"


async def test_a_filter_on_a_running_job_starts_a_full_cycle() -> None:
    workspace = Stage("configured").workspace()
    await workspace.setup.read()
    planned = workspace.setup.prepare(8, FilterAnswers((SALES_ONLY,)))
    assert [one.request.method for one in planned] == ["PUT", "POST"]
    assert planned[1].request.path.endswith("/restart")
    same = workspace.setup.prepare(8, workspace.setup.defaults(8))
    assert same == ()


async def test_a_colleague_who_saved_in_between_stops_the_save() -> None:
    stage = Stage("configured")
    mine, theirs = stage.workspace(), stage.workspace()
    await mine.setup.read()
    await theirs.setup.read()
    await theirs.setup.do(8, FilterAnswers((SALES_ONLY,)))
    outcome = await mine.setup.do(8, FilterAnswers(()))
    assert not outcome.done
    assert outcome.cause is not None
    assert outcome.cause.title == "The mappings were changed elsewhere"
    assert sent(mine) == []


async def test_a_save_is_stopped_even_when_the_list_was_read_again_meanwhile() -> None:
    stage = Stage("configured")
    mine, theirs = stage.workspace(), stage.workspace()
    await mine.setup.read()
    shown = mine.setup.defaults(8)
    assert isinstance(shown, FilterAnswers)
    await theirs.setup.read()
    await theirs.setup.do(8, FilterAnswers((SALES_ONLY,)))
    await mine.setup.read()
    outcome = await mine.setup.do(8, replace(shown, groups=()))
    assert not outcome.done
    assert sent(mine) == []


@pytest.mark.parametrize("group", [FilterGroup("Empty"), FilterGroup("Half", (Clause("department", ""),))])
async def test_a_filter_that_is_not_complete_is_refused(group: FilterGroup) -> None:
    workspace = Stage("configured").workspace()
    await workspace.setup.read()
    with pytest.raises(InvalidInput, match=f"Filter {group.name}"):
        workspace.setup.prepare(8, FilterAnswers((group,)))


async def test_operators_and_attributes_come_from_the_service() -> None:
    setup = Stage("configured").workspace().setup
    await setup.read()
    operators = {one.name: one.unary for one in await setup.operators()}
    assert operators["EQUALS"] is False
    assert operators["IS NULL"] is True
    attributes = await setup.filter_attributes()
    assert "department" in attributes
    assert "userType" not in attributes
