"""Each entry of the troubleshooting guide is found by the step that it concerns: cause, tenant, fix."""

import pytest

from tests.workspace.on_demand.queues import principal
from tests.workspace.stage import Stage, states
from xtsync_tui.model import Side
from xtsync_tui.workspace.setup import Cause, PartnerAnswers, SetupReading, StepState

pytestmark = pytest.mark.anyio


@pytest.fixture
def stage() -> Stage:
    return Stage("troubled")


async def cause_of(stage: Stage, number: int) -> tuple[SetupReading, Cause]:
    reading = await stage.workspace().setup.read()
    cause = reading[number].cause
    assert cause is not None
    return reading, cause


async def test_a_tenant_without_licence_is_named_with_the_step_that_needs_it(stage: Stage) -> None:
    reading, cause = await cause_of(stage, 0)
    assert reading[0].words == "missing: licence"
    assert (cause.title, cause.side) == ("TARGET has no licence", Side.TARGET)
    assert "Fabrikam" in cause.detail
    assert (
        "Automatic redemption (step 3) is on there; without a licence it cannot be set again." in cause.detail
    )
    assert reading[3].state is StepState.DONE
    missing = [need for need in reading[0].needs if need.held is False]
    assert [(need.kind, need.side, need.steps) for need in missing] == [("licence", Side.TARGET, (3,))]


async def test_guest_invitations_blocked_is_found_at_step_2_and_mended_only_on_request(stage: Stage) -> None:
    workspace = stage.workspace()
    reading = await workspace.setup.read()
    cause = reading[2].cause
    assert cause is not None
    assert cause.title == "TARGET lets nobody invite"
    assert reading[2].words == "nobody may invite"
    invited = reading.agreed[1]
    assert (invited.title, invited.target.words) == ("people may be invited", "by nobody")
    assert cause.code == "AzureActiveDirectoryForbidden"
    unasked = await workspace.setup.do(2, await workspace.setup.suggest(2))
    assert not unasked.done
    assert stage.fabrikam.authorization_policy["allowInvitesFrom"] == "none"
    asked = workspace.setup.defaults(2)
    assert asked == PartnerAnswers("contoso.com", let_invite=True)
    assert (await workspace.setup.do(2, asked)).done
    assert stage.fabrikam.authorization_policy["allowInvitesFrom"] == "adminsAndGuestInviters"


async def test_missing_redemption_is_found_on_its_side_and_at_the_connection(stage: Stage) -> None:
    setup = stage.workspace().setup
    reading = await setup.read()
    cause = reading[4].cause
    assert cause is not None
    assert cause.title == "SOURCE does not redeem invitations"
    assert "Contoso" in cause.detail
    assert reading[6].words == "blocked: step 4"
    assert reading.last_test is None
    assert not (await setup.test()).passed
    assert (await setup.read())[6].words == "failed: step 4"


async def test_people_with_sms_sign_in_are_named_and_can_be_mended(stage: Stage) -> None:
    workspace = stage.workspace()
    reading = await workspace.setup.read()
    assert reading[7].words == "done, 1 skipped"
    cause = reading[7].cause
    assert cause is not None
    assert "Tom Baker" in cause.detail
    assert [one.request.path.rsplit("/", 1)[1] for one in cause.fix] == ["disableSmsSignIn"]
    (written,) = await workspace.writer.send_all(cause.fix)
    assert written.done
    stage.pass_(60)
    assert (await workspace.setup.read())[7].words == "done"


async def test_somebody_deleted_in_the_target_is_named_and_can_be_restored(stage: Stage) -> None:
    workspace = stage.workspace()
    reading = await workspace.setup.read()
    assert reading[11].words == "done, 1 in the bin"
    cause = reading[11].cause
    assert cause is not None
    assert (cause.side, "Rosa Diaz" in cause.detail) == (Side.TARGET, True)
    (written,) = await workspace.writer.send_all(cause.fix)
    assert written.done
    assert (await workspace.setup.read())[11].words == "done"


async def test_quarantine_is_found_with_reason_and_next_attempt(stage: Stage) -> None:
    reading, cause = await cause_of(stage, 13)
    assert reading[13].words == "quarantine"
    assert cause.title.startswith("In quarantine since ")
    assert "TooManyDeletes" in cause.detail
    assert "Next attempt" in cause.detail
    assert cause.hint == "H see who is held"


async def test_a_healthy_pair_shows_no_trouble() -> None:
    workspace = Stage("configured").workspace()
    reading = await workspace.setup.read()
    assert reading.finished
    assert set(states(workspace).values()) == {"done", "done, 1 skipped", "not needed"}


async def test_somebody_with_sms_sign_in_who_is_not_assigned_is_no_trouble() -> None:
    stage = Stage("troubled")
    tom = principal(stage, "tom.baker")
    for members in stage.contoso.members.values():
        if tom.id in members:
            members.remove(tom.id)
    reading = await stage.workspace().setup.read()
    assert reading[7].words == "done"


async def test_whom_a_cycle_deleted_is_not_offered_to_be_restored() -> None:
    stage = Stage("configured")
    lena = principal(stage, "lena.fischer")
    stage.contoso.users[lena.id]["department"] = "Legal"
    stage.contoso.touch(lena.id)
    stage.pass_(3600)
    assert any(user.get("mail") == lena.detail for user in stage.fabrikam.deleted_users.values())
    reading = await stage.workspace().setup.read()
    assert (reading[11].words, reading[11].cause) == ("done", None)
