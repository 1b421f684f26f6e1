"""The set-up checklist: fifteen steps read from both tenants, and the keys that do them."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Request, Side
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.reading import ReadingScreen
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.detail import Detail
from xtsync_tui.ui.widgets.split import Split
from xtsync_tui.ui.widgets.table import Table

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace
    from xtsync_tui.workspace.setup import Outcome, SetupReading, StepReading


def _state(reading: "StepReading") -> Content:
    from xtsync_tui.ui.screens.setup import text

    return state(text.state_text(reading))


# What is known of the steps is imported with the first reading: the first frame shows none of it.
COLUMNS: "tuple[Column[StepReading], ...]" = (
    Column("#", lambda reading: reading.number, width=2, right=True),
    Column("Tenant", lambda reading: reading.step.tenant, width=6),
    Column("Step", lambda reading: reading.step.title, grow=True, width=35),
    Column("State", lambda reading: reading.words, _state, most=30),
)
WIDE = 100
HUGE = 140
FILTERS = 8
"""The step that is done on another screen."""


class SetupScreen(ReadingScreen["SetupReading"]):
    """The documented steps as a list, with the evidence of the selected one beside it."""

    MODE = "setup"
    READS = "setup"
    POLL = 60
    HELP = """\
# Setup

The fifteen steps that connect SOURCE with TARGET, as both tenants show them now.

- **enter** does the selected step, or opens the dialog it needs. Nothing is sent before you saw it.
- **A** does all that is left with the defaults, and stops at the first failure.
- **t** tests the connection. When it fails, the side and the setting are named.
- **f** goes to the step that repairs the selected one.

