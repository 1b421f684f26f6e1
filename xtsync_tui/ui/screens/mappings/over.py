"""What lies over the list of mappings until it is kept or given up."""

from xtsync_tui.ui.screens.base import FrameScreen

NOT_KEPT = "Not kept yet: f2 keeps it, esc again gives it up."


class FormScreen(FrameScreen):
    """A screen over the mappings: whoever goes to a place in them finds that place, if nothing gets lost."""

    MODE = "mappings"

    @property
    def settled(self) -> bool:
        """Whether nothing is lost by leaving it now."""
        raise NotImplementedError

    def come(self, to: str) -> None:
        """Make way for the screen below, unless something here was not kept."""
        if not self.settled:
            self.say("Not kept yet: f2 keeps it, esc gives it up. What you came for is behind it.")
            return
        below = next(screen for screen in self._below if screen is not self)
        self.dismiss()
        below.come(to)
