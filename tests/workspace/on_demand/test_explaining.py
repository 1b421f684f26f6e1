"""Why somebody was left out: side and setting, cause, and what mends it."""

from datetime import timedelta

import pytest

from tests.workspace.on_demand.queues import principal, ready, run
from tests.workspace.stage import Stage
from xtsync_tui.model import Side
from xtsync_tui.workspace.on_demand.explaining import FILTERS
from xtsync_tui.workspace.on_demand.queue import State
from xtsync_tui.workspace.setup import Cause

pytestmark = pytest.mark.anyio


@pytest.fixture
def stage() -> Stage:
    return Stage("configured")


async def cause_of(stage: Stage, name: str) -> Cause:
    queue = await ready(stage.workspace(), principal(stage, name))
    await run(queue)
    cause = queue.queue[0].cause
    assert cause is not None
    assert queue.queue[0].state in (State.SKIPPED, State.FAILED)
    return cause


async def test_sms_sign_in_is_named_and_can_be_switched_off(stage: Stage) -> None:
    workspace = stage.workspace()
    tom = principal(stage, "tom.baker")
    queue = await ready(workspace, tom)
    await run(queue)
    cause = queue.queue[0].cause
    assert cause is not None
    assert (cause.title, cause.side) == ("Skipped: SMS sign-in is on", Side.SOURCE)
    assert cause.hint == "f switch it off for Tom Baker"
    await workspace.writer.send_all(cause.fix)
    queue.release({tom.id})
    await run(queue)
    assert queue.queue[0].words == "created"


async def test_somebody_only_in_a_nested_group_is_assigned_directly(stage: Stage) -> None:
    cause = await cause_of(stage, "priya.nair")
    assert cause.title == "Not assigned: nested group only"
    assert cause.detail == "Priya Nair is in Sales EMEA inside Sales. Only direct members count."
    assert cause.hint == "f assign Priya Nair directly"
    assert cause.fix[0].request.path.endswith("/appRoleAssignedTo")


async def test_an_assignment_the_service_has_not_noticed_is_told_with_its_age(stage: Stage) -> None:
    stage.emulator.world.assignment_delay = timedelta(minutes=5)
    workspace = stage.workspace()
    priya = principal(stage, "priya.nair")
    queue = await ready(workspace, priya)
    await run(queue)
    cause = queue.queue[0].cause
    assert cause is not None
    await workspace.writer.send_all(cause.fix)
    stage.pass_(40)
    queue.release({priya.id})
    await run(queue)
    cause = queue.queue[0].cause
    assert cause is not None
    assert cause.title == "Not assigned yet, says the service"
    assert cause.detail == "The assignment is 40 s old and can need some minutes to be noticed."


async def test_a_scoping_filter_is_named_with_what_the_person_has(stage: Stage) -> None:
    tom = principal(stage, "tom.baker")
    stage.contoso.users[tom.id]["department"] = "Legal"
    stage.contoso.phone_methods.pop(tom.id, None)
    workspace = stage.workspace()
    queue = await ready(workspace, tom)
    await run(queue)
    cause = queue.queue[0].cause
    assert cause is not None
    assert (cause.title, cause.code) == ("Skipped: a scoping filter", FILTERS)
    assert "department REGEX MATCH '^(Sales|Engineering)$'" in cause.detail
    assert "here it is Legal" in cause.detail
    assert cause.hint == "f the filters"


async def test_a_disabled_person_is_named_as_such(stage: Stage) -> None:
    cause = await cause_of(stage, "dieter.vogel")
    assert cause.title == "Skipped: the account is disabled"


async def test_a_target_that_lets_nobody_invite_is_named_with_its_setting(stage: Stage) -> None:
    stage.fabrikam.authorization_policy["allowInvitesFrom"] = "none"
    workspace = stage.workspace()
    queue = await ready(workspace, principal(stage, "tom.baker"))
    await run(queue)
    first = queue.queue[0].cause
    assert first is not None
    await workspace.writer.send_all(first.fix)
    queue.release({queue.queue[0].user_id})
    await run(queue)
    cause = queue.queue[0].cause
    assert cause is not None
    assert (cause.title, cause.side, cause.step) == ("TARGET lets nobody invite", Side.TARGET, 2)
    assert cause.code == "AzureActiveDirectoryForbidden"


async def test_what_was_deleted_says_why_and_how_it_comes_back(stage: Stage) -> None:
    lena = principal(stage, "lena.fischer")
    stage.contoso.users[lena.id]["department"] = "Legal"
    stage.contoso.touch(lena.id)
    workspace = stage.workspace()
    queue = await ready(workspace, lena)
    await run(queue)
    (one,) = queue.queue
    assert (one.state, one.words) == (State.DONE, "soft-deleted")
    assert one.cause is not None
    assert one.cause.title == "Deleted: out of scope"
    assert "department REGEX MATCH '^(Sales|Engineering)$', here it is Legal" in one.cause.detail
    assert "The deletion threshold does not hold deletions on demand." in one.cause.detail
    assert "in the bin of Fabrikam until 13 Jun" in one.cause.detail
    assert one.cause.hint == "f restore Lena Fischer"
    assert one.cause.repair is not None
    assert "A cycle deletes the account again" in one.cause.repair.warning
    await workspace.writer.send_all(one.cause.repair.planned)
    assert any(user.get("mail") == lena.detail for user in stage.fabrikam.users.values())


async def test_assigning_somebody_whom_a_filter_keeps_out_as_well_says_so(stage: Stage) -> None:
    priya = principal(stage, "priya.nair")
    stage.contoso.users[priya.id]["department"] = "Legal"
    cause = await cause_of(stage, "priya.nair")
    assert "Shut as well: filter Sales and Engineering: " in cause.detail
    assert cause.repair is not None
    assert cause.repair.warning.startswith("Shut as well: ")


async def test_a_shut_handshake_is_named_as_everywhere_else() -> None:
    workspace = (stage := Stage("troubled")).workspace()
    queue = await ready(workspace, principal(stage, "kim.lee"))
    await run(queue)
    cause = queue.queue[0].cause
    assert cause is not None
    assert (cause.title, cause.hint, cause.step) == ("SOURCE does not redeem invitations", "f turn it on", 4)
    assert cause.code


async def test_the_journal_says_for_whom_somebody_was_sent_and_repaired(stage: Stage) -> None:
    workspace = stage.workspace()
    queue = await ready(workspace, principal(stage, "tom.baker"))
    await run(queue)
    cause = queue.queue[0].cause
    assert cause is not None
    await workspace.writer.send_all(cause.fix)
    repaired, sent = workspace.journal.entries()
    assert (repaired.why, sent.why) == ("SMS sign-in off: Tom Baker", "on demand: Tom Baker")
