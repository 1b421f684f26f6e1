"""Configurations of the demo tenants: read, made, renamed, deleted in order and after a stop."""

from datetime import UTC, datetime

import pytest

from tests.workspace.stage import Stage, sent
from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.workspace.configurations import reading
from xtsync_tui.workspace.configurations.reading import Assigned, Configuration
from xtsync_tui.workspace.configurations.schema_facts import schema_facts
from xtsync_tui.workspace.health import State
from xtsync_tui.workspace.pair import Workspace
from xtsync_tui.workspace.setup import Principal

pytestmark = pytest.mark.anyio


async def the_one(workspace: Workspace) -> Configuration:
    await workspace.introduce()
    (one,) = await workspace.configurations.read()
    return one


async def test_a_configuration_is_read_whole_with_the_nested_groups() -> None:
    workspace = Stage("configured").workspace()
    one = await the_one(workspace)
    assert (one.is_ours, one.target_name, one.health.state) == (True, "Fabrikam", State.ACTIVE)
    whole = await workspace.configurations.whole(one)
    assert not isinstance(whole.assigned, XtSyncError)
    sales = next(row for row in whole.assigned if row.name == "Sales")
    assert (sales.people, sales.nested, sales.outside) == (19, ("Sales EMEA",), 4)
    assert whole.unread == ()
    facts = schema_facts(whole.schema)
    assert facts is not None
    assert (facts.mappings, facts.changed, facts.filters) == (23, 0, ("Sales and Engineering",))
    assert facts.actions == {"create", "update", "delete"}


async def test_a_new_one_is_half_built_and_found_before_it_is_listed() -> None:
    workspace = Stage("fresh").workspace()
    await workspace.introduce()
    assert await workspace.configurations.read() == ()
    made = await workspace.configurations.create("Contoso to Fabrikam", lambda _: None)
    (one,) = await workspace.configurations.read()
    assert (one.id, one.health.state, one.has_job) == (made, State.NO_JOB, False)


@pytest.mark.parametrize("name", ["", " ", "x" * 121, "MTO_Sync_1", "Contoso to Fabrikam"])
async def test_a_name_that_cannot_be_used_is_refused(name: str) -> None:
    workspace = Stage("configured").workspace()
    await the_one(workspace)
    with pytest.raises(InvalidInput, match="Name"):
        workspace.configurations.creating(name)
    assert sent(workspace) == []


async def test_renaming_can_be_undone_from_the_journal() -> None:
    workspace = Stage("configured").workspace()
    whole = await workspace.configurations.whole(await the_one(workspace))
    await workspace.configurations.send(workspace.configurations.renaming(whole, "Alpha"))
    assert [one.name for one in await workspace.configurations.read()] == ["Alpha"]
    for entry in workspace.journal.entries(why="rename"):
        for back in workspace.journal.undo(entry):
            await workspace.writer.send(back)
    assert [one.name for one in await workspace.configurations.read()] == ["Contoso to Fabrikam"]


async def test_deleting_pauses_deletes_the_job_and_then_the_application() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    one = await the_one(workspace)
    plan = await workspace.configurations.plan_deletion(one)
    assert plan.people == 26
    assert [each.request.method for each in plan.planned] == ["POST", "DELETE", "DELETE", "DELETE"]
    await workspace.configurations.delete(one)
    assert await workspace.configurations.read() == ()
    assert (await workspace.configurations.plan_deletion(one)).is_over


@pytest.mark.parametrize(("path", "left"), [("/jobs/", 3), ("/applications/", 2)])
async def test_a_deletion_that_stopped_goes_on_where_it_was(path: str, left: int) -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    one = await the_one(workspace)
    stage.trouble("unavailable", "DELETE", path)
    with pytest.raises(XtSyncError, match="stopped half-way"):
        await workspace.configurations.delete(one)
    again = await workspace.configurations.plan_deletion(one)
    assert len(again.planned) == left
    await workspace.configurations.delete(one)
    assert await workspace.configurations.read() == ()


async def test_who_is_assigned_already_is_not_assigned_again() -> None:
    workspace = Stage("configured").workspace()
    whole = await workspace.configurations.whole(await the_one(workspace))
    assert not isinstance(whole.assigned, XtSyncError)
    there = [Principal(row.assignment.principal_id, row.name, "User") for row in whole.assigned]
    assert workspace.configurations.assigning(whole, there) == ()


async def test_narrowing_the_scope_of_a_running_job_restarts_it() -> None:
    workspace = Stage("configured").workspace()
    one = await the_one(workspace)
    await workspace.configurations.send(workspace.configurations.scoping(one, everyone=True))
    (one,) = await workspace.configurations.read()
    planned = workspace.configurations.scoping(one, everyone=False)
    assert [each.request.path.rpartition("/")[2] for each in planned] == ["secrets", "restart"]


async def test_a_setting_that_graph_keeps_to_itself_is_unknown_with_what_was_last_set_here() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    one = await the_one(workspace)
    await workspace.configurations.send(workspace.configurations.notifying(one, "ops@contoso.com", 25))
    for kept in stage.contoso.secrets.values():
        del kept["SyncNotificationSettings"]
    (one,) = await workspace.configurations.read()
    mail = next(each for each in workspace.configurations.settings(one) if each.key == "mail")
    assert not mail.is_known
    assert mail.last is not None
    assert (mail.last.value, mail.last.who) == ("ops@contoso.com", "ana.lopes@contoso.com")
    assert mail.last.at == datetime(2026, 5, 14, 13, 0, tzinfo=UTC)


async def test_a_setting_never_set_here_says_so() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    for kept in stage.contoso.secrets.values():
        del kept["SyncNotificationSettings"]
    one = await the_one(workspace)
    mail = next(each for each in workspace.configurations.settings(one) if each.key == "mail")
    assert (mail.is_known, mail.last) == (False, None)


async def test_the_connection_is_tested_and_noted() -> None:
    workspace = Stage("configured").workspace()
    one = await the_one(workspace)
    test = await workspace.configurations.test(one)
    assert test.passed
    assert workspace.configurations.tested(one) == test
    assert workspace.side(Side.SOURCE).name == "Contoso"


async def test_deleting_sends_nothing_for_what_went_along_with_the_application() -> None:
    workspace = Stage("configured").workspace()
    await workspace.configurations.delete(await the_one(workspace))
    gone = [one.request.path for one in sent(workspace) if one.request.method == "DELETE"]
    assert [path.split("/")[1] for path in gone] == ["servicePrincipals", "applications"]
    assert "/jobs/" in gone[0]
    assert not [one for one in sent(workspace) if one.status >= 400]


async def test_people_in_nested_groups_are_told_apart_only_where_they_can_be_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workspace = Stage("configured").workspace()
    one = await the_one(workspace)

    async def sales() -> Assigned:
        whole = await workspace.configurations.whole(one)
        assert not isinstance(whole.assigned, XtSyncError)
        return next(row for row in whole.assigned if row.name == "Sales")

    assert ((await sales()).outside, (await sales()).exact) == (4, True)
    monkeypatch.setattr(reading, "MOST", 1)
    before = len(workspace.log.exchanges)
    assert (await sales()).exact is False
    read = [
        each.request.path for each in workspace.log.exchanges[before:] if "/members/" in each.request.path
    ]
    assert [path for path in read if path.endswith("/$count")]
    assert not [path for path in read if "graph.user?" in path]
