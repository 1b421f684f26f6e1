"""The search for people in either tenant, while a name is typed."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events, on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean, first_visible
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted, side
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.finder import PAUSE
from xtsync_tui.ui.widgets.form import LABEL, Field, SearchInput
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.people.finding import Found

MOST = 25
"""As many as a search brings at most."""


def enabled(row: Found) -> str:
    """Return whether the account is enabled, as a state."""
    return "? cannot tell" if row.enabled is None else "✓ enabled" if row.enabled else "✗ disabled"


COLUMNS: tuple[Column[Found], ...] = (
    Column("Name", lambda row: first_visible(row.name, row.account, row.id), most=32),
    Column("Account", lambda row: row.account, grow=True, most=60),
    Column("Mail", lambda row: row.mail, priority=3),
    Column("Kind", lambda row: row.kind, priority=2),
    Column("State", enabled, stated=True, width=13),
)


class PeopleScreen(FrameScreen):
    """A search field over who matches; enter opens the person."""

    MODE = "people"
    READS = "people"
    TITLE = "People"
    AUTO_FOCUS = "#search"
    HELP = """\
# People

Why somebody is in TARGET, or is not.

- Type a name or an address: the search begins by itself. **tab** searches the other tenant.
- **enter** opens the person: the gates in the order of the service, and the attributes side by side.
- **down** goes from the field into the list, **esc** too.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("open", "Open"), key("provision"), key("assign"), key("logs"), key("why"),
        key("panel", "Other tenant"), key("filter", "Search"),
        key("copy"), key("export"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.side = Side.SOURCE
        self._searching = False
        self._waiting = False

    def body(self) -> Iterable[Widget]:
        """Yield the field and the list."""
        yield Field("Search", "search", hint="a name or an address", kind=SearchInput)
        yield Table(COLUMNS, lambda row: row.id, id="found")

    def on_mount(self) -> None:
        """Say what can be done."""
        self._connect()

    @work
    async def _connect(self) -> None:
        """Open the tenants, so that the first letter need not."""
        try:
            await self.xtsync.connected()
        except XtSyncError as error:
            self._tell(f"✗ {clean(error.title)}\n{clean(error.detail)}")
        else:
            self._show_side()

    def on_screen_resume(self) -> None:
        """Go on typing where there is nobody to choose from."""
        super().on_screen_resume()
        if not self._found.all_rows:
            self.screen.set_focus(self.query_one("#search"))

    def _show_side(self) -> None:
        label = self.query_one(Field).query_one(Label)
        name = self.xtsync.side_view(self.side).name
        words = side(self.side, clean(name, 24))
        label.update(words.pad_right(max(LABEL - words.cell_length, 1)))
        if not self.query_one("#search", Input).value.strip():
            other = self.xtsync.side_view(self.side.other).name
            self._tell(f"Type a name or an address. tab searches {clean(other)}.")
        self.refresh_frame()

    @property
    def _found(self) -> Table[Found]:
        return self.query_one("#found", Table)

    def _tell(self, text: str) -> None:
        self._found.set_message(muted(text))

    def summary(self) -> Content:
        """Return how many match."""
        count = len(self._found.all_rows) if self.is_mounted else 0
        if self._searching:
            return muted("… searching")
        words = f"{count} matches" if count != 1 else "1 match"
        more = " or more" if count >= MOST else ""
        return Content(f"{words}{more} · enter opens the first" if count else "")

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        if action in {"open", "provision", "assign", "logs", "why", "copy"} and (
            not self.is_mounted or self._found.row is None
        ):
            return "Nobody is selected: type a name first."
        return super().refusal(action)

    # Searching ----------------------------------------------------------------------------------------

    @on(Input.Changed, "#search")
    def _typed(self, event: Input.Changed) -> None:
        self._waiting = False
        self._look(event.value.strip())

    @work(exclusive=True, group="find")
    async def _look(self, text: str) -> None:
        self._searching = bool(text)
        self.refresh_frame()
        if not text:
            self._found.set_rows(())
            self._show_side()
            return
        if not self._found.all_rows:
            self._tell("… searching")
        try:
            workspace = await self.xtsync.connected()
            await workspace.pause(PAUSE)
            people = await workspace.people.search(self.side, text)
        except XtSyncError as error:
            self._searching = False
            self._tell(f"✗ {clean(error.title)}\n{clean(error.detail)}")
            return
        self._searching = False
        workspace.mark_read("people")
        self._show(text, people)

    def _show(self, text: str, people: tuple[Found, ...]) -> None:
        table = self._found
        table.set_rows(people)
        table.action_end(-1)
        if not people:
            here, other = (self.xtsync.side_view(each).name for each in (self.side, self.side.other))
            self._tell(f'Nobody matches "{clean(text)}" in {clean(here)}. tab searches {clean(other)}.')
        self.refresh_frame()
        self.refresh_bindings()
        if self._waiting and people:
            self._waiting = False
            self._open(people[0])

    @on(Input.Submitted, "#search")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        # Enter can be faster than the search: it then opens the first when that comes.
        if self._searching:
            self._waiting = True
        elif self._found.row is not None:
            self._open(self._found.row)

    @on(Table.Opened, "#found")
    def _opened(self, event: Table.Opened) -> None:
        self._open(event.row)

    @work(exclusive=True, group="open")
    async def _open(self, row: Found, do: str = "") -> None:
        from xtsync_tui.ui.screens.people.person import PersonScreen

        user_id = row.id
        if row.side is Side.TARGET:
            try:
                user_id = await self.workspace.people.home_of(row.id)
            except XtSyncError as error:
                self.say(f"✗ {error.title}: {error.detail}")
                return
        self.app.push_screen(PersonScreen(user_id, row.name, do))

    # Keys ---------------------------------------------------------------------------------------------

    def action_provision(self) -> None:
        """Open the person and the dialog that provisions on demand."""
        self._do("provision")

    def action_assign(self) -> None:
        """Open the person and the dialog that assigns or unassigns."""
        self._do("assign")

    def action_logs(self) -> None:
        """Open the person and the log rows."""
        self._do("logs")

    def action_why(self) -> None:
        """Open the person."""
        self._do("")

    def _do(self, what: str) -> None:
        if self._found.row is not None:
            self._open(self._found.row, what)

    def action_next_panel(self) -> None:
        """Search the other tenant."""
        self.side = self.side.other
        self._show_side()
        self._look(self.query_one("#search", Input).value.strip())

    def action_previous_panel(self) -> None:
        """Search the other tenant."""
        self.action_next_panel()

    def action_filter(self) -> None:
        """Go to the search field: it filters at the server."""
        self.screen.set_focus(self.query_one("#search"))

    def action_reload(self) -> None:
        """Search again."""
        self._look(self.query_one("#search", Input).value.strip())

    async def action_back(self) -> None:
        """Go from the field into the list."""
        if self.focused is self.query_one("#search") and self._found.rows:
            self.screen.set_focus(self._found)
        else:
            await super().action_back()

    def on_key(self, event: events.Key) -> None:
        """Go from the field into the list with down, and back with up on its first row."""
        search = self.query_one("#search")
        if event.key == "down" and self.focused is search and self._found.rows:
            self.screen.set_focus(self._found)
            event.stop()
        elif event.key == "up" and self._found.has_focus and self._found.at == 0:
            self.screen.set_focus(search)
            event.stop()
