"""A Graph request as a value, and what became of it."""

from datetime import datetime
from enum import Enum
from typing import Any

import msgspec

Json = Any


class Side(Enum):
    """One of the two tenants of a pair."""

    SOURCE = "source"
    TARGET = "target"

    @property
    def other(self) -> "Side":
        """The opposite side."""
        return Side.TARGET if self is Side.SOURCE else Side.SOURCE


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One Graph request before it is sent: it can be shown, copied, kept and compared.

    ``path`` is relative to the version root and starts with a slash. ``body`` is JSON, None for none.
    ``scopes`` names the delegated permissions it needs beyond reading.
    """

    method: str
    path: str
    body: Json = None
    version: str = "v1.0"
    scopes: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def writes(self) -> bool:
        """Whether it changes something. Two tests of the service are POSTs that change nothing."""
        return self.method != "GET" and not self.path.endswith(("/validateCredentials", "/parseExpression"))


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One request and what came back, for the request log. It never holds a token.

    ``status`` is 0 when no answer came. ``took`` and ``waited`` are in seconds; ``waited`` is the time spent
    on Graph's demand to slow down. ``answer`` is the body as text, cut to what a log needs.
    """

    id: int
    side: Side
    request: Request
    url: str
    began: datetime
    status: int = 0
    took: float = 0.0
    waited: float = 0.0
    request_id: str = ""
    client_request_id: str = ""
    answer: str = ""
    note: str = ""
    done: bool = True
