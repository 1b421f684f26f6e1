"""``xtsync`` without a command, and profiles with a sign-in of their own, over TLS."""

import time

import pytest
from click.testing import CliRunner

from tests.cli.test_auth import people, prod  # noqa: F401 - fixtures
from tests.graph.auth.conftest import Server, Sts, no_secret_gets_out, server, sts  # noqa: F401 - fixtures
from tests.graph.auth.support import CLIENT
from tests.ui.driver import Person, at_keyboard, settled
from xtsync_tui.cli import cli, demo
from xtsync_tui.cli.compose import announcement
from xtsync_tui.cli.real import profile_workspace
from xtsync_tui.cli.sign_in_demo import demo_profile, demo_profiles
from xtsync_tui.emulator.app import Emulator
from xtsync_tui.emulator.sign_in import with_sign_in
from xtsync_tui.emulator.sts import DEVICE_CODE
from xtsync_tui.graph.auth.accounts import Accounts
from xtsync_tui.graph.auth.keeper import Keeper
from xtsync_tui.graph.auth.stores import open_store
from xtsync_tui.settings import (
    DEMO,
    Profile,
    Settings,
    TenantSettings,
    mark_used,
    save_profile,
    state_folder,
)
from xtsync_tui.ui.app import XtSyncApp

pytestmark = pytest.mark.anyio


