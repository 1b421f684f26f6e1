"""Finding people and groups while a name is typed: a search field over a short list."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label

from xtsync_tui.errors import XtSyncError
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted
from xtsync_tui.ui.widgets.columns import Column, Row
from xtsync_tui.ui.widgets.form import LABEL, Field, SearchInput
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.setup import Principal

PAUSE = 0.3
"""Seconds without a key after which a name is searched."""


def warning(row: Principal) -> str:
    """Return in a few words why assigning somebody does not do what one expects, as a state."""
    short = row.warning.partition(":")[0]
    return f"! {short[:1].lower()}{short[1:]}" if short else ""


COLUMNS: tuple[Column[Principal], ...] = (
    Column("Name", lambda row: row.name, most=28),
    Column("Kind", lambda row: "group" if row.kind == "Group" else "person", width=6),
    Column("Account", lambda row: row.detail, grow=True, most=40),
    Column("", warning, stated=True, name="state", width=19),
)


class Finder(Vertical, Generic[Row]):
    """A search field and what it found; enter takes the first, down goes into the list.

    ``search`` is asked ``PAUSE`` seconds after the last key; an older search is dropped. ``pause`` waits.
    ``keeps`` leaves the text where it is when somebody was taken: for a search that one comes back to.
    """

    @dataclass
    class Taken(Message):
        """Somebody was chosen."""

        who: Any

    class Searched(Message):
        """A search began, brought something, or failed."""

    def __init__(
        self,
        label: str,
        search: Callable[[str], Awaitable[Sequence[Row]]],
        pause: Callable[[float], Awaitable[None]],
        columns: Sequence[Column[Row]],
        *,
        row_id: Callable[[Row], str],
        flag: Callable[[Row], str] | None = None,
        nobody: Callable[[str], str] = lambda text: f"Nobody matches {text}.",
        empty: str = "Type a name; enter takes the first.",
        keeps: bool = False,
    ) -> None:
        super().__init__(classes="finder -idle")
        self.field = Field(label, "search", hint="a name or an address", kind=SearchInput)
        self.found: Table[Row] = Table(columns, row_id, empty=empty, flag=flag, id="found")
        self._search = search
        self._pause = pause
        self._nobody = nobody
        self._keeps = keeps
        self._waiting = False
        self.searching = False

    def compose(self) -> ComposeResult:
        """Yield field and list."""
        yield self.field
        yield self.found

    @property
    def text(self) -> str:
        """What is searched for."""
        return self.field.input.value.strip()

    def call(self, label: Content) -> None:
        """Give the field another label."""
        self.field.query_one(Label).update(label.pad_right(max(LABEL - label.cell_length, 1)))

    @on(Input.Changed, "#search")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.look()

    def look(self) -> None:
        """Search for what is typed, as if it had just been typed."""
        self._waiting = False
        self.searching = bool(self.text)
        self.set_class(not self.searching, "-idle")
        self.post_message(self.Searched())
        self._look(self.text)

    @work(exclusive=True, group="find")
    async def _look(self, text: str) -> None:
        if not text:
            self.found.set_rows(())
            return
        if not self.found.all_rows:
            self.found.set_message(muted("… searching"))
        try:
            await self._pause(PAUSE)
            rows = await self._search(text)
        except XtSyncError as error:
            self.searching = False
            self.found.set_message(Content(f"✗ {clean(error.title)}\n{clean(error.detail)}"))
            self.post_message(self.Searched())
            return
        # Not in a finally: a search that was dropped must not speak for the one that replaced it.
        self.searching = False
        self.found.set_rows(rows)
        # The cursor stays with its row when rows change; enter has to take the best one.
        self.found.action_end(-1)
        if not rows:
            self.found.set_message(muted(self._nobody(clean(text))))
        self.post_message(self.Searched())
        if self._waiting and rows:
            self._take(rows[0])

    @on(Input.Submitted, "#search")
    def _submitted(self, event: Input.Submitted) -> None:
        # Enter can be faster than the answer of the search: it then takes the first when that comes.
        if not event.value.strip():
            return
        event.stop()
        if self.searching:
            self._waiting = True
        elif self.found.row is not None:
            self._take(self.found.row)

    @on(Table.Opened, "#found")
    def _opened(self, event: Table.Opened) -> None:
        event.stop()
        self._take(event.row)

    def _take(self, who: Row) -> None:
        self._waiting = False
        if not self._keeps:
            self.field.input.value = ""
            self.screen.set_focus(self.field.input)
        self.post_message(self.Taken(who))

    def on_key(self, event: events.Key) -> None:
        """Go from the field into the list with down, and back with up on its first row."""
        if event.key == "down" and self.field.input.has_focus and self.found.rows:
            self.screen.set_focus(self.found)
            event.stop()
        elif event.key == "up" and self.found.has_focus and self.found.at == 0:
            self.screen.set_focus(self.field.input)
            event.stop()


def principals(
    label: str,
    search: Callable[[str], Awaitable[Sequence[Principal]]],
    pause: Callable[[float], Awaitable[None]],
    marked: Callable[[Principal], bool] = lambda _: False,
) -> Finder[Principal]:
    """Return a finder of people and groups who can be assigned or provisioned."""
    return Finder(
        label,
        search,
        pause,
        COLUMNS,
        row_id=lambda row: row.id,
        flag=lambda row: "✓" if marked(row) else " ",
    )
