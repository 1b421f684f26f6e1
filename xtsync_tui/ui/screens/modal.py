"""The base of everything that lies over a screen and has to be answered or left."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import BindingType
from textual.events import Key
from textual.screen import ModalScreen

from xtsync_tui.ui.keys import key
from xtsync_tui.ui.screens.ending import Ending, Result

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp


class Modal(ModalScreen[Result], Ending[Result]):
    """A modal screen with the keys that work everywhere: the application's own do not reach it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("back", show=False), key("help", show=False), key("quit", show=False),
    ]  # fmt: skip

    @property
    def xtsync(self) -> "XtSyncApp":
        """The application."""
        return cast("XtSyncApp", self.app)

    def takes(self, key: Key) -> bool:  # noqa: ARG002 - for subclasses
        """Return whether a key that was pressed is meant for this screen."""
        return True
