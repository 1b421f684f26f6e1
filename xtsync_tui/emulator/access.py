"""Cross-tenant access policy: partners, defaults, inbound synchronization, and who another tenant is."""

import copy
import re
from typing import Any

from xtsync_tui.emulator.auth import SECURITY_ADMINISTRATOR, needs
from xtsync_tui.emulator.errors import Refusal, bad_request, duplicate, no_company, not_found
from xtsync_tui.emulator.routing import NO_CONTENT, Answer, Context, Route
from xtsync_tui.emulator.state import Document, Tenant

POLICY = "/policies/crossTenantAccessPolicy"
PARTNER = f"{POLICY}/partners/{{tenant}}"
SYNCHRONIZATION = f"{PARTNER}/identitySynchronization"
KIND = "policies/crossTenantAccessPolicy"

READ = needs("Policy.Read.All Policy.ReadWrite.CrossTenantAccess", [SECURITY_ADMINISTRATOR])
WRITE = needs("Policy.ReadWrite.CrossTenantAccess", [SECURITY_ADMINISTRATOR])
RESOLVE = needs("CrossTenantInformation.ReadBasic.All")

_SELECT_IN_EXPAND = re.compile(r"\(\$select=[\w,\s]+\)$")
"""Taken and not honoured: the whole policy is shown."""

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

NEW_PARTNER: Document = {
    "isServiceProvider": None,
    "isInMultiTenantOrganization": False,
    "inboundTrust": None,
    "b2bCollaborationOutbound": None,
    "b2bCollaborationInbound": None,
    "b2bDirectConnectOutbound": None,
    "b2bDirectConnectInbound": None,
    "tenantRestrictions": None,
    "crossCloudMeetingConfiguration": {"inboundAllowed": None, "outboundAllowed": None},
    "automaticUserConsentSettings": {"inboundAllowed": None, "outboundAllowed": None},
}
"""A partner made from a tenant id alone: null inherits from the default."""


def _all(access: str) -> Document:
    """Return a B2B setting for all users and all applications."""
    return {
        "usersAndGroups": {
            "accessType": access,
            "targets": [{"target": "AllUsers", "targetType": "user"}],
        },
        "applications": {
            "accessType": access,
            "targets": [{"target": "AllApplications", "targetType": "application"}],
        },
    }


def system_default() -> Document:
    """Return the default policy as the service sets it."""
    return {
        "isServiceDefault": True,
        "inboundTrust": {
            "isMfaAccepted": False,
            "isCompliantDeviceAccepted": False,
            "isHybridAzureADJoinedDeviceAccepted": False,
        },
        "b2bCollaborationOutbound": _all("allowed"),
        "b2bCollaborationInbound": _all("allowed"),
        "b2bDirectConnectOutbound": _all("blocked"),
        "b2bDirectConnectInbound": _all("blocked"),
        "automaticUserConsentSettings": {"inboundAllowed": False, "outboundAllowed": False},
        "tenantRestrictions": None,
        "invitationRedemptionIdentityProviderConfiguration": {
            "primaryIdentityProviderPrecedenceOrder": [
                "externalFederation",
                "azureActiveDirectory",
                "socialIdentityProviders",
            ],
            "fallbackIdentityProvider": "defaultConfiguredIdp",
        },
    }


def new_partner(tenant_id: str) -> Document:
    """Return a partner that inherits everything."""
    return {"tenantId": tenant_id, **copy.deepcopy(NEW_PARTNER)}


_SWITCHES = frozenset(
    {
        "automaticUserConsentSettings",
        "crossCloudMeetingConfiguration",
        "groupSyncInbound",
        "inboundTrust",
        "userSyncInbound",
    }
)
"""Properties that are an object of booleans, null where something is inherited."""


def _merge(document: Document, changes: Document, names: set[str]) -> None:
    """Overlay ``changes`` on ``document``; null inherits, switches are laid over those that were there.

    Raises:
        Refusal: 400 for a property that is not one of ``names``, or a switch that is neither on nor off;
            nothing is changed then.
    """
    for name, value in changes.items():
        if name not in names:
            raise bad_request(f"The property '{name}' does not exist on this type or cannot be updated.")
        if name in _SWITCHES and not _are_switches(_plain(value)):
            raise bad_request(f"Invalid value specified for property '{name}' of resource.")
    for name, value in changes.items():
        kept: Any = document.get(name)
        both = name in _SWITCHES and isinstance(kept, dict) and isinstance(value, dict)
        document[name] = _plain({**kept, **value} if both else value)


