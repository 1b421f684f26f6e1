"""Held deletions, quarantine, lost policies, and a job that is switched off."""

import json
from datetime import timedelta

import pytest

from tests.emulator.sync import CYCLE, Pair
from xtsync_tui.emulator.seed import CONTOSO, FABRIKAM

pytestmark = pytest.mark.anyio
NOBODY = {"sourceOperandName": "country", "operatorName": "EQUALS", "targetOperand": {"values": ["Nowhere"]}}


@pytest.fixture
async def pair() -> Pair:
    pair = Pair()
    await pair.create()
    settings = {"Enabled": True, "Recipients": "a@contoso.com", "DeleteThresholdEnabled": True}
    await pair.save(SyncNotificationSettings=json.dumps({**settings, "DeleteThresholdValue": 10}))
    await pair.source.post(f"{pair.path}/start")
    pair.advance(timedelta(minutes=5))
    return pair


async def hold(pair: Pair) -> None:
    """Let nobody pass the filter, and a cycle notice it."""
    await pair.scope(NOBODY)
    await pair.restart()


def linked(pair: Pair) -> set[str]:
    return {link.target_id for link in pair.job.state.links.values()}


async def test_too_many_deletions_are_held_and_nothing_is_deleted(pair: Pair) -> None:
    before = linked(pair)
    await hold(pair)
    status = await pair.status()
    assert (status["code"], status["quarantine"]["reason"]) == ("Quarantine", "TooManyDeletes")
    assert before <= pair.fabrikam.users.keys()
    held = [row for row in pair.rows() if row["provisioningAction"] == "stagedDelete"]
    assert len(held) == len(before) + 1, "two people share one user"
    assert {row["targetIdentity"]["id"] for row in held} == before
    assert all(row["modifiedProperties"] == [] for row in held)


async def test_a_quarantine_is_told_once_by_mail_and_in_the_audit_log(pair: Pair) -> None:
    await hold(pair)
    pair.advance(timedelta(days=2))
    assert pair.world.mails == [f"a@contoso.com: {pair.job_id} is in quarantine, TooManyDeletes"]
    rows = [row for row in pair.contoso.audit_log if row["activityDisplayName"] == "Quarantine"]
    assert [row["loggedByService"] for row in rows] == ["Account Provisioning"]


async def test_no_mail_goes_out_when_nobody_is_to_be_told(pair: Pair) -> None:
    settings = {"Enabled": True, "Recipients": "", "DeleteThresholdEnabled": True, "DeleteThresholdValue": 10}
    await pair.save(SyncNotificationSettings=json.dumps(settings))
    await hold(pair)
    assert (await pair.status())["code"] == "Quarantine"
    assert pair.world.mails == []


async def test_force_deletes_carries_them_out_and_heals_the_job(pair: Pair) -> None:
    before = linked(pair)
    await hold(pair)
    await pair.restart("ForceDeletes")
    assert (await pair.status())["code"] == "Active"
    assert before <= pair.fabrikam.deleted_users.keys()


async def test_a_filter_put_right_and_a_restart_let_everybody_stay(pair: Pair) -> None:
    before = linked(pair)
    await hold(pair)
    await pair.scope()
    await pair.restart()
    assert (await pair.status())["code"] == "Active"
    assert before <= pair.fabrikam.users.keys()


async def test_a_restart_before_the_cause_is_gone_holds_them_again(pair: Pair) -> None:
    await hold(pair)
    await pair.restart()
    assert (await pair.status())["quarantine"]["reason"] == "TooManyDeletes"


async def test_without_a_threshold_everybody_goes(pair: Pair) -> None:
    before = linked(pair)
    await pair.save(SyncNotificationSettings=json.dumps({"DeleteThresholdEnabled": False}))
    await hold(pair)
    assert before <= pair.fabrikam.deleted_users.keys()


