"""The dialog of step 9: attribute mappings to read, and the two choices that decide as what people arrive."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from textual import work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Request, Side
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.dialog import Level
from xtsync_tui.ui.screens.mappings.effect_text import consequences
from xtsync_tui.ui.screens.mappings.panel import stakes
from xtsync_tui.ui.screens.mappings.save import level
from xtsync_tui.ui.screens.setup.step import StepDialog
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.form import Choice
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.mappings.draft import Draft
from xtsync_tui.workspace.mappings.service import Mappings
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import Answers, MappingAnswers, MappingRow, StepReading

if TYPE_CHECKING:
    from xtsync_tui.workspace.mappings.effects import Effects
    from xtsync_tui.workspace.setup.setup import Setup

MAPPING_COLUMNS: tuple[Column[MappingRow], ...] = (
    Column("Source", lambda row: row.source, most=28),
    Column("Target", lambda row: row.target, grow=True, most=28),
    Column("Type", lambda row: row.kind, width=10),
    Column("Apply", lambda row: row.apply, width=13),
)
WORKING = "… working out whom it reaches"


class MappingsDialog(StepDialog):
    """The list to read, and the choices. What they change is shown and asked as saving mappings is."""

    SEND = "Reviewed"
    NOTHING = "Nothing will be sent: that you reviewed the mappings is kept here."
    KEEPS = True

    _draft: Draft | None = None
    """What the choices change, None for nothing."""
    _effects: "Effects | None" = None
    _working = False

    def __init__(self, reading: StepReading, setup: "Setup") -> None:
        super().__init__(reading, setup)
        # Not those of the screen Mappings: they can be another configuration's, with a draft.
        self.own = Mappings(setup.workspace)

    def verb(self) -> str:
        """Save what was changed, or keep that it was reviewed."""
        return "Save" if self.sends() else self.SEND

    def fields(self) -> Iterable[Widget]:
        """Yield the choices on top, then the list."""
        answers = cast("MappingAnswers", self.defaults)
        kinds = [("", "As it is"), ("Member", "Member"), ("Guest", "Guest")]
        applies = [("", "As it is"), ("creation only", "Creation only"), ("always", "Always")]
        shows = [("", "As it is"), ("yes", "Show"), ("no", "Do not show")]
        shown = {None: "", True: "yes", False: "no"}[answers.show_in_address_list]
        yield Choice("People arrive as", "kind", kinds, answers.user_type)
        yield Choice("Applies", "apply", applies, answers.apply)
        yield Choice("Address list", "show", shows, shown)
        table: Table[MappingRow] = Table(
            MAPPING_COLUMNS,
            lambda row: row.target,
            empty="… reading the mappings",
            flag=lambda row: "#" if row.matching else "=" if row.locked else " ",
            id="mappings",
        )
        yield table
        yield Static(muted("# matching, fixed    = required, cannot be removed"), markup=False)
        yield Static(id="saving", markup=False)

    def on_mount(self) -> None:
        """Read the mappings."""
        self._read()

    @work(exclusive=True, group="mappings")
    async def _read(self) -> None:
        table = self.query_one("#mappings", Table)
        try:
            table.set_rows(await self.setup.mappings())
        except XtSyncError as error:
            table.set_message(state(f"✗ {clean(error.title)}"))

    def asked(self) -> Answers:
        """Return the choices; what is as it is stays."""
        answers = self.answers()
        show = {"": None, "yes": True, "no": False}[answers["show"]]
        return MappingAnswers(answers["kind"], answers["apply"], show)

    # What saving does ----------------------------------------------------------------------------------

    def planned(self) -> Sequence[Planned]:
        """Return the look at the schema, the save, and the start of a full cycle where the job runs."""
        writes = super().planned()
        if not writes:
            return ()
        put = writes[0].request
        look = Request(method="GET", path=put.path, scopes=put.scopes)
        return (Planned(writes[0].side, look, writes[0].why), *writes)

    def level(self) -> Level:
        """Ask as saving mappings does; nothing is asked for a review."""
        if not self.is_mounted or self._draft is None or self._working:
            return Level.PLAIN
        return level(self.own, self._effects) if self.own.reading is not None else Level.TYPED

    def off(self) -> str:
        """Say that it has to be known first whom it reaches."""
        return super().off() or ("off until it is known whom it reaches" if self._working else "")

    def refresh_preview(self) -> None:
        """Show the requests, and above them what saving does."""
        super().refresh_preview()
        put = next((each for each in self.would_send() if each.request.method == "PUT"), None)
        draft = Draft(put.before, put.request.body) if put is not None else None
        if draft != self._draft:
            self._draft, self._working = draft, draft is not None
            self._work_out()
        for line in self.query("#saving").results(Static):
            line.update(self._saving())

    @work(exclusive=True, group="effects")
    async def _work_out(self) -> None:
        self._effects = None
        if self._draft is not None:
            try:
                await self.own.read(self.setup.configuration)
                await self.own.keep_people(lambda _: None)
                self._effects = await self.own.effects(self._draft)
            except XtSyncError:
                self._effects = None  # then it is said that it cannot be told, and the name is asked for
        self._working = False
        if (reading := self.own.reading) is not None:
            self.ask_for(reading.name, reading.configuration.id)
        if not self.closing:
            self.refresh_preview()

    def _saving(self) -> Content:
        if self._draft is None or self.own.reading is None:
            return Content("")
        if self._working:
            return muted(WORKING)
        reading = self.own.opened
        target = f"TARGET {clean(self.workspace.side(Side.TARGET).name)}"
        told = consequences(self._effects, stakes(reading), target, runs=reading.runs)
        return Content("\n").join([state(line) for line in told])
