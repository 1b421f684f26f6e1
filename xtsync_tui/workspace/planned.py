"""A write before it is sent: which request goes to which side, why, and how it could be undone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from xtsync_tui.model import Json, Request, Side

Look = Callable[[], Awaitable[Json]]
"""Reads Graph after a lost answer: what is there if the write arrived, None if it is not there."""

Check = Callable[[], Awaitable[None]]
"""Reads Graph before a write: raises XtSyncError when what it was made from is not there any more."""


@dataclass(frozen=True, slots=True)
class Undo:
    """The requests that undo a write, in order, or why nothing does."""

    requests: tuple[Request, ...] = ()
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """One request that would be sent to ``side``; ``why`` is the word of the journal: ``step 3``.

    ``before`` is the JSON that the write replaces, None when there was nothing. ``look`` finds out whether
    the write arrived when its answer was lost. ``check`` keeps a write that replaces more than it changes
    from taking back what somebody else changed since.
    """

    side: Side
    request: Request
    why: str
    undo: Undo = Undo(why_not="Not known how to undo this.")
    before: Json = None
    look: Look | None = field(default=None, repr=False, compare=False)
    check: Check | None = field(default=None, repr=False, compare=False)
    undoes: int = 0
    """The entry of the journal that is undone once this has been done, 0 for none."""
