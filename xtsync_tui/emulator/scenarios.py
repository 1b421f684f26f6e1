"""The states in which the demo tenants can begin."""

from xtsync_tui.emulator.seed import plant
from xtsync_tui.emulator.state import World

SCENARIOS = ("fresh", "configured", "troubled", "large", "hostile")


def build(scenario: str, world: World, users: int | None) -> None:
    """Fill ``world`` for ``scenario``; ``users`` is the number of people of "large"."""
    plant(world)