Leave whenever you like: what is done is read from Graph when you come back.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("open", "Do step"),
        key("rest"),
        key("test"),
        key("fix"),
        key("request"),
        key("copy"),
        key("export"),
        key("reload"),
    ]

    _placed = False
    _follow = False
    """Whether the next reading moves the cursor to the step that is open then."""

    def body(self) -> Iterable[Widget]:
        """Yield the list with the handshake under it, and the detail."""
        steps: Table[StepReading] = Table(
            COLUMNS, lambda reading: reading.number, empty="Reading both tenants…", id="steps"
        )
        yield Split(Vertical(steps, Static(id="handshake", markup=False), id="checklist"))

    async def read(self, workspace: "Workspace") -> "SetupReading":
        """Read the state of all steps."""
        return await workspace.setup.read(self._progress)

    def _progress(self, line: str) -> None:
        if self.is_mounted and self.data is None:
            self.query_one("#steps", Table).set_message(muted(f"… {line}"))

    def show(self, data: "SetupReading") -> None:
        """Show the steps; the cursor starts at, and after a success goes to, the next open one."""
        table = self._table
        table.set_rows(data.steps)
        if data.next is not None and (self._follow or not self._placed):
            table.select(data.next.number)
        self._placed, self._follow = True, False
        self._show_step(table.row)
        if data.failures:
            self.say(f"! {data.failures[0]}")

    @property
    def _table(self) -> "Table[StepReading]":
        return self.query_one("#steps", Table)

    @property
    def _names(self) -> dict[Side, str]:
        return {side: self.xtsync.side_view(side).name for side in Side}

    def heading(self) -> str:
        """Return the configuration, or the pair."""
        names = self._names
        if self.data is None:
            return "Setup"
        from xtsync_tui.ui.screens.setup import text

        return text.title(self.data, names[Side.SOURCE], names[Side.TARGET])

    def summary(self) -> Content:
        """Return how far it is and what comes next."""
        if self.data is None:
            return Content("")
        from xtsync_tui.ui.screens.setup import text

        return Content(text.summary(self.data, narrow=self.app.size.width < WIDE))

    @on(Table.Moved, "#steps")
    def _moved(self, event: Table.Moved) -> None:
        self._show_step(event.row)
        self.refresh_bindings()

    def on_resize(self) -> None:
        """Lay out the text for the new width."""
        if self.data is not None:
            self.call_after_refresh(lambda: self._show_step(self._table.row))

    def _show_step(self, reading: "StepReading | None") -> None:
        from xtsync_tui.ui.screens.setup import text

        if reading is None or self.data is None:
            return
        now, names, terminal = self.workspace.now(), self._names, self.app.size.width
        under = self.query_one("#handshake", Static)
        agreed = text.handshake(self.data.agreed, names, under.content_size.width)
        under.update(agreed + "\n\n" + text.last_test(self.data.last_test, now))
        detail = self.query_one(Detail)
        where = text.where(reading, names)
        narrow = terminal < WIDE
        detail.show(
            f"{reading.number} in {where.plain}" if narrow else f"{reading.number}  {reading.step.title}",
            text.detail(reading, names, now, max(detail.size.width - 4, 40), wide=terminal >= HUGE),
            strip=text.strip(reading, now, terminal - 2),
            right=where if terminal >= HUGE else Content.styled(reading.step.tenant.upper(), "bold"),
            about=reading.number,
        )

    def refresh_frame(self) -> None:
        """Let the ages go on, too."""
        super().refresh_frame()
        if self.is_mounted and self.is_current:
            self._show_step(self._table.row)

    # What can be done ----------------------------------------------------------------------------------

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        reading = self._table.row if self.is_mounted else None
        if action == "fix" and (reading is None or reading.cause is None or not _mends(reading)):
            return "Nothing to repair here: this step names no other step or setting."
        if action == "rest" and self.data is not None and self.data.next is None:
            return "Nothing is left to do." if self.data.finished else "What is left waits or cannot be read."
        if action == "test" and self.data is not None and self.data[5].state.value != "done":
            return "The test asks the configuration: make it first, in step 5."
        return super().refusal(action)

    def requests(self) -> Sequence[Request]:
        """Return what doing the selected step would send."""
        reading = self._table.row
        return [each.request for each in reading.planned] if reading else ()

    def copies(self) -> list[tuple[str, str]]:
        """Return the selected step with its evidence, for a colleague."""
        from xtsync_tui.ui.screens.setup import text

        reading = self._table.row
        if reading is None:
            return super().copies()
        where = text.where(reading, self._names).plain
        lines = [f"{reading.number} {reading.step.title} · {where}", text.state_text(reading), reading.detail]
        return [("step", "\n".join(line for line in lines if line)), *super().copies()]

    @on(Table.Opened, "#steps")
    @work
    async def _open(self, event: Table.Opened) -> None:
        from xtsync_tui.ui.screens.setup.dialogs import dialog_for

        reading: StepReading = event.row
        if reading.state.value == "waiting":
            self.say(f"Step {reading.number} comes {reading.words.removeprefix('…').strip()}.")
            return
        if reading.number == 13 and await self._go_to_job():
            return
        if reading.number == FILTERS:
            await self._go_to_filters()
            return
        dialog = dialog_for(reading, self.workspace)
        if dialog is None:
            self.action_technical()
            return
        self._finish(await self.open_dialog(dialog))

    async def _go_to_job(self) -> bool:
        if not any(mode.id == "job" for mode in self.xtsync.modes):
            return False
        await self.xtsync.go("job")
        return True

    async def _go_to_filters(self) -> None:
        """Edit the filters where it is shown whom they let leave and enter; esc comes back."""
        if self.workspace.setup.has_job:
            await self.xtsync.go("mappings", "filters")
        else:
            self.say("Step 6 comes first: there is no job yet, so there are no filters.")

    def raw(self) -> str:
        """Return the evidence of the selected step, whole."""
        from xtsync_tui.ui.screens.setup import text

        reading = self._table.row
        if reading is None:
            return ""
        body = text.detail(reading, self._names, self.workspace.now(), 100, wide=True, alone=True)
        return f"{reading.number}  {reading.step.title}\n\n{body.plain}"

    def _finish(self, outcome: "Outcome | None") -> None:
        from xtsync_tui.ui.screens.setup.step import outcome_words

        if outcome is not None:
            self._follow = outcome.done
            self.say(outcome_words(outcome))
        reading = self.workspace.setup.reading
        if reading is not None and reading is not self.data:
            # Doing a step ends with reading it: what Graph says now is there already.
            self.data = reading
            self.show(reading)
            self.refresh_frame()
        elif outcome is not None:
            self.load()
        if outcome is not None and outcome.on_demand is not None:
            from xtsync_tui.ui.screens.on_demand.text import result_page

            self.app.push_screen(result_page(outcome.on_demand, self._names[Side.TARGET]))

    @work
    async def action_rest(self) -> None:
        """Show everything that is left, and do it."""
        from xtsync_tui.ui.screens.setup.rest import RestDialog

        self._finish(await self.open_dialog(RestDialog(self.workspace)))

    @work(exclusive=True, group="test")
    async def action_test(self) -> None:
        """Test the connection; the service's answer is explained by what both tenants show."""
        self.say("▶ testing the connection")
        try:
            test = await self.workspace.setup.test()
        except XtSyncError as error:
            self.say(f"✗ {error.title}")
        else:
            self.say("✓ the connection test passed" if test.passed else f"✗ {test.words or test.code}")
        self.load()

    @work
    async def action_fix(self) -> None:
        """Go to the step that repairs the selected one, or open the repair itself."""
        reading = self._table.row
        cause = reading.cause if reading else None
        if cause is None:
            return
        if cause.step is not None and cause.step != (reading.number if reading else None):
            self._table.select(cause.step)
            self.say(f"Step {cause.step} repairs this: enter does it.")
            return
        if cause.fix:
            from xtsync_tui.ui.screens.setup.repair import RepairDialog

            self._finish(await self.open_dialog(RepairDialog(cause)))


def _mends(reading: "StepReading") -> bool:
    cause = reading.cause
    return cause is not None and (bool(cause.fix) or cause.step not in {None, reading.number})
