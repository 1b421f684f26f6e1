"""Tenant-wide policies of the target: who may invite, and whether external users may leave."""

from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.paths import builders, path
from xtsync_tui.model import AuthorizationPolicy, ExternalIdentitiesPolicy, Request
from xtsync_tui.model.wire import Read

READ = ("Policy.Read.All",)
_LEAVE = "/policies/externalIdentitiesPolicy"
"""Only in beta, so the SDK has no builder for it."""


class _Wrapped(Read, frozen=True):
    """The documentation shows the policy inside ``value``; it is also met bare."""

    value: ExternalIdentitiesPolicy | tuple[ExternalIdentitiesPolicy, ...] | None = None
    allow_external_identities_to_leave: bool | None = None
    allow_deleted_identities_data_removal: bool | None = None


async def authorization(client: GraphClient) -> AuthorizationPolicy:
    """Return who may invite guests."""
    request = Request(method="GET", path=path(builders().policies.authorization_policy), scopes=READ)
    return await client.get(request, AuthorizationPolicy)


def set_invitations(who: str) -> Request:
    """Say who may invite guests; with ``none`` no user can be synchronized in."""
    address = path(builders().policies.authorization_policy)
    scopes = ("Policy.ReadWrite.Authorization",)
    return Request(method="PATCH", path=address, body={"allowInvitesFrom": who}, scopes=scopes)


async def external_identities(client: GraphClient) -> ExternalIdentitiesPolicy:
    """Return whether external users may leave by themselves."""
    request = Request(method="GET", path=_LEAVE, version="beta", scopes=READ)
    answer = await client.get(request, _Wrapped)
    match answer.value:
        case ExternalIdentitiesPolicy() as policy:
            return policy
        case (policy, *_):
            return policy
        case _:
            return ExternalIdentitiesPolicy(
                allow_external_identities_to_leave=answer.allow_external_identities_to_leave,
                allow_deleted_identities_data_removal=answer.allow_deleted_identities_data_removal,
            )


def set_leave(*, allowed: bool) -> Request:
    """Let external users leave by themselves, or not."""
    body = {"allowExternalIdentitiesToLeave": allowed}
    scopes = ("Policy.ReadWrite.ExternalIdentities",)
    return Request(method="PATCH", path=_LEAVE, body=body, version="beta", scopes=scopes)
