"""Step 6 names the side and the setting, not "invalid credentials"."""

import pytest

from tests.workspace.stage import Stage, do, sent
from xtsync_tui.errors import InvalidInput
from xtsync_tui.graph.log import Wait
from xtsync_tui.model import Exchange, Side
from xtsync_tui.workspace.journal import Fate
from xtsync_tui.workspace.setup import ConnectionAnswers, Mark, StepState

pytestmark = pytest.mark.anyio

CODES = {
    "AzureDirectoryB2BManagementPolicyCheckFailure",
    "AzureActiveDirectoryCrossTenantSyncPolicyCheckFailure",
}


@pytest.mark.parametrize(
    ("done", "step", "title", "words"),
    [
        ((4, 5), 2, "TARGET does not allow users to sync in; 1 more setting stops it", "failed: steps 2, 3"),
        ((2, 4, 5), 3, "TARGET does not redeem invitations", "failed: step 3"),
        ((2, 3, 5), 4, "SOURCE does not redeem invitations", "failed: step 4"),
        ((2, 5), 3, "TARGET does not redeem invitations; 1 more setting stops it", "failed: steps 3, 4"),
    ],
)
async def test_the_missing_setting_is_named_with_its_tenant_and_the_step_that_mends_it(
    stage: Stage, done: tuple[int, ...], step: int, title: str, words: str
) -> None:
    workspace = stage.workspace()
    await do(workspace, *done)
    outcome = (await do(workspace, 6))[0]
    assert not outcome.done
    assert outcome.cause is not None
    assert (outcome.cause.step, outcome.cause.title) == (step, title)
    assert ("Contoso" if step == 4 else "Fabrikam") in outcome.cause.detail
    reading = workspace.setup.reading
    assert reading is not None
    assert reading[6].state is StepState.FAILED
    assert reading[6].words == words
    assert reading.last_test is not None
    assert not reading.last_test.passed
    assert reading.last_test.code in CODES
    assert outcome.cause.code == reading.last_test.code
    assert outcome.cause.detail in reading.last_test.words


async def test_after_the_setting_is_mended_the_step_is_to_do_again_and_then_done(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 2, 4, 5, 6, 3)
    reading = workspace.setup.reading
    assert reading is not None
    assert reading[6].words == "to do"
    outcome = (await do(workspace, 6))[0]
    assert outcome.done
    assert [one.entry.request.method for one in outcome.writes] == ["PUT", "POST"]
    assert workspace.setup.reading is not None
    assert workspace.setup.reading[6].state is StepState.DONE
    assert workspace.setup.reading.last_test is not None
    assert workspace.setup.reading.last_test.passed


async def test_both_sides_right_but_refused_is_replicating_and_tried_again(stage: Stage) -> None:
    workspace, said = stage.workspace(), list[str]()
    await do(workspace, 2, 3, 4, 5)
    consent = stage.fabrikam.partners[stage.contoso.id]["automaticUserConsentSettings"]
    consent["inboundAllowed"] = None
    stage.pauses.clear()

    def right_from_now_on(change: Exchange | Wait) -> None:
        if isinstance(change, Exchange) and change.request.path.endswith("/validateCredentials"):
            consent["inboundAllowed"] = change.done

    workspace.log.subscribe(right_from_now_on)
    consent["inboundAllowed"] = True
    await workspace.setup.refresh()
    outcome = await workspace.setup.do(6, ConnectionAnswers(stage.fabrikam.id), said.append)
    assert not outcome.done
    assert stage.pauses == [5.0, 10.0, 20.0, 40.0]
    assert said[0] == "Still replicating: both sides are right. Next try in 5 s"
    assert outcome.cause is not None
    assert outcome.cause.title == "Still replicating"


async def test_the_connection_test_changes_nothing(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 2, 3, 4, 5)
    before = len(sent(workspace))
    found = await workspace.setup.test()
    assert found.passed
    assert len(sent(workspace)) == before


async def test_a_job_whose_answer_was_lost_is_not_made_twice(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 2, 3, 4, 5)

    def lose_the_next(change: Exchange | Wait) -> None:
        if isinstance(change, Exchange) and change.done and change.request.method == "PUT":
            stage.trouble("dropped after", "POST", "/synchronization/jobs")

    workspace.log.subscribe(lose_the_next)
    outcome = (await do(workspace, 6))[0]
    assert outcome.done
    assert "it arrived" in outcome.writes[-1].entry.note
    (jobs,) = stage.contoso.jobs.values()
    assert len(jobs) == 1


async def test_a_tenant_id_of_somebody_else_names_the_field(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 5)
    with pytest.raises(InvalidInput, match="Target tenant: not the one"):
        workspace.setup.prepare(6, ConnectionAnswers(stage.contoso.id))


async def test_the_handshake_shows_both_sides(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 2, 4)
    reading = await workspace.setup.read()
    rows = {row.title: (row.source, row.target) for row in reading.handshake}
    source, target = rows["invitations are redeemed"]
    assert (source.mark, source.words) == (Mark.GOOD, "outbound on")
    assert (target.mark, target.words) == (Mark.BAD, "inbound off")
    assert rows["users may sync in"][1].words == "allowed"
    assert {lamp.words for lamp in rows["B2B collaboration"]} == {"not blocked"}


async def test_blocked_collaboration_is_seen_through_the_default_that_a_partner_inherits(
    stage: Stage,
) -> None:
    everybody = {"target": "AllUsers", "targetType": "user"}
    stage.fabrikam.default_policy["b2bCollaborationInbound"] = {
        "usersAndGroups": {"accessType": "blocked", "targets": [everybody]}
    }
    reading = await stage.workspace().setup.read()
    assert reading.handshake[2].target.words == "blocked"
    assert reading.handshake[2].source.words == "not blocked"


async def test_saved_credentials_whose_answer_was_lost_are_looked_at(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 2, 3, 4, 5)
    stage.trouble("dropped after", "PUT", "/secrets")
    outcome = (await do(workspace, 6))[0]
    assert outcome.done
    assert outcome.writes[0].entry.fate is Fate.DONE
    assert outcome.writes[0].entry.side is Side.SOURCE
    assert "it arrived" in outcome.writes[0].entry.note
