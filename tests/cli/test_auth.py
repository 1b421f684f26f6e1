"""``xtsync auth``."""

import pytest
from click.testing import CliRunner, Result

from tests.graph.auth.conftest import Sts, no_secret_gets_out, server, sts  # noqa: F401 - fixtures
from tests.graph.auth.support import ANA, BEN, CLIENT, CONTOSO, FABRIKAM
from xtsync_tui.cli import cli
from xtsync_tui.emulator.sts import DEVICE_CODE
from xtsync_tui.graph.auth import doctor
from xtsync_tui.graph.auth.accounts import Accounts
from xtsync_tui.graph.clouds import Cloud
from xtsync_tui.settings import Profile, TenantSettings, Way, load_settings, save_profile, state_folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["auth", *arguments])


@pytest.fixture
def prod(sts: Sts) -> Profile:  # noqa: F811
    """A profile of the emulated cloud that signs in by device code."""
    source, target = (
        TenantSettings(tenant=tenant, client_id=CLIENT, way=Way.DEVICE_CODE)
        for tenant in ("contoso.com", FABRIKAM)
    )
    profile = Profile(name="prod", source=source, target=target, cloud=sts.cloud.name)
    save_profile(profile)
    return profile


@pytest.fixture
def people(sts: Sts, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """Two people who enter each code as soon as it is shown."""
    begin = sts.service.begin

    def begin_and_approve(*arguments: object) -> object:
        code, attempt = begin(*arguments)  # type: ignore[arg-type]
        who = ANA if attempt.directory.id == CONTOSO else BEN
        sts.service.approve(attempt, who.username)
        return code, attempt

    monkeypatch.setattr(sts.service, "begin", begin_and_approve)


def login(sts: Sts, *more: str) -> Result:  # noqa: F811
    return run("login", "--profile", "prod", "--ca", sts.cloud.authority, "--insecure-storage", *more)


@pytest.mark.usefixtures("prod", "people")
def test_login_status_and_logout_of_one_side(sts: Sts) -> None:  # noqa: F811
    done = login(sts)
    assert done.exit_code == 0, done.output
    assert f"✓ {ANA.username}, tenant {CONTOSO}" in done.output
    assert f"✓ {BEN.username}, tenant {FABRIKAM}" in done.output

    status = run("status").output
    assert "! Tokens: plain file" in status
    assert f"✓ {ANA.username}" in status
    assert "Policy.Read.All" in status
    assert sts.journal.found_in(status) == []

    out = run("logout", "--profile", "prod", "--tenant", "contoso.com")
    assert out.output == f"Signed out: {ANA.username}, tenant {CONTOSO}\n"
    assert [account.username for account in Accounts().all().values()] == [BEN.username]


@pytest.mark.usefixtures("prod", "people")
def test_logout_of_all_leaves_no_token(sts: Sts) -> None:  # noqa: F811
    login(sts)
    assert run("logout", "--all").exit_code == 0

    left = b"".join(path.read_bytes() for path in state_folder().rglob("*") if path.is_file())
    assert sts.journal.found_in(left.decode("latin-1")) == []
    assert "Nobody is signed in" in run("status").output
    assert run("logout", "--all").output == "Nobody was signed in.\n"


@pytest.mark.usefixtures("prod", "people")
def test_one_side_is_signed_in_though_the_other_is_blocked(sts: Sts) -> None:  # noqa: F811
    sts.service.rules.blocked[CONTOSO, DEVICE_CODE] = 53003
    done = login(sts)

    assert done.exit_code == 1
    assert "✗ SOURCE contoso.com: Device code is blocked in SOURCE contoso.com" in done.output
    assert "ssh -L 8400:localhost:8400" in done.output
    assert f"✓ {BEN.username}" in done.output


@pytest.mark.usefixtures("prod", "people")
def test_only_one_side_is_asked_for(sts: Sts) -> None:  # noqa: F811
    done = login(sts, "--side", "target")
    assert "SOURCE" not in done.output
    assert done.exit_code == 0


@pytest.mark.usefixtures("prod")
def test_a_tenant_that_is_not_the_profiles_is_refused() -> None:
    assert run("logout", "--profile", "prod", "--tenant", "northwind.com").exit_code == 2


def test_without_a_profile_the_next_step_is_told() -> None:
    done = run("login")
    assert done.exit_code == 2
    assert "xtsync profile add" in done.output


def test_plain_text_is_never_chosen_by_itself() -> None:
    assert load_settings().token_store == "auto"


@pytest.mark.usefixtures("prod")
def test_doctor_names_each_part(sts: Sts, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setenv("HTTPS_PROXY", "http://ana:proxy-password@proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "localhost")
    output = run("doctor", "--profile", "prod", "--ca", sts.cloud.authority).output

    for part in ("Tokens", "Keyring", "D-Bus", "Kernel keyring", "Browser", "Terminal", "Clipboard", "Clock"):
        assert part in output
    assert "http://proxy.example:3128" in output
    assert "proxy-password" not in output


def test_doctor_sees_a_clock_that_is_wrong(sts: Sts) -> None:  # noqa: F811
    import time

    right = doctor.clock(sts.cloud, time.time)
    wrong = doctor.clock(sts.cloud, lambda: time.time() + 1000)

    assert right.fine
    assert not wrong.fine
    assert "ahead of localhost" in wrong.text


def test_doctor_says_that_the_service_is_away() -> None:
    away = Cloud("x", "x", "https://localhost:9", "https://localhost:9")
    assert not doctor.clock(away, lambda: 0).fine


def test_doctor_sees_a_port_that_is_taken() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert not doctor.redirect_port(taken.getsockname()[1]).fine


@pytest.mark.parametrize(
    ("environment", "text"),
    [
        ({"DISPLAY": ":0"}, "opens here"),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "a 1 b 22"}, "none: SSH login."),
        ({}, "none: no display."),
    ],
)
def test_doctor_knows_in_front_of_whom_a_browser_would_open(environment: dict[str, str], text: str) -> None:
    assert doctor.browser(environment).text.startswith(text)
