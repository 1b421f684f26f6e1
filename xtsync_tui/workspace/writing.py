"""The only way to write: recorded before and after, sent once, looked at again when the answer is lost."""

from dataclasses import dataclass
from enum import Enum

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Json, Request, Side
from xtsync_tui.workspace.journal import Entry, Fate

LOOKS = (0.0, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each look after a lost answer; a change can need some time to be readable."""


class WriteState(Enum):
    """What the header says about writing; PROTECTED asks for the tenant's name before each write."""

    READ_ONLY = "READ-ONLY"
    WRITE = "WRITE"
    PROTECTED = "PROTECTED"


class Phase(Enum):
    """What a running write does."""

    SENDING = "sending"
    LOOKING = "looking whether it arrived"


@dataclass(frozen=True, slots=True)
class Activity:
    """The running write, for the status line; ``began`` is on the monotonic clock that was passed in."""

    side: Side
    tenant: str
    request: Request
    why: str
    number: int
    total: int
    began: float
    phase: Phase = Phase.SENDING


@dataclass(frozen=True, slots=True)
class Written:
    """A write and how it ended; ``answer`` is Graph's answer, or what was found after a lost one."""

    entry: Entry
    answer: Json = None
    error: XtSyncError | None = None

    @property
    def done(self) -> bool:
        """Whether it is known to have happened."""
        return self.entry.fate is Fate.DONE
