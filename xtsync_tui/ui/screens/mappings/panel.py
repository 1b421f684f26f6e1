"""What the tabs of the mappings share: the draft they show and edit, and what their keys do."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.message import Message
from textual.widget import Widget

from xtsync_tui.ui.screens.mappings.effect_text import Stakes
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.mappings.draft import Draft

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp
    from xtsync_tui.workspace.mappings.reading import MappingsReading
    from xtsync_tui.workspace.mappings.service import Mappings

ELSEWHERE = "This belongs to the scoping filters: . goes there."


def stakes(reading: "MappingsReading") -> Stakes:
    """Return what removals are measured against."""
    return Stakes(reading.threshold, reading.holds, reading.sync_all)


class DraftPanel(Widget):
    """One tab on the draft; its keys are those of the screen."""

    FOOTER: ClassVar[Sequence[tuple[str, str]]] = ()
    """Its keys, in the order of the footer."""
    OFF: ClassVar[Mapping[str, str]] = {}
    """Keys of other tabs, and why they do nothing here."""

    class Edited(Message):
        """The draft was changed, or what the form holds."""

    @property
    def xtsync(self) -> "XtSyncApp":
        """The application."""
        return cast("XtSyncApp", self.app)

    @property
    def own(self) -> "Mappings":
        """The mappings of the pair."""
        return self.xtsync.pair.mappings

    @property
    def now_draft(self) -> Draft | None:
        """The draft, None before anything was read."""
        return self.own.draft if self.xtsync.has_pair else None

    @property
    def table(self) -> Table[Any] | None:
        """The list whose rows the keys are for."""
        return next(iter(self.query(Table)), None)

    def refresh_draft(self) -> None:
        """Show the draft as it is now."""

    def keep(self, draft: Draft) -> None:
        """Make ``draft`` the one of the configuration, show it and tell that it was changed."""
        self.own.keep(draft)
        self.refresh_draft()
        self.post_message(self.Edited())

    # Keys ----------------------------------------------------------------------------------------------

    def footer(self) -> Sequence[tuple[str, str]]:
        """Return id and words of its keys."""
        return self.FOOTER

    def refusal(self, action: str) -> str:
        """Return why a key does nothing now, "" when it does."""
        return self.OFF.get(action, "")

    def settle(self) -> None:
        """End what is typed: the draft holds it."""

    def edit(self) -> None:
        """Edit what is selected."""

    def add(self) -> None:
        """Add one more."""

    def take_out(self) -> None:
        """Take out what is selected, in the draft."""

    async def undo(self) -> None:
        """Bring back what is selected as it is saved. Only inside a worker."""

    def raw(self) -> str:
        """Return what is selected as JSON."""
        return ""
