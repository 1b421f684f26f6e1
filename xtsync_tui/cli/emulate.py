"""``xtsync emulate``: the emulated Graph on a loopback port."""

import contextlib
import ipaddress
import json
import socket
from typing import TYPE_CHECKING, Any

import click

from xtsync_tui.cli import options
from xtsync_tui.cli.failures import reported
from xtsync_tui.errors import InvalidInput

if TYPE_CHECKING:
    import uvicorn

    from xtsync_tui.emulator.app import Emulator

BACKLOG = 128


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; 0 takes a free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Loopback address to listen on.")
@options.tenants
@click.option("--seed", type=int, default=1, show_default=True, help="Fixes the ids of all objects.")
@click.option("--tls", is_flag=True, help="Serve over TLS, with the sign-in service of the two tenants.")
@reported()
def command(
    *, port: int, host: str, scenario: str, users: int | None, speed: float, seed: int, tls: bool
) -> None:
    """Serve two demo tenants as Microsoft Graph does, for any Graph client, until Ctrl+C.

    The first line on standard output is JSON: the url, and name, tenantId, domain and token of each tenant,
    and the speed. A client puts /v1.0 or /beta behind the url and sends the token of the tenant it means. The
    tokens are new each time.

    With --tls it also says which account signs in to each tenant, the address of the page for device codes
    (signIn), and the certificate to trust: give its path to --ca.
    """
    listener = _listen(host, port)
    from xtsync_tui.emulator.app import Emulator

    emulator = Emulator(scenario, users, seed, speed=speed)
    (serve_secured if tls else serve)(emulator, listener)


def _listen(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises:
        InvalidInput: ``host`` is not loopback, or the port is taken.
    """
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        raise InvalidInput(f"--host {host} is no address.", hint="Use 127.0.0.1.") from None
    if not address.is_loopback:
        raise InvalidInput(
            f"--host {host} is reached from other machines.",
            "The emulator asks for no password and is for this machine only.",
            "Use 127.0.0.1.",
        )
    listener = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((str(address), port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise InvalidInput(
            f"Port {port} of {host} cannot be used.", error.strerror or "", "Choose another, or --port 0."
        ) from None
    return listener


def serve(emulator: "Emulator", listener: socket.socket) -> None:
    """Serve ``emulator`` on ``listener`` until it is interrupted, saying where once it answers."""
    address, port = listener.getsockname()[:2]
    url = f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"
    import uvicorn

    config = uvicorn.Config(
        emulator.app, log_config=None, access_log=False, date_header=False, server_header=False, lifespan="on"
    )
    _run(config, listener, {"url": url, "tenants": emulator.tenants, "speed": emulator.clock.speed})


def serve_secured(emulator: "Emulator", listener: socket.socket) -> None:
    """Serve ``emulator`` and its sign-in over TLS on ``listener`` until it is interrupted."""
    from xtsync_tui.cli.sign_in_server import SignInServer

    secured = SignInServer(emulator, listener.getsockname()[1])
    line = {
        "url": secured.url,
        "tenants": secured.tenants(emulator.tenants),
        "speed": emulator.clock.speed,
        "signIn": f"{secured.url}/devicelogin",
        "certificate": str(secured.certificate),
    }
    _run(secured.config(), listener, line)


def _run(config: "uvicorn.Config", listener: socket.socket, line: dict[str, Any]) -> None:
    """Serve until it is interrupted, saying ``line`` once it answers."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            click.echo(json.dumps(line))

    with contextlib.suppress(KeyboardInterrupt), listener:
        Server(config).run([listener])
