"""A log in the order of time, whatever order its rows are written in, which does not grow for ever.

Rows are kept as JSON: a hundred thousand of them would otherwise be millions of objects for the garbage
collector to walk over, and whoever hosts the emulator would feel that.
"""

from bisect import bisect_right, insort
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, overload

import msgspec

from xtsync_tui.emulator.clock import fine_stamp

KEPT = 20_000
"""How many rows a log keeps, so that memory has an end. Not documented; Graph keeps 30 days."""

Document = dict[str, Any]
Line = tuple[str, bytes]
"""When, and the row as JSON."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Document).decode


class Logbook(Sequence[Document]):
    """Rows with an ``activityDateTime``, the oldest first; each is read when it is asked for."""

    def __init__(self, lines: list[Line] | None = None) -> None:
        self._lines: list[Line] = lines or []

    def add(self, row: Document) -> None:
        """Put ``row`` into its place; the oldest rows go when there are too many."""
        line = (str(row["activityDateTime"]), _encode(row))
        if self._lines and line[0] < self._lines[-1][0]:
            insort(self._lines, line, key=_when)
        else:
            self._lines.append(line)
        if len(self._lines) > KEPT + KEPT // 10:
            del self._lines[: len(self._lines) - KEPT]

    def rewrite(self, change: Callable[[Document], Document]) -> None:
        """Put ``change`` of each row in its place; a row keeps its time."""
        self._lines = [(at, _encode(change(_decode(raw)))) for at, raw in self._lines]

    def newest_first(self, now: datetime) -> "Logbook":
        """Return what has happened by ``now``. Some rows tell what comes minutes later."""
        return Logbook(self._lines[: bisect_right(self._lines, fine_stamp(now), key=_when)][::-1])

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> Document: ...

    @overload
    def __getitem__(self, index: slice) -> list[Document]: ...

    def __getitem__(self, index: int | slice) -> Document | list[Document]:
        """Return the row at ``index``, or the rows of a slice."""
        if isinstance(index, slice):
            return [_decode(raw) for _, raw in self._lines[index]]
        return _decode(self._lines[index][1])


def _when(line: Line) -> str:
    return line[0]
