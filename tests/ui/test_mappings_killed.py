"""The service killed in the middle of a save: what the screen says, and the keys that do the rest."""

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard
from tests.ui.test_mappings import open_mappings
from tests.workspace.mappings.killing import kill, revive

pytestmark = pytest.mark.anyio


async def save_without_city(person: Person) -> None:
    await open_mappings(person)
    await person.press("filter", *"city", "enter", "delete")
    await person.sees("– removed", "draft: 1 change, nothing sent")
    await person.press("send")
    await person.sees("f2 Save and start full cycle")
    await person.press("send")


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
@pytest.mark.parametrize("arrived", [False, True])
async def test_killed_at_the_restart_the_screen_names_the_key_that_starts_the_cycle(
    size: tuple[int, int], arrived: bool
) -> None:
    demo = Demo("configured")
    kill(demo.emulator.world.faults, "POST", "/restart", arrived=arrived)
    async with at_keyboard(demo.app(), size) as person:
        await save_without_city(person)
        await person.sees("? saved, no answer if the full cycle began · R starts it")
        revive(demo.emulator.world.faults)
        await person.press("reload", "down")
        await person.sees("R starts it", "R Full cycle")
        await person.press("restart")
        await person.sees("Start the full cycle", "POST", "/restart")
        assert person.app.focused.id == "cancel"
        await person.press("send")
        await person.sees("✓ full cycle started")
        await person.press("down")
        await person.sees_no("R starts it")


@pytest.mark.parametrize("arrived", [False, True])
async def test_killed_at_the_save_the_screen_says_that_it_is_unknown_and_f2_does_the_rest(
    arrived: bool,
) -> None:
    demo = Demo("configured")
    kill(demo.emulator.world.faults, "PUT", "/schema", arrived=arrived)
    async with at_keyboard(demo.app()) as person:
        await save_without_city(person)
        await person.sees("It is not known whether it was saved", "f2 looks, and sends what is left.")
        await person.press("back", "restart")
        await person.sees("No save waits for its full cycle")
        await person.press("down")
        await person.sees("draft: 1 change, ? not known whether it was saved")
        revive(demo.emulator.world.faults)
        await person.press("send")
        await person.sees("f2 Save and start full cycle")
        await person.press("send")
        await person.sees("✓ saved · full cycle started")
        await person.press("down")
        await person.sees_no("draft: 1 change")
    puts = [one for one in demo.log.exchanges if one.request.method == "PUT"]
    assert len(puts) == (1 if arrived else 2)


async def test_killed_at_the_save_reading_again_finds_that_it_was_saved() -> None:
    demo = Demo("configured")
    kill(demo.emulator.world.faults, "PUT", "/schema", arrived=True)
    async with at_keyboard(demo.app()) as person:
        await save_without_city(person)
        await person.sees("It is not known whether it was saved")
        revive(demo.emulator.world.faults)
        await person.press("back", "reload")
        await person.sees("! saved, but the full cycle was not started · R starts it")
