"""A security token service over TLS, and a watch that no secret gets out."""

import logging
import random
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.graph.auth.support import CLIENT, DIRECTORIES, Journal
from xtsync_tui.emulator.sts import TokenService
from xtsync_tui.emulator.sts_pages import SignInPages
from xtsync_tui.graph.auth.accounts import Accounts
from xtsync_tui.graph.auth.keeper import Keeper
from xtsync_tui.graph.auth.session import TenantSession
from xtsync_tui.graph.auth.stores import open_store
from xtsync_tui.graph.clouds import Cloud, emulated_cloud
from xtsync_tui.model import Side
from xtsync_tui.settings import TenantSettings, Way, config_folder, state_folder


class Server:
    """A TLS server on the loopback that serves whatever application ``app`` is at the time."""

    def __init__(self, folder: Path) -> None:
        self.app: ASGIApp | None = None
        self.authority = folder / "authority.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.authority))
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(trust)
        config = uvicorn.Config(
            self._serve,
            host="localhost",
            port=0,
            log_config=None,
            lifespan="off",
            ws="none",
            interface="asgi3",
            headers=[("connection", "close")],
        )
        config.load()
        config.ssl = trust
        self._uvicorn = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._uvicorn.run, daemon=True)
        self._thread.start()
        while not self._uvicorn.started:
            self._thread.join(0.01)
        self.address = f"https://localhost:{self._uvicorn.servers[0].sockets[0].getsockname()[1]}"

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)

    def stop(self) -> None:
        self._uvicorn.should_exit = self._uvicorn.force_exit = True
        self._thread.join(5)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests: to begin and end TLS takes longer than a test."""
    server = Server(tmp_path_factory.mktemp("tls"))
    yield server
    server.stop()


@dataclass
class Sts:
    """The running service, its address as a cloud, and every secret that it gave out."""

    service: TokenService
    cloud: Cloud
    moment: list[float] = field(default_factory=lambda: [0.0])
    journal: Journal = field(default_factory=Journal)


@pytest.fixture
def sts(server: Server) -> Sts:
    """Serve a security token service of this test's own."""
    shift = [0.0]
    dice = random.Random(6)  # noqa: S311 - the same codes each time
    service = TokenService(DIRECTORIES, lambda _: None, lambda: time.time() + shift[0], dice, interval=0)
    journal = Journal()
    server.app = journal.watching(Starlette(routes=SignInPages(service).routes()))
    return Sts(service, emulated_cloud(server.address, str(server.authority)), shift, journal)


@pytest.fixture(autouse=True)
def no_secret_gets_out(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Iterator[None]:
    """Look, after each sign-in, for what the service gave out: in logs, output, files outside the store."""
    if "sts" not in request.fixturenames:
        yield
        return
    caplog.set_level(logging.DEBUG)
    journal: Journal = request.getfixturevalue("sts").journal
    yield
    shown = caplog.text + "".join(capfd.readouterr())
    store = state_folder() / "tokens"
    for folder in (config_folder(), state_folder()):
        for file in folder.rglob("*"):
            if file.is_file() and store not in file.parents:
                shown += file.read_bytes().decode("latin-1")
    assert journal.found_in(shown) == []


@pytest.fixture
def keeper() -> Keeper:
    """Keep tokens in a plain file, so that another process finds them whatever this machine has."""
    return Keeper(lambda: open_store("plaintext", state_folder() / "tokens"), Accounts())


@pytest.fixture
def session(sts: Sts, keeper: Keeper) -> TenantSession:
    """The target side of a profile that signs in by device code."""
    tenant = TenantSettings(tenant="fabrikam.com", client_id=CLIENT, way=Way.DEVICE_CODE)
    return TenantSession(Side.TARGET, tenant, sts.cloud, keeper, port=0, environment={})
