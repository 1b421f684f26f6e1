"""Step 11 of the set-up by keyboard: one person through the service, as carefully as On demand does it."""

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard
from tests.ui.queueing import into_the_bin, leaves, sent

pytestmark = pytest.mark.anyio

SIZES = [(120, 36), (80, 24)]


async def choosing(person: Person, name: str) -> None:
    """Open step 11 and choose somebody by name."""
    await person.sees("Provision on demand", "✓ all done")
    person.app.screen.query_one("#steps").select(11)
    await person.press("open")
    await person.sees("Somebody else", "Evaluated here")
    person.app.screen.set_focus(person.app.screen.query_one("#search"))
    await person.types(name)
    await person.sees("@contoso.com")
    await person.press("enter")


@pytest.mark.parametrize("size", SIZES)
async def test_a_person_whom_step_11_would_delete_has_to_be_typed(size: tuple[int, int]) -> None:
    demo = Demo("configured", timed=True)
    leaves(demo, "lena.fischer")
    async with at_keyboard(demo.app(), size) as person:
        await choosing(person, "lena.f")
        await person.sees("✗ Evaluated here: would be soft-deleted in TARGET, 30 days in the bin")
        await person.sees("Type the name to go on:  Lena Fischer")
        await person.press("send")
        assert sent(demo) == 0
        await person.types("Lena Fischer")
        await person.press("send")
        await person.sees("! soft-deleted", "Deleted: out of scope", "f restore Lena Fischer")
        await person.press("fix")
        await person.sees("Restore Lena Fischer in TARGET Fabrikam")
    assert sent(demo) == 1


async def test_step_11_holds_back_who_lies_in_the_bin_until_it_is_asked_again() -> None:
    demo = Demo("configured", timed=True)
    into_the_bin(demo, "lena.fischer")
    async with at_keyboard(demo.app()) as person:
        await choosing(person, "lena.f")
        await person.sees("! Evaluated here: lies in the bin of TARGET")
        await person.press("send")
        await person.sees("! 1 was held back. Sending them goes over that:", "can make a duplicate")
        assert sent(demo) == 0
        await person.press("send")
        await person.sees("On demand › Lena Fischer")
    assert sent(demo) == 1
