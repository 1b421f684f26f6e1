"""Waiting for a running write before the program ends."""

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, Static

from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted
from xtsync_tui.ui.screens.modal import Modal


class Quitting(Modal[bool]):
    """Says what is waited for; dismissed with True when it has ended, with False by whoever stays."""

    HELP = "A write is never cut in half: the program ends as soon as it has ended. **esc** stays."

    def compose(self) -> ComposeResult:
        """Yield what runs, and the way to stay."""
        with Vertical(classes="dialog ask"):
            yield Label(Content.styled("Leaving as soon as this has ended", "bold"))
            yield Static(id="running", markup=False)
            yield Label(muted("A list that is being sent ends after this one. esc stays."))

    def on_mount(self) -> None:
        """Show what runs, each second anew, and wait for its end."""
        self._tell()
        self.set_interval(1, self._tell)
        self._wait()

    def _tell(self) -> None:
        self.query_one("#running", Static).update(Content(f"▶ {clean(self.xtsync.writes.running, 300)}"))

    @work
    async def _wait(self) -> None:
        await self.xtsync.writes.idle.wait()
        self.dismiss(True)

    def action_back(self) -> None:
        """Stay; what was written goes on."""
        self.dismiss(False)
