"""The logs, live: three of them and a timeline; new rows are counted, and never move the place."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from textual import on, work
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import ProvisioningEvent, Request, Side
from xtsync_tui.text import clean, first_visible
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import moment, muted, rough, side, state
from xtsync_tui.ui.screens.logs import text
from xtsync_tui.ui.screens.reading import ReadingScreen
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.detail import Detail
from xtsync_tui.ui.widgets.frame import TitleRow
from xtsync_tui.ui.widgets.split import Split
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.logs.asking import ask_of, rest_of, words
from xtsync_tui.workspace.logs.lines import DAY, Ask, Line, Log, LogView, Person, merged
from xtsync_tui.workspace.logs.repair import Explanation, Way

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

BATCH = 0.25
"""Seconds for which rows are collected before they are shown together."""

SETTLED = 1.0
"""Seconds between two newest rows in the detail while rows pour in: each lays the screen out anew."""

TIMELINE = "timeline"
LOGS = {"provisioning": Log.PROVISIONING, "source": Log.SOURCE_AUDIT, "target": Log.TARGET_AUDIT}


class LogsScreen(ReadingScreen[LogView]):
    """Rows of the chosen log, newest first, with the selected one in full beside them."""

    MODE = "logs"
    READS = "logs"
    TITLE = "Logs"
    POLL = 30
    HELP = """\
# Logs

What the service and people did: the provisioning log of SOURCE, the audit logs of both tenants, and a
**timeline** that joins all three for the person of the selected row. `,` and `.` change between them.

