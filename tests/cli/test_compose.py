"""Two commands meet on one running emulator."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from click.testing import CliRunner

from xtsync_tui.cli import cli
from xtsync_tui.cli.compose import announcement, read_announcement
from xtsync_tui.emulator.app import Emulator


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(speed=3600)


@pytest.fixture
def announced(emulator: Emulator, tmp_path: Path) -> Iterator[Path]:
    """Serve ``emulator`` on a free port and return the file with its first line."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(emulator.app, log_config=None, date_header=False, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        file = tmp_path / "emulator.json"
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        file.write_text(json.dumps({"url": url, "tenants": emulator.tenants}) + "\nmore\n")
        yield file
        server.should_exit = True
        thread.join()


def objects(emulator: Emulator) -> list[int]:
    return [
        len(found)
        for tenant in emulator.world.tenants.values()
        for found in (tenant.service_principals, tenant.assignments, tenant.partners, tenant.jobs)
    ]


def test_the_second_run_changes_nothing(emulator: Emulator, announced: Path) -> None:
    runner, command = CliRunner(), ["setup", "--emulator", str(announced), "--yes", "--json"]
    first = runner.invoke(cli, command)
    assert first.exit_code == 0, first.output
    before = objects(emulator)
    second = runner.invoke(cli, command)
    assert second.exit_code == 0
    assert objects(emulator) == before
    assert second.stderr == ""
    without = runner.invoke(cli, ["setup", "--emulator", str(announced)])
    assert without.exit_code == 0


def test_an_announcement_never_shows_its_tokens(emulator: Emulator) -> None:
    found = announcement("http://127.0.0.1", emulator.tenants)
    assert found.source.token not in repr(found)
    assert found.pair != announcement("http://127.0.0.1", Emulator().tenants).pair


def test_the_first_line_is_read(announced: Path) -> None:
    found = read_announcement(str(announced))
    assert (found.source.name, found.target.name) == ("Contoso", "Fabrikam")