class Opened:
    """What ``run`` was given instead of running."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.profile: str | None = None
        self.first_page = False
        monkeypatch.setattr(demo, "run", self.run)

    def run(self, connect: object, *, profile: str, **_: object) -> None:
        self.profile, self.first_page = profile, connect is None


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    return Opened(monkeypatch)


def save(name: str) -> None:
    source, target = (
        TenantSettings(tenant=f"{one}.com", client_id=CLIENT) for one in ("contoso", "fabrikam")
    )
    save_profile(Profile(name=name, source=source, target=target))


def test_the_first_run_opens_the_first_page(opened: Opened) -> None:
    assert CliRunner().invoke(cli, []).exit_code == 0
    assert opened.first_page


def test_the_profile_used_last_is_opened(opened: Opened) -> None:
    from datetime import UTC, datetime

    save("older")
    save("newer")
    mark_used("older", datetime(2026, 5, 1, tzinfo=UTC))
    mark_used("newer", datetime(2026, 5, 2, tzinfo=UTC))
    CliRunner().invoke(cli, [])
    assert (opened.profile, opened.first_page) == ("newer", False)


def test_a_profile_is_opened_by_name_and_an_unknown_one_refused(opened: Opened) -> None:
    save("prod")
    CliRunner().invoke(cli, ["--profile", "prod"])
    assert opened.profile == "prod"
    refused = CliRunner().invoke(cli, ["--profile", "nobody"])
    assert refused.exit_code == 2
    assert "No profile is called nobody" in refused.stderr


def test_setup_on_a_profile_that_nobody_is_signed_in_to_says_how() -> None:
    save("prod")
    result = CliRunner().invoke(cli, ["setup", "--profile", "prod"])
    assert result.exit_code == 1
    assert "xtsync auth login --profile prod signs in." in result.stderr


def test_trouble_without_a_sign_in_is_refused() -> None:
    result = CliRunner().invoke(cli, ["demo", "--trouble", "blocked"])
    assert result.exit_code == 2
    assert "Add --sign-in" in result.stderr


class Tenants:
    """The emulated tenants with their sign-in, and people who enter each code that is shown."""

    def __init__(self, server: Server) -> None:  # noqa: F811 - the class
        self.emulator = Emulator(tokens=lambda: "the demo's own token")
        self.server = server
        server.app, self.service = with_sign_in(self.emulator.app, self.emulator.world, time.time, interval=0)
        self.service.rules.asks = True
        self.keeper = Keeper(lambda: open_store("plaintext", state_folder() / "tokens"), Accounts())

    def app(self) -> XtSyncApp:
        """Return the application as a person starts it; each is a start of its own."""
        profile = demo_profile(self.server.address)

        def connect() -> object:
            return profile_workspace(profile, Settings(), self.keeper, str(self.server.authority))

        return XtSyncApp(connect)  # type: ignore[arg-type]

    async def enter(self, person: Person) -> None:
        """Enter the code on the screen, as the person of that tenant."""
        await settled(person.pilot, lambda: person.app.screen.panel.code, "a code")
        pending = self.service.by_user_code(person.app.screen.panel.code)
        assert pending is not None
        self.service.approve(pending, pending.directory.people[0].username)


@pytest.fixture
def tenants(server: Server) -> Tenants:  # noqa: F811
    return Tenants(server)


async def sign_in(person: Person, tenants: Tenants, side: str) -> None:
    await person.sees(f"to {side}", "Enter this code")
    await tenants.enter(person)


async def test_first_run_step_up_restart_revocation_and_nothing_leaks(tenants: Tenants) -> None:
    async with at_keyboard(tenants.app(), (120, 36)) as person:
        await sign_in(person, tenants, "SOURCE contoso.com")
        await sign_in(person, tenants, "TARGET fabrikam.com")
        await person.sees("SOURCE Contoso · ana.lopes", "TARGET Fabrikam · ben.okoro", "next: step 1")
        person.app.screen.query_one("#steps").select(2)
        await person.press("open")
        await person.sees("✓ Contoso", "f2 Send")
        await person.press("send")
        await person.sees("One more permission in TARGET", "Policy.ReadWrite.CrossTenantAccess")
        picture = person.app.export_screenshot()
        await tenants.enter(person)
        await person.sees("2 done")

    secrets = {*tenants.service.tokens, *tenants.service.attempts, "the demo's own token"}
    journal = b"".join(path.read_bytes() for path in state_folder().glob("journal*"))
    assert journal
    for secret in secrets:
        assert secret.encode() not in journal
        assert secret not in picture

    async with at_keyboard(tenants.app(), (120, 36)) as person:
        await person.sees("SOURCE Contoso · ana.lopes", "TARGET Fabrikam · ben.okoro", "next: step")
        person.app.screen.query_one("#steps").select(3)
        await person.press("open")
        await person.sees("inboundAllowed")
        tenants.service.revoke(tenants.service.directories[1].people[0].id)
        await person.press("send")
        await person.sees("Sign in again to TARGET Fabrikam", "was revoked")
        await tenants.enter(person)
        await person.sees("3 done")


async def test_sign_ins_of_the_demo_end_with_the_program_and_touch_no_others(tenants: Tenants) -> None:
    found = announcement(tenants.server.address, tenants.emulator.tenants, str(tenants.server.authority))
    for _ in range(2):
        profiles = demo_profiles(found, "fresh", None, 1)
        app = XtSyncApp(profiles.connect(DEMO), profiles=profiles)
        async with at_keyboard(app, (120, 36)) as person:
            await sign_in(person, tenants, "SOURCE contoso.com")
            await sign_in(person, tenants, "TARGET fabrikam.com")
            await person.sees("TARGET Fabrikam · ben.okoro", "next: step 1")
            await app.action_profiles()
            await person.sees("ana.lopes@contoso.com", "ben.okoro@fabrikam.com")
    assert Accounts().all() == {}
    assert not [path for path in (state_folder() / "tokens").rglob("*") if path.is_file()]
    result = CliRunner().invoke(cli, ["auth", "login", "--profile", "demo"])
    assert result.exit_code == 2
    assert "xtsync demo --sign-in asks for one at each start." in result.stderr


async def test_a_blocked_code_and_another_tenant_read_as_they_should(tenants: Tenants) -> None:
    source, target = tenants.service.directories
    tenants.service.rules.blocked[source.id, DEVICE_CODE] = 53003
    tenants.service.rules.misdirected[target.id] = source.id
    async with at_keyboard(tenants.app(), (80, 24)) as person:
        await person.sees("✗ Device code is blocked in SOURCE contoso.com", "Use browser sign-in: ssh -L")
        await person.press("back")
        await sign_in(person, tenants, "TARGET fabrikam.com")
        await person.sees("✗ Signed in to another tenant", "Nothing was read.")
        assert not person.app.has_pair
