"""Doing all that is left: every request first, then one step after the other."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.ui.render import muted
from xtsync_tui.ui.screens.dialog import Dialog, Level, end_of
from xtsync_tui.ui.screens.setup.step import not_done
from xtsync_tui.ui.screens.setup.text import brief_path
from xtsync_tui.workspace.setup import STEPS, Outcome, StepState

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace


class RestDialog(Dialog[Outcome]):
    """What is left, with the requests known now; f2 does it with the defaults."""

    LEVEL: ClassVar[Level] = Level.WIDE
    SEND = "Do the rest"

    def __init__(self, workspace: "Workspace") -> None:
        super().__init__("Do the rest of the set-up, both tenants, beginning", Side.SOURCE)
        self.setup = workspace.setup

    def form(self) -> Iterable[Widget]:
        """Yield the steps with their requests."""
        yield Label(muted("Each step is done with its defaults; the first one that fails stops the rest."))
        yield Static(self._steps(), markup=False, id="rest")

    def _steps(self) -> Content:
        lines = []
        for number, planned in self.setup.rest():
            lines.append(Content.styled(f"{number:2}  {STEPS[number].title}", "bold"))
            for each in planned:
                path = end_of(brief_path(each.request.path), self.columns - 20)
                method = each.request.method.ljust(6)
                lines.append(muted(f"    {each.side.name}  ") + Content(f"{method} {path}"))
            if not planned:
                reading = self.setup.reading
                waits = reading is not None and reading[number].state is StepState.WAITING
                lines.append(muted("    Follows from the steps before." if waits else "    Sends nothing."))
        return Content("\n").join(lines)

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
