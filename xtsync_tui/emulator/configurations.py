"""Configurations: the gallery template, the application and service principal made from it, assignments."""

import base64
import copy
from collections.abc import Mapping
from datetime import timedelta

from xtsync_tui.emulator.auth import ASSIGNS, CONFIGURES, needs
from xtsync_tui.emulator.clock import stamp
from xtsync_tui.emulator.entities import (
    APP_ROLE_ASSIGNMENT,
    APPLICATION,
    SERVICE_PRINCIPAL,
    EntityType,
)
from xtsync_tui.emulator.errors import bad_request, not_found
from xtsync_tui.emulator.groups import READ_GROUPS, group_of
from xtsync_tui.emulator.listing import count, listing, one, view
from xtsync_tui.emulator.people import READ_USERS, person_of
from xtsync_tui.emulator.routing import NO_CONTENT, Answer, Context, Route
from xtsync_tui.emulator.state import Document, Tenant, World

TEMPLATE = "518e5f48-1fc8-4c48-9387-9fdf28b0dfe7"
"""The gallery template of cross-tenant synchronization."""

REPLICATION = timedelta(seconds=6)
"""How long a new configuration is not to be found. The documentation says up to 15 s; which time within
that is not documented."""

READ = needs(
    "Application.Read.All Application.ReadWrite.All Directory.Read.All Directory.ReadWrite.All "
    "Synchronization.Read.All Synchronization.ReadWrite.All"
)
WRITE = needs("Application.ReadWrite.All Directory.ReadWrite.All", CONFIGURES)
DELETE = needs("Application.ReadWrite.All Directory.ReadWrite.All", ASSIGNS)
READ_ASSIGNMENTS = needs(
    "Application.Read.All Application.ReadWrite.All AppRoleAssignment.ReadWrite.All Directory.Read.All"
)
ASSIGN = needs("AppRoleAssignment.ReadWrite.All Application.ReadWrite.All", ASSIGNS)
"""Not documented: whether ``Application.ReadWrite.All`` alone is enough; the permissions data lists it."""

_HOMEPAGE = (
    "https://account.activedirectory.windowsazure.com:444/applications/default.aspx"
    "?metadata=aad2aadsync|ISV9.1|primary|z"
)
_RENAMES = frozenset({"displayName", "notes", "tags", "accountEnabled", "appRoleAssignmentRequired"})


def visible(world: World, tenant: Tenant, object_id: str) -> bool:
    """Return whether a new object has been replicated, so that it can be found."""
    return object_id not in tenant.visible_from or tenant.visible_from[object_id] <= world.clock.now()


def service_principal_of(context: Context) -> Document:
    """Return the service principal of the path, by object id or by ``appId``.

    Raises:
        Refusal: 404, also while a new one has not been replicated.
    """
    return _named(context, context.tenant.service_principals, context.ids["sp"])


def application_of(context: Context) -> Document:
    """Return the application of the path, by object id or by ``appId``.

    Raises:
        Refusal: 404, also while a new one has not been replicated.
    """
    return _named(context, context.tenant.applications, context.ids["id"])


def _named(context: Context, rows: Mapping[str, Document], key: str) -> Document:
    """Return the row with the object id ``key``, or with the app id for ``appId=…``."""
    kind, _, app_id = key.partition("=")
    if kind.lower() == "appid":
        found = next((row for row in rows.values() if row["appId"] == app_id), None)
    else:
        found = rows.get(key)
    if found is None or not visible(context.world, context.tenant, found["id"]):
        raise not_found(app_id or key)
    return found


async def template(context: Context) -> Answer:
    """Return the gallery template."""
    if context.ids["template"] != TEMPLATE:
        raise not_found(context.ids["template"])
    facts = {
        "id": TEMPLATE,
        "displayName": "Azure AD to Azure AD Synchronization",
        "homePageUrl": "https://www.microsoft.com",
        "supportedSingleSignOnModes": [],
        "supportedProvisioningTypes": ["sync"],
        "logoUrl": None,
        "categories": ["directoryServices"],
        "publisher": "Microsoft Corporation",
        "description": "Synchronize users to another tenant.",
    }
    return context.entity("applicationTemplates/$entity", facts)


def _scope(world: World, name: str) -> Document:
    return {
        "adminConsentDescription": f"Allow the application to access {name} on behalf of the signed-in user.",
        "adminConsentDisplayName": f"Access {name}",
        "id": world.new_id(),
        "isEnabled": True,
        "type": "User",
        "userConsentDescription": f"Allow the application to access {name} on your behalf.",
        "userConsentDisplayName": f"Access {name}",
        "value": "user_impersonation",
    }


