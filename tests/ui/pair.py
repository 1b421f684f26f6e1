"""A pair of tenants for the tests of the frame: no client, no network, a clock that stands still."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Exchange, Request, Side
from xtsync_tui.workspace.journal import Entry, Journal
from xtsync_tui.workspace.pair import Tenant
from xtsync_tui.workspace.undoing import Undoing
from xtsync_tui.workspace.writing import Activity, WriteState

NOW = datetime(2026, 5, 14, 14, 2, 16, tzinfo=UTC)
CONTOSO = Tenant(
    Side.SOURCE,
    "Contoso",
    "7f3c0a51-9d2e-4b6f-8c11-5e0a77d4b2e4",
    "contoso.com",
    person="ana.lopes@contoso.com",
)
FABRIKAM = Tenant(
    Side.TARGET,
    "Fabrikam",
    "2c9d61e8-1a2b-4c3d-8e4f-5a6b7c8de9d7",
    "fabrikam.com",
    person="ben.okoro@fabrikam.com",
)


@dataclass
class Wait:
    side: Side = Side.SOURCE
    seconds_left: float = 8.0
    cancelled: bool = False
    asked: bool = True
    request: Request = field(default_factory=lambda: Request(method="GET", path="/auditLogs/provisioning"))

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class Log:
    exchanges: tuple[Exchange, ...] = ()
    waiting: tuple[Wait, ...] = ()

    @property
    def count(self) -> int:
        return len(self.exchanges)

    @property
    def stamp(self) -> int:
        return self.count

    def subscribe(self, callback: Callable[[Any], None]) -> Callable[[], None]:
        return lambda: callback(None)


@dataclass
class Writer:
    activity: Activity | None = None
    changes: int = 0
    unrecorded: XtSyncError | None = None

    def subscribe(self, callback: Callable[[Any], None]) -> Callable[[], None]:
        return lambda: callback(None)


@dataclass
class Pair:
    """Stands where a Workspace would be."""

    tenants: dict[Side, Tenant] = field(default_factory=lambda: {Side.SOURCE: CONTOSO, Side.TARGET: FABRIKAM})
    log: Log = field(default_factory=Log)
    writer: Writer = field(default_factory=Writer)
    journal: Journal = field(default_factory=lambda: Journal(":memory:", "demo", "Contoso to Fabrikam"))
    write_state: WriteState = WriteState.WRITE
    age: float | None = 8.0
    closed: bool = False
    sign_ins: Any = None
    speed: float = 1.0

    def side(self, side: Side) -> Tenant:
        return self.tenants[side]

    def now(self) -> datetime:
        return NOW

    def last_read(self, what: str) -> float | None:  # noqa: ARG002 - all are of one age
        return self.age

    def read_failed(self, what: str) -> bool:  # noqa: ARG002 - nothing fails
        return False

    async def look_back(self) -> int:
        return 0

    async def undoing(self, entry: Entry) -> Undoing:
        return Undoing(self.journal.undo(entry))

    async def introduce(self) -> None:
        self.tenants = {side: replace(tenant) for side, tenant in self.tenants.items()}

    async def close(self) -> None:
        self.journal.close()
        self.closed = True


def exchange(number: int, method: str = "GET", path: str = "/users", **more: Any) -> Exchange:
    """Return a request of the log: ``number`` seconds before now."""
    answered = Exchange(
        id=number,
        side=Side.SOURCE,
        request=Request(method=method, path=path, body=more.pop("body", None)),
        url=f"https://graph.microsoft.com/v1.0{path}",
        began=NOW - timedelta(seconds=number),
        status=200,
        took=0.088,
        request_id=f"request-{number}",
    )
    return msgspec.structs.replace(answered, **more)


FAULTS = (
    XtSyncError("No emulator answers", "127.0.0.1:9 refused the connection.", "Start it, then press r."),
)


@asynccontextmanager
async def refused() -> AsyncIterator[Any]:
    """Connect to nothing."""
    for fault in FAULTS:
        raise fault
    yield
