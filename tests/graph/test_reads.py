"""Every read: what is asked, and that the documented answer is understood."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest

from tests.graph.scripted import Graph, answer, client_of, refused
from xtsync_tui.errors import Forbidden
from xtsync_tui.graph import (
    access,
    assignments,
    configurations,
    credentials,
    directory,
    guests,
    jobs,
    logs,
    policies,
    schema,
)
from xtsync_tui.graph.auth.scopes import PERMISSIONS
from xtsync_tui.graph.client import GraphClient
from xtsync_tui.model import ExternalIdentitiesPolicy, User

pytestmark = pytest.mark.anyio

TENANT = "3d1e2be9-a10a-4a0c-8380-7ce190f98ed9"
SINCE = datetime(2026, 5, 1, tzinfo=UTC)
UNTIL = datetime(2026, 5, 2, 12, 30, tzinfo=UTC)
EVERYTHING = ",".join(directory.PERSON)
PICKED = ",".join(directory.PICKED)
ALICE = User(id="1", user_principal_name="alice@contoso.com", mail="a.o'neil@contoso.com")

Read = Callable[[GraphClient], Awaitable[Any]]


def first(pages: Callable[[GraphClient], AsyncIterator[Any]]) -> Read:
    async def read(client: GraphClient) -> Any:
        return [page async for page in pages(client)]

    return read


READS: dict[str, tuple[Read, str]] = {
    "partners": (
        access.partners,
        "/policies/crossTenantAccessPolicy/partners?$expand=identitySynchronization",
    ),
    "partner": (
        lambda client: access.partner(client, TENANT),
        f"/policies/crossTenantAccessPolicy/partners/{TENANT}?$expand=identitySynchronization",
    ),
    "default": (access.default, "/policies/crossTenantAccessPolicy/default"),
    "tenant by id": (
        lambda client: access.tenant_information(client, f" {TENANT} "),
        f"/tenantRelationships/findTenantInformationByTenantId(tenantId='{TENANT}')",
    ),
    "tenant by domain": (
        lambda client: access.tenant_information(client, "fabrikam.com"),
        "/tenantRelationships/findTenantInformationByDomainName(domainName='fabrikam.com')",
    ),
    "tenant by a hostile name": (
        lambda client: access.tenant_information(client, "x')/users"),
        "/tenantRelationships/findTenantInformationByDomainName(domainName='x'')/users')",
    ),
    "configurations": (
        configurations.configurations,
        (
            "/servicePrincipals?$filter=applicationTemplateId eq '518e5f48-1fc8-4c48-9387-9fdf28b0dfe7'"
            "&$select=id,appId,displayName,applicationTemplateId,tags,appRoles,accountEnabled"
        ),
    ),
    "application": (
        lambda client: configurations.application(client, "app-1"),
        "/applications(appId='app-1')?$select=id,appId,displayName,createdDateTime",
    ),
    "templates": (
        lambda client: jobs.templates(client, "sp-1"),
        "/servicePrincipals/sp-1/synchronization/templates",
    ),
    "jobs": (lambda client: jobs.jobs(client, "sp-1"), "/servicePrincipals/sp-1/synchronization/jobs"),
    "job": (
        lambda client: jobs.job(client, "sp-1", "j-1"),
        "/servicePrincipals/sp-1/synchronization/jobs/j-1",
    ),
    "secrets": (
        lambda client: credentials.secrets(client, "sp-1"),
        "/servicePrincipals/sp-1/synchronization/secrets",
    ),
    "schema": (
        lambda client: schema.schema(client, "sp-1", "j-1"),
        "/servicePrincipals/sp-1/synchronization/jobs/j-1/schema",
    ),
    "filter operators": (
        lambda client: schema.filter_operators(client, "sp-1", "j-1"),
        "/servicePrincipals/sp-1/synchronization/jobs/j-1/schema/filterOperators()",
    ),
    "functions": (
        lambda client: schema.functions(client, "sp-1", "j-1"),
        "/servicePrincipals/sp-1/synchronization/jobs/j-1/schema/functions()",
    ),
    "me": (directory.me, f"/me?$select={PICKED}"),
    "my roles": (
        directory.my_roles,
        "/me/transitiveMemberOf/graph.directoryRole?$select=id,displayName,roleTemplateId",
    ),
    "organization": (directory.organization, "/organization?$select=id,displayName,verifiedDomains"),
    "licences": (directory.subscribed_skus, "/subscribedSkus"),
    "user": (
        lambda client: directory.user(client, "a_b.com#EXT#@c.com"),
        f"/users/a_b.com#EXT#@c.com?$select={EVERYTHING}",
    ),
    "users": (
        first(directory.users),
        f"/users?$expand=manager($select=id)&$select={EVERYTHING}&$top=999",
    ),
    "records": (
        first(lambda client: directory.records(client, ["id", "extension_1_pager"])),
        "/users?$expand=manager($select=id)&$select=id,extension_1_pager&$top=999",
    ),
    "people named": (
        lambda client: directory.users_named(client, ["a@b.com", "o'neil@b.com"]),
        (
            "/users?$filter=userPrincipalName in ('a@b.com', 'o''neil@b.com') or "
            f"mail in ('a@b.com', 'o''neil@b.com')&$select={PICKED}"
        ),
    ),
    "search users": (
        lambda client: directory.search_users(client, ' ali "x\\ '),
        (
            "/users?$count=true&$filter=userType eq 'Member'&$search="
            '"displayName:ali \\"x\\\\" OR "userPrincipalName:ali \\"x\\\\" OR "mail:ali \\"x\\\\"'
            f"&$select={PICKED}&$top=25"
        ),
    ),
    "search without words": (
        lambda client: directory.search_users(client, "  ", members_only=False),
        f"/users?$count=true&$select={PICKED}&$top=25",
    ),
    "search groups": (
        lambda client: directory.search_groups(client, "sal", 5),
        (
            "/groups?$count=true&$filter=securityEnabled eq true"
            '&$search="displayName:sal" OR "description:sal"'
            "&$select=id,displayName,description,mail,securityEnabled,mailEnabled,groupTypes,"
            "membershipRule,membershipRuleProcessingState&$top=5"
        ),
    ),
    "members": (
        first(lambda client: directory.members(client, "g-1")),
        f"/groups/g-1/members/graph.user?$select={PICKED}&$top=999",
    ),
    "nested groups": (
        lambda client: directory.nested_groups(client, "g-1"),
        "/groups/g-1/members/graph.group?$select=id,displayName",
    ),
    "counterparts": (
        lambda client: guests.counterparts(client, ALICE),
        (
            "/users?$filter=startswith(userPrincipalName,'alice_contoso.com#EXT#') or "
            f"mail eq 'a.o''neil@contoso.com'&$select={EVERYTHING}"
        ),
    ),
    "deleted users": (
        first(guests.deleted_users),
        f"/directory/deletedItems/graph.user?$select={EVERYTHING},deletedDateTime&$top=999",
    ),
    "phones": (
        lambda client: guests.phone_methods(client, "u-1"),
        "/users/u-1/authentication/phoneMethods",
    ),
    "assignments": (
        lambda client: assignments.assignments(client, "sp-1"),
        "/servicePrincipals/sp-1/appRoleAssignedTo?$top=999",
    ),
    "provisioning log": (
        first(logs.provisioning_events),
        "/auditLogs/provisioning?$orderby=activityDateTime desc&$top=500",
    ),
    "provisioning log, filtered": (
        first(
            lambda client: logs.provisioning_events(
                client,
                since=SINCE,
                until=UNTIL,
                sp="SP-1",
                job="j",
                cycle="c",
                source_id="u",
                status="failure",
                action="create",
                top=9,
            )
        ),
        (
            "/auditLogs/provisioning?$filter=contains(tolower(servicePrincipal/id), 'sp-1') and "
            "activityDateTime gt 2026-05-01T00:00:00Z and activityDateTime lt 2026-05-02T12:30:00Z and "
            "jobId eq 'j' and cycleId eq 'c' and sourceIdentity/id eq 'u' and "
            "provisioningStatusInfo/status eq 'failure' and provisioningAction eq 'create'"
            "&$orderby=activityDateTime desc&$top=9"
        ),
    ),
    "audit log, filtered": (
        first(
            lambda client: logs.audit_events(
                client,
                since=SINCE,
                until=UNTIL,
                service="Account Provisioning",
                category="ProvisioningManagement",
                activities=("Quarantine", "Import"),
                results=("failure",),
                target_id="sp-1",
                top=9,
            )
        ),
        (
            "/auditLogs/directoryAudits?$filter=activityDateTime ge 2026-05-01T00:00:00Z and "
            "activityDateTime le 2026-05-02T12:30:00Z and loggedByService eq 'Account Provisioning' and "
            "category eq 'ProvisioningManagement' and "
            "(activityDisplayName eq 'Quarantine' or activityDisplayName eq 'Import') and "
            "targetResources/any(t:t/id eq 'sp-1') and result eq 'failure'"
            "&$orderby=activityDateTime desc&$top=9"
        ),
    ),
    "invitations": (policies.authorization, "/policies/authorizationPolicy"),
    "leave": (policies.external_identities, "/policies/externalIdentitiesPolicy"),
}

ADVANCED = {"search users", "search without words", "search groups"}


@pytest.mark.parametrize("name", READS)
async def test_a_read_asks_for_the_documented_address(name: str) -> None:
    read, path = READS[name]
    body = {"id": "1", "tenantId": TENANT, "value": [{"id": "1", "key": "SyncAll", "principalId": "2"}]}
    if name == "leave":
        body = {"id": "1"}
    if "log" in name:
        body = {"value": []}
    graph = Graph([answer(200, body)])
    await read(client_of(graph))
    version = "beta" if name == "leave" else "v1.0"
    assert [unquote(asked) for asked in graph.paths] == [f"/{version}{path}"]
    assert graph.asked[0].method == "GET"
    assert graph.asked[0].headers.get("consistencylevel") == ("eventual" if name in ADVANCED else None)


@pytest.mark.parametrize(
    "read",
    [
        lambda client: access.partner(client, TENANT),
        lambda client: configurations.configuration(client, "sp-1"),
        lambda client: configurations.application(client, "app-1"),
        lambda client: jobs.job(client, "sp-1", "j-1"),
        lambda client: directory.user(client, "u-1"),
        lambda client: directory.group(client, "g-1"),
    ],
)
async def test_what_is_not_there_reads_as_none(read: Read) -> None:
    assert await read(client_of(Graph([refused(404, "Request_ResourceNotFound")]))) is None


async def test_a_fresh_partner_inherits_everything() -> None:
    body = {
        "tenantId": TENANT,
        "inboundTrust": None,
        "automaticUserConsentSettings": {"inboundAllowed": None, "outboundAllowed": None},
        "identitySynchronization": None,
        "protectedContentSharing": {"x": 1},
    }
    partner = await access.partner(client_of(Graph([answer(200, body)])), TENANT)
    assert partner is not None
    assert (partner.consent.inbound_allowed, partner.identity_synchronization) == (None, None)


async def test_a_search_takes_the_first_page_and_no_more() -> None:
    more = "https://graph.example/v1.0/users?$skiptoken=2"
    graph = Graph([answer(200, {"value": [{"id": "1"}], "@odata.nextLink": more})])
    assert await directory.search_users(client_of(graph), "a") == (User(id="1"),)
    assert len(graph.asked) == 1


async def test_many_names_are_asked_for_in_several_requests() -> None:
    graph = Graph([answer(200, {"value": [{"id": "1"}]})])
    found = await directory.users_named(client_of(graph), [f"u{number}@b.com" for number in range(31)])
    assert (len(graph.asked), len(found)) == (3, 3)


async def test_a_person_without_names_has_no_counterpart_and_nothing_is_asked() -> None:
    graph = Graph([answer(200, {"value": []})])
    assert await guests.counterparts(client_of(graph), User(id="1")) == ()
    assert graph.asked == []


LEAVE = {"id": "externalIdentityPolicy", "allowExternalIdentitiesToLeave": True}


@pytest.mark.parametrize("body", [LEAVE, {"value": LEAVE}, {"value": [LEAVE]}])
async def test_the_leave_setting_is_read_bare_and_wrapped(body: Any) -> None:
    policy = await policies.external_identities(client_of(Graph([answer(200, body)])))
    assert policy == ExternalIdentitiesPolicy(allow_external_identities_to_leave=True)


async def test_the_schema_is_handed_on_as_it_came() -> None:
    document = {"id": "j", "version": "v1.2", "unknown": {"a": [None, 1.5]}}
    assert await schema.schema(client_of(Graph([answer(200, document)])), "sp", "j") == document


async def test_records_keep_what_no_struct_knows() -> None:
    rows = {"value": [{"id": "1", "extension_1_pager": "x"}]}
    pages = [page async for page in directory.records(client_of(Graph([answer(200, rows)])), ["id"])]
    assert pages == [({"id": "1", "extension_1_pager": "x"},)]


@pytest.mark.parametrize("name", [name for name in READS if name != "phones"])
async def test_a_refused_read_names_a_permission_that_the_sign_in_asks_for(name: str) -> None:
    known = {permission.name for permission in PERMISSIONS if not permission.writes}
    known |= {"Synchronization.ReadWrite.All"}
    with pytest.raises(Forbidden) as caught:
        await READS[name][0](client_of(Graph([refused(403, "Authorization_RequestDenied")])))
    assert any(f"the permission {scope}," in caught.value.hint for scope in known)
