"""Each screen of daily life in the light theme and without any colour: everything still reads."""

from typing import Any

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person
from xtsync_tui.ui import themes

SEEN = {
    "setup": ("1", "next: step"),
    "overview": ("2", "Needs attention"),
    "access": ("3", "Synchronization needs these"),
    "configurations": ("4", "Mail on failure"),
    "people": ("9", "✗ assigned"),
}
PICTURES = [f"{screen}-{kind}" for screen in SEEN for kind in ("light", "no-color")]


@pytest.mark.parametrize("name", PICTURES)
def test_a_screen_reads_in_other_colours_and_in_none(
    snap_compare: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    screen, _, kind = name.partition("-")
    digit, text = SEEN[screen]
    if kind == "no-color":
        monkeypatch.setenv("NO_COLOR", "1")
    demo = Demo("troubled")
    demo.emulator.world.limiter.enabled = False
    app = demo.app()
    if kind == "light":
        app.theme = themes.LIGHT

    async def before(pilot: Any) -> None:
        person = Person(pilot)
        await person.sees("next: step")
        await person.press(digit)
        if screen == "people":
            await person.types("pri")
            await person.sees("▌ Priya Nair")
            await person.press("enter")
        await person.sees(text)

    assert snap_compare(app, terminal_size=(120, 36), run_before=before)
