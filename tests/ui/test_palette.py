"""The palette: where one can go, what this screen does, what has no key."""

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import at_keyboard, settled
from tests.ui.sample import SampleApp
from xtsync_tui.ui.palette import InOrder

pytestmark = pytest.mark.anyio


async def test_the_modes_come_first_then_the_screens_own_keys_then_what_has_no_key() -> None:
    app = SampleApp()
    async with at_keyboard(app) as person:
        await person.sees("Ana Lopes")
        hits = [str(hit.prompt).splitlines()[0] async for hit in InOrder(app.screen).discover()]
        assert hits[:4] == ["Go to People", "Go to Setup", "Open", "Test"]
        assert hits[-1] == "Quit"
        assert hits.index("Read-only") > hits.index("Requests")


async def test_a_read_only_profile_may_write_for_this_run_once_its_name_was_typed() -> None:
    demo = Demo(read_only=True)
    app = demo.app()
    async with at_keyboard(app) as person:
        await person.sees("READ-ONLY", "next: step")
        await person.press("goto")
        await person.types("allow")
        await person.sees("For this run only")
        await person.press("enter")
        await person.sees("Type the name to go on:  demo")
        await person.types("dem")
        await person.press("send")
        await person.sees("off until the name is right", "READ-ONLY")
        await person.types("o")
        await person.press("send")
        await person.sees("WRITE")
        await person.sees_no("READ-ONLY")
        assert demo.profile.read_only
        await person.press("goto")
        await person.types("read-only")
        await person.sees("Send nothing from now on")
        await person.press("enter")
        await person.sees("READ-ONLY")


async def test_leaving_the_question_leaves_the_profile_read_only() -> None:
    app = Demo(read_only=True).app()
    async with at_keyboard(app) as person:
        await person.sees("READ-ONLY", "next: step")
        app.action_allow_writing()
        await person.sees("Allow writing, for this run only")
        await person.press("back")
        await settled(person.pilot, lambda: app.screen.query("#steps"), "the set-up")
        await person.sees("READ-ONLY")


@pytest.mark.parametrize(
    ("typed", "entry", "shown"),
    [
        ("sort", "Sort", "Sort by"),
        ("add partner", "Access: Add partner", "Add partner in TARGET Fabrikam"),
        ("job: pause", "Job: Pause", "Pause provisioning in SOURCE Contoso"),
        ("configs: new", "Configs: New", "Make a configuration in SOURCE Contoso"),
    ],
)
async def test_what_any_screen_does_is_found_by_name_and_done_from_here(
    typed: str, entry: str, shown: str
) -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await person.press("2")
        await person.sees("Needs attention")
        await person.press("goto")
        await person.types(typed)
        await person.sees(entry)
        await person.press("enter")
        await person.sees(shown)
        await person.press("back")
        if ":" in entry:
            await person.press("back")
        await person.sees("Needs attention")
