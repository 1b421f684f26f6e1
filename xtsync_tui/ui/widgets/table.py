"""The one table of the application: virtual, steady under reload, the same on every screen."""

import asyncio
from collections.abc import Callable, Generator, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Generic

from textual import events, work
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted
from xtsync_tui.ui.widgets import query
from xtsync_tui.ui.widgets.columns import GAP, Column, Row, align, fit, visible, whole

HEAD = 1
AT_ONCE = 5_000
"""Rows up to which a filter or sort is done before the next key is looked at."""
TURN = 0.008
"""Seconds that arranging more rows than that takes before everybody else has a turn."""


class Table(ScrollView, Generic[Row], can_focus=True):
    """Rows of values behind columns of renderers.

    Only what is in view is rendered, so a million rows cost what fifty do. Rows are known by ``row_id``:
    cursor, marks and place stay when rows are read again. Rows for which ``heading`` gives a text are
    section heads: drawn across, never under the cursor.
    """

    COMPONENT_CLASSES = {"table--cursor", "table--head"}  # noqa: RUF012 - Textual's form
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Table { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; }
    """
    BINDINGS = [  # noqa: RUF012 - Textual's form
        Binding("down,j", "move(1)", "Down", show=False, tooltip="Next row", id="table.down"),
        Binding("up,k", "move(-1)", "Up", show=False, tooltip="Previous row", id="table.up"),
        Binding("pagedown", "page(1)", "Page down", show=False, tooltip="A page down", id="table.page_down"),
        Binding("pageup", "page(-1)", "Page up", show=False, tooltip="A page up", id="table.page_up"),
        Binding("home", "end(-1)", "First", show=False, tooltip="First row", id="table.first"),
        Binding("end", "end(1)", "Last", show=False, tooltip="Last row", id="table.last"),
        key("open", show=False),
        key("mark", show=False),
        key("mark_all", show=False),
    ]

    @dataclass
    class Opened(Message):
        """Enter, or a click on the cursor row."""

        table: "Table[Any]"
        row: Any

        @property
        def control(self) -> "Table[Any]":
            """The table, for ``@on(Table.Opened, "#id")``."""
            return self.table

    @dataclass
    class Moved(Message):
        """The cursor is on another row, None when there is none."""

        table: "Table[Any]"
        row: Any

        @property
        def control(self) -> "Table[Any]":
            """The table, for ``@on(Table.Moved, "#id")``."""
            return self.table

    @dataclass
    class Marked(Message):
        """The marks changed."""

        table: "Table[Any]"

        @property
        def control(self) -> "Table[Any]":
            """The table, for ``@on(Table.Marked, "#id")``."""
            return self.table

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        row_id: Callable[[Row], Hashable],
        *,
        empty: str = "",
        flag: Callable[[Row], str] | None = None,
        heading: Callable[[Row], str] | None = None,
        id: str | None = None,  # noqa: A002 - Textual's word
        classes: str | None = None,
    ) -> None:
        """Make a table; ``empty`` is said where rows would be, ``flag`` gives column 1 of unmarked rows."""
        super().__init__(id=id, classes=classes)
        self.columns = list(columns)
        self.row_id = row_id
        self.empty = empty
        self.flag = flag
        self.heading = heading
        self.all_rows: Sequence[Row] = ()
        self.rows: Sequence[Row] = ()
        self.marks: set[Hashable] = set()
        self.query_text = ""
        self.sorted_by: tuple[str, bool] | None = None
        self.message: Content | None = None
        self.at = 0
        self.arranging = False
        self.leads = True
        """Whether it is the list that keys work on: of several the one that had the focus last."""
        self._now: datetime | None = None
        self._columns: list[Column[Row]] = []
        self._widths: list[int] = []

    # What it shows -----------------------------------------------------------------------------------

    @property
    def row(self) -> Row | None:
        """The row under the cursor, None when there is none."""
        return self.rows[self.at] if self.at < len(self.rows) else None

    @property
    def marked(self) -> list[Row]:
        """The marked rows, of those that are shown."""
        return [row for row in self.rows if self.row_id(row) in self.marks] if self.marks else []

    @property
    def chosen(self) -> list[Row]:
        """The marked rows, or the one under the cursor."""
        return self.marked or ([] if self.row is None else [self.row])

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show ``rows`` instead of those before; cursor, marks and place stay with their rows."""
        self.message = None
        self.all_rows = rows
        self._arrange()

    def follow_rows(self, rows: Sequence[Row]) -> None:
        """Show ``rows``, newest first: the cursor stays on the newest one while it is there."""
        follows = self.at == 0
        self.set_rows(rows)
        if follows and self.at:
            self.action_end(-1)

    def set_message(self, message: Content | None) -> None:
        """Say something in place of rows: what is being read, or why nothing can be."""
        self.message = message
        if self.arranging:
            self.workers.cancel_group(self, "arrange")
            self.arranging = False
        self.all_rows = self.rows = () if message else self.all_rows
        self._resize()

    def filter(self, text: str, now: datetime) -> None:
        """Show only the rows that ``text`` asks for; ``since:`` counts back from ``now``."""
        self.query_text, self._now = text, now
        if self.message is None:
            self._arrange()

    def sort(self, column: str) -> None:
        """Sort by the column of this id, reversed when it is sorted so already; "" is as they were read."""
        reverse = self.sorted_by is not None and self.sorted_by == (column, False)
        self.sorted_by = (column, reverse) if column else None
        self._arrange()

    def select(self, row_id: Hashable) -> bool:
        """Put the cursor on the row of this id; return whether it is there."""
        for index, row in enumerate(self.rows):
            if self.row_id(row) == row_id:
                self._go(index)
                return True
        return False

    @property
    def exported(self) -> list[Row]:
        """The rows of an export: those that are marked, else all that are shown; section heads are none."""
        return [row for row in self.marked or self.rows if not self._head_of(row)]

    # Arranging rows ----------------------------------------------------------------------------------

    def _arrange(self) -> None:
        steps = self._steps()
        if self.arranging:
            self.workers.cancel_group(self, "arrange")
        self.arranging = len(self.all_rows) > AT_ONCE and (
            bool(self.query_text) or self.sorted_by is not None
        )
        if self.arranging:
            self._arrange_later(steps)
        else:
            self._arranged(query.finish(steps))

    @work(group="arrange")
    async def _arrange_later(self, steps: Generator[None, None, Sequence[Row]]) -> None:
        """Arrange many rows in turns with everything else, so that no key waits for it."""
        while True:
            until = monotonic() + TURN
            while monotonic() < until:
                try:
                    next(steps)
                except StopIteration as end:
                    self.arranging = False
                    self._arranged(end.value)
                    return
            await asyncio.sleep(0)

    def _arranged(self, rows: Sequence[Row]) -> None:
        kept = None if self.row is None or self._head_of(self.row) else self.row_id(self.row)
        above = self.at - self.scroll_offset.y
        self.rows = rows
        self._drop_marks()
        self.at = self._place_of(kept)
        self._resize()
        if kept is not None:
            self.scroll_to(y=max(self.at - above, 0), animate=False, force=True, immediate=True)
        self._show_cursor()
        self.post_message(self.Moved(self, self.row))

    def _steps(self) -> Generator[None, None, Sequence[Row]]:
        test = query.predicate(self.query_text, self.columns, self._now) if self._now else None
        name, reverse = self.sorted_by or ("", False)
        key = next((query.order(column) for column in self.columns if name and column.id == name), None)
        if self.heading:
            test = self._beside_heads(test, gone=key is not None)
        return query.arrange(self.all_rows, test, key, reverse=reverse)

    def _beside_heads(self, test: query.Test[Row] | None, *, gone: bool) -> query.Test[Row] | None:
        """Return a test under which section heads stay; sorting takes rows out of their sections."""
        if gone:
            return lambda row: not self._head_of(row) and (test is None or test(row))
        return test and (lambda row: bool(self._head_of(row)) or test(row))

    def _drop_marks(self) -> None:
        if self.marks:
            self.marks &= {self.row_id(row) for row in self.all_rows}

    def _place_of(self, row_id: Hashable | None) -> int:
        if row_id is not None:
            if self.at < len(self.rows) and self.row_id(self.rows[self.at]) == row_id:
                return self.at
            for index, row in enumerate(self.rows):
                if self.row_id(row) == row_id:
                    return index
        return self._free(min(self.at, max(len(self.rows) - 1, 0)), 1)

    def _head_of(self, row: Row) -> str:
        return self.heading(row) if self.heading else ""

    def _free(self, index: int, step: int) -> int:
        """Return ``index``, or the next row from there in the direction of ``step`` that is no head."""
        for way in (step, -step):
            at = index
            while 0 <= at < len(self.rows):
                if not self._head_of(self.rows[at]):
                    return at
                at += way
        return index

    def _resize(self) -> None:
        terminal = self.app.size.width if self.is_attached else 80
        self._columns = visible(self.columns, terminal)
        sample = [row for row in self.rows[:200] if not self._head_of(row)]
        wholes = [whole(column, sample) for column in self._columns]
        self._widths = fit(self._columns, wholes, self.size.width - self._gutter - 1)
        self.virtual_size = Size(self.size.width, len(self.rows) + HEAD)
        self.refresh()

    @property
    def _gutter(self) -> int:
        return 3 if self.flag else 2

    def on_resize(self) -> None:
        """Deal the width out again."""
        self._resize()
        self._show_cursor()

    # Moving ------------------------------------------------------------------------------------------

    def _go(self, index: int) -> None:
        index = max(0, min(index, len(self.rows) - 1))
        if not self.rows or index == self.at:
            return
        old, self.at = self.at, index
        for line in (old, index):
            self.refresh_lines(line + HEAD, 1)
        self._show_cursor()
        self.post_message(self.Moved(self, self.row))

    def _show_cursor(self) -> None:
        height = max(self.size.height - HEAD, 1)
        top = self.scroll_offset.y
        wanted = min(max(top, self.at - height + 1), self.at)
        if self.at > 0 and wanted == self.at and self._head_of(self.rows[self.at - 1]):
            wanted -= 1
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, force=True, immediate=True)

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self._go(self._free(max(0, min(self.at + by, len(self.rows) - 1)), by))

    def action_page(self, way: int) -> None:
        """Move the cursor by a page."""
        self.action_move(way * max(self.size.height - HEAD - 1, 1))

    def action_end(self, way: int) -> None:
        """Move the cursor to the first or last row."""
        self._go(self._free(0 if way < 0 else len(self.rows) - 1, -way))

    def action_open(self) -> None:
        """Tell the screen that the row under the cursor is to be opened."""
        if self.row is not None:
            self.post_message(self.Opened(self, self.row))

    def action_mark(self) -> None:
        """Mark the row under the cursor, or take its mark away, and go on."""
        if self.row is not None:
            self.marks ^= {self.row_id(self.row)}
            self.refresh_lines(self.at + HEAD, 1)
            self.post_message(self.Marked(self))
            self.action_move(1)

    def action_mark_all(self) -> None:
        """Mark all rows shown; when all are marked, none."""
        every = {self.row_id(row) for row in self.rows if not self._head_of(row)}
        self.marks = self.marks - every if every <= self.marks else self.marks | every
        self.refresh()
        self.post_message(self.Marked(self))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row that was clicked; open it when the cursor was there already."""
        index = event.y + self.scroll_offset.y - HEAD
        if event.y < HEAD or index >= len(self.rows) or self._head_of(self.rows[index]):
            return
        if index == self.at:
            self.action_open()
        self._go(index)

    def on_focus(self) -> None:
        """Show the cursor as the one that moves: of several tables only this one has the mark."""
        for table in self.screen.query(Table):
            table.leads = table is self
            table.refresh()

    def on_blur(self) -> None:
        """Show the cursor as resting."""
        self.refresh()

    # Drawing -----------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Draw line ``y`` of the view: the head, a row, a message or nothing."""
        if y < HEAD:
            return self._strip(self._head_line(), "table--head")
        if not self.rows:
            return self._strip(self._said(y - HEAD))
        index = y + self.scroll_offset.y - HEAD
        if index >= len(self.rows):
            return self._strip(Content(""))
        row = self.rows[index]
        if head := self._head_of(row):
            return self._strip(Content.styled(f"  {head}", "bold"))
        if index != self.at:
            return self._strip(self._row_line(row, " "))
        line = self._row_line(row, "▌" if self.leads else " ")
        # On the cursor only its own colours; where it rests states keep theirs.
        return self._strip(line.without_spans if self.has_focus else line, "table--cursor")

    def _strip(self, content: Content, component: str = "") -> Strip:
        style = self.get_visual_style(component) if component else self.visual_style
        if (
            component == "table--cursor"
            and self.has_focus
            and (self.app.no_color or self.app.native_ansi_color)
        ):
            style += Style(reverse=True)
        width = self.size.width
        line = content.truncate(width, ellipsis=True, pad=True)
        strips = Visual.to_strips(self, line, width, 1, style, apply_selection=False)
        # Combining characters are measured alone and in their word with different results.
        return (strips[0] if strips else Strip.blank(width)).adjust_cell_length(width, style.rich_style)

    def _said(self, y: int) -> Content:
        message = self.message or muted(self._nothing())
        lines = [Content(""), *message.wrap(max(self.size.width - 3, 10))]
        return Content("  ") + lines[y] if y < len(lines) else Content("")

    def _nothing(self) -> str:
        if not self.query_text:
            return self.empty
        wrong = query.misunderstood(self.query_text, self.columns)
        return f"{wrong or f'No row matches {clean(self.query_text, 60)}.'} esc shows all."

    def _head_line(self) -> Content:
        arrow = {False: " ↑", True: " ↓"}
        cells = []
        for column, width in zip(self._columns, self._widths, strict=True):
            by = arrow[self.sorted_by[1]] if self.sorted_by and self.sorted_by[0] == column.id else ""
            head = Content.styled(column.head, column.tint) if column.tint else Content(column.head)
            cells.append(align(head + by, width, right=column.right))
        return Content(" " * self._gutter) + Content(" " * GAP).join(cells)

    def _row_line(self, row: Row, cursor: str) -> Content:
        mark = "*" if self.row_id(row) in self.marks else self.flag(row) if self.flag else " "
        cells = [
            align(column.cell(row), width, right=column.right)
            for column, width in zip(self._columns, self._widths, strict=True)
        ]
        start = Content((cursor + mark).ljust(self._gutter))
        return start + Content(" " * GAP).join(cells)
