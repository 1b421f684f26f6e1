"""What the emulator answers is Graph: each answer fits the typed models of msgraph-sdk, made by others."""

import enum
import importlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from kiota_abstractions.serialization import Parsable
from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory

from tests.emulator.conftest import client_of, make
from xtsync_tui.emulator.app import Emulator, all_routes
from xtsync_tui.emulator.configurations import TEMPLATE, make_assignment
from xtsync_tui.emulator.seed import CONTOSO, FABRIKAM, group_named, person

pytestmark = pytest.mark.anyio

UNDECLARED = {
    # The service returns it and the CSDL does not declare it (cross-tenant-synchronization-configure-graph).
    ("CrossTenantAccessPolicyConfigurationPartner", "crossCloudMeetingConfiguration"),
    # The keys of their collections, which the SDK leaves out; the pages
    # synchronization-synchronizationschema-filteroperators and -functions show them.
    ("FilterOperatorSchema", "name"),
    ("AttributeMappingFunctionSchema", "name"),
}
"""Properties that the SDK keeps in ``additional_data``, each documented."""

UNREAD = {
    # The SDK spells this member "Import_" and so reads neither "import" nor "Import" (provisioningStep).
    ("provisioningStepType", "import"),
}
"""Enum values that the SDK cannot read, each documented."""

OPEN = {"DetailsInfo"}
"""Types without properties of their own: the details of a step or identity of the provisioning log."""

NO_MODEL = {"/users/$count", "/groups/$count", "/servicePrincipals/$count"} | {
    f"/groups/{{group}}/{name}{cast}/$count"
    for name in ("members", "transitiveMembers")
    for cast in ("", "/microsoft.graph.user", "/microsoft.graph.group")
}
NO_MODEL |= {"/servicePrincipals/{sp}/synchronization/secrets"}
"""Routes that answer with a number as plain text, and reading secrets, which the SDK does not know."""

BASE = "/policies/crossTenantAccessPolicy"
SYNCHRONIZATION = f"{BASE}/partners/{{tenant}}/identitySynchronization"
FABRIC = "/servicePrincipals/{sp}/synchronization"
BY_ID = "/tenantRelationships/findTenantInformationByTenantId(tenantId='{tenant}')"
BY_DOMAIN = "/tenantRelationships/findTenantInformationByDomainName(domainName='{domain}')"

