"""The real application on the emulated tenants, with a clock that moves only when somebody waits."""

import asyncio
import itertools
import random
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import anyio
import anyio.lowlevel

from xtsync_tui.cli.compose import IN_PROCESS
from xtsync_tui.emulator.app import START, Emulator
from xtsync_tui.emulator.auth import ALL_SCOPES
from xtsync_tui.emulator.clock import Clock
from xtsync_tui.emulator.configurations import make_configuration
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.emulator.seed import CONTOSO
from xtsync_tui.emulator.state import Tenant
from xtsync_tui.graph.auth import FixedToken
from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.log import RequestLog
from xtsync_tui.model import Request, Side
from xtsync_tui.settings import DEMO, Profile, TenantSettings
from xtsync_tui.ui.app import XtSyncApp
from xtsync_tui.workspace.journal import Journal
from xtsync_tui.workspace.pair import Workspace


class Demo:
    """An emulator and the workspace on it; waiting moves the emulated clock and takes no time.

    ``timed`` lets it move the seconds that limits and ages are counted in, too. ``without`` are permissions
    and ``roles`` the directory roles (template ids) of who is signed in to the target.
    """

    def __init__(
        self,
        scenario: str = "fresh",
        *,
        users: int | None = None,
        read_only: bool = False,
        protected: bool = False,
        timed: bool = False,
        without: frozenset[str] = frozenset(),
        roles: frozenset[str] | None = None,
    ) -> None:
        self.seconds = 0.0
        self._timed = timed
        tokens = (f"token {number}" for number in itertools.count())
        self.clock = Clock(START, speed=0.0, monotonic=lambda: self.seconds)
        self.emulator = Emulator(scenario, users, clock=self.clock, tokens=lambda: next(tokens))
        self.log = RequestLog()
        self._ids = random.Random(7)  # noqa: S311 - ids of requests
        source, target = self.emulator.tenants
        self.profile = Profile(
            name=DEMO,
            source=TenantSettings(tenant=source["tenantId"]),
            target=TenantSettings(tenant=target["tenantId"]),
            read_only=read_only,
            protected=protected,
        )
        self.workspace = Workspace(
            self.profile,
            self._client(Side.SOURCE, source["token"]),
            self._client(Side.TARGET, self._target_token(without, roles)),
            Journal(":memory:", DEMO, "Contoso to Fabrikam"),
            pause=self.pause,
            monotonic=lambda: self.seconds,
            scopes={Side.SOURCE: ALL_SCOPES, Side.TARGET: ALL_SCOPES - without},
        )

    def _target_token(self, without: frozenset[str], roles: frozenset[str] | None) -> str:
        target = self.emulator.tenants[1]
        if not without and roles is None:
            return target["token"]
        return self.emulator.issue(target["tenantId"], ALL_SCOPES - without, roles)

    def _client(self, side: Side, token: str) -> GraphClient:
        return GraphClient(
            side,
            IN_PROCESS,
            FixedToken(token),
            log=self.log,
            clock=self.clock.now,
            ids=lambda: str(uuid.UUID(int=self._ids.getrandbits(128))),
            transport=self.emulator.transport(),
            sleep=self.pause,
        )

    async def pause(self, seconds: float) -> None:
        """Let the emulated clock run, and everybody else their turn."""
        self.clock.advance(timedelta(seconds=seconds))
        if self._timed:
            self.seconds += seconds
        await anyio.lowlevel.checkpoint()

    def hold(self, method: str, path: str) -> asyncio.Event:
        """Hold the next such request until the event that is returned is set."""
        gate = asyncio.Event()
        self.emulator.world.faults.add(Fault("slow", method, path, release=gate))
        return gate

    def add_configuration(self, name: str, tenant: str = "Northwind") -> str:
        """Make a second configuration, to a third tenant, without a job; return its object id."""
        world, third = self.emulator.world, str(uuid.UUID(int=3))
        world.tenants[third] = Tenant(
            third, tenant, f"{tenant.lower()}.com", f"{tenant.lower()}.onmicrosoft.com"
        )
        contoso = world.tenants[CONTOSO]
        _, principal = make_configuration(world, contoso, name)
        contoso.secrets[principal["id"]] = {"CompanyId": third}
        return str(principal["id"])

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Workspace]:
        """Give the workspace to the application, and close it after: every write is in the journal."""
        yield self.workspace
        if lost := self.unrecorded():
            raise AssertionError(f"not in the journal: {', '.join(lost)}")
        await self.workspace.close()

    def unrecorded(self) -> list[str]:
        """Return the writes that were sent and are not in the journal."""
        noted = {(one.side, one.request.method, one.request.path) for one in self.workspace.journal.entries()}
        sent = [(one.side, one.request) for one in self.log.exchanges if _changes(one.request)]
        return [f"{one.method} {one.path}" for to, one in sent if (to, one.method, one.path) not in noted]

    def app(self) -> XtSyncApp:
        """Return the application on it."""
        return XtSyncApp(self.connect, monotonic=lambda: self.seconds)


def _changes(request: Request) -> bool:
    """Return whether a request is to change something; a batch is when one of its members is."""
    if request.path == "/$batch":
        return any(member["method"] != "GET" for member in request.body["requests"])
    return request.writes
