"""The dialog that brings back the service's default mappings."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.model import Side
from xtsync_tui.ui.render import state
from xtsync_tui.ui.screens.mappings.save import EffectDialog
from xtsync_tui.workspace.mappings.changes import Change
from xtsync_tui.workspace.mappings.effects import Effects
from xtsync_tui.workspace.mappings.saving import Overtaken, Saved, reading_requests, restore
from xtsync_tui.workspace.planned import Planned

if TYPE_CHECKING:
    from xtsync_tui.workspace.mappings.service import Mappings


class DefaultsDialog(EffectDialog):
    """Every mapping and filter as a new job has them; the name of the configuration has to be typed."""

    SEND = "Restore the defaults"

    def __init__(self, own: "Mappings", found: Sequence[Change], effects: Effects | None) -> None:
        super().__init__("Restore the default mappings", own, found, effects, typed=True)

    def form(self) -> Iterable[Widget]:
        """Yield what is lost, what changes, and what that does."""
        lines = ["! Every mapping becomes what it is in a new job; scoping filters are taken away."]
        if self.own.changes:
            lines.append("! Your draft is given up.")
        for line in lines:
            yield Static(state(line), markup=False)
        yield from super().form()

    def planned(self) -> Sequence[Planned]:
        """Return the looks and the requests."""
        reading = self.own.opened
        looks = (Planned(Side.SOURCE, each, "look") for each in reading_requests(reading))
        return (*looks, *restore(self.workspace, reading).writes)

    async def send(self) -> Saved | Overtaken:
        """Restore, unless somebody saved in the meantime; then begin a full cycle."""
        try:
            return await self.own.restore_defaults()
        except Overtaken as overtaken:
            return overtaken
