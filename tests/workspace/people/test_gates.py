"""The gates that keep people out, each with its evidence; what cannot be read is never shut."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from xtsync_tui.engine.scoping import compile_groups, from_portal
from xtsync_tui.errors import Forbidden, XtSyncError
from xtsync_tui.model import (
    Assignment,
    Group,
    Job,
    JobStatus,
    PhoneMethod,
    ProvisioningEvent,
    ServicePrincipal,
    Side,
    StatusInfo,
    User,
)
from xtsync_tui.model.jobs import JobSchedule, Progress
from xtsync_tui.workspace.people import gates, pair_gates
from xtsync_tui.workspace.people.gates import OPEN, SHUT, UNKNOWN, WAITING
from xtsync_tui.workspace.people.reading import ROWS, PersonReading
from xtsync_tui.workspace.people_records import honest
from xtsync_tui.workspace.setup.facts import ConfigurationFacts

NOW = datetime(2026, 5, 14, 14, 2, tzinfo=UTC)
DENIED = Forbidden("SOURCE does not let you read this")
SALES = Group(id="sales", display_name="Sales")
EMEA = Group(id="emea", display_name="Sales EMEA")


def configuration(*assigned: Assignment, everyone: str = "false", **more: Any) -> ConfigurationFacts:
    parts: dict[str, Any] = {"secrets": {"SyncAll": everyone}, "assignments": assigned, "job": None}
    principal = ServicePrincipal(id="sp", display_name="Contoso to Fabrikam")
    return ConfigurationFacts(principal, schema={}, rows=(), **(parts | more))


def reading(found: ConfigurationFacts | None = None, **more: Any) -> PersonReading:
    home = {
        "id": "priya",
        "userPrincipalName": "priya@contoso.com",
        "userType": "Member",
        "accountEnabled": True,
    }
    facts = SimpleNamespace(found=found, unread=None)
    parts: dict[str, Any] = {
        "home": home | more.pop("home", {}), "facts": facts, "groups": (), "around": (), "via": {},
        "phones": (), "signed_in": dict.fromkeys(Side, ""), "holders": (), "contacts": (), "binned": (),
        "there": None, "manager_there": False, "rows": (), "at": NOW,
    }  # fmt: skip
    return PersonReading(**(parts | more))


def assignment(principal: str, kind: str = "Group", name: str = "Sales", age: float = 86400) -> Assignment:
    made = NOW - timedelta(seconds=age)
    return Assignment(
        id=f"a-{principal}", principal_id=principal, principal_display_name=name, principal_type=kind,
        created_date_time=made,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("home", "symbol"),
    [
        ({}, OPEN),
        ({"userType": None}, OPEN),
        ({"userType": "Guest"}, SHUT),
        ({"creationType": "Invitation"}, SHUT),
        ({"userPrincipalName": "sven_woodgrove.com#EXT#@contoso.onmicrosoft.com"}, SHUT),
    ],
)
def test_only_members_who_are_at_home_pass(home: dict[str, Any], symbol: str) -> None:
    assert gates.member_gate(reading(home=home)).symbol == symbol


@pytest.mark.parametrize(("enabled", "symbol"), [(True, OPEN), (False, SHUT), (None, UNKNOWN)])
def test_a_disabled_account_is_shut_and_an_unknown_one_is_not(enabled: bool | None, symbol: str) -> None:
    assert gates.enabled_gate(reading(home={"accountEnabled": enabled})).symbol == symbol


@pytest.mark.parametrize(
    ("phones", "symbol"),
    [
        ((), OPEN),
        ((PhoneMethod(id="1", sms_sign_in_state="notEnabled"),), OPEN),
        ((PhoneMethod(id="1", sms_sign_in_state="ready"),), SHUT),
        (DENIED, UNKNOWN),
    ],
)
def test_sms_sign_in_is_on_only_when_a_phone_says_so(phones: Any, symbol: str) -> None:
    assert gates.sms_gate(reading(phones=phones), None).symbol == symbol


def test_a_direct_member_of_an_assigned_group_is_assigned() -> None:
    gate = gates.assigned_gate(reading(configuration(assignment("sales")), groups=(SALES,)), None)
    assert (gate.symbol, gate.words) == (OPEN, "through Sales")


def test_a_member_of_a_nested_group_is_told_which_one() -> None:
    one = reading(configuration(assignment("sales")), groups=(EMEA,), via={"sales": ("Sales EMEA",)})
    gate = gates.assigned_gate(one, None)
    assert gate.symbol == SHUT
    assert gate.words == "only through Sales EMEA inside Sales: nested groups do not count"
    assert gate.fix is not None


def test_an_assignment_of_a_minute_ago_waits_and_an_older_one_is_open() -> None:
    young = configuration(assignment("priya", "User", "Priya Nair", age=40))
    old = configuration(assignment("priya", "User", "Priya Nair", age=3600))
    assert gates.assigned_gate(reading(young), None).symbol == WAITING
    assert gates.assigned_gate(reading(old), None).symbol == OPEN


def test_everyone_in_scope_needs_no_assignment() -> None:
    assert gates.assigned_gate(reading(configuration(everyone="true")), None).symbol == OPEN


@pytest.mark.parametrize("part", ["assignments", "secrets"])
def test_assignments_that_cannot_be_read_cannot_be_told(part: str) -> None:
    gate = gates.assigned_gate(reading(configuration(everyone="false", **cast("Any", {part: DENIED}))), None)
    assert gate.symbol == UNKNOWN
    assert "cannot tell" in gate.words


FILTER = compile_groups(
    from_portal(
        [
            {
                "title": "Germany",
                "clauses": [{"attribute": "country", "operator": "EQUALS", "value": "Germany"}],
            }
        ]
    )
)


@pytest.mark.parametrize(
    ("country", "symbol", "words"),
    [
        ("Germany", OPEN, "Germany: country EQUALS 'Germany'"),
        ("Japan", SHUT, "filter Germany: country EQUALS 'Germany', here it is Japan"),
        (None, SHUT, "filter Germany: country EQUALS 'Germany', here it is empty"),
    ],
)
def test_a_filter_names_the_clause_and_the_value(country: str | None, symbol: str, words: str) -> None:
    gate = gates.filters_gate(FILTER, {"country": country}, reading(configuration()))
    assert (gate.symbol, gate.words) == (symbol, words)


def test_a_schema_that_cannot_be_read_is_no_filter_that_is_shut() -> None:
    found = configuration()
    unread = ConfigurationFacts(found.service_principal, {}, None, (), DENIED, ())
    assert gates.filters_gate(None, {}, reading(unread)).symbol == UNKNOWN


GUEST = User(id="g", user_principal_name="p_contoso.com#EXT#@f.com", creation_type="Invitation")
PENDING = User(id="g", user_principal_name="p#EXT#@f.com", external_user_state="PendingAcceptance")
OTHER = User(id="o", user_principal_name="priya@fabrikam.com")
CONTACT = SimpleNamespace(id="c", display_name="Priya (Contoso)")
BINNED = User(id="b", display_name="Priya", deleted_date_time=datetime(2026, 5, 9, tzinfo=UTC))


def row(action: str, status: str = "success", hours: int = 0) -> ProvisioningEvent:
    """A row of the log about Priya, so many hours after she was deleted."""
    return ProvisioningEvent(
        id="1",
        activity_date_time=datetime(2026, 5, 9, hours, 1, tzinfo=UTC),
        provisioning_action=action,
        provisioning_status_info=StatusInfo(status=status),
    )


@pytest.mark.parametrize(
    ("parts", "symbol", "words"),
    [
        ({}, OPEN, "no guest, no pending invitation, no contact, nobody in the bin"),
        ({"contacts": DENIED}, UNKNOWN, "cannot tell: mail contacts were not read"),
        ({"contacts": DENIED, "holders": (GUEST,)}, OPEN, "there as p_contoso.com#EXT#@f.com"),
        ({"contacts": DENIED, "binned": (BINNED,)}, SHUT, "in the bin until 8 Jun"),
        ({"holders": (GUEST,)}, OPEN, "there as p_contoso.com#EXT#@f.com"),
        ({"holders": (GUEST, OTHER)}, OPEN, "there as"),
        ({"holders": (PENDING,)}, SHUT, "an invitation is pending"),
        ({"holders": (OTHER,)}, SHUT, "priya@fabrikam.com of TARGET has this address"),
        ({"contacts": (CONTACT,)}, SHUT, "mail contact"),
        ({"binned": (BINNED,)}, SHUT, "in the bin until 8 Jun; the service does not restore"),
        ({"binned": (BINNED,), "rows": DENIED}, SHUT, "cannot tell whether the service restores"),
        ({"binned": (BINNED,), "rows": (row("delete"),)}, WAITING, "a cycle restores the account once in"),
        ({"binned": (BINNED,), "rows": (row("Delete", "Success"),)}, WAITING, "deleted by one 9 May"),
        ({"binned": (BINNED,), "rows": (row("update"),)}, SHUT, "the service does not restore"),
        ({"binned": (BINNED,), "rows": (row("update", hours=1),) * ROWS}, SHUT, "cannot tell whether"),
        ({"holders": DENIED}, UNKNOWN, "cannot tell"),
        ({"binned": DENIED}, UNKNOWN, "cannot tell"),
    ],
)
def test_whoever_is_in_the_way_in_target_is_named(parts: dict[str, Any], symbol: str, words: str) -> None:
    gate = gates.clash_gate(reading(**parts), None)
    assert gate.symbol == symbol
    assert words in gate.words


@pytest.mark.parametrize(
    ("gate", "advice"),
    [
        (gates.member_gate(reading(home={"creationType": "Invitation"})), "in their home tenant"),
        (gates.member_gate(reading(home={"userType": "Guest"})), "make them a member in SOURCE"),
        (gates.enabled_gate(reading(home={"accountEnabled": False})), "Enable the account in SOURCE"),
        (gates.clash_gate(reading(holders=(PENDING,)), None), "p joins the invited account"),
        (gates.clash_gate(reading(holders=(OTHER,)), None), "Delete that user in TARGET"),
        (
            gates.clash_gate(reading(contacts=(SimpleNamespace(id="c", display_name="P"),)), None),
            "Remove the contact",
        ),
    ],
)
def test_a_gate_that_nothing_here_opens_says_what_to_do(gate: gates.Gate, advice: str) -> None:
    assert gate.symbol == SHUT
    assert gate.fix is None
    assert advice in gate.advice


def test_a_disabled_person_who_is_there_is_disabled_there_too() -> None:
    one = reading(home={"accountEnabled": False}, there={"accountEnabled": True})
    assert "is disabled by the next cycle" in gates.enabled_gate(one).words


def job(code: str, done: int = 14, total: int = 100) -> Job:
    progress = (Progress(completed_units=done, total_units=total),)
    return Job(id="j", schedule=JobSchedule(state="Active"), status=JobStatus(code=code, progress=progress))


def test_while_the_first_cycle_runs_the_job_is_waited_for_and_not_shut() -> None:
    gate = pair_gates.job_gate(reading(configuration(job=job("NotRun"))))
    assert (gate.symbol, gate.fix) == (WAITING, None)
    assert gate.words == "the first cycle is running, 14 of 100 pages: not reached yet"


def test_the_connection_names_every_setting_that_is_in_the_way() -> None:
    tenant = SimpleNamespace(name="Contoso", label="SOURCE Contoso", partner=None)
    facts = SimpleNamespace(
        users_allowed=True, outbound=False, inbound=False, invitations="none", source=tenant, target=tenant,
        tenant=lambda _: tenant,
    )  # fmt: skip
    gate = pair_gates.connection_gate(cast("PersonReading", SimpleNamespace(facts=facts)))
    assert gate.symbol == SHUT
    assert gate.words == (
        "TARGET does not redeem invitations; SOURCE does not redeem invitations; TARGET lets nobody invite"
    )
    assert gate.fix is not None
    assert (gate.fix.words, gate.fix.step) == ("to the setting", 3)


def test_a_filter_on_what_is_not_read_here_cannot_be_told() -> None:
    division = [
        {"title": "F", "clauses": [{"attribute": "employeeOrgData.division", "operator": "IS NOT NULL"}]}
    ]
    scope = honest(compile_groups(from_portal(division)))
    assert gates.filters_gate(scope, {}, reading(configuration())).symbol == UNKNOWN


def test_before_there_is_a_configuration_the_gates_name_the_step() -> None:
    gate = gates.assigned_gate(reading(None), None)
    assert gate.symbol == SHUT
    assert gate.fix is not None
    assert gate.fix.step == 5


def test_a_job_that_cannot_be_read_cannot_be_told() -> None:
    assert pair_gates.job_gate(reading(configuration(job=cast("XtSyncError", DENIED)))).symbol == UNKNOWN
