"""Requests and changes: every Graph call of this session, and the journal of what was written."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Exchange, Request
from xtsync_tui.text import clean
from xtsync_tui.ui.exchanges import (
    can_undo,
    differences,
    entry_detail,
    entry_strip,
    entry_title,
    exchange_copies,
    exchange_detail,
    exchange_strip,
    exchange_title,
    fate,
    short_path,
    status,
    undoing,
)
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import clock, duration, facts, moment, muted, rough, side, state, when
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.ui.screens.page import RowPage, TextPage
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.split import Split
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widths import WIDE

if TYPE_CHECKING:
    from datetime import datetime

    from xtsync_tui.workspace.journal import Entry
    from xtsync_tui.workspace.planned import Planned
    from xtsync_tui.workspace.undoing import Undoing
    from xtsync_tui.workspace.writing import Written

REQUESTS = [
    Column[Exchange]("Time", lambda row: row.began, lambda row: Content(clock(row.began)), width=8),
    Column[Exchange]("Side", lambda row: row.side.name, lambda row: side(row.side), width=6),
    Column[Exchange]("Method", lambda row: row.request.method, width=6),
    Column[Exchange](
        "Path", lambda row: row.request.path, lambda row: Content(short_path(row.request.path)), grow=True
    ),
    Column[Exchange]("Status", status, stated=True, width=11),
    Column[Exchange](
        "Took", lambda row: row.took, lambda row: Content(duration(row.took)), priority=2, right=True, width=8
    ),
    Column[Exchange](
        "Waited",
        lambda row: row.waited,
        lambda row: Content(rough(row.waited) if row.waited else ""),
        priority=2,
        right=True,
        width=7,
    ),
]

CHANGES = [
    Column["Entry"]("Side", lambda row: row.side.name, lambda row: side(row.side), width=6),
    Column["Entry"]("Why", lambda row: row.why, most=36),
    Column["Entry"]("Who", lambda row: row.who, priority=2, most=24),
    Column["Entry"](
        "Request",
        lambda row: f"{row.request.method} {row.request.path}",
        lambda row: Content(f"{row.request.method} {short_path(row.request.path)}"),
        grow=True,
    ),
    Column["Entry"]("Ended", fate, stated=True, width=12),
    Column["Entry"]("Undo", undoing, priority=2, width=11),
]


SCHEMA = "/schema"
MOST = 4
"""Lines that a dialog gives to what was changed since."""


class RequestsScreen(FrameScreen):
    """What was asked of Graph, newest first. Nothing here asks Graph, except an undo."""

    TITLE = "Requests"
    HELP = """
Every request of this session, newest first, and under *Changes* the journal: what was written, by whom, why,
and how to undo it.

