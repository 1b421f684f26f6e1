"""Every mode of the registry on tenants that are in trouble, and on tenants whose every text is hostile."""

from functools import partial

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, lines_of, rest, settled, terminal_faults
from xtsync_tui.text import clean
from xtsync_tui.ui.modes import MODES
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.screens.reading import ReadingScreen

pytestmark = pytest.mark.anyio


def at_rest(screen: FrameScreen) -> bool:
    """Return whether the screen shows what it read, or why it could not."""
    return not isinstance(screen, ReadingScreen) or (
        not screen.reading and (screen.data is not None or screen.error is not None)
    )


def faults(person: Person, screen: FrameScreen) -> list[str]:
    """Return what is wrong with what the terminal gets."""
    wrong, lines = list(terminal_faults(person.app)), person.lines
    if clean(screen.heading())[:20] not in lines[2]:
        wrong.append(f"no heading: {lines[2]!r}")
    table = None if screen.has_class("-failed") else screen.table
    if table is not None and not table.rows and not (table.message or table._nothing()):
        wrong.append(f"#{table.id} has neither rows nor a sentence")
    if not any(line.strip(" │") for line in lines[3:-2]):
        wrong.append("an empty body")
    return wrong


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scenario", ["hostile", "troubled"])
async def test_every_mode_and_tab_keeps_to_the_frame(scenario: str, size: tuple[int, int]) -> None:
    app = Demo(scenario).app()
    wrong: dict[str, list[str]] = {}
    async with at_keyboard(app, size) as person:
        for mode in MODES:
            await app.action_mode(mode.id)
            screen = app.screen
            assert isinstance(screen, FrameScreen)
            await settled(person.pilot, partial(at_rest, screen), f"{mode.name} read")
            for tab in [name for name, _ in screen.TABS] or [""]:
                screen.tab = tab
                await settled(person.pilot, partial(at_rest, screen), f"{mode.name} {tab} read")
                await rest(person.pilot)
                if found := faults(person, screen):
                    wrong[f"{mode.name} {tab}".strip()] = [*found, *lines_of(app)]
    assert not wrong, "\n".join(f"{place}\n  " + "\n  ".join(found) for place, found in wrong.items())
