"""What became of doing a step."""

from dataclasses import dataclass

from xtsync_tui.workspace.setup.found import OnDemandResult
from xtsync_tui.workspace.setup.reading import Cause
from xtsync_tui.workspace.writing import Written


@dataclass(frozen=True, slots=True)
class Outcome:
    """One step done or not: ``words`` for the status line, ``cause`` when it is not done.

    ``writes`` are the requests that were sent, in order. ``on_demand`` is the result of step 11.
    """

    number: int
    done: bool
    words: str
    writes: tuple[Written, ...] = ()
    cause: Cause | None = None
    on_demand: OnDemandResult | None = None
