"""When a request may be sent again, and how long to wait before it: the only retry policy there is.

The retry handler of the SDK is off: it would hold a screen for minutes without a word.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from xtsync_tui.errors import GraphError, NoAnswer, ServiceFailed, Throttled
from xtsync_tui.model import Request

REPEATS = 3
TOTAL = timedelta(minutes=1)
_FIRST_SECONDS = 1.0
_FIRST_SECONDS_THROTTLED = 4.0
"""Limits are counted over 10 seconds [throttling-limits]: the first two waits get past that."""


def may_repeat(error: GraphError, request: Request, *, safe: bool) -> bool:
    """Whether ``request`` may be sent again after ``error``; ``safe`` when it changes nothing.

    429 means that nothing was carried out [throttling]. 503 with a ``Retry-After`` says the same for a write
    that gives the same result twice, but a POST that creates is never repeated on it. A lost answer is only
    asked for again when nothing can happen twice.
    """
    match error:
        case Throttled():
            return True
        case NoAnswer():
            return safe
        case ServiceFailed(status=503, retry_after=float()) if request.method != "POST":
            return True
        case ServiceFailed(status=503 | 504):
            return safe
        case _:
            return False


class Patience:
    """What one request may still cost: three repeats, and a minute from when it was first sent."""

    def __init__(self, clock: Callable[[], datetime], jitter: Callable[[], float]) -> None:
        self._clock = clock
        self._jitter = jitter
        self._repeats = 0
        self._end = clock() + TOTAL

    def seconds_after(self, error: GraphError) -> float | None:
        """Return how long to wait after ``error``, None when it is enough.

        Graph's own ``Retry-After`` is kept to; without one the waits double, spread by a quarter either way.
        """
        seconds = error.retry_after
        if seconds is None:
            first = _FIRST_SECONDS_THROTTLED if isinstance(error, Throttled) else _FIRST_SECONDS
            seconds = first * 2**self._repeats * (0.75 + self._jitter() / 2)
        if self._repeats == REPEATS or self._clock() + timedelta(seconds=seconds) > self._end:
            return None
        self._repeats += 1
        return seconds