- `/` filters. `since:7d` and `state:failed` are asked of the server; everything else is looked for here.
- On the newest row the list follows. On any other row the place is held and new rows are counted:
  **home** goes to them.
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
        self.person: Person | None = None
        self._candidate: Line | None = None
        """The row that was last chosen on purpose: the timeline takes its person."""
        self._sent = False
        """Whether another screen has sent the person here for somebody's timeline."""
        self._about: Line | None = None
        self._views: dict[str, LogView] = {}
        self._places: dict[str, str] = {}
        self._typed: dict[str, str] = {}
        """The filter of each tab: what finds a person in a log finds nothing in that person's timeline."""
        self._inbox: list[Line] = []
        self._pouring = False
        self._shown: tuple[str, int, str] | None = None
        self._told: tuple[str, Explanation | None] | None = None
        """The explanation of the selected row: the footer asks for it with every key."""

    # What it shows ---------------------------------------------------------------------------------------

    def body(self) -> Iterable[Widget]:
        """Yield the list with what is missing under it, and the detail."""
        rows: Table[Line] = Table(self._columns("provisioning"), lambda line: line.id, id="rows")
        yield Split(Vertical(rows, Static(id="log-under", markup=False), id="log-list"))

    def _columns(self, tab: str) -> list[Column[Line]]:
        time = Column[Line]("Time", lambda line: line.at, self._time, most=12)
        what = Column[Line]("What", lambda line: line.what, most=26, grow=tab == TIMELINE)
        who = Column[Line]("Person", _person, most=20)
        # Never shown: for filters and exports.
        cycle = Column[Line]("Cycle", lambda line: line.cycle, priority=4)
        result = Column[Line]("Result", text.result, stated=True, name="state", width=10)
        if tab == TIMELINE:
            where = Column[Line]("Side", lambda line: line.side.name, lambda line: side(line.side), width=6)
            kind = Column[Line]("Log", lambda line: line.log.kind, width=12)
            by = Column[Line]("Result", text.result_by, stated=True, name="state", most=18)
            return [time, where, kind, what, by, cycle]
        if tab == "provisioning":
            action = Column[Line]("Action", lambda line: line.what, most=13)
            why = Column[Line]("Why", lambda line: line.code or line.why, priority=3, grow=True, most=60)
            which = Column("Configuration", _configuration, name="configuration", priority=4)
            return [time, action, result, who, why, cycle, which]
        about = Column[Line]("About", _person, grow=True, most=24, name="about")
        by = Column[Line]("By", lambda line: line.by, most=24, priority=4)
        return [time, what, result, about, by]

    def _time(self, line: Line) -> Content:
        return Content(moment(line.at, self.workspace.now()))

    @property
    def _table(self) -> Table[Line]:
        return self.query_one("#rows", Table)

    def _empty(self) -> str:
        if self.tab == TIMELINE and self.person is None:
            return "Nobody is chosen. , goes back to a log: select a row there, then come here."
        span = rough(self.ask.since.total_seconds()) if self.ask.since != DAY else "24 h"
        which = f" with state:{self.ask.outcome.value}" if self.ask.outcome else ""
        whose = f" of {clean(self.person.name, 40)}" if self.tab == TIMELINE and self.person else ""
        further = " / since:7d looks further." if self.ask.since <= DAY else ""
        return f"No rows{whose} since {span}{which}.{further}"

    # Reading ---------------------------------------------------------------------------------------------

    async def read(self, workspace: "Workspace") -> LogView:
        """Read what the tab shows: all of it the first time, then what came since."""
        if self.tab == TIMELINE:
            return await self._look_at_person(workspace)
        log, known = LOGS[self.tab], self._views.get(self.tab)
        if known is not None and known.ask == self.ask:
            return await workspace.logs.more(log, known)
        return await workspace.logs.read(log, self.ask, self._progress)

    async def _look_at_person(self, workspace: "Workspace") -> LogView:
        if self._about is not None:
            self.person, self._about = await workspace.logs.person_of(self._about), None
        if self.person is None:
            return LogView(self.ask, (), ((Log.PROVISIONING, workspace.now()),))
        view = await workspace.logs.timeline(self.person, self.ask)
        self.person = view.person or self.person
        return view

    def _progress(self, rows: int) -> None:
        if self.is_mounted and self.tab not in self._views:
            self._table.set_message(muted(f"… reading {LOGS[self.tab].value}: {rows:,} rows"))

    def action_reload(self) -> None:
        """Read everything of this tab again."""
        self._views.pop(self.tab, None)
        self.load()

    def show(self, data: LogView) -> None:
        """Show what was read: all of it, or only a count of what is new above the place."""
        known = self._views.get(self.tab)
        first = known is None or known.ask != data.ask or known.person != data.person
        self._views[self.tab] = data
        self._table.empty = self._empty()
        if first:
            self._put(data.lines)
        else:
            self._offer()
        self.query_one("#log-under", Static).update(text.under(data))

    def arrive(self, lines: Sequence[Line]) -> None:
        """Take rows that came; they are shown together with those of the next quarter of a second."""
        if not self._inbox:
            self.set_timer(BATCH, self._empty_inbox)
        self._inbox += lines

    def _empty_inbox(self) -> None:
        lines, self._inbox = self._inbox, []
        view = self._views.get(self.tab)
        if view is not None:
            since = self.workspace.now() - view.ask.since
            self._views[self.tab] = self.data = replace(view, lines=merged(lines, view.lines, since))
            if self._follows and not self._pouring:
                self._pouring = True
                self.set_timer(SETTLED, self._settle)
            self._offer()
            self.query_one(TitleRow).refresh()

    def _settle(self) -> None:
        self._pouring = False
        self._show_line(self._table.row)

    @property
    def _follows(self) -> bool:
        return self._table.at == 0

    def _offer(self) -> None:
        """Show new rows when the newest one is selected; else count them."""
        view = self._views[self.tab]
        if self._follows:
            self._put(view.lines)
        elif self.waiting:
            self._say_place()

    def _put(self, lines: Sequence[Line]) -> None:
        self._table.follow_rows(lines)
        self._show_line(self._table.row)

    @property
    def waiting(self) -> int:
        """How many rows are new above those that are listed."""
        view, listed = self._views.get(self.tab), self._table.all_rows
        if view is None or not listed:
            return 0
        first = listed[0].id
        return next((index for index, line in enumerate(view.lines) if line.id == first), 0)

    def _say_place(self) -> None:
        self.say(f"place held, {self.waiting:,} new above · home follows the newest")

    @on(Table.Moved, "#rows")
    def _moved(self, event: Table.Moved) -> None:
        view = self._views.get(self.tab)
        if view is not None and self._follows and self.waiting:
            self._put(view.lines)
        elif not self._follows and event.row is not None:
            self._say_place()
        self._show_line(self._table.row)
        self.refresh_bindings()

    def on_resize(self) -> None:
        """Lay out the detail for the new width."""
        if self.data is not None:
            self._show_line(self._table.row)

    def _show_line(self, line: Line | None) -> None:
        found = self.query_one(Detail)
        if line is None:
            self._shown = None
            found.show("", Content(""), strip=Content(""))
            return
        place = (line.id, found.size.width, self.tab)
        if place == self._shown or (self._pouring and self._follows):
            return
        self._shown = place
        explanation = self._explained(line)
        names = {each: self.xtsync.side_view(each).name for each in Side}
        width = max(found.scrollable_content_region.width - 2, 40)
        body = text.detail(line, explanation, width)
        found.show(text.title(line), body, strip=text.strip(line, explanation), right=text.where(line, names))

    def _explained(self, line: Line) -> Explanation | None:
        if self._told is None or self._told[0] != line.id:
            self._told = (line.id, self.workspace.logs.explain(line))
        return self._told[1]

    # Tabs and filter -------------------------------------------------------------------------------------

    def tab_label(self, tab: str) -> str:
        """Return the words of a tab; the timeline says whose it is."""
        label = super().tab_label(tab)
        if tab == TIMELINE and self.person is not None and self.tab == TIMELINE:
            return f"{label}: {clean(self.person.name, 24)}"
        return label

    def validate_tab(self, tab: str) -> str:
        """Note the place of the tab that is left, and whom its row is about."""
        if self.is_mounted and tab != self.tab:
            row = self._table.row
            self._typed[self.tab] = self._table.query_text
            self._places[self.tab] = row.id if row is not None and not self._follows else ""
            if row is not None and self.tab != TIMELINE and (row.person_id or row.target_id):
                self._candidate = row if self._candidate is None or not self._follows else self._candidate
            if tab == TIMELINE and self._candidate is not None:
                if not self._sent:
                    self._choose(self._candidate)
                self._candidate = None
            self._sent = False
        return tab

    def _choose(self, line: Line) -> None:
        person = self.person
        same = person is not None and (
            (line.person_id and line.person_id == person.source_id)
            or (line.target_id and line.target_id == person.target_id)
        )
        if not same:
            self._about, self.person = line, Person(line.person)
            self._views.pop(TIMELINE, None)

    def show_tab(self, tab: str) -> None:
        """Show what was read of this tab, and look again."""
        table = self._table
        table.columns = self._columns(tab)
        table.sorted_by = None
        table.at = 0
        table.query_text = self._typed.get(tab, "")
        box = self.query_one("#filter", Input)
        with box.prevent(Input.Changed):
            box.value = self.filter_text()
        known = self._views.get(tab)
        self.data, self.error = known, None
        self.set_class(False, "-failed")
        self._inbox = []
        if known is None:
            table.set_message(muted("… reading"))
            self._show_line(None)
            self.query_one("#log-under", Static).update("")
        else:
            self._put(known.lines)
            table.select(self._places.get(tab) or "")
            self.query_one("#log-under", Static).update(text.under(known))
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
        self.query_one(TitleRow).refresh()

    @on(Input.Submitted, "#filter")
    def _ask_server(self, event: Input.Submitted) -> None:
        self._ask(ask_of(event.value))

    def _ask(self, ask: Ask) -> None:
        if ask != self.ask:
            self.ask = ask
            self._views.clear()
            self.data = None
            self._table.set_message(muted(f"… reading with {words(ask)}"))
            self.load()

    async def action_back(self) -> None:
        """Take the filter away, what was asked of the server with it; else go back."""
        if self.ask != Ask():
            self.query_one("#filter", Input).value = ""
            self.query_one("#filter", Input).display = False
            self.screen.set_focus(self._table)
            self._ask(Ask())
        else:
            await super().action_back()

    def shown_summary(self) -> Content:
        """Return what was asked of the server, how many rows that are, and what of them is shown."""
        if self.data is None:
            return muted("… reading") if self.reading else Content("")
        return self.summary()

    def summary(self) -> Content:
        """Return the range, the rows and when it looks again, as far as there is room."""
        table = self._table
        view = self._views.get(self.tab)
        rows = len(view.lines) if view else 0
        count = f"{rows:,} row" if rows == 1 else f"{rows:,} rows"
        if table.query_text:
            one = table.query_text.startswith("configuration:")
            asked = "one configuration" if one else clean(table.query_text, 30)
            count = f"{asked}: {len(table.rows):,} of {count}"
        parts = [words(self.ask), count, "UTC"]
        missing = len(view.gaps) if view else 0
        if missing:
            parts.insert(0, f"! {missing} of {len(Log)} logs not read")
        # The tabs stand at the left, with a blank at both sides of each.
        room = self.app.size.width - sum(len(label) + 2 for label in self.tab_labels()) - len(" Logs  ") - 3
        told = [
            " · ".join(parts),
            " · ".join(parts[:-1]),
            " · ".join(parts[:-1]).replace("since:", ""),
            count,
        ]
        if len(told[0]) + len(" · looks again in 30 s") <= room:
            return self.looks_again(told[0])
        return state(next((words for words in told if len(words) <= room), told[-1]))

    def heading(self) -> str:
        """Return the name of the screen."""
        return "Logs"

    # Keys --------------------------------------------------------------------------------------------------

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        line = self._table.row if self.is_mounted else None
        if action == "fix":
            if self.error is not None and self.data is None:
                return ""
            if line is None or not text.fix_words(line, self._explained(line)):
                return "Nothing to repair here, as far as the log tells."
        if action in {"why", "provision"}:
            return self._refusal_of_person(action, line)
        if action == "technical" and line is None:
            return "No row is selected."
        return super().refusal(action)

    def _refusal_of_person(self, action: str, line: Line | None) -> str:
        if line is None or not (line.person_id or line.target_id):
            return "This row is about no person."
        mode = "people" if action == "why" else self._on_demand
        return "" if any(each.id == mode for each in self.xtsync.modes) else "That screen is not there."

    @property
    def _on_demand(self) -> str:
        return next((mode.id for mode in self.xtsync.modes if mode.digit == "6"), "")

    def fix_words(self, error: XtSyncError) -> str:  # noqa: ARG002 - the same for all
        """Offer the roles and permissions when a log cannot be read."""
        return "show the roles"

    @work
    async def action_fix(self) -> None:
        """Repair what the row tells: send it, or go to where it is repaired."""
        line = self._table.row
        if self.error is not None and self.data is None:
            await self.xtsync.go("setup", "0")
            return
        explanation = self._explained(line) if line is not None else None
        if line is None or explanation is None:
            return
        if explanation.way is Way.STEP:
            await self.xtsync.go("setup", str(explanation.step))
        elif explanation.way is Way.HELD:
            await self.xtsync.go("job", _configuration(line))
        else:
            await self._repair(line)

    async def _repair(self, line: Line) -> None:
        from xtsync_tui.ui.screens.setup.repair import RepairDialog

        try:
            cause = await self.workspace.logs.repair(line)
        except XtSyncError as error:
            self.say(f"✗ {clean(error.title)}. {clean(error.detail, 200)}")
            return
        outcome = await self.open_dialog(RepairDialog(cause))
        if outcome is not None:
            self.say(f"✓ {clean(outcome.words)} · p provisions {clean(line.person, 30)} now")
            self.load()

    @work(exclusive=True, group="person")
    async def action_why(self) -> None:
        """Open every gate of the person."""
        from xtsync_tui.ui.screens.people.opening import open_person

        if person := await self._person():
            await open_person(self.xtsync, person.source_id, name=person.name)

    @work(exclusive=True, group="person")
    async def action_provision(self) -> None:
        """Provision the person on demand."""
        if person := await self._person():
            await self.xtsync.go(self._on_demand, person.source_id)

    async def _person(self) -> Person | None:
        """Return whom the selected row is about; None, and why, for somebody without account in SOURCE."""
        line = self._table.row
        if line is None:
            return None
        try:
            person = await self.workspace.logs.person_of(line)
        except XtSyncError as error:
            self.say(f"✗ {clean(error.title)}")
            return None
        if not person.source_id:
            self.say(f"{clean(line.person, 40)} has no account in SOURCE, as far as can be told.")
            return None
        return person

    @on(Table.Opened, "#rows")
    def _open(self, event: Table.Opened) -> None:
        from xtsync_tui.ui.screens.page import RowPage

        line: Line = event.row
        width = self.app.size.width - 4
        body = text.detail(line, self._explained(line), width, whole=True)
        heading = f"Logs › {clean(line.person, 40) or clean(line.what, 40)} · {text.title(line)}"
        self.app.push_screen(RowPage(self, ("fix", "why", "provision"), heading, body, line.side.name))

    def requests(self) -> Sequence[Request]:
        """Return the newest request for a log."""
        asked = (one.request for one in reversed(self.workspace.log.exchanges))
        return [request for request in asked if request.path.startswith("/auditLogs/")][:1]

    def raw(self) -> str:
        """Return the row as Graph sent it, as far as it is known here."""
        line = self._table.row
        event: Any = line.event if line is not None else None
        return msgspec.json.format(msgspec.json.encode(event), indent=2).decode() if event else ""

    def show_wanted(self, to: str) -> None:
        """Show a timeline (``person:ID``), a row by id, or what ``cycle:`` or ``configuration:ID`` finds."""
        kind, _, value = to.partition(":")
        if kind == "person":
            self.person, self._about = Person("", value), None
            self._views.pop(TIMELINE, None)
            if self.tab == TIMELINE:
                self.show_tab(TIMELINE)
            else:
                self._sent, self.tab = True, TIMELINE
        elif kind in {"cycle", "configuration"}:
            self.tab = "provisioning"
            box = self.query_one("#filter", Input)
            box.value = to
            self._ask(ask_of(to))
        else:
            super().show_wanted(to)


def _person(line: Line) -> str:
    return first_visible(line.person, line.account, line.person_id, line.target_id)


def _configuration(line: Line) -> str:
    """Return the service principal's id of the configuration: a filter finds it, no column shows it."""
    event = line.event
    return (
        (event.service_principal.id or "")
        if isinstance(event, ProvisioningEvent) and event.service_principal
        else ""
    )
