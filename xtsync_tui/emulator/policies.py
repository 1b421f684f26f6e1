"""Being written."""

from xtsync_tui.emulator.routing import Route


def routes() -> list[Route]:
    """Return the routes."""
    return []
