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
from xtsync_tui.workspace.mappings.changes import Change
from xtsync_tui.workspace.mappings.draft import Draft, problems
from xtsync_tui.workspace.mappings.effects import Effects, effects
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

    def __init__(self, own: "Mappings", found: Sequence[Change]) -> None:
        assert own.draft is not None
        assert own.reading is not None
        self.own = own
        self.now_draft: Draft = own.draft
        self.reading = own.reading
        self.found = found
        self.effects = self._effects()
        word = self.reading.name if self._typed() else ""
        super().__init__("Save the mappings", Side.SOURCE, word=word)

    def _effects(self) -> Effects | None:
        crowd = self.own.crowd
        if crowd is None:
            return None
        bench = self.own.bench(self.now_draft.document)
        return effects(self.now_draft, crowd, bench, sync_all=self.reading.sync_all)

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
        lines = [
            state(line) for line in consequences(self.effects, self.reading, target, runs=self.reading.runs)
        ]
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
        return (look, *planned(self.workspace, self.reading, self.now_draft))

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
                + f"{path.ljust(48)} "
                + muted(note)
            )
        box.update(Content("\n").join(lines))

    async def send(self) -> Saved | Overtaken:
        """Save, unless somebody else did in the meantime."""
        try:
            return await self.own.save(self.now_draft)
        except Overtaken as overtaken:
            return overtaken


def consequences(found: Effects | None, reading: "object", target: str, *, runs: bool) -> list[str]:
    """Return what saving does, a line each, the symbol first."""
    threshold = getattr(reading, "threshold", None)
    if found is None:
        return ["? People were not read: who leaves and enters cannot be told.", _cycle(None, runs=runs)]
    lines = [_cycle(found.read, runs=runs)]
    if found.leave:
        below = "No threshold holds them." if threshold is None else (
            f"The threshold of {threshold} holds them." if found.holds(threshold) else f"Below the threshold of {threshold}."
        )  # fmt: skip
        lines.append(
            f"✗ {_people(len(found.leave), 'leaves and is', 'leave and are')} soft-deleted in {target}. {below}"
        )
    if found.enter:
        lines.append(f"! {_people(len(found.enter), 'enters and is', 'enter and are')} created in {target}.")
    if found.changed:
        each = ", ".join(f"{name} for {count}" for name, count in found.changes if count)
        lines.append(f"! {_people(found.changed, 'changes', 'change')}: {each}.")
    if found.unknown:
        lines.append(
            f"? Of {_people(len(found.unknown), '', '').strip()} it cannot be told: {text.names([one.name for one in found.unknown])}."
        )
    if found.failed:
        lines.append(f"✗ {found.failed} values cannot be worked out: the service would fail these people.")
    if not (found.leave or found.enter or found.changed or found.unknown):
        lines.append("✓ Nobody leaves, enters or changes.")
    return [*lines, "✓ The schema as it is now is kept: restore it under @, Changes."]


def _cycle(read: int | None, *, runs: bool) -> str:
    if not runs:
        return "! The job is paused: a full cycle begins when it is started."
    who = "everybody in scope is" if read is None else f"all {read} assigned people are"
    return f"! Saving starts a full cycle: {who} evaluated again. It may take long."


def _people(count: int, one: str, many: str) -> str:
    return f"{count:,} person {one}" if count == 1 else f"{count:,} people {many}"
