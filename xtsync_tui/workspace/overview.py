"""The pair at a glance: the handshake, what needs attention, every configuration, and the last 24 hours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from xtsync_tui.errors import NotFound, XtSyncError
from xtsync_tui.graph import access, jobs
from xtsync_tui.model import Job, Side
from xtsync_tui.model.service import ServicePrincipal
from xtsync_tui.workspace.attention import Attention, attention
from xtsync_tui.workspace.day import Day, read_day
from xtsync_tui.workspace.health import Health, health
from xtsync_tui.workspace.secrets import read_settings
from xtsync_tui.workspace.setup.attempts import attempt, together
from xtsync_tui.workspace.setup.facts import Facts, Part
from xtsync_tui.workspace.setup.reading import HandshakeRow, Mark, SetupReading

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient
    from xtsync_tui.workspace.pair import Workspace


@dataclass(frozen=True, slots=True)
class OverviewReading:
    """Everything at one moment: None for a part that is still being read, the error for one that failed."""

    handshake: tuple[HandshakeRow, ...]
    attention: tuple[Attention, ...]
    configurations: Part[tuple[Health, ...]] | None
    day: Part[Day] | None
    name: str
    targets: Mapping[str, str]
    read_at: datetime

    @property
    def unread(self) -> int:
        """How many of the three parts could not be read."""
        lamps = (lamp for row in self.handshake for lamp in (row.source, row.target))
        unknown = any(lamp.mark is Mark.UNKNOWN and not lamp.limited for lamp in lamps)
        return sum((isinstance(self.configurations, XtSyncError), isinstance(self.day, XtSyncError), unknown))

    @property
    def open(self) -> bool | None:
        """Whether the handshake is complete; None when a part of it cannot be told."""
        marks = {lamp.mark for row in self.handshake for lamp in (row.source, row.target)}
        return False if Mark.BAD in marks else None if Mark.UNKNOWN in marks else True


Shown: TypeAlias = Callable[[OverviewReading], None]
"""Takes a reading of which parts are missing."""


class Overview:
    """Reads the overview of one pair."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace
        self._names: dict[str, str] = {}
        """What tenants outside the pair are called, by id; each is asked for once."""

    async def read(self, shown: Shown | None = None) -> OverviewReading:
        """Read both tenants; who is signed in and the licences only the first time.

        ``shown`` takes what there is, each time that a part came: the log is the slow one.
        """
        workspace = self._workspace
        setup = workspace.setup
        if shown is not None and setup.reading is not None:
            shown(self._reading(setup.facts, setup.reading))
        facts = await setup.refresh()
        client = workspace.client(Side.SOURCE)
        reading = setup.reading or await setup.read()

        async def configured() -> tuple[Part[tuple[Health, ...]], dict[str, str]]:
            found = await attempt(self._configurations(client, facts))
            targets = await self._targets(client, facts, found)
            if shown is not None:
                shown(self._reading(facts, reading, found, None, targets))
            return found, targets

        parts = await together(configured=configured(), day=read_day(client, workspace.now()))
        found, targets = parts["configured"]
        result = self._reading(facts, reading, found, parts["day"], targets)
        workspace.mark_read("overview", failed=bool(result.unread))
        return result

    def _reading(
        self,
        facts: Facts,
        reading: SetupReading,
        configurations: Part[tuple[Health, ...]] | None = None,
        day: Part[Day] | None = None,
        targets: Mapping[str, str] | None = None,
    ) -> OverviewReading:
        return OverviewReading(
            handshake=reading.agreed,
            attention=() if configurations is None else attention(facts, reading, configurations, day),
            configurations=configurations,
            day=day,
            name=facts.found.service_principal.display_name if facts.found else facts.name,
            targets=targets or {},
            read_at=self._workspace.now(),
        )

    async def _targets(
        self, client: "GraphClient", facts: Facts, configurations: Part[tuple[Health, ...]]
    ) -> dict[str, str]:
        """Return the names of the tenants that configurations go to, by id."""
        known = {facts.target.id: facts.target.name, facts.source.id: facts.source.name, **self._names}
        rows = () if isinstance(configurations, XtSyncError) else configurations
        unknown = sorted({one.target for one in rows if one.target} - known.keys())
        if unknown:
            told = await attempt(access.names(client, unknown))
            found = {} if isinstance(told, XtSyncError) else told
            self._names |= {each: found[each].display_name if each in found else "" for each in unknown}
        return {**known, **self._names}

    async def _configurations(self, client: "GraphClient", facts: Facts) -> tuple[Health, ...]:
        if isinstance(facts.configurations, XtSyncError):
            raise facts.configurations
        return tuple([await self._health(client, one, facts) for one in facts.configurations])

    async def _health(self, client: "GraphClient", one: ServicePrincipal, facts: Facts) -> Health:
        ours = facts.found
        if ours is not None and ours.service_principal.id == one.id:
            return health(one, ours.secrets, ours.job)
        secrets = await attempt(read_settings(client, one.id))
        return health(one, secrets, await attempt(_first_job(client, one.id)))


async def _first_job(client: "GraphClient", sp: str) -> Job | None:
    try:
        found = await jobs.jobs(client, sp)
    except NotFound:
        return None
    return found[0] if found else None
