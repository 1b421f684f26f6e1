"""Tenants whose every text a stranger chose to do harm: every screen, page and dialog opens on them."""

from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, lines_of, rest, settled, terminal_faults
from tests.ui.hostile_places import PLACES, Visit, name_of
from tests.ui.pair import FABRIKAM
from tests.ui.sample import SampleApp
from tests.ui.scripted import ADDRESS, BLOCKED, CODE, TODAY, Book, Session, SignedInPair
from tests.ui.test_every_screen import screens
from tests.ui.test_profiles import HOME
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.emulator.hostile import TEXTS, poison
from xtsync_tui.errors import SignInFailed, SignInNeeded
from xtsync_tui.model import Side
from xtsync_tui.settings import Profile, TenantSettings, Way, save_profile
from xtsync_tui.ui.app import XtSyncApp
from xtsync_tui.ui.modes import MODES
from xtsync_tui.workspace.sign_in import Failed, Step

pytestmark = pytest.mark.anyio

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")
ELSEWHERE = {
    "profiles:ProfilesScreen",
    "profile_form:ProfileForm",
    "sign_in:SignInScreen",
    "sign_in:SignInDialog",
    "allow_writing:AllowWriting",
}
"""Before there are tenants to read: tests of their own below."""


def hostile(scenario: str, first: int = 0, **more: Any) -> Demo:
    """Return a demo with these texts in every field; it does not count requests."""
    demo = Demo(scenario, **more)
    demo.emulator.world.limiter.enabled = False
    poison(demo.emulator.world, first)
    return demo


def held(wrong: dict[str, list[str]], person: Person, place: str) -> None:
    """Note what is wrong with what the terminal gets at ``place``."""
    if found := list(terminal_faults(person.app)):
        wrong[place] = [*found, *lines_of(person.app)]


def told(wrong: dict[str, list[str]]) -> str:
    return "\n".join(f"{place}\n  " + "\n  ".join(found) for place, found in wrong.items())


def test_no_screen_page_or_dialog_is_left_out() -> None:
    every = {
        f"{kind.__module__.removeprefix('xtsync_tui.ui.screens.')}:{kind.__name__}" for kind in screens()
    }
    assert every <= {place.kind for place in PLACES} | ELSEWHERE


@SIZES
@pytest.mark.parametrize("scenario", ["fresh", "configured", "troubled"])
async def test_every_screen_page_and_dialog_keeps_to_the_frame(
    scenario: str, size: tuple[int, int], tmp_path: Path
) -> None:
    wrong: dict[str, list[str]] = {}
    demo = hostile(scenario, first=size[0] % len(TEXTS))
    async with at_keyboard(demo.app(), size) as person:
        visit = Visit(demo, person, tmp_path)
        for place in (place for place in PLACES if place.scenario == scenario):
            await place.go(visit)
            await visit.meets(place.kind)
            held(wrong, person, place.kind)
            await visit.leave()
    assert not wrong, told(wrong)


@SIZES
async def test_what_graph_says_of_a_refusal_keeps_to_the_frame(size: tuple[int, int]) -> None:
    wrong: dict[str, list[str]] = {}
    demo, texts = hostile("configured"), cycle(TEXTS)
    async with at_keyboard(demo.app(), size) as person:
        await settled(person.pilot, lambda: person.app.has_pair)
        for mode in MODES:
            faults = demo.emulator.world.faults
            faults.waiting = [Fault("refused", message=next(texts)) for _ in range(200)]
            await person.press(mode.digit)
            await Visit(demo, person, Path()).calm()
            held(wrong, person, mode.name)
            faults.waiting = [Fault("refused", message=text) for text in TEXTS]
            await person.press("reload")
            await Visit(demo, person, Path()).calm()
            held(wrong, person, f"{mode.name}, read again")
    assert not wrong, told(wrong)


@SIZES
async def test_a_refused_write_says_so_in_its_dialog(size: tuple[int, int]) -> None:
    wrong: dict[str, list[str]] = {}
    demo = hostile("fresh")
    async with at_keyboard(demo.app(), size) as person:
        visit = Visit(demo, person, Path())
        await visit.press("1")
        await visit.select("steps", 4)
        await visit.press("open")
        for text in TEXTS:
            demo.emulator.world.faults.waiting = [Fault("refused", "POST", message=text)]
            await visit.press("send")
            await person.sees("Request_BadRequest")
            held(wrong, person, f"dialog {text[:40]!r}")
        await visit.press("back", "requests")
        for text in TEXTS:
            held(wrong, person, f"requests {text[:40]!r}")
            await visit.press("open")
            held(wrong, person, f"request {text[:40]!r}")
            await visit.press("back", "down")
    assert not wrong, told(wrong)


