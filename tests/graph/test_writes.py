"""Every write as it goes out: method, address, body and permission, by the pages of Graph."""

from typing import Any

import pytest

from xtsync_tui.graph import (
    access,
    assignments,
    configurations,
    credentials,
    guests,
    jobs,
    ondemand,
    policies,
    schema,
)
from xtsync_tui.graph.auth.scopes import PERMISSIONS
from xtsync_tui.model import IdentitySynchronization, Partner, Request, ServicePrincipal
from xtsync_tui.model.service import TEMPLATE_ID, AppRole

TENANT = "3d1e2be9-a10a-4a0c-8380-7ce190f98ed9"
ROLE = AppRole(id="role-1", is_enabled=True)
PARTNERS = "/policies/crossTenantAccessPolicy/partners"
ONE = f"{PARTNERS}/{TENANT}"
SYNC = f"{ONE}/identitySynchronization"
SP = "/servicePrincipals/sp-1"
JOB = f"{SP}/synchronization/jobs/Azure2Azure.a.b"
ID = "Azure2Azure.a.b"
ACCESS = "Policy.ReadWrite.CrossTenantAccess"
APPS = "Application.ReadWrite.All"
SYNCHRONIZATION = "Synchronization.ReadWrite.All"
NEW = Partner(tenant_id=TENANT)
KNOWN = Partner(tenant_id=TENANT, identity_synchronization=IdentitySynchronization())
CONFIGURATION = ServicePrincipal(id="sp-1", app_roles=(AppRole(id="off", is_enabled=False), ROLE))

Row = tuple[Request, str, str, Any, str]