def make_configuration(world: World, tenant: Tenant, name: str) -> tuple[Document, Document]:
    """Make the application and the service principal of a configuration; both can be found at once."""
    role = {
        "allowedMemberTypes": ["User"],
        "description": "msiam_access",
        "displayName": "msiam_access",
        "id": world.new_id(),
        "isEnabled": True,
        "origin": "Application",
        "value": None,
    }
    scope = _scope(world, name)
    shared = {
        "appId": world.new_id(),
        "applicationTemplateId": TEMPLATE,
        "displayName": name,
        "appRoles": [role],
    }
    application: Document = {
        "id": world.new_id(),
        "createdDateTime": stamp(world.clock.now()),
        "signInAudience": "AzureADMyOrg",
        "publisherDomain": tenant.domain,
        "web": {"homePageUrl": _HOMEPAGE, "redirectUris": []},
        "api": {"oauth2PermissionScopes": [scope]},
        **shared,
    }
    principal: Document = {
        "id": world.new_id(),
        "accountEnabled": True,
        "appDisplayName": name,
        "appOwnerOrganizationId": tenant.id,
        "appRoleAssignmentRequired": True,
        "homepage": _HOMEPAGE,
        "oauth2PermissionScopes": [copy.deepcopy(scope)],
        "servicePrincipalNames": [shared["appId"]],
        "servicePrincipalType": "Application",
        "signInAudience": "AzureADMyOrg",
        "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
        **copy.deepcopy(shared),
    }
    tenant.applications[application["id"]] = application
    tenant.service_principals[principal["id"]] = principal
    return application, principal


async def instantiate(context: Context) -> Answer:
    """Make a configuration from the template; it can be found after some seconds."""
    if context.ids["template"] != TEMPLATE:
        raise not_found(context.ids["template"])
    name = context.document().get("displayName")
    if not isinstance(name, str) or not name.strip():
        raise bad_request("A value is required for property 'displayName' of resource 'Application'.")
    application, principal = make_configuration(context.world, context.tenant, name)
    for made in (application, principal):
        context.tenant.visible_from[made["id"]] = context.now + REPLICATION
    body = {
        "application": view(application, APPLICATION),
        "servicePrincipal": view(principal, SERVICE_PRINCIPAL),
    }
    return context.entity("microsoft.graph.applicationServicePrincipal", body, 201)


def _found(context: Context, rows: dict[str, Document]) -> list[Document]:
    return [row for row in rows.values() if visible(context.world, context.tenant, row["id"])]


async def service_principals(context: Context) -> Answer:
    """List the service principals that have been replicated."""
    rows = _found(context, context.tenant.service_principals)
    return await listing(context, rows, SERVICE_PRINCIPAL, "servicePrincipals")


async def service_principal_count(context: Context) -> Answer:
    """Count the service principals."""
    return await count(context, _found(context, context.tenant.service_principals), SERVICE_PRINCIPAL)


async def service_principal(context: Context) -> Answer:
    """Return one service principal."""
    return one(context, service_principal_of(context), SERVICE_PRINCIPAL, "servicePrincipals/$entity")


async def applications(context: Context) -> Answer:
    """List the applications that have been replicated."""
    return await listing(context, _found(context, context.tenant.applications), APPLICATION, "applications")


async def application(context: Context) -> Answer:
    """Return one application."""
    return one(context, application_of(context), APPLICATION, "applications/$entity")


def _rename(context: Context, document: Document, entity: EntityType) -> Answer:
    changes = context.document()
    for name in changes:
        if name not in _RENAMES or name not in entity.properties:
            raise bad_request(f"Property '{name}' is read-only and cannot be set.")
    document.update(changes)
    context.tenant.touch(document["id"])
    return NO_CONTENT


async def change_service_principal(context: Context) -> Answer:
    """Rename a service principal."""
    return _rename(context, service_principal_of(context), SERVICE_PRINCIPAL)


async def change_application(context: Context) -> Answer:
    """Rename an application."""
    return _rename(context, application_of(context), APPLICATION)


def _remove_principal(context: Context, principal: Document) -> None:
    """Move a service principal to the bin; its jobs and assignments end with it."""
    tenant, principal_id = context.tenant, principal["id"]
    for job_id in tenant.jobs.pop(principal_id, {}):
        tenant.schemas.pop(job_id, None)
    tenant.secrets.pop(principal_id, None)
    for key in [key for key, row in tenant.assignments.items() if row["resourceId"] == principal_id]:
        del tenant.assignments[key]
    del tenant.service_principals[principal_id]
    tenant.deleted_service_principals[principal_id] = {**principal, "deletedDateTime": stamp(context.now)}


async def delete_service_principal(context: Context) -> Answer:
    """Delete a service principal."""
    _remove_principal(context, service_principal_of(context))
    return NO_CONTENT


async def delete_application(context: Context) -> Answer:
    """Delete an application and, in its own tenant, its service principal.

    Not documented for configurations: that the service principal goes with it is so for applications.
    """
    tenant, found = context.tenant, application_of(context)
    for principal in [row for row in tenant.service_principals.values() if row["appId"] == found["appId"]]:
        _remove_principal(context, principal)
    del tenant.applications[found["id"]]
    tenant.deleted_applications[found["id"]] = {**found, "deletedDateTime": stamp(context.now)}
    return NO_CONTENT


