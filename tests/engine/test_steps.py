import json

import pytest

from tests.engine.world import MemoryTarget, clause, make_rules, make_user
from xtsync_tui.engine.decision import Decision, Link, LinkState, Reason, User, decide
from xtsync_tui.engine.rules import Rules
from xtsync_tui.engine.steps import REASONS, Stage, Step, shown, steps
from xtsync_tui.engine.values import Value

RULES = make_rules(clause("department", "EQUALS", "Marketing", "Marketing department filter"))
ANNA = make_user("anna", department="Marketing")


def tell(
    user: User = ANNA,
    target: MemoryTarget | None = None,
    rules: Rules = RULES,
    *,
    done: bool = False,
    **links: Link,
) -> tuple[Decision, tuple[Step, ...]]:
    decision = decide(rules, user, links, target or MemoryTarget())
    return decision, steps(rules, user, decision, done=done)


def existing(user: User = ANNA) -> MemoryTarget:
    from tests.engine.world import Person

    values = {change.attribute: change.new for change in RULES.mapping.creation(user.record)}
    return MemoryTarget({"T1": Person(values)})


def test_a_creation_is_told_in_the_documented_steps() -> None:
    _, told = tell(done=True)
    assert [(step.stage, step.name, step.type, step.status) for step in told] == [
        (Stage.IMPORT, "EntryImportAdd", "import", "success"),
        (Stage.SCOPE, "EntrySynchronizationScoping", "scoping", "success"),
        (Stage.MATCH, "EntryImport", "matching", "success"),
        (Stage.MATCH, "EntrySynchronizationAdd", "matching", "success"),
        (Stage.ACTION, "EntryExportAdd", "export", "success"),
    ]
    assert told[0].description == "Retrieved User 'anna@contoso.com' from Azure Active Directory"
    assert told[0].details["alternativeSecurityIds"] == "None"
    assert "no matching User was found in Azure Active Directory (target tenant)" in told[3].description
    assert told[4].description == (
        "User 'anna@contoso.com' was created in Azure Active Directory (target tenant)"
    )
    assert "will be created" in tell()[1][4].description


def test_the_scoping_step_tells_each_condition() -> None:
    details = tell()[1][1].details
    assert json.loads(details["ScopeEvaluationResult"]) == {
        "Marketing department filter.department EQUALS 'Marketing'": True
    }
    assert details["Active in the source system"] == "True"
    assert details["Assigned to the application"] == "True"
    assert details["User has the required role"] == "True"
    assert details["Scoping filter evaluation passed"] == "True"
    assert "Scope sync all" not in details


def test_scope_sync_all_is_told() -> None:
    assert tell(rules=make_rules(sync_all=True))[1][1].details["Scope sync all"] == "True"


def test_an_unassigned_user_is_told_as_not_effectively_entitled() -> None:
    _, told = tell(ANNA._replace(direct=False))
    assert [step.stage for step in told] == [Stage.IMPORT, Stage.SCOPE, Stage.ACTION]
    assert told[1].status == "skipped"
    assert told[1].details["SkipReason"] == "NotEffectivelyEntitled"
    assert told[1].details["Assigned to the application"] == "False"
    assert (told[2].name, told[2].status) == ("EntrySynchronizationSkip", "skipped")


@pytest.mark.parametrize(
    ("record", "clause_text"),
    [
        ({"department": "IT"}, "Marketing department filter.department EQUALS 'Marketing'"),
        (
            {"department": "Marketing", "alternativeSecurityIds": "{sms}"},
            "Filter external users.alternativeSecurityIds EQUALS 'None'",
        ),
    ],
)
def test_a_filter_that_keeps_a_user_out_is_told_by_its_clause(
    record: dict[str, Value], clause_text: str
) -> None:
    user = make_user("anna")
    _, told = tell(user._replace(record={**user.record, **record}))
    assert json.loads(told[1].details["ScopeEvaluationResult"])[clause_text] is False
    assert told[1].details["Scoping filter evaluation passed"] == "False"
    assert told[1].details["SkipReason"] == "NotEffectivelyEntitled"


def test_no_change_is_told_as_a_redundant_export() -> None:
    _, told = tell(target=existing(), anna=Link("T1"))
    assert told[0].name == "EntryImportUpdate"
    assert told[-1].details == {"SkipReason": "RedundantExport"}
    assert "already match" in told[-1].description


@pytest.mark.parametrize(
    ("user", "state", "name", "words"),
    [
        (make_user("anna", department="Marketing", city="Bonn"), LinkState.ACTIVE, "Update", "updated"),
        (
            make_user("anna", department="Marketing", accountEnabled="False"),
            LinkState.ACTIVE,
            "Update",
            "disabled",
        ),
        (ANNA._replace(direct=False), LinkState.ACTIVE, "Delete", "soft-deleted"),
        (User("anna", {}, purged=True), LinkState.ACTIVE, "Delete", "deleted"),
        (ANNA, LinkState.DELETED_OUT_OF_SCOPE, "Update", "restored"),
    ],
)
def test_each_write_has_its_step(user: User, state: LinkState, name: str, words: str) -> None:
    target = existing()
    target.people["T1"].deleted = state is LinkState.DELETED_OUT_OF_SCOPE
    _, told = tell(user, target, done=True, anna=Link("T1", state))
    assert told[-1].name == f"EntryExport{name}"
    assert f"was {words}" in told[-1].description


def test_a_skip_for_another_reason_passes_the_scoping_step() -> None:
    _, told = tell(rules=make_rules(flowTypes="Update"))
    assert told[1].status == "success"
    assert told[-1].details == {"SkipReason": "TargetObjectActionOff"}


def test_a_failure_is_told_with_its_code() -> None:
    decision, told = tell(target=MemoryTarget(), anna=Link("T1"))
    assert decision.reason is Reason.TARGET_GONE
    assert told[-1].status == "failure"
    assert told[-1].details == {"ErrorCode": "InvalidAnchor"}


def test_every_reason_has_a_sentence() -> None:
    assert set(REASONS) == set(Reason)


def test_braces_in_a_name_are_text() -> None:
    user = make_user("anna", userPrincipalName="{x}@contoso.com", department="Marketing")
    _, told = tell(user, anna=Link("T9"))
    assert "{x}@contoso.com" in told[-1].description


def test_several_values_are_counted() -> None:
    assert shown(("a", "b")) == "(2 values)"
    assert shown(None) == ""


def test_stages_have_the_portals_titles() -> None:
    assert Stage.IMPORT.title == "Import user"
    assert len({stage.title for stage in Stage}) == 4
