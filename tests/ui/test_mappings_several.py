"""Which configuration, and which part of it: chosen here, or by another screen that sends somebody here."""

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import at_keyboard
from tests.ui.test_mappings import open_mappings
from xtsync_tui.emulator.configurations import make_configuration
from xtsync_tui.emulator.job import make_job
from xtsync_tui.emulator.seed import CONTOSO
from xtsync_tui.ui.screens.job import actions_text

pytestmark = pytest.mark.anyio


def configuration(demo: Demo, name: str, *, job: bool = False) -> str:
    """Make a configuration of another pair; returns its object id."""
    world = demo.emulator.world
    _, principal = make_configuration(world, world.tenants[CONTOSO], name)
    if job:
        make_job(world, world.tenants[CONTOSO], principal)
    return str(principal["id"])


async def test_several_configurations_are_told_apart_and_one_is_chosen() -> None:
    demo = Demo()
    for name in ("To Northwind", "To Woodgrove"):
        configuration(demo, name)
    async with at_keyboard(demo.app()) as person:
        await person.press("5")
        await person.sees("Several configurations", "To Northwind, To Woodgrove", "f  choose one")
        assert "No configuration yet" not in "\n".join(person.lines)
        await person.press("fix")
        await person.sees("Mappings of which configuration?")
        await person.press("down", "enter")
        await person.sees("To Woodgrove has no job yet")


async def test_another_configuration_is_chosen_by_a_key_and_back_again() -> None:
    demo = Demo("configured")
    configuration(demo, "To Northwind", job=True)
    async with at_keyboard(demo.app()) as person:
        await open_mappings(person)
        await person.sees("C Configuration")
        await person.press("configuration")
        await person.sees("Mappings of which configuration?", "To Northwind")
        await person.press("down", "enter")
        await person.sees("Mappings · To Northwind", "Scoping filters (0)")
        await person.press("configuration", "up", "enter")
        await person.sees("Mappings · Contoso to Fabrikam", "Scoping filters (1)")


async def test_a_draft_is_not_lost_to_another_configuration() -> None:
    demo = Demo("configured")
    other = configuration(demo, "To Northwind", job=True)
    async with at_keyboard(demo.app()) as person:
        await open_mappings(person)
        await person.press("down", "down", "down", "delete")
        await person.sees("draft: 1 change")
        await person.press("configuration")
        await person.sees("There is a draft of this configuration: save or undo it first.")
        await person.app.go("mappings", other)
        await person.sees("There is a draft of this configuration", "Mappings · Contoso to Fabrikam")


async def test_one_configuration_alone_is_not_asked_for() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_mappings(person)
        await person.press("configuration")
        await person.sees("There is no other configuration.")


@pytest.mark.parametrize("first", ["1", "5"])
@pytest.mark.parametrize("alone", [True, False])
async def test_another_screen_sends_to_the_filters_of_a_configuration(first: str, alone: bool) -> None:
    demo = Demo("configured") if alone else Demo()
    other = configuration(demo, "To Northwind", job=True)
    if not alone:
        configuration(demo, "To Woodgrove")
    async with at_keyboard(demo.app()) as person:
        await person.press(first)
        await person.sees("Mappings ·" if alone and first == "5" else "Contoso")
        await person.app.go("mappings", f"{other} filters")
        await person.sees("Mappings · To Northwind", "[Scoping filters (0)]")


async def test_another_screen_sends_to_a_mapping() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await person.app.go("mappings", "filters")
        await person.sees("[Scoping filters (1)]", "REGEX MATCH")
        await person.app.go("mappings", "jobTitle")
        await person.sees("[Mappings (23)]", "── jobTitle")


async def test_the_job_sends_to_the_filters_that_hold_people(monkeypatch: pytest.MonkeyPatch) -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await person.press("7")
        await person.sees("Job · Contoso to Fabrikam")
        monkeypatch.setattr(actions_text, "fix_step", lambda _: 8)
        await person.press("fix")
        await person.sees("[Scoping filters (1)]")
