"""What the palette shows before anything is typed: the commands in our order, not in that of the alphabet."""

import asyncio
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hits
from textual.system_commands import SystemCommandsProvider

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp


class InOrder(SystemCommandsProvider):
    """Textual's provider of commands, without its sorting."""

    async def startup(self) -> None:
        """Import the screens whose keys are offered, in a thread: that takes some 400 ms once."""
        modes = cast("XtSyncApp", self.app).modes
        await asyncio.to_thread(lambda: [mode.kind() for mode in modes])

    async def discover(self) -> Hits:
        """Yield every command."""
        for name, words, callback, _ in self.app.get_system_commands(self.screen):
            yield DiscoveryHit(name, callback, help=words)
