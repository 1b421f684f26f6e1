"""``xtsync profile``."""

from click.testing import CliRunner, Result

from xtsync_tui.cli import cli
from xtsync_tui.settings import Way, load_profile, load_profiles

CLIENT = "11111111-2222-4333-8444-555555555555"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["profile", *arguments])


def test_a_profile_is_added_shown_listed_and_removed() -> None:
    added = run(
        "add", "prod", "--source", "contoso.com", "--target", "fabrikam.com", "--client-id", CLIENT,
        "--way", "device-code", "--protected",
    )  # fmt: skip
    assert added.exit_code == 0, added.output
    assert "xtsync auth login --profile prod" in added.output
    assert load_profile("prod").target.way is Way.DEVICE_CODE

    shown = run("show", "prod").output
    assert f"Source     contoso.com, {CLIENT}, device-code" in shown
    assert "PROTECTED" in shown

    listed = run("list").output.splitlines()
    assert listed[0].startswith("demo")
    assert listed[1].split() == ["prod", "contoso.com", "fabrikam.com", "PROTECTED", "never", "used"]

    assert run("remove", "prod").exit_code == 0
    assert load_profiles() == {}


def test_a_profile_that_was_there_is_said_to_be_replaced() -> None:
    first = run("add", "prod", "--source", "contoso.com", "--target", "fabrikam.com").output
    second = run("add", "prod", "--source", "contoso.com", "--target", "northwind.com").output
    assert "Profile prod is kept." in first
    assert "Profile prod is replaced." in second


def test_one_tenant_is_no_pair() -> None:
    refused = run("add", "same", "--source", "contoso.com", "--target", "CONTOSO.com")
    assert refused.exit_code == 2
    assert "SOURCE and TARGET are the same tenant" in refused.stderr


def test_the_demo_is_built_in_and_says_so() -> None:
    for command in ("show", "remove"):
        assert "The demo is built in" in run(command, "demo").stderr


def test_what_cannot_be_used_ends_with_2_and_keeps_nothing() -> None:
    for arguments in (
        ("add", "demo", "--source", "contoso.com", "--target", "fabrikam.com"),
        ("add", "x", "--source", "contoso", "--target", "fabrikam.com"),
        ("add", "x", "--source", "contoso.com", "--target", "fabrikam.com", "--cloud", "mars"),
        ("show", "x"),
        ("remove", "x"),
    ):
        assert run(*arguments).exit_code == 2, arguments
    assert load_profiles() == {}
