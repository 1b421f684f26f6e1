"""When a job is put into quarantine, how often it is tried there, and how many deletions are too many.

Source: "application-provisioning-quarantine-status", "accidental-deletions".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

INTERVAL = timedelta(minutes=40)
"""The fixed time between the starts of two cycles, PT40M."""

FIRST_RETRIES = (timedelta(hours=6), timedelta(hours=12), timedelta(hours=24))
"""When a quarantined job is tried again, counted from the first failure; then once a day."""

LIMIT = timedelta(days=28)
"""After this time in quarantine the job is disabled and its escrows are dropped."""

EVALUATED_FROM = 5_000
PROPORTION = 0.4
BASE_LIMIT = 40_000
TOTAL_LIMIT = 60_000


class QuarantineReason(StrEnum):
    """Why a job is in quarantine (synchronization-synchronizationquarantine)."""

    BASE = "EncounteredBaseEscrowThreshold"
    TOTAL = "EncounteredTotalEscrowThreshold"
    PROPORTION = "EncounteredEscrowProportionThreshold"
    EXCEPTION = "EncounteredQuarantineException"
    ON_DEMAND = "QuarantinedOnDemand"
    TOO_MANY_DELETES = "TooManyDeletes"
    INTERRUPTED = "IngestionInterrupted"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class JobError:
    """The error of a whole cycle (synchronization-synchronizationerror)."""

    code: str
    message: str
    tenant_actionable: bool = True


@dataclass(frozen=True, slots=True)
class Quarantine:
    """One stay in quarantine. ``series_count`` counts the cycles that failed in it."""

    reason: QuarantineReason
    series_began: datetime
    current_began: datetime
    next_attempt: datetime
    series_count: int = 1
    error: JobError | None = None

    def expired(self, now: datetime) -> bool:
        """Whether the job is to be disabled."""
        return now - self.series_began >= LIMIT


def enter(
    previous: Quarantine | None, reason: QuarantineReason, now: datetime, error: JobError | None = None
) -> Quarantine:
    """Return the quarantine that follows from one more failed cycle at ``now``."""
    began = previous.series_began if previous else now
    same = previous is not None and previous.reason is reason
    return Quarantine(
        reason=reason,
        series_began=began,
        current_began=previous.current_began if previous and same else now,
        next_attempt=next_attempt(began, now),
        series_count=previous.series_count + 1 if previous else 1,
        error=error,
    )


def next_attempt(series_began: datetime, now: datetime) -> datetime:
    """Return the first retry after ``now``: 6, 12 and 24 hours after the first failure, then daily."""
    for delay in FIRST_RETRIES:
        if series_began + delay > now:
            return series_began + delay
    days = (now - series_began) // timedelta(days=1) + 1
    return series_began + timedelta(days=days)


def quarantine_reason(*, failed: int, succeeded: int, references_failed: int) -> QuarantineReason | None:
    """Return why a cycle with these numbers of events leads to quarantine, None when it does not.

    Not documented: which reason goes with which limit; matched by their names.
    """
    if failed + references_failed > TOTAL_LIMIT:
        return QuarantineReason.TOTAL
    if failed < EVALUATED_FROM:
        return None
    if failed > BASE_LIMIT:
        return QuarantineReason.BASE
    return QuarantineReason.PROPORTION if failed > PROPORTION * (failed + succeeded) else None


def too_many(removals: int, threshold: int | None) -> bool:
    """Tell whether a cycle with ``removals`` planned deletions and disables is held; no threshold holds none.

    The pages contradict each other. "500 allows at most 499" (how-to-inbound-synch-ms-graph) and "threshold
    met" (accidental-deletions) mean >=, one sentence of the latter means >. This is the one place that
    decides: >=.
    """
    return threshold is not None and removals >= max(threshold, 1)
