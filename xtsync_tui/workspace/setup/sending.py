"""Sending what a step has planned: again where Graph is still replicating, never twice what arrived."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xtsync_tui.errors import Conflict, NotFound, XtSyncError
from xtsync_tui.model import Json
from xtsync_tui.workspace.setup.answers import Answers
from xtsync_tui.workspace.setup.found import OnDemandResult
from xtsync_tui.workspace.setup.reading import Cause
from xtsync_tui.workspace.writing import Written

if TYPE_CHECKING:
    from xtsync_tui.workspace.setup.setup import Progress, Setup

RETRIES = (5.0, 10.0, 20.0, 40.0)
"""Seconds between tries while a change is still replicating."""


@dataclass(slots=True)
class Doing:
    """One step being done: what was answered, and what was sent so far."""

    setup: "Setup"
    number: int
    answers: Answers
    progress: "Progress"
    writes: list[Written] = field(default_factory=list)
    on_demand: OnDemandResult | None = None

    def note(self, name: str, value: Json) -> None:
        """Keep what leaves no trace in Graph."""
        workspace = self.setup.workspace
        workspace.journal.note(name, value, workspace.now())

    async def tries(self, what: str) -> AsyncIterator[int]:
        """Yield the number of each try, with a visible pause before all but the first."""
        yield 0
        for number, seconds in enumerate(RETRIES, 1):
            self.progress(f"{what} Next try in {seconds:g} s")
            await self.setup.workspace.pause(seconds)
            await self.setup.refresh()
            yield number


async def send(doing: Doing) -> Cause | None:
    """Send the writes that are left; return why not all of them are done, None when they are.

    Something just made may not be found yet: that is tried again. What somebody else made in the meantime
    is taken as it is.
    """
    error: XtSyncError | None = None
    async for number in doing.tries("Still replicating."):
        error = await _send_once(doing)
        if isinstance(error, Conflict) and number == 0:
            await doing.setup.refresh()
            error = await _send_once(doing)
        if not isinstance(error, NotFound):
            break
    side = doing.writes[-1].entry.side if doing.writes else None
    return Cause.of(error, side) if error else None


async def _send_once(doing: Doing) -> XtSyncError | None:
    planned = doing.setup.prepare(doing.number, doing.answers)
    written = await doing.setup.workspace.writer.send_all(one for one in planned if one.request.writes)
    doing.writes += written
    return next((one.error for one in written if not one.done), None)
