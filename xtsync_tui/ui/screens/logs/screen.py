"""The logs, live: three of them and a timeline; new rows are counted, and never move the place."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from xtsync_tui.text import clean, shorten_id
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted, rough, state
from xtsync_tui.ui.screens.logs import text
from xtsync_tui.ui.screens.logs.doing import Doing
from xtsync_tui.ui.screens.logs.rows import TIMELINE, Rows, columns
from xtsync_tui.ui.screens.logs.tabs import Look, Tab
from xtsync_tui.ui.screens.logs.timeline import Whose
from xtsync_tui.ui.widgets.detail import Detail
from xtsync_tui.ui.widgets.frame import TitleRow
from xtsync_tui.ui.widgets.query import misunderstood
from xtsync_tui.ui.widgets.split import Split
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widths import WIDE
from xtsync_tui.workspace.logs.asking import LONGEST, ask_of, rest_of, since_of, words
from xtsync_tui.workspace.logs.lines import DAY, Ask, Line, Log, LogView, Person

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

LOGS = {"provisioning": Log.PROVISIONING, "source": Log.SOURCE_AUDIT, "target": Log.TARGET_AUDIT}
SHORT = {"provisioning": "Prov.", "source": "Source", "target": "Target", TIMELINE: "Timeline"}
"""What the tabs are called where there is no room."""


class LogsScreen(Doing):
    """Rows of the chosen log, newest first, with the selected one in full beside them."""

    MODE = "logs"
    READS = "logs"
    TITLE = "Logs"
    POLL = 30
    HELP = """\
# Logs

What the service and people did: the provisioning log of SOURCE, the audit logs of both tenants, and a
**timeline** that joins all three for the person of the selected row, with what was changed at the
configuration meanwhile. `,` and `.` change between them.

- `/` filters. `since:7d` and `state:failed` are asked of the server, in the timeline the state is looked for
  here, as everything else is.
- On the newest row the list follows. On any other row the place is held and new rows are counted:
  **home** goes to them.
- One reading takes 2,000 rows at most. **end**, or **down** on the last row, reads older ones.
- **f** repairs what the row tells, **w** shows every gate of the person, **p** provisions the person now.
- **enter** opens the row whole, **i** its JSON.

