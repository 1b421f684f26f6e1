"""The first page: profiles made, changed, opened, left, signed out of."""

from typing import Any

import msgspec
import pytest

from tests.ui.driver import Person, at_keyboard
from tests.ui.pair import CONTOSO, Pair
from tests.ui.scripted import PEOPLE, TODAY, Book, Session, SignedInPair
from xtsync_tui.model import Side
from xtsync_tui.settings import (
    Profile,
    TenantSettings,
    Way,
    config_folder,
    last_profile,
    load_profile,
    load_profiles,
    save_profile,
)
from xtsync_tui.ui.app import XtSyncApp
from xtsync_tui.ui.modes import Mode
from xtsync_tui.ui.screens.base import FrameScreen

pytestmark = pytest.mark.anyio

PROD = Profile(
    name="fabrikam-prod",
    source=TenantSettings(tenant="contoso.com", way=Way.DEVICE_CODE),
    target=TenantSettings(tenant="fabrikam.com", way=Way.DEVICE_CODE),
    protected=True,
)


class HomeScreen(FrameScreen):
    """A mode that reads who is where."""

    MODE = "home"
    TITLE = "Home"
    HELP = "Home, for the tests."
    AUTO_FOCUS = ""

    async def on_mount(self) -> None:
        self.run_worker(self.xtsync.connected())


HOME = (Mode("1", "home", "Home", "tests.ui.test_profiles:HomeScreen"),)


def app_of(book: Book, name: str = "") -> XtSyncApp:
    connect = book.connect(name) if name else None
    return XtSyncApp(connect, profiles=book, profile=name, modes=HOME, wall=lambda: TODAY)


def book(**pairs: Any) -> Book:
    return Book({"demo": Pair(), "fabrikam-prod": Pair()} | pairs)


async def fill(person: Person, **values: str) -> None:
    """Put values into the fields and choices of the form."""
    for name, value in values.items():
        person.app.screen.query_one(f"#{name.replace('_', '-')}").value = value


async def test_the_first_run_starts_at_the_demo_and_says_what_this_machine_can_do() -> None:
    async with at_keyboard(app_of(book()), (80, 24)) as person:
        await person.sees("Which pair of tenants?", "▌ demo", "built in", "No sign-in, no network.")
        await person.sees("! memory only: no secret store here", "none: SSH login.", "not confirmed")
        await person.sees("enter opens demo · n makes a profile for your own tenants", "L Sign out")
        await person.press("enter")
        await person.sees("SOURCE Contoso", "demo · read 8 s ago")
    assert last_profile() == "demo"


async def test_a_profile_is_made_and_opened() -> None:
    async with at_keyboard(app_of(book()), (80, 24)) as person:
        await person.sees("▌ demo")
        await person.press("new")
        await person.sees("A new profile", "application id", "PROTECTED")
        await fill(person, name="fabrikam-prod", source_tenant="contoso.com", target_tenant="nonsense")
        await person.press("send")
        await person.sees("✗ TARGET tenant of fabrikam-prod: 'nonsense'")
        await fill(person, target_tenant="contoso.com")
        await person.sees_no("nonsense")
        await person.press("send")
        await person.sees("✗ SOURCE and TARGET are the same tenant")
        await fill(person, target_tenant="fabrikam.com", writing="PROTECTED", target_way="device-code")
        await person.press("send")
        await person.sees("✓ fabrikam-prod is kept", "▌ fabrikam-prod", "PROTECTED", "never")
        await person.press("enter")
        await person.sees("fabrikam-pr… · read")
    made = load_profile("fabrikam-prod")
    assert (made.target.way, made.protected, made.read_only) == (Way.DEVICE_CODE, True, False)
    assert last_profile() == "fabrikam-prod"


async def test_a_name_is_not_taken_twice() -> None:
    save_profile(PROD)
    async with at_keyboard(app_of(book())) as person:
        await person.sees("fabrikam-prod")
        await person.press("new")
        await person.sees("A new profile")
        await fill(person, name="fabrikam-prod", source_tenant="a.example", target_tenant="b.example")
        await person.press("send")
        await person.sees("There is a profile fabrikam-prod already")
    assert load_profile("fabrikam-prod") == PROD


async def test_a_change_keeps_what_the_form_does_not_show() -> None:
    save_profile(msgspec.structs.replace(PROD, plan=msgspec.structs.replace(PROD.plan, note="until June")))
    async with at_keyboard(app_of(book())) as person:
        await person.sees("fabrikam-prod")
        await person.press("down", "edit")
        await person.sees("Profile fabrikam-prod")
        await fill(person, target_tenant="northwind.com", writing="read-only")
        await person.press("send")
        await person.sees("northwind.com", "read-only")
    changed = load_profile("fabrikam-prod")
    assert (changed.target.tenant, changed.read_only, changed.protected) == ("northwind.com", True, False)
    assert changed.plan.note == "until June"


