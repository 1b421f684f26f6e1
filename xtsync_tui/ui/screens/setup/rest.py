"""Doing all that is left: every request first, then one step after the other."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.ui.exchanges import short_path
from xtsync_tui.ui.preview import end_of
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.ui.screens.setup.step import not_done
from xtsync_tui.ui.screens.setup.text import state_text
from xtsync_tui.workspace.setup import Outcome, StepReading, StepState

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace


class RestDialog(Dialog[Outcome]):
    """What is left, with the requests known now; f2 does it with the defaults."""

    LEVEL: ClassVar[Level] = Level.WIDE
    SEND = "Do the rest"

    def __init__(self, workspace: "Workspace") -> None:
        super().__init__("Do the rest of the set-up", Side.SOURCE)
        self.setup = workspace.setup

    def form(self) -> Iterable[Widget]:
        """Yield the steps with their requests."""
        yield Label(muted("Each step is done with its defaults; the first one that fails stops the rest."))
        yield Static(self._steps(), markup=False, id="rest")

    def _where(self) -> Content:
        return self.both()

    def _steps(self) -> Content:
        return Content("\n").join(
            line for one in self.setup.rest() for line in _step_lines(one, self.columns)
        )

    async def send(self) -> Outcome:
        """Do the steps; raises why one was not done."""
        last: Outcome | None = None
        async for outcome in self.setup.do_rest(self.progress):
            self.progress(f"step {outcome.number}: {outcome.words}")
            if not outcome.done:
                raise not_done(outcome)
            last = outcome
        if last is None:
            raise XtSyncError("Nothing was left to do")
        return last

    def ended(self, result: Outcome) -> str:
        """Return how far it came."""
        return f"✓ the rest of the set-up is done; last {result.words}"


def _step_lines(one: StepReading, width: int) -> Iterator[Content]:
    """Yield a step with its requests, as they are known by now; one that is left out says why."""
    title = Content.styled(f"{one.number:2}  {one.step.title}", "bold")
    usual = one.state in {StepState.TO_DO, StepState.FAILED}
    yield title if usual else title + "  " + state(state_text(one))
    if one.state in {StepState.NOT_NEEDED, StepState.CANNOT_TELL}:
        return
    for each in one.planned:
        path = end_of(short_path(each.request.path), width - 20)
        yield muted(f"    {each.side.name}  ") + Content(f"{each.request.method.ljust(6)} {path}")
    for words in () if one.planned else one.step.sends:
        method, _, path = words.partition(" ")
        yield muted(f"    {one.step.side.name}  ") + Content(f"{method.ljust(6)} {path}")
    if not (one.planned or one.step.sends):
        yield muted("    Sends nothing.")
