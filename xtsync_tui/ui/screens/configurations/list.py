"""All cross-tenant configurations, with the selected one beside the list."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.cycle_words import users_in_target
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted, side, state
from xtsync_tui.ui.screens.configurations import text
from xtsync_tui.ui.screens.configurations.doing import Doing
from xtsync_tui.ui.screens.reading import ReadingScreen
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.detail import Detail
from xtsync_tui.ui.widgets.split import Split
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widths import HUGE, WIDE
from xtsync_tui.workspace.configurations.reading import Configuration, Whole
from xtsync_tui.workspace.health import State

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

NAME: Column[Configuration] = Column("Name", lambda row: row.name, grow=True, most=40)
STATE: Column[Configuration] = Column("State", text.health, stated=True, width=15)
MORE: tuple[Column[Configuration], ...] = (
    Column("Target", text.target, most=18),
    Column("Scope", text.scope, width=8),
    Column(
        "Users",
        lambda row: row.health.users,
        lambda row: Content("–" if row.job is None else users_in_target(row.health.users)),
        width=9,
        right=True,
    ),
)

TABS = text.TABS
ALL_TABS = 70
"""Cells that the tabs need beside each other."""
LISTED = "Only configurations made from the cross-tenant template are listed; other applications are not."


_OF_ONE = {"tab_on", "tab_back", "request", "copy", "copy_as"}
"""What has nothing to show while nothing is listed; after a failed reading ``copy`` takes the error."""


class ConfigurationsScreen(Doing, ReadingScreen[tuple[Configuration, ...]]):
    """The list, half-built ones among it, and the selected one in tabs."""

    MODE = "configs"
    READS = "configurations"
    TITLE = "Configurations"
    TABS = TABS
    POLL = 60
    HELP = """\
# Configurations

Every configuration of cross-tenant synchronization in SOURCE, also one without a job.

- **enter** opens the selected one: users and groups, settings, object actions, technical. A half-built one
  goes on in Setup.
- **n** makes one, **e** renames it, **d** deletes it and says first what stays behind.
- **t** tests the connection. **I** assigns from a CSV file, with a preview. **c** compares two.
- **,** and **.** turn the tabs beside the list.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("open", "Open"), key("new"), key("edit", "Rename"), key("delete"), key("test"), key("logs"),
        key("compare"), key("import", "Import CSV"), key("tab_on"), key("request"), key("copy"),
        key("export"), key("reload"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.wholes: dict[str, Whole] = {}

    def body(self) -> Iterable[Widget]:
        """Yield list and detail."""
        listed: Table[Configuration] = Table(
            (NAME, STATE), lambda row: row.id, empty="No configuration. n makes one.", id="configurations"
        )
        yield Split(Vertical(listed, Static(muted(LISTED), id="listed", markup=False), id="all"))

    def on_mount(self) -> None:
        """Say that it reads: an empty list would say that there is none."""
        self._table.set_message(muted("… reading the configurations of SOURCE"))

    async def read(self, workspace: "Workspace") -> tuple[Configuration, ...]:
        """Read the list."""
        return await workspace.configurations.read()

    def show(self, data: tuple[Configuration, ...]) -> None:
        """Show the list; what belongs to the selected one is read anew."""
        self.wholes = {}
        self._table.columns = self._columns()
        self._table.set_rows(data)
        self.query_one("#listed").visible = bool(data)
        self._show_one()

    def _columns(self) -> list[Column[Configuration]]:
        # Beside the detail there is no room for more than what decides; alone the list has it.
        width = self.app.size.width
        return [NAME, STATE, *MORE] if width < WIDE or width >= HUGE else [NAME, STATE]

    @property
    def _table(self) -> Table[Configuration]:
        return self.query_one("#configurations", Table)

    @property
    def one(self) -> Configuration | None:
        """The selected configuration."""
        return self._table.row if self.is_mounted else None

    @property
    def whole(self) -> Whole | None:
        """The selected configuration whole, None until it was read."""
        return self.wholes.get(self.one.id) if self.one else None

    @property
    def within(self) -> int:
        """The cells of the detail; one is left for a scroll bar."""
        return self.query_one(Detail).query_one(".full").content_size.width - 1

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        if action in {"tab_on", "tab_back"} and self.app.size.width < WIDE:
            return "enter opens it: the tabs are there."
        if action in _OF_ONE and self.data is not None and self.one is None:
            return "No configuration is selected. n makes one."
        return super().refusal(action)

    def heading(self) -> str:
        """Return how many there are."""
        return f"Configurations ({len(self.data)})" if self.data is not None else "Configurations"

    def summary(self) -> Content:
        """Return the side they are made in."""
        return side(Side.SOURCE, self.xtsync.side_view(Side.SOURCE).name)

    def tab_labels(self) -> list[str]:
        """Return none: the tabs stand in the detail."""
        return []

    def on_resize(self) -> None:
        """Show the columns that fit this width."""
        if self.data is not None:
            self._table.columns = self._columns()
            self._table.set_rows(self._table.all_rows)
            self.call_after_refresh(self._show_detail)

    @on(Table.Moved, "#configurations")
    def _moved(self) -> None:
        self._show_one()
        self.refresh_bindings()

    def show_tab(self, tab: str) -> None:  # noqa: ARG002 - the base's signature
        """Show another tab in the detail."""
        self._show_detail()

    def _show_one(self) -> None:
        self._show_detail()
        if self.one is not None and self.whole is None:
            self._read_whole(self.one)

    @work(exclusive=True, group="whole")
    async def _read_whole(self, one: Configuration) -> None:
        try:
            self.wholes[one.id] = await self.workspace.configurations.whole(one)
        except XtSyncError as error:
            self.say(f"✗ {error.title}")
        self._show_detail()
        self.refresh_frame()

    def _show_detail(self) -> None:
        one, detail = self.one, self.query_one(Detail)
        if one is None:
            detail.show("", muted(LISTED), strip=muted(LISTED))
            return
        now = self.workspace.now()
        body = self.tab_text(self.whole, self.tab) if self.whole else muted("… reading what belongs to it")
        labels = Content("").join([self._label(tab) for tab, _ in TABS])
        detail.show(
            clean(one.name, 60),
            labels + "\n\n" + body,
            strip=text.strip(one, self.whole, now),
            right=state(text.health(one)),
            about=(one.id, self.tab),
        )

    def _label(self, tab: str) -> Content:
        assigned = self.whole.assigned if self.whole else ()
        count = None if isinstance(assigned, XtSyncError) or self.whole is None else len(assigned)
        words = text.tab_label(tab, count, short=self.within < ALL_TABS)
        return Content.styled(f"[{words}]", "bold $x-focus") if tab == self.tab else muted(f" {words} ")

    def refresh_frame(self) -> None:
        """Let the ages go on, too."""
        super().refresh_frame()
        if self.is_mounted and self.is_current:
            self._show_detail()

    # What can be done ----------------------------------------------------------------------------------

    @on(Table.Opened, "#configurations")
    @work(exclusive=True, group="open")
    async def _open(self, event: Table.Opened) -> None:
        one: Configuration = event.row
        if one.health.state is State.NO_JOB and not one.elsewhere:
            await self.go_on_in_setup(one)
            return
        from xtsync_tui.ui.screens.configurations.page import ConfigurationScreen

        self.app.push_screen(ConfigurationScreen(one, self.tab))

    def done(self, words: str) -> None:
        """Say what was done and read the list again."""
        self.say(words)
        self.load()
