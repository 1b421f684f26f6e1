"""Where several configurations exist and none is known to be of this pair, one is chosen."""

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import at_keyboard
from xtsync_tui.emulator.configurations import make_configuration
from xtsync_tui.emulator.seed import CONTOSO

pytestmark = pytest.mark.anyio


async def test_several_configurations_are_told_apart_and_one_is_chosen() -> None:
    demo = Demo()
    for name in ("To Northwind", "To Woodgrove"):
        make_configuration(demo.emulator.world, demo.emulator.world.tenants[CONTOSO], name)
    async with at_keyboard(demo.app()) as person:
        await person.press("5")
        await person.sees("Several configurations", "To Northwind, To Woodgrove", "f  choose one")
        assert "No configuration yet" not in "\n".join(person.lines)
        await person.press("fix")
        await person.sees("Mappings of which configuration?")
        await person.press("down", "enter")
        await person.sees("To Woodgrove has no job yet")
