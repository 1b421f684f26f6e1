"""Assignments from a CSV file: ask for the file, show what each line comes to, assign, write the results."""

from collections.abc import Iterable, Sequence

from textual import work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.export import csv_text
from xtsync_tui.ui.match_words import MARKS, outcome
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.ask import ask
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widgets.trouble import sentences
from xtsync_tui.workspace.configurations.bulk import RESULT_HEADS, Result, result_rows
from xtsync_tui.workspace.configurations.reading import Whole
from xtsync_tui.workspace.people_files import Line, Match, Named
from xtsync_tui.workspace.planned import Planned

COLUMNS: tuple[Column[Line], ...] = (
    Column("Line", lambda line: line.number, width=5, right=True),
    Column("In the file", lambda line: line.text, most=36),
    Column("Result", outcome, stated=True, width=19),
    Column("Found", lambda line: line.who.name if line.who else line.words, grow=True, most=40),
)


class ImportDialog(Dialog[tuple[Result, ...]]):
    """What each line of the file comes to; those that match are assigned. Looking them up ends with it."""

    SEND = "Assign"
    STOPS = "Stop after this line"

    def __init__(self, whole: Whole, names: Sequence[Named]) -> None:
        one = whole.one
        title = f"Import assignments to {clean(one.name, 40)}"
        super().__init__(title, Side.SOURCE, word=one.name, word_id=one.id, joint=" · ")
        self.whole = whole
        self.names = names
        self.lines: Sequence[Line] | None = None
        self._unmatched: XtSyncError | None = None
        self._planned: Sequence[Planned] = ()
        self._stopped = False

    def level(self) -> Level:
        """Ask for the name when more people change than the profile's limit."""
        over = len(self._planned) >= self.workspace.profile.limits.changes
        return Level.TYPED if over else Level.WIDE

    def form(self) -> Iterable[Widget]:
        """Yield the counts and the lines."""
        yield Static(id="import-told", markup=False)
        yield Table(COLUMNS, lambda line: line.number, id="import-lines")

    def on_mount(self) -> None:
        """Look the lines up."""
        self._count(0, len(self.names))
        self._match()

    def _count(self, done: int, of: int) -> None:
        words = f"… looking up {done:,} of {of:,} names · esc stops"
        self.query_one("#import-told", Static).update(muted(words))

    @work(exclusive=True, group="match")
    async def _match(self) -> None:
        configurations = self.workspace.configurations
        try:
            lines = await configurations.match(self.whole, self.names, self._count)
        except XtSyncError as error:
            self._unmatched = error
            self.query_one("#import-told", Static).update(Content("\n").join(sentences(error)))
            self.refresh_preview()
            return
        self.lines, self._planned = lines, configurations.importing(self.whole, lines)
        counts = {match: sum(line.match is match for line in lines) for match in Match}
        words = [f"{MARKS[match]} {count:,} {match.value}" for match, count in counts.items() if count]
        told = Content("   ").join([state(each) for each in words])
        self.query_one("#import-told", Static).update(told)
        self.query_one("#import-lines", Table).set_rows(lines)
        self.refresh_preview()
        self.screen.set_focus(self._first())

    def off(self) -> str:
        """Say, too, that every line has to be looked up first."""
        waits = "off until every line was looked up" if self.lines is None else ""
        waits = "off: the lines could not be looked up" if self._unmatched else waits
        return super().off() or waits

    def planned(self) -> Sequence[Planned]:
        """Return one request for each match."""
        if self.lines is not None and not self._planned:
            raise InvalidInput(
                "Nobody in the file can be assigned", "No line matches somebody who is not assigned."
            )
        return self._planned

    async def send(self) -> tuple[Result, ...]:
        """Assign line by line; every line has a result, in a file also when the dialog was left."""
        lines, configurations = self.lines or (), self.workspace.configurations
        results = await configurations.assign_all(self.whole, lines, self.progress, lambda: self._stopped)
        stamp = self.workspace.now().strftime("%Y%m%d-%H%M%S")
        rows = result_rows(results)
        self.xtsync.save(csv_text(RESULT_HEADS, rows), f"xtsync-assignments-{stamp}.csv")
        return results

    def stop_sending(self) -> None:
        """Assign nobody after the line that is under way."""
        self._stopped = True

    def ended(self, result: tuple[Result, ...]) -> str:
        """Return how many are assigned."""
        return outcome_words(result)


def outcome_words(results: Sequence[Result]) -> str:
    """Return how many were assigned, and how many were not: ``✗ 3 assigned, 1 not``."""
    done = sum(one.outcome == "assigned" for one in results)
    bad = sum(one.outcome in {"failed", "not sent"} for one in results)
    told = f"✗ {done:,} assigned, {bad:,} not" if bad else f"✓ {done:,} assigned"
    return f"{told}; the result file has all {len(results):,} lines"


async def import_assignments(screen: FrameScreen, whole: Whole) -> str:
    """Ask for a file, assign from it and write the results; return what to say. Only inside a worker."""
    app, name, fault = screen.xtsync, "", None
    hint = "path; column userPrincipalName, mail, id or group"
    while True:
        title = f"Assign from a CSV file to {clean(whole.one.name, 40)}"
        name = await ask(app, title, "File", name, hint=hint, fault=fault)
        if not name:
            return ""
        try:
            names = await app.pair.configurations.names_of_file(name)
        except XtSyncError as error:
            fault = error
            continue
        results = await screen.open_dialog(ImportDialog(whole, names))
        return outcome_words(results) if results is not None else ""
