"""The dialog that takes the direct assignment of one person away."""

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted
from xtsync_tui.ui.screens.dialog import Dialog
from xtsync_tui.ui.screens.sending import send_planned
from xtsync_tui.workspace.people.service import PersonView
from xtsync_tui.workspace.planned import Planned


class UnassignDialog(Dialog[bool]):
    """Takes the direct assignment away; ``still`` names what else keeps the person in scope."""

    SEND = "Unassign"

    def __init__(self, view: PersonView, planned: Sequence[Planned], still: str) -> None:
        super().__init__(f"Unassign {clean(view.reading.name, 40)}", planned[0].side)
        self.view = view
        self.writes = tuple(planned)
        self.still = still

    def form(self) -> Iterable[Widget]:
        """Yield who it is, and what follows."""
        reading = self.view.reading
        yield Label(Content.styled(clean(reading.name), "bold") + muted(f"  {clean(reading.account)}"))
        gone = "Leaves the scope. The next cycle soft-deletes the account in TARGET: 30 days in the bin."
        words = f"Stays in scope {clean(self.still)}." if self.still else gone
        yield Label(Content(words), classes="purpose")

    def planned(self) -> Sequence[Planned]:
        """Return the write."""
        return self.writes

    async def send(self) -> bool:
        """Send it; raises what stopped it."""
        await send_planned(self.workspace, self.writes)
        return True
