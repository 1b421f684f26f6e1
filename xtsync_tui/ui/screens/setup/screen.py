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
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted, side, state
from xtsync_tui.ui.screens.reading import ReadingScreen
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.detail import Detail
from xtsync_tui.ui.widgets.split import Split
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widths import HUGE, WIDE

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace
    from xtsync_tui.workspace.setup import Cause, Outcome, SetupReading, StepReading
    from xtsync_tui.workspace.setup.setup import Setup


def _fits(reading: "StepReading", where: Content, width: int) -> bool:
    """Return whether the names of the tenants fit beside the title of a step."""
    return len(reading.step.title) + where.cell_length + 10 <= width


def _state(reading: "StepReading") -> Content:
    from xtsync_tui.ui.screens.setup import text

    return state(text.state_text(reading))


def _tenant(reading: "StepReading") -> Content:
    sides = reading.step.sides
    return side(sides[0]) if len(sides) == 1 else muted("BOTH")


# What is known of the steps is imported with the first reading: the first frame shows none of it.
NUMBER: "Column[StepReading]" = Column("#", lambda reading: reading.number, width=2, right=True)
TENANT: "Column[StepReading]" = Column(
    "Tenant", lambda reading: reading.step.tenant.upper(), _tenant, width=6
)
STEP: "Column[StepReading]" = Column("Step", lambda reading: reading.step.title, grow=True, width=33)
WORDS: "Column[StepReading]" = Column("State", lambda reading: reading.words, _state, grow=True, most=30)
ROOMY = 118
"""Columns from which the list has room for the tenant of each step beside the detail."""
FILTERS = 8
"""The step that is done on another screen."""


def _columns(terminal: int) -> "list[Column[StepReading]]":
    if WIDE <= terminal < ROOMY:
        return [NUMBER, STEP, WORDS]
    return [NUMBER, TENANT, STEP, WORDS]


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
- **f** opens the dialog that repairs the selected step, also where that is another step.
- **C** sets up another configuration for TARGET, where there are several.

