"""The signed-in person, the organization, its licences, directory roles and recycle bin."""

import uuid
from collections.abc import Iterable

from xtsync_tui.emulator import people
from xtsync_tui.emulator.auth import ROLE_NAMES, USER_ADMINISTRATOR, needs
from xtsync_tui.emulator.entities import (
    APPLICATION,
    CONTACT,
    DIRECTORY_OBJECT,
    DIRECTORY_ROLE,
    GROUP,
    ORGANIZATION,
    ROLE_ASSIGNMENT,
    SERVICE_PRINCIPAL,
    SUBSCRIBED_SKU,
    USER,
    EntityType,
)
from xtsync_tui.emulator.errors import not_found
from xtsync_tui.emulator.listing import listing, one
from xtsync_tui.emulator.people import READ_USERS, person_of
from xtsync_tui.emulator.routing import NO_CONTENT, Answer, Context, Handler, Route
from xtsync_tui.emulator.state import Document, Tenant

ME = needs("User.Read User.ReadWrite User.Read.All User.ReadWrite.All Directory.Read.All")
BASIC = needs("User.Read Organization.Read.All Directory.Read.All Directory.ReadWrite.All")
LICENCES = needs(
    "Organization.Read.All Directory.Read.All Directory.ReadWrite.All LicenseAssignment.Read.All"
)
ROLES = needs("RoleManagement.Read.Directory RoleManagement.Read.All Directory.Read.All")
BIN = needs("User.Read.All User.ReadWrite.All User.DeleteRestore.All Directory.Read.All Application.Read.All")
REPAIR = needs("User.DeleteRestore.All User.ReadWrite.All Directory.ReadWrite.All", [USER_ADMINISTRATOR])
"""Not documented for restoring: the scopes and roles are those of deleting a user."""


def organization_of(tenant: Tenant) -> Document:
    """Return the one organization of ``tenant``."""
    capabilities = "Email, OfficeCommunicationsOnline"
    domains = [
        {
            "capabilities": capabilities,
            "isDefault": name == tenant.domain,
            "isInitial": name == tenant.initial_domain,
            "name": name,
            "type": "Managed",
        }
        for name in (tenant.domain, tenant.initial_domain)
    ]
    return {
        "id": tenant.id,
        "displayName": tenant.name,
        "createdDateTime": tenant.created,
        "countryLetterCode": "DE",
        "preferredLanguage": "en",
        "tenantType": "AAD",
        "verifiedDomains": domains,
        "privacyProfile": {"contactEmail": f"privacy@{tenant.domain}", "statementUrl": None},
        "technicalNotificationMails": [f"it@{tenant.domain}"],
    }


def role_document(tenant: Tenant, template: str) -> Document:
    """Return the directory role made from ``template``."""
    name = ROLE_NAMES[template]
    return {
        "id": str(uuid.uuid5(uuid.UUID(tenant.id), template)),
        "description": f"Holders of {name}.",
        "displayName": name,
        "roleTemplateId": template,
    }


def _roles(tenant: Tenant, user_id: str) -> list[Document]:
    return [role_document(tenant, template) for template in sorted(tenant.roles.get(user_id, ()))]


def groups_of(tenant: Tenant, member_id: str, *, transitive: bool) -> list[Document]:
    """Return the groups that ``member_id`` is in, directly or also through other groups."""
    found: dict[str, Document] = {}
    asked = [member_id]
    while asked:
        inner = asked.pop()
        outer = [group_id for group_id, members in tenant.members.items() if inner in members]
        new = [group_id for group_id in outer if group_id not in found]
        found |= {group_id: tenant.groups[group_id] for group_id in new}
        asked += new if transitive else []
    return list(found.values())


def _type_of(row: Document) -> EntityType:
    return DIRECTORY_ROLE if "roleTemplateId" in row else GROUP


def _memberships(transitive: bool, cast: str) -> Handler:
    """Return the handler of ``memberOf`` or ``transitiveMemberOf``, all or of one type."""

    async def handler(context: Context) -> Answer:
        tenant, user_id = context.tenant, person_of(context)["id"]
        roles = _roles(tenant, user_id) if cast != "group" else []
        groups = groups_of(tenant, user_id, transitive=transitive) if cast != "directoryRole" else []
        if cast == "group":
            return await listing(context, groups, GROUP, "groups")
        if cast == "directoryRole":
            return await listing(context, roles, DIRECTORY_ROLE, "directoryRoles")
        return await listing(
            context, [*roles, *groups], DIRECTORY_OBJECT, "directoryObjects", type_of=_type_of
        )

    return handler


async def me(context: Context) -> Answer:
    """Return the person signed in."""
    return one(context, person_of(context), USER, "users/$entity", people.expanders(context))


