"""What the two tenants hold: plain Graph documents in plain dictionaries, and who may ask for them.

A document has Graph's own property names. It holds only what is set: a property that is absent reads as null
(an empty list for a collection), so that a hundred thousand people fit in memory.
"""

import hashlib
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from xtsync_tui.emulator.clock import Clock
from xtsync_tui.emulator.faults import Faults
from xtsync_tui.emulator.limits import Limiter
from xtsync_tui.emulator.logbook import Logbook
from xtsync_tui.emulator.paging import Cursors

if TYPE_CHECKING:
    from xtsync_tui.emulator.job import Job

Document = dict[str, Any]

_VARIANTS = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
"""What the first digit of the fourth part of a random UUID becomes. Twenty ids are made for each new guest,
and ``uuid.UUID`` takes four times as long."""


def net_id(user_id: str) -> str:
    """Return the netId of the person ``user_id``: what ``alternativeSecurityIds`` of a guest is made from."""
    return "1003" + hashlib.sha256(user_id.encode()).hexdigest()[:12].upper()


@dataclass(slots=True)
class Tenant:
    """One directory: its objects, its policies, its provisioning jobs and its logs.

    ``members`` has the ids of the direct members of a group. ``managers`` is person → manager.
    ``ties`` is person in the bin → the groups and assignments to come back with.
    ``alternative_ids`` is guest → ``net_id`` of the person at home, filled when the invitation is redeemed.
    ``roles`` is person → ids of directory role templates. ``visible_from`` is the time at which a new object
    has been replicated, for as long as anybody asks. ``jobs`` is service principal → job id → job;
    ``schemas`` is job id → schema; ``secrets`` is service principal → key → value.
    """

    id: str
    name: str
    domain: str
    initial_domain: str
    created: str = "2019-03-04T08:00:00Z"
    users: dict[str, Document] = field(default_factory=dict)
    deleted_users: dict[str, Document] = field(default_factory=dict)
    groups: dict[str, Document] = field(default_factory=dict)
    contacts: dict[str, Document] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    managers: dict[str, str] = field(default_factory=dict)
    ties: dict[str, tuple[list[str], dict[str, Document]]] = field(default_factory=dict)
    alternative_ids: dict[str, str] = field(default_factory=dict)
    roles: dict[str, set[str]] = field(default_factory=dict)
    phone_methods: dict[str, list[Document]] = field(default_factory=dict)
    subscribed_skus: list[Document] = field(default_factory=list)
    applications: dict[str, Document] = field(default_factory=dict)
    service_principals: dict[str, Document] = field(default_factory=dict)
    deleted_applications: dict[str, Document] = field(default_factory=dict)
    deleted_service_principals: dict[str, Document] = field(default_factory=dict)
    assignments: dict[str, Document] = field(default_factory=dict)
    visible_from: dict[str, datetime] = field(default_factory=dict)
    cross_tenant_policy: Document = field(default_factory=dict)
    default_policy: Document = field(default_factory=dict)
    partners: dict[str, Document] = field(default_factory=dict)
    identity_synchronizations: dict[str, Document] = field(default_factory=dict)
    authorization_policy: Document = field(default_factory=dict)
    external_identities_policy: Document = field(default_factory=dict)
    jobs: "dict[str, dict[str, Job]]" = field(default_factory=dict)
    schemas: dict[str, Document] = field(default_factory=dict)
    secrets: dict[str, dict[str, str]] = field(default_factory=dict)
    provisioning_log: Logbook = field(default_factory=Logbook)
    audit_log: Logbook = field(default_factory=Logbook)
    revision: int = 0
    changed: dict[str, int] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _named_at: tuple[int, int] = (-1, 0)
    _listed: list[Document] = field(default_factory=list)
    _listed_at: tuple[int, int] = (-1, 0)

    def touch(self, *object_ids: str) -> None:
        """Note that these objects changed, so that the next incremental cycle looks at them."""
        self.revision += 1
        for object_id in object_ids:
            self.changed.pop(object_id, None)
            self.changed[object_id] = self.revision

    def changed_since(self, revision: int) -> list[str]:
        """Return the ids of the objects touched after ``revision``, the oldest change first."""
        newest: list[str] = []
        for object_id in reversed(self.changed):
            if self.changed[object_id] <= revision:
                break
            newest.append(object_id)
        return newest[::-1]

    @property
    def _state(self) -> tuple[int, int]:
        return self.revision, len(self.users)

    def listed_users(self) -> list[Document]:
        """Return the users as a list that stays as it is; it is made anew only after a change."""
        if self._listed_at != self._state:
            self._listed_at = self._state
            self._listed = list(self.users.values())
        return self._listed

    def user_named(self, name: str) -> Document | None:
        """Return the user with this id or user principal name, None if there is none."""
        if name in self.users:
            return self.users[name]
        wanted = name.casefold()
        found = self.users.get(self._names.get(wanted, ""))
        if found is not None and found["userPrincipalName"].casefold() == wanted:
            return found
        if self._named_at != self._state:
            self._named_at = self._state
            self._names = {user["userPrincipalName"].casefold(): key for key, user in self.users.items()}
        return self.users.get(self._names.get(wanted, ""))


@dataclass(frozen=True, slots=True)
class Grant:
    """Whom a bearer token stands for, and what it may do.

    ``roles`` None means the directory roles the person holds now; a set stands in for them.
    """

    tenant: Tenant
    user_id: str
    scopes: frozenset[str]
    roles: frozenset[str] | None = None

    @property
    def held_roles(self) -> frozenset[str]:
        """The ids of the directory role templates this token acts with."""
        return self.roles if self.roles is not None else frozenset(self.tenant.roles.get(self.user_id, ()))


@dataclass(slots=True)
class World:
    """Everything one emulator knows: its tenants, tokens, time, random numbers and injected faults.

    ``background`` is awaited before each request is answered: the provisioning service catches up there.
    ``mails`` are those the service would have sent. ``assignment_delay`` is how long an assignment takes to
    reach provision on demand; "minutes" in the documentation, at once here unless a test wants it.
    ``on_demand_encoding`` chooses between the two documented answers of provision on demand.
    """

    clock: Clock
    random: random.Random
    tenants: dict[str, Tenant] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    limiter: Limiter = field(default_factory=Limiter)
    cursors: Cursors = field(default_factory=Cursors)
    background: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    assignment_delay: timedelta = timedelta(0)
    on_demand_encoding: Literal[1, 2] = 2

    def new_id(self) -> str:
        """Return a new object id."""
        text = f"{self.random.getrandbits(128):032x}"
        variant = _VARIANTS[text[16]]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"

    def tenant_of_domain(self, domain: str) -> Tenant | None:
        """Return the tenant that has verified ``domain``, None if there is none."""
        wanted = domain.casefold()
        return next((t for t in self.tenants.values() if wanted in (t.domain, t.initial_domain)), None)

    def issue(
        self,
        token: str,
        tenant: Tenant,
        user_id: str,
        scopes: frozenset[str],
        roles: frozenset[str] | None = None,
    ) -> None:
        """Let ``token`` stand for the person ``user_id`` of ``tenant`` with these scopes and roles."""
        self.grants[token] = Grant(tenant, user_id, scopes, roles)
