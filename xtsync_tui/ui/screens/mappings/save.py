"""The dialog that shows what saving a draft does to people, and saves it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.preview import Sendable
from xtsync_tui.ui.render import ago, clock, muted, side, state
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.ui.screens.mappings import text
from xtsync_tui.ui.screens.mappings.effect_text import consequences
from xtsync_tui.ui.screens.mappings.panel import stakes
from xtsync_tui.ui.screens.mappings.who import WhoScreen
from xtsync_tui.workspace.mappings.changes import Change
from xtsync_tui.workspace.mappings.draft import Draft, problems
from xtsync_tui.workspace.mappings.effects import Effects
from xtsync_tui.workspace.mappings.saving import Overtaken, Saved, planned, reading_requests, size
from xtsync_tui.workspace.mappings.service import OLD
from xtsync_tui.workspace.planned import Planned

if TYPE_CHECKING:
    from xtsync_tui.workspace.mappings.service import Mappings


def level(own: "Mappings", found: Effects | None) -> Level:
    """Return how much to ask before a schema is saved: more than one person is reached in any case."""
    limits = own.workspace.profile.limits
    if found is None or found.exceeds(own.opened.threshold, limits):
        return Level.TYPED
    return Level.WIDE


class EffectDialog(Dialog[Saved | Overtaken]):
    """A dialog that replaces the schema: what that does to people, by name on a key, and the requests.

    ``found`` is what it changes, ``effects`` what the full cycle does then, None when people were not read.
    """

    BINDINGS: ClassVar[list[BindingType]] = [key("why", show=False)]

    def __init__(
        self, title: str, own: "Mappings", found: Sequence[Change], effects: Effects | None, *, typed: bool
    ) -> None:
        reading = own.opened
        super().__init__(
            title, Side.SOURCE, word=reading.name if typed else "", word_id=reading.configuration.id
        )
        self.own = own
        self.found = found
        self.effects = effects

    def level(self) -> Level:
        """Ask for the name above the limits of the profile, and where it cannot be told."""
        return Level.TYPED if self.own_word else Level.WIDE

    def form(self) -> Iterable[Widget]:
        """Yield the changes, and what they do."""
        yield Static(Content.styled(f"Changes ({len(self.found)})", "bold"), markup=False)
        yield Static(text.change_lines(self.found, self.columns), markup=False)
        yield Static("\n" + Content.styled("What saving does", "bold"), markup=False)
        yield Static(id="consequences", markup=False)

    def _told(self) -> Content:
        reading = self.own.opened
        target = f"TARGET {clean(self.workspace.side(Side.TARGET).name)}"
        told = consequences(self.effects, stakes(reading), target, runs=reading.runs)
        stop = self.own.stopped
        if stop is not None and reading.runs:
            told.insert(1, f"! {clean(stop.title)}: the cycle stops before it writes anybody.")
        lines = [line for each in told for line in _hung(each, self.columns)]
        return Content("\n").join([*lines, self._age()])

    def _age(self) -> Content:
        crowd = self.own.crowd
        if crowd is None:
            return Content("")
        now = self.workspace.now()
        read = f"{clock(crowd.at)}, {ago(crowd.at, now)}"
        if now - crowd.at > OLD:
            return state(f"! Evaluated here from what was read at {read}.")
        who = " w on a button lists the people." if self.effects is not None else ""
        return muted(f"Evaluated here from what was read at {read}.{who}")

    def refresh_preview(self) -> None:
        """Show what it does and the requests in their order, the schema by its size."""
        super().refresh_preview()
        self.query_one("#consequences", Static).update(self._told())
        try:
            writes = self.planned()
        except InvalidInput:
            return
        where = side(Side.SOURCE, self.xtsync.side_view(Side.SOURCE).name)
        lines = [Content("Will send to ") + where + ", in this order"]
        job = self.own.opened.job.id
        for number, each in enumerate(writes, 1):
            tail = each.request.path.partition("/jobs/")[2]
            path = clean(tail.replace(job, f"{job[:11]}…{job[-6:]}" if len(job) > 20 else job))
            lines.append(
                muted(f"{number}  ")
                + Content.styled(each.request.method.ljust(6), "bold")
                + f"{('…/jobs/' + path).ljust(36)} "
                + muted(_note(each, runs=self.own.opened.runs))
            )
        self.query_one("#requests", Static).update(Content("\n").join(lines))

    def ended(self, result: Saved | Overtaken) -> str:
        """Return how it ended, for whoever left the dialog."""
        if isinstance(result, Overtaken):
            return f"! {result.title}: nothing was saved · f2 in Mappings compares the three"
        return text.saved(result)

    def action_why(self) -> None:
        """List everybody whom the cycle moves."""
        if self.effects is not None:
            self.app.push_screen(WhoScreen(self.effects, stakes(self.own.opened)))


def _hung(line: str, width: int) -> list[Content]:
    """Return a line in rows of ``width``, the later ones under its first word."""
    rows = state(line).wrap(width - 2)
    return [rows[0], *(Content("  ") + row for row in rows[1:])]


def _note(write: Sendable, *, runs: bool) -> str:
    request = write.request
    if request.method == "GET" and request.path.endswith("/schema"):
        return "is it still what you edited"
    if request.method == "GET":
        return f"is the job still {'started' if runs else 'paused'}"
    return f"{size(request.body):,} bytes" if request.method == "PUT" else '{"criteria": {}}'


class SaveDialog(EffectDialog):
    """What a draft changes, what that does to people, and the requests; dismissed with how it ended."""

    SEND = "Save and start full cycle"

    def __init__(self, own: "Mappings", effects: Effects | None) -> None:
        self.now_draft: Draft = own.current
        super().__init__(
            f"Save the mappings of {clean(own.opened.name, 40)}",
            own,
            own.changes,
            effects,
            typed=level(own, effects) is Level.TYPED,
        )

    def verb(self) -> str:
        """Name the cycle only where one starts."""
        return self.SEND if self.own.opened.runs else "Save"

    def planned(self) -> Sequence[Planned]:
        """Return the looks, the save and the start of a full cycle; InvalidInput if it would be refused."""
        wrong = problems(self.now_draft)
        if wrong:
            raise InvalidInput(f"{clean(wrong[0].where)}: {clean(wrong[0].message)}")
        reading = self.own.opened
        looks = (Planned(Side.SOURCE, each, "look") for each in reading_requests(reading))
        return (*looks, *planned(self.workspace, reading, self.now_draft).writes)

    async def send(self) -> Saved | Overtaken:
        """Save, unless somebody else did in the meantime."""
        try:
            return await self.own.save(self.now_draft)
        except Overtaken as overtaken:
            return overtaken
