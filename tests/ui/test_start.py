"""Starting and leaving: the first frame at once, and a clean terminal after."""

import subprocess
import sys
from datetime import timedelta

import pytest
from textual.worker import WorkerFailed

from tests.ui.demo import Demo
from tests.ui.driver import at_keyboard, settled
from tests.ui.pair import Pair, refused
from tests.ui.sample import SampleApp, SampleScreen
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.errors import XtSyncError

pytestmark = pytest.mark.anyio

FIRST_PAGE = """
import asyncio, sys
import xtsync_tui.cli.start
from xtsync_tui.settings import load_settings
from xtsync_tui.ui.app import XtSyncApp

heavy = ("msgraph", "kiota", "azure", "msal", "keyring", "cryptography", "starlette", "httpx")
seen = []

async def machine():
    seen.append(sorted({name.partition(".")[0] for name in sys.modules if name.startswith(heavy)}))
    return ()

async def main():
    profiles = xtsync_tui.cli.start.all_profiles(load_settings(), "")
    profiles.machine = machine
    async with XtSyncApp(None, profiles=profiles).run_test() as pilot:
        while not seen:
            await pilot.pause()

asyncio.run(main())
print(seen)
"""

FIRST_FRAME = """
import asyncio, sys
from contextlib import asynccontextmanager
import xtsync_tui.cli.demo
from xtsync_tui.errors import XtSyncError
from xtsync_tui.ui.app import XtSyncApp

heavy = ("msgraph", "kiota", "azure", "msal", "keyring", "starlette", "httpx")
seen = []

@asynccontextmanager
async def connect():
    seen.append(sorted({name.partition(".")[0] for name in sys.modules if name.startswith(heavy)}))
    raise XtSyncError("enough")
    yield

async def main():
    app = XtSyncApp(connect)
    async with app.run_test() as pilot:
        while not seen:
            await pilot.pause()

asyncio.run(main())
print(seen)
"""


@pytest.mark.parametrize("program", [FIRST_FRAME, FIRST_PAGE], ids=["demo", "first page"])
def test_nothing_heavy_is_imported_before_the_first_frame(program: str) -> None:
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own text
    assert (done.stdout.strip(), done.stderr) == ("[[]]", "")


async def test_the_header_says_that_it_connects_until_it_has() -> None:
    app = SampleApp(Pair(age=None))
    async with at_keyboard(app) as person:
        await person.sees("TARGET Fabrikam · ben.okoro@fabrikam.com", "not read yet", "Ana Lopes")


async def test_the_header_says_that_time_passes_faster_in_the_demo() -> None:
    demo = Demo("configured")
    demo.workspace.speed = 60
    async with at_keyboard(demo.app()) as person:
        await person.press("3")
        await person.sees("demo ×60 · read 0 s ago")


async def test_tenants_that_cannot_be_reached_are_not_said_to_be_without_sign_in() -> None:
    demo = Demo("configured")
    demo.emulator.world.faults.add(Fault("dropped before", times=1000))
    async with at_keyboard(demo.app(), (80, 24)) as person:
        await person.sees("SOURCE · not reached", "TARGET · not reached")
        await person.sees("✗ No answer from SOURCE · r tries again", "? cannot tell")


async def test_ages_are_counted_in_the_time_of_what_is_shown() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await person.press("3")
        await person.sees("demo · read 0 s ago")
        demo.clock.advance(timedelta(minutes=6))
        person.app.refresh_frames()
        await person.sees("demo · ! 6 min ago")


async def test_no_connection_is_an_error_in_place_of_content_and_r_tries_again() -> None:
    app = SampleApp(connect=refused)
    async with at_keyboard(app) as person:
        await person.sees("✗ No emulator answers", "127.0.0.1:9 refused", "r  try again", "not connected")
        app.pairing.connect = app.give
        await person.press("reload")
        await person.sees("Ana Lopes")
        await person.sees_no("No emulator answers")


async def test_quitting_closes_what_was_opened() -> None:
    pair = Pair()
    app = SampleApp(pair)
    async with at_keyboard(app) as person:
        await person.sees("Ana Lopes")
        await person.press("quit")
        await settled(person.pilot, lambda: not app.is_running, "the end")
    assert pair.closed


async def test_quitting_asks_about_what_is_not_saved() -> None:
    app = SampleApp()
    async with at_keyboard(app) as person:
        await person.sees("Ana Lopes")
        app.screen.draft = "draft: 1 change, nothing sent"  # type: ignore[attr-defined]
        app.refresh_frames()
        await person.sees("draft: 1 change, nothing sent")
        await person.press("quit")
        await person.sees("Not saved: draft: 1 change", "Quit and lose it")
        await person.press("enter")
        await person.sees_no("Quit and lose it")
        assert app.is_running


class BrokenScreen(SampleScreen):
    """A screen with a bug."""

    def show(self, data: object) -> None:
        raise ZeroDivisionError(data)


async def test_a_bug_ends_the_application() -> None:
    app = SampleApp()
    app.add_mode("broken", BrokenScreen)
    with pytest.raises(WorkerFailed, match="ZeroDivisionError"):  # noqa: PT012 - the end is the point
        async with at_keyboard(app) as person:
            await person.sees("Ana Lopes")
            await app.action_mode("broken")
            await settled(person.pilot, lambda: not app.is_running, "the end")


async def test_a_reading_that_fails_later_keeps_what_was_read() -> None:
    app = SampleApp()
    async with at_keyboard(app) as person:
        await person.sees("Ana Lopes")

        async def fail() -> None:
            raise XtSyncError("TARGET Fabrikam does not answer")

        app.answer = fail  # type: ignore[assignment]
        await person.press("reload")
        await person.sees("✗ TARGET Fabrikam does not answer. r tries again.", "Ana Lopes")
