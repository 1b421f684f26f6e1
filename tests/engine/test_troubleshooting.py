import pytest

from tests.engine.world import MemoryTarget, clause, make_rules, make_user
from xtsync_tui.engine.decision import User, decide
from xtsync_tui.engine.quarantine import QuarantineReason
from xtsync_tui.engine.steps import steps
from xtsync_tui.engine.troubleshooting import OTHER_CONNECTORS, TABLE, by_code, by_log_row


def numbers(code: str) -> list[int]:
    return [entry.number for entry in by_code(code)]


def test_the_table_is_complete_and_every_entry_says_what_to_do() -> None:
    assert [entry.number for entry in TABLE] == list(range(1, 121))
    for entry in TABLE:
        for text in (entry.symptom, entry.cause, entry.fix):
            assert text[0] != " "
            assert text.endswith((".", "target", "target."))
        assert set(entry.tenants) <= {"source", "target"}
        assert entry.steps
        assert set(entry.steps) <= {*(str(step) for step in range(1, 15)), "T"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("AzureActiveDirectoryForbidden", [39, 40]),
        ("Microsoft Entra ID Forbidden", [39, 40]),
        ("MicrosoftEntraIDForbidden", [39, 40]),
        ("Forbidden", [39, 40]),
        ("AzureDirectoryB2BManagementPolicyCheckFailure", [1]),
        ("MicrosoftEntraIDCrossTenantSyncPolicyCheckFailure", [2, 3]),
        ("TOOMANYDELETES", [99]),
        ("EntryConflict", [51]),
        ("SomethingElse", []),
        ("AzureActiveDirectory", []),
        ("", []),
    ],
)
def test_a_code_is_found_in_any_spelling(code: str, expected: list[int]) -> None:
    assert numbers(code) == expected


@pytest.mark.parametrize("reason", [reason for reason in QuarantineReason if reason != "Unknown"])
def test_every_quarantine_reason_is_explained(reason: QuarantineReason) -> None:
    assert by_code(reason)


def log_row(code: str, reason: str = "") -> dict[str, object]:
    error = {"errorCode": code, "reason": reason}
    return {"provisioningStatusInfo": {"status": "failure", "errorInformation": error}}


def found(row: dict[str, object]) -> list[int]:
    return [entry.number for entry in by_log_row(row)]


def test_the_text_of_an_error_tells_entries_of_one_code_apart() -> None:
    policy = "AzureActiveDirectoryCrossTenantSyncPolicyCheckFailure"
    assert found(log_row(policy, "The source company has not enabled automatic user consent.")) == [2]
    assert found(log_row(policy, "The target has not enabled inbound synchronization.")) == [3]
    assert found(log_row(policy)) == [2, 3]
    forbidden = "AzureActiveDirectoryForbidden"
    assert found(log_row(forbidden, "Guest invitations not allowed for your company.")) == [39]
    assert found(log_row(forbidden, "Something else.")) == [40]


def test_a_filter_that_is_false_beside_one_that_holds_is_no_cause() -> None:
    reference = "UnableToResolveReferenceAttributeValue"
    outcomes = {"ScopeEvaluationResult": "{\"department EQUALS 'Sales'\":false}"}
    passed = log_row(reference) | {
        "provisioningSteps": [{"details": outcomes | {"Scoping filter evaluation passed": "True"}}]
    }
    fell_out = log_row(reference) | {
        "provisioningSteps": [{"details": outcomes | {"Scoping filter evaluation passed": "False"}}]
    }
    assert 23 not in found(passed)
    assert found(passed) == found(log_row(reference))
    assert 23 in found(fell_out)


def test_a_staged_deletion_and_an_empty_row_are_recognised() -> None:
    assert found({"provisioningAction": "stagedDelete"}) == [94]
    assert found({}) == []
    assert found({"provisioningStatusInfo": None, "provisioningSteps": None}) == []


def engine_row(user: User, *groups: dict[str, object]) -> dict[str, object]:
    """Return the log row that the engine's steps of ``user`` make."""
    rules = make_rules(*groups)
    told = steps(rules, user, decide(rules, user, {}, MemoryTarget()))
    return {"provisioningSteps": [{"name": step.name, "details": step.details} for step in told]}


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        (make_user("anna", direct=False), [17]),
        (make_user("anna", accountEnabled="False"), [18]),
        (make_user("anna")._replace(has_role=False), [19]),
        (make_user("anna", alternativeSecurityIds="{sms}"), [20, 21]),
        (make_user("anna", netId=None), [28]),
    ],
)
def test_the_rows_the_engine_makes_lead_to_their_entry(user: User, expected: list[int]) -> None:
    assert found(engine_row(user)) == expected


def test_a_filter_of_ones_own_leads_to_its_entry() -> None:
    assert found(engine_row(make_user("anna"), clause("department", "EQUALS", "Sales"))) == [23]


def test_codes_of_other_connectors_are_known_and_have_no_entry() -> None:
    assert not any(by_code(code) for code in OTHER_CONNECTORS)
