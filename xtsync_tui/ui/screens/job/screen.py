"""The live job: what it does, the cycles that were seen or the people who are held, and what can be done."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Request, exact
from xtsync_tui.text import clean, first_visible
from xtsync_tui.ui.frame import rule
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import moment, muted, state
from xtsync_tui.ui.screens.job import actions_text, cycles_text, text
from xtsync_tui.ui.screens.job.doing import NO_CONFIGURATION, NO_JOB, Doing
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.job.actions import RESTARTS
from xtsync_tui.workspace.job.reading import (
    RUNNING,
    Cycle,
    Held,
    JobReading,
    NoJob,
    Reading,
    is_on,
    pace,
)
from xtsync_tui.workspace.setup.reading import ConnectionTest

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

SETTINGS_AGE = 300.0
"""Seconds for which mail, threshold and access settings are good enough."""
EDGES = 6
"""Rows of the frame and of the list's head, where there are no blank ones between the parts."""


def _number(head: str, name: str, *, priority: int = 1) -> Column[Cycle]:
    return Column(
        head,
        lambda cycle: getattr(cycle, name),
        lambda cycle: cycles_text.count(cycle, name),
        right=True,
        width=max(len(head), 7),
        priority=priority,
    )


PARTS = ("#job-facts", "#job-list-title", "#job-chart", "#job-cause", "#job-actions")
"""The texts around the two lists, in the order in which they are drawn."""


