"""A Graph that answers from a script, and a client whose clock only moves when it waits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx

from xtsync_tui.graph.auth import FixedToken, TokenSource
from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.log import RequestLog
from xtsync_tui.model import Json, Request, Side

TOKEN = "eyJ0-secret-token"
NOON = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)
USERS = Request(method="GET", path="/users")
REQUEST_ID = "5b1c7f6e-2a4d-4d7e-9a55-0a4b1f0f6a11"


def answer(status: int = 200, body: Json = None, **headers: str) -> httpx.Response:
    """Return an answer of Graph; header names with an underscore for a dash."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is None:
        return httpx.Response(status, headers=named)
    return httpx.Response(status, json=body, headers=named)


def refused(status: int, code: str = "", message: str = "", **headers: str) -> httpx.Response:
    """Return an error of Graph."""
    inner = {"request-id": REQUEST_ID}
    error = {"error": {"code": code, "message": message, "innerError": inner}}
    return answer(status, error, **headers)


@dataclass
class Graph:
    """Answers the requests in order, raising those that are exceptions; remembers what was asked."""

    answers: Sequence[httpx.Response | Exception]
    asked: list[httpx.Request] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        reply = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(reply, Exception):
            raise reply
        return httpx.Response(reply.status_code, headers=reply.headers, content=reply.content)

    @property
    def paths(self) -> list[str]:
        """The addresses below the host, decoded."""
        return [httpx.URL(request.url).raw_path.decode() for request in self.asked]


@dataclass
class Watch:
    """A clock that moves when somebody sleeps."""

    now: datetime = NOON
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


def client_of(graph: Graph, watch: Watch | None = None, **changes: Any) -> GraphClient:
    """Return a client of the source that speaks to ``graph``."""
    watch = watch or Watch()
    numbers = count(1)
    tokens: TokenSource = changes.pop("tokens", FixedToken(TOKEN))
    settings: dict[str, Any] = {
        "log": RequestLog(),
        "clock": watch,
        "ids": lambda: f"own-{next(numbers)}",
        "transport": httpx.MockTransport(graph),
        "sleep": watch.sleep,
        "jitter": lambda: 0.5,
    }
    base_url: str = changes.pop("base_url", "https://graph.example")
    return GraphClient(Side.SOURCE, base_url, tokens, **settings | changes)
