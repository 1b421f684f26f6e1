"""The queue as values: who is in it, how each one stands, and the changes a person can make to it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from xtsync_tui.workspace.setup import Cause, OnDemandResult, Principal


class State(Enum):
    """How a person in the queue stands."""

    TO_DO = "to do"
    """Added; nothing is sent before it was confirmed."""
    NEXT = "next"
    """Confirmed; sent when it is their turn."""
    HELD = "held"
    """Confirmed, and held back: sending would do harm, or nobody can tell. The cause says why."""
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Queued:
    """One person: ``began`` is on the monotonic clock, ``lost`` when a request left that got no answer.

    ``entry`` is the journal's id of the last request, 0 before the first. Who is ``forced`` is sent without a
    look at what held them back. ``looks`` counts the looks for a lost answer, ``look_at`` is when the next
    one is due, on the monotonic clock, 0 for none. ``repaired`` says what was mended since the result.
    """

    user_id: str
    name: str
    account: str = ""
    state: State = State.TO_DO
    result: OnDemandResult | None = None
    cause: Cause | None = None
    began: float = 0.0
    lost: datetime | None = None
    entry: int = 0
    forced: bool = False
    looks: int = 0
    look_at: float = 0.0
    repaired: str = ""

    @property
    def words(self) -> str:
        """The result in the words of the list: ``created``, ``updated, 3``, ``skipped``."""
        if self.state is State.HELD and self.cause is not None:
            return "in the bin" if self.in_the_bin else "cannot tell"
        if self.repaired and self.state in (State.TO_DO, State.DONE):
            return "repaired"
        if self.state is not State.DONE or self.result is None:
            return self.state.value
        if self.result.words == "no change needed":
            return "no change"
        if self.result.words == "deleted":
            return "soft-deleted"
        if self.result.words == "updated":
            return f"updated, {len(self.result.modified)}"
        return self.result.words

    @property
    def in_the_bin(self) -> bool:
        """Whether they are held back as deleted in the target: that has a repair."""
        return self.state is State.HELD and self.cause is not None and self.cause.repair is not None

    @property
    def waits(self) -> bool:
        """Whether nothing was sent for them yet."""
        return self.state in (State.TO_DO, State.NEXT, State.HELD)


Queue = tuple[Queued, ...]


def added(queue: Queue, people: Iterable[Principal]) -> Queue:
    """Return the queue with people at its end; who is in it stays where they are."""
    there = {one.user_id for one in queue}
    new = {one.id: Queued(one.id, one.name or one.id, one.detail) for one in people if one.id not in there}
    return (*queue, *new.values())


def released(queue: Queue, ids: Collection[str], over: Collection[str] = ()) -> Queue:
    """Return the queue with these people confirmed; who had a result, or was held back, goes again.

    Only those in ``over`` are sent without a look at what held them back.
    """
    return _with(
        queue,
        lambda one: one.user_id in ids and one.state not in (State.RUNNING, State.NEXT),
        lambda one: replace(
            one, state=State.NEXT, cause=None, lost=None, looks=0, repaired="", forced=one.user_id in over
        ),
    )


def without(queue: Queue, ids: Collection[str]) -> Queue:
    """Return the queue without these people; the one who is under way stays."""
    return tuple(one for one in queue if one.user_id not in ids or one.state is State.RUNNING)


def with_one(queue: Queue, changed: Queued) -> Queue:
    """Return the queue with one person as they now stand."""
    return _with(queue, lambda one: one.user_id == changed.user_id, lambda _: changed)


def confirmed(queue: Queue, only: Collection[str] = ()) -> Queue:
    """Return whoever is still to be sent; ``only`` those, when it names any."""
    return tuple(one for one in queue if one.state is State.NEXT and (not only or one.user_id in only))


def _with(queue: Queue, which: Callable[[Queued], bool], change: Callable[[Queued], Queued]) -> Queue:
    return tuple(change(one) if which(one) else one for one in queue)
