import json
import shlex
import shutil
import subprocess

import pytest

from xtsync_tui.model import Request
from xtsync_tui.model.snippets import as_az_rest, as_curl, as_powershell

URL = "https://graph.microsoft.com/v1.0/users?$filter=displayName%20eq%20'x'"
NASTY = 'O\'Brien; rm -rf "$HOME" `id` \u2019 \x1b[2J'
PATCH = Request(method="PATCH", path="/users", body={"name": NASTY})
SEARCH = Request(method="GET", path="/users", headers=(("ConsistencyLevel", "eventual"),))


def test_curl_takes_its_token_from_the_environment() -> None:
    assert shlex.split(as_curl(SEARCH, URL)) == [
        *("curl", "-sS", "-X", "GET", URL, "-H", "Authorization: Bearer $TOKEN"),
        *("-H", "ConsistencyLevel: eventual"),
    ]
    assert '"Authorization: Bearer $TOKEN"' in as_curl(SEARCH, URL)


@pytest.mark.parametrize(("render", "option"), [(as_curl, "--data-raw"), (as_az_rest, "--body")])
def test_a_body_survives_the_shell_whatever_is_in_it(render: object, option: str) -> None:
    assert callable(render)
    words = shlex.split(render(PATCH, URL))
    assert json.loads(words[words.index(option) + 1]) == {"name": NASTY}
    assert URL in words


@pytest.mark.skipif(shutil.which("sh") is None, reason="needs a POSIX shell")
def test_a_name_cannot_run_a_command_in_the_shell() -> None:
    line = as_az_rest(PATCH, URL).replace("az rest", "printf '%s\\n'", 1)
    run = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)  # noqa: S603, S607
    assert json.loads(run.stdout.splitlines()[-1]) == {"name": NASTY}


@pytest.mark.parametrize("render", [as_curl, as_powershell, as_az_rest])
def test_no_control_character_reaches_the_clipboard(render: object) -> None:
    assert callable(render)
    assert render(PATCH, URL).isprintable()


def test_powershell_doubles_every_quote_that_ends_a_text() -> None:
    line = as_powershell(Request(method="GET", path="/x", headers=(("a'b", "c\u2019d"),)), "https://x/'")
    assert (
        line
        == "Invoke-MgGraphRequest -Method GET -Uri 'https://x/''' -Headers @{ 'a''b' = 'c\u2019\u2019d' }"
    )


def test_powershell_sends_json() -> None:
    line = as_powershell(Request(method="POST", path="/x", body={"a": "it's"}), "https://x/x")
    assert line == (
        "Invoke-MgGraphRequest -Method POST -Uri 'https://x/x' "
        "-ContentType 'application/json' -Body '{\"a\":\"it''s\"}'"
    )


def test_az_rest_sends_headers_and_body() -> None:
    request = Request(method="POST", path="/x", body={"a": 1}, headers=(("ConsistencyLevel", "eventual"),))
    assert as_az_rest(request, "https://x/x") == (
        "az rest --method post --url https://x/x --headers ConsistencyLevel=eventual "
        "Content-Type=application/json --body '{\"a\":1}'"
    )
