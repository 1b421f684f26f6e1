"""Who is held back because their account lies in the bin, and who put it there."""

import pytest

from tests.workspace.on_demand.queues import blind, posts, principal, ready, run
from tests.workspace.stage import Stage
from xtsync_tui.errors import Forbidden
from xtsync_tui.graph import logs
from xtsync_tui.workspace.on_demand.queue import State
from xtsync_tui.workspace.setup import Cause, Principal

pytestmark = pytest.mark.anyio


@pytest.fixture
def stage() -> Stage:
    return Stage("configured")


def deleted_by_a_cycle(stage: Stage) -> Principal:
    """Let a cycle delete somebody who left the scope, and let them be back in scope."""
    lena = principal(stage, "lena.fischer")
    stage.contoso.users[lena.id]["department"] = "Legal"
    stage.contoso.touch(lena.id)
    stage.pass_(3600)
    stage.contoso.users[lena.id]["department"] = "Sales"
    return lena


def deleted_by_an_admin(stage: Stage) -> Principal:
    kim = principal(stage, "kim.lee")
    there = next(user for user in stage.fabrikam.users.values() if user.get("mail") == kim.detail)
    stage.fabrikam.deleted_users[there["id"]] = {
        **stage.fabrikam.users.pop(there["id"]),
        "deletedDateTime": "2026-05-14T12:00:00Z",
    }
    return kim


async def held(stage: Stage, who: Principal) -> Cause:
    workspace = stage.workspace()
    queue = await ready(workspace, who)
    await run(queue)
    (one,) = queue.queue
    assert (one.state, one.words, posts(workspace)) == (State.HELD, "in the bin", [])
    assert one.cause is not None
    return one.cause


async def test_whom_a_cycle_deleted_a_cycle_restores(stage: Stage) -> None:
    cause = await held(stage, deleted_by_a_cycle(stage))
    assert cause.title == "Deleted by a cycle, not restored on demand"
    assert "and restores it once they are back" in cause.detail


async def test_whom_one_deleted_on_demand_no_cycle_restores(stage: Stage) -> None:
    lena, workspace = principal(stage, "lena.fischer"), stage.workspace()
    stage.contoso.users[lena.id]["department"] = "Legal"
    stage.contoso.touch(lena.id)
    queue = await ready(workspace, lena)
    await run(queue)
    assert queue.queue[0].words == "soft-deleted"
    stage.contoso.users[lena.id]["department"] = "Sales"
    queue.release({lena.id})
    await run(queue)
    cause = queue.queue[0].cause
    assert cause is not None
    assert cause.title == "Deleted in TARGET, not restored by the service"


async def test_whom_an_admin_of_target_deleted_it_does_not_restore(stage: Stage) -> None:
    cause = await held(stage, deleted_by_an_admin(stage))
    assert cause.title == "Deleted in TARGET, not restored by the service"
    assert cause.repair is not None
    assert (cause.repair.title, cause.repair.warning) == ("Restore Kim Lee", "")


async def test_without_the_log_nobody_can_tell_who_deleted_them(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim = deleted_by_an_admin(stage)

    async def failing(*_: object, **__: object) -> object:
        raise Forbidden("It cannot be read")
        yield ()  # type: ignore[unreachable]

    monkeypatch.setattr(logs, "provisioning_events", failing)
    cause = await held(stage, kim)
    assert cause.title == "Deleted in TARGET"
    assert "? cannot tell who deleted the account" in cause.detail


async def test_restoring_somebody_out_of_scope_says_that_a_cycle_deletes_them_again(stage: Stage) -> None:
    kim = deleted_by_an_admin(stage)
    stage.contoso.users[kim.id]["department"] = "Legal"
    cause = await held(stage, kim)
    assert cause.repair is not None
    assert cause.repair.warning.startswith("Kim Lee is out of scope: filter Sales and Engineering: ")
    assert cause.repair.warning.endswith("A cycle deletes the account again until that is open.")


async def test_a_bin_that_cannot_be_read_names_no_repair(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim = deleted_by_an_admin(stage)
    blind(monkeypatch, "the bin", Forbidden("It cannot be read"))
    queue = await ready(stage.workspace(), kim)
    await run(queue)
    assert queue.queue[0].words == "cannot tell"
    assert queue.queue[0].cause is not None
    assert queue.queue[0].cause.repair is None
