"""Steps 7 and 8: who is in scope, by assignment and by attribute."""

import pytest

from tests.workspace.stage import Stage, do
from xtsync_tui.emulator.seed import group_named, person
from xtsync_tui.errors import InvalidInput
from xtsync_tui.workspace.mappings.filters import with_filter
from xtsync_tui.workspace.setup import Clause, GroupView, ScopeAnswers, StepState

pytestmark = pytest.mark.anyio


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


async def test_filters_are_the_evidence_of_their_step(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 2, 3, 4, 5, 6)
    reading = await workspace.setup.read()
    assert reading[8].state is StepState.NOT_NEEDED
    await workspace.mappings.read()
    draft = with_filter(workspace.mappings.current, "Sales only", Clause("department", "EQUALS", ("Sales",)))
    await workspace.mappings.save(draft)
    reading = await workspace.setup.read()
    assert reading[8].facts[0].value == "department EQUALS Sales"
