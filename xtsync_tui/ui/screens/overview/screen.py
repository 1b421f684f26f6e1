"""The pair at a glance: handshake, what needs attention, configurations and the last 24 hours."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Request, Side
from xtsync_tui.text import clean, first_visible, shorten_id
from xtsync_tui.ui.cycle_words import users_in_target
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import moment, muted, number, state
from xtsync_tui.ui.screens.overview import text
from xtsync_tui.ui.screens.reading import ReadingScreen
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widths import WIDE
from xtsync_tui.workspace.asked import asked_about
from xtsync_tui.workspace.attention import Attention, Place, failed
from xtsync_tui.workspace.day import Day, DayRow
from xtsync_tui.workspace.health import Health
from xtsync_tui.workspace.overview import OverviewReading

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

READING = muted("… reading")
MOST_CONFIGURATIONS = 6
"""Rows of configurations that are in view at most; the list scrolls."""


class OverviewScreen(ReadingScreen[OverviewReading]):
    """Is it running, is anyone held or failing, does something need me."""

    MODE = "overview"
    READS = "overview"
    TITLE = "Overview"
    POLL = 60
    AUTO_FOCUS = ""
    HELP = """\
# Overview

Both tenants at a glance, the most urgent first.

- **enter** goes to the place of the trouble, or opens the configuration or the row of the log.
- **f** goes to the setting that repairs it, where one setting does.
- **l** opens the log of the configuration.
- **tab** goes on to the next list. **/** filters the last 24 hours.

It looks again every minute. What cannot be read says **? cannot tell** and why; it is never shown as fine.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("open", "Go there"),
        key("fix"),
        key("logs"),
        key("filter"),
        key("request"),
        key("copy"),
        key("export"),
        key("reload"),
    ]

    _placed = False
    _last: Table[Any] | None = None

    def body(self) -> Iterable[Widget]:
        """Yield the four parts, from above to below."""
        with VerticalScroll(id="overview", can_focus=False):
            yield Static("", id="handshake-lamps", markup=False)
            yield Table(self._attention_columns(()), lambda each: each.id, id="attention")
            yield Static("", id="configurations-title", markup=False)
            configurations: Table[Health] = Table(
                self._configuration_columns(),
                lambda one: one.id,
                empty="No configuration yet. 1 opens Setup.",
                id="configurations",
            )
            rows: Table[DayRow] = Table(
                self._day_columns(), lambda row: row.id, empty="Nothing happened in 24 hours.", id="rows"
            )
            configurations.message = rows.message = READING
            yield configurations
            yield Static("", id="day", markup=False)
            yield rows

    def _attention_columns(self, shown: Sequence[Attention]) -> list[Column[Attention]]:
        head = f"Needs attention ({len(shown)})" if shown else "Needs attention"
        columns = [
            Column(head, lambda each: each.what, text.attention, name="what", most=44),
            Column("", lambda each: each.why, name="why", grow=True, most=60),
            Column("", self._keys, name="key", most=28),
        ]
        if self.app.size.width >= WIDE:
            columns.insert(1, Column("", lambda each: each.where, name="where", most=24))
        elif self._several:
            columns[1] = Column("", self._subject, name="why", grow=True, most=60)
        return columns

    @property
    def _several(self) -> bool:
        """Whether a row has to say which configuration it is about."""
        found = self.data.configurations if self.data else None
        return isinstance(found, tuple) and len(found) > 1

    def _subject(self, each: Attention) -> str:
        return f"{each.where}: {each.why}" if each.where else each.why

    def _configuration_columns(self) -> list[Column[Health]]:
        return [
            Column("Name", lambda one: one.name, grow=True, most=30),
            Column("Target", self._target, priority=2, most=20),
            Column("State", lambda one: one.state.value, text.configuration, width=14),
            Column(
                "Last cycle",
                lambda one: one.last.ended if one.last else None,
                lambda one: text.cycle(one, self.workspace.now()),
                name="last",
            ),
            Column(
                "Next cycle",
                lambda one: one.next,
                lambda one: text.following(one, self.workspace.now()),
                name="next",
                priority=2,
            ),
            Column(
                "Users", lambda one: one.users, lambda one: Content(users_in_target(one.users)), right=True
            ),
            Column("Failed", self._failed, lambda one: Content(number(self._failed(one))), right=True),
            Column("Scope", text.scope, priority=2),
        ]

    def _day_columns(self) -> list[Column[DayRow]]:
        return [
            Column("Time", lambda row: row.at, self._moment, most=12),
            Column("Result", lambda row: row.result.value, text.result, width=10),
            Column("Person", lambda row: first_visible(row.person, row.person_id), most=24),
            Column("Configuration", lambda row: row.configuration, priority=2, most=24),
            Column("Why", lambda row: row.why, grow=True, most=60),
        ]

    def _moment(self, row: DayRow) -> Content:
        return Content(moment(row.at, self.workspace.now()))

    def _target(self, one: Health) -> str:
        names = self.data.targets if self.data else {}
        return names.get(one.target) or shorten_id(one.target) or "–"

    def _failed(self, one: Health) -> int | None:
        return failed(one, self.data.day) if self.data else None

    def _keys(self, each: Attention) -> str:
        """Return the key that helps and where it leads, on a narrow screen the key alone."""
        wide = self.app.size.width >= WIDE
        if fix := self._first(each.fix):
            return f"f {fix.words}" if wide else "f"
        go = self._first(each.go)
        if go is None:
            return "r reads again" if wide else "r"
        return f"enter {go.words}" if wide else "enter"

    async def read(self, workspace: "Workspace") -> OverviewReading:
        """Read both tenants."""
        shown = self._show_part if self.data is None or self.data.day is None else None
        return await workspace.overview.read(shown)

    def _show_part(self, data: OverviewReading) -> None:
        """Show what there is already: the log can be minutes away."""
        if not self.closing:
            self.data = data
            self.show(data)

    def show(self, data: OverviewReading) -> None:
        """Show the four parts; a part that was not read says why in its place."""
        attention = self._list("attention")
        attention.columns = self._attention_columns(data.attention)
        attention.set_rows(data.attention)
        attention.display = bool(data.attention)
        self._show_configurations(data)
        self._show_day(data)
        self.on_resize()
        if not self._placed and data.day is not None:
            self._placed = True
            if not self.filtering:
                self.screen.set_focus(attention if data.attention else self._list("configurations"))

    def _show_configurations(self, data: OverviewReading) -> None:
        table = self._list("configurations")
        found = data.configurations
        count = ""
        if found is None:
            table.set_message(READING)
        elif isinstance(found, XtSyncError):
            table.set_message(_unread(found))
        else:
            table.set_rows(found)
            count = f" ({len(found)})"
        self.query_one("#configurations-title", Static).update(
            Content.styled(f"  Configurations{count}", "bold")
        )

    def _show_day(self, data: OverviewReading) -> None:
        table = self._list("rows")
        if data.day is None:
            table.set_message(READING)
        elif isinstance(data.day, XtSyncError):
            table.set_message(_unread(data.day))
        else:
            table.follow_rows(data.day.rows)

    def _show_day_head(self, data: OverviewReading) -> None:
        head = self.query_one("#day", Static)
        if not isinstance(data.day, Day):
            head.update(Content.styled("  Last 24 hours", "bold"))
        else:
            head.update(text.counts(data.day, self.names[Side.SOURCE], narrow=self.app.size.width < WIDE))

    def _list(self, name: str) -> Table[Any]:
        return self.query_one(f"#{name}", Table)

    def on_resize(self) -> None:
        """Give the lists the height of their rows, and lay out the handshake for the width."""
        if self.data is None:
            return
        width = self.app.size.width
        attention = self._list("attention")
        attention.columns = self._attention_columns(self.data.attention)
        attention.on_resize()
        self.query_one("#handshake-lamps", Static).update(text.handshake(self.data, self.names, width))
        self._show_day_head(self.data)
        attention.styles.height = len(self.data.attention) + 1
        found = self.data.configurations
        rows = len(found) or 2 if isinstance(found, tuple) else 2
        self._list("configurations").styles.height = min(rows, MOST_CONFIGURATIONS) + 1

    def heading(self) -> str:
        """Return the configuration, or the pair."""
        return f"Overview · {clean(self.data.name)}" if self.data else "Overview"

    def summary(self) -> Content:
        """Return how much needs attention."""
        if self.data is None:
            return Content("")
        words = text.summary(self.data)
        return state(words) if self.app.size.width < WIDE else self.looks_again(words)

    # What can be done ----------------------------------------------------------------------------------

    @property
    def table(self) -> Table[Any] | None:
        """The list that has the focus, or had it before the filter was opened."""
        return self._last or super().table

    @property
    def _selected(self) -> Any:
        table = self.focused
        return table.row if isinstance(table, Table) else None

    def _first(self, places: Sequence[Place]) -> Place | None:
        """Return the first place that exists."""
        modes = {mode.id for mode in self.xtsync.modes}
        return next((place for place in places if place.mode in modes), None)

    def _places(self) -> tuple[Place, ...]:
        match self._selected:
            case Attention(go=go):
                return go
            case Health(id=id_):
                return (Place("configs", id_), Place("setup", "5"))
            case DayRow(id=id_):
                return (Place("logs", id_),)
        return ()

    def _log(self) -> tuple[Place, ...]:
        match self._selected:
            case Health(id=id_) | DayRow(configuration_id=id_):
                return (Place("logs", f"configuration:{id_}" if id_ else ""),)
            case Attention(go=go):
                return tuple(_log_of(place) for place in go if place.mode in {"job", "logs"})
        return ()

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        selected = self._selected if self.is_mounted else None
        if action == "fix" and not (isinstance(selected, Attention) and self._first(selected.fix)):
            return text.no_fix(selected)
        if action == "logs" and not self._first(self._log()):
            return "There is no log of this."
        return super().refusal(action)

    @on(Table.Moved)
    def _moved(self, event: Table.Moved) -> None:
        self.refresh_bindings()
        # The narrow list cuts the reason: the status line has it whole.
        if isinstance(event.row, Attention) and event.table is self.focused and self.app.size.width < WIDE:
            self.say(clean(self._subject(event.row) if self._several else event.row.why))

    def on_descendant_focus(self) -> None:
        """Offer what the row of the focused list can do."""
        self._last = self.focused if isinstance(self.focused, Table) else self._last
        self.refresh_bindings()

    def action_filter(self) -> None:
        """Filter the last 24 hours: what needs attention must not vanish."""
        self._last = self._list("rows")
        super().action_filter()

    @on(Table.Opened)
    @work
    async def _open(self) -> None:
        place = self._first(self._places())
        if place is not None:
            await self.xtsync.go(place.mode, place.selection)
        else:
            self.action_technical()

    @work
    async def action_fix(self) -> None:
        """Go to the setting that repairs it."""
        selected = self._selected
        place = self._first(selected.fix) if isinstance(selected, Attention) else None
        if place is not None:
            await self.xtsync.go(place.mode, place.selection)

    @work
    async def action_logs(self) -> None:
        """Go to the log of the configuration."""
        place = self._first(self._log())
        if place is not None:
            await self.xtsync.go(place.mode, place.selection)

    def requests(self) -> Sequence[Request]:
        """Return the requests that the selected row was read with."""
        match self._selected:
            case Health(id=id_):
                words = id_
            case DayRow():
                words = _READ_BY["logs"]
            case Attention(go=(place, *_)):
                words = _READ_BY.get(place.mode, place.selection)
            case _:
                return ()
        return asked_about(self.workspace.log.exchanges, words)

    def raw(self) -> str:
        """Return the selected row whole."""
        match self._selected:
            case Attention() as each:
                return f"{each.what}\n{each.where}\n{each.why}"
            case Health() as one:
                return f"{one.name}\nService principal  {one.id}\nTarget tenant      {one.target or 'none'}"
            case DayRow() as row:
                lines = (row.at.isoformat(), row.result.value, row.person, row.person_id, row.configuration)
                return "\n".join((*lines, row.why, row.code))
        return ""


_READ_BY = {"logs": "/auditLogs/provisioning", "access": "/policies/", "setup": "/servicePrincipals"}
"""What the paths hold by which the places of the trouble were read; others by their own id."""


def _log_of(place: Place) -> Place:
    """Return where the log tells of it: a job is named by its configuration."""
    if place.mode == "logs":
        return place
    return Place("logs", f"configuration:{place.selection}" if place.selection else "")


def _unread(error: XtSyncError) -> Content:
    words = " ".join(part for part in (error.title, error.detail) if part)
    return state(f"? cannot tell: {clean(words, 300)}") + muted("  r reads again")
