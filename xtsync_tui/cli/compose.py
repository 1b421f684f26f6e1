"""Puts a workspace together on the demo tenants: an emulator in this process, or one that runs already."""

import asyncio
import gc
import hashlib
import json
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from xtsync_tui.cli.collector import settle
from xtsync_tui.errors import InvalidInput
from xtsync_tui.settings import DEMO, Profile, TenantSettings, state_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import httpx

    from xtsync_tui.emulator.app import Emulator
    from xtsync_tui.workspace.pair import Workspace

IN_PROCESS = "https://graph.microsoft.com"
"""The address of an emulator in this process: Graph's own, so that what is shown and copied reads as it does
on real tenants. Nothing goes there: the transport leads to the emulator, past every proxy."""


class DemoTenant(NamedTuple):
    """One tenant of an emulator, with the token that opens it and the account that signs in."""

    name: str
    tenant_id: str
    domain: str
    token: str
    account: str = ""

    def __repr__(self) -> str:
        return f"DemoTenant({self.name}, {self.tenant_id})"


class Announcement(NamedTuple):
    """Where an emulator is, and its tenants: the source first.

    ``certificate`` is a path: trust it. ``speed`` is how many times faster than here its clock runs.
    """

    url: str
    source: DemoTenant
    target: DemoTenant
    certificate: str = ""
    speed: float = 1.0

    @property
    def pair(self) -> str:
        """A short text that is another one for each run of an emulator."""
        return hashlib.sha256(f"{self.source.token} {self.target.token}".encode()).hexdigest()[:16]


def read_announcement(file: str) -> Announcement:
    """Return what the first line of ``file`` says, ``-`` being standard input; raises InvalidInput."""
    hint = "Write the first line of xtsync emulate into it."
    try:
        line = sys.stdin.readline() if file == "-" else _first_line(Path(file))
        said = json.loads(line)
        found = announcement(said["url"], said["tenants"], str(said.get("certificate", "")))
        return found._replace(speed=float(said.get("speed", 1)))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"--emulator {file} cannot be read", str(error), hint) from None
    except (ValueError, LookupError, TypeError):
        # The line holds tokens: nothing of it goes into a message.
        raise InvalidInput(f"--emulator {file} does not announce an emulator", "", hint) from None


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8") as lines:
        return lines.readline()


def announcement(url: str, tenants: list[dict[str, str]], certificate: str = "") -> Announcement:
    """Return the announcement of an emulator; raises LookupError, TypeError or ValueError for a wrong one."""
    source, target = (
        DemoTenant(
            str(one["name"]),
            str(one["tenantId"]),
            str(one["domain"]),
            str(one["token"]),
            str(one.get("account", "")),
        )
        for one in tenants
    )
    if not isinstance(url, str):
        raise TypeError(url)
    return Announcement(url, source, target, certificate)


@asynccontextmanager
async def demo_workspace(
    found: Announcement,
    transport: "Callable[[], httpx.AsyncBaseTransport] | None" = None,
    journal: Path | str | None = None,
    clock: "Callable[[], datetime] | None" = None,
) -> "AsyncIterator[Workspace]":
    """Open a workspace on an emulator; ``transport`` leads to one in this process, ``clock`` is its clock.

    The journal is the file of all profiles unless another, or ``":memory:"``, is given. Raises InvalidInput
    for an address that a token must not go to, StoreFailed when the journal cannot be used.
    """
    from xtsync_tui.emulator.auth import ALL_SCOPES
    from xtsync_tui.graph.auth import FixedToken
    from xtsync_tui.graph.client import GraphClient
    from xtsync_tui.graph.log import RequestLog
    from xtsync_tui.model import Side
    from xtsync_tui.workspace.journal import Journal
    from xtsync_tui.workspace.pair import Workspace

    log = RequestLog()
    source, target = (
        GraphClient(
            side,
            found.url,
            FixedToken(tenant.token),
            log=log,
            clock=lambda: datetime.now(UTC),
            ids=lambda: str(uuid4()),
            transport=transport() if transport else None,
            authority=found.certificate,
            service_clock=clock,
        )
        for side, tenant in ((Side.SOURCE, found.source), (Side.TARGET, found.target))
    )
    profile = Profile(
        name=DEMO,
        source=TenantSettings(tenant=found.source.tenant_id),
        target=TenantSettings(tenant=found.target.tenant_id),
    )
    kept = Journal(journal or state_folder() / "journal.sqlite3", DEMO, found.pair)
    workspace = Workspace(
        profile,
        source,
        target,
        kept,
        scopes={side: frozenset(ALL_SCOPES) for side in Side},
        speed=found.speed,
    )
    try:
        yield workspace
    finally:
        await workspace.close()


def _build(scenario: str, users: int | None, seed: int, speed: float) -> "Emulator":
    """Make an emulator; in a thread, since 20,000 people take a third of a second.

    What it holds lives as long as the program. Left to the garbage collector it is searched again and again,
    which stops every thread: with 10,000 people 130 ms each time. So it is put out of the collector's sight.
    """
    from xtsync_tui.emulator.app import Emulator

    gc.disable()
    try:
        return Emulator(scenario, users, seed, speed=speed)
    finally:
        settle()
        gc.enable()


@asynccontextmanager
async def opened(
    emulator_file: str | None, scenario: str, users: int | None, speed: float, seed: int = 1
) -> "AsyncIterator[Workspace]":
    """Open a workspace on the emulator announced in ``emulator_file``, or on a new one in this process."""
    if emulator_file is not None:
        async with demo_workspace(read_announcement(emulator_file)) as workspace:
            yield workspace
        return
    emulator = await asyncio.to_thread(_build, scenario, users, seed, speed)
    found = announcement(IN_PROCESS, emulator.tenants)._replace(speed=speed)
    async with (
        emulator.working(),
        demo_workspace(found, emulator.transport, clock=emulator.clock.now) as workspace,
    ):
        yield workspace
