"""Keys that come in one bunch, as over a slow line, do what they do one by one."""

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import at_keyboard, settled

pytestmark = pytest.mark.anyio


async def test_a_filter_is_typed_behind_the_digit_of_a_mode_that_was_never_open() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await settled(person.pilot, lambda: person.app.has_pair)
        await person.bursts("5", "/", "d", "i", "s", "p")
        await person.sees("disp · 1 of 23")
        await person.bursts("enter", "enter")
        await person.sees("Mappings › displayName")


@pytest.mark.parametrize("mode", ["2", "4", "5", "7", "8"])
async def test_what_is_read_does_not_take_the_focus_from_a_filter(mode: str) -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await settled(person.pilot, lambda: person.app.has_pair)
        await person.bursts(mode, "/", "d", "e")
        await settled(person.pilot, lambda: person.app.screen.data is not None, "the screen has read")
        await person.bursts("p")
        assert person.app.screen.query_one("#filter").value == "dep"


async def test_what_is_typed_behind_a_key_goes_into_the_dialog_that_it_opens() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await settled(person.pilot, lambda: person.app.has_pair)
        await person.press("3")
        await person.sees("Also here")
        await person.bursts("n", *"northwind.com")
        await person.sees("Add partner", "northwind.com")
        assert person.app.focused.value == "northwind.com"


async def test_keys_behind_the_end_of_the_program_do_nothing() -> None:
    async with at_keyboard(Demo("troubled").app()) as person:
        await settled(person.pilot, lambda: person.app.has_pair)
        await person.press("3")
        await person.sees("Also here")
        await person.press("edit")
        await person.sees("[ Save ]")
        await person.bursts("enter", *["f2"] * 7)


async def test_f2_behind_a_key_sends_from_the_dialog_that_it_opens() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await settled(person.pilot, lambda: person.app.has_pair)
        await person.press("7")
        await person.sees("✓ active")
        await person.bursts("P", "f2")
        await person.sees("‖ paused")