WRITES: dict[str, Row] = {
    "add a partner": (access.add_partner(TENANT), "POST", PARTNERS, {"tenantId": TENANT}, ACCESS),
    "remove a partner": (access.remove_partner(TENANT), "DELETE", ONE, None, ACCESS),
    "inbound redemption": (
        access.set_redemption(TENANT, inbound=True),
        *("PATCH", ONE, {"automaticUserConsentSettings": {"inboundAllowed": True}}, ACCESS),
    ),
    "outbound redemption": (
        access.set_redemption(TENANT, outbound=False),
        *("PATCH", ONE, {"automaticUserConsentSettings": {"outboundAllowed": False}}, ACCESS),
    ),
    "inherit": (
        access.update_partner(TENANT, {"inboundTrust": None}),
        *("PATCH", ONE, {"inboundTrust": None}, ACCESS),
    ),
    "create user sync": (
        access.allow_user_sync(NEW, display_name="Contoso"),
        *("PUT", SYNC, {"displayName": "Contoso", "userSyncInbound": {"isSyncAllowed": True}}, ACCESS),
    ),
    "change user sync": (
        access.allow_user_sync(KNOWN, allowed=False, display_name="Contoso"),
        *("PATCH", SYNC, {"userSyncInbound": {"isSyncAllowed": False}}, ACCESS),
    ),
    "remove user sync": (access.remove_user_sync(TENANT), "DELETE", SYNC, None, ACCESS),
    "instantiate": (
        configurations.instantiate("To Fabrikam"),
        "POST",
        f"/applicationTemplates/{TEMPLATE_ID}/instantiate",
        {"displayName": "To Fabrikam"},
        APPS,
    ),
    "rename": (configurations.rename("sp-1", "New"), "PATCH", SP, {"displayName": "New"}, APPS),
    "rename the application": (
        configurations.rename_application("app-1", "New"),
        *("PATCH", "/applications/app-1", {"displayName": "New"}, APPS),
    ),
    "create a job": (
        jobs.create("sp-1"),
        *("POST", f"{SP}/synchronization/jobs", {"templateId": "Azure2Azure"}, SYNCHRONIZATION),
    ),
    "start": (jobs.start("sp-1", ID), "POST", f"{JOB}/start", None, SYNCHRONIZATION),
    "pause": (jobs.pause("sp-1", ID), "POST", f"{JOB}/pause", None, SYNCHRONIZATION),
    "restart": (jobs.restart("sp-1", ID), "POST", f"{JOB}/restart", {"criteria": {}}, SYNCHRONIZATION),
    "allow deletes": (
        jobs.restart("sp-1", ID, ["ForceDeletes"]),
        *("POST", f"{JOB}/restart", {"criteria": {"resetScope": "ForceDeletes"}}, SYNCHRONIZATION),
    ),
    "restart in part": (
        jobs.restart("sp-1", ID, ["Watermark", "Escrows"]),
        *("POST", f"{JOB}/restart", {"criteria": {"resetScope": "Watermark, Escrows"}}, SYNCHRONIZATION),
    ),
    "delete a job": (jobs.delete("sp-1", ID), "DELETE", JOB, None, SYNCHRONIZATION),
    "test a connection": (
        credentials.validate("sp-1", TENANT),
        "POST",
        f"{SP}/synchronization/jobs/validateCredentials",
        {
            "useSavedCredentials": False,
            "templateId": "Azure2Azure",
            "credentials": [
                {"key": "CompanyId", "value": TENANT},
                {"key": "AuthenticationType", "value": "SyncPolicy"},
            ],
        },
        SYNCHRONIZATION,
    ),
    "test the saved connection": (
        credentials.validate_saved("sp-1", ID),
        *("POST", f"{JOB}/validateCredentials", {"useSavedCredentials": True}, SYNCHRONIZATION),
    ),
    "save settings": (
        credentials.save("sp-1", {"SyncAll": "true", "Password": "*"}, {"SyncAll": "false"}),
        "PUT",
        f"{SP}/synchronization/secrets",
        {"value": [{"key": "SyncAll", "value": "false"}]},
        SYNCHRONIZATION,
    ),
    "replace the schema": (
        schema.put_schema("sp-1", ID, {"@odata.context": "…", "id": ID, "unknown": [{"flowTypes": "Add"}]}),
        *("PUT", f"{JOB}/schema", {"id": ID, "unknown": [{"flowTypes": "Add"}]}, SYNCHRONIZATION),
    ),
    "restore the schema": (
        schema.restore_schema("sp-1", ID),
        "DELETE",
        f"{JOB}/schema",
        None,
        SYNCHRONIZATION,
    ),
    "discover": (
        schema.discover("sp-1", ID, "d-1"),
        *("POST", f"{JOB}/schema/directories/d-1/discover", None, "Directory.ReadWrite.All"),
    ),
    "parse an expression": (
        schema.parse_expression("sp-1", ID, "Join([a], [b])", {"a": "1", "b": ("x", "y"), "c": None}),
        "POST",
        f"{JOB}/schema/parseExpression",
        {
            "expression": "Join([a], [b])",
            "targetAttributeDefinition": None,
            "testInputObject": {
                "definition": None,
                "properties": [
                    {"key": "a", "value": "1"},
                    {"key": "b", "value@odata.type": "#Collection(String)", "value": ["x", "y"]},
                ],
            },
        },
        SYNCHRONIZATION,
    ),
    "assign": (
        assignments.assign(CONFIGURATION, "user-1"),
        "POST",
        f"{SP}/appRoleAssignedTo",
        {"principalId": "user-1", "resourceId": "sp-1", "appRoleId": "role-1"},
        "AppRoleAssignment.ReadWrite.All",
    ),
    "unassign": (
        assignments.unassign("sp-1", "a-1"),
        *("DELETE", f"{SP}/appRoleAssignedTo/a-1", None, "AppRoleAssignment.ReadWrite.All"),
    ),
    "provision on demand": (
        ondemand.provision("sp-1", ID, "rule-1", "user-1"),
        "POST",
        f"{JOB}/provisionOnDemand",
        {
            "parameters": [
                {"ruleId": "rule-1", "subjects": [{"objectId": "user-1", "objectTypeName": "User"}]}
            ]
        },
        SYNCHRONIZATION,
    ),
    "invitations": (
        policies.set_invitations("everyone"),
        "PATCH",
        "/policies/authorizationPolicy",
        {"allowInvitesFrom": "everyone"},
        "Policy.ReadWrite.Authorization",
    ),
    "leave": (
        policies.set_leave(allowed=False),
        "PATCH",
        "/policies/externalIdentitiesPolicy",
        {"allowExternalIdentitiesToLeave": False},
        "Policy.ReadWrite.ExternalIdentities",
    ),
    "restore": (
        guests.restore("user-1"),
        *("POST", "/directory/deletedItems/user-1/restore", None, "User.DeleteRestore.All"),
    ),
    "disable SMS": (
        guests.disable_sms_sign_in("user-1"),
        "POST",
        "/users/user-1/authentication/phoneMethods/3179e48a-750b-4051-897c-87b9720928f7/disableSmsSignIn",
        None,
        "UserAuthenticationMethod.ReadWrite.All",
    ),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_write_is_the_documented_request(name: str) -> None:
    request, method, path, body, scope = WRITES[name]
    assert (request.method, request.path, request.body) == (method, path, body)
    assert scope in request.scopes


def test_only_the_policy_without_a_stable_form_is_written_to_beta() -> None:
    assert [name for name, row in WRITES.items() if row[0].version != "v1.0"] == ["leave"]


def test_tests_of_the_service_change_nothing() -> None:
    harmless = [name for name, row in WRITES.items() if not row[0].writes]
    assert harmless == ["test a connection", "test the saved connection", "parse an expression"]


def test_a_configuration_is_deleted_from_its_jobs_upwards() -> None:
    requests = configurations.deletion("sp-1", "app-1", [ID])
    assert [(request.method, request.path) for request in requests] == [
        ("POST", f"{JOB}/pause"),
        ("DELETE", JOB),
        ("DELETE", "/applications/app-1"),
        ("DELETE", SP),
    ]


def test_a_configuration_without_an_application_loses_its_service_principal() -> None:
    assert [request.path for request in configurations.deletion("sp-1", None, [])] == [SP]


def test_an_id_cannot_leave_its_place_in_the_address() -> None:
    request = guests.restore("../../users/x?a=b#c")
    assert request.path == "/directory/deletedItems/..%2F..%2Fusers%2Fx%3Fa%3Db%23c/restore"


def test_every_permission_of_a_write_is_one_that_the_sign_in_knows_and_gives_a_reason_for() -> None:
    known = {permission.name for permission in PERMISSIONS if permission.writes}
    assert {scope for row in WRITES.values() for scope in row[0].scopes} == known
