"""Jobs, secrets and the connection test, as the documentation shows them."""

import json
from datetime import timedelta

import pytest

from tests.emulator.conftest import client_of, code
from tests.emulator.sync import CYCLE, Pair
from xtsync_tui.emulator.seed import CONTOSO, FABRIKAM

pytestmark = pytest.mark.anyio
NEVER = "0001-01-01T00:00:00Z"
GOOD = {"CompanyId": FABRIKAM, "AuthenticationType": "SyncPolicy"}


@pytest.fixture
def pair() -> Pair:
    return Pair()


def inner(text: str) -> tuple[str, str | None]:
    """Return code and message of a wrapped error."""
    error = json.loads(text)["error"]
    return error["code"], error["message"]


async def test_the_template_is_azure2azure(pair: Pair) -> None:
    answer = await pair.source.get(f"{pair.base}/templates")
    assert [row["id"] for row in answer.json()["value"]] == ["Azure2Azure"]


async def test_a_new_job_is_paused_and_empty(pair: Pair) -> None:
    job = await pair.create()
    assert job["id"].startswith(f"Azure2Azure.{CONTOSO.replace('-', '')}.")
    assert job["schedule"] == {"expiration": None, "interval": "PT40M", "state": "Disabled"}
    status = job["status"]
    assert status["code"] == "Paused"
    assert (status["lastExecution"], status["quarantine"], status["progress"]) == (None, None, [])
    assert status["steadyStateFirstAchievedTime"] == NEVER


async def test_a_second_job_is_refused(pair: Pair) -> None:
    await pair.create()
    answer = await pair.source.post(f"{pair.base}/jobs", json={"templateId": "Azure2Azure"})
    assert answer.status_code == 409


async def test_a_job_that_was_started_carries_a_made_up_failure_until_its_first_cycle_ends(
    pair: Pair,
) -> None:
    await pair.create()
    await pair.source.post(f"{pair.path}/start")
    status = await pair.status()
    assert (status["code"], status["troubleshootingUrl"]) == ("NotRun", "")
    last = status["lastExecution"]
    assert (last["state"], last["timeBegan"], last["timeEnded"]) == ("Failed", NEVER, NEVER)
    assert last["error"] == {"code": "None", "message": "", "tenantActionable": False}


async def test_progress_counts_pages_and_can_be_watched(pair: Pair) -> None:
    await pair.create()
    await pair.source.post(f"{pair.path}/start")
    seen = []
    for _ in range(14):
        pair.advance(timedelta(seconds=10))
        progress = (await pair.status())["progress"][0]
        assert progress["totalUnits"] == 11
        seen.append(progress["completedUnits"])
    assert seen == sorted(seen)
    assert len(set(seen)) > 8
    assert seen[-1] == 11


async def test_after_a_cycle_the_job_is_active_and_counts_add_up(pair: Pair) -> None:
    await pair.start()
    status = await pair.status()
    assert status["code"] == "Active"
    last = status["lastExecution"]
    assert last["countImported"] == len(pair.contoso.users)
    assert last["countExports"] == last["countExported"] + last["countEscrowedRaw"]
    assert status["synchronizedEntryCountByType"] == [
        {"key": "User to User", "value": len(pair.job.state.links)}
    ]
    assert status["lastSuccessfulExecutionWithExports"]["activityIdentifier"] == last["activityIdentifier"]


async def test_cycles_begin_forty_minutes_apart(pair: Pair) -> None:
    await pair.start()
    first = (await pair.status())["lastExecution"]["timeBegan"]
    pair.advance()
    second = (await pair.status())["lastExecution"]["timeBegan"]
    assert (first[11:19], second[11:19]) == ("13:00:00", "13:40:00")


async def test_long_absence_is_caught_up_cycle_by_cycle(pair: Pair) -> None:
    await pair.start()
    pair.advance(timedelta(hours=4))
    assert pair.job.state.cycles == 7


async def test_a_paused_job_finishes_its_cycle_and_begins_no_other(pair: Pair) -> None:
    await pair.create()
    await pair.source.post(f"{pair.path}/start")
    pair.advance(timedelta(seconds=30))
    await pair.source.post(f"{pair.path}/pause")
    pair.advance(timedelta(hours=3))
    status = await pair.status()
    assert (status["code"], pair.job.state.cycles) == ("Paused", 1)
    assert status["lastExecution"]["countImported"] == len(pair.contoso.users)


async def test_start_after_a_pause_goes_on_from_the_watermark(pair: Pair) -> None:
    await pair.start()
    await pair.source.post(f"{pair.path}/pause")
    pair.advance(timedelta(hours=3))
    await pair.source.post(f"{pair.path}/start")
    pair.advance(timedelta(minutes=1))
    assert (await pair.status())["lastExecution"]["countImported"] < 10


