"""What the tabs of the mappings share: the draft they show and edit."""

from typing import TYPE_CHECKING, cast

from textual.message import Message
from textual.widget import Widget

from xtsync_tui.workspace.mappings.draft import Draft

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp
    from xtsync_tui.workspace.mappings.service import Mappings


class DraftPanel(Widget):
    """One tab on the draft. A subclass gives ``refresh_draft()``."""

    class Edited(Message):
        """The draft was changed."""

    @property
    def own(self) -> "Mappings":
        """The mappings of the pair."""
        return cast("XtSyncApp", self.app).pair.mappings

    @property
    def now_draft(self) -> Draft | None:
        """The draft, None before anything was read."""
        return self.own.draft if cast("XtSyncApp", self.app).has_pair else None

    def refresh_draft(self) -> None:
        """Show the draft as it is now."""

    def keep(self, draft: Draft) -> None:
        """Make ``draft`` the one of the configuration, show it and tell that it was changed."""
        self.own.keep(draft)
        self.refresh_draft()
        self.post_message(self.Edited())
