"""One configuration over the whole body: its tabs, with users and groups and settings as lists."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from textual import on, work
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted, number, side, state
from xtsync_tui.ui.screens.configurations import text
from xtsync_tui.ui.screens.configurations.doing import Doing
from xtsync_tui.ui.screens.reading import ReadingScreen
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widths import WIDE
from xtsync_tui.workspace.configurations.reading import Assigned, Configuration, Whole
from xtsync_tui.workspace.configurations.settings import Setting

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace


def _people(row: Assigned) -> Content:
    return muted("–") if not row.is_group else Content(number(row.people))


USERS: tuple[Column[Assigned], ...] = (
    Column("Name", lambda row: row.name, most=32),
    Column("Kind", lambda row: "group" if row.is_group else "person", width=6),
    Column("People", lambda row: row.people, _people, width=6, right=True),
    Column("Account or description", lambda row: row.account, grow=True, most=40, priority=2),
    Column("Note", text.assigned_note, stated=True, most=60, grow=True),
)


_TAB, _MORE = ("tab_on", "Tab on"), (("test", "Test"), ("logs", "Logs"), ("compare", "Compare"))
_WHOLE = (("edit", "Rename"), _TAB, ("delete", "Delete"), *_MORE)
KEYS = {
    "users": (
        ("new", "Assign"),
        _TAB,
        ("delete", "Take out"),
        ("import", "Import CSV"),
        ("filter", "Filter"),
    ),
    "settings": (("edit", "Change"), _TAB, *_MORE),
}
"""The footer of each tab; that of the others is about the configuration as a whole."""


class ConfigurationScreen(Doing, ReadingScreen[Whole]):
    """One configuration whole."""

    MODE = "configs"
    READS = "configuration"
    TABS = text.TABS
    TAIL = ("back", "goto", "help")
    AUTO_FOCUS = ""
    HELP = """\
# One configuration

- **,** and **.** turn the tabs.
- **Users**: **n** assigns people and groups, **d** takes out the marked ones, **I** imports a CSV file and
  shows match, ambiguous, not found, already there before it writes.
- **Settings**: **e** or **enter** changes the selected one. What Graph does not say is *unknown*, with the
  date it was last set from here. Another scope shows who enters and leaves before it is saved.
