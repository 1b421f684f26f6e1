"""The dialog that begins the full cycle that a save did not begin."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.model import Side
from xtsync_tui.ui.render import state
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.ui.screens.mappings import text
from xtsync_tui.workspace.mappings.saving import Saved, full_cycle
from xtsync_tui.workspace.planned import Planned


class CycleDialog(Dialog[Saved]):
    """The rest of a save: everybody in scope is evaluated with the mappings that are saved."""

    LEVEL = Level.WIDE
    SEND = "Start the full cycle"

    def __init__(self) -> None:
        super().__init__("Start the full cycle", Side.SOURCE)

    def form(self) -> Iterable[Widget]:
        """Yield what begins."""
        yield Static(state("! The mappings are saved. A full cycle evaluates everybody in scope by them."))
        yield Static(state("  Starting it twice is safe: it begins anew. It may take long."))

    def planned(self) -> Sequence[Planned]:
        """Return the request."""
        return (full_cycle(self.workspace.mappings.opened),)

    async def send(self) -> Saved:
        """Begin it; what is in the way is said in the dialog."""
        saved = await self.workspace.mappings.start_cycle()
        if saved.failed is not None and saved.failed.error is not None:
            raise saved.failed.error
        return saved

    def ended(self, result: Saved) -> str:
        """Return how it ended, for whoever left the dialog."""
        return "✓ full cycle started" if result.failed is None else text.saved(result)