Leave whenever you like: what is done is read from Graph when you come back.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("open", "Do step"),
        key("rest"),
        key("test"),
        key("fix"),
        key("configuration", show=False),
        key("request"),
        key("copy"),
        key("export"),
        key("reload"),
    ]

    _placed = False
    _follow = False
    """Whether the next reading moves the cursor to the step that is open then."""
    _chosen: "Setup | None" = None
    """The set-up of another configuration than the pair's own."""
    _told: "Outcome | None" = None
    """How the step that was done last ended: what repairs it need not be in what is read of the step."""

    def body(self) -> Iterable[Widget]:
        """Yield the list with the handshake under it, and the detail."""
        steps: Table[StepReading] = Table(
            _columns(self.app.size.width),
            lambda reading: reading.number,
            empty="Reading both tenants…",
            id="steps",
        )
        yield Split(Vertical(steps, Static(id="handshake", markup=False), id="checklist"))

    @property
    def setup(self) -> "Setup":
        """The set-up that is shown: of the pair's own configuration, or of the one that was chosen."""
        return self._chosen or self.workspace.setup

    async def read(self, workspace: "Workspace") -> "SetupReading":
        """Read the state of all steps."""
        return await (self._chosen or workspace.setup).read(self._progress)

    def _progress(self, line: str) -> None:
        if self.is_mounted and self.data is None:
            self.query_one("#steps", Table).set_message(muted(f"… {line}"))

    def show(self, data: "SetupReading") -> None:
        """Show the steps; the cursor starts at, and after a success goes to, the next open one."""
        table = self._table
        table.set_rows(data.steps)
        follows = data.next_here if self._placed else data.next
        if follows is not None and (self._follow or not self._placed):
            table.select(follows.number)
        self._placed, self._follow = True, False
        self._show_step(table.row)
        if data.unreached is not None:
            self.say(f"✗ {clean(data.unreached.title)} · r tries again")

    def show_wanted(self, to: str) -> None:
        """Show a step by its number, or the set-up of a configuration: ``configuration:ID``."""
        kind, _, configuration = to.partition(":")
        if kind == "configuration":
            self._choose(configuration)
        else:
            super().show_wanted(to)

    @work(exclusive=True, group="choose")
    async def _choose(self, configuration: str) -> None:
        """Show the set-up of another configuration, from step 6 on."""
        from xtsync_tui.workspace.setup.facts import Area
        from xtsync_tui.workspace.setup.setup import Setup

        own = self.workspace.setup
        facts = await own.refresh(Area.CONFIGURATION)  # it may have been made just now
        if not isinstance(facts.configuration, XtSyncError) and not any(
            one.id == configuration for one in facts.candidates
        ):
            self.say("It goes to another tenant than TARGET: its set-up is in the profile of that pair.")
            return
        if facts.found is not None and facts.found.service_principal.id == configuration:
            self._chosen = None
        else:
            self.say("… reading its set-up")
            chosen = Setup(self.workspace, configuration)
            await chosen.read()
            self._chosen = chosen
            self.say("")
        self._show_again()
        self._table.select(6)
        if self.reading:
            self.load()  # what is on its way is of the other one

    async def action_configuration(self) -> None:
        """Choose the configuration that is set up."""
        self._ask_configuration()

    @work(exclusive=True, group="dialog")
    async def _ask_configuration(self) -> None:
        from xtsync_tui.ui.screens.choose import choose

        facts = self.setup.facts
        ways = [(one.id, one.display_name) for one in facts.candidates]
        now = facts.found.service_principal.id if facts.found else ""
        chosen = await choose(self.xtsync, "Set up which configuration?", ways, now)
        if chosen and chosen != now:
            self._choose(chosen)

    def footer_ids(self) -> list[tuple[str, str]]:
        """Return the keys; C only where there are several configurations."""
        several = [("configuration", "Configuration")] if self._several else []
        return [*several, *super().footer_ids()]

    @property
    def _ready(self) -> bool:
        """Whether there is a configuration that the connection can be tested with."""
        return self.data is not None and self.data[5].state.value == "done"

    @property
    def _several(self) -> bool:
        return self.data is not None and len(self.setup.facts.candidates) > 1

    @property
    def _table(self) -> "Table[StepReading]":
        return self.query_one("#steps", Table)

    def heading(self) -> str:
        """Return the configuration, or the pair."""
        names = self.names
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
        """Lay out list and text for the new width."""
        if self.data is not None:
            self._table.columns = _columns(self.app.size.width)
            self._table.set_rows(self._table.all_rows)
            self.call_after_refresh(lambda: self._show_step(self._table.row))

    def _show_step(self, reading: "StepReading | None") -> None:
        from xtsync_tui.ui.screens.setup import text

        if reading is None or self.data is None:
            return
        now, names, terminal = self.workspace.now(), self.names, self.app.size.width
        under = self.query_one("#handshake", Static)
        agreed = text.handshake(self.data.agreed, names, under.content_size.width)
        under.update(agreed + "\n\n" + text.last_test(self.data.last_test, now, ready=self._ready))
        detail = self.query_one(Detail)
        where = text.where(reading, names)
        narrow = terminal < WIDE
        detail.show(
            f"{reading.number} in {where.plain}" if narrow else f"{reading.number}  {reading.step.title}",
            text.detail(reading, names, now, max(detail.size.width - 4, 40), wide=terminal >= HUGE),
            strip=text.strip(reading, now, terminal - 2),
            right=where
            if _fits(reading, where, detail.size.width)
            else text.where(reading, dict.fromkeys(Side, "")),
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
        if action == "fix" and (reading is None or not _mends(self._cause)):
            return "Nothing to repair here: this step names no other step or setting."
        if action == "configuration" and not self._several:
            return "There is no other configuration for TARGET."
        if action == "rest" and self.data is not None and self.data.next is None:
            return "Nothing is left to do." if self.data.finished else "What is left waits or cannot be read."
        if action == "test" and self.data is not None and not self._ready:
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
        where = text.where(reading, self.names).plain
        lines = [f"{reading.number} {reading.step.title} · {where}", text.state_text(reading), reading.detail]
        return [("step", "\n".join(line for line in lines if line)), *super().copies()]

    @on(Table.Opened, "#steps")
    @work
    async def _open(self, event: Table.Opened) -> None:
        reading: StepReading = event.row
        if reading.state.value == "waiting":
            self.say(f"Step {reading.number} comes {reading.words.removeprefix('…').strip()}.")
            return
        if reading.number == 13 and await self._go_to_job():
            return
        await self._do(reading)

    async def _do(self, reading: "StepReading") -> None:
        """Open the dialog of a step; where it says that another step repairs it, that one's."""
        from xtsync_tui.ui.screens.setup.dialogs import dialog_for
        from xtsync_tui.ui.screens.setup.step import StepDialog

        if reading.number == FILTERS:
            await self._go_to_filters()
            return
        dialog = dialog_for(reading, self.setup)
        if dialog is None:
            self.action_technical()
            return
        self._finish(await self.open_dialog(dialog))
        if isinstance(dialog, StepDialog) and dialog.repair is not None:
            await self._repair(dialog.repair)

    async def _go_to_job(self) -> bool:
        if not self.has_mode("job"):
            return False
        await self.xtsync.go("job")
        return True

    async def _go_to_filters(self) -> None:
        """Edit the filters where it is shown whom they let leave and enter; esc comes back."""
        if self.setup.has_job:
            await self.xtsync.go("mappings", f"{self.setup.configuration} filters".strip())
        else:
            self.say("Step 6 comes first: there is no job yet, so there are no filters.")

    def raw(self) -> str:
        """Return the evidence of the selected step, whole."""
        from xtsync_tui.ui.screens.setup import text

        reading = self._table.row
        if reading is None:
            return ""
        body = text.detail(reading, self.names, self.workspace.now(), 100, wide=True, alone=True)
        return f"{reading.number}  {reading.step.title}\n\n{body.plain}"

    def _finish(self, outcome: "Outcome | None") -> None:
        from xtsync_tui.ui.screens.setup.step import outcome_words

        if outcome is not None:
            self._follow = outcome.done
            self.say(outcome_words(outcome))
        if self.setup.reading is not self.data:
            self._show_again()  # doing a step ends with reading it
        elif outcome is not None:
            self.load()
        self._told = outcome
        if outcome is not None and outcome.on_demand is not None:
            from xtsync_tui.ui.screens.on_demand.text import result_page

            target, cause = self.names[Side.TARGET], outcome.cause
            keys = ("fix",) if not self.refusal("fix") else ()
            self.app.push_screen(result_page(self, keys, outcome.on_demand, target, cause))

    def _show_again(self) -> None:
        """Show what was read last by the set-up itself."""
        reading = self.setup.reading
        if reading is not None:
            self.data = reading
            self.show(reading)
            self.refresh_frame()

    @work
    async def action_rest(self) -> None:
        """Show everything that is left, and do it."""
        from xtsync_tui.ui.screens.setup.rest import RestDialog

        dialog = RestDialog(self.setup)
        outcome = await self.open_dialog(dialog)
        self._finish(outcome)
        if outcome is not None:
            self.say(dialog.ended(outcome))

    @work(exclusive=True, group="test")
    async def action_test(self) -> None:
        """Test the connection; the service's answer is explained by what both tenants show."""
        from xtsync_tui.ui.screens.setup import text

        self.say("▶ testing the connection")
        try:
            test = await self.setup.test()
        except XtSyncError as error:
            self.say(f"✗ {error.title}")
        else:
            self.say(text.tested_words(test))
        self.load()

    @property
    def _cause(self) -> "Cause | None":
        """Why the selected step is not done: what was told when it was tried here, else what is read."""
        reading, told = self._table.row, self._told
        if reading is not None and told is not None and told.number == reading.number and told.cause:
            return told.cause
        return reading.cause if reading is not None else None

    @work
    async def action_fix(self) -> None:
        """Open the dialog that repairs the selected step, or that of the step which does."""
        if self._cause is not None:
            await self._repair(self._cause)

    async def _repair(self, cause: "Cause") -> None:
        if cause.repair is not None:
            from xtsync_tui.ui.screens.setup.repair import RepairDialog

            self._finish(await self.open_dialog(RepairDialog(cause.repair, cause)))
        elif cause.step is not None and self.data is not None:
            self._table.select(cause.step)
            await self._do(self.data[cause.step])


def _mends(cause: "Cause | None") -> bool:
    return cause is not None and bool(cause.repair or cause.step)
