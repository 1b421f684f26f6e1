"""NO_COLOR: no colour in any cell, and everything still told apart."""

import pytest

from tests.ui.driver import Person, at_keyboard
from tests.ui.sample import SampleApp
from xtsync_tui.ui.screens.ask import Ask
from xtsync_tui.ui.screens.choose import Choose
from xtsync_tui.ui.themes import THEMES

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
async def test_no_cell_has_a_colour_and_bands_and_cursor_are_reversed(
    theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = SampleApp(theme=theme)
    async with at_keyboard(app, (80, 24)) as person:
        await person.sees("Ana Lopes")
        strips = app.screen._compositor.render_strips()
        styles = [segment.style for strip in strips for segment in strip if segment.style]
        colors = {color.name for style in styles for color in (style.color, style.bgcolor) if color}
        assert colors <= {"default"}
        reversed_lines = [
            y for y, strip in enumerate(strips) if any(part.style and part.style.reverse for part in strip)
        ]
        cursor = next(y for y, line in enumerate(person.lines) if line.startswith("▌"))
        assert reversed_lines == [0, cursor]


async def test_what_is_wrong_is_underlined_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = SampleApp()
    async with at_keyboard(app, (80, 24)) as person:
        await person.sees("✗ failed")
        strips = app.screen._compositor.render_strips()
        underlined = [part.text for strip in strips for part in strip if part.style and part.style.underline]
        assert underlined == ["✗ failed"]


async def test_nothing_is_underlined_where_there_is_colour() -> None:
    app = SampleApp()
    async with at_keyboard(app, (80, 24)) as person:
        await person.sees("✗ failed")
        strips = app.screen._compositor.render_strips()
        assert not [part for strip in strips for part in strip if part.style and part.style.underline]


def reversed_texts(person: Person) -> list[str]:
    strips = person.app.screen._compositor.render_strips()
    return [part.text for strip in strips for part in strip if part.style and part.style.reverse]


async def test_the_choice_that_enter_takes_is_marked_and_reversed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with at_keyboard(SampleApp(), (80, 24)) as person:
        await person.sees("Ana Lopes")
        person.app.push_screen(Choose("Keep the draft?", [("keep", "Keep it"), ("drop", "Throw it away")]))
        await person.sees("▌ Keep it")
        await person.press("down")
        await person.sees("▌ Throw it away", "  Keep it")
        assert any("Throw it away" in text for text in reversed_texts(person))


async def test_the_caret_of_a_field_is_reversed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with at_keyboard(SampleApp(), (80, 24)) as person:
        await person.sees("Ana Lopes")
        person.app.push_screen(Ask("Rename", "Name", "Contoso"))
        await person.sees("Rename")
        await person.press("home")
        assert "C" in reversed_texts(person)
