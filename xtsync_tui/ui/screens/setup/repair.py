"""A repair that belongs to no step: the requests that a cause names."""

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from xtsync_tui.errors import XtSyncError
from xtsync_tui.text import clean
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.ui.screens.setup.step import outcome_words
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import Cause, Outcome


class RepairDialog(Dialog[Outcome]):
    """The cause in full, and what mends it."""

    SEND = "Repair"

    def __init__(self, cause: Cause) -> None:
        super().__init__("Repair", cause.side or cause.fix[0].side)
        self.cause = cause

    def level(self) -> Level:
        """Ask widely when more than one object is changed."""
        return Level.PLAIN if len(self.cause.fix) == 1 else Level.WIDE

    def form(self) -> Iterable[Widget]:
        """Yield what is wrong."""
        yield Label(Content.styled(clean(self.cause.title), "bold"))
        yield Label(Content(clean(self.cause.detail, 800)), classes="purpose")

    def planned(self) -> Sequence[Planned]:
        """Return the requests of the repair."""
        return self.cause.fix

    async def send(self) -> Outcome:
        """Send them; raises what stopped them."""
        written = await self.workspace.writer.send_all(self.cause.fix)
        failed = next((each.error for each in written if each.error is not None), None)
        if failed is not None:
            raise failed
        if not all(each.done for each in written):
            raise XtSyncError("Not known whether it happened", written[-1].entry.note, "@ shows the request.")
        number = self.cause.step or 0
        return Outcome(number, done=True, words=f"repaired: {clean(self.cause.title)}", writes=written)

    def ended(self, result: Outcome) -> str:
        """Return what was repaired."""
        return outcome_words(result)
