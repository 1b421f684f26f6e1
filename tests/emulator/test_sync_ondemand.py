"""Provision on demand: four stages of one person, in both documented encodings."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.emulator.conftest import code
from tests.emulator.sync import RULE, Pair
from xtsync_tui.emulator.configurations import make_assignment
from xtsync_tui.emulator.seed import CONTOSO
from xtsync_tui.emulator.state import Document

pytestmark = pytest.mark.anyio


@pytest.fixture
async def pair() -> Pair:
    pair = Pair()
    await pair.create()
    return pair


async def told(pair: Pair, key: str) -> Document:
    """Provision a person and return the object of encoding 2."""
    answer = await pair.on_demand(key)
    assert answer.status_code == 200, answer.text
    (found,) = json.loads(answer.json()["value"])
    assert isinstance(found, dict)
    return found


async def test_a_person_is_created_in_four_stages_before_the_job_was_ever_started(pair: Pair) -> None:
    answer = await pair.on_demand("lena.fischer")
    assert answer.json()["key"] == "Microsoft.Identity.Health.CPP.Common.DataContracts.SyncFabric.StatusInfo"
    (found,) = json.loads(answer.json()["value"])
    assert (found["action"], found["statusInfo"]["status"]) == ("Create", "Success")
    assert [step["type"] for step in found["provisioningSteps"]] == [
        *("Import", "Scoping", "Matching", "Matching", "Export")
    ]
    assert {step["status"] for step in found["provisioningSteps"]} == {"Success"}
    values = {row["displayName"]: row["newValue"] for row in found["modifiedProperties"]}
    assert values["alternativeSecurityIds"] == "(1 values)"
    assert values["department"] == "Sales"
    assert found["reportableIdentifier"] == "lena.fischer@contoso.com"
    assert found["targetIdentity"]["id"] == pair.guest("lena.fischer")["id"]


async def test_the_import_shows_what_the_service_read(pair: Pair) -> None:
    details = (await told(pair, "lena.fischer"))["provisioningSteps"][0]["details"]
    assert details["alternativeSecurityIds"] == "None"
    assert (details["IsSoftDeleted"], details["appRoleAssignments"]) == ("False", "msiam_access")
    assert all(isinstance(value, str) for value in details.values())


async def test_the_older_encoding_can_be_asked_for(pair: Pair) -> None:
    pair.world.on_demand_encoding = 1
    answer = await pair.on_demand("lena.fischer")
    assert json.loads(answer.json()["key"]) == {"result": "Success", "details": {}}
    assert json.loads(answer.json()["value"])["action"] == "Create"
    again = await pair.on_demand("lena.fischer")
    assert json.loads(again.json()["key"])["details"]["errorCode"] == "RedundantExport"


async def test_a_second_time_there_is_nothing_to_do(pair: Pair) -> None:
    await told(pair, "lena.fischer")
    found = await told(pair, "lena.fischer")
    last = found["provisioningSteps"][-1]
    assert (last["name"], last["details"]["SkipReason"]) == ("EntrySynchronizationSkip", "RedundantExport")
    assert "already match" in found["statusInfo"]["reason"]


async def test_who_is_not_assigned_is_skipped_with_the_reason(pair: Pair) -> None:
    found = await told(pair, "priya.nair")
    assert found["statusInfo"]["status"] == "Skipped"
    scoping = found["provisioningSteps"][1]
    assert scoping["details"]["Assigned to the application"] == "False"
    assert scoping["details"]["SkipReason"] == "NotEffectivelyEntitled"


async def test_a_fresh_assignment_may_take_a_while_to_be_noticed(pair: Pair) -> None:
    pair.world.assignment_delay = timedelta(minutes=3)
    pair.advance(timedelta(minutes=1))
    make_assignment(pair.world, pair.contoso, pair.home("priya.nair")["id"], pair.principal)
    assert (await told(pair, "priya.nair"))["statusInfo"]["status"] == "Skipped"
    pair.advance(timedelta(minutes=4))
    assert (await told(pair, "priya.nair"))["statusInfo"]["status"] == "Success"


async def test_a_failure_carries_its_code(pair: Pair) -> None:
    pair.fabrikam.authorization_policy["allowInvitesFrom"] = "none"
    found = await told(pair, "lena.fischer")
    assert found["statusInfo"]["status"] == "Failure"
    assert found["statusInfo"]["errorCode"] == "AzureActiveDirectoryForbidden"
    assert found["provisioningSteps"][-1]["status"] == "Failure"


async def test_a_refused_connection_is_a_failure_without_steps(pair: Pair) -> None:
    pair.fabrikam.identity_synchronizations[CONTOSO]["userSyncInbound"]["isSyncAllowed"] = False
    found = await told(pair, "lena.fischer")
    assert found["provisioningSteps"] == []
    assert found["statusInfo"]["errorCode"] == "AzureActiveDirectoryCrossTenantSyncPolicyCheckFailure"
    assert not pair.guests("lena.fischer")


async def test_the_manager_is_written_when_both_are_there(pair: Pair) -> None:
    await told(pair, "jonas.weber")
    found = await told(pair, "lena.fischer")
    manager = pair.guest("jonas.weber")["id"]
    assert {"displayName": "manager", "oldValue": None, "newValue": manager} in found["modifiedProperties"]
    assert pair.fabrikam.managers[pair.guest("lena.fischer")["id"]] == manager


async def test_it_repairs_the_name_of_a_pending_guest_at_once(pair: Pair) -> None:
    await told(pair, "marta.silva")
    guest = pair.guest("marta.silva")
    assert guest["userPrincipalName"] == "marta.silva_contoso.com#EXT#@fabrikam.onmicrosoft.com"
    assert guest["externalUserState"] == "Accepted"


async def test_it_deletes_who_left_scope_and_no_cycle_restores_that(pair: Pair) -> None:
    await pair.source.post(f"{pair.path}/start")
    pair.advance()
    clause = {
        "sourceOperandName": "city",
        "operatorName": "NOT EQUALS",
        "targetOperand": {"values": ["Munich"]},
    }
    await pair.source.post(f"{pair.path}/pause")
    await pair.scope(clause)
    found = await told(pair, "lena.fischer")
    assert (found["action"], found["statusInfo"]["status"]) == ("Delete", "Success")
    await pair.scope()
    await pair.restart()
    assert pair.guests("lena.fischer", deleted=True)
    assert not pair.guests("lena.fischer")


async def test_it_does_not_restore(pair: Pair) -> None:
    await pair.source.post(f"{pair.path}/start")
    pair.advance(timedelta(minutes=5))
    user_id = pair.home("lena.fischer")["id"]
    await pair.source.delete(f"/users/{user_id}")
    pair.advance()
    await pair.source.post(f"/directory/deletedItems/{user_id}/restore")
    make_assignment(pair.world, pair.contoso, user_id, pair.principal)
    assert (await told(pair, "lena.fischer"))["statusInfo"]["status"] == "Skipped"
    assert not pair.guests("lena.fischer")


async def test_a_cycle_knows_what_was_done_on_demand(pair: Pair) -> None:
    await told(pair, "lena.fischer")
    await pair.source.post(f"{pair.path}/start")
    pair.advance()
    assert pair.guest("lena.fischer")
    assert "create" not in [row["provisioningAction"] for row in pair.rows("lena.fischer")[2:]]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"parameters": []},
        {"parameters": [{"ruleId": RULE, "subjects": []}]},
        {"parameters": [{"ruleId": "other", "subjects": [{"objectId": "x", "objectTypeName": "User"}]}]},
        {"parameters": [{"ruleId": RULE, "subjects": [{"objectId": "x", "objectTypeName": "Group"}]}]},
    ],
)
async def test_a_wrong_request_is_refused(pair: Pair, body: Any) -> None:
    answer = await pair.source.post(f"{pair.path}/provisionOnDemand", json=body)
    assert code(answer) == (400, "UnknownError")


async def test_a_deleted_person_is_not_found(pair: Pair) -> None:
    user_id = pair.home("lena.fischer")["id"]
    await pair.source.delete(f"/users/{user_id}")
    body = {"parameters": [{"ruleId": RULE, "subjects": [{"objectId": user_id, "objectTypeName": "User"}]}]}
    answer = await pair.source.post(f"{pair.path}/provisionOnDemand", json=body)
    assert code(answer) == (404, "UnknownError")


async def test_five_requests_in_ten_seconds_are_the_limit(pair: Pair) -> None:
    pair.world.limiter.enabled = True
    answers = [(await pair.on_demand("lena.fischer")).status_code for _ in range(6)]
    assert answers == [*[200] * 5, 429]
    pair.seconds.value += 10
    assert (await pair.on_demand("lena.fischer")).status_code == 200