`? no answer` says that a request left and nothing came back; what was found later stands in its detail.
`Y` copies a request as curl, PowerShell or az rest, for the tenant that it names. Tokens are never kept.
`u` undoes a change, `c` shows what it changed.
"""
    PAGE = True
    AFTER: ClassVar[tuple[str, ...]] = ()
    TABS: ClassVar[tuple[tuple[str, str], ...]] = (("requests", "Requests"), ("changes", "Changes"))
    BINDINGS: ClassVar[list[BindingType]] = [
        key("open"), key("undo"), key("compare"), key("tab_on"), key("copy_as"), key("copy"),
        key("filter"), key("sort"),
    ]  # fmt: skip

    _filled: tuple[object, ...] = ()
    """What the list was filled from."""

    def body(self) -> Iterable[Widget]:
        """Yield both lists over one detail."""
        yield Split(
            Table(REQUESTS, lambda row: row.id, empty="Nothing was asked of Graph yet.", id="requests"),
            Table(
                [Column["Entry"]("Time", lambda row: row.at, self._when, width=12), *CHANGES],
                lambda row: row.id,
                empty="Nothing was written yet.",
                id="changes",
            ),
            below=True,
        )

    def _when(self, row: "Entry") -> Content:
        return Content(moment(row.at, self.xtsync.now()))

    def on_mount(self) -> None:
        """Show the requests."""
        self.show_tab(self.tab)

    def show_tab(self, tab: str) -> None:
        """Show one of the two lists."""
        for table in self.query(Table):
            table.display = table.id == tab
        self.screen.set_focus(self.query_one(f"#{tab}"))
        self._fill()

    def refresh_frame(self) -> None:
        """Show what is new, too; this is called after each request."""
        super().refresh_frame()
        if self.is_mounted:
            self._fill()
            self._show_row(self.query_one(f"#{self.tab}", Table).row)

    def _fill(self) -> None:
        if not self.xtsync.has_pair:
            return
        stamp = (self.tab, self.workspace.log.stamp, self.workspace.journal.stamp)
        if stamp == self._filled:
            return
        self._filled = stamp
        rows: Sequence[Any] = self._exchanges() if self.tab == "requests" else self._entries()
        self.query_one(f"#{self.tab}", Table).follow_rows(rows)

    def _exchanges(self) -> list[Exchange]:
        return list(reversed(self.workspace.log.exchanges))

    def _entries(self) -> "list[Entry]":
        return list(self.workspace.journal.entries())

    def tab_label(self, tab: str) -> str:
        """Return the tab's name with its count."""
        if not self.xtsync.has_pair:
            return super().tab_label(tab)
        count = self.workspace.log.count if tab == "requests" else self.workspace.journal.count
        return f"{super().tab_label(tab)} ({count:,})"

    def summary(self) -> Content:
        """Return since when, and the promise."""
        exchanges = self.workspace.log.exchanges if self.xtsync.has_pair else ()
        wide = self.app.size.width >= WIDE
        since = f"since {clock(exchanges[0].began)} · " if exchanges and wide else ""
        return muted(f"{since}UTC · tokens are never kept")

    def refusal(self, action: str) -> str:
        """Undo needs a change that can be undone, and comparing one that replaced something."""
        row = self.table.row if self.table else None
        if action in {"undo", "compare"} and self.tab != "changes":
            return "This is about changes: . goes to them."
        if action == "compare" and (row is None or not differences(row)):
            return "It replaced nothing: enter shows what was sent."
        if action == "undo" and (row is None or not can_undo(row)):
            return "Nothing to undo." if row is None else _why_not(row)
        return super().refusal(action)

    @on(Table.Moved)
    def _moved(self, event: Table.Moved) -> None:
        if event.table.id == self.tab:
            self._show_row(event.row)
            self.refresh_bindings()

    def _show_row(self, row: Any) -> None:
        detail = self.query_one(Split).detail
        if row is None:
            detail.show("", Content(""))
        elif self.tab == "requests":
            detail.show(self._title(row), exchange_detail(row), strip=exchange_strip(row), about=row.id)
        else:
            now = self.xtsync.now()
            detail.show(entry_title(row), entry_detail(row, now), strip=entry_strip(row, now), about=row.id)

    def _title(self, row: Exchange) -> str:
        return exchange_title(row, self.xtsync.side_view(row.side).name)

    @on(Table.Opened)
    def _whole(self, event: Table.Opened) -> None:
        if self.tab == "requests":
            told = exchange_detail(event.row)
            self.app.push_screen(TextPage(self._title(event.row), told, copies=self.copies()))
        else:
            told = entry_detail(event.row, self.xtsync.now())
            self.app.push_screen(RowPage(self, ("undo",), entry_title(event.row), told))

    def requests(self) -> Sequence[Request]:
        """Return the request of the row."""
        row = self.table.row if self.table else None
        return [row.request] if row is not None else []

    def copies(self) -> list[tuple[str, str]]:
        """Return the request for other tools."""
        row = self.table.row if self.table else None
        if isinstance(row, Exchange):
            tenant = self.xtsync.side_view(row.side)
            return exchange_copies(row, tenant.name, tenant.tenant_id)
        return [] if row is None else [("change", entry_detail(row, self.xtsync.now()).plain)]

    def action_compare(self) -> None:
        """Show what the change changed."""
        entry = self.query_one("#changes", Table).row
        if entry is not None:
            self.app.push_screen(TextPage(f"{entry_title(entry)} · what it changed", _changed(entry)))

    @work
    async def action_undo(self) -> None:
        """Show the requests that undo the change, and send them; a save of mappings becomes a draft there."""
        entry = self.query_one("#changes", Table).row
        if entry is None:
            return
        if entry.request.path.endswith(SCHEMA):
            # Taking back a save is a save: it has to be shown what it changes and whom it reaches.
            configuration = entry.request.path.split("/")[2]
            # By the application: this page may be closed on the way, and its workers with it.
            self.app.call_later(self.xtsync.go, "mappings", f"{configuration} undo:{entry.id}")
            return
        if await self.open_dialog(UndoDialog(entry, self.workspace.journal.undo(entry))):
            self.say(f"✓ undone: {entry_title(entry)}")


