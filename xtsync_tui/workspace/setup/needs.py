"""Which directory roles, permissions and licences each step needs, and whether they are held.

Sources: permissions-reference for roles; cross-tenant-synchronization-configure-graph and the permissions of
each call for scopes; cross-tenant-synchronization-overview for licences. The pages disagree on the role that
configures synchronization: any of those named is accepted.
"""

from dataclasses import dataclass

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.workspace.setup.facts import Facts, TenantFacts
from xtsync_tui.workspace.setup.reading import Need

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
LICENCE = "Entra ID P1 or P2"


@dataclass(frozen=True, slots=True)
class Role:
    """A directory role by the name to show, and the template ids of all roles that will do."""

    name: str
    ids: frozenset[str]


_APPLICATION = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"
_CLOUD_APPLICATION = "158c047a-c907-4556-b7ef-446551a6b5f7"
SECURITY = Role("Security Administrator", frozenset({"194ae4cb-b126-40b2-bd5b-6091b380977d"}))
ASSIGNS = Role("Cloud Application Administrator", frozenset({_APPLICATION, _CLOUD_APPLICATION}))
CONFIGURES = Role(
    "Hybrid Identity Administrator",
    frozenset({"8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2", _APPLICATION, _CLOUD_APPLICATION}),
)
LEAVES = Role("External Identity Provider Administrator", frozenset({"be2f45a1-457d-42af-a067-6ec1fa63bc45"}))


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one step needs on one side."""

    side: Side
    role: Role | None = None
    scope: str = ""
    licence: bool = False


_JOBS = "Synchronization.ReadWrite.All"
_ACCESS = "Policy.ReadWrite.CrossTenantAccess"
_CONFIGURING = Requirement(Side.SOURCE, CONFIGURES, _JOBS)

REQUIREMENTS: dict[int, Requirement] = {
    2: Requirement(Side.TARGET, SECURITY, _ACCESS),
    3: Requirement(Side.TARGET, SECURITY, _ACCESS, licence=True),
    4: Requirement(Side.SOURCE, SECURITY, _ACCESS, licence=True),
    5: Requirement(Side.SOURCE, ASSIGNS, "Application.ReadWrite.All"),
    6: _CONFIGURING,
    7: Requirement(Side.SOURCE, ASSIGNS, "AppRoleAssignment.ReadWrite.All"),
    8: _CONFIGURING,
    9: _CONFIGURING,
    10: _CONFIGURING,
    11: _CONFIGURING,
    12: _CONFIGURING,
    13: _CONFIGURING,
    14: Requirement(Side.TARGET, LEAVES, "Policy.ReadWrite.ExternalIdentities"),
}


def needs(number: int, facts: Facts) -> tuple[Need, ...]:
    """Return what step ``number`` needs and whether it is held."""
    requirement = REQUIREMENTS.get(number)
    return tuple(needs_of(requirement, facts.tenant(requirement.side), (number,))) if requirement else ()


def all_needs(facts: Facts) -> tuple[Need, ...]:
    """Return every need once, with the steps that need it: roles, then licences, then permissions."""
    steps: dict[tuple[str, str, Side], list[int]] = {}
    found: dict[tuple[str, str, Side], Need] = {}
    for number, requirement in REQUIREMENTS.items():
        for need in needs_of(requirement, facts.tenant(requirement.side)):
            key = (need.kind, need.name, need.side)
            found[key] = need
            steps.setdefault(key, []).append(number)
    order = ("role", "licence", "scope")
    merged = [
        Need(need.name, need.held, need.kind, need.side, tuple(steps[key])) for key, need in found.items()
    ]
    return tuple(sorted(merged, key=lambda need: order.index(need.kind)))


def needs_of(requirement: Requirement, tenant: TenantFacts, steps: tuple[int, ...] = ()) -> list[Need]:
    """Return what one requirement asks of its tenant, and whether that is held."""
    found: list[Need] = []
    if requirement.role is not None:
        held = _held(tenant.roles, requirement.role)
        found.append(Need(requirement.role.name, held, "role", tenant.side, steps))
    if requirement.scope:
        known = None if tenant.scopes is None else requirement.scope in tenant.scopes
        found.append(Need(requirement.scope, known, "scope", tenant.side, steps))
    if requirement.licence:
        premium = None if isinstance(tenant.premium, XtSyncError) else tenant.premium
        found.append(Need(LICENCE, premium, "licence", tenant.side, steps))
    return found


def _held(roles: frozenset[str] | XtSyncError, role: Role) -> bool | None:
    if isinstance(roles, XtSyncError):
        return None
    return not roles.isdisjoint(role.ids | {GLOBAL_ADMINISTRATOR})
