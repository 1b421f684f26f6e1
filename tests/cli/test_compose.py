"""Two commands meet on one running emulator."""

import gc
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest
import uvicorn

from xtsync_tui.cli.compose import announcement, opened, read_announcement
from xtsync_tui.emulator.app import Emulator
from xtsync_tui.model import Side

pytestmark = pytest.mark.anyio


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(speed=3600)


@pytest.fixture
async def announced(emulator: Emulator, tmp_path: Path) -> AsyncIterator[Path]:
    """Serve ``emulator`` on a free port and return the file with its first line."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(emulator.app, log_config=None, date_header=False, lifespan="off")
        server = uvicorn.Server(config)
        file = tmp_path / "emulator.json"
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        file.write_text(json.dumps({"url": url, "tenants": emulator.tenants}) + "\nmore\n")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.serve, [listener])
            yield file
            server.should_exit = True


def objects(emulator: Emulator) -> list[int]:
    return [
        len(found)
        for tenant in emulator.world.tenants.values()
        for found in (tenant.service_principals, tenant.assignments, tenant.partners, tenant.jobs)
    ]


async def test_whoever_comes_second_finds_everything_done(emulator: Emulator, announced: Path) -> None:
    async with opened(str(announced), "fresh", None, 1) as first:
        assert all([outcome.done async for outcome in first.setup.do_rest()])
    before = objects(emulator)
    async with opened(str(announced), "fresh", None, 1) as second:
        assert [outcome async for outcome in second.setup.do_rest()] == []
        assert (await second.setup.read()).finished
        assert not [one for one in second.log.exchanges if one.request.writes]
    assert objects(emulator) == before


async def test_a_large_demo_is_kept_out_of_the_garbage_collectors_sight() -> None:
    before = gc.get_freeze_count()
    async with opened(None, "large", 200, 60):
        assert gc.get_freeze_count() > before + 200
        assert gc.isenabled()
        assert gc.get_threshold()[0] > 700


async def test_the_demo_reads_as_graph_does_and_nothing_leaves_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    async with opened(None, "fresh", None, 1) as workspace:
        await workspace.introduce()
        assert workspace.side(Side.SOURCE).name == "Contoso"
        urls = [one.url for one in workspace.log.exchanges]
        assert urls
        assert all(url.startswith("https://graph.microsoft.com/v1.0/") for url in urls)


async def test_an_announcement_never_shows_its_tokens(emulator: Emulator) -> None:
    found = announcement("http://127.0.0.1", emulator.tenants)
    assert found.source.token not in repr(found)
    assert found.pair != announcement("http://127.0.0.1", Emulator().tenants).pair


async def test_the_first_line_is_read(announced: Path) -> None:
    found = read_announcement(str(announced))
    assert (found.source.name, found.target.name) == ("Contoso", "Fabrikam")
