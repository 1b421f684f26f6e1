"""The access settings of both tenants, read: partners, defaults, external collaboration."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import access
from xtsync_tui.model import Partner, Side, TenantInformation
from xtsync_tui.workspace.access_settings import Policy, Setting, SettingRow, rows
from xtsync_tui.workspace.external import ExternalRow, external_rows
from xtsync_tui.workspace.setup.attempts import attempt, together
from xtsync_tui.workspace.setup.facts import Part, TenantFacts
from xtsync_tui.workspace.setup.gather import read_invitations, read_may_leave, read_tenants
from xtsync_tui.workspace.setup.needs import SECURITY, Requirement, needs_of
from xtsync_tui.workspace.setup.reading import Mark, Need

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient
    from xtsync_tui.workspace.pair import Workspace

MOST_NAMES = 60
"""Partners whose names are asked for at most, in batches of 20; the others show their ids."""


@dataclass(frozen=True, slots=True)
class SideAccess:
    """What one side says: about the other one, about all its partners, and about guests."""

    tenant: TenantFacts
    groups: XtSyncError | None
    partners: Part[tuple[Partner, ...]]
    invitations: Part[str]
    may_leave: Part[bool]

    @property
    def policy(self) -> Policy:
        """Its default and its entry for the other side."""
        return Policy(self.tenant.default, self.tenant.partner, self.groups)


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """A partner of one side. ``name`` and ``domain`` are "" when the tenant told nothing about itself."""

    side: Side
    partner: Partner
    name: str
    domain: str
    of_pair: bool

    @property
    def id(self) -> str:
        """What tells it from the others."""
        return f"{self.side.value}:{self.partner.tenant_id}"

    @property
    def label(self) -> str:
        """Its name, or its id where it has none."""
        return self.name or self.partner.tenant_id


@dataclass(frozen=True, slots=True)
class AccessReading:
    """Both sides at one moment. ``names`` are the tenants that are known by name, by id."""

    sides: Mapping[Side, SideAccess]
    names: Mapping[str, TenantInformation]
    read_at: datetime
    rows: tuple[SettingRow, ...] = field(default=())
    external: tuple[ExternalRow, ...] = field(default=())

    @property
    def stopping(self) -> int:
        """How many settings stop synchronization."""
        return len([row for row in self.rows if row.stops]) + len(
            [row for row in self.external for side in Side if row.mark(side) is Mark.BAD]
        )

    @property
    def doubtful(self) -> int:
        """How many settings may stop synchronization for some, or cannot be told."""
        return len([row for row in self.rows for cell in row.cells.values() if cell.mark is Mark.UNKNOWN])

    @property
    def unread(self) -> int:
        """How many parts could not be read."""
        return sum(
            isinstance(part, XtSyncError)
            for one in self.sides.values()
            for part in (one.tenant.partner, one.tenant.default, one.partners, one.invitations, one.may_leave)
        )

    def row(self, key: str) -> SettingRow | ExternalRow:
        """Return the setting with this key."""
        found = next((row for row in self.rows if row.setting.key == key), None)
        return found or next(row for row in self.external if row.key == key)

    def tenant(self, side: Side) -> TenantFacts:
        """Return who a side is, and what it says about the other."""
        return self.sides[side].tenant

    def needs(self, setting: Setting, side: Side) -> list[Need]:
        """Return what changing a setting takes, and whether it is held."""
        licence = setting.key.startswith("redeem")
        wanted = Requirement(side, SECURITY, access.WRITE[0], licence=licence)
        return needs_of(wanted, self.tenant(side))

    def raw(self, side: Side) -> str:
        """Return the partner entry and the default of a side as JSON."""
        tenant = self.tenant(side)
        parts = {"partner": tenant.partner, "default": tenant.default}
        shown = {name: str(part) if isinstance(part, XtSyncError) else part for name, part in parts.items()}
        return msgspec.json.format(msgspec.json.encode(shown)).decode()

    def partners(self) -> tuple[PartnerRow, ...]:
        """Return the partners of both sides, SOURCE first, that of the pair before the others."""
        found = [row for side in Side for row in self._partners(side)]
        return tuple(sorted(found, key=lambda row: (list(Side).index(row.side), not row.of_pair)))

    def _partners(self, side: Side) -> Iterable[PartnerRow]:
        partners = self.sides[side].partners
        other = self.tenant(side.other)
        for one in () if isinstance(partners, XtSyncError) else partners:
            info = self.names.get(one.tenant_id)
            if one.tenant_id == other.id:
                yield PartnerRow(side, one, other.name, other.domain, of_pair=True)
            else:
                name, domain = (info.display_name, info.default_domain_name) if info else ("", "")
                yield PartnerRow(side, one, name, domain, of_pair=False)


class Access:
    """Reads the access settings of one pair."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace
        self._names: dict[str, TenantInformation] = {}

    async def read(self) -> AccessReading:
        """Read both sides at once; a part that fails is the error that kept it away."""
        workspace = self._workspace
        source, target = await read_tenants(workspace)
        parts = await together(source=self._side(source, target.id), target=self._side(target, source.id))
        sides = {Side.SOURCE: parts["source"], Side.TARGET: parts["target"]}
        await self._learn(sides)
        reading = AccessReading(
            sides,
            dict(self._names),
            workspace.now(),
            rows(sides[Side.SOURCE].policy, sides[Side.TARGET].policy),
            external_rows(
                {side: one.invitations for side, one in sides.items()},
                {side: one.may_leave for side, one in sides.items()},
            ),
        )
        workspace.mark_read("access", failed=bool(reading.unread))
        return reading

    async def resolve(self, side: Side, text: str) -> TenantInformation:
        """Return the tenant with this id or domain, as ``side`` sees it; raises InvalidInput or NotFound."""
        name = text.strip()
        if not name or any(char.isspace() for char in name) or "." not in name.replace("-", "."):
            raise InvalidInput("Tenant: an id or a domain", "", "Type one, such as contoso.com.")
        return await access.tenant_information(self._workspace.client(side), name)

    async def _side(self, tenant: TenantFacts, other: str) -> SideAccess:
        client = self._workspace.client(tenant.side)
        parts = await together(
            groups=_groups(client, tenant, other),
            partners=access.partners(client),
            invitations=read_invitations(client),
            may_leave=read_may_leave(client),
        )
        groups = parts.pop("groups")
        failure = groups if isinstance(groups, XtSyncError) else None
        return SideAccess(tenant if failure else groups, failure, **parts)

    async def _learn(self, sides: Mapping[Side, SideAccess]) -> None:
        """Ask once for the names of the partners that are not of the pair."""
        known = {one.tenant.id for one in sides.values()} | set(self._names)
        for side, one in sides.items():
            partners = () if isinstance(one.partners, XtSyncError) else one.partners
            unknown = [each.tenant_id for each in partners if each.tenant_id not in known][:MOST_NAMES]
            found = await attempt(access.names(self._workspace.client(side), unknown)) if unknown else {}
            if not isinstance(found, XtSyncError):
                self._names |= found
                known |= set(found)


async def _groups(client: "GraphClient", tenant: TenantFacts, other: str) -> TenantFacts:
    """Return the tenant with what beta says about its partner: whether groups may sync in."""
    partner = tenant.partner
    if tenant.side is Side.SOURCE or partner is None or isinstance(partner, XtSyncError):
        return tenant
    if partner.identity_synchronization is None:
        return tenant
    found = await access.synchronization(client, other)
    groups = found.group_sync_inbound if found else None
    whole = msgspec.structs.replace(partner.identity_synchronization, group_sync_inbound=groups)
    return replace(tenant, partner=msgspec.structs.replace(partner, identity_synchronization=whole))
