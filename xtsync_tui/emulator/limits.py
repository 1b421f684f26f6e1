"""The documented rate limits, as data, and the counting of requests against them.

The window is measured in the client's real time: a client that polls too fast is too fast at any speed of
the emulated clock.
"""

from collections import deque
from dataclasses import dataclass, field

from xtsync_tui.emulator.errors import too_many


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``requests`` in ``seconds`` for one application in one tenant.

    ``says_when``: whether a refusal carries ``Retry-After``.
    """

    name: str
    requests: int
    seconds: float
    says_when: bool


REPORTS = Limit("identity reports", 5, 10.0, says_when=False)
"""Both audit logs, the provisioning log and authentication methods [throttling-limits]. One count for all of
them. Not documented: that no Retry-After comes; clients report it."""

ON_DEMAND = Limit("provisionOnDemand", 5, 10.0, says_when=True)
"""[synchronization-synchronizationjob-provisionondemand]."""


@dataclass(slots=True)
class Limiter:
    """Counts requests per limit and tenant. ``enabled`` False lets everything pass."""

    enabled: bool = True
    _seen: dict[tuple[str, str], deque[float]] = field(default_factory=dict)

    def admit(self, limit: Limit, tenant_id: str, now: float) -> None:
        """Count one request at ``now`` (real seconds).

        Raises:
            Refusal: 429, when the window is full.
        """
        if not self.enabled:
            return
        seen = self._seen.setdefault((limit.name, tenant_id), deque())
        while seen and seen[0] <= now - limit.seconds:
            seen.popleft()
        if len(seen) >= limit.requests:
            wait = seen[0] + limit.seconds - now
            raise too_many(round(wait, 3) if limit.says_when else None)
        seen.append(now)