async def test_starting_a_running_job_does_no_harm_and_is_noted(pair: Pair) -> None:
    await pair.start()
    assert (await pair.source.post(f"{pair.path}/start")).status_code == 204
    pair.advance(timedelta(minutes=1))
    assert pair.job.state.cycles == 1
    notes = [row["resultReason"] for row in pair.contoso.audit_log if "start" in row["activityDisplayName"]]
    assert notes[0] == ""
    assert "running already" in notes[1]


async def test_restart_without_criteria_reads_everyone_again_and_keeps_the_links(pair: Pair) -> None:
    await pair.start()
    links = dict(pair.job.state.links)
    await pair.restart()
    assert (await pair.status())["lastExecution"]["countImported"] == len(pair.contoso.users)
    assert {key: link.target_id for key, link in pair.job.state.links.items()} == {
        key: link.target_id for key, link in links.items()
    }


async def test_restart_with_escrows_only_reads_what_changed(pair: Pair) -> None:
    await pair.start()
    await pair.restart("Escrows, QuarantineState")
    assert (await pair.status())["lastExecution"]["countImported"] < 10


async def test_an_unknown_reset_scope_is_an_internal_error(pair: Pair) -> None:
    await pair.create()
    body = {"criteria": {"resetScope": "Everything"}}
    answer = await pair.source.post(f"{pair.path}/restart", json=body)
    assert code(answer) == (500, "InternalError")


async def test_deleting_a_job_leaves_the_people_in_the_target(pair: Pair) -> None:
    await pair.start()
    before = len(pair.fabrikam.users)
    assert (await pair.source.delete(pair.path)).status_code == 204
    pair.advance(timedelta(hours=2))
    assert len(pair.fabrikam.users) == before
    assert code(await pair.source.get(pair.path)) == (404, "Request_ResourceNotFound")


async def test_secrets_are_merged_and_shown(pair: Pair) -> None:
    await pair.save(CompanyId=FABRIKAM, AuthenticationType="SyncPolicy")
    await pair.save(SyncAll="false", SecretToken="hush")
    rows = (await pair.source.get(f"{pair.base}/secrets")).json()["value"]
    shown = {row["key"]: row["value"] for row in rows}
    assert shown == {**GOOD, "SyncAll": "false", "SecretToken": "*"}


async def test_an_empty_value_takes_a_secret_away(pair: Pair) -> None:
    await pair.save(CompanyId=FABRIKAM, Domain="contoso.com")
    await pair.save(Domain="")
    rows = (await pair.source.get(f"{pair.base}/secrets")).json()["value"]
    assert [row["key"] for row in rows] == ["CompanyId"]


@pytest.mark.parametrize("value", ["", "[]", "no json", '{"DeleteThresholdValue": "many"}'])
async def test_bad_notification_settings_are_refused_wrapped(pair: Pair, value: str) -> None:
    answer = await pair.save(SyncNotificationSettings=value)
    assert code(answer) == (400, "UnknownError")
    assert inner(answer.json()["error"]["message"]) == ("InvalidNotificationSettings", None)


async def test_empty_notification_settings_are_accepted(pair: Pair) -> None:
    assert (await pair.save(SyncNotificationSettings="{}")).status_code == 204


async def test_keys_of_secrets_are_case_sensitive(pair: Pair) -> None:
    answer = await pair.save(companyId=FABRIKAM)
    assert code(answer) == (500, "InternalError")
    assert answer.json()["error"]["message"] == "Requested value 'companyId' was not found."


async def test_the_threshold_is_mirrored_in_the_job_settings(pair: Pair) -> None:
    await pair.create()
    settings = json.dumps({"DeleteThresholdEnabled": True, "DeleteThresholdValue": 12})
    await pair.save(SyncNotificationSettings=settings)
    job = (await pair.source.get(pair.path)).json()
    shown = {row["name"]: row["value"] for row in job["synchronizationJobSettings"]}
    assert shown["QuarantineTooManyDeletesThreshold"] == "12"


async def check(pair: Pair, **credentials: str) -> tuple[int, str, str | None]:
    rows = [{"key": key, "value": value} for key, value in credentials.items()]
    body = {"useSavedCredentials": not rows, "templateId": "Azure2Azure", "credentials": rows}
    answer = await pair.source.post(f"{pair.base}/jobs/validateCredentials", json=body)
    if answer.status_code == 204:
        return 204, "", None
    found, message = inner(answer.json()["error"]["message"])
    return answer.status_code, found, message


async def test_a_whole_connection_validates_with_given_and_with_saved_credentials(pair: Pair) -> None:
    assert (await check(pair, **GOOD))[0] == 204
    await pair.create()
    assert (await check(pair))[0] == 204


