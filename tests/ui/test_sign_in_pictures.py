"""Pictures of the first page and of signing in."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, settled
from tests.ui.scripted import TODAY, Book, Session, SignedInPair
from tests.ui.test_profiles import HOME, PROD
from xtsync_tui.errors import SignInNeeded
from xtsync_tui.model import Side
from xtsync_tui.settings import Profile, TenantSettings, Way, mark_used, save_profile
from xtsync_tui.ui.app import XtSyncApp
from xtsync_tui.workspace.sign_in import SignIns

Before = Callable[[Person], Awaitable[None]]
SMALL, LARGE = (80, 24), (120, 36)


def profiles() -> XtSyncApp:
    return XtSyncApp(None, profiles=Book({}), modes=HOME, wall=lambda: TODAY)


def used() -> XtSyncApp:
    test = TenantSettings(tenant="contoso.com"), TenantSettings(tenant="northwind.example")
    save_profile(PROD)
    save_profile(Profile(name="northwind-test", source=test[0], target=test[1], read_only=True))
    mark_used("fabrikam-prod", TODAY - timedelta(days=2))
    return profiles()


def signing_in(way: Way = Way.DEVICE_CODE) -> XtSyncApp:
    """Both sides, one after the other, before anything of the tenants is read."""
    book = Book({PROD.name: SignedInPair(sessions={side: Session(side, way) for side in Side})})
    return XtSyncApp(book.connect(PROD.name), profile=PROD.name, wall=lambda: TODAY)


def writing() -> XtSyncApp:
    """On tenants that are set up, with a sign-in whose next write needs one permission more."""
    demo = Demo("configured")
    sign_ins = SignIns({side: Session(side, signed_in=True) for side in Side})
    demo.workspace.sign_ins = sign_ins
    return XtSyncApp(demo.connect, profile=PROD.name, wall=lambda: TODAY, monotonic=lambda: demo.seconds)


async def looked(person: Person) -> None:
    await person.sees("▌ demo", "memory only")


async def chosen(person: Person) -> None:
    await looked(person)
    await person.press("down")
    await person.sees("── fabrikam-prod")


async def code(person: Person) -> None:
    await person.sees("EK749QM23", "asks every 5 s")


async def browser(person: Person) -> None:
    await person.sees("ssh -L 8400", "waiting for the browser")
    person.app.clear_notifications()
    await settled(person.pilot, lambda: not person.app.screen.query("Toast"), "no toast")


async def step_up(person: Person) -> None:
    await person.press("3")
    await person.sees("Also here")
    sign_ins = person.app.pair.sign_ins
    sign_ins.sessions[Side.TARGET].refusals = [
        SignInNeeded("Not consented", scopes=("Policy.ReadWrite.CrossTenantAccess",))
    ]
    person.app.run_worker(sign_ins.tokens(Side.TARGET).token())
    await person.sees("One more permission", "asks every 5 s")


PICTURES: dict[str, tuple[Callable[[], Any], tuple[int, int], Before]] = {
    "first-run-80": (profiles, SMALL, looked),
    "profiles": (used, LARGE, chosen),
    "sign-in-device-code-80": (signing_in, SMALL, code),
    "sign-in-browser": (lambda: signing_in(Way.BROWSER), LARGE, browser),
    "sign-in-permission": (writing, LARGE, step_up),
}


@pytest.mark.parametrize("name", PICTURES)
def test_signing_in_looks_as_it_did(snap_compare: Any, name: str) -> None:
    make, size, keys = PICTURES[name]

    async def before(pilot: Any) -> None:
        await keys(Person(pilot))
        await pilot.pause()

    assert snap_compare(make(), terminal_size=size, run_before=before)
