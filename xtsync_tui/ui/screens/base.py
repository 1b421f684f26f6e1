"""The base of all screens: the frame around a body, and the keys that work everywhere."""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Label

from xtsync_tui.model import Request, Side
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.screens.ending import Ending
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.detail import Detail
from xtsync_tui.ui.widgets.frame import Bands, KeyFooter, ModeLine, ProductLine, StatusLine, TitleRow
from xtsync_tui.ui.widgets.query import misunderstood
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widgets.trouble import Trouble

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp
    from xtsync_tui.workspace.pair import Workspace

Data = TypeVar("Data")
Answer = TypeVar("Answer")
AS_READ = " "
"""The way back from a sorted list."""
TOO_SMALL = "xtsync needs 60 columns and 16 rows."

EVERYWHERE = (
    "back", "panel", "panel_back", "tab_back", "tab_on", "detail_down", "detail_up", "filter", "sort", "copy",
    "copy_as", "export", "reload", "request", "technical",
)  # fmt: skip


class FrameScreen(Ending[None]):
    """The frame: header, title row, body, status line, footer; and the keys that work everywhere.

    A subclass gives ``TITLE``, ``HELP`` (Markdown) and ``body()``. Its ``BINDINGS`` are its footer, in that
    order, followed by Requests, Go to and Help. ``refusal`` says why an action cannot be done now.
    """

    MODE: ClassVar[str] = ""
    PAGE: ClassVar[bool] = False
    """Whether it only lies over a screen of a mode: whoever goes to a mode finds the screen, not the page."""
    READS: ClassVar[str] = ""
    """The reading whose age the header shows; "" for that of the screen below."""
    TABS: ClassVar[tuple[tuple[str, str], ...]] = ()
    AFTER: ClassVar[tuple[str, ...]] = ("requests",)
    """Keys that follow the screen's own in the footer, and drop out with them."""
    TAIL: ClassVar[tuple[str, ...]] = ("goto", "help")
    """Keys that end the footer and never drop out."""
    AUTO_FOCUS = "Table"
    BINDINGS: ClassVar[list[BindingType]] = [key(each, show=False) for each in EVERYWHERE]

    tab: reactive[str] = reactive("", init=False)
    hint: reactive[str] = reactive("", init=False)
    draft = ""
    """What is not saved, for the status line and for quitting: ``draft: 1 change, nothing sent``."""
    standing = ""
    """What the status line says while there is nothing else to say."""

    def __init__(self) -> None:
        super().__init__()
        self.set_reactive(FrameScreen.tab, self.TABS[0][0] if self.TABS else "")

    @property
    def xtsync(self) -> "XtSyncApp":
        """The application."""
        return cast("XtSyncApp", self.app)

    @property
    def workspace(self) -> "Workspace":
        """The pair of tenants; only after it is connected."""
        return self.xtsync.pair

    def compose(self) -> ComposeResult:
        """Yield the frame around the body."""
        yield Label(TOO_SMALL, id="too-small")
        if self.xtsync.profile_name:
            yield Bands()
            yield ModeLine()
        else:
            yield ProductLine()
        yield TitleRow()
        with Vertical(id="body"):
            yield from self.body()
        yield Trouble()
        yield Input(id="filter", placeholder="text, column:value, !not, since:24h", compact=True)
        yield StatusLine()
        yield KeyFooter()

    # What a subclass says ----------------------------------------------------------------------------

    def body(self) -> Iterable[Widget]:
        """Yield the widgets between title row and status line."""
        return ()

    def heading(self) -> str:
        """Return where one is, for the title row."""
        return self.title or ""

    def tab_label(self, tab: str) -> str:
        """Return the words of a tab; a subclass may add a count."""
        return dict(self.TABS)[tab]

    def summary(self) -> Content:
        """Return what stands at the right of the title row."""
        return Content("")

    def show_tab(self, tab: str) -> None:
        """Show the tab that was chosen."""

    def status_right(self) -> str:
        """Return what stands at the right of the status line."""
        return self.xtsync.request_count

    @property
    def export_name(self) -> str:
        """What an export is called: the mode, or the screen that belongs to none."""
        return self.MODE or type(self).__name__.removesuffix("Screen").casefold()

    def export_columns(self, table: Table[Any]) -> Sequence[Column[Any]]:
        """Return the columns of an export: also those that a narrow terminal does not show."""
        return table.columns

    def filter_text(self) -> str:
        """Return what the filter holds when it is opened."""
        return self.table.query_text if self.table is not None else ""

    def refusal(self, action: str) -> str:
        """Return why ``action`` cannot be done now, "" when it can."""
        name = action.partition("(")[0].rpartition(".")[2]
        if name in {"tab_on", "tab_back"} and not self.TABS:
            return "This screen has no tabs."
        if name in {"filter", "sort", "export"} and self.table is None:
            return "Nothing here can be listed."
        if name == "export" and self.table is not None and not self.table.rows:
            return "There is nothing to export."
        return ""

    def copies(self) -> list[tuple[str, str]]:
        """Return what ``Y`` can copy, as name and text; ``y`` takes the first."""
        table = self.table
        if table is None or table.row is None:
            return []
        id_ = str(table.row_id(table.row))
        return [("row", _cells(table, table.row)), *([("id", id_)] if _GRAPH_ID.fullmatch(id_) else [])]

    def requests(self) -> Sequence[Request]:
        """Return the Graph requests behind the selected row or its action, for ``v``."""
        return ()

    def raw(self) -> str:
        """Return ids and raw JSON of the selected row, for ``i``."""
        return ""

    def come(self, to: str) -> None:
        """Put the cursor on the row whose id reads ``to``: another screen sent the person here for it."""
        table = self.table
        for row in table.rows if table is not None else ():
            if table is not None and str(table.row_id(row)) == to:
                table.select(table.row_id(row))

    def once_read(self, do: Callable[[], Awaitable[None]]) -> None:
        """Do something as soon as the screen has what it shows; a screen that reads nothing has it."""
        self.call_after_refresh(do)

    @property
    def mode(self) -> str:
        """The mode that the header marks: a page belongs to the screen that it was opened from."""
        return self.MODE or next((screen.MODE for screen in self._below if screen.MODE), "")

    @property
    def reads(self) -> str:
        """The reading whose age the header shows."""
        return self.READS or next((screen.READS for screen in self._below if screen.READS), "")

    @property
    def _below(self) -> "Iterator[FrameScreen]":
        return (screen for screen in reversed(self.app.screen_stack) if isinstance(screen, FrameScreen))

    # The frame's own -----------------------------------------------------------------------------------

    @property
    def closing(self) -> bool:
        """Whether its widgets go or are gone: what was awaited can come a moment too late."""
        return not (self.is_attached and self.display)

    @property
    def table(self) -> Table[Any] | None:
        """The table that list keys work on: the focused one, else the first that is shown."""
        if isinstance(self.focused, Table):
            return self.focused
        return next((table for table in self.query(Table) if table.display), None)

    @property
    def filtered(self) -> Table[Any] | None:
        """The table that a filter thins out, also while another one has the focus."""
        table = self.table
        tables = [table, *self.query(Table)] if table is not None else []
        return next((each for each in tables if each.display and each.query_text), None)

    @property
    def tab_index(self) -> int:
        """The place of the chosen tab."""
        return [name for name, _ in self.TABS].index(self.tab) if self.TABS else 0

    def tab_labels(self) -> list[str]:
        """Return the words of all tabs."""
        return [self.tab_label(name) for name, _ in self.TABS]

    def shown_summary(self) -> Content:
        """Return the summary, or the filter while there is one."""
        table = self.filtered
        if table is not None:
            found = "…" if table.arranging else f"{len(table.rows):,}"
            return Content(f"{clean(table.query_text)} · {found} of {len(table.all_rows):,}")
        return self.summary()

    @property
    def names(self) -> dict[Side, str]:
        """What the tenants are called."""
        return {each: self.xtsync.side_view(each).name for each in Side}

    def has_mode(self, name: str) -> bool:
        """Whether there is a mode with this id to go to."""
        return any(mode.id == name for mode in self.xtsync.modes)

    @property
    def filtering(self) -> bool:
        """Whether a filter is being typed."""
        return self.focused is not None and self.focused.id == "filter"

    def footer_ids(self) -> list[tuple[str, str]]:
        """Return id and words of the footer's keys: the screen's own, then those of every screen."""
        own = [
            bind
            for bind in type(self).__dict__.get("BINDINGS", ())
            if isinstance(bind, Binding) and bind.show
        ]
        ids = [(bind.id or "", bind.description) for bind in own]
        return [*ids, *((each, _WORDS[each]) for each in (*self.AFTER, *self.TAIL))]

    def refresh_frame(self) -> None:
        """Draw the rows of the frame again."""
        for row in (*self.query("Band, WriteLamp, ModeLine, TitleRow, StatusLine"), *self.query(KeyFooter)):
            row.refresh()

    def say(self, text: str) -> None:
        """Say something in the status line until the next key."""
        self.hint = text

    def watch_hint(self) -> None:
        """Show the hint."""
        self.query_one(StatusLine).refresh()

    def watch_tab(self, tab: str) -> None:
        """Show the chosen tab."""
        self.show_tab(tab)
        self.refresh_frame()
        self.refresh_bindings()

    async def press(self, id: str) -> None:  # noqa: A002 - a key's id
        """Do what the key of this id does, wherever its action lives."""
        if id == "open" and self.filtering:
            self._end_filter()
            return
        for bound in self.active_bindings.values():
            if bound.binding.id == id:
                await self.app.run_action(bound.binding.action, bound.node)
                return

    async def open_dialog(self, dialog: ModalScreen[Answer]) -> Answer | None:
        """Open a dialog over this screen and return its answer; only inside a worker.

        Whoever went elsewhere before it was ready is not met by it there: then None, and the screen says so.
        """
        if not self.is_current:
            self.say("You went elsewhere before it was ready: press the key again.")
            return None
        return await self.app.push_screen_wait(dialog)

    def on_screen_resume(self) -> None:
        """Show the frame as it is now."""
        self.refresh_frame()

    # Keys of every screen --------------------------------------------------------------------------------

    async def action_back(self) -> None:
        """Stop waiting; else take the filter away; else go back to where one came from."""
        filtered = self.filtered
        if self.xtsync.stop_waiting():
            self.say("Stopped waiting.")
        elif self.filtering or filtered is not None:
            self.query_one("#filter", Input).value = ""
            if filtered is not None:
                filtered.filter("", self.xtsync.now())
            self._end_filter()
        elif not self.MODE:
            self.app.pop_screen()
        elif not await self.xtsync.come_back():
            self.say("Nothing to go back to: the digits go to other screens, Q quits.")

    def action_next_panel(self) -> None:
        """Go to the next panel."""
        self.focus_next()

    def action_previous_panel(self) -> None:
        """Go to the previous panel."""
        self.focus_previous()

    def action_tab_on(self) -> None:
        """Go to the next tab."""
        self.tab = self.TABS[(self.tab_index + 1) % len(self.TABS)][0]

    def action_tab_back(self) -> None:
        """Go to the previous tab."""
        self.tab = self.TABS[self.tab_index - 1][0]

    def action_detail_down(self) -> None:
        """Scroll the detail down."""
        for detail in self.query(Detail):
            detail.scroll_down(animate=False)

    def action_detail_up(self) -> None:
        """Scroll the detail up."""
        for detail in self.query(Detail):
            detail.scroll_up(animate=False)

    def action_filter(self) -> None:
        """Open the filter."""
        box = self.query_one("#filter", Input)
        with box.prevent(Input.Changed):
            box.value = self.filter_text()
        box.display = True
        self.screen.set_focus(box)
        self.call_after_refresh(self.refresh_frame)

    @on(Input.Changed, "#filter")
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        if self.table is not None:
            self.table.filter(event.value, self.xtsync.now())
            self.say(misunderstood(event.value, self.table.columns))
            self.query_one(TitleRow).refresh()

    @on(Table.Moved)
    def _counted(self) -> None:
        self.query_one(TitleRow).refresh()

    @on(Input.Submitted, "#filter")
    def _end_filter(self) -> None:
        self.query_one("#filter", Input).display = False
        table = self.table
        if table is not None:
            self.screen.set_focus(table)

    @work
    async def action_sort(self) -> None:
        """Ask for a column and sort by it; the same column again reverses."""
        from xtsync_tui.ui.screens.choose import choose

        table = self.table
        if table is None:
            return
        names = [(column.id, column.title) for column in table.columns if column.title]
        now = table.sorted_by[0] if table.sorted_by else ""
        chosen = await choose(self.xtsync, "Sort by", [*names, (AS_READ, "as it was read")], now)
        if chosen:
            table.sort("" if chosen == AS_READ else chosen)

    def _copies(self) -> list[tuple[str, str]]:
        """Return what can be copied; where rows are marked they come first."""
        table = self.table
        marked = table.marked if table is not None else []
        if table is None or not marked:
            return self.copies()
        rows = "\n".join(_cells(table, row) for row in marked)
        return [(f"{len(marked):,} marked row{'s' * (len(marked) != 1)}", rows), *self.copies()]

    def action_copy(self) -> None:
        """Send the marked rows, the row, or what can be copied first, to the clipboard."""
        copies = self._copies()
        if copies:
            self.xtsync.copy(copies[0][1])

    @work
    async def action_copy_as(self) -> None:
        """Ask what to send to the clipboard."""
        from xtsync_tui.ui.screens.choose import choose

        copies = self._copies()
        chosen = await choose(self.xtsync, "Copy as", [(name, name) for name, _ in copies])
        if chosen:
            self.xtsync.copy(dict(copies)[chosen])

    @work
    async def action_export(self) -> None:
        """Ask for a format and write what is shown to a file."""
        from xtsync_tui.ui.export import FORMATS, export
        from xtsync_tui.ui.screens.choose import choose

        table = self.table
        marked = len(table.marked) if table is not None else 0
        what = f"{marked:,} marked row{'s' * (marked != 1)}" if marked else "what is shown"
        chosen = await choose(self.xtsync, f"Export {what} as", list(FORMATS.items()))
        if chosen and table is not None:
            stamp = self.xtsync.now().strftime("%Y%m%d-%H%M%S")
            text = export(chosen, self.export_columns(table), table.exported)
            self.xtsync.save(text, f"xtsync-{self.export_name}-{stamp}.{chosen}")

    def action_request(self) -> None:
        """Show the Graph requests of the row or its action."""
        from xtsync_tui.ui.screens.page import TextPage, request_page

        requests = self.requests()
        if requests:
            self.app.push_screen(request_page(requests))
        else:
            self.app.push_screen(TextPage("Request", Content("This row sends no Graph request.")))

    def action_technical(self) -> None:
        """Show ids and raw JSON of the row."""
        from xtsync_tui.ui.screens.page import TextPage

        self.app.push_screen(
            TextPage("Technical", Content(clean(self.raw() or "Nothing more.", 200_000, lines=True)))
        )

    def action_reload(self) -> None:
        """Read again what is shown; a screen that reads nothing only draws itself."""
        self.refresh_frame()


_GRAPH_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def _cells(table: Table[Any], row: object) -> str:
    return "\t".join(clean(column.text(row), 10_000) for column in table.columns)


_WORDS = {"requests": "Requests", "goto": "Go to", "help": "Help", "back": "Back"}