def _changed(entry: "Entry") -> Content:
    """Return what a change changed; of a schema, its mappings and filters."""
    from xtsync_tui.ui.screens.mappings.text import change_lines
    from xtsync_tui.workspace.mappings.changes import changes

    if entry.request.path.endswith(SCHEMA):
        return change_lines(changes(entry.before, entry.request.body))
    return Content("\n").join([state(clean(line, 2_000)) for line in differences(entry)])


def _why_not(entry: "Entry") -> str:
    if entry.undone is not None:
        return f"Undone already, {clock(entry.undone)}."
    if entry.undo:
        return f"Nothing to undo: this change ended as {entry.fate.value}."
    return entry.why_not or "Nothing to undo."


class UndoDialog(Dialog["tuple[Written, ...]"]):
    """Undoes one change of the journal, and says what others changed since."""

    SEND = "Undo"
    HELP = """
Takes back what this change changed, and nothing that was changed after it. What is there now is read first;
where it is not any more as the change left it, that is said, and only **f2** sends.
"""

    def __init__(self, entry: "Entry", undo: "tuple[Planned, ...]") -> None:
        self.deletes = any(each.request.method == "DELETE" for each in undo)
        super().__init__(
            f"Undo: {entry.why}", entry.side, word=entry.tenant if self.deletes else "", joint=" · "
        )
        self.entry = entry
        self.undo = undo
        self.found: Undoing | None = None

    def level(self) -> Level:
        """Ask for the tenant's name where undoing deletes; widely where the same was changed since."""
        if self.deletes:
            return Level.TYPED
        found = self.found
        asks = found is not None and (found.moved or found.unread or found.warnings)
        return Level.WIDE if asks else Level.PLAIN

    def on_mount(self) -> None:
        """Look what is there now."""
        self._look()

    @work(exclusive=True, group="look")
    async def _look(self) -> None:
        try:
            self.found = await self.workspace.undoing(self.entry)
        except XtSyncError as error:
            self.query_one("#undo-now", Static).update(state(f"✗ {clean(error.title)} {clean(error.detail)}"))
            return
        self.undo = self.found.writes
        self.query_one("#undo-now", Static).update(_there_now(self.found, self.xtsync.now()))
        self.refresh_preview()
        self.screen.set_focus(self._first())

    def off(self) -> str:
        """Say that it has to be known first what is there now."""
        return super().off() or ("" if self.found is not None else "off until it is known what is there now")

    def form(self) -> Iterable[Widget]:
        """Yield what is undone, and what that takes away."""
        entry = self.entry
        told = [("When", when(entry.at, self.xtsync.now())), ("Who", clean(entry.who) or "–")]
        yield Static(
            facts([*told, ("Was sent", f"{entry.request.method} {clean(entry.request.path, 300)}")]),
            markup=False,
        )
        if self.deletes:
            yield Static(
                state("! Undoing deletes what was made then, with what depends on it."), markup=False
            )
        yield Static(muted("… looking what is there now"), id="undo-now", markup=False)

    def planned(self) -> "tuple[Planned, ...]":
        """Return the requests that undo it."""
        return self.undo

    async def send(self) -> "tuple[Written, ...]":
        """Send them in their order; the first that fails stops it."""
        written = await self.workspace.writer.send_all(self.undo)
        for each in written:
            if each.error is not None:
                raise each.error
        return written


def _there_now(found: "Undoing", now: "datetime") -> Content:
    """Return what is not any more as the change left it, and what was changed from here since."""
    lines = [state(f"! {clean(line, 300)}") for line in (*found.warnings, *found.moved[:MOST])]
    if len(found.moved) > MOST:
        lines.append(muted(f"  and {len(found.moved) - MOST} more"))
    lines += [muted(f"  since then: {when(one.at, now)} {clean(one.why, 60)}") for one in found.later[:MOST]]
    if found.unread is not None:
        lines.append(state(f"? What is there now cannot be read: {clean(found.unread.title)}"))
    return Content("\n").join(lines or [state("✓ It is as this change left it.")])