async def assigned_to(context: Context) -> Answer:
    """List who is assigned to a service principal."""
    resource_id = service_principal_of(context)["id"]
    rows = [row for row in context.tenant.assignments.values() if row["resourceId"] == resource_id]
    kind = f"servicePrincipals('{resource_id}')/appRoleAssignedTo"
    return await listing(context, rows, APP_ROLE_ASSIGNMENT, kind)


async def assignments_of_user(context: Context) -> Answer:
    """List what a user is assigned to, directly."""
    return await _assignments_of(context, "users", person_of(context)["id"])


async def assignments_of_group(context: Context) -> Answer:
    """List what a group is assigned to."""
    return await _assignments_of(context, "groups", group_of(context)["id"])


async def _assignments_of(context: Context, kind: str, principal_id: str) -> Answer:
    rows = [row for row in context.tenant.assignments.values() if row["principalId"] == principal_id]
    return await listing(context, rows, APP_ROLE_ASSIGNMENT, f"{kind}('{principal_id}')/appRoleAssignments")


def make_assignment(world: World, tenant: Tenant, principal_id: str, resource: Document) -> Document:
    """Assign a person or group to ``resource`` with its only role."""
    principal = tenant.users.get(principal_id) or tenant.groups[principal_id]
    assignment: Document = {
        "id": base64.urlsafe_b64encode(world.random.randbytes(32)).decode().rstrip("="),
        "deletedDateTime": None,
        "appRoleId": resource["appRoles"][0]["id"],
        "createdDateTime": stamp(world.clock.now()),
        "principalDisplayName": principal.get("displayName"),
        "principalId": principal_id,
        "principalType": "User" if principal_id in tenant.users else "Group",
        "resourceDisplayName": resource["displayName"],
        "resourceId": resource["id"],
    }
    tenant.assignments[assignment["id"]] = assignment
    tenant.touch(principal_id)
    return assignment


async def assign(context: Context) -> Answer:
    """Assign a person or a group.

    Not documented: the refusal of a second assignment of the same pair.
    """
    tenant, resource, body = context.tenant, service_principal_of(context), context.document()
    principal_id = body.get("principalId")
    if principal_id not in tenant.users and principal_id not in tenant.groups:
        raise not_found(str(principal_id))
    if body.get("resourceId") != resource["id"]:
        raise bad_request("Invalid value specified for property 'resourceId' of resource.")
    if body.get("appRoleId") != resource["appRoles"][0]["id"]:
        raise bad_request("Permission being assigned was not found on application.")
    rows = tenant.assignments.values()
    if any(row["principalId"] == principal_id and row["resourceId"] == resource["id"] for row in rows):
        raise bad_request("Permission being assigned already exists on the object")
    made = make_assignment(context.world, tenant, principal_id, resource)
    return context.entity(f"servicePrincipals('{resource['id']}')/appRoleAssignedTo/$entity", made, 201)


async def unassign(context: Context) -> Answer:
    """Take an assignment away."""
    resource_id, key = service_principal_of(context)["id"], context.ids["assignment"]
    found = context.tenant.assignments.get(key)
    if found is None or found["resourceId"] != resource_id:
        raise not_found(key)
    del context.tenant.assignments[key]
    context.tenant.touch(found["principalId"])
    return NO_CONTENT


def routes() -> list[Route]:
    """Return the calls about configurations and assignments."""
    gallery = "/applicationTemplates/{template}"
    principal = "/servicePrincipals/{sp}"
    return [
        Route("GET", gallery, template, READ),
        Route("POST", f"{gallery}/instantiate", instantiate, WRITE),
        Route("GET", "/servicePrincipals", service_principals, READ),
        Route("GET", "/servicePrincipals/$count", service_principal_count, READ),
        Route("GET", principal, service_principal, READ),
        Route("PATCH", principal, change_service_principal, WRITE),
        Route("DELETE", principal, delete_service_principal, DELETE),
        Route("GET", f"{principal}/appRoleAssignedTo", assigned_to, READ_ASSIGNMENTS),
        Route("POST", f"{principal}/appRoleAssignedTo", assign, ASSIGN),
        Route("DELETE", f"{principal}/appRoleAssignedTo/{{assignment}}", unassign, ASSIGN),
        Route("GET", "/applications", applications, READ),
        Route("GET", "/applications/{id}", application, READ),
        Route("PATCH", "/applications/{id}", change_application, WRITE),
        Route("DELETE", "/applications/{id}", delete_application, DELETE),
        Route("GET", "/users/{user}/appRoleAssignments", assignments_of_user, READ_USERS),
        Route("GET", "/groups/{group}/appRoleAssignments", assignments_of_group, READ_GROUPS),
    ]
