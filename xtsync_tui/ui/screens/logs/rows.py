"""The list of log rows: its columns for each tab, and the keys at its end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content
from textual.message import Message

from xtsync_tui.text import clean, first_visible
from xtsync_tui.ui.render import moment, muted, side
from xtsync_tui.ui.screens.logs import text
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.logs.lines import Line, Outcome, configuration_of
from xtsync_tui.workspace.logs.reasons import why

TIMELINE = "timeline"


class Rows(Table[Line]):
    """Rows of a log. Whoever goes on at its end asks for older ones."""

    short = ""
    """What the rows lack, for a filter that finds none among them; "" when they are all there are."""

    @dataclass
    class Beyond(Message):
        """The person went on at the last row, or there is none."""

        table: "Rows"

        @property
        def control(self) -> "Rows":
            """The table, for ``@on(Rows.Beyond, "#id")``."""
            return self.table

    def action_move(self, by: int) -> None:
        """Move the cursor by rows; down from the last one asks for older ones."""
        self._ask_if_last(by)
        super().action_move(by)

    def action_end(self, way: int) -> None:
        """Move the cursor to the first or last row; again to the last one asks for older ones."""
        self._ask_if_last(way)
        super().action_end(way)

    def _ask_if_last(self, way: int) -> None:
        if way > 0 and self.at >= len(self.rows) - 1:
            self.post_message(self.Beyond(self))

    def _nothing(self) -> str:
        if not self.short or not self.query_text:
            return super()._nothing()
        return f"No row matches {self.query_text} {self.short}, esc shows all."


def columns(tab: str, now: Callable[[], datetime]) -> list[Column[Line]]:
    """Return the columns of a tab; some are there for filters and exports only."""
    time = Column[Line]("Time", lambda line: line.at, lambda line: Content(moment(line.at, now())), most=12)
    what = Column[Line]("What", lambda line: line.what, _what, most=26, grow=tab == TIMELINE)
    cycle = Column[Line]("Cycle", lambda line: line.cycle, priority=4)
    result = Column[Line]("Result", text.result, stated=True, name="state", width=10)
    which = Column("Configuration", configuration_of, name="configuration", priority=4)
    if tab == TIMELINE:
        where = Column[Line]("Side", lambda line: line.side.name, lambda line: side(line.side), width=6)
        kind = Column[Line]("Log", text.kind, _kind, width=8)
        by = Column[Line]("Result", text.result_by, stated=True, name="state", most=14)
        return [time, where, kind, what, by, cycle, which]
    if tab == "provisioning":
        action = Column[Line]("Action", lambda line: line.what, _action, width=7)
        who = Column[Line]("Person", name_of, most=24)
        account = Column[Line]("Account", lambda line: line.account, priority=4)
        cause = Column[Line]("Why", why, grow=True, most=60)
        code = Column[Line]("Code", lambda line: line.code, priority=4)
        return [time, action, result, who, account, cause, code, cycle, which]
    about = Column[Line]("About", name_of, grow=True, most=24, name="about")
    by = Column[Line]("By", lambda line: line.by, most=24, priority=4)
    return [time, what, result, about, by]


def _kind(line: Line) -> Content:
    return Content(text.kind(line).replace("provisioning", "prov."))


def _what(line: Line) -> Content:
    """Return what was done; the service's word for nothing says nothing."""
    return muted("–") if line.what == "other" else Content(clean(line.what))


def _action(line: Line) -> Content:
    return Content("delete") if line.outcome is Outcome.HELD else _what(line)


def name_of(line: Line) -> str:
    """Return whom a row is about, by name or whatever else can be seen."""
    return first_visible(line.person, line.account, line.person_id, line.target_id)
