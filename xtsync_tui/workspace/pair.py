"""One source and one target tenant: what a screen or a command may ask and do."""

import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import anyio
import msgspec

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.settings import DEMO, Plan, Profile, same_tenant, save_profile
from xtsync_tui.workspace.journal import Entry, Journal
from xtsync_tui.workspace.writing import Author, Writer, WriteState

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient
    from xtsync_tui.graph.log import RequestLog
    from xtsync_tui.workspace.access_reading import Access
    from xtsync_tui.workspace.configurations.service import Configurations
    from xtsync_tui.workspace.job.service import JobDesk
    from xtsync_tui.workspace.logs.service import LogDesk
    from xtsync_tui.workspace.mappings.service import Mappings
    from xtsync_tui.workspace.on_demand.service import OnDemand
    from xtsync_tui.workspace.overview import Overview
    from xtsync_tui.workspace.people.service import People
    from xtsync_tui.workspace.setup.setup import Setup
    from xtsync_tui.workspace.sign_in import SignIns
    from xtsync_tui.workspace.undoing import Undoing


@dataclass(frozen=True, slots=True)
class Tenant:
    """One side: names and ids are ``""`` until they were read, the text is not cleaned.

    ``person`` is the user principal name of who is signed in, ``mail`` the address. ``failure`` is why the
    side could not be read, ``scopes`` what the token may do, None when that is not known.
    """

    side: Side
    name: str = ""
    tenant_id: str = ""
    domain: str = ""
    initial_domain: str = ""
    person: str = ""
    mail: str = ""
    failure: XtSyncError | None = None
    scopes: frozenset[str] | None = None

    @property
    def label(self) -> str:
        """``SOURCE Contoso``."""
        return f"{self.side.name} {self.name}".strip()