def _are_switches(value: Any) -> bool:
    if isinstance(value, dict):
        return all(switch is None or isinstance(switch, bool) for switch in value.values())
    return value is None


def _plain(value: Any) -> Any:
    """Return ``value`` without ``@odata.type`` members, which clients may send."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if name != "@odata.type"}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _partner(context: Context) -> Document:
    tenant_id = context.ids["tenant"].lower()
    if tenant_id not in context.tenant.partners:
        raise not_found(tenant_id)
    return context.tenant.partners[tenant_id]


def _shown(context: Context, partner: Document) -> Document:
    """Return ``partner`` with ``$select`` and ``$expand=identitySynchronization`` honoured."""
    names = context.query.names("select")
    unknown = [name for name in names if name not in {"tenantId", *NEW_PARTNER}]
    expand = _SELECT_IN_EXPAND.sub("", context.query.get("expand"))
    if unknown or expand not in ("", "identitySynchronization"):
        raise bad_request("Parsing OData Select and Expand failed.")
    shown = {name: partner.get(name) for name in names} if names else dict(partner)
    if expand:
        shown["identitySynchronization"] = context.tenant.identity_synchronizations.get(partner["tenantId"])
    return shown


async def policy(context: Context) -> Answer:
    """Return the policy itself."""
    return context.entity(f"{KIND}/$entity", context.tenant.cross_tenant_policy)


async def change_policy(context: Context) -> Answer:
    """Change the name or the clouds of the policy."""
    _merge(context.tenant.cross_tenant_policy, context.document(), {"displayName", "allowedCloudEndpoints"})
    return NO_CONTENT


async def partners(context: Context) -> Answer:
    """List the partners."""
    if any(context.query.get(option) for option in ("filter", "search", "orderby")):
        raise bad_request("The query specified in the URI is not valid for this resource.")
    rows = [_shown(context, partner) for partner in context.tenant.partners.values()]
    return context.collection(f"{KIND}/partners", rows)


async def add_partner(context: Context) -> Answer:
    """Add a partner by its tenant id."""
    document = context.document()
    tenant_id = str(document.pop("tenantId", "")).lower()
    if not _GUID.fullmatch(tenant_id) or tenant_id == context.tenant.id:
        raise bad_request("Invalid value specified for property 'tenantId' of resource.")
    if tenant_id in context.tenant.partners:
        raise duplicate("Another object with the same value for property tenantId already exists.")
    partner = new_partner(tenant_id)
    _merge(partner, document, set(NEW_PARTNER))
    context.tenant.partners[tenant_id] = partner
    return context.entity(f"{KIND}/partners/$entity", partner, 201)


async def partner(context: Context) -> Answer:
    """Return one partner."""
    return context.entity(f"{KIND}/partners/$entity", _shown(context, _partner(context)))


async def change_partner(context: Context) -> Answer:
    """Change one partner."""
    _merge(_partner(context), context.document(), set(NEW_PARTNER))
    return NO_CONTENT


async def remove_partner(context: Context) -> Answer:
    """Remove a partner, which must have lost its inbound synchronization before.

    Not documented: the refusal's status and code.
    """
    tenant_id = _partner(context)["tenantId"]
    if tenant_id in context.tenant.identity_synchronizations:
        raise bad_request("The partner has an identity synchronization policy. Delete that first.")
    del context.tenant.partners[tenant_id]
    return NO_CONTENT


def _synchronization(context: Context, missing: Refusal) -> Document:
    tenant_id = context.ids["tenant"].lower()
    found = context.tenant.identity_synchronizations.get(tenant_id)
    if found is None:
        raise missing
    return found


async def synchronization(context: Context) -> Answer:
    """Return whether the partner may synchronize its users into this tenant.

    Not documented: the code when there is none.
    """
    found = _synchronization(context, not_found(context.ids["tenant"]))
    return context.entity(f"{KIND}/partners('{found['tenantId']}')/identitySynchronization/$entity", found)


async def create_synchronization(context: Context) -> Answer:
    """Create the inbound synchronization of a partner; 409 when it is there already."""
    tenant_id = context.ids["tenant"].lower()
    if tenant_id not in context.tenant.partners:
        raise no_company()
    if tenant_id in context.tenant.identity_synchronizations:
        raise duplicate("A conflicting object with one or more of the specified property values is present.")
    created: Document = {
        "tenantId": tenant_id,
        "displayName": None,
        "userSyncInbound": {"isSyncAllowed": False},
    }
    _merge(created, context.document(), _synchronization_names(context))
    context.tenant.identity_synchronizations[tenant_id] = created
    return NO_CONTENT


def _synchronization_names(context: Context) -> set[str]:
    """Return what may be written; synchronizing groups is known to beta only."""
    names = {"displayName", "userSyncInbound"}
    return names | {"groupSyncInbound"} if context.request.version == "beta" else names


async def change_synchronization(context: Context) -> Answer:
    """Change the inbound synchronization of a partner."""
    _merge(_synchronization(context, no_company()), context.document(), _synchronization_names(context))
    return NO_CONTENT


async def remove_synchronization(context: Context) -> Answer:
    """Remove the inbound synchronization of a partner."""
    found = _synchronization(context, not_found(context.ids["tenant"]))
    del context.tenant.identity_synchronizations[found["tenantId"]]
    return NO_CONTENT


async def default(context: Context) -> Answer:
    """Return what partners inherit."""
    return context.entity(f"{KIND}/default", context.tenant.default_policy)


async def change_default(context: Context) -> Answer:
    """Change what partners inherit; it is the service's default no more."""
    policy = context.tenant.default_policy
    _merge(policy, context.document(), set(system_default()) - {"isServiceDefault"})
    policy["isServiceDefault"] = False
    return NO_CONTENT