async def test_a_profile_says_before_it_is_opened_how_it_writes() -> None:
    save_profile(PROD)
    async with at_keyboard(app_of(book()), (80, 24)) as person:
        await person.sees("enter opens demo")
        await person.press("down")
        await person.sees("enter opens fabrikam-prod: each write asks for the tenant's name")


async def test_help_says_nothing_of_tenants_while_none_are_chosen() -> None:
    async with at_keyboard(app_of(book()), (80, 24)) as person:
        await person.sees("▌ demo")
        await person.press("help")
        await person.sees("A profile is one source and one target tenant")
        assert person.lines[0].startswith(" xtsync")
        await person.sees_no("connect")


async def test_the_demo_can_be_neither_changed_nor_removed() -> None:
    async with at_keyboard(app_of(book())) as person:
        await person.sees("▌ demo")
        for key in ("edit", "delete"):
            await person.press(key)
            await person.sees("The demo is built in.")
        await person.press("sign_out")
        await person.sees("The demo needs no sign-in")


async def test_a_profile_is_taken_out_only_after_asking() -> None:
    save_profile(PROD)
    async with at_keyboard(app_of(book())) as person:
        await person.sees("fabrikam-prod")
        await person.press("down", "delete")
        await person.sees("Take fabrikam-prod out of the list?")
        await person.press("enter")
        await person.sees_no("Take fabrikam-prod out")
        assert load_profiles()
        await person.press("delete")
        await person.sees("Take fabrikam-prod out of the list?")
        await person.press("t", "enter")
        await person.sees("✓ fabrikam-prod is removed.")
    assert not load_profiles()


async def test_one_side_is_signed_out_of() -> None:
    save_profile(PROD)
    profiles = book()
    async with at_keyboard(app_of(profiles)) as person:
        await person.sees("fabrikam-prod")
        await person.press("down", "sign_out")
        await person.sees("Nobody is signed in here.", "by device code · not signed in")
        profiles.people = PEOPLE
        await person.press("sign_out")
        await person.sees("Sign out of fabrikam-prod", "TARGET fabrikam.com")
        await person.press("t", "enter")
        await person.sees("✓ Signed out of TARGET on this machine")
    assert profiles.signed_out == [("fabrikam-prod", Side.TARGET)]


async def test_signing_out_of_the_open_profile_ends_the_session_in_use() -> None:
    save_profile(PROD)
    pair = SignedInPair(sessions={side: Session(side, signed_in=True) for side in Side})
    profiles = book(**{"fabrikam-prod": pair})
    profiles.people = PEOPLE
    async with at_keyboard(app_of(profiles, "fabrikam-prod")) as person:
        await person.sees("SOURCE Contoso · ana.lopes")
        await person.app.action_profiles()
        await person.sees("▌ fabrikam-prod")
        await person.press("sign_out")
        await person.sees("Both sides")
        await person.press("s", "enter")
        await person.sees("✓ Signed out of SOURCE")
        await person.press("back")
        await person.sees("SOURCE Contoso · not signed in", "TARGET Fabrikam · ben.okoro")


async def test_another_profile_gets_sessions_and_screens_of_its_own() -> None:
    save_profile(PROD)
    first = Pair()
    other = Pair(tenants={Side.SOURCE: type(CONTOSO)(Side.SOURCE, "Northwind"), Side.TARGET: CONTOSO})
    async with at_keyboard(app_of(book(demo=first, **{"fabrikam-prod": other}), "demo")) as person:
        await person.sees("SOURCE Contoso")
        before = person.app.screen
        await person.app.action_profiles()
        await person.sees("▌ demo")
        await person.press("down", "enter")
        await person.sees("SOURCE Northwind")
        assert first.closed
        assert not other.closed
        assert person.app.screen is not before
        assert person.app.pair is other
    assert other.closed


async def test_what_is_not_saved_is_asked_about_before_another_profile_opens() -> None:
    save_profile(PROD)
    async with at_keyboard(app_of(book(), "demo")) as person:
        await person.sees("SOURCE Contoso")
        person.app.screen.draft = "draft: 1 change, nothing sent"
        await person.app.action_profiles()
        await person.sees("▌ demo")
        await person.press("down", "enter")
        await person.sees("Not saved: draft: 1 change", "Leave and lose it")
        await person.press("enter")
        await person.sees_no("Leave and lose it")
        assert person.app.profile_name == "demo"


async def test_a_broken_file_is_named_with_its_line_and_stays() -> None:
    config_folder().mkdir(parents=True)
    (config_folder() / "profiles.toml").write_text("[prod]\nsource = 3\n")
    async with at_keyboard(app_of(book())) as person:
        await person.sees("profiles.toml, line 2 cannot be used", "Nothing in it was changed.")


async def test_no_mode_opens_without_a_profile() -> None:
    async with at_keyboard(app_of(book())) as person:
        await person.sees("▌ demo")
        await person.press("1")
        await person.sees("Open a profile first: enter.")
