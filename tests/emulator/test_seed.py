"""The story holds every fate that a person can have, and each scenario what it promises."""

import json
from datetime import timedelta

import pytest

from tests.emulator.conftest import make
from xtsync_tui.emulator import cast
from xtsync_tui.emulator.app import Emulator
from xtsync_tui.emulator.hostile import TEXTS
from xtsync_tui.emulator.people import premium
from xtsync_tui.emulator.seed import CONTOSO, FABRIKAM, group_named, person
from xtsync_tui.emulator.state import Tenant, net_id
from xtsync_tui.engine.schema_check import check_schema


def both(emulator: Emulator) -> tuple[Tenant, Tenant]:
    return emulator.world.tenants[CONTOSO], emulator.world.tenants[FABRIKAM]


@pytest.fixture(scope="module")
def fresh() -> tuple[Tenant, Tenant]:
    return both(make())


def test_contoso_has_its_people_and_six_groups(fresh: tuple[Tenant, Tenant]) -> None:
    contoso, _ = fresh
    assert len(contoso.users) == 42
    assert [group["displayName"] for group in contoso.groups.values()] == [
        "Sales EMEA",
        "Sales",
        "Engineering",
        "Sales DE",
        "Product launch",
        "All staff",
    ]


def test_nothing_is_set_up_in_a_fresh_pair(fresh: tuple[Tenant, Tenant]) -> None:
    for tenant in fresh:
        assert not any(
            (tenant.partners, tenant.identity_synchronizations, tenant.service_principals, tenant.jobs)
        )


def test_priya_is_in_sales_only_through_an_inner_group(fresh: tuple[Tenant, Tenant]) -> None:
    contoso, _ = fresh
    priya, sales = person(contoso, "priya.nair")["id"], contoso.members[group_named(contoso, "Sales")["id"]]
    inner = group_named(contoso, "Sales EMEA")["id"]
    assert priya not in sales
    assert inner in sales
    assert priya in contoso.members[inner]
    assert len(contoso.members[inner]) == 6


def test_each_fate_is_there(fresh: tuple[Tenant, Tenant]) -> None:
    contoso, _ = fresh
    users = contoso.users.values()
    assert person(contoso, "dieter.vogel")["accountEnabled"] is False
    assert person(contoso, "prince")["givenName"] is None
    assert person(contoso, "ida.contractor")["userType"] == "Guest"
    assert [row["displayName"] for row in users if row.get("creationType") == "Invitation"] == [
        "Sven Dahl (Woodgrove)"
    ]
    assert sum(row["mail"] == "ken.adams@contoso.com" for row in users) == 2
    names = " ".join(row["displayName"] for row in users)
    assert all(part in names for part in ("[/b]", "\x1b[31m", "ë", "\u0131", "כהן", "陳"))
    ready = [key for key, methods in contoso.phone_methods.items() if methods[0]["smsSignInState"] == "ready"]
    assert ready == [person(contoso, "tom.baker")["id"]]


def test_every_manager_and_member_of_the_cast_exists(fresh: tuple[Tenant, Tenant]) -> None:
    for tenant in fresh:
        assert set(tenant.managers.values()) <= tenant.users.keys()
        assert {key for keys in tenant.members.values() for key in keys} <= {*tenant.users, *tenant.groups}
    assert {role.key for role in cast.CONTOSO} >= {*cast.SALES, *cast.SALES_EMEA, *cast.ENGINEERING}


def test_fabrikam_knows_some_of_contosos_people_already(fresh: tuple[Tenant, Tenant]) -> None:
    contoso, fabrikam = fresh
    guests = {row["displayName"]: row for row in fabrikam.users.values() if row["userType"] == "Guest"}
    assert fabrikam.alternative_ids == {
        guests["Greta Lind"]["id"]: net_id(person(contoso, "greta.lind")["id"])
    }
    marta = guests["Marta Silva"]
    assert marta["externalUserState"] == "PendingAcceptance"
    assert marta["userPrincipalName"] == "m.silva_contoso.com#EXT#@fabrikam.onmicrosoft.com"
    assert [row["mail"] for row in fabrikam.contacts.values()] == ["nora.quinn@contoso.com"]
    assert "smtp:luca.rossi@contoso.com" in person(fabrikam, "luca.rossi")["proxyAddresses"]


