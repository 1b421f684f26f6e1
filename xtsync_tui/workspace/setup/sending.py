"""Sending what a step has planned: again where Graph is still replicating, never twice what arrived."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xtsync_tui.errors import Conflict, NoAnswer, NotFound
from xtsync_tui.model import Json
from xtsync_tui.workspace.journal import Fate
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
        self.setup.note(name, value)

    async def tries(self, what: str) -> AsyncIterator[int]:
        """Yield the number of each try, with a visible pause before all but the first."""
        yield 0
        for number, seconds in enumerate(RETRIES, 1):
            self.progress(f"{what} Next try in {seconds:g} s")
            await self.setup.workspace.pause(seconds)
            await self.setup.look_again(self.number)
            yield number


def cause_of(written: Written) -> Cause | None:
    """Return why a write is not done, None when it is: a lost answer ends as what was found afterwards."""
    entry, error = written.entry, written.error
    if error is None:
        return None
    if isinstance(error, NoAnswer) and entry.fate is Fate.NOT_ARRIVED:
        return Cause("It did not arrive", entry.note, "enter send it again · @ the request", None, entry.side)
    if isinstance(error, NoAnswer):
        hint = "r look again before you repeat it · @ the request"
        return Cause("Unknown whether it arrived", entry.note, hint, None, entry.side)
    return Cause.of(error, entry.side)


async def send(doing: Doing) -> Cause | None:
    """Send the writes that are left; return why not all of them are done, None when they are.

    Something just made may not be found yet: that is tried again. What somebody else made in the meantime
    is taken as it is.
    """
    failed: Written | None = None
    async for number in doing.tries("Still replicating."):
        failed = await _send_once(doing)
        if failed and isinstance(failed.error, Conflict) and number == 0:
            await doing.setup.look_again(doing.number)
            failed = await _send_once(doing)
        if failed is None or not isinstance(failed.error, NotFound):
            break
    return cause_of(failed) if failed else None


async def _send_once(doing: Doing) -> Written | None:
    """Send what is planned by now; return the first write that is not done."""
    planned = doing.setup.prepare(doing.number, doing.answers)
    written = await doing.setup.workspace.writer.send_all(one for one in planned if one.request.writes)
    doing.writes += written
    return next((one for one in written if not one.done), None)
