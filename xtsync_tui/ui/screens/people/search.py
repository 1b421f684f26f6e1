"""The search for people in either tenant, while a name is typed."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean, first_visible
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted, side
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.finder import Finder
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.people.finding import Found

MOST = 25
"""As many as a search brings at most."""


def standing(row: Found) -> str:
    """Return whether the account is enabled, or until when it lies in the bin, as a state."""
    if row.binned:
        return f"! {row.binned}"
    return "? cannot tell" if row.enabled is None else "✓ enabled" if row.enabled else "✗ disabled"


COLUMNS: tuple[Column[Found], ...] = (
    Column("Name", lambda row: first_visible(row.name, row.account, row.id), most=32),
    Column("Account", lambda row: row.account, grow=True, most=60),
    Column("Mail", lambda row: row.mail, priority=3),
    Column("Kind", lambda row: row.kind, priority=2),
    Column("State", standing, stated=True, width=26),
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
- **down** goes from the field into the list; **esc** leaves the field, so that every key works again.
- In TARGET the bin is searched, too, when nobody else matches.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("open", "Open"), key("provision"), key("assign"), key("logs"), key("why"),
        key("panel", "Other tenant"), key("filter", "Search"),
        key("copy"), key("export"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.side = Side.SOURCE

    def body(self) -> Iterable[Widget]:
        """Yield the field and the list."""
        yield Finder(
            "Search", self._search, self._pause, COLUMNS,
            row_id=lambda row: row.id, nobody=self._nobody, empty="", keeps=True,
        )  # fmt: skip

    async def _search(self, text: str) -> Sequence[Found]:
        people = await self.workspace.people.search(self.side, text)
        self.workspace.mark_read("people")
        return people

    async def _pause(self, seconds: float) -> None:
        workspace = await self.xtsync.connected()
        await workspace.pause(seconds)

    def _nobody(self, text: str) -> str:
        here, other = (self.xtsync.side_view(each).name for each in (self.side, self.side.other))
        bin_ = " nor in its bin" if self.side is Side.TARGET else ""
        return f'Nobody matches "{text}" in {clean(here)}{bin_}. tab searches {clean(other)}.'

    def on_mount(self) -> None:
        """Say what can be done."""
        self._connect()

    @work
    async def _connect(self) -> None:
        """Open the tenants, so that the first letter need not."""
        try:
            await self.xtsync.connected()
        except XtSyncError as error:
            self._found.set_message(muted(f"✗ {clean(error.title)}\n{clean(error.detail)}"))
        else:
            self._show_side()

    def on_screen_resume(self) -> None:
        """Go on typing where there is nobody to choose from."""
        super().on_screen_resume()
        if not self._found.all_rows:
            self._to_field()

    def _to_field(self) -> None:
        self.screen.set_focus(self._finder.field.input)

    def _show_side(self) -> None:
        self._finder.call(side(self.side, clean(self.xtsync.side_view(self.side).name, 24)))
        if not self._finder.text:
            other = self.xtsync.side_view(self.side.other).name
            self._found.set_message(muted(f"Type a name or an address. tab searches {clean(other)}."))
        self.refresh_frame()

    @property
    def _finder(self) -> Finder[Found]:
        return self.query_one(Finder)

    @property
    def _found(self) -> Table[Found]:
        return self._finder.found

    def summary(self) -> Content:
        """Return how many match."""
        if not self.is_mounted:
            return Content("")
        if self._finder.searching:
            return muted("… searching")
        count = len(self._found.all_rows)
        words = f"{count} matches" if count != 1 else "1 match"
        more = " or more" if count >= MOST else ""
        return Content(f"{words}{more} · enter opens the first" if count else "")

    def footer_ids(self) -> list[tuple[str, str]]:
        """Return the keys; those that leave the field while it has the focus."""
        if not self.is_mounted or not self._finder.field.input.has_focus:
            return super().footer_ids()
        other = clean(self.xtsync.side_view(self.side.other).name, 20)
        return [("panel", f"Search {other}"), ("back", "Leave the field"), *super().footer_ids()[-2:]]

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        if action in {"open", "provision", "assign", "logs", "why", "copy"} and (
            not self.is_mounted or self._found.row is None
        ):
            return "Nobody is selected: / goes to the search."
        return super().refusal(action)

    # Searching ----------------------------------------------------------------------------------------

    @on(Finder.Searched)
    def _searched(self) -> None:
        if not self._finder.text:
            self._show_side()
        self.refresh_frame()
        self.refresh_bindings()

    @on(Finder.Taken)
    def _taken(self, event: Finder.Taken) -> None:
        self._open(event.who)

    @work(exclusive=True, group="open")
    async def _open(self, row: Found, do: str = "") -> None:
        from xtsync_tui.ui.screens.people.person import PersonScreen

        user_id = row.id
        if row.side is Side.TARGET:
            try:
                user_id = await self.workspace.people.at_home(row)
            except XtSyncError as error:
                self.say(f"✗ {clean(error.title)}: tab searches the other tenant")
                self._found.set_message(Content(f"✗ {clean(error.title)}\n{clean(error.detail, 600)}"))
                self._to_field()
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
        self._finder.look()

    def action_previous_panel(self) -> None:
        """Search the other tenant."""
        self.action_next_panel()

    def action_filter(self) -> None:
        """Go to the search field: it filters at the server."""
        self._to_field()

    def action_reload(self) -> None:
        """Search again."""
        self._finder.look()

    async def action_back(self) -> None:
        """Leave the field for the list, also for an empty one: every key works there."""
        if self._finder.field.input.has_focus:
            self.screen.set_focus(self._found)
        else:
            await super().action_back()