def test_the_administrators_are_those_of_the_drawings(fresh: tuple[Tenant, Tenant]) -> None:
    contoso, fabrikam = fresh
    assert next(iter(contoso.roles)) == person(contoso, "ana.lopes")["id"]
    assert next(iter(fabrikam.roles)) == person(fabrikam, "ben.okoro")["id"]


def test_a_configured_pair_trusts_each_other_and_assigns_two_groups() -> None:
    contoso, fabrikam = both(make("configured"))
    assert contoso.partners[FABRIKAM]["automaticUserConsentSettings"]["outboundAllowed"] is True
    assert fabrikam.partners[CONTOSO]["automaticUserConsentSettings"]["inboundAllowed"] is True
    assert fabrikam.identity_synchronizations[CONTOSO]["userSyncInbound"] == {"isSyncAllowed": True}
    assert {"Sales", "Engineering"} <= {row["principalDisplayName"] for row in contoso.assignments.values()}


def test_a_troubled_pair_has_each_entry_of_the_guide() -> None:
    contoso, fabrikam = both(make("troubled"))
    assert contoso.partners[FABRIKAM]["automaticUserConsentSettings"]["outboundAllowed"] is None
    assert premium(contoso)
    assert not premium(fabrikam)
    assert fabrikam.authorization_policy["allowInvitesFrom"] == "none"
    ready = [key for key, methods in contoso.phone_methods.items() if methods[0]["smsSignInState"] == "ready"]
    assert {contoso.users[key]["displayName"] for key in ready} == {"Tom Baker", "Kim Lee"}
    assert "Rosa Diaz" in [row["displayName"] for row in fabrikam.deleted_users.values()]
    assert all(row["deletedDateTime"] for row in fabrikam.deleted_users.values())
    assert person(contoso, "rosa.diaz")["accountEnabled"] is True


def test_a_large_tenant_has_as_many_more_people_as_asked() -> None:
    contoso, fabrikam = both(make("large", 500))
    assert len(contoso.users) == 542
    assert len(contoso.members[group_named(contoso, "All staff")["id"]]) == 541
    assert len(contoso.members[group_named(contoso, "Sales")["id"]]) > 50
    assert len(fabrikam.users) < 20
    assert contoso.users.keys() == both(make("large", 500))[0].users.keys()


def test_hostile_tenants_have_such_texts_in_what_they_are_and_what_they_lived_through() -> None:
    emulator = make("hostile")
    contoso, fabrikam = both(emulator)
    [(principal_id, jobs)] = contoso.jobs.items()
    [job] = jobs.values()
    named = [contoso.service_principals[principal_id], *contoso.applications.values()]
    assert all(document["displayName"] in TEXTS for document in named)
    assert json.loads(job.secrets["SyncNotificationSettings"])["Recipients"] in TEXTS
    rows = [*contoso.provisioning_log]
    assert rows
    assert all(row["sourceIdentity"]["displayName"] in TEXTS for row in rows)
    assert any(row["provisioningSteps"][-1]["description"].endswith(TEXTS) for row in rows)
    actors = [row["initiatedBy"] for row in (*contoso.audit_log, *fabrikam.audit_log)]
    assert all(one["displayName"] in TEXTS for actor in actors for one in actor.values() if one)


def test_a_hostile_schema_is_one_that_the_service_takes_and_runs() -> None:
    emulator = make("hostile")
    contoso, _ = both(emulator)
    [jobs] = contoso.jobs.values()
    [job] = jobs.values()
    assert check_schema(job.schema, job.schema) == []
    before = job.last
    emulator.service.advance(timedelta(minutes=45))
    assert job.last is not before
    assert job.state.quarantine is None
