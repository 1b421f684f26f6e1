"""The permissions this program asks for: which, in which tenant, for what, and when.

Source: "Configure cross-tenant synchronization using Microsoft Graph" and the permissions reference, taken
down to the least that each call accepts. Reading is asked for at sign-in; a write permission at the first
write that needs it, by name and with its reason. All but ``User.Read`` need an administrator's consent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xtsync_tui.model import Side

DEFAULT = ".default"
"""What was consented to before: the only scope of a program, and the way around a missing consent."""


@dataclass(frozen=True, slots=True)
class Permission:
    """One delegated permission of Graph, the sides that need it, and why.

    ``writes`` says that it is asked for at the first write; ``optional`` that only one repair needs it.
    """

    name: str
    sides: tuple[Side, ...]
    reason: str
    writes: bool = False
    optional: bool = False


_BOTH = (Side.SOURCE, Side.TARGET)

PERMISSIONS = (
    Permission("Policy.Read.All", _BOTH, "read the cross-tenant access settings and who may invite"),
    Permission("User.Read.All", _BOTH, "find people, and see whether they arrived"),
    Permission("AuditLog.Read.All", _BOTH, "read the provisioning and audit logs"),
    Permission("Synchronization.Read.All", (Side.SOURCE,), "read jobs, mappings and scoping filters"),
    Permission("Application.Read.All", (Side.SOURCE,), "list the configurations"),
    Permission("GroupMember.Read.All", (Side.SOURCE,), "see who is in an assigned group"),
    Permission("CrossTenantInformation.ReadBasic.All", _BOTH, "find the name of a tenant by id or domain"),
    Permission("Organization.Read.All", _BOTH, "see whether the licence is there"),
    Permission("User.Read", _BOTH, "see who is signed in, with which roles"),
    Permission(
        "Policy.ReadWrite.CrossTenantAccess", _BOTH, "set partners and redeem invitations", writes=True
    ),
    Permission("Application.ReadWrite.All", (Side.SOURCE,), "create and delete configurations", writes=True),
    Permission(
        "Synchronization.ReadWrite.All",
        (Side.SOURCE,),
        "change, start and pause jobs, save mappings, provision on demand",
        writes=True,
    ),
    Permission("AppRoleAssignment.ReadWrite.All", (Side.SOURCE,), "assign people and groups", writes=True),
    Permission("Policy.ReadWrite.Authorization", (Side.TARGET,), "change who may invite", writes=True),
    Permission(
        "Policy.ReadWrite.ExternalIdentities", (Side.TARGET,), "let external users leave", writes=True
    ),
    Permission(
        "UserAuthenticationMethod.ReadWrite.All",
        (Side.SOURCE,),
        "switch off SMS sign-in for a person whom the service skips",
        writes=True,
        optional=True,
    ),
    Permission(
        "User.DeleteRestore.All", (Side.TARGET,), "restore a person from the bin", writes=True, optional=True
    ),
    Permission(
        "Directory.ReadWrite.All",
        (Side.SOURCE,),
        "let the service discover the attributes again",
        writes=True,
        optional=True,
    ),
)


def read_scopes(side: Side) -> tuple[str, ...]:
    """Return the permissions that ``side`` signs in with, the weightiest first."""
    return tuple(one.name for one in PERMISSIONS if side in one.sides and not one.writes)


def reason(name: str) -> str:
    """Return what the permission ``name`` is for, ``""`` if this program never asks for it."""
    return next((one.reason for one in PERMISSIONS if one.name == name), "")


def granted(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what an access token's ``claims`` allow: delegated permissions, else application roles."""
    names = str(claims.get("scp", "")).split() or [str(role) for role in claims.get("roles", ())]
    return tuple(name for name in names if name not in {"openid", "profile", "email", "offline_access"})