async def organization(context: Context) -> Answer:
    """List the one organization."""
    return await listing(context, [organization_of(context.tenant)], ORGANIZATION, "organization")


async def subscribed_skus(context: Context) -> Answer:
    """List the licences that were bought."""
    return await listing(context, context.tenant.subscribed_skus, SUBSCRIBED_SKU, "subscribedSkus")


async def role_assignments(context: Context) -> Answer:
    """List who holds which directory role, directly."""
    tenant = context.tenant
    rows = [
        {
            "id": str(uuid.uuid5(uuid.UUID(user_id), template)),
            "principalId": user_id,
            "roleDefinitionId": template,
            "directoryScopeId": "/",
        }
        for user_id, templates in tenant.roles.items()
        for template in sorted(templates)
    ]
    return await listing(context, rows, ROLE_ASSIGNMENT, "roleManagement/directory/roleAssignments")


async def contacts(context: Context) -> Answer:
    """List the mail contacts of the organization."""
    return await listing(context, list(context.tenant.contacts.values()), CONTACT, "contacts")


def _bins(tenant: Tenant) -> Iterable[tuple[EntityType, dict[str, Document], dict[str, Document]]]:
    """Return entity type, bin and living objects for each kind of object that can be restored."""
    return (
        (USER, tenant.deleted_users, tenant.users),
        (APPLICATION, tenant.deleted_applications, tenant.applications),
        (SERVICE_PRINCIPAL, tenant.deleted_service_principals, tenant.service_principals),
    )


def _deleted(entity: EntityType) -> Handler:
    """Return the handler that lists the deleted objects of one type."""

    async def handler(context: Context) -> Answer:
        rows = next(rows for kind, rows, _ in _bins(context.tenant) if kind is entity)
        return await listing(context, list(rows.values()), entity, "directoryObjects")

    return handler


async def deleted_item(context: Context) -> Answer:
    """Return one deleted object."""
    for entity, rows, _ in _bins(context.tenant):
        if context.ids["item"] in rows:
            answer = one(context, rows[context.ids["item"]], entity, "directoryObjects/$entity")
            answer.body["@odata.type"] = f"#{entity.name}"
            return answer
    raise not_found(context.ids["item"])


async def restore(context: Context) -> Answer:
    """Bring a deleted object back."""
    item = context.ids["item"]
    for entity, rows, living in _bins(context.tenant):
        if item in rows:
            living[item] = {**rows.pop(item), "deletedDateTime": None}
            people.tie_again(context.tenant, item)
            context.tenant.touch(item)
            answer = one(context, living[item], entity, "directoryObjects/$entity")
            answer.body["@odata.type"] = f"#{entity.name}"
            return answer
    raise not_found(item)


async def purge(context: Context) -> Answer:
    """Delete a deleted object for good."""
    for _, rows, _ in _bins(context.tenant):
        if rows.pop(context.ids["item"], None) is not None:
            context.tenant.ties.pop(context.ids["item"], None)
            context.tenant.touch(context.ids["item"])
            return NO_CONTENT
    raise not_found(context.ids["item"])


def routes() -> list[Route]:
    """Return the calls about the tenant and the person signed in."""
    memberships = [
        Route("GET", f"{person}/{name}{cast and '/microsoft.graph.'}{cast}", handler, access)
        for name, transitive in (("memberOf", False), ("transitiveMemberOf", True))
        for cast in ("", "group", "directoryRole")
        for handler in [_memberships(transitive, cast)]
        for person, access in (("/me", ME), ("/users/{user}", READ_USERS))
    ]
    deleted = "/directory/deletedItems"
    return [
        Route("GET", "/me", me, ME),
        *memberships,
        Route("GET", "/organization", organization, BASIC),
        Route("GET", "/subscribedSkus", subscribed_skus, LICENCES),
        Route("GET", "/roleManagement/directory/roleAssignments", role_assignments, ROLES),
        Route("GET", "/contacts", contacts, needs("OrgContact.Read.All Directory.Read.All")),
        Route("GET", f"{deleted}/microsoft.graph.user", _deleted(USER), BIN),
        Route("GET", f"{deleted}/microsoft.graph.application", _deleted(APPLICATION), BIN),
        Route("GET", f"{deleted}/microsoft.graph.servicePrincipal", _deleted(SERVICE_PRINCIPAL), BIN),
        Route("GET", f"{deleted}/{{item}}", deleted_item, BIN),
        Route("DELETE", f"{deleted}/{{item}}", purge, REPAIR),
        Route("POST", f"{deleted}/{{item}}/restore", restore, REPAIR),
    ]
