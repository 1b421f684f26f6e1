"""What can be done with the job: start, pause, restart, allow what is held, test, and go to what is wrong."""

from datetime import datetime
from typing import Any

from textual import on, work

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.screens.dialog import Dialog
from xtsync_tui.ui.screens.job import actions_text, cycles_text
from xtsync_tui.ui.screens.reading import ReadingScreen
from xtsync_tui.ui.screens.setup.text import tested_words
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.health import State
from xtsync_tui.workspace.job.actions import RESTARTS
from xtsync_tui.workspace.job.reading import Cycle, Held, JobReading, NoJob, Reading, is_on, running
from xtsync_tui.workspace.setup.reading import Cause

NO_CONFIGURATION = "No configuration yet. 1 opens Setup."
NO_JOB = "No job yet. 1 opens Setup: step 6 makes it."


class Doing(ReadingScreen[Reading]):
    """A screen with one job, and the keys that are about it."""

    sent_for: str | None = None
    """The configuration that another screen sent the person here for, until it is chosen."""
    _allowed: tuple[str, datetime] | None = None
    """How many deletions were allowed, and when, until the cycle that carries them out has ended."""

    @property
    def reading_of_job(self) -> JobReading | None:
        """The job as read, None when there is none."""
        return self.data if isinstance(self.data, JobReading) else None

    @property
    def is_other(self) -> bool:
        """Whether it is about another configuration than that of this pair."""
        return bool(self.sent_for) or (self.xtsync.has_pair and self.workspace.job.other is not None)

    def say_what_was_deleted(self, data: JobReading) -> None:
        """Say how many were deleted, once the cycle that was allowed to has ended."""
        if self._allowed is None or running(data) is not None:
            return
        many, at = self._allowed
        done = next((each for each in data.cycles if not each.running and each.began >= at), None)
        if done is not None:
            self._allowed = None
            self.say(cycles_text.deleted_words(done, many))

    def footer_ids(self) -> list[tuple[str, str]]:
        """Return the keys; while somebody is held two of them are called what they do."""
        data = self.reading_of_job
        words = {"fix": "Prevent", "held": "Allow"} if data is not None and data.held_people else {}
        return [(each, words.get(each, name)) for each, name in super().footer_ids()]

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        own = {"start", "pause", "restart", "held", "fix", "test", "logs", "why"}
        if action not in own:
            return super().refusal(action)
        data = self.reading_of_job
        if data is None:
            if isinstance(self.data, NoJob):
                return NO_JOB if self.data.name else NO_CONFIGURATION
            return "The job is being read."
        return self._refusal_of(action, data) or super().refusal(action)

    def _refusal_of(self, action: str, data: JobReading) -> str:
        on = is_on(data)
        may_pause = on or data.state is State.QUARANTINE
        why = {
            "start": "The job runs already. Starting a running job can stop the service." if on else "",
            "pause": "" if may_pause else "No cycle begins as it is: nothing to pause. S goes on.",
            "held": "" if data.held_people else self._nobody_held(data),
            "fix": "" if actions_text.fix_step(data) else self._nothing_wrong(data),
            "why": ""
            if data.held_people and self.has_mode("people")
            else "Nobody is selected: cycles are no people.",
        }
        if self.is_other and action in {"test", "fix"}:
            return "The set-up is that of this pair; 4 shows the settings of this configuration and tests it."
        return why.get(action, "")

    def _nothing_wrong(self, data: JobReading) -> str:
        if isinstance(data.stopped, XtSyncError):
            return f"? cannot tell whether a setting is wrong: {clean(data.stopped.title)}"
        return "Nothing to repair here: no setting is known to be wrong."

    def _nobody_held(self, data: JobReading) -> str:
        return (
            "Who is held cannot be read."
            if isinstance(data.held, XtSyncError)
            else "No deletion is held now."
        )

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
        tenant = self.xtsync.side_view(Side.SOURCE).name
        kinds = RestartKinds(tenant, quarantined=data.stay is not None)
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
            asked = self.workspace.now()
            words = await self._ask(HeldDialog(self.workspace, data, stop))
            if words.startswith("✓") and not isinstance(stop, Cause):
                self._allowed = (data.held_number, asked)

    async def _ask(self, dialog: Dialog[str]) -> str:
        words = await self.open_dialog(dialog) or ""
        if words:
            self.say(words)
            self.load()
        return words

    @work(exclusive=True, group="test")
    async def action_test(self) -> None:
        """Test the connection; the answer is explained by what both tenants show."""
        self.say("▶ testing the connection")
        try:
            test = await self.workspace.setup.test()
        except XtSyncError as error:
            self.say(f"✗ {error.title}")
        else:
            self.say(tested_words(test))
            self.refresh_frame()

    async def action_fix(self) -> None:
        """Go to the setting that is wrong, or to what the deletions come from."""
        data = self.reading_of_job
        step = actions_text.fix_step(data) if data is not None else 0
        if data is not None and step == actions_text.FILTERS:
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
        data = self.reading_of_job
        if row is not None and not row.running:
            return f"cycle:{row.id} since:{_days(row, self.workspace.now())}d"
        which = f"configuration:{data.sp}" if data is not None else ""
        if row is None:
            return which
        minutes = int((self.workspace.now() - row.began).total_seconds()) // 60 + 1
        return f"{which} since:{minutes}min"

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
