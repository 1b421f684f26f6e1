"""A screen that looks again by itself, gently: only while it is seen, more rarely after errors."""

from typing import TYPE_CHECKING, Generic

from textual.content import Content

from xtsync_tui.errors import XtSyncError
from xtsync_tui.ui.render import muted, rough, state
from xtsync_tui.ui.screens.reading import Data, ReadingScreen

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

UNSEEN = 60.0
"""Seconds between two looks while the terminal has not the focus: it may be watched on a second monitor."""

LONGEST = 300.0


class LiveScreen(ReadingScreen[Data], Generic[Data]):
    """A reading screen with a pace of its own.

    A subclass gives ``look`` in place of ``read``, and ``pace``: the seconds until the next look. Each error
    doubles them, up to five minutes.
    """

    _looked = 0.0
    _wait = 0.0
    _failures = 0

    async def look(self, workspace: "Workspace") -> Data:
        """Read what the screen shows; expected failures are XtSyncError."""
        raise NotImplementedError

    def pace(self, data: Data | None) -> float:
        """Return the seconds from one look to the next."""
        raise NotImplementedError

    async def read(self, workspace: "Workspace") -> Data:
        """Look, and note when to look again."""
        try:
            data = await self.look(workspace)
        except XtSyncError:
            self._failures += 1
            self._plan(min(self.pace(self.data) * 2**self._failures, LONGEST))
            raise
        self._failures = 0
        self._plan(self.pace(data))
        return data

    def _plan(self, wait: float) -> None:
        self._looked, self._wait = self.xtsync.monotonic(), wait

    def on_mount(self) -> None:
        """Look for the first time, and each second whether it is time to look again."""
        super().on_mount()
        self.set_interval(1, self.look_if_due)

    def look_if_due(self) -> None:
        """Look again when it is time, and somebody looks."""
        if self.is_current and not self.reading and self._wait and self.seconds_left <= 0:
            self.load()

    @property
    def seconds_left(self) -> float:
        """Seconds until the next look."""
        wait = self._wait if self.app.app_focus else max(self._wait, UNSEEN)
        return self._looked + wait - self.xtsync.monotonic()

    def looks_again(self, words: str) -> Content:
        """Return ``▶ running · looks again in 4 s``, or that it is reading."""
        then = "reading…" if self.reading else f"looks again in {_ahead(max(self.seconds_left, 0))}"
        return state(words) + muted(f" · {then}")


def _ahead(seconds: float) -> str:
    """Return ``4 s`` or ``4 min 10 s``."""
    whole = int(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole > 60 else rough(whole)
