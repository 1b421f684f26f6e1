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


async def test_a_bunch_of_f2_opens_what_saving_does_and_saves_nothing_unseen() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await settled(person.pilot, lambda: person.app.has_pair and person.app.pair.setup.reading is not None)
        await person.press("5")
        await person.sees("For Lena Fischer (f3)")
        person.app.screen.mapping_table.select("city")
        await person.press("delete")
        await person.sees("draft: 1 change")
        await person.bursts("f2", "f2", "f2")
        await person.sees("Save the mappings of Contoso to Fabrikam", "f2 Save and start full cycle")
        assert not [one for one in demo.log.exchanges if one.request.writes]


async def test_what_has_to_be_typed_may_be_typed_at_once() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await person.press("3")
        await person.sees("Also here")
        await person.press("delete")
        await person.sees("Type the name to go on:", "[ Cancel ]")
        person.app.screen.set_focus(person.app.screen.query_one("#cancel"))
        await person.bursts(*"Con")
        await settled(person.pilot, lambda: person.app.screen.query_one("#word").value == "Con")


async def test_tab_leads_only_where_something_shows_it() -> None:
    async with at_keyboard(Demo("configured").app(), (80, 24)) as person:
        await person.press("5")
        await person.sees("For Lena Fischer (f3)")
        await person.press("tab", "open")
        await person.sees("Mappings › alternativeSecurityIds")
        await person.press("back", "tab_on")
        await person.sees("enter edits it")
        await person.press("tab")
        assert person.app.focused.id == "filter-clauses"
        await person.press("open")
        await settled(person.pilot, lambda: person.app.focused.id == "clause-attribute")
