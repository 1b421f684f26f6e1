"""Help: what a screen or dialog is for, its keys as they are now, the symbols."""

import pytest

from tests.ui.driver import at_keyboard, settled, text_of
from tests.ui.sample import SampleApp
from tests.ui.test_dialog import Allow

pytestmark = pytest.mark.anyio


async def test_help_tells_what_the_screen_is_for_and_closes_with_its_own_key_or_esc() -> None:
    async with at_keyboard(SampleApp(), (80, 24)) as person:
        await person.sees("Ana Lopes")
        for closing in ("help", "back"):
            await person.press("help")
            await person.sees("Help › People", "People, for the tests.", "Keys here")
            await person.sees_no("Ana Lopes")
            await person.press(closing)
            await person.sees("Ana Lopes")


async def test_help_lists_the_screens_keys_first_in_its_own_words_then_the_others_and_the_symbols() -> None:
    app = SampleApp(keymap={"reload": "f9"})
    async with at_keyboard(app, (120, 80)) as person:
        await person.sees("Ana Lopes")
        await person.press("help")
        await person.sees("Symbols")
        lines = [line.strip() for line in person.lines]
        keys = lines.index("Keys here"), lines.index("Keys everywhere"), lines.index("Symbols")
        own, everywhere, symbols = (
            lines[keys[0] + 1 : keys[1]],
            lines[keys[1] + 1 : keys[2]],
            lines[keys[2] + 1 :],
        )
        assert [line.split()[0] for line in own if line] == ["enter", "t", "/", "v", "y", "x", "f9"]
        assert any(line.startswith("Q ctrl+q    Quit") for line in everywhere)
        assert any(line.startswith("✗") and line.endswith("missing, blocked, failed") for line in symbols)


async def test_help_dims_what_cannot_be_done_and_says_why() -> None:
    async with at_keyboard(SampleApp()) as person:
        await person.sees("Ana Lopes")
        await person.press("help")
        await person.sees("t           Test             The job is running already.")


async def test_long_words_stay_in_their_column_at_80() -> None:
    async with at_keyboard(SampleApp(), (80, 80)) as person:
        await person.sees("Ana Lopes")
        await person.press("help")
        await person.sees("Quit; waits for a running write, asks about a\n" + " " * 30 + "draft")


async def test_help_over_a_dialog_lists_its_keys_and_gives_it_back_as_it_was() -> None:
    app = SampleApp()
    async with at_keyboard(app) as person:
        await person.sees("Ana Lopes")
        app.push_screen(Allow())
        await person.sees("Redeem invitations")
        before = app.focused
        await person.press("f1")
        await person.sees("Help › Redeem invitations", "f2          Send")
        await person.press("back")
        await person.sees_no("Help ›")
        assert app.focused is before


async def test_help_can_be_copied_whole() -> None:
    app = SampleApp()
    async with at_keyboard(app, (80, 24)) as person:
        await person.sees("Ana Lopes")
        await person.press("help", "copy")
        await settled(person.pilot, lambda: "Symbols" in app.clipboard, "help in the clipboard")
        assert "Keys everywhere" in app.clipboard
        assert "Symbols" not in text_of(app)