class JobScreen(Doing):
    """One job, watched."""

    MODE = "job"
    READS = "job"
    TITLE = "Job"
    HELP = """\
# Job

The synchronization job of the configuration in use, watched while you look.

- **S** starts it, **P** pauses it, **R** restarts it. Each shows its request first; the least comes first.
- **H** lists whose deletion is held. To allow them you type how many they are.
- **f** goes to what caused a quarantine, **t** tests the connection, **l** or **enter** opens the log rows.

Progress counts pages, not people. The estimate comes from the pace so far. While a cycle runs it looks every
10 s, between cycles every minute, in quarantine every 5 min, and not at all while another screen is open.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("start", "Start"), key("pause", "Pause"), key("restart", "Restart"), key("held"), key("fix"),
        key("test"), key("logs"), key("why"), key("request"), key("open", "Log rows", show=False),
    ]  # fmt: skip

    _settings_at: float | None = None

    def body(self) -> Iterable[Widget]:
        """Yield facts, the two lists of which one is shown, and what can be done."""
        cycles: Table[Cycle] = Table(self._cycle_columns(), lambda cycle: cycle.id, id="cycles")
        held: Table[Held] = Table(self._held_columns(), lambda one: one.person_id, id="held")
        held.display = False
        yield Static(id="job-facts", markup=False)
        yield Static(id="job-list-title", markup=False)
        yield Horizontal(cycles, held, Static(id="job-chart", markup=False), id="job-lists")
        yield Vertical(
            Static(id="job-cause", markup=False), Static(id="job-actions", markup=False), id="job-end"
        )

    def _cycle_columns(self) -> Sequence[Column[Cycle]]:
        return (
            Column("Began", lambda cycle: cycle.began, self._began, most=13),
            Column("Took", lambda cycle: cycle.seconds, cycles_text.took, width=11),
            Column("State", cycles_text.cycle_state, stated=True, width=13),
            _number("Entitled", "entitled", priority=3),
            _number("Imported", "imported", priority=2),
            _number("Created", "created"),
            _number("Updated", "updated"),
            _number("Deleted", "deleted"),
            _number("Held", "held", priority=4),
            _number("Retries", "failed"),
        )

    def _began(self, cycle: Cycle) -> Content:
        return Content(moment(cycle.began, self.workspace.now()))

    def _held_columns(self) -> Sequence[Column[Held]]:
        return (
            Column("Person", lambda one: first_visible(one.name, one.account, one.person_id), most=24),
            Column("Source account", lambda one: one.account, priority=2, most=26),
            Column("Why it would be deleted", lambda one: one.why, grow=True, most=34),
            Column("In TARGET now", lambda one: cycles_text.there_words(one, self.workspace.now()), most=34),
        )

    # Reading -------------------------------------------------------------------------------------------

    async def read(self, workspace: "Workspace") -> Reading:
        """Read the job."""
        if self.sent_for is not None:
            await workspace.job.choose(self.sent_for)
            self.sent_for = self._settings_at = None
        now = self.xtsync.monotonic()
        fresh = self._settings_at is not None and now - self._settings_at < SETTINGS_AGE
        settings = not fresh or self.overtaken
        reading = await workspace.job.read(settings=settings, shown=self._show_part)
        if settings:
            self._settings_at = now
        return reading

    def _show_part(self, data: JobReading) -> None:
        """Show the job the first time, before the logs tell of its cycles."""
        if self.data is None and not self.closing:
            self.show(data)

    def come(self, to: str) -> None:
        """Show the job of the configuration with this object id, "" for that of this pair."""
        self.sent_for, self.data = to, None
        self._say_instead(muted("… reading"))
        self.load()

    async def action_back(self) -> None:
        """Go back to where one came from; else from another configuration to that of this pair."""
        if self.is_other and not self.filtering and not self.xtsync.came:
            self.come("")
        else:
            await super().action_back()

    def action_reload(self) -> None:
        """Read everything again."""
        self._settings_at = None
        self.load()

    def on_screen_resume(self) -> None:
        """Look again at once: what runs has gone on meanwhile."""
        super().on_screen_resume()
        if self.data is not None and pace(self.data) == RUNNING and not self.reading:
            self.load()

    def pace(self, data: Reading | None) -> float:
        """Look often while a cycle runs, rarely in quarantine."""
        return pace(data)

    def show(self, data: Reading) -> None:
        """Show the job, or where to make one."""
        cycles, held = self.query_one("#cycles", Table), self.query_one("#held", Table)
        self.standing = "another configuration than that of this pair · esc shows that" * self.is_other
        if isinstance(data, NoJob):
            self._say_instead(Content(NO_JOB if data.name else NO_CONFIGURATION))
            return
        none = "No cycle has ended yet." + " S starts the job." * (not is_on(data))
        cycles.empty = "… reading the log" if data.partial else none
        cycles.follow_rows(cycles_text.shown_cycles(data))
        held.set_rows(data.held_people)
        self._choose_list(data)
        self._draw(data)
        self.say_what_was_deleted(data)

    def _say_instead(self, message: Content) -> None:
        """Say why there is nothing to show."""
        self.query_one("#held").display = False
        self.query_one("#cycles").display = True
        self.query_one("#cycles", Table).set_message(message)
        for each in PARTS:
            self.query_one(each, Static).update("")

    def _choose_list(self, data: JobReading) -> None:
        """Show who is held while somebody is, else the cycles; the focus goes with it."""
        cycles, held = self.query_one("#cycles", Table), self.query_one("#held", Table)
        showing = held if data.held_people else cycles
        other = cycles if showing is held else held
        if not showing.display or other.display:
            showing.display, other.display = True, False
            if self.focused is None or self.focused is other:
                self.screen.set_focus(showing)

    def on_resize(self) -> None:
        """Lay out the text for the new width."""
        self._draw(self.reading_of_job)

    def refresh_frame(self) -> None:
        """Let the running times go on, too."""
        super().refresh_frame()
        if self.is_mounted and self.is_current:
            self._draw(self.reading_of_job)

    def _draw(self, data: JobReading | None) -> None:
        if data is None:
            return
        now, width = self.workspace.now(), self.app.size.width
        above = (text.facts(data, now, width, self._tested), self._list_title(data, width))
        below = (self._cause(data), actions_text.actions(data, width))
        chart = Content("") if data.held_people else cycles_text.chart(data.cycles)
        for name, content in zip(PARTS, (*above, chart, *below), strict=True):
            place = self.query_one(name, Static)
            if place.content != content:
                place.update(content)
        rows = len(data.held_people) or len(cycles_text.shown_cycles(data))
        lines = sum(part.plain.count("\n") + 1 for part in (*above, *below) if part)
        self.set_class(bool(data.held_people), "-held")
        self.set_class(lines + rows + EDGES <= self.app.size.height, "-roomy")

    @property
    def _tested(self) -> ConnectionTest | None:
        """The last test of the connection of this pair."""
        setup = self.workspace.setup.reading
        return setup.last_test if setup is not None and not self.is_other else None

    def _list_title(self, data: JobReading, width: int) -> Content:
        if data.held_people or isinstance(data.held, XtSyncError):
            return cycles_text.held_title(data, width)
        words = cycles_text.cycles_title(data.cycles)
        zone = f"times in {self.workspace.now():%Z}"
        return rule(f"{words} · {'… reading the log' if data.partial else zone}", width)

    def _cause(self, data: JobReading) -> Content:
        held = data.held
        return (
            Content("")
            if held is None or isinstance(held, XtSyncError)
            else cycles_text.suspicion(held, self.workspace.now())
        )

    # The frame -----------------------------------------------------------------------------------------

    def heading(self) -> str:
        """Return whose job it is."""
        return f"Job · {clean(self.data.name, 60)}" if self.data is not None and self.data.name else "Job"

    def summary(self) -> Content:
        """Return the state, and when it is looked at again."""
        data = self.reading_of_job
        if data is None:
            return self.looks_again("○ no job yet") if self.data is not None else Content("")
        unread = [one for one in (data.held, data.mail) if isinstance(one, XtSyncError)]
        if unread:
            return state(f"! {len(unread)} of 3 parts not read · ") + self.looks_again(text.headline(data))
        return self.looks_again(text.headline(data))

    def requests(self) -> Sequence[Request]:
        """Return what S, P and R would send now."""
        data = self.reading_of_job
        if data is None:
            return ()
        actions = self.workspace.job.actions(data)
        runs = not self.refusal("pause")
        planned = (*(actions.pause() if runs else actions.start()), *actions.restart(RESTARTS[3]))
        if data.held_people:
            planned = (*planned, *actions.allow_deletes())
        return [each.request for each in planned]

    def raw(self) -> str:
        """Return the job as Graph gave it."""
        data = self.reading_of_job
        return exact.pretty(data.job) if data else ""

    def copies(self) -> list[tuple[str, str]]:
        """Return the state of the job for a colleague, and the row."""
        data = self.reading_of_job
        if data is None:
            return super().copies()
        told = f"{self.heading()}\n{text.facts(data, self.workspace.now(), 200).plain}"
        return [("job", told), ("job id", data.job.id), *super().copies()]
