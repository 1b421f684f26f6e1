"""The live job: what it does, the cycles that were seen or the people who are held, and what can be done."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from textual import on, work
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Request
from xtsync_tui.text import clean
from xtsync_tui.ui.frame import rule
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted, number, state
from xtsync_tui.ui.screens.dialog import Dialog
from xtsync_tui.ui.screens.job import text
from xtsync_tui.ui.screens.reading import ReadingScreen
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.health import State
from xtsync_tui.workspace.job.actions import RESTARTS
from xtsync_tui.workspace.job.reading import RUNNING, Cycle, Held, JobReading, NoJob, Reading, is_on, pace

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

FILTERS = 8
"""The step of the set-up whose filters the Mappings screen edits."""
SETTINGS_AGE = 300.0
"""Seconds for which mail and threshold are good enough."""


def _number(head: str, name: str, *, priority: int = 1) -> Column[Cycle]:
    return Column(
        head,
        lambda cycle: getattr(cycle, name),
        lambda cycle: Content("" if cycle.running else number(getattr(cycle, name))),
        right=True,
        width=max(len(head), 7),
        priority=priority,
    )


class JobScreen(ReadingScreen[Reading]):
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
    _sent_for: str | None = None
    """The configuration that another screen sent the person here for, until it is chosen."""

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
            Column("Took", lambda cycle: cycle.seconds, lambda cycle: Content(text.took(cycle)), width=11),
            Column("State", text.cycle_state, stated=True, width=13),
            _number("Entitled", "entitled", priority=2),
            _number("Imported", "imported", priority=2),
            _number("Created", "created"),
            _number("Updated", "updated"),
            _number("Failed", "failed"),
        )

    def _began(self, cycle: Cycle) -> Content:
        return Content(text.began(cycle, self.workspace.now()))

    def _held_columns(self) -> Sequence[Column[Held]]:
        return (
            Column("Person", lambda one: one.name, most=24),
            Column("Source account", lambda one: one.account, priority=2, most=30),
            Column("Why it would be deleted", lambda one: one.why, grow=True, most=34),
            Column("In TARGET now", lambda one: text.there_words(one, self.workspace.now()), most=34),
        )

    # Reading -------------------------------------------------------------------------------------------

    async def read(self, workspace: "Workspace") -> Reading:
        """Read the job."""
        if self._sent_for is not None:
            await workspace.job.choose(self._sent_for)
            self._sent_for = self._settings_at = None
        now = self.xtsync.monotonic()
        fresh = self._settings_at is not None and now - self._settings_at < SETTINGS_AGE
        settings = not fresh or self.overtaken
        reading = await workspace.job.read(settings=settings)
        if settings:
            self._settings_at = now
        return reading

    def come(self, to: str) -> None:
        """Show the job of the configuration with this object id, "" for that of this pair."""
        self._sent_for, self.data = to, None
        self._say_instead(muted("… reading"))
        self.load()

    async def action_back(self) -> None:
        """Go back to where one came from; else from another configuration to that of this pair."""
        if self._is_other and not self.filtering and not self.xtsync.came:
            self.come("")
        else:
            await super().action_back()

    @property
    def _is_other(self) -> bool:
        return bool(self._sent_for) or (self.xtsync.has_pair and self.workspace.job.other is not None)

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

    @property
    def reading_of_job(self) -> JobReading | None:
        """The job as read, None when there is none."""
        return self.data if isinstance(self.data, JobReading) else None

    def show(self, data: Reading) -> None:
        """Show the job, or where to make one."""
        cycles, held = self.query_one("#cycles", Table), self.query_one("#held", Table)
        self.standing = "another configuration than that of this pair · esc shows that" * self._is_other
        if isinstance(data, NoJob):
            what = "No job yet." if data.name else "No configuration yet."
            self._say_instead(Content(f"{what} 1 goes on at step {data.step}."))
            return
        cycles.empty = "No cycle has ended yet." + " S starts the job." * (not is_on(data))
        cycles.follow_rows(text.shown_cycles(data))
        held.set_rows(data.held_people)
        self._choose_list(data)
        self._draw()

    def _say_instead(self, message: Content) -> None:
        """Say why there is nothing to show."""
        self.query_one("#held").display = False
        self.query_one("#cycles").display = True
        self.query_one("#cycles", Table).set_message(message)
        for each in ("#job-facts", "#job-list-title", "#job-chart", "#job-cause", "#job-actions"):
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
        self._draw()

    def refresh_frame(self) -> None:
        """Let the running times go on, too."""
        super().refresh_frame()
        if self.is_mounted and self.is_current:
            self._draw()

    def _draw(self) -> None:
        data = self.reading_of_job
        if data is None:
            return
        now, width = self.workspace.now(), self.app.size.width
        parts = {
            "#job-facts": text.facts(data, now, width),
            "#job-list-title": self._list_title(data, width),
            "#job-chart": Content("") if data.held_people else text.chart(data.cycles),
            "#job-cause": self._cause(data),
            "#job-actions": text.actions(data, width),
        }
        for name, content in parts.items():
            place = self.query_one(name, Static)
            if place.content != content:
                place.update(content)
        self.set_class(bool(data.held_people), "-held")

    def _list_title(self, data: JobReading, width: int) -> Content:
        if data.held_people or isinstance(data.held, XtSyncError):
            return text.held_title(data, width)
        return rule(f"{text.cycles_title(data.cycles)} · times in UTC", width)

    def _cause(self, data: JobReading) -> Content:
        held = data.held
        return (
            Content("")
            if held is None or isinstance(held, XtSyncError)
            else text.suspicion(held, self.workspace.now())
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

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        own = {"start", "pause", "restart", "held", "fix", "test", "logs", "why"}
        if action not in own:
            return super().refusal(action)
        data = self.reading_of_job
        if data is None:
            return (
                "There is no job yet: 1 opens Setup."
                if isinstance(self.data, NoJob)
                else "The job is being read."
            )
        return self._refusal_of(action, data) or super().refusal(action)

    def _refusal_of(self, action: str, data: JobReading) -> str:
        runs = is_on(data)
        why = {
            "start": "The job runs already. Starting a running job can stop the service." if runs else "",
            "pause": ""
            if runs or data.state is State.QUARANTINE
            else "No cycle begins as it is: nothing to pause.",
            "held": "" if data.held_people else self._nobody_held(data),
            "fix": "" if text.fix_step(data) else "Nothing to repair here: no setting is known to be wrong.",
            "why": ""
            if data.held_people and self._has_mode("people")
            else "Nobody is selected: cycles are no people.",
        }
        if self._is_other and action in {"test", "fix"}:
            return "The set-up is that of this pair; 4 shows the settings of this configuration and tests it."
        return why.get(action, "")

    def _nobody_held(self, data: JobReading) -> str:
        return (
            "Who is held cannot be read."
            if isinstance(data.held, XtSyncError)
            else "No deletion is held now."
        )

    def _has_mode(self, name: str) -> bool:
        return any(mode.id == name for mode in self.xtsync.modes)

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
        return msgspec.json.format(msgspec.json.encode(data.job), indent=2).decode() if data else ""

    def copies(self) -> list[tuple[str, str]]:
        """Return the state of the job for a colleague, and the row."""
        data = self.reading_of_job
        if data is None:
            return super().copies()
        told = f"{self.heading()}\n{text.facts(data, self.workspace.now(), 200).plain}"
        return [("job", told), ("job id", data.job.id), *super().copies()]

    # Keys ----------------------------------------------------------------------------------------------

    @work
    async def action_start(self) -> None:
        """Start the job."""
        from xtsync_tui.ui.screens.job.dialogs import StartDialog

        data = self.reading_of_job
        if data is not None:
            await self._ask(StartDialog("Start provisioning", self.workspace, data))

    @work
    async def action_pause(self) -> None:
        """Pause the job."""
        from xtsync_tui.ui.screens.job.dialogs import PauseDialog

        data = self.reading_of_job
        if data is not None:
            await self._ask(PauseDialog("Pause provisioning", self.workspace, data))

    @work
    async def action_restart(self) -> None:
        """Choose a kind of restart, then show it."""
        from xtsync_tui.ui.screens.job.dialogs import RestartDialog, RestartKinds

        data = self.reading_of_job
        if data is None:
            return
        kinds = RestartKinds(data.name, quarantined=data.quarantine is not None)
        chosen = await self.open_dialog(kinds)
        kind = next((one for one in RESTARTS if one.id == chosen), None)
        data = self.reading_of_job
        if kind is not None and data is not None:
            await self._ask(RestartDialog(self.workspace, data, kind))

    @work
    async def action_held(self) -> None:
        """Show who is held, and let them go."""
        from xtsync_tui.ui.screens.job.dialogs import HeldDialog

        data = self.reading_of_job
        if data is not None and data.held_people:
            self.say("… looking whether anything else would stop the cycle")
            stop = await self.workspace.job.stopped_by()
            self.say("")
            await self._ask(HeldDialog(self.workspace, data, stop))

    async def _ask(self, dialog: Dialog[str]) -> None:
        words = await self.open_dialog(dialog)
        if words:
            self.say(words)
            self.load()

    @work(exclusive=True, group="test")
    async def action_test(self) -> None:
        """Test the connection; the answer is explained by what both tenants show."""
        self.say("▶ testing the connection")
        try:
            test = await self.workspace.setup.test()
        except XtSyncError as error:
            self.say(f"✗ {error.title}")
        else:
            self.say("✓ the connection test passed" if test.passed else f"✗ {test.words or test.code}")

    async def action_fix(self) -> None:
        """Go to the setting that caused the quarantine."""
        data = self.reading_of_job
        step = text.fix_step(data) if data is not None else 0
        if data is not None and step == FILTERS:
            await self.xtsync.go("mappings", f"{data.sp} filters")
        elif step:
            await self.xtsync.go("setup", str(step))

    async def action_logs(self) -> None:
        """Open the log rows of the selected cycle or person."""
        table = self.table
        row: Any = table.row if table is not None else None
        await self.xtsync.go("logs", self._place_in_logs(row))

    def _place_in_logs(self, row: Cycle | Held | None) -> str:
        if isinstance(row, Held):
            return f"person:{row.person_id}"
        return (
            f"cycle:{row.id} since:{_days(row, self.workspace.now())}d"
            if row is not None and not row.running
            else ""
        )

    @on(Table.Opened)
    async def _open(self) -> None:
        await self.action_logs()

    async def action_why(self) -> None:
        """Open the person who is held."""
        from xtsync_tui.ui.screens.people.opening import open_person

        row = self.query_one("#held", Table).row
        if row is not None:
            await open_person(self.xtsync, row.person_id, name=row.name)


def _days(cycle: Cycle, now: datetime) -> int:
    """Return how many days back the rows of a cycle are, rounded up."""
    return (now - cycle.began).days + 1
