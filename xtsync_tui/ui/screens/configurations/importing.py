"""Assignments from a CSV file: ask for the file, show what each line comes to, assign, write the results."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.ui.export import export
from xtsync_tui.ui.render import state
from xtsync_tui.ui.screens.ask import ask
from xtsync_tui.ui.screens.configurations.dialogs import word_for
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.configurations.bulk import RESULT_HEADS, Result, result_rows
from xtsync_tui.workspace.configurations.reading import Whole
from xtsync_tui.workspace.people_files import Line, Match
from xtsync_tui.workspace.planned import Planned

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp

MARKS = {
    Match.MATCH: "✓",
    Match.AMBIGUOUS: "!",
    Match.NOT_FOUND: "✗",
    Match.ALREADY: "–",
    Match.TWICE: "–",
}


def outcome(line: Line) -> str:
    """Return what a line comes to: ``✓ match``."""
    return f"{MARKS[line.match]} {line.match.value}"


COLUMNS: tuple[Column[Line], ...] = (
    Column("Line", lambda line: line.number, width=5, right=True),
    Column("In the file", lambda line: line.text, most=36),
    Column("Result", outcome, stated=True, width=19),
    Column("", lambda line: line.who.name if line.who else line.words, grow=True, most=40),
)


class ImportDialog(Dialog[tuple[Result, ...]]):
    """What each line of the file comes to; those that match are assigned."""

    SEND = "Assign"

    def __init__(self, whole: Whole, lines: Sequence[Line], limit: int) -> None:
        self.lines = lines
        self.matches = sum(line.who is not None for line in lines)
        self.is_over = self.matches >= limit
        super().__init__("Import assignments", Side.SOURCE, word=word_for(whole.one) if self.is_over else "")
        self.whole = whole

    def level(self) -> Level:
        """Ask for the name when more people change than the profile's limit."""
        return Level.TYPED if self.is_over else Level.WIDE

    def form(self) -> Iterable[Widget]:
        """Yield the counts and the lines."""
        counts = {match: sum(line.match is match for line in self.lines) for match in Match}
        words = [f"{MARKS[match]} {count} {match.value}" for match, count in counts.items() if count]
        yield Label(Content("   ").join([state(each) for each in words]))
        yield Table(COLUMNS, lambda line: line.number, id="import-lines")

    def on_mount(self) -> None:
        """Show the lines."""
        self.query_one("#import-lines", Table).set_rows(self.lines)

    def planned(self) -> Sequence[Planned]:
        """Return one request for each match."""
        if not self.matches:
            raise InvalidInput(
                "Nobody in the file can be assigned", "No line matches somebody who is not assigned."
            )
        return self.workspace.configurations.importing(self.whole, self.lines)

    async def send(self) -> tuple[Result, ...]:
        """Assign line by line; every line has a result."""
        return await self.workspace.configurations.assign_all(self.whole, self.lines, self._assigning)

    def ended(self, result: tuple[Result, ...]) -> str:
        """Return how many are assigned: who left the dialog gets no file of results."""
        return outcome_words(result)

    def _assigning(self, line: str) -> None:
        self.progress(f"assigning {line}")


def outcome_words(results: Sequence[Result]) -> str:
    """Return how many were assigned, and how many were not: ``✗ 3 assigned, 1 not``."""
    done = sum(one.outcome == "assigned" for one in results)
    bad = sum(one.outcome in {"failed", "not sent"} for one in results)
    return f"✗ {done} assigned, {bad} not" if bad else f"✓ {done} assigned"


async def import_assignments(app: "XtSyncApp", whole: Whole) -> str:
    """Ask for a file, assign from it and write the results; return what to say. Only inside a worker."""
    while True:
        name = await ask(
            app, "Assign from a CSV file", "File", hint="path; column userPrincipalName, mail, id or group"
        )
        if not name:
            return ""
        try:
            lines = await app.pair.configurations.match_file(whole, name)
        except XtSyncError as error:
            app.notify(f"{error.title}. {error.detail}", severity="error", timeout=6, markup=False)
            continue
        break
    limit = app.pair.profile.limits.changes
    results = await app.push_screen_wait(ImportDialog(whole, lines, limit))
    if results is None:
        return ""
    stamp = app.pair.now().strftime("%Y%m%d-%H%M%S")
    app.save(export("csv", RESULT_HEADS, result_rows(results)), f"xtsync-assignments-{stamp}.csv")
    return f"{outcome_words(results)}; the result file has all lines"