MODELS = {
    "/me": "user.User",
    "/organization": "organization_collection_response.OrganizationCollectionResponse",
    "/subscribedSkus": "subscribed_sku_collection_response.SubscribedSkuCollectionResponse",
    "/roleManagement/directory/roleAssignments": (
        "unified_role_assignment_collection_response.UnifiedRoleAssignmentCollectionResponse"
    ),
    "/contacts": "org_contact_collection_response.OrgContactCollectionResponse",
    "/directory/deletedItems/microsoft.graph.user": "user_collection_response.UserCollectionResponse",
    "/directory/deletedItems/microsoft.graph.application": (
        "application_collection_response.ApplicationCollectionResponse"
    ),
    "/directory/deletedItems/microsoft.graph.servicePrincipal": (
        "service_principal_collection_response.ServicePrincipalCollectionResponse"
    ),
    "/directory/deletedItems/{item}": "directory_object.DirectoryObject",
    "/users": "user_collection_response.UserCollectionResponse",
    "/users/{user}": "user.User",
    "/users/{user}/manager": "directory_object.DirectoryObject",
    "/users/{user}/authentication/phoneMethods": (
        "phone_authentication_method_collection_response.PhoneAuthenticationMethodCollectionResponse"
    ),
    "/users/{user}/appRoleAssignments": (
        "app_role_assignment_collection_response.AppRoleAssignmentCollectionResponse"
    ),
    "/groups": "group_collection_response.GroupCollectionResponse",
    "/groups/{group}": "group.Group",
    "/groups/{group}/appRoleAssignments": (
        "app_role_assignment_collection_response.AppRoleAssignmentCollectionResponse"
    ),
    "/applicationTemplates/{template}": "application_template.ApplicationTemplate",
    "/servicePrincipals": "service_principal_collection_response.ServicePrincipalCollectionResponse",
    "/servicePrincipals/{sp}": "service_principal.ServicePrincipal",
    "/servicePrincipals/{sp}/appRoleAssignedTo": (
        "app_role_assignment_collection_response.AppRoleAssignmentCollectionResponse"
    ),
    "/applications": "application_collection_response.ApplicationCollectionResponse",
    "/applications/{id}": "application.Application",
    "/policies/authorizationPolicy": "authorization_policy.AuthorizationPolicy",
    BASE: "cross_tenant_access_policy.CrossTenantAccessPolicy",
    f"{BASE}/default": (
        "cross_tenant_access_policy_configuration_default.CrossTenantAccessPolicyConfigurationDefault"
    ),
    f"{BASE}/partners": (
        "cross_tenant_access_policy_configuration_partner_collection_response."
        "CrossTenantAccessPolicyConfigurationPartnerCollectionResponse"
    ),
    f"{BASE}/partners/{{tenant}}": (
        "cross_tenant_access_policy_configuration_partner.CrossTenantAccessPolicyConfigurationPartner"
    ),
    SYNCHRONIZATION: "cross_tenant_identity_sync_policy_partner.CrossTenantIdentitySyncPolicyPartner",
    BY_ID: "tenant_information.TenantInformation",
    BY_DOMAIN: "tenant_information.TenantInformation",
    "/auditLogs/directoryAudits": "directory_audit_collection_response.DirectoryAuditCollectionResponse",
    "/auditLogs/directoryAudits/{row}": "directory_audit.DirectoryAudit",
    "/auditLogs/provisioning": (
        "provisioning_object_summary_collection_response.ProvisioningObjectSummaryCollectionResponse"
    ),
    f"{FABRIC}/jobs": "synchronization_job_collection_response.SynchronizationJobCollectionResponse",
    f"{FABRIC}/jobs/{{job}}": "synchronization_job.SynchronizationJob",
    f"{FABRIC}/templates": (
        "synchronization_template_collection_response.SynchronizationTemplateCollectionResponse"
    ),
    f"{FABRIC}/templates/{{template}}": "synchronization_template.SynchronizationTemplate",
    **{
        f"{FABRIC}/{owner}/schema{part}": model
        for owner in ("jobs/{job}", "templates/{template}")
        for part, model in (
            ("", "synchronization_schema.SynchronizationSchema"),
            (
                "/filterOperators",
                "filter_operator_schema_collection_response.FilterOperatorSchemaCollectionResponse",
            ),
            (
                "/functions",
                (
                    "attribute_mapping_function_schema_collection_response."
                    "AttributeMappingFunctionSchemaCollectionResponse"
                ),
            ),
        )
    },
    **{
        f"{who}/{name}{cast}": model
        for who in ("/me", "/users/{user}")
        for name in ("memberOf", "transitiveMemberOf")
        for cast, model in (
            ("", "directory_object_collection_response.DirectoryObjectCollectionResponse"),
            ("/microsoft.graph.group", "group_collection_response.GroupCollectionResponse"),
            (
                "/microsoft.graph.directoryRole",
                "directory_role_collection_response.DirectoryRoleCollectionResponse",
            ),
        )
    },
    **{
        f"/groups/{{group}}/{name}{cast}": model
        for name in ("members", "transitiveMembers")
        for cast, model in (
            ("", "directory_object_collection_response.DirectoryObjectCollectionResponse"),
            ("/microsoft.graph.user", "user_collection_response.UserCollectionResponse"),
            ("/microsoft.graph.group", "group_collection_response.GroupCollectionResponse"),
        )
    },
}
"""Route template → module and class of the SDK's model for its answer."""

QUERIES = {
    "/users": {"$select": "*", "$expand": "manager($select=id,displayName)"},
    "/users/{user}": {"$select": "*", "$expand": "manager"},
    "/groups/{group}/members/microsoft.graph.user": {"$select": "*"},
    f"{BASE}/partners": {"$expand": "identitySynchronization"},
    "/auditLogs/directoryAudits": {"$top": "40"},
}
"""Routes that show more when asked, or much of the same."""


def ids(emulator: Emulator, template: str) -> dict[str, str]:
    """Return a value for each name in ``template``."""
    contoso = emulator.world.tenants[CONTOSO]
    principal = next(iter(contoso.service_principals.values()))
    return {
        "user": person(contoso, "ana.lopes")["id"],
        "group": group_named(contoso, "Sales")["id"],
        "item": next(iter(contoso.deleted_users)),
        "template": "Azure2Azure" if template.startswith(FABRIC) else TEMPLATE,
        "job": next(iter(contoso.jobs.get(principal["id"], {"none": None}))),
        "row": contoso.audit_log[-1]["id"] if contoso.audit_log else "none",
        "sp": principal["id"],
        "id": next(iter(contoso.applications)),
        "app": principal["appId"],
        "tenant": FABRIKAM,
        "domain": "fabrikam.com",
    }


def templates() -> list[str]:
    return sorted(
        {route.template for route in all_routes() if route.method == "GET" and "v1.0" in route.versions}
        - NO_MODEL
    )


def attribute(deserializer: Any) -> str:
    """Return the Python name that a field deserializer of the SDK sets."""
    return next(name for name in deserializer.__code__.co_consts if isinstance(name, str))


