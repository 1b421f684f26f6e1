"""How fast logs and authentication methods may be asked; whoever reads them waits for the same turns."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from xtsync_tui.model import Request

TURNS, WINDOW = 5, timedelta(seconds=10)
"""Requests in so much time, for one application in one tenant, all of them counted together
[throttling-limits, identity and access reports]."""


def is_limited(request: Request) -> bool:
    """Whether a request counts against that limit."""
    return request.path.startswith("/auditLogs/") or "/authentication/" in request.path


class Pace:
    """Deals out the turns of one tenant, in the order in which they are asked for."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._turns: deque[datetime] = deque(maxlen=TURNS)

    def seconds(self, request: Request) -> float:
        """Take the next turn for ``request`` and return the seconds until then; 0 where there is no limit."""
        if not is_limited(request):
            return 0.0
        now = self._clock()
        turn = max(now, self._turns[0] + WINDOW) if len(self._turns) == TURNS else now
        self._turns.append(turn)
        return (turn - now) / timedelta(seconds=1)
