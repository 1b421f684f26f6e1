"""Keys that are pressed before there is a connection: whoever types ahead ends nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import at_keyboard, settled
from xtsync_tui.ui.modes import MODES, Mode
from xtsync_tui.ui.screens.base import EVERYWHERE
from xtsync_tui.workspace.pair import Workspace

pytestmark = pytest.mark.anyio


class Slow(Demo):
    """A demo that is not there before ``ready``."""

    def __init__(self) -> None:
        super().__init__("configured")
        self.ready = asyncio.Event()

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Workspace]:
        await self.ready.wait()
        async with super().connect() as workspace:
            yield workspace


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
async def test_no_key_ends_a_mode_that_waits_for_its_connection(mode: Mode) -> None:
    demo = Slow()
    async with at_keyboard(demo.app()) as person:
        await person.app.action_mode(mode.id)
        own = {name for name, _ in person.app.screen.footer_ids()} - {"goto", "help", "requests"}
        for name in [*sorted(own), *(each for each in EVERYWHERE if each not in own)]:
            await person.press(name, "x", "back")
            while len(person.app.screen_stack) > 1:
                person.app.pop_screen()
                await settled(person.pilot, lambda: person.app.screen.is_mounted)
        demo.ready.set()
        await settled(person.pilot, lambda: person.app.has_pair)