class Workspace:
    """Everything about one pair of tenants.

    ``scopes`` says what the tokens may do, for the sides where that is known. ``sign_ins`` are those of real
    tenants, None where tokens are given. ``speed`` is how many times faster than here time passes at Graph,
    which only an emulator's does. ``pause`` waits for seconds; ``monotonic`` counts them.
    """

    def __init__(
        self,
        profile: Profile,
        source: "GraphClient",
        target: "GraphClient",
        journal: Journal,
        *,
        scopes: Mapping[Side, frozenset[str]] | None = None,
        sign_ins: "SignIns | None" = None,
        speed: float = 1.0,
        pause: Callable[[float], Awaitable[None]] = anyio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.profile = profile
        self.journal = journal
        self.sign_ins = sign_ins
        self.speed = speed
        self.clients = {Side.SOURCE: source, Side.TARGET: target}
        self.pause = pause
        self._failed: set[str] = set()
        self.monotonic = monotonic
        self._read_at: dict[str, datetime] = {}
        self._tenants = {side: Tenant(side, scopes=(scopes or {}).get(side)) for side in Side}
        self.writer = Writer(
            self.clients,
            journal,
            read_only=profile.read_only,
            author=self._author,
            pause=pause,
            monotonic=monotonic,
        )

    @cached_property
    def setup(self) -> "Setup":
        """The set-up of this pair."""
        from xtsync_tui.workspace.setup.setup import Setup

        return Setup(self)

    @cached_property
    def mappings(self) -> "Mappings":
        """The mappings and scoping filters of this pair."""
        from xtsync_tui.workspace.mappings.service import Mappings

        return Mappings(self)

    @cached_property
    def on_demand(self) -> "OnDemand":
        """Provision on demand: the queue of this pair."""
        from xtsync_tui.workspace.on_demand.service import OnDemand

        return OnDemand(self)

    @cached_property
    def configurations(self) -> "Configurations":
        """The configurations of the source."""
        from xtsync_tui.workspace.configurations.service import Configurations

        return Configurations(self)

    @cached_property
    def people(self) -> "People":
        """The people of this pair."""
        from xtsync_tui.workspace.people.service import People

        return People(self)

    async def look_back(self) -> int:
        """Look at what an earlier run left without an answer; return how many of these are still unknown."""
        from xtsync_tui.workspace.lookback import look_back

        return await look_back(self)

    async def undoing(self, entry: Entry) -> "Undoing":
        """Read what is there now of a change, and return what takes back only that change."""
        from xtsync_tui.workspace.undoing import undoing

        return await undoing(self, entry)

    @cached_property
    def access(self) -> "Access":
        """The access settings of both sides."""
        from xtsync_tui.workspace.access_reading import Access

        return Access(self)

    @cached_property
    def overview(self) -> "Overview":
        """The pair at a glance."""
        from xtsync_tui.workspace.overview import Overview

        return Overview(self)

    @cached_property
    def job(self) -> "JobDesk":
        """The job of the configuration in use."""
        from xtsync_tui.workspace.job.service import JobDesk

        return JobDesk(self)

    @cached_property
    def logs(self) -> "LogDesk":
        """The logs of both tenants."""
        from xtsync_tui.workspace.logs.service import LogDesk

        return LogDesk(self)

    @property
    def write_state(self) -> WriteState:
        """What the header says about writing."""
        if self.writer.read_only:
            return WriteState.READ_ONLY
        return WriteState.PROTECTED if self.profile.protected else WriteState.WRITE

    @property
    def log(self) -> "RequestLog":
        """The requests of both sides, and what is being waited for."""
        return self.clients[Side.SOURCE].log

    def side(self, side: Side) -> Tenant:
        """Return what is known of one side."""
        return self._tenants[side]

    def client(self, side: Side) -> "GraphClient":
        """Return the client of one side; for this package only."""
        return self.clients[side]

    def now(self) -> datetime:
        """Return the time it is at Graph; the emulator's clock can run faster than ours."""
        return self.clients[Side.SOURCE].server_time()

    def last_read(self, what: str) -> float | None:
        """Return the seconds since the reading called ``what``, None before the first one.

        They are Graph's, as all times that are shown: an emulator's clock can be faster than ours.
        """
        at = self._read_at.get(what)
        return None if at is None else max((self.now() - at).total_seconds(), 0.0)

    def read_failed(self, what: str) -> bool:
        """Return whether the reading called ``what`` failed the last time."""
        return what in self._failed

    def mark_read(self, what: str, *, failed: bool = False) -> None:
        """Note that the reading called ``what`` is fresh; a failed one keeps its old age."""
        if failed:
            self._failed.add(what)
        else:
            self._failed.discard(what)
            self._read_at[what] = self.now()

    @property
    def plan(self) -> Plan:
        """What step 1 noted; the demo profile is not in the file, so its plan is in the journal."""
        kept = self.journal.noted("plan") if self.profile.name == DEMO else None
        return msgspec.convert(kept.value, Plan) if kept else self.profile.plan

    def keep_plan(self, plan: Plan) -> None:
        """Keep the plan of step 1; raises StoreFailed or InvalidInput when it cannot be kept."""
        if self.profile.name != DEMO:
            self.profile = msgspec.structs.replace(self.profile, plan=plan)
            save_profile(self.profile)
        self.journal.note("plan", msgspec.to_builtins(plan), self.now())

    async def introduce(self, *sides: Side) -> None:
        """Read who is signed in where, all ``sides`` (both) at once; one that fails keeps its ``failure``.

        Raises InvalidInput when both turn out to be one tenant: a profile may name it in two ways.
        """
        async with anyio.create_task_group() as tasks:
            for side in sides or Side:
                tasks.start_soon(self._introduce, side)
        source, target = self._tenants[Side.SOURCE], self._tenants[Side.TARGET]
        if source.tenant_id and source.tenant_id == target.tenant_id:
            raise same_tenant(f"{source.name}, {source.tenant_id}")

    async def close(self) -> None:
        """Close the connections and the journal; what cannot be closed keeps nothing else open."""
        async with AsyncExitStack() as closing:
            closing.callback(self.journal.close)
            if "on_demand" in self.__dict__:
                closing.callback(self.on_demand.close)
            for client in self.clients.values():
                closing.push_async_callback(client.aclose)

    async def _introduce(self, side: Side) -> None:
        from xtsync_tui.graph import directory

        client = self.clients[side]
        try:
            organization = await directory.organization(client)
            name, mail = await self._person(client)
        except XtSyncError as failure:
            self._tenants[side] = replace(self._tenants[side], failure=failure)
            return
        initial = next((domain.name for domain in organization.verified_domains if domain.is_initial), "")
        self._tenants[side] = replace(
            self._tenants[side],
            name=organization.display_name,
            tenant_id=organization.id,
            domain=organization.default_domain,
            initial_domain=initial,
            person=name,
            mail=mail,
            failure=None,
        )

    async def _person(self, client: "GraphClient") -> tuple[str, str]:
        """Return name and mail of who is signed in; a program has no ``/me``."""
        from xtsync_tui.graph import directory

        if self.sign_ins is not None and not self.sign_ins.is_person(client.side):
            return self.sign_ins.account(client.side), ""
        person = await directory.me(client)
        return person.user_principal_name or "", person.mail or ""

    def _author(self, side: Side) -> Author:
        tenant = self._tenants[side]
        return Author(tenant.person, tenant.name)