It looks every 30 s, one tenant after the other: each log allows 5 requests in 10 s.
"""
    TABS = (
        ("provisioning", "Provisioning"), ("source", "Source audit"), ("target", "Target audit"),
        (TIMELINE, "Timeline"),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        key("open"), key("fix"), key("why"), key("provision"), key("filter"), key("tab_on"), key("technical"),
        key("request"), key("export"), key("copy", show=False),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.ask = Ask()
        self.whose = Whose()
        self._sent = False
        self._brought = ""
        """The filter with which another screen sent the person here: esc goes back there."""
        """Whether another screen has sent the person here for somebody's timeline."""
        self._tabs = {name: Tab() for name, _ in self.TABS}
        self._look = self._looked_for = Look.NEW
        """What the next reading asks for, and what the one under way does."""
        self._shown: tuple[str, int, int, str] | None = None

    # What it shows ---------------------------------------------------------------------------------------

    def body(self) -> Iterable[Widget]:
        """Yield the list with what is missing under it, and the detail."""
        rows = Rows(columns("provisioning", self._now), lambda line: line.id, id="rows")
        yield Split(Vertical(rows, Static(id="log-under", markup=False), id="log-list"))

    def _now(self) -> datetime:
        return self.workspace.now()

    @property
    def _table(self) -> Rows:
        return self.query_one("#rows", Rows)

    @property
    def _tab(self) -> Tab:
        return self._tabs[self.tab]

    @property
    def line(self) -> Line | None:
        """The selected row."""
        return self._table.row

    @property
    def lines(self) -> Sequence[Line]:
        """All rows of the tab that are listed, also those that a filter leaves out."""
        return self._table.all_rows

    def _empty(self) -> str:
        person = self.whose.person if self.tab == TIMELINE else None
        if self.tab == TIMELINE and person is None:
            return "Nobody is chosen. , goes back to a log: select a row there, then come here."
        if self.tab == "provisioning" and self._nothing_is_set_up:
            return "No configuration yet. 1 opens Setup."
        span = rough(self.ask.since.total_seconds()) if self.ask.since != DAY else "24 h"
        which = f" with state:{self.ask.outcome.value}" if self.ask.outcome else ""
        whose = f" of {_name(person)}" if person else ""
        further = " / since:7d looks further." if self.ask.since <= DAY else ""
        return f"No rows{whose} since {span}{which}.{further}"

    @property
    def _nothing_is_set_up(self) -> bool:
        setup = self.workspace.setup
        return setup.reading is not None and setup.facts.configurations == ()

    # Reading ---------------------------------------------------------------------------------------------

    async def read(self, workspace: "Workspace") -> LogView:
        """Read what the tab shows: all of it the first time, then what came since, or what is older."""
        self._looked_for, self._look = self._look, Look.NEW
        if self.tab == TIMELINE:
            return await self._read_timeline(workspace)
        log, tab = LOGS[self.tab], self._tab
        known = tab.fresh or tab.view
        if known is None or known.ask != self.ask or self._looked_for is Look.AGAIN:
            return await workspace.logs.read(log, self.ask, self._progress)
        if self._looked_for is Look.OLDER and tab.view is not None:
            return await workspace.logs.older(log, tab.view, self._progress)
        return await workspace.logs.more(log, known)

    async def _read_timeline(self, workspace: "Workspace") -> LogView:
        person = await self.whose.told(workspace.logs)
        if person is None:
            return LogView(self.ask, (), ((Log.PROVISIONING, workspace.now()),))
        view = await workspace.logs.timeline(person, self.ask)
        self.whose.person = view.person or person
        return view

    def _progress(self, rows: int) -> None:
        if not self.is_mounted or self.tab == TIMELINE:
            return
        if self._tab.view is None:
            self._table.set_message(muted(f"… reading {LOGS[self.tab].value}: {rows:,} rows"))
        else:
            self.say(f"… reading {'older rows' if self._looked_for is Look.OLDER else 'again'}: {rows:,}")

    def action_reload(self) -> None:
        """Read everything of this tab again; what stands there stays until that has been read."""
        self._look = Look.AGAIN
        self.load()

    @on(Rows.Beyond, "#rows")
    def _read_on(self) -> None:
        view = self._tab.view
        if view is None or self.tab == TIMELINE or self._look is Look.OLDER:
            return
        if view.complete:
            self.say(f"That is all {words(Ask(view.ask.since))}.")
        elif not (self.reading and self._looked_for is Look.OLDER):
            self._look = Look.OLDER
            self.load()

    def show(self, data: LogView) -> None:
        """Show what was read: all of it, or only a count of what is new above the place."""
        tab, known = self._tab, self._tab.view
        first = known is None or known.ask != data.ask or known.person != data.person
        self._table.empty = self._empty()
        if self._looked_for is Look.OLDER and not first:
            tab.fresh = None
            self.say("")
        elif not first and self._looked_for is Look.NEW and not self._follows:
            tab.fresh = data
            if tab.waiting:
                self._say_place()
            return
        elif self._looked_for is Look.AGAIN:
            self.say("")
        tab.view, tab.fresh = data, None
        self._put(data)

    @property
    def _follows(self) -> bool:
        return self._table.at == 0

    def _put(self, view: LogView) -> None:
        self._table.short = text.short(view, self.workspace.now())
        self._table.follow_rows(view.lines)
        self.query_one("#log-under", Static).update(text.under(view, self.workspace.now()))
        self._show_line()

    def _say_place(self) -> None:
        tab = self._tab
        more = " or more" if tab.fresh is not None and tab.waiting == len(tab.fresh.lines) else ""
        self.say(f"place held, {tab.waiting:,}{more} new above · home follows the newest")

    @on(Table.Moved, "#rows")
    def _moved(self, event: Table.Moved) -> None:
        tab = self._tab
        if self._follows and tab.fresh is not None:
            tab.follow()
            if tab.view is not None:
                self._put(tab.view)
        elif not self._follows and event.row is not None and not self.hint:
            self._say_place()
        self._show_line()
        self.refresh_bindings()

    @on(Detail.Resized)
    def _show_line(self) -> None:
        line, found = self.line, self.query_one(Detail)
        if line is None:
            self._shown = None
            found.show("", Content(""), strip=Content(""))
            return
        place = (line.id, len(self.lines), found.size.width, self.tab)
        if place == self._shown:
            return
        self._shown = place
        row, now = self.told(line), self.workspace.now()
        narrow = self.app.size.width < WIDE
        names = self.names
        # Whether the scroll bar shows depends on the text: its column is left free.
        width = max(found.size.width - EDGES, 30)
        found.show(
            text.title(line, now, with_side=narrow),
            text.detail(row, width),
            strip=text.strip(row, max(found.size.width - 2, 30)),
            right=text.where(line, names),
            about=line.id,
        )

    # Tabs and filter -------------------------------------------------------------------------------------

    def tab_label(self, tab: str) -> str:
        """Return the words of a tab; the timeline says whose it is."""
        label = SHORT[tab] if self.app.size.width < WIDE else super().tab_label(tab)
        person = self.whose.person
        if tab == TIMELINE and person is not None and self.tab == TIMELINE:
            return f"{label}: {_name(person)}"
        return label

    def validate_tab(self, tab: str) -> str:
        """Note the place and the filter of the tab that is left, and whom its row is about."""
        if self.is_mounted and tab != self.tab:
            row = self.line
            self._tab.typed = self._table.query_text
            self._tab.place = row.id if row is not None and not self._follows else ""
            if self.tab != TIMELINE:
                self.whose.leave(row, on_purpose=not self._follows)
        return tab

    def show_tab(self, tab: str) -> None:
        """Show what was read of this tab, and look again."""
        if tab == TIMELINE:
            if not self._sent and self.whose.arrive():
                self._tabs[TIMELINE].view = None
            self._sent = False
        table = self._table
        table.columns = columns(tab, self._now)
        table.sorted_by = None
        table.at = 0
        table.query_text = self._tab.typed
        box = self.query_one("#filter", Input)
        with box.prevent(Input.Changed):
            box.value = self.filter_text()
        self._look = Look.NEW
        if not self._tab.place:
            self._tab.follow()
        known = self._tab.view
        self.data, self.error = known, None
        self.set_class(False, "-failed")
        if known is None:
            table.set_message(muted("… reading"))
            self._show_line()
            self.query_one("#log-under", Static).update("")
        else:
            self._put(known)
            table.select(self._tab.place)
        self.screen.set_focus(table)
        self.load()

    def filter_text(self) -> str:
        """Return what is asked of the server, and what is looked for here."""
        asked = words(self.ask) if self.ask != Ask() else ""
        return " ".join(part for part in (asked, self._table.query_text) if part)

    @on(Input.Changed, "#filter")
    def _filter_here(self, event: Input.Changed) -> None:
        event.prevent_default()
        event.stop()
        self._table.filter(rest_of(event.value), self.xtsync.now())
        longest = f"The service keeps {LONGEST.days} days: since:{LONGEST.days}d is asked for."
        too_long = since_of(event.value) > LONGEST
        self.say(longest if too_long else misunderstood(rest_of(event.value), self._table.columns))
        self.query_one(TitleRow).refresh()

    @on(Input.Submitted, "#filter")
    def _ask_server(self, event: Input.Submitted) -> None:
        self._ask(ask_of(event.value))

    def _ask(self, ask: Ask) -> None:
        if ask != self.ask:
            self.ask = ask
            for tab in self._tabs.values():
                tab.view = tab.fresh = None
            self.data = None
            self._table.set_message(muted(f"… reading with {words(ask)}"))
            self.load()

    async def action_back(self) -> None:
        """Take the filter away, what was asked of the server with it; else go back."""
        if self._brought and self.filter_text() == self._brought and await self.xtsync.come_back():
            return
        if self.ask != Ask() and not self.workspace.log.waiting:
            self._drop_filter()
        else:
            await super().action_back()

    def _drop_filter(self) -> None:
        box = self.query_one("#filter", Input)
        with box.prevent(Input.Changed):
            box.value = ""
        box.display = False
        self._table.filter("", self.workspace.now())
        self.screen.set_focus(self._table)
        self._ask(Ask())

    def shown_summary(self) -> Content:
        """Return what was asked of the server, how many rows that are, and what of them is shown."""
        if self.data is None:
            return muted("… reading") if self.reading else Content("")
        return self.summary()

    def summary(self) -> Content:
        """Return the range, the rows and when it looks again, as far as there is room."""
        room = self.app.size.width - sum(len(label) + 2 for label in self.tab_labels()) - len(" Logs  ") - 3
        told = text.summaries(self._tab.view, words(self.ask), self._table.query_text, len(self._table.rows))
        if len(told[0]) + len(" · looks again in 30 s") <= room:
            return self.looks_again(told[0])
        return state(next((each for each in told if len(each) <= room), told[-1]))

    def heading(self) -> str:
        """Return the name of the screen."""
        return "Logs"

    # Another screen sends the person here --------------------------------------------------------------

    def show_wanted(self, to: str) -> None:
        """Show a timeline (``person:ID``), a row by id, or what a filter such as ``cycle:ID`` finds."""
        kind, _, value = to.partition(":")
        if kind == "person":
            self.whose.send(value)
            self._tabs[TIMELINE].view = None
            if self.tab == TIMELINE:
                self._sent = True
                self.show_tab(TIMELINE)
            else:
                self._sent, self.tab = True, TIMELINE
        elif kind in {"cycle", "configuration"}:
            self.tab = "provisioning"
            self.query_one("#filter", Input).value = to
            self._table.filter(rest_of(to), self.workspace.now())
            self._ask(ask_of(to))
            self._brought = self.filter_text()
        else:
            self.tab = "provisioning"
            self._select(to)

    def _select(self, row_id: str) -> None:
        """Put the cursor on a row; a filter that hides it is taken away."""
        if self.data is None:
            self.wanted = row_id
            return
        if self._table.select(row_id):
            return
        if self.ask != Ask() or self._table.query_text:
            hidden = self.ask != Ask()
            self._drop_filter()
            self.wanted = row_id if hidden else ""
            if hidden or self._table.select(row_id):
                self.say("The filter is taken away to show this row.")
                return
        self.say("That row is not among those that were read.")


def _name(person: Person) -> str:
    """Return the name of whom a timeline is about, the id while nothing else is known."""
    return clean(person.name, 24) or shorten_id(person.source_id)


EDGES = 5
"""Cells of the detail that are not text: line, padding, scroll bar."""
