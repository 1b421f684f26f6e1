"""Columns of a table: what a cell holds, how it looks, and how wide each column gets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from rich.cells import cell_len
from textual.content import Content

from xtsync_tui.text import clean
from xtsync_tui.ui.render import iso, state, word
from xtsync_tui.ui.widths import HUGE, WIDE

Row = TypeVar("Row")

GAP = 2
SAMPLE = 200
"""Rows that are measured for the widths: enough to look right, few enough to cost nothing."""


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: ``value`` is the plain value (filter, sort, export), ``render`` what is shown of it.

    ``priority`` 1 is always shown, 2 from 100 columns of terminal, 3 from 140. ``right`` aligns numbers.
    ``grow`` lets the column take the spare width, and give way first. ``width`` fixes the width in cells.
    ``most`` is the widest it may get before the spare width is dealt out. The value of a column that is
    ``stated`` is a state, its symbol first: shown in the symbol's colour, exported as the word alone.
    ``long`` is the head where it stands alone, in an export or a list of columns, ``tint`` the head's style.
    """

    head: str
    value: Callable[[Row], Any]
    render: Callable[[Row], Content] | None = None
    name: str = ""
    priority: int = 1
    right: bool = False
    grow: bool = False
    width: int = 0
    most: int = 40
    stated: bool = False
    long: str = ""
    tint: str = ""

    @property
    def title(self) -> str:
        """The head where it stands alone."""
        return self.long or self.head or self.name.capitalize()

    @property
    def words(self) -> set[str]:
        """What a filter may call this column."""
        return {word.casefold().replace(" ", "") for word in (self.id, self.head, self.title)} - {""}

    @property
    def id(self) -> str:
        """The word for this column in a filter and in an export."""
        return self.name or self.head.casefold()

    def plain(self, row: Row) -> str | int | float | bool | None:
        """Return the cell as JSON can hold it: a number stays one, what is not known is None."""
        value = self.value(row)
        if value is None or isinstance(value, int | float):
            return value
        return self._text(value)

    def text(self, row: Row) -> str:
        """Return the cell as plain text, as filters and files of text see it; None as it is shown."""
        value = self.value(row)
        if value is None:
            return self.cell(row).plain.strip()
        return self._text(value)

    def _text(self, value: object) -> str:
        if isinstance(value, datetime):
            return iso(value)
        return word(str(value)) if self.stated else str(value)

    def cell(self, row: Row) -> Content:
        """Return the cell as it is shown."""
        if self.render is not None:
            return self.render(row)
        text = clean(self.value(row))
        return state(text) if self.stated else Content(text)


def visible(columns: Sequence[Column[Row]], terminal: int) -> list[Column[Row]]:
    """Return the columns that a terminal of this many columns shows."""
    most = 3 if terminal >= HUGE else 2 if terminal >= WIDE else 1
    return [column for column in columns if column.priority <= most]


def whole(column: Column[Row], rows: Sequence[Row]) -> int:
    """Return the width in cells at which neither the first rows nor the head are cut."""
    if column.width:
        return column.width
    return max((column.cell(row).cell_length for row in rows[:SAMPLE]), default=0)


def fit(columns: Sequence[Column[Row]], wholes: Sequence[int], width: int) -> list[int]:
    """Return the widths that fill ``width`` cells, given those at which nothing is cut.

    No column gets more than its ``most`` before all have that. What is spare goes to those that are cut, the
    nearest to whole first, then to the growing ones, which also give what lacks.
    """
    widths = [
        max(min(full, column.most), cell_len(column.head)) if not column.width else column.width
        for column, full in zip(columns, wholes, strict=True)
    ]
    spare = width - sum(widths) - GAP * (len(widths) - 1)
    growing = [index for index, column in enumerate(columns) if column.grow] or [len(widths) - 1]
    if spare >= 0:
        for index in sorted(range(len(widths)), key=lambda at: wholes[at] - widths[at]):
            given = min(max(wholes[index] - widths[index], 0), spare)
            widths[index] += given
            spare -= given
        _deal(widths, [index for index in growing if columns[index].grow], spare)
    else:
        _take(widths, columns, growing, -spare)
    return widths


def _deal(widths: list[int], growing: list[int], spare: int) -> None:
    for place, index in enumerate(growing):
        share = spare // (len(growing) - place)
        widths[index] += share
        spare -= share


def _take(widths: list[int], columns: Sequence[Column[Row]], growing: list[int], lacking: int) -> None:
    # The growing columns give way first, then the widest of the others; nothing under its head or 6 cells.
    for index in growing + sorted(range(len(widths)), key=lambda at: -widths[at]):
        least = min(widths[index], max(6, cell_len(columns[index].head)))
        given = min(widths[index] - least, lacking)
        widths[index] -= given
        lacking -= given


def align(content: Content, width: int, *, right: bool = False) -> Content:
    """Return ``content`` in exactly ``width`` cells, cut with ``…`` or padded."""
    if right and (short := width - content.cell_length) > 0:
        return content.pad_left(short)
    return content.truncate(width, ellipsis=True, pad=True)


def side_by_side(left: Content, right: Content, width: int) -> Content:
    """Return two texts beside each other, the left one in ``width`` cells."""
    lefts, rights = left.split("\n", allow_blank=True), right.split("\n", allow_blank=True)
    lines = []
    for index in range(max(len(lefts), len(rights))):
        start = lefts[index] if index < len(lefts) else Content("")
        end = rights[index] if index < len(rights) else Content("")
        lines.append(align(start, width) + end)
    return Content("\n").join(lines)
