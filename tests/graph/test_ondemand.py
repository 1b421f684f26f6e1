import json
from typing import Any

import pytest

from xtsync_tui.errors import Unreadable
from xtsync_tui.graph import configurations, jobs, schema
from xtsync_tui.graph.ondemand import outcome, rule_of

STEPS: dict[str, Any] = {
    "action": "Create",
    "startTime": "2026-05-14T12:00:00Z",
    "provisioningSteps": [
        {
            "name": "EntryImport",
            "type": "Import",
            "status": "Success",
            "description": "Retrieved User 'a@contoso.com'",
            "details": {"objectId": "1", "alternativeSecurityIds": "None"},
        }
    ],
    "modifiedProperties": [{"displayName": "userType", "oldValue": None, "newValue": "Member"}],
    "statusInfo": {"status": "Success"},
    "sourceIdentity": {"id": "1", "type": "User", "displayName": "Alice", "details": {}},
    "targetSystem": {"id": "t", "name": "Azure Active Directory (target tenant)"},
}
TYPE = "Microsoft.Identity.Health.CPP.Common.DataContracts.SyncFabric.StatusInfo"


def beside(result: str, details: Any = None) -> str:
    return json.dumps({"result": result, "details": details or {}})


@pytest.mark.parametrize(
    "answer",
    [
        {"key": beside("Success"), "value": json.dumps(STEPS)},
        {"key": TYPE, "value": json.dumps([STEPS])},
        {"@odata.context": "x", "key": None, "value": json.dumps([STEPS])},
    ],
)
def test_both_documented_encodings_say_the_same(answer: Any) -> None:
    found = outcome(answer)
    assert (found.result, found.action) == ("Success", "Create")
    (step,) = found.provisioning_steps
    assert (step.name, step.type, step.status) == ("EntryImport", "Import", "Success")
    assert step.details == {"objectId": "1", "alternativeSecurityIds": "None"}
    assert found.modified_properties[0].new_value == "Member"
    assert found.source_identity is not None
    assert found.source_identity.display_name == "Alice"


def test_the_result_beside_the_object_is_kept_with_its_error() -> None:
    details = {"errorCode": "AzureActiveDirectoryForbidden", "errorMessage": "Guest invitations not allowed"}
    found = outcome({"key": beside("Failure", details), "value": json.dumps({"action": "Other"})})
    assert found.status_info.status == "Failure"
    assert found.status_info.error_code == "AzureActiveDirectoryForbidden"
    assert found.status_info.reason == "Guest invitations not allowed"


def test_what_the_object_says_itself_goes_before_the_result_beside_it() -> None:
    steps = {"statusInfo": {"status": "Skipped", "errorCode": "RedundantExport", "reason": None}}
    found = outcome({"key": beside("Success"), "value": json.dumps(steps)})
    assert (found.result, found.status_info.error_code) == ("Skipped", "RedundantExport")


def test_an_answer_without_a_status_has_no_result() -> None:
    assert outcome({"key": TYPE, "value": "[{}]"}).result == ""


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {"key": TYPE, "value": "[]"},
        {"key": TYPE, "value": "not json"},
        {"key": TYPE, "value": [STEPS]},
        {"key": "{", "value": "{}"},
        {"key": TYPE, "value": '[{"provisioningSteps": 1}]'},
        {"key": beside("x"), "value": '{"statusInfo": "text"}'},
    ],
)
def test_another_answer_is_unreadable(answer: Any) -> None:
    with pytest.raises(Unreadable, match="Provision on demand"):
        outcome(answer)


@pytest.mark.parametrize(
    ("rules", "rule"),
    [
        ([{"id": "g", "name": "GROUPS"}, {"id": "u", "name": "USER_INBOUND_USER"}], "u"),
        ([{"id": "g", "name": "Renamed"}], "g"),
        ([], ""),
        (None, ""),
    ],
)
def test_the_rule_for_users_is_found_by_its_name(rules: Any, rule: str) -> None:
    assert rule_of({"synchronizationRules": rules}) == rule


def test_what_a_creation_answers_is_read_and_checked() -> None:
    application, principal = configurations.created(
        {"application": {"id": "a"}, "servicePrincipal": {"id": "s", "appRoles": None}}
    )
    assert (application.id, principal.id, principal.app_roles) == ("a", "s", ())
    assert jobs.created({"id": "j", "templateId": "Azure2Azure"}).template_id == "Azure2Azure"
    for reader in (configurations.created, jobs.created, schema.parsed):
        with pytest.raises(Unreadable):
            reader([])


def test_a_parsed_expression_is_read_with_its_error() -> None:
    bad = {"parsingSucceeded": False, "error": {"code": "UnexpectedToken", "message": "at 3"}}
    found = schema.parsed(bad | {"evaluationResult": None, "evaluationSucceeded": None})
    assert not found.parsing_succeeded
    assert found.error is not None
    assert found.error.code == "UnexpectedToken"
    assert schema.parsed({"parsingSucceeded": True, "evaluationResult": ["A"]}).evaluation_result == ("A",)