def misfits(raw: Any, parsed: Any, path: str) -> Iterator[str]:
    """Yield each place where the SDK did not understand what the emulator sent."""
    if raw is None or raw in ([], {}):
        return
    if isinstance(raw, dict):
        yield from object_misfits(raw, parsed, path)
    elif isinstance(raw, list):
        if not isinstance(parsed, list) or len(parsed) != len(raw):
            yield f"{path}: a list came out as {parsed!r}"
            return
        for index, (inner, value) in enumerate(zip(raw, parsed, strict=True)):
            yield from misfits(inner, value, f"{path}[{index}]")
    elif (path.rpartition("/")[2], raw) in UNREAD:
        return
    elif parsed is None or (isinstance(parsed, list) and None in parsed):
        yield f"{path}: {raw!r} came out as {parsed!r}"
    elif isinstance(raw, str) and isinstance(parsed, str) and not isinstance(parsed, enum.Enum):
        if raw != parsed:
            yield f"{path}: {raw!r} came out as {parsed!r}"
    elif isinstance(raw, str) == isinstance(parsed, bool | int | float):
        yield f"{path}: {raw!r} came out as {parsed!r}"


def object_misfits(raw: dict[str, Any], parsed: Any, path: str) -> Iterator[str]:
    if not isinstance(parsed, Parsable):
        yield f"{path}: an object came out as {parsed!r}"
        return
    fields = parsed.get_field_deserializers()
    kind = type(parsed).__name__
    extra = [name for name in getattr(parsed, "additional_data", {}) if not name.startswith("@odata.")]
    allowed = kind in OPEN
    yield from (
        f"{path}: {kind} has no {name}" for name in extra if not allowed and (kind, name) not in UNDECLARED
    )
    for name, inner in raw.items():
        if name in fields:
            yield from misfits(inner, getattr(parsed, attribute(fields[name])), f"{path}/{name}")


def parse(raw: bytes, model: str) -> Any:
    module, _, name = model.rpartition(".")
    found = getattr(importlib.import_module(f"msgraph.generated.models.{module}"), name)
    return JsonParseNodeFactory().get_root_parse_node("application/json", raw).get_object_value(found)


@pytest.fixture(scope="module")
def configured() -> Emulator:
    """An emulator with something behind every route."""
    emulator = make("configured")
    emulator.world.limiter.enabled = False
    contoso, fabrikam = emulator.world.tenants[CONTOSO], emulator.world.tenants[FABRIKAM]
    contoso.identity_synchronizations[FABRIKAM] = {
        **fabrikam.identity_synchronizations[CONTOSO],
        "tenantId": FABRIKAM,
    }
    principal = next(iter(contoso.service_principals.values()))
    make_assignment(emulator.world, contoso, person(contoso, "ana.lopes")["id"], principal)
    gone = {"deletedDateTime": "2026-05-14T12:00:00Z"}
    contoso.deleted_users = {"gone": {**person(contoso, "hugo.blanc"), **gone}}
    contoso.deleted_applications = {key: row | gone for key, row in contoso.applications.items()}
    contoso.deleted_service_principals = {key: row | gone for key, row in contoso.service_principals.items()}
    contoso.contacts = dict(fabrikam.contacts)
    return emulator


def test_every_get_route_has_a_model() -> None:
    assert templates() == sorted(MODELS)


@pytest.mark.parametrize("template", sorted(MODELS))
async def test_an_answer_fits_the_model_of_the_sdk(template: str, configured: Emulator) -> None:
    async with client_of(configured, configured.tenants[0]["token"]) as client:
        response = await get(client, template, configured)
    assert response.status_code == 200, response.text
    raw = response.json()
    assert raw.get("value") != [], "an empty list proves nothing"
    assert list(misfits(raw, parse(response.content, MODELS[template]), template)) == []


async def get(client: httpx.AsyncClient, template: str, emulator: Emulator) -> httpx.Response:
    path = template.format(**ids(emulator, template))
    return await client.get(path, params=QUERIES.get(template, {}))


@pytest.mark.parametrize(
    ("raw", "model", "wrong"),
    [
        (b'{"colour": "red"}', "user.User", "/: User has no colour"),
        (
            b'{"allowInvitesFrom": "nobody"}',
            "authorization_policy.AuthorizationPolicy",
            "'nobody' came out as None",
        ),
        (b'{"accountEnabled": "true"}', "user.User", "'true' came out as None"),
        (b'{"displayName": 7}', "user.User", "7 came out as"),
    ],
)
def test_the_oracle_sees_what_does_not_fit(raw: bytes, model: str, wrong: str) -> None:
    import json

    found = list(misfits(json.loads(raw), parse(raw, model), "/"))
    assert len(found) == 1
    assert wrong in found[0]