async def reset_default(context: Context) -> Answer:
    """Go back to the service's default."""
    context.tenant.default_policy = system_default()
    return NO_CONTENT


def _information(context: Context, tenant: Tenant | None) -> Answer:
    """Return the public facts of a tenant. Not documented: the code for an unknown one."""
    if tenant is None:
        raise no_company()
    facts = {
        "tenantId": tenant.id,
        "federationBrandName": None,
        "displayName": tenant.name,
        "defaultDomainName": tenant.domain,
    }
    return context.entity("microsoft.graph.tenantInformation", facts)


async def tenant_by_id(context: Context) -> Answer:
    """Say who the tenant with this id is."""
    return _information(context, context.world.tenants.get(context.ids["tenant"].lower()))


async def tenant_by_domain(context: Context) -> Answer:
    """Say who owns this domain."""
    return _information(context, context.world.tenant_of_domain(context.ids["domain"]))


def routes() -> list[Route]:
    """Return the calls of the cross-tenant access policy."""
    find = "/tenantRelationships/findTenantInformationBy"
    return [
        Route("GET", POLICY, policy, READ),
        Route("PATCH", POLICY, change_policy, WRITE),
        Route("GET", f"{POLICY}/default", default, READ),
        Route("PATCH", f"{POLICY}/default", change_default, WRITE),
        Route("POST", f"{POLICY}/default/resetToSystemDefault", reset_default, WRITE),
        Route("GET", f"{POLICY}/partners", partners, READ),
        Route("POST", f"{POLICY}/partners", add_partner, WRITE),
        Route("GET", PARTNER, partner, READ),
        Route("PATCH", PARTNER, change_partner, WRITE),
        Route("DELETE", PARTNER, remove_partner, WRITE),
        Route("GET", SYNCHRONIZATION, synchronization, READ),
        Route("PUT", SYNCHRONIZATION, create_synchronization, WRITE),
        Route("PATCH", SYNCHRONIZATION, change_synchronization, WRITE),
        Route("DELETE", SYNCHRONIZATION, remove_synchronization, WRITE),
        Route("GET", f"{find}TenantId(tenantId='{{tenant}}')", tenant_by_id, RESOLVE),
        Route("GET", f"{find}DomainName(domainName='{{domain}}')", tenant_by_domain, RESOLVE),
    ]
