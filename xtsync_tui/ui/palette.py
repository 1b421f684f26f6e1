"""What the palette shows before anything is typed: the commands in our order, not in that of the alphabet."""

from textual.command import DiscoveryHit, Hits
from textual.system_commands import SystemCommandsProvider


class InOrder(SystemCommandsProvider):
    """Textual's provider of commands, without its sorting."""

    async def discover(self) -> Hits:
        """Yield every command."""
        for name, words, callback, _ in self.app.get_system_commands(self.screen):
            yield DiscoveryHit(name, callback, help=words)
