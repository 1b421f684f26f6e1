"""A tenant that does not let one read is "cannot tell", and the other steps go on."""

import pytest

from tests.workspace.stage import Stage, do, states
from xtsync_tui.emulator.auth import ALL_SCOPES
from xtsync_tui.emulator.state import Tenant
from xtsync_tui.model import Side
from xtsync_tui.workspace.setup import StepState

pytestmark = pytest.mark.anyio

SECURITY = "194ae4cb-b126-40b2-bd5b-6091b380977d"


def hold(tenant: Tenant, *roles: str) -> None:
    """Let the signed-in person of ``tenant`` hold only these roles."""
    tenant.roles[next(iter(tenant.roles))] = set(roles)


async def test_a_missing_role_is_named_with_the_steps_that_need_it(stage: Stage) -> None:
    hold(stage.fabrikam, SECURITY)
    reading = await stage.workspace().setup.read()
    assert reading[0].words == "missing: role"
    assert reading[0].cause is not None
    assert "External Identity Provider Administrator is needed for step 14" in reading[0].cause.detail
    assert "TARGET Fabrikam" in reading[0].cause.detail
    assert {need.name: need.held for need in reading[3].needs} == {
        "Security Administrator": True,
        "Policy.ReadWrite.CrossTenantAccess": True,
        "Entra ID P1 or P2": True,
    }


async def test_a_write_without_the_role_says_which_tenant_refused(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 2)
    hold(stage.contoso, SECURITY)
    outcome = (await do(workspace, 5))[0]
    assert not outcome.done
    assert outcome.cause is not None
    assert outcome.cause.side is Side.SOURCE
    assert outcome.cause.code == "Authorization_RequestDenied"
    assert "Application.ReadWrite.All" in outcome.cause.hint


async def test_the_rest_goes_on_as_long_as_nothing_needs_what_is_missing(stage: Stage) -> None:
    hold(stage.fabrikam, SECURITY)
    outcomes = [outcome async for outcome in stage.workspace().setup.do_rest()]
    assert [outcome.number for outcome in outcomes] == [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 14]
    assert [outcome.done for outcome in outcomes] == [True] * 11 + [False]
    assert outcomes[-1].cause is not None
    assert outcomes[-1].cause.title == "A role is missing"


async def test_missing_consent_makes_only_its_own_steps_cannot_tell(stage: Stage) -> None:
    scopes = ALL_SCOPES - {"Policy.Read.All", "Policy.ReadWrite.CrossTenantAccess"}
    scopes -= {"Policy.ReadWrite.ExternalIdentities", "Policy.ReadWrite.Authorization"}
    token = stage.emulator.issue("Fabrikam", scopes)
    workspace = stage.workspace(target_token=token)
    reading = await workspace.setup.read()
    words = states(workspace)
    assert (words[2], words[3], words[14]) == ("cannot tell", "cannot tell", "cannot tell")
    assert words[4] == "to do"
    assert words[5] == "to do"
    cause = reading[14].cause
    assert cause is not None
    assert (cause.title, cause.side) == ("Cannot tell", Side.TARGET)
    assert workspace.read_failed("setup")


async def test_a_side_that_cannot_be_reached_leaves_the_other_one_readable(stage: Stage) -> None:
    workspace = stage.workspace(target_token="wrong")
    reading = await workspace.setup.read()
    assert reading[0].state is StepState.CANNOT_TELL
    assert reading[2].state is StepState.CANNOT_TELL
    assert reading[5].state is StepState.TO_DO
    assert workspace.side(Side.TARGET).failure is not None
    assert workspace.side(Side.SOURCE).name == "Contoso"


async def test_what_could_not_be_read_is_not_called_undone(stage: Stage) -> None:
    await do(stage.workspace(), 2, 3, 4, 5, 6)
    workspace = stage.workspace(source_token="wrong")
    reading = await workspace.setup.read()
    words = states(workspace)
    unread = sum(word == "cannot tell" for word in words.values())
    assert reading.counts.endswith(f"{unread} cannot be told, {len(words) - unread} to go")
    assert {words[number] for number in (0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)} == {"cannot tell"}
    assert words[14] == "to do"


async def test_the_age_of_what_is_shown_is_known(stage: Stage) -> None:
    workspace = stage.workspace()
    ages = [workspace.last_read("setup")]
    await workspace.setup.read()
    stage.pass_(8)
    ages.append(workspace.last_read("setup"))
    await do(workspace, 4)
    ages.append(workspace.last_read("setup"))
    assert ages == [None, 8, 0]
    stage.pass_(60)
    workspace.mark_read("job")
    assert (workspace.last_read("setup"), workspace.last_read("job")) == (60, 0)
