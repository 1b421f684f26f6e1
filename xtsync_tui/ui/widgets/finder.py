"""Finding people and groups while a name is typed: a search field over a short list."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from xtsync_tui.errors import XtSyncError
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.form import Field, SearchInput
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.setup import Principal

Search = Callable[[str], Awaitable[Sequence[Principal]]]

PAUSE = 0.3
"""Seconds without a key after which a name is searched."""

COLUMNS: tuple[Column[Principal], ...] = (
    Column("Name", lambda row: row.name, most=28),
    Column("Kind", lambda row: "group" if row.kind == "Group" else "person", width=6),
    Column("Account", lambda row: row.detail, grow=True, most=40),
    Column("", lambda row: row.warning, lambda row: state("! see below" if row.warning else ""), width=11),
)


class Finder(Vertical):
    """A search field and what it found; enter takes the first, down goes into the list.

    ``search`` is asked ``PAUSE`` seconds after the last key; an older search is dropped. ``pause`` waits.
    """

    @dataclass
    class Taken(Message):
        """Somebody was chosen."""

        who: Principal

    def __init__(
        self,
        label: str,
        search: Search,
        pause: Callable[[float], Awaitable[None]],
        *,
        marked: Callable[[Principal], bool] = lambda _: False,
        hint: str = "a name or an address",
    ) -> None:
        super().__init__(classes="finder -idle")
        self.field = Field(label, "search", hint=hint, kind=SearchInput)
        self.found: Table[Principal] = Table(
            COLUMNS,
            lambda row: row.id,
            empty="Type a name; enter takes the first.",
            flag=lambda row: "✓" if marked(row) else " ",
            id="found",
        )
        self._search = search
        self._pause = pause
        self._waiting = False
        self._searching = False

    def compose(self) -> ComposeResult:
        """Yield field and list."""
        yield self.field
        yield self.found

    @on(Input.Changed, "#search")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._waiting = False
        self._searching = bool(event.value.strip())
        self.set_class(not self._searching, "-idle")
        self._look(event.value.strip())

    @work(exclusive=True, group="find")
    async def _look(self, text: str) -> None:
        if not text:
            self.found.set_rows(())
            return
        if not self.found.all_rows:
            self.found.set_message(muted("… searching"))
        await self._pause(PAUSE)
        try:
            people = await self._search(text)
        except XtSyncError as error:
            self._searching = False
            self.found.set_message(Content(f"✗ {clean(error.title)}\n{clean(error.detail)}"))
            return
        # Not in a finally: a search that was dropped must not speak for the one that replaced it.
        self._searching = False
        self.found.set_rows(people)
        # The cursor stays with its row when rows change; enter has to take the best one.
        self.found.action_end(-1)
        if not people:
            self.found.set_message(Content(f"Nobody matches {clean(text)}."))
        if self._waiting and people:
            self._take(people[0])

    @on(Input.Submitted, "#search")
    def _submitted(self, event: Input.Submitted) -> None:
        # Enter can be faster than the answer of the search: it then takes the first when that comes.
        if not event.value.strip():
            return
        event.stop()
        if self._searching:
            self._waiting = True
        elif self.found.row is not None:
            self._take(self.found.row)

    @on(Table.Opened, "#found")
    def _opened(self, event: Table.Opened) -> None:
        event.stop()
        self._take(event.row)

    def _take(self, who: Principal) -> None:
        self._waiting = False
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