- On the other tabs **e** renames and **d** deletes the configuration.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("new", "Assign"), key("edit"), key("delete"), key("import", "Import CSV"), key("test"),
        key("logs"), key("compare"), key("tab_on"), key("request"), key("export"), key("copy"),
        key("technical"),
    ]  # fmt: skip

    def __init__(self, one: Configuration, tab: str = "overview") -> None:
        super().__init__()
        self.selected = one
        self.set_reactive(ConfigurationScreen.tab, tab)

    def body(self) -> Iterable[Widget]:
        """Yield the text, the two lists, and what is said about the selected row."""
        yield VerticalScroll(Static(id="told", markup=False, classes="page"), id="telling")
        yield Table(
            USERS,
            lambda row: row.id,
            empty="Nobody is assigned. n assigns people and groups.",
            id="assigned-list",
        )
        yield Table(self._setting_columns(), lambda row: row.key, id="settings-list")

    def _setting_columns(self) -> tuple[Column[Setting], ...]:
        return (
            Column("Setting", lambda row: row.title, width=20),
            Column("Now", lambda row: row.value, self._words, grow=True, most=90),
        )

    def _words(self, setting: Setting) -> Content:
        return text.setting_words(setting, self.workspace.now())

    def on_mount(self) -> None:
        """Show the tab that was chosen; while it reads an empty list would say that nobody is assigned."""
        self._assigned.set_message(muted("… reading who is assigned"))
        self.query_one("#told", Static).update(muted("… reading the configuration"))
        self.show_tab(self.tab)

    async def read(self, workspace: "Workspace") -> Whole:
        """Read the configuration again, and what belongs to it."""
        rows = await workspace.configurations.read()
        self.selected = next((row for row in rows if row.id == self.selected.id), self.selected)
        return await workspace.configurations.whole(self.selected)

    def show(self, data: Whole) -> None:
        """Fill the tabs."""
        self._assigned.set_rows(() if isinstance(data.assigned, XtSyncError) else data.assigned)
        if isinstance(data.assigned, XtSyncError):
            self._assigned.set_message(
                Content(f"✗ {clean(data.assigned.title)}\n{clean(data.assigned.detail)}")
            )
        self.query_one("#settings-list", Table).set_rows(self.workspace.configurations.settings(data.one))
        self._show_text()

    def show_tab(self, tab: str) -> None:
        """Show a tab: a list for users and settings, text for the others."""
        lists = {"users": "#assigned-list", "settings": "#settings-list"}
        for name, found in lists.items():
            self.query_one(found).display = name == tab
        telling = self.query_one("#telling")
        telling.display = tab not in lists
        self._show_text()
        self.screen.set_focus(self.query_one(lists.get(tab, "#telling")))

    def refresh_frame(self) -> None:
        """Let the ages go on, too."""
        super().refresh_frame()
        if self.is_mounted and self.is_current:
            self._show_text()

    def _show_text(self) -> None:
        if self.whole is not None:
            told, place = self.tab_text(self.whole, self.tab), self.query_one("#told", Static)
            if place.content != told:
                place.update(told)

    @property
    def _assigned(self) -> Table[Assigned]:
        return self.query_one("#assigned-list", Table)

    @property
    def table(self) -> Table[Any] | None:
        """The list of the tab, None on a tab of text."""
        lists = {"users": "#assigned-list", "settings": "#settings-list"}
        return self.query_one(lists[self.tab], Table) if self.tab in lists and self.is_mounted else None

    @property
    def one(self) -> Configuration | None:
        """The configuration."""
        return self.selected

    @property
    def whole(self) -> Whole | None:
        """The configuration whole, None until it was read."""
        return self.data

    @property
    def within(self) -> int:
        """The cells of the text: the whole width without its margins and a scroll bar."""
        return self.app.size.width - 4

    def on_resize(self) -> None:
        """Lay the text out for the new width."""
        self._show_text()

    def heading(self) -> str:
        """Return which one it is."""
        if not self._is_wide:
            return clean(self.selected.name, 24)
        return f"Configs › {clean(self.selected.name, 40)}"

    def tab_labels(self) -> list[str]:
        """Return the words of all tabs, with how many are assigned; short where the row has no more room."""
        assigned = self.data.assigned if self.data is not None else ()
        count = None if isinstance(assigned, XtSyncError) or self.data is None else len(assigned)
        whole = [text.tab_label(tab, count) for tab, _ in self.TABS]
        taken = cell_len(self.heading()) + self.shown_summary().cell_length + sum(map(cell_len, whole))
        if taken + 2 * len(whole) + 4 <= self.app.size.width:
            return whole
        return [text.tab_label(tab, count, short=True) for tab, _ in self.TABS]

    def summary(self) -> Content:
        """Return the side it is in, or how much was not read."""
        if self.data is not None and self.data.unread:
            count = len(self.data.unread)
            return state(f"! {count} of 5 parts not read" if self._is_wide else f"! {count} of 5 unread")
        name = self.xtsync.side_view(Side.SOURCE).name
        return side(Side.SOURCE, name) if self._is_wide else Content("")

    def footer_ids(self) -> list[tuple[str, str]]:
        """Return the keys of the tab that is shown."""
        tail = super().footer_ids()[-len((*self.AFTER, *self.TAIL)) :]
        return [*KEYS.get(self.tab, _WHOLE), ("request", "Request"), ("copy", "Copy"), *tail]

    @property
    def _is_wide(self) -> bool:
        return self.app.size.width >= WIDE

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        if self.tab == "users" and action == "delete" and self.is_mounted and not self._assigned.chosen:
            return "Nobody is selected."
        if action in {"new", "delete"} and self.whole is None:
            return "It is still being read."
        return super().refusal(action)

    def done(self, words: str) -> None:
        """Say what was done and read again."""
        self.say(words)
        self.load()

    def deleted(self) -> None:
        """Leave: there is nothing to show any more."""
        self.app.pop_screen()

    async def action_back(self) -> None:
        """Go back to the list; a filter goes first."""
        if self.table is not None and self.table.query_text:
            await super().action_back()
        else:
            self.app.pop_screen()

    # Keys ----------------------------------------------------------------------------------------------

    @work(exclusive=True, group="dialog")
    async def action_new(self) -> None:
        """Assign people and groups."""
        from xtsync_tui.ui.screens.configurations.dialogs import AssignDialog

        if self.whole is None:
            return
        dialog = AssignDialog(self.whole, self.workspace.configurations)
        if await self.open_dialog(dialog):
            self.tab = "users"
            self.done("✓ assigned; the service can need some minutes to notice")

    def action_delete(self) -> None:
        """Take the marked people and groups out; on the other tabs delete the configuration."""
        if self.tab == "users":
            self._take_out()
        else:
            super().action_delete()

    @work(exclusive=True, group="dialog")
    async def _take_out(self) -> None:
        from xtsync_tui.ui.screens.configurations.dialogs import TakeOutDialog

        rows, of = self._assigned.chosen, len(self._assigned.all_rows)
        dialog = TakeOutDialog(self.selected, rows, of, self.workspace.configurations)
        if await self.open_dialog(dialog):
            self._assigned.marks.clear()
            self.done("✓ taken out; the next cycle follows")

    def action_edit(self) -> None:
        """Change the selected setting; on the other tabs rename."""
        row = self.query_one("#settings-list", Table).row if self.tab == "settings" else None
        if row is None or row.key == "name":
            super().action_edit()
        else:
            self._edit(row)

    @work(exclusive=True, group="dialog")
    async def _edit(self, setting: Setting) -> None:
        from xtsync_tui.ui.screens.configurations.dialogs import NotificationsDialog, ScopeDialog, WriteDialog

        configurations = self.workspace.configurations
        dialog: WriteDialog | None = None
        if setting.key != "scope":
            dialog = NotificationsDialog(self.selected, configurations)
        elif self.whole is not None:
            dialog = ScopeDialog(self.whole, configurations)
        saved = await self.open_dialog(dialog) if dialog is not None else None
        if dialog is not None and saved:
            self.done(dialog.saved(setting.title.casefold()))

    @on(Table.Opened, "#settings-list")
    def _open_setting(self) -> None:
        self.action_edit()

    @on(Table.Opened, "#assigned-list")
    @work(exclusive=True, group="open")
    async def _open_assigned(self, event: Table.Opened) -> None:
        row: Assigned = event.row
        if not row.is_group:
            from xtsync_tui.ui.screens.people.opening import open_person

            await open_person(self.xtsync, row.assignment.principal_id, name=row.name)
            return
        from xtsync_tui.ui.screens.page import TextPage

        self.say("… reading the members")
        try:
            view = await self.workspace.setup.members_and_nested(row.assignment.principal_id)
        except XtSyncError as error:
            self.say(f"✗ {error.title}")
            return
        lines = [state(f"! {clean(text.assigned_note(row)[2:], 400)}")] if text.assigned_note(row) else []
        lines += [Content(clean(name)) for name in view.people] or [muted("Nobody is a direct member.")]
        self.app.push_screen(
            TextPage(
                f"{clean(row.name, 60)}", Content("\n").join(lines), f"{len(view.people):,} direct members"
            )
        )
