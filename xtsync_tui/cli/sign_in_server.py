"""The emulated Graph with its sign-in over TLS on the loopback: for ``emulate --tls``, ``demo --sign-in``."""

import secrets
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xtsync_tui.private_file import locked, make_private_folder, read_private, write_private
from xtsync_tui.settings import state_folder

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

    from xtsync_tui.emulator.app import Emulator
    from xtsync_tui.emulator.sts import TokenService

PORT = 8443
"""Where the demo's sign-in is if the port is free."""


TROUBLES = ("blocked", "managed", "other-tenant", "expires")
"""What can go wrong: device codes are blocked, or want a managed device; tokens name another tenant;
sign-ins last for a minute."""

_NORTHWIND = "5b1f7a90-2c64-4f0d-9a83-7e02d4c815f6"
_SHORT = 360
"""Seconds; the last 300 of a token are not used."""


class SignInServer:
    """``emulator`` and its sign-in at ``url``; clients trust ``certificate``, a PEM file."""

    def __init__(self, emulator: "Emulator", port: int, interval: int = 5) -> None:
        from xtsync_tui.emulator.certificate import write_certificate
        from xtsync_tui.emulator.sign_in import with_sign_in

        folder = state_folder() / "emulator"
        make_private_folder(folder)
        own = folder / str(port)  # of its own, so that two emulators keep off each other's certificate
        make_private_folder(own)
        self.url = f"https://localhost:{port}"
        self.certificate: Path = write_certificate(own, datetime.now(UTC))
        self.app: ASGIApp
        self.service: TokenService
        self.app, self.service = with_sign_in(
            emulator.app,
            emulator.world,
            interval=interval,
            key=_signing_key(folder),
            lifespan=emulator.working,
        )
        self.service.rules.asks = True

    def make(self, trouble: str) -> None:
        """Let the sign-in to TARGET go wrong as ``trouble``, one of TROUBLES, says."""
        from xtsync_tui.emulator.sts import DEVICE_CODE, REFRESH_TOKEN

        target, rules = self.service.directories[1].id, self.service.rules
        match trouble:
            case "blocked":
                rules.blocked[target, DEVICE_CODE] = 53003
            case "managed":
                rules.blocked[target, DEVICE_CODE] = 530003
            case "other-tenant":
                rules.misdirected[target] = _NORTHWIND
            case "expires":
                self.service.lifetime = _SHORT
                rules.blocked[target, REFRESH_TOKEN] = 70008

    def tenants(self, tenants: list[dict[str, str]]) -> list[dict[str, str]]:
        """Return the tenants of an announcement with the account that can sign in to each."""
        accounts = {one.id: one.people[0].username for one in self.service.directories if one.people}
        return [{**tenant, "account": accounts.get(tenant["tenantId"], "")} for tenant in tenants]

    def config(self) -> "uvicorn.Config":
        """Return what a server of it is made of."""
        import uvicorn

        from xtsync_tui.emulator.certificate import server_context

        config = uvicorn.Config(
            self.app, log_config=None, access_log=False, date_header=False, server_header=False, lifespan="on"
        )
        config.load()
        config.ssl = server_context(self.certificate)
        return config


def serve_beside(emulator: "Emulator", trouble: str = "", interval: int = 2) -> SignInServer:
    """Serve ``emulator`` with its sign-in in a thread that ends with the program, and return where it is."""
    import uvicorn

    listener = _listener()
    secured = SignInServer(emulator, listener.getsockname()[1], interval)
    secured.make(trouble)
    server = uvicorn.Server(secured.config())
    threading.Thread(target=server.run, args=([listener],), daemon=True).start()
    return secured


def certificate_of(port: int = PORT) -> Path:
    """Return where the certificate of the emulator at ``port`` is, or would be."""
    return state_folder() / "emulator" / str(port) / "certificate.pem"


def _listener() -> socket.socket:
    try:
        return _listen(PORT)
    except OSError:
        return _listen(0)


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def _signing_key(folder: Path) -> bytes:
    """Return the key of earlier runs: made-up people stay signed in when the emulator is started again."""
    with locked(folder / "key.lock"):
        key = read_private(folder / "key")
        if key is None:
            key = secrets.token_bytes(32)
            write_private(folder / "key", key)
        return key
