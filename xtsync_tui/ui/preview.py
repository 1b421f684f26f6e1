"""The requests that a dialog would send, in a few rows each. Pure functions."""

from collections.abc import Sequence
from typing import Protocol

from textual.content import Content

from xtsync_tui.model import Json, Request, Side
from xtsync_tui.ui.body import body_lines, fold
from xtsync_tui.ui.exchanges import short_path
from xtsync_tui.ui.render import muted

PREVIEWED = 50
"""Requests that a dialog shows before they are sent; a page shows all."""


class Sendable(Protocol):
    """A request and the side it goes to, as the workspace plans it."""

    @property
    def side(self) -> Side:
        """The side that is written to."""
        ...

    @property
    def request(self) -> Request:
        """The request."""
        ...

    @property
    def before(self) -> Json:
        """What the request replaces, None where nothing was there."""
        ...


def end_of(path: str, room: int) -> str:
    """Return ``path``, its start cut off where it is longer than ``room`` columns: the end tells it apart.

    It begins at a slash: half an id would be taken for a whole one.
    """
    if len(path) <= room:
        return path
    end = path[len(path) - room + 1 :]
    return "…" + end[max(end.find("/"), 0) :]


def preview(planned: Sequence[Sendable], width: int) -> Content:
    """Return the requests numbered in their order, ids and what leads to a job cut, each body below its path.

    A body that is too long for that is shown by its size and what it changes.
    """
    lines = []
    for number, each in enumerate(planned[:PREVIEWED], 1):
        path = end_of(short_path(each.request.path), max(width - 11, 20))
        lines.append(muted(f"{number}  ") + Content.styled(each.request.method.ljust(6), "bold") + f" {path}")
        if each.request.body is not None:
            told = body_lines(each.request.body, each.before, width - 3)
            lines += [muted(f"   {row}") for line in told for row in fold(line, width - 3)]
    if len(planned) > PREVIEWED:
        lines.append(muted(f"and {len(planned) - PREVIEWED:,} more: v shows all"))
    return Content("\n").join(lines)
