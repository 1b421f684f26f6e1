"""The loopback address to which the browser comes back with the authorization code.

The answer counts only with the state of this attempt, whoever brings it: the browser here, one at the other
end of a port forward, or a person who pastes the address.
"""

import hmac
import socketserver
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlsplit

_LARGEST_ANSWER = 64 * 1024
_LOOK_EVERY = 0.2
_PAGE = b"<!doctype html><title>xtsync</title><p>Received. Go back to the terminal and close this page."


class Redirect(socketserver.TCPServer):
    """Listens on the loopback ``port`` for the answer with ``state``; raises OSError if it is taken.

    Port 0 takes a free one; ``port`` then says which.
    """

    allow_reuse_address = True

    def __init__(self, port: int, state: str) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.timeout = _LOOK_EVERY
        self.port: int = self.server_address[1]
        self.answer: dict[str, str] = {}
        self._state = state

    def take(self, query: str) -> bool:
        """Take the answer ``query`` (``code=…&state=…``) if it belongs to this attempt, and say whether."""
        answer = dict(parse_qsl(query))
        if not hmac.compare_digest(answer.get("state", "").encode(), self._state.encode()):
            return False
        self.answer = answer
        return True

    def paste(self, address: str) -> bool:
        """Take the answer out of the address that a browser ended at, and say whether it was one."""
        return self.take(urlsplit(address.strip()).query)

    def wait(self, stop: threading.Event) -> dict[str, str]:
        """Return the answer, empty once ``stop`` is set."""
        while not self.answer and not stop.is_set():
            self.handle_request()
        return self.answer


class _Handler(BaseHTTPRequestHandler):
    server: Redirect
    timeout = 2  # a browser opens connections on which it never asks anything

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        size = int(length) if length.isdecimal() else 0
        self._answer(self.rfile.read(min(size, _LARGEST_ANSWER)).decode("utf-8", "replace"))

    def _answer(self, query: str) -> None:
        if not self.server.take(query):
            self.send_error(HTTPStatus.BAD_REQUEST, "Not the answer to this sign-in")
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(_PAGE)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing: the line would hold the code."""