async def test_retries_come_after_six_twelve_and_twenty_four_hours(pair: Pair) -> None:
    await hold(pair)
    began = (await pair.status())["quarantine"]["seriesBegan"]
    seen = []
    for _ in range(4):
        quarantine = (await pair.status())["quarantine"]
        seen.append(quarantine["nextAttempt"])
        pair.advance(timedelta(hours=24) if len(seen) > 2 else timedelta(hours=6 * len(seen)))
    assert began[:13] == "2026-05-14T13"
    assert [moment[8:13] for moment in seen] == ["14T19", "15T01", "15T13", "16T13"]


async def test_lost_inbound_permission_fails_the_cycle_and_leaves_the_people(pair: Pair) -> None:
    before = linked(pair)
    path = f"/policies/crossTenantAccessPolicy/partners/{CONTOSO}/identitySynchronization"
    body = {"userSyncInbound": {"isSyncAllowed": False}}
    assert (await pair.target.patch(path, json=body)).status_code == 204
    pair.advance(CYCLE)
    status = await pair.status()
    assert status["code"] == "Quarantine"
    assert status["quarantine"]["reason"] == "EncounteredQuarantineException"
    last = status["lastExecution"]
    assert (last["state"], last["error"]["code"]) == (
        "Failed",
        "AzureActiveDirectoryCrossTenantSyncPolicyCheckFailure",
    )
    assert status["quarantine"]["error"] == last["error"]
    assert status["countSuccessiveCompleteFailures"] == 1
    assert before <= pair.fabrikam.users.keys()


async def test_lost_redemption_in_the_source_stops_a_cycle_in_the_middle(pair: Pair) -> None:
    pair.advance(CYCLE)
    await pair.source.post(f"{pair.path}/restart", json={})
    pair.advance(timedelta(seconds=30))
    pair.edit("zoe.mueller", city="Bonn")
    pair.edit("ken.lab", city="Bonn")
    body = {"automaticUserConsentSettings": {"outboundAllowed": False}}
    path = f"/policies/crossTenantAccessPolicy/partners/{FABRIKAM}"
    assert (await pair.source.patch(path, json=body)).status_code == 204
    pair.advance(timedelta(minutes=5))
    status = await pair.status()
    assert status["quarantine"]["error"]["message"].startswith("The source tenant has not enabled")
    assert status["progress"][0]["completedUnits"] < 11


async def test_a_repaired_policy_and_a_start_end_the_quarantine(pair: Pair) -> None:
    policy = pair.fabrikam.identity_synchronizations[CONTOSO]["userSyncInbound"]
    policy["isSyncAllowed"] = False
    pair.advance(CYCLE)
    policy["isSyncAllowed"] = True
    await pair.source.post(f"{pair.path}/start")
    pair.advance(timedelta(minutes=2))
    status = await pair.status()
    assert (status["code"], status["quarantine"]) == ("Active", None)


async def test_a_repaired_policy_ends_the_quarantine_at_the_next_attempt(pair: Pair) -> None:
    policy = pair.fabrikam.identity_synchronizations[CONTOSO]["userSyncInbound"]
    policy["isSyncAllowed"] = False
    pair.advance(CYCLE)
    policy["isSyncAllowed"] = True
    pair.advance(timedelta(hours=5))
    assert (await pair.status())["code"] == "Quarantine"
    pair.advance(timedelta(hours=1))
    assert (await pair.status())["code"] == "Active"


async def test_after_twenty_eight_days_the_job_is_switched_off(pair: Pair) -> None:
    del pair.fabrikam.partners[CONTOSO]
    for _ in range(30):
        pair.advance(timedelta(days=1))
    job = (await pair.source.get(pair.path)).json()
    assert (job["status"]["code"], job["schedule"]["state"]) == ("Quarantine", "Disabled")
    cycles = pair.job.state.cycles
    pair.advance(timedelta(days=3))
    assert pair.job.state.cycles == cycles
    assert pair.job.state.escrows == {}


async def test_a_job_without_credentials_goes_into_quarantine(pair: Pair) -> None:
    await pair.save(CompanyId="")
    pair.advance(CYCLE)
    quarantine = (await pair.status())["quarantine"]
    assert quarantine["error"]["message"].startswith("You appear to have entered invalid credentials.")
