"""What one reading of the two tenants brought: each part is its value, or the error that kept it away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Flag, auto
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import (
    Assignment,
    Job,
    Json,
    Organization,
    Partner,
    ProvisioningEvent,
    Side,
    User,
    is_never,
)
from xtsync_tui.model.service import ServicePrincipal
from xtsync_tui.settings import Plan
from xtsync_tui.workspace.journal import Note
from xtsync_tui.workspace.schema import fingerprint

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient


class Area(Flag):
    """What can be read again by itself: a step reads only what it depends on and changes."""

    NOTHING = 0
    PARTNERS = auto()
    CONFIGURATION = auto()
    TARGET_POLICIES = auto()
    ALL = PARTNERS | CONFIGURATION | TARGET_POLICIES


T = TypeVar("T")
Part: TypeAlias = T | XtSyncError
Clients: TypeAlias = Mapping[Side, "GraphClient"]


@dataclass(frozen=True, slots=True)
class TenantFacts:
    """One tenant: who is signed in, with which directory roles (template ids), licence and permissions.

    ``scopes`` is None when it is not known what the token may do. ``partner`` is what this tenant has set
    for the other one, None when it is no partner; ``default`` is what a partner inherits.
    """

    side: Side
    organization: Part[Organization]
    me: Part[User]
    roles: Part[frozenset[str]]
    premium: Part[bool]
    scopes: frozenset[str] | None
    partner: Part[Partner | None]
    default: Part[Partner]

    @property
    def name(self) -> str:
        """The tenant's name, ``""`` when it could not be read."""
        return "" if isinstance(self.organization, XtSyncError) else self.organization.display_name

    @property
    def id(self) -> str:
        """The tenant's id, ``""`` when it could not be read."""
        return "" if isinstance(self.organization, XtSyncError) else self.organization.id

    @property
    def domain(self) -> str:
        """The tenant's default domain, ``""`` when it could not be read."""
        return "" if isinstance(self.organization, XtSyncError) else self.organization.default_domain

    @property
    def label(self) -> str:
        """``SOURCE Contoso``."""
        return f"{self.side.name} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class ConfigurationFacts:
    """The configuration of this pair and what belongs to it; ``job`` is None as long as there is none.

    ``secrets`` are the plain ones, by key. ``schema`` is the raw document, None without a job. ``rows`` are
    the newest of the provisioning log.
    """

    service_principal: ServicePrincipal
    secrets: Part[Mapping[str, str]]
    job: Part[Job | None]
    assignments: Part[tuple[Assignment, ...]]
    schema: Part[Json]
    rows: Part[tuple[ProvisioningEvent, ...]]

    @property
    def principals(self) -> frozenset[str]:
        """The ids of who is assigned, as far as that was read."""
        rows = () if isinstance(self.assignments, XtSyncError) else self.assignments
        return frozenset(one.principal_id for one in rows)


@dataclass(frozen=True, slots=True)
class Notes:
    """What leaves no trace in Graph and was noted here: None where nothing was."""

    plan: Note | None = None
    test: Note | None = None
    mappings: Note | None = None
    person: Note | None = None
    leaving: Note | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that was read, no part of it before ``now``.

    ``configuration`` is None when there is none for this pair. ``configurations`` are all of the source, for
    this target or another; ``candidates`` those of them that go to this target or to none yet. ``deleted``
    are people in the bin of the target who are in scope in the source; ``invitations`` is who may invite
    there. ``text_signers`` are people whom the service skips because they sign in by SMS.
    """

    now: datetime
    source: TenantFacts
    target: TenantFacts
    configuration: Part[ConfigurationFacts | None]
    configurations: Part[tuple[ServicePrincipal, ...]]
    invitations: Part[str]
    may_leave: Part[bool]
    deleted: Part[tuple[User, ...]]
    text_signers: tuple[User, ...]
    plan: Plan
    notes: Notes
    candidates: tuple[ServicePrincipal, ...] = ()

    @property
    def name(self) -> str:
        """The name a new configuration gets: ``Contoso to Fabrikam``."""
        return f"{self.source.name} to {self.target.name}"

    def tenant(self, side: Side) -> TenantFacts:
        """Return the facts of one tenant."""
        return self.source if side is Side.SOURCE else self.target

    @property
    def found(self) -> ConfigurationFacts | None:
        """The configuration if there is one and it could be read."""
        return None if isinstance(self.configuration, XtSyncError) else self.configuration

    @property
    def job(self) -> Job | None:
        """The job if there is one and it could be read."""
        job = self.found.job if self.found else None
        return None if isinstance(job, XtSyncError) else job

    @property
    def unread(self) -> XtSyncError | None:
        """What kept the configuration or its job from being read."""
        if isinstance(self.configuration, XtSyncError):
            return self.configuration
        job = self.configuration.job if self.configuration else None
        return job if isinstance(job, XtSyncError) else None

    @property
    def schema_print(self) -> str:
        """The fingerprint of mappings and filters, ``""`` when there is no schema or it was not read."""
        schema = self.found.schema if self.found else None
        return "" if schema is None or isinstance(schema, XtSyncError) else fingerprint(schema)

    @property
    def in_use(self) -> str:
        """Since when people are synchronized, ``""`` before that: then nothing has to be decided first."""
        began = self.job.status.steady_state_first_achieved_time if self.job and self.job.status else None
        return "" if began is None or is_never(began) else f"in use since {began:%d %b %H:%M}"

    @property
    def inbound(self) -> bool | None:
        """Whether TARGET redeems invitations; inherits off, always. None: cannot tell."""
        return _consent(self.target.partner, Side.TARGET)

    @property
    def outbound(self) -> bool | None:
        """Whether SOURCE redeems invitations; inherits off, always. None: cannot tell."""
        return _consent(self.source.partner, Side.SOURCE)

    @property
    def users_allowed(self) -> bool | None:
        """Whether TARGET lets SOURCE synchronize users in. None: cannot tell."""
        partner = self.target.partner
        if isinstance(partner, XtSyncError):
            return None
        synchronization = partner.identity_synchronization if partner else None
        return bool(synchronization and synchronization.users_allowed)


def _consent(partner: Part[Partner | None], side: Side) -> bool | None:
    if isinstance(partner, XtSyncError):
        return None
    if partner is None:
        return False
    consent = partner.consent
    return bool(consent.outbound_allowed if side is Side.SOURCE else consent.inbound_allowed)
