"""The emulator's own time: it can run faster than the client's, stand still, and be moved."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

NEVER = "0001-01-01T00:00:00Z"
"""How Graph writes "never" in a synchronization job."""


class Clock:
    """Emulated time, starting at ``start`` and running ``speed`` times as fast as ``monotonic`` seconds.

    ``speed`` 0 stands still until ``advance`` is called. Rate limits are measured in ``real`` time, because
    the client that waits them out does not live in emulated time.
    """

    def __init__(
        self, start: datetime, speed: float = 1.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._start = start.astimezone(UTC)
        self.speed = speed
        self._monotonic = monotonic
        self._origin = monotonic()

    def now(self) -> datetime:
        """Return the emulated time, in UTC."""
        return self._start + timedelta(seconds=(self._monotonic() - self._origin) * self.speed)

    def real(self) -> float:
        """Return the client's time, in seconds from an arbitrary origin."""
        return self._monotonic()

    def advance(self, step: timedelta) -> None:
        """Move the emulated time by ``step`` at once."""
        self._start += step


def stamp(moment: datetime) -> str:
    """Return ``moment`` as directory objects write it: whole seconds, ``2026-05-14T13:21:40Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def fine_stamp(moment: datetime) -> str:
    """Return ``moment`` as jobs and logs write it: seven digits, ``2026-05-14T13:21:40.1234567Z``."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "0Z"
