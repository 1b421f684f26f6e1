"""Cross-tenant access: partners, the default, and who may synchronize users in [crossTenantAccessPolicy]."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.decoding import convert
from xtsync_tui.graph.paths import access_policy, builders, path
from xtsync_tui.model import IdentitySynchronization, Partner, Request, TenantInformation

READ = ("Policy.Read.All",)
WRITE = ("Policy.ReadWrite.CrossTenantAccess",)
RESOLVE = ("CrossTenantInformation.ReadBasic.All",)

_EXPAND = ["identitySynchronization"]


async def partners(client: GraphClient) -> tuple[Partner, ...]:
    """Return all partners, each with what it may synchronize in."""
    request = Request(method="GET", path=path(access_policy().partners, expand=_EXPAND), scopes=READ)
    return await client.collect(request, Partner)


async def partner(client: GraphClient, tenant_id: str) -> Partner | None:
    """Return one partner with what it may synchronize in, None when it is not one."""
    address = path(_partner(tenant_id), expand=_EXPAND)
    return await client.find(Request(method="GET", path=address, scopes=READ), Partner)


async def synchronization(client: GraphClient, tenant_id: str) -> IdentitySynchronization | None:
    """Return what a partner may synchronize in, groups included, which only beta tells; None for nothing."""
    address = path(_partner(tenant_id).identity_synchronization)
    request = Request(method="GET", path=address, version="beta", scopes=READ)
    return await client.find(request, IdentitySynchronization)


async def names(client: GraphClient, tenant_ids: Sequence[str]) -> dict[str, TenantInformation]:
    """Return what tenants tell about themselves, by id; those that tell nothing are left out."""
    relationships = builders().tenant_relationships
    requests = [
        Request(
            method="GET",
            path=path(relationships.find_tenant_information_by_tenant_id_with_tenant_id(each)),
            scopes=RESOLVE,
        )
        for each in tenant_ids
    ]
    answers = await client.batch(requests)
    found = [convert(answer, TenantInformation) for answer in answers if isinstance(answer, dict)]
    return {each.tenant_id: each for each in found}


async def default(client: GraphClient) -> Partner:
    """Return the settings for every tenant that is not a partner, and for what a partner leaves open."""
    return await client.get(Request(method="GET", path=path(access_policy().default), scopes=READ), Partner)


async def tenant_information(client: GraphClient, tenant: str) -> TenantInformation:
    """Return what the tenant with this id or domain name tells anyone; raises NotFound for neither."""
    relationships = builders().tenant_relationships
    name = tenant.strip().replace("'", "''")
    if _is_id(name):
        address = path(relationships.find_tenant_information_by_tenant_id_with_tenant_id(name))
    else:
        address = path(relationships.find_tenant_information_by_domain_name_with_domain_name(name))
    return await client.get(Request(method="GET", path=address, scopes=RESOLVE), TenantInformation)


def add_partner(tenant_id: str) -> Request:
    """Make a tenant a partner, every setting left to the default."""
    body = {"tenantId": tenant_id}
    return Request(method="POST", path=path(access_policy().partners), body=body, scopes=WRITE)


def update_partner(tenant_id: str, changes: dict[str, Any]) -> Request:
    """Change settings of a partner; None gives one back to the default."""
    return Request(method="PATCH", path=path(_partner(tenant_id)), body=changes, scopes=WRITE)


def remove_partner(tenant_id: str) -> Request:
    """Give a tenant back to the default; what it may synchronize in has to be removed before."""
    return Request(method="DELETE", path=path(_partner(tenant_id)), scopes=WRITE)


def set_redemption(tenant_id: str, *, inbound: bool | None = None, outbound: bool | None = None) -> Request:
    """Switch automatic redemption; None leaves a direction as it is."""
    settings = {
        name: value
        for name, value in (("inboundAllowed", inbound), ("outboundAllowed", outbound))
        if value is not None
    }
    return update_partner(tenant_id, {"automaticUserConsentSettings": settings})


def allow_user_sync(partner: Partner, *, allowed: bool = True, display_name: str = "") -> Request:
    """Let the partner synchronize users in, or stop it; those that are here stay.

    PUT creates and answers 409 when there is something; PATCH changes and fails when there is nothing.
    """
    address = path(_partner(partner.tenant_id).identity_synchronization)
    body: dict[str, Any] = {"userSyncInbound": {"isSyncAllowed": allowed}}
    if partner.identity_synchronization is not None:
        return Request(method="PATCH", path=address, body=body, scopes=WRITE)
    named = {"displayName": display_name} if display_name else {}
    return Request(method="PUT", path=address, body=named | body, scopes=WRITE)


def allow_group_sync(partner: Partner, *, allowed: bool) -> Request:
    """Let the partner synchronize security groups in, or stop it; only beta knows it."""
    address = path(_partner(partner.tenant_id).identity_synchronization)
    method = "PUT" if partner.identity_synchronization is None else "PATCH"
    body = {"groupSyncInbound": {"isSyncAllowed": allowed}}
    return Request(method=method, path=address, body=body, version="beta", scopes=WRITE)


def restore_user_sync(partner: Partner) -> Request:
    """Put back what the partner could synchronize in, after it was removed."""
    address = path(_partner(partner.tenant_id).identity_synchronization)
    sync = partner.identity_synchronization or IdentitySynchronization()
    body: dict[str, Any] = {"userSyncInbound": {"isSyncAllowed": bool(sync.users_allowed)}}
    named = {"displayName": sync.display_name} if sync.display_name else {}
    return Request(method="PUT", path=address, body=named | body, scopes=WRITE)


def restore_partner(partner: Partner) -> Request:
    """Make a tenant a partner again, with the settings that it had."""
    members = msgspec.to_builtins(partner)
    dropped = {"identitySynchronization", "isServiceDefault", "isInMultiTenantOrganization"}
    body = {name: value for name, value in members.items() if name not in dropped and value is not None}
    return Request(method="POST", path=path(access_policy().partners), body=body, scopes=WRITE)


def remove_user_sync(tenant_id: str) -> Request:
    """Remove what the partner may synchronize in."""
    address = path(_partner(tenant_id).identity_synchronization)
    return Request(method="DELETE", path=address, scopes=WRITE)


def _partner(tenant_id: str) -> Any:
    partners = access_policy().partners
    return partners.by_cross_tenant_access_policy_configuration_partner_tenant_id(tenant_id)


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
