"""How cycles are told, the same on every screen: the next one, the last one, and people in TARGET."""

from datetime import datetime

from xtsync_tui.ui.render import duration, number, people_count, rough, when
from xtsync_tui.workspace.health import Cycle, Ending, State

ENDINGS = {
    Ending.SUCCEEDED: "✓ succeeded",
    Ending.ERRORS: "! with errors",
    Ending.FAILED: "✗ failed",
    Ending.UNKNOWN: "? cannot tell",
}
NONE = {State.PAUSED, State.NOT_RUN, State.NO_JOB, State.OFF}
"""States in which no cycle begins by itself."""


def next_cycle(
    state: State, due: datetime | None, now: datetime, *, running: bool = False, asked: bool = False
) -> str:
    """Return when the next cycle begins: ``about 13:38, in 36 min``, ``due since 13:38, 1 min``.

    ``asked`` says that one was asked for and has not shown itself yet. A cycle that runs is ended first.
    """
    if state in NONE:
        return "– none"
    if running:
        ahead = f", not before {due:%H:%M}" if due is not None and due > now else ""
        return f"when this one ends{ahead}"
    if asked or state is State.FIRST:
        return "any moment"
    if due is None:
        return "? cannot tell"
    if due <= now:
        return f"due since {due:%H:%M}, {rough((now - due).total_seconds())}"
    return when(due, now) if state is State.QUARANTINE else f"about {when(due, now)}"


def last_cycle(last: Cycle | None, now: datetime, *, whole: bool = False) -> str:
    """Return when the last cycle ended: ``✓ 12:58, 1 min ago``, ``whole`` with its words."""
    if last is None:
        return "not run yet" if whole else "– none"
    words = ENDINGS[last.ending]
    return f"{words if whole else words[0]} {when(last.ended, now)}"


def span(began: datetime, ended: datetime) -> str:
    """Return how long something took or has taken, in whole seconds: ``14 s``, ``4 min 4 s``."""
    return whole_seconds((ended - began).total_seconds())


def whole_seconds(seconds: float) -> str:
    """Return a distance in time in whole seconds."""
    count = max(int(seconds), 0)
    return duration(float(count)) if count >= 60 else f"{count} s"


def users_in_target(count: int | None) -> str:
    """Return how many people are in TARGET: a bound, as the count does not fall on deletes [STA].

    ``?`` until the service has counted.
    """
    return f"{_bound(count)}{number(count)}"


def people_in_target(count: int | None) -> str:
    """Return the same in a sentence: ``up to 26 people``."""
    return f"{_bound(count)}{people_count(count)}"


def _bound(count: int | None) -> str:
    return "up to " if count else ""
