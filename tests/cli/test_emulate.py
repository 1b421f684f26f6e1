"""The emulator as a process of its own."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from xtsync_tui.cli import cli
from xtsync_tui.cli.emulate import command
from xtsync_tui.cli.options import SCENARIOS
from xtsync_tui.emulator import scenarios


@pytest.fixture
def running() -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "xtsync_tui", "emulate", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": ""},
    )
    yield process
    process.kill()
    process.communicate()


def first_line(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdout is not None
    document: dict[str, Any] = json.loads(process.stdout.readline())
    return document


def test_the_first_line_says_where_it_listens_and_it_answers_there(running: "subprocess.Popen[str]") -> None:
    line = first_line(running)
    assert line["url"].startswith("http://127.0.0.1:")
    assert line["speed"] == 1
    assert [(row["name"], row["domain"]) for row in line["tenants"]] == [
        ("Contoso", "contoso.com"),
        ("Fabrikam", "fabrikam.com"),
    ]
    with httpx.Client(base_url=line["url"]) as client:
        assert client.get("/v1.0/me").status_code == 401
        for tenant in line["tenants"]:
            answer = client.get("/v1.0/organization", headers={"Authorization": f"Bearer {tenant['token']}"})
            assert answer.json()["value"][0]["id"] == tenant["tenantId"]
            assert len(answer.headers.get_list("date")) == 1


def test_ctrl_c_ends_it_quietly(running: "subprocess.Popen[str]") -> None:
    first_line(running)
    running.send_signal(signal.SIGINT)
    output, trouble = running.communicate(timeout=20)
    assert (running.returncode, output, trouble) == (0, "", "")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "graph.example"])  # noqa: S104
def test_it_refuses_to_listen_anywhere_but_on_loopback(host: str) -> None:
    result = CliRunner().invoke(command, ["--host", host])
    assert result.exit_code == 2
    assert f"--host {host}" in result.stderr
    assert result.stdout == ""


def test_a_busy_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        result = CliRunner().invoke(command, ["--port", str(port)])
    assert result.exit_code == 2
    assert f"Port {port}" in result.stderr
    assert "--port 0" in result.stderr


def test_each_scenario_can_be_asked_for() -> None:
    assert tuple(scenarios.SCENARIOS) == SCENARIOS


@pytest.mark.parametrize("name", ["demo", "emulate", "setup"])
def test_help_says_how_many_people_and_how_fast_a_clock_one_gets_without_asking(name: str) -> None:
    text = " ".join(CliRunner().invoke(cli, [name, "--help"]).stdout.split())
    assert f"{scenarios.MANY:,} if not given" in text
    assert "with 60 a cycle begins every 40 seconds. [default: 1.0;" in text


def test_an_unknown_scenario_is_refused_before_anything_is_opened() -> None:
    result = CliRunner().invoke(command, ["--scenario", "sunny"])
    assert result.exit_code == 2


def test_with_tls_it_says_how_to_sign_in_and_serves_both_behind_one_certificate() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "xtsync_tui", "emulate", "--tls"], stdout=subprocess.PIPE, text=True
    )
    try:
        line = first_line(process)
        assert line["signIn"] == f"{line['url']}/devicelogin"
        accounts = [row["account"] for row in line["tenants"]]
        assert accounts == ["ana.lopes@contoso.com", "ben.okoro@fabrikam.com"]
        trust = ssl.create_default_context(cafile=line["certificate"])
        with httpx.Client(base_url=line["url"], verify=trust, trust_env=False) as client:
            assert "Enter the code" in client.get("/devicelogin").text
            assert client.get("/v1.0/me").status_code == 401
            token = line["tenants"][0]["token"]
            answer = client.get("/v1.0/organization", headers={"Authorization": f"Bearer {token}"})
            assert answer.json()["value"][0]["displayName"] == "Contoso"
    finally:
        process.kill()
        process.communicate()