@SIZES
async def test_profiles_with_long_names_keep_to_the_frame(size: tuple[int, int]) -> None:
    wrong: dict[str, list[str]] = {}
    for length in (1, 12, 40):
        source, target = (TenantSettings(tenant=f"{letter * length}.example") for letter in "xy")
        save_profile(Profile(name="z" * length, source=source, target=target))
    app = XtSyncApp(None, profiles=Book({}), modes=HOME, wall=lambda: TODAY)
    async with at_keyboard(app, size) as person:
        await person.sees("▌ demo")
        for _ in range(3):
            await person.press("down")
            held(wrong, person, name_of(app.screen))
            await person.press("edit")
            await opened(person, "profile_form:ProfileForm")
            held(wrong, person, name_of(app.screen))
            await person.press("back")
            await opened(person, "profiles:ProfilesScreen")
    assert not wrong, told(wrong)


def step_with(text: str, number: int) -> tuple[Way, Step]:
    """Return what a sign-in says with this text in it: a code, an address, or a refusal."""
    refused = SignInFailed(
        f"{BLOCKED.title} {text}",
        f"{BLOCKED.detail} {text}",
        text,
        code=BLOCKED.code,
        correlation_id=text,
        ways=BLOCKED.ways,
    )
    steps: tuple[tuple[Way, Step], ...] = (
        (Way.DEVICE_CODE, replace(CODE, code=text[:20], address=text)),
        (Way.BROWSER, replace(ADDRESS, address=text, ssh_command=text)),
        (Way.DEVICE_CODE, Failed(refused)),
    )
    return steps[number % len(steps)]


async def opened(person: Person, kind: str) -> Any:
    """Wait until a screen of this kind is in front, and return it."""
    await settled(person.pilot, lambda: name_of(person.app.screen) == kind, kind)
    await rest(person.pilot)
    return person.app.screen


async def sign_in(
    text: str, number: int, size: tuple[int, int], wrong: dict[str, list[str]], *, again: bool
) -> None:
    """Sign in to TARGET, whose every text this is, and look at what is said and at all that is asked for."""
    way, step = step_with(text, number)
    sessions = {side: Session(side, way, signed_in=again or side is Side.SOURCE) for side in Side}
    sessions[Side.TARGET].script = {way: [step]}
    sessions[Side.TARGET].tenant = TenantSettings(tenant=text[:200], way=way)
    pair = SignedInPair(sessions=sessions)
    pair.known[Side.TARGET] = replace(FABRIKAM, name=text)
    app = SampleApp(pair, wall=lambda: TODAY)
    async with at_keyboard(app, size) as person:
        if again:
            await person.sees("Ana Lopes")
            sessions[Side.TARGET].refusals = [SignInNeeded(text, text, scopes=("Policy.Read.All", text))]
            app.run_worker(pair.sign_ins.tokens(Side.TARGET).token(), exit_on_error=False)
        screen = await opened(person, "sign_in:SignInDialog" if again else "sign_in:SignInScreen")
        await settled(person.pilot, lambda: type(screen.panel.step) is type(step))
        await rest(person.pilot)
        held(wrong, person, f"{number}")
        await person.press("technical")
        held(wrong, person, f"{number}, all that is asked for")
        await person.press("back", "back")


@SIZES
@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
async def test_what_a_sign_in_says_keeps_to_the_frame(again: bool, size: tuple[int, int]) -> None:
    wrong: dict[str, list[str]] = {}
    for number, text in enumerate(TEXTS):
        await sign_in(text, number, size, wrong, again=again)
    assert not wrong, told(wrong)


@SIZES
async def test_a_read_only_profile_asks_for_its_name_before_it_writes(size: tuple[int, int]) -> None:
    wrong: dict[str, list[str]] = {}
    app = hostile("fresh", read_only=True).app()
    app.pairing.profile = "z" * 40
    async with at_keyboard(app, size) as person:
        await settled(person.pilot, lambda: app.has_pair)
        app.action_allow_writing()
        await opened(person, "allow_writing:AllowWriting")
        held(wrong, person, "allow writing")
    assert not wrong, told(wrong)
