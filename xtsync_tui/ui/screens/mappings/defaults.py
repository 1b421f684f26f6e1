"""The dialog that brings back the service's default mappings."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.model import Side
from xtsync_tui.ui.render import state
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.workspace.mappings.reading import MappingsReading
from xtsync_tui.workspace.mappings.saving import Saved, restore
from xtsync_tui.workspace.planned import Planned


class DefaultsDialog(Dialog[Saved]):
    """Every mapping and filter as a new job has them; the name of the configuration has to be typed."""

    LEVEL = Level.TYPED
    SEND = "Restore the defaults"

    def __init__(self, reading: MappingsReading) -> None:
        self.reading = reading
        super().__init__(
            "Restore the default mappings", Side.SOURCE, word=reading.name, word_id=reading.configuration.id
        )

    def form(self) -> Iterable[Widget]:
        """Yield what is lost, and what begins."""
        lines = (
            "! Every mapping becomes what it is in a new job. Scoping filters are taken away:",
            "  everybody who is assigned is in scope then. A draft is given up.",
            "! A full cycle starts." if self.reading.runs else "! The job is paused: no cycle starts.",
            "✓ The schema as it is now is kept: restore it under @, Changes.",
        )
        for line in lines:
            yield Static(state(line), markup=False)

    def planned(self) -> Sequence[Planned]:
        """Return the requests."""
        return restore(self.workspace, self.reading).writes

    async def send(self) -> Saved:
        """Restore, then begin a full cycle."""
        return await self.workspace.mappings.restore_defaults()
