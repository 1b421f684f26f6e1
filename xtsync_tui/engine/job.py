"""What a job remembers between cycles, and what a restart makes it forget."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntFlag
from typing import NamedTuple

from xtsync_tui.engine.decision import Action, Decision, Link, LinkState, User
from xtsync_tui.engine.quarantine import INTERVAL, Quarantine

MOST_CYCLES = timedelta(days=1) // INTERVAL
"""The longest back-off of an escrow, in cycles: once a day."""


class ResetScope(IntFlag):
    """What a restart resets: Graph's ``resetScope`` (synchronization-synchronizationjobrestartcriteria)."""

    NONE = 0
    CONNECTOR_DATA_STORE = 1
    ESCROWS = 2
    WATERMARK = 4
    QUARANTINE_STATE = 8
    FULL = 15
    FORCE_DELETES = 32


PORTAL_RESTART = ResetScope.QUARANTINE_STATE | ResetScope.WATERMARK | ResetScope.ESCROWS
"""What empty criteria mean, and the portal's button "Restart provisioning"."""

_SCOPES = {
    "none": ResetScope.NONE,
    "connectordatastore": ResetScope.CONNECTOR_DATA_STORE,
    "escrows": ResetScope.ESCROWS,
    "watermark": ResetScope.WATERMARK,
    "quarantinestate": ResetScope.QUARANTINE_STATE,
    "full": ResetScope.FULL,
    "forcedeletes": ResetScope.FORCE_DELETES,
}


class Escrow(NamedTuple):
    """A change that failed and waits: since how many attempts, and for which cycle."""

    code: str
    attempts: int
    due: int
    reference: bool = False


@dataclass(slots=True)
class JobState:
    """What the service keeps of a job between cycles. Only ``run_cycle`` and ``restart`` change it.

    ``links`` and ``escrows`` are by source id. ``held`` are source ids whose deletion waits for approval.
    ``watermark`` is None before the first complete cycle. ``cycles`` counts the cycles that ran.
    """

    links: dict[str, Link] = field(default_factory=dict)
    escrows: dict[str, Escrow] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    watermark: str | None = None
    quarantine: Quarantine | None = None
    cycles: int = 0
    began: datetime | None = None
    force_deletes: bool = False
    disabled: bool = False
    steady_first: datetime | None = None
    steady_last: datetime | None = None

    @property
    def initial(self) -> bool:
        """Whether the next cycle is an initial one."""
        return self.watermark is None

    @property
    def managed(self) -> int:
        """How many users are linked: synchronizedEntryCountByType, which soft deletions do not lower."""
        return len(self.links)

    def next_run(self, now: datetime) -> datetime | None:
        """Return when the next cycle starts, None for a job disabled after too long in quarantine."""
        if self.disabled:
            return None
        if self.quarantine:
            return max(self.quarantine.next_attempt, now)
        return max(self.began + INTERVAL, now) if self.began else now

    def escrow(self, source_id: str, code: str, attempts: int, *, reference: bool = False) -> None:
        """Note a change that failed ``attempts`` times; it waits 1, 2, 4, 8 … cycles, at most a day.

        Not documented beyond "retried in the next cycle, then less and less often".
        """
        wait = min(2 ** min(attempts - 1, 16), MOST_CYCLES)
        self.escrows[source_id] = Escrow(code, attempts, self.cycles + wait, reference)


def note_link(
    links: dict[str, Link], user: User, decision: Decision, target_id: str, *, on_demand: bool = False
) -> None:
    """Note in ``links`` what a decision, carried out, means for the user.

    What was deleted on demand is not restored by a later cycle ("provision-on-demand").
    """
    if decision.action is Action.HARD_DELETE:
        links.pop(user.id, None)
    elif decision.action is not Action.SOFT_DELETE:
        links[user.id] = Link(target_id)
    elif on_demand:
        links[user.id] = Link(target_id, LinkState.LEFT)
    else:
        gone = LinkState.DELETED_WITH_SOURCE if user.deleted else LinkState.DELETED_OUT_OF_SCOPE
        links[user.id] = Link(target_id, gone)


def parse_reset_scope(text: str | None) -> ResetScope | None:
    """Read Graph's comma list; empty means the portal's restart, None that a word in it is unknown."""
    words = [word.strip().lower() for word in (text or "").split(",") if word.strip()]
    if any(word not in _SCOPES for word in words):
        return None
    scope = ResetScope.NONE
    for word in words:
        scope |= _SCOPES[word]
    return scope if words else PORTAL_RESTART


def restart(state: JobState, scope: ResetScope = PORTAL_RESTART) -> None:
    """Forget what ``scope`` names and let the next cycle start at once."""
    if ResetScope.CONNECTOR_DATA_STORE in scope:
        state.links.clear()
        state.held.clear()
    if ResetScope.ESCROWS in scope:
        state.escrows.clear()
    if ResetScope.WATERMARK in scope:
        state.watermark = None
    if ResetScope.QUARANTINE_STATE in scope or ResetScope.FORCE_DELETES in scope:
        state.quarantine = None
    if ResetScope.FORCE_DELETES in scope:
        state.force_deletes = True
    if scope:
        state.began = None
        state.disabled = False