async def test_missing_outbound_redemption_names_the_source(pair: Pair) -> None:
    pair.contoso.partners[FABRIKAM]["automaticUserConsentSettings"]["outboundAllowed"] = None
    status, found, message = await check(pair, **GOOD)
    assert (status, found) == (400, "AzureActiveDirectoryCrossTenantSyncPolicyCheckFailure")
    assert str(message).startswith("The source tenant has not enabled automatic user consent")


async def test_missing_outbound_redemption_also_has_the_code_of_the_log_page(pair: Pair) -> None:
    pair.contoso.partners[FABRIKAM]["automaticUserConsentSettings"]["outboundAllowed"] = None
    body = {"credentials": [{"key": key, "value": value} for key, value in GOOD.items()]}
    answer = await pair.source.post(f"{pair.base}/jobs/validateCredentials", json=body)
    details = json.loads(answer.json()["error"]["message"])["error"]["details"]
    assert [row["code"] for row in details] == ["AzureDirectoryB2BManagementPolicyCheckFailure"]


async def test_without_any_policy_the_connection_fails_as_the_documentation_says(pair: Pair) -> None:
    pair.contoso.partners.clear()
    pair.fabrikam.identity_synchronizations.clear()
    pair.fabrikam.partners.clear()
    assert (await check(pair, **GOOD))[1] == "AzureDirectoryB2BManagementPolicyCheckFailure"


async def test_missing_inbound_synchronization_names_the_target(pair: Pair) -> None:
    pair.fabrikam.identity_synchronizations[CONTOSO]["userSyncInbound"]["isSyncAllowed"] = False
    status, found, message = await check(pair, **GOOD)
    assert (status, found) == (400, "AzureActiveDirectoryCrossTenantSyncPolicyCheckFailure")
    assert str(message).startswith("The target tenant has not enabled inbound synchronization")


async def test_missing_inbound_redemption_has_the_code_of_the_documentation(pair: Pair) -> None:
    pair.fabrikam.partners[CONTOSO]["automaticUserConsentSettings"]["inboundAllowed"] = None
    assert await check(pair, **GOOD) == (
        400,
        "AzureDirectoryB2BManagementPolicyCheckFailure",
        "Policy permitting auto-redemption of invitations not configured.",
    )


@pytest.mark.parametrize("company", ["", CONTOSO, "11111111-2222-4333-8444-555555555555"])
async def test_a_company_that_is_no_other_tenant_is_invalid(pair: Pair, company: str) -> None:
    status, _, message = await check(pair, **{**GOOD, "CompanyId": company})
    assert status == 400
    assert str(message).startswith("You appear to have entered invalid credentials.")


async def test_synchronization_asks_for_scope_and_role(pair: Pair) -> None:
    await pair.create()
    tokens = [
        pair.emulator.issue("Contoso", frozenset({"User.Read"})),
        pair.emulator.issue("Contoso", roles=frozenset()),
    ]
    reader = pair.emulator.issue("Contoso", frozenset({"Synchronization.Read.All"}))
    for token in tokens:
        async with client_of(pair.emulator, token) as client:
            assert code(await client.get(pair.path)) == (403, "Authorization_RequestDenied")
    async with client_of(pair.emulator, reader) as client:
        assert (await client.get(pair.path)).status_code == 200
        assert code(await client.post(f"{pair.path}/start")) == (403, "Authorization_RequestDenied")
        assert code(await client.get(f"{pair.path}/schema/functions"))[0] == 403


async def test_a_configuration_that_is_not_replicated_has_no_jobs(pair: Pair) -> None:
    template = "518e5f48-1fc8-4c48-9387-9fdf28b0dfe7"
    made = await pair.source.post(
        f"/applicationTemplates/{template}/instantiate", json={"displayName": "New"}
    )
    path = f"/servicePrincipals/{made.json()['servicePrincipal']['id']}/synchronization/jobs"
    assert code(await pair.source.get(path)) == (404, "Request_ResourceNotFound")
    pair.advance(timedelta(seconds=15))
    assert (await pair.source.get(path)).json()["value"] == []


async def test_the_list_of_jobs_filters_by_template(pair: Pair) -> None:
    await pair.create()
    found = await pair.source.get(f"{pair.base}/jobs?$filter=templateid eq 'Azure2Azure'")
    none = await pair.source.get(f"{pair.base}/jobs?$filter=templateId eq 'Other'")
    assert [len(answer.json()["value"]) for answer in (found, none)] == [1, 0]


async def test_from_everyone_to_assigned_takes_a_restart(pair: Pair) -> None:
    await pair.create()
    await pair.save(SyncAll="true")
    await pair.source.post(f"{pair.path}/start")
    pair.advance(timedelta(minutes=10))
    assert pair.guests("petra.kraus")
    await pair.save(SyncAll="false")
    pair.edit("petra.kraus", jobTitle="Chief Controller")
    pair.advance(CYCLE)
    assert pair.guest("petra.kraus")["jobTitle"] == "Chief Controller"
    await pair.restart()
    assert not pair.guests("petra.kraus")
