"""What can be done about the selected row of a log: repair it, ask why, provision, open it whole."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual import on, work

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Request, exact
from xtsync_tui.text import clean
from xtsync_tui.ui.screens.logs import text
from xtsync_tui.ui.screens.logs.rows import name_of
from xtsync_tui.ui.screens.reading import ReadingScreen
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.logs.explaining import Explanation, Way, deleted_by, manager_of, mended_by
from xtsync_tui.workspace.logs.lines import Line, LogView, Person, configuration_of

if TYPE_CHECKING:
    from xtsync_tui.ui.screens.logs.text import Row


class Doing(ReadingScreen[LogView]):
    """A screen with one selected row of a log, and the keys that are about it."""

    _told: "tuple[Line, int, Row] | None" = None
    """What is told of the selected row: the footer asks for it with every key."""

    @property
    def line(self) -> Line | None:
        """The selected row."""
        raise NotImplementedError

    @property
    def lines(self) -> Sequence[Line]:
        """All rows of its log that were read, also those that a filter leaves out."""
        raise NotImplementedError

    def told(self, line: Line) -> "Row":
        """Return a row with why it is so, and what the other rows say to that."""
        if self._told is None or self._told[0] is not line or self._told[1] != len(self.lines):
            self._told = (line, len(self.lines), self._tell(line))
        return self._told[2]

    def _tell(self, line: Line) -> "Row":
        explanation = self.workspace.logs.explain(line)
        way = explanation.way if explanation else Way.NONE
        boss = manager_of(line) if way is Way.MANAGER else ""
        names = (each.person for each in self.lines if each.person_id == boss) if boss else iter(())
        return text.Row(
            line,
            explanation,
            mended_by(line, self.lines) if explanation else None,
            deleted_by(line, self.lines) if line.code == "InvalidAnchor" else None,
            next(names, ""),
        )

    # Keys ----------------------------------------------------------------------------------------------

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        line = self.line if self.is_mounted else None
        if action in {"fix", "why", "provision", "technical"} and line is None:
            return "" if action == "fix" and self._cannot_read else "No row is selected."
        if action == "fix" and line is not None:
            return self.told(line).refusal
        if action in {"why", "provision"} and line is not None:
            return self._refusal_of_person(action, line)
        return super().refusal(action)

    @property
    def _cannot_read(self) -> bool:
        return self.error is not None and self.data is None

    def _refusal_of_person(self, action: str, line: Line) -> str:
        if not (line.person_id or line.target_id):
            return "This row is about no person."
        mode = "people" if action == "why" else self._on_demand
        return "" if self.has_mode(mode) else "That screen is not there."

    @property
    def _on_demand(self) -> str:
        return next((mode.id for mode in self.xtsync.modes if mode.digit == "6"), "")

    def fix_words(self, error: XtSyncError) -> str:  # noqa: ARG002 - the same for all
        """Offer the roles and permissions when a log cannot be read."""
        return "show the roles"

    @work
    async def action_fix(self) -> None:
        """Repair what the row tells: send it, or go to where it is repaired."""
        line = self.line
        explanation = self.told(line).explanation if line is not None else None
        if self._cannot_read:
            await self.xtsync.go("setup", "0")
        elif line is not None and explanation is not None:
            await self._repair(line, explanation)

    async def _repair(self, line: Line, explanation: Explanation) -> None:
        from xtsync_tui.ui.screens.people.opening import open_person

        match explanation.way:
            case Way.STEP:
                await self.xtsync.go("setup", str(explanation.step))
            case Way.HELD:
                await self.xtsync.go("job", configuration_of(line))
            case Way.FILTERS:
                await self.xtsync.go("mappings", f"{configuration_of(line)} filters")
            case Way.MAPPINGS:
                await self.xtsync.go("mappings", f"{configuration_of(line)} mappings")
            case Way.SCOPE:
                await open_person(self.xtsync, line.person_id, name=line.person)
            case Way.MANAGER:
                await open_person(self.xtsync, manager_of(line), name=self.told(line).manager)
            case _:
                await self._send_repair(line)

    async def _send_repair(self, line: Line) -> None:
        from xtsync_tui.ui.screens.setup.repair import RepairDialog

        try:
            cause = await self.workspace.logs.repair(line)
        except XtSyncError as error:
            self.say(f"✗ {clean(error.title)}. {clean(error.detail, 200)}")
            return
        if cause.repair is None:
            return
        outcome = await self.open_dialog(RepairDialog(cause.repair, cause))
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
        line = self.line
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
        body = text.detail(self.told(line), self.app.size.width - 4, whole=True)
        heading = f"Logs › {clean(name_of(line), 40)}, {text.stamp(line, self.workspace.now())}"
        self.app.push_screen(RowPage(self, ("fix", "why", "provision"), heading, body, line.side.name))

    def requests(self) -> Sequence[Request]:
        """Return the newest request for a log."""
        asked = (one.request for one in reversed(self.workspace.log.exchanges))
        return [request for request in asked if request.path.startswith("/auditLogs/")][:1]

    def raw(self) -> str:
        """Return the row as Graph sent it, as far as it is known here."""
        event: Any = self.line.event if self.line is not None else None
        return exact.pretty(event) if event else ""
