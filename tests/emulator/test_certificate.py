"""The certificate of the emulator on the loopback."""

import socket
import ssl
import stat
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from xtsync_tui.emulator.certificate import server_context, write_certificate


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_a_client_that_is_given_it_trusts_the_loopback(tmp_path: Path, host: str) -> None:
    path = write_certificate(tmp_path, datetime.now(UTC))
    ours, theirs = socket.socketpair()
    server = Thread(
        target=lambda: server_context(path).wrap_socket(theirs, server_side=True).close(), daemon=True
    )
    server.start()

    with ssl.create_default_context(cafile=path).wrap_socket(ours, server_hostname=host) as client:
        assert client.version()
    server.join(5)
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600


def test_no_other_host_can_use_it(tmp_path: Path) -> None:
    path = write_certificate(tmp_path, datetime.now(UTC))
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            server_context(path).wrap_socket(theirs, server_side=True)
        except ssl.SSLError:
            theirs.close()

    server = Thread(target=serve, daemon=True)
    server.start()
    with pytest.raises(ssl.SSLCertVerificationError), ours:
        ssl.create_default_context(cafile=path).wrap_socket(ours, server_hostname="login.microsoftonline.com")
    server.join(5)
