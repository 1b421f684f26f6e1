"""The checklist without a screen."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xtsync_tui.cli import cli, setup

FAST = ("--speed", "3600")


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(cli, ["setup", *arguments], input=stdin)


def test_a_fresh_pair_is_not_finished() -> None:
    result = run("--demo")
    assert result.exit_code == 1
    assert "SOURCE Contoso  ▶  TARGET Fabrikam    1 done, 1 not needed, 13 to go" in result.stdout
    assert "   3  target  Redeem invitations (inbound)        … after step 2" in result.stdout


def test_yes_does_what_is_left_and_leaves_with_0() -> None:
    result = run("--demo", "--yes", "--json", *FAST)
    assert result.exit_code == 0, result.output
    steps = json.loads(result.stdout)
    assert [step["step"] for step in steps] == list(range(15))
    assert {step["state"] for step in steps} == {"done", "not needed"}
    assert set(steps[0]) == {"step", "title", "tenant", "state", "detail"}
    assert (steps[3]["title"], steps[3]["tenant"]) == ("Redeem invitations (inbound)", "target")
    assert "step 5 done" in result.stderr


def test_trouble_stops_it_with_cause_tenant_and_fix() -> None:
    result = run("--demo", "--scenario", "troubled", "--yes")
    assert result.exit_code == 1
    assert "step 2 failed" in result.stderr
    assert "Guest invite settings of Fabrikam are at the most restrictive" in result.stderr
    assert "✗ quarantine" in result.stdout
    assert "TARGET has no licence" in result.stdout


def test_no_next_step_on_the_command_line_is_a_key_of_the_screens() -> None:
    result = run("--demo", "--scenario", "troubled", "--yes")
    assert "The screens of xtsync go on from here: Setup, step 2." in result.stderr
    assert "enter" not in result.stderr


def test_an_emulator_that_is_gone_is_said_once_and_is_not_the_same_as_not_set_up(tmp_path: Path) -> None:
    tenants = [{"name": name, "tenantId": name, "domain": f"{name}.com", "token": name} for name in "ab"]
    file = tmp_path / "emulator.json"
    file.write_text(json.dumps({"url": "http://127.0.0.1:9", "tenants": tenants}))
    result = run("--emulator", str(file))
    assert result.exit_code == 3
    assert result.stdout == ""
    assert result.stderr.count("cannot be reached") == 1


def test_what_is_longer_than_the_terminal_goes_on_below(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "_width", lambda: 80)
    lines = run("--demo", "--scenario", "troubled").stdout.splitlines()
    assert max(map(len, lines[3:])) <= 80
    assert lines[6].startswith(" " * 14 + "there; without a licence it cannot be set again.")


def test_hostile_names_reach_no_terminal() -> None:
    result = run("--demo", "--scenario", "hostile", "--yes", *FAST)
    assert not [char for char in result.output if not char.isprintable() and char != "\n"]


def test_without_tenants_it_asks_for_them() -> None:
    result = run()
    assert result.exit_code == 2
    assert "Choose the tenants" in result.stderr


@pytest.mark.parametrize(
    "line",
    [
        "",
        "no json",
        "[]",
        '{"url": "http://127.0.0.1:1"}',
        '{"url": 1, "tenants": [{}, {}]}',
        '{"tenants": 7}',
    ],
)
def test_a_file_that_announces_no_emulator_is_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "emulator.json"
    file.write_text(line)
    result = run("--emulator", str(file))
    assert result.exit_code == 2
    assert "does not announce an emulator" in result.stderr


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    result = run("--emulator", str(tmp_path / "missing"))
    assert result.exit_code == 2
    assert "cannot be read" in result.stderr


def test_a_refused_announcement_shows_no_token() -> None:
    result = run("--emulator", "-", stdin='{"url": "http://127.0.0.1:1", "tenants": [{"token": "hush"}]}')
    assert result.exit_code == 2
    assert "hush" not in result.output


def test_a_token_is_not_sent_to_another_machine_in_the_clear() -> None:
    tenant = {"name": "Contoso", "tenantId": "t", "domain": "contoso.com", "token": "hush"}
    said = json.dumps({"url": "http://example.com", "tenants": [tenant, tenant]})
    result = run("--emulator", "-", stdin=said)
    assert result.exit_code == 2
    assert "is not https" in result.stderr
