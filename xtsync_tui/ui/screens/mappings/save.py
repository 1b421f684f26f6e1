"""The dialog that shows what saving a draft does to people, and saves it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.render import ago, clock, muted, side, state
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.ui.screens.mappings import text
from xtsync_tui.ui.screens.mappings.effect_text import consequences
from xtsync_tui.workspace.mappings.changes import Change
from xtsync_tui.workspace.mappings.draft import Draft, problems
from xtsync_tui.workspace.mappings.effects import Effects
from xtsync_tui.workspace.mappings.saving import Overtaken, Saved, planned, reading_request, size
from xtsync_tui.workspace.planned import Planned

if TYPE_CHECKING:
    from xtsync_tui.workspace.mappings.service import Mappings

MOST_CHANGED = 50
"""People who may change before the name of the configuration has to be typed."""


class SaveDialog(Dialog[Saved | Overtaken]):
    """What changes, what that does to people, and the requests; dismissed with how it ended."""

    LEVEL = Level.WIDE
    SEND = "Save and start full cycle"

    def __init__(self, own: "Mappings", found: Sequence[Change], effects: Effects | None) -> None:
        self.own = own
        self.now_draft: Draft = own.current
        self.reading = own.opened
        self.found = found
        self.effects = effects
        word = self.reading.name if self._typed() else ""
        super().__init__("Save the mappings", Side.SOURCE, word=word, word_id=self.reading.configuration.id)

    def _typed(self) -> bool:
        found = self.effects
        if found is None:
            return False
        return found.holds(self.reading.threshold) or found.changed > MOST_CHANGED

    def level(self) -> Level:
        """Ask for the name when the removals would be held, or many people change."""
        return Level.TYPED if self._typed() else Level.WIDE

    def form(self) -> Iterable[Widget]:
        """Yield the changes, what they do, and the requests."""
        yield Static(Content.styled(f"Changes ({len(self.found)})", "bold"), markup=False)
        yield Static(text.change_lines(self.found), markup=False)
        yield Static("\n" + Content.styled("What saving does", "bold"), markup=False)
        yield Static(self._consequences(), markup=False)

    def _consequences(self) -> Content:
        target = f"TARGET {clean(self.workspace.side(Side.TARGET).name)}"
        told = consequences(self.effects, self.reading.threshold, target, runs=self.reading.runs)
        lines = [state(line) for line in told]
        crowd = self.own.crowd
        if crowd is not None:
            now = self.workspace.now()
            lines.append(
                muted(f"Evaluated here from what was read at {clock(crowd.at)}, {ago(crowd.at, now)}.")
            )
        return Content("\n").join(lines)

    def planned(self) -> Sequence[Planned]:
        """Return the look, the save and the start of a full cycle; InvalidInput if it would be refused."""
        wrong = problems(self.now_draft)
        if wrong:
            raise InvalidInput(f"{clean(wrong[0].where)}: {clean(wrong[0].message)}")
        look = Planned(Side.SOURCE, reading_request(self.reading), "mappings")
        return (look, *planned(self.workspace, self.reading, self.now_draft).writes)

    def refresh_preview(self) -> None:
        """Show the requests in their order, the schema by its size."""
        super().refresh_preview()
        box = self.query_one("#requests", Static)
        try:
            writes = self.planned()
        except InvalidInput:
            return
        where = side(Side.SOURCE, self.xtsync.side_view(Side.SOURCE).name)
        lines = [Content("Will send to ") + where + ", in this order"]
        for number, each in enumerate(writes, 1):
            path = "…/jobs/" + each.request.path.partition("/jobs/")[2]
            job = self.reading.job.id
            path = clean(path.replace(job, f"{job[:11]}…{job[-6:]}" if len(job) > 20 else job))
            note = {
                "GET": "is it still what you edited",
                "PUT": f"{size(each.request.body):,} bytes",
                "POST": '{"criteria": {}}',
            }[each.request.method]
            lines.append(
                muted(f"{number}  ")
                + Content.styled(each.request.method.ljust(5), "bold")
                + f"{path.ljust(36)} "
                + muted(note)
            )
        box.update(Content("\n").join(lines))

    async def send(self) -> Saved | Overtaken:
        """Save, unless somebody else did in the meantime."""
        try:
            return await self.own.save(self.now_draft)
        except Overtaken as overtaken:
            return overtaken
