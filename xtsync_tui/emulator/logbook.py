"""A log that is in the order of time, whatever order its rows are written in, and does not grow for ever."""

from bisect import bisect_right, insort
from datetime import datetime

from xtsync_tui.emulator.clock import fine_stamp
from xtsync_tui.emulator.state import Document

KEPT = 40_000
"""How many rows a log keeps, so that memory has an end. Not documented; Graph keeps 30 days."""


def _when(row: Document) -> str:
    return str(row["activityDateTime"])


def add(log: list[Document], row: Document) -> None:
    """Put ``row`` into its place; the oldest rows go when there are too many."""
    insort(log, row, key=_when)
    if len(log) > KEPT + KEPT // 10:
        del log[: len(log) - KEPT]


def newest_first(log: list[Document], now: datetime) -> list[Document]:
    """Return what has happened by ``now``. Some rows tell what comes minutes later."""
    return log[: bisect_right(log, fine_stamp(now), key=_when)][::-1]
