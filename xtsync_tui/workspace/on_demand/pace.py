"""Keeps to the limit of provision on demand: 5 requests in 10 seconds."""

from collections import deque
from collections.abc import Callable

REQUESTS = 5
SECONDS = 10.0
"""[synchronization-synchronizationjob-provisionondemand]"""


class Pace:
    """Knows when the next request may leave. ``monotonic`` counts seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._ended: deque[float] = deque(maxlen=REQUESTS)
        self._not_before = 0.0

    def note(self) -> None:
        """Count a request that has just ended.

        Its end is counted, not its start: the service counts when it arrives, which is no later than that.
        """
        self._ended.append(self._monotonic())

    def hold(self, seconds: float) -> None:
        """Send nothing for so long, because the service asked for it."""
        self._not_before = max(self._not_before, self._monotonic() + seconds)

    @property
    def seconds_left(self) -> float:
        """How long to wait before the next request, 0 for not at all."""
        free = self._ended[0] + SECONDS if len(self._ended) == REQUESTS else 0.0
        return max(free, self._not_before, self._monotonic()) - self._monotonic()
