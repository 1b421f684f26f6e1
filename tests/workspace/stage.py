"""Two demo tenants that stand still, and workspaces on them: as many as there are people at work."""

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from xtsync_tui.emulator.app import Emulator
from xtsync_tui.emulator.auth import ALL_SCOPES
from xtsync_tui.emulator.clock import Clock
from xtsync_tui.emulator.faults import Fault, Kind
from xtsync_tui.emulator.state import Tenant
from xtsync_tui.graph.auth import FixedToken
from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.log import RequestLog
from xtsync_tui.model import Exchange, Side
from xtsync_tui.settings import DEMO, Profile, TenantSettings
from xtsync_tui.workspace.journal import Journal
from xtsync_tui.workspace.pair import Workspace
from xtsync_tui.workspace.setup import Outcome

START = datetime(2026, 5, 14, 13, 0, tzinfo=UTC)


class Stage:
    """An emulator whose time passes only while somebody waits. ``pauses`` are those waits, in seconds."""

    def __init__(self, scenario: str = "fresh") -> None:
        self.seconds = 0.0
        self.pauses: list[float] = []
        numbers = count(1)
        clock = Clock(START, 0, lambda: self.seconds)
        self.emulator = Emulator(scenario, clock=clock, tokens=lambda: f"token{next(numbers)}")
        self._ids = count(1)

    @property
    def contoso(self) -> Tenant:
        return next(one for one in self.emulator.world.tenants.values() if one.name == "Contoso")

    @property
    def fabrikam(self) -> Tenant:
        return next(one for one in self.emulator.world.tenants.values() if one.name == "Fabrikam")

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.pass_(seconds)

    def pass_(self, seconds: float) -> None:
        self.seconds += seconds
        self.emulator.service.advance(timedelta(seconds=seconds))

    def trouble(self, kind: Kind, method: str, path: str, times: int = 1) -> None:
        self.emulator.world.faults.add(Fault(kind, method, path, times=times))

    def workspace(
        self,
        journal: Path | str = ":memory:",
        *,
        read_only: bool = False,
        source_token: str = "",
        target_token: str = "",
    ) -> Workspace:
        log = RequestLog()
        source, target = (
            GraphClient(
                side,
                "http://127.0.0.1",
                FixedToken(token),
                log=log,
                clock=lambda: START + timedelta(seconds=self.seconds),
                ids=lambda: f"ours-{next(self._ids)}",
                transport=self.emulator.transport(),
                sleep=self.pause,
                jitter=lambda: 0.5,
            )
            for side, token in (
                (Side.SOURCE, source_token or self.emulator.tenants[0]["token"]),
                (Side.TARGET, target_token or self.emulator.tenants[1]["token"]),
            )
        )
        profile = Profile(
            name=DEMO,
            source=TenantSettings(tenant=self.contoso.id),
            target=TenantSettings(tenant=self.fabrikam.id),
            read_only=read_only,
        )
        return Workspace(
            profile,
            source,
            target,
            Journal(journal, DEMO, "test"),
            scopes={side: frozenset(ALL_SCOPES) for side in Side},
            pause=self.pause,
            monotonic=lambda: self.seconds,
        )


async def do(workspace: Workspace, *numbers: int) -> list[Outcome]:
    """Do these steps with suggested answers, and read the set-up first if nobody did."""
    setup = workspace.setup
    if setup.reading is None:
        await setup.read()
    return [await setup.do(number, await setup.suggest(number)) for number in numbers]


def sent(workspace: Workspace) -> list[Exchange]:
    """Return the exchanges that were to change something."""
    return [one for one in workspace.log.exchanges if one.request.writes]


def states(workspace: Workspace) -> dict[int, str]:
    """Return number and words of the steps as last read."""
    reading = workspace.setup.reading
    assert reading is not None
    return {one.number: one.words for one in reading.steps}
