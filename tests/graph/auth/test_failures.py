"""What an error of the sign-in service means for a person."""

import pytest

from xtsync_tui.errors import SignInFailed
from xtsync_tui.graph.auth.failures import _MEANINGS, Place, explain
from xtsync_tui.graph.auth.surroundings import can_open_browser, ssh_command
from xtsync_tui.graph.clouds import CLOUDS
from xtsync_tui.model import Side
from xtsync_tui.settings import Way

CLIENT = "11111111-2222-4333-8444-555555555555"
SSH = "ssh -L 8400:localhost:8400 ana@10.0.0.5"


def place(way: Way = Way.DEVICE_CODE) -> Place:
    scopes = ("Policy.Read.All", "User.Read")
    return Place(Side.TARGET, "fabrikam.com", CLIENT, way, CLOUDS["usgov"], scopes, 8400, SSH)


def explained(code: str, way: Way = Way.DEVICE_CODE) -> SignInFailed:
    return explain(
        f"AADSTS{code}: what Entra says. Trace ID: x Correlation ID: {CLIENT} Timestamp: y", place(way)
    )


@pytest.mark.parametrize("code", [*_MEANINGS, "53003"])
def test_every_known_code_is_told_in_whole_sentences(code: str) -> None:
    failed = explained(code)

    assert "{" not in str(failed)
    assert failed.code == f"AADSTS{code}"
    assert f"(AADSTS{code})" in failed.detail
    assert failed.correlation_id == CLIENT


def test_a_managed_device_is_shown_with_the_browser_at_the_other_end() -> None:
    failed = explained("530003")
    assert failed.title == "TARGET fabrikam.com wants a managed device"
    assert SSH in failed.hint
    assert failed.ways == ("browser",)


def test_a_missing_consent_has_the_address_at_which_it_is_given() -> None:
    failed = explained("65001")
    assert "Policy.Read.All, User.Read" in failed.detail
    assert "https://login.microsoftonline.us/fabrikam.com/v2.0/adminconsent?client_id=" in failed.hint
    assert "graph.microsoft.us%2FPolicy.Read.All" in failed.hint


def test_a_rule_that_blocks_the_browser_too_names_who_can_help() -> None:
    failed = explained("53003", Way.BROWSER)
    assert failed.title == "A Conditional Access rule of TARGET fabrikam.com blocks this sign-in"
    assert failed.ways == ()


def test_an_unknown_code_says_what_entra_said_without_its_traces() -> None:
    failed = explain("AADSTS99999: A \x1b[31mnew {rule}. Trace ID: x", place())
    assert failed.code == "AADSTS99999"
    assert "Trace" not in failed.detail
    assert "\x1b" not in failed.detail
    assert "(rule)" in failed.detail
    assert failed.ways == ("browser",)


def test_an_error_without_a_code_is_told_too() -> None:
    assert explain("no route", place(Way.BROWSER)).ways == ("device-code",)


@pytest.mark.parametrize(
    ("connection", "command"),
    [
        ("10.0.0.9 50000 10.0.0.5 22", SSH),
        ("10.0.0.9 50000 10.0.0.5 2222", "ssh -L 8400:localhost:8400 -p 2222 ana@10.0.0.5"),
    ],
)
def test_the_forward_leads_to_where_the_running_connection_leads(connection: str, command: str) -> None:
    assert ssh_command({"SSH_CONNECTION": connection, "USER": "ana"}, 8400) == command


@pytest.mark.parametrize(
    ("environment", "platform", "opens"),
    [
        ({}, "darwin", True),
        ({}, "win32", True),
        ({}, "linux", False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":0", "SSH_TTY": "/dev/pts/1"}, "linux", False),
        ({"SSH_CONNECTION": "a 1 b 22"}, "darwin", False),
    ],
)
def test_a_browser_opens_only_in_front_of_the_person(
    environment: dict[str, str], platform: str, opens: bool
) -> None:
    assert can_open_browser(environment, platform) is opens
