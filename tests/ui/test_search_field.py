"""A search field lets a digit through to its mode while it is empty."""

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import at_keyboard

pytestmark = pytest.mark.anyio


async def test_a_digit_leaves_an_empty_search_and_is_typed_into_one_with_text() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await person.press("9")
        await person.sees("a name or an address")
        await person.press("1")
        await person.sees("[1 Setup]")
        await person.press("9")
        await person.types("len")
        await person.press("1")
        assert person.app.screen.query_one("#search").value == "len1"
