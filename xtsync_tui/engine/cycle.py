"""One cycle of a job as a generator: it decides, the caller writes and reports back.

An initial cycle reads every user, an incremental one those that changed since the watermark; both take along
the failed changes that are due and the deletions that wait. Order: users, deletions, references, watermark,
quarantine test ("how-provisioning-works"). Not documented: when the deletion test runs; deletions are planned
first and tested before the first one is carried out, after the other changes.
"""

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import NamedTuple, Protocol

from xtsync_tui.engine import quarantine as rule
from xtsync_tui.engine.decision import (
    EXPORTS,
    REMOVALS,
    Action,
    Decision,
    Link,
    Links,
    LinkState,
    Reason,
    Target,
    User,
    decide,
)
from xtsync_tui.engine.job import JobState, note_link
from xtsync_tui.engine.mapping import Reference
from xtsync_tui.engine.quarantine import JobError, Quarantine, QuarantineReason
from xtsync_tui.engine.references import decide_references
from xtsync_tui.engine.rules import Rules

STRETCH = 1000
"""Linked users compared at a time: the caller is let in between, however many of them are unchanged."""


class Source(Protocol):
    """Where users are read. A page may be fetched when it is asked for; units of progress are pages."""

    def mark(self) -> str:
        """Return the watermark of now."""

    def total_pages(self, watermark: str | None) -> int:
        """Return how many pages there are since ``watermark``, all of them for None."""

    def pages(self, watermark: str | None) -> Iterable[Sequence[User]]:
        """Yield users page by page: all for None, else those that changed, also deleted and purged ones.

        A user also counts as changed when an assignment or a group membership of it changed.
        """

    def get(self, user_id: str) -> User | None:
        """Return one user, also a soft-deleted one; None when it is purged."""


class Export(NamedTuple):
    """Asks the caller to carry out ``decision``; answered with Done, Failed or Halt."""

    user: User
    decision: Decision


class Noted(NamedTuple):
    """A decision with nothing to write: a row for the log. ``staged`` marks a deletion that was held back."""

    user: User
    decision: Decision
    staged: bool = False


class Progress(NamedTuple):
    """How many pages are through. Comes again in the second pass, where most users need nothing."""

    completed: int
    total: int


class Done(NamedTuple):
    """The write succeeded; ``target_id`` is the id of the target user written to."""

    target_id: str


class Failed(NamedTuple):
    """The write of this object failed; it goes into escrow."""

    code: str
    message: str = ""


class Halt(NamedTuple):
    """Nothing can be written at all, as with a missing policy: the cycle ends in quarantine at once."""

    error: JobError


Step = Export | Noted | Progress
Outcome = Done | Failed | Halt | None
Cycle = Generator[Step, Outcome, "CycleResult"]


@dataclass(slots=True)
class Counters:
    """The figures of one execution, named as in synchronization-synchronizationtaskexecution.

    ``exports`` are the writes that were expected, ``exported`` those that succeeded; ``escrowed_raw`` are the
    failures of this cycle, ``escrowed`` what waits at its end.
    """

    imported: int = 0
    imported_deltas: int = 0
    imported_reference_deltas: int = 0
    entitled: int = 0
    entitled_for_provisioning: int = 0
    exports: int = 0
    exported: int = 0
    escrowed: int = 0
    escrowed_raw: int = 0
    references_failed: int = 0
    skipped: int = 0
    unchanged: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class CycleResult:
    """How a cycle ended. ``state`` is Graph's: Succeeded, EntryLevelErrors or Failed."""

    initial: bool
    state: str
    counters: Counters
    quarantine: Quarantine | None
    error: JobError | None = None


class _Halted(Exception):
    def __init__(self, error: JobError) -> None:
        super().__init__(error.code)
        self.error = error


def plan(
    rules: Rules, users: Iterable[User], links: Links, target: Target
) -> Iterator[tuple[User, Decision]]:
    """Decide about ``users`` one after the other without writing; memory does not grow with their number."""
    for user in users:
        yield user, decide(rules, user, links, target)


def run_cycle(
    rules: Rules,
    state: JobState,
    source: Source,
    target: Target,
    *,
    now: datetime,
    threshold: int | None = None,
) -> Cycle:
    """Run one cycle; ``threshold`` is the deletion threshold, None when it is switched off.

    Yields Progress, Noted and Export; an Export is answered by ``send``, the others by ``next``. Returns the
    CycleResult. Closing the generator leaves ``state`` as after the last answer, with the old watermark.
    """
    return _Run(rules, state, source, target, now, threshold).run()


@dataclass(slots=True)
class _Run:
    rules: Rules
    state: JobState
    source: Source
    target: Target
    now: datetime
    threshold: int | None
    counters: Counters = field(default_factory=Counters)
    pages: int = 0
    attempts: dict[str, int] = field(default_factory=dict)
    removals: list[tuple[User, Decision]] = field(default_factory=list)
    references: deque[tuple[User, Sequence[Reference]]] = field(default_factory=deque)

    def run(self) -> Cycle:
        state = self.state
        initial, mark = state.initial, self.source.mark()
        state.cycles += 1
        state.began = self.now
        try:
            yield from self._users()
            held = yield from self._deletions()
            yield from self._second_pass()
        except _Halted as halted:
            reason, error = QuarantineReason.EXCEPTION, halted.error
            state.quarantine = rule.enter(state.quarantine, reason, self.now, error)
            return self._result(initial, "Failed", error)
        state.watermark = mark
        state.force_deletes = False
        self._settle(held)
        return self._result(initial, "EntryLevelErrors" if state.escrows else "Succeeded", None)

    def _users(self) -> Generator[Step, Outcome, None]:
        state = self.state
        initial, seen = state.initial, set[str]()
        total = self.pages = self.source.total_pages(state.watermark)
        for completed, page in enumerate(self.source.pages(state.watermark), 1):
            for user in page:
                seen.add(user.id)
                self.counters.imported_deltas += not initial
                yield from self._user(user)
            yield Progress(completed, total)
        for looked_at, user_id in enumerate(self._candidates(initial), 1):
            if looked_at % STRETCH == 0:
                yield Progress(total, total)
            if user_id in seen:
                continue
            seen.add(user_id)
            if escrow := state.escrows.get(user_id):
                self.attempts[user_id] = escrow.attempts
            yield from self._user(self.source.get(user_id) or User(user_id, {}, purged=True))

    def _candidates(self, initial: bool) -> Iterator[str]:
        # An initial cycle compares with what is linked: a user that wasn't read is gone from the source.
        state = self.state
        due = [user_id for user_id, escrow in state.escrows.items() if escrow.due <= state.cycles]
        return chain(due, sorted(state.held), list(state.links) if initial else ())

    def _user(self, user: User) -> Generator[Step, Outcome, None]:
        self.counters.imported += 1
        decision = decide(self.rules, user, self.state.links, self.target)
        self.counters.entitled += decision.gates.entitled
        self.counters.entitled_for_provisioning += decision.in_scope
        if decision.action in REMOVALS:
            self.removals.append((user, decision))
            return
        self.state.held.discard(user.id)
        if decision.action in EXPORTS:
            yield from self._export(user, decision)
        else:
            self._note(user, decision)
            yield Noted(user, decision)

    def _note(self, user: User, decision: Decision) -> None:
        links = self.state.links
        if decision.action is Action.FAIL:
            self._failed(user, str(decision.reason))
            if decision.reason is Reason.TARGET_GONE:
                del links[user.id]
            return
        self.state.escrows.pop(user.id, None)
        if decision.action is Action.NONE:
            self.counters.unchanged += 1
            self._link(user, decision, str(decision.target_id))
            return
        self.counters.skipped += 1
        if user.purged:
            links.pop(user.id, None)
        elif decision.reason is Reason.LEFT_DISABLED:
            links[user.id] = Link(str(decision.target_id), LinkState.LEFT)

    def _failed(self, user: User, code: str, *, reference: bool = False) -> None:
        self.counters.escrowed_raw += 1
        self.counters.references_failed += reference
        self.state.escrow(user.id, code, self.attempts.get(user.id, 0) + 1, reference=reference)

    def _export(
        self, user: User, decision: Decision, *, reference: bool = False
    ) -> Generator[Step, Outcome, None]:
        self.counters.exports += 1
        outcome = yield Export(user, decision)
        if isinstance(outcome, Halt):
            raise _Halted(outcome.error)
        if isinstance(outcome, Failed):
            self._failed(user, outcome.code, reference=reference)
        elif isinstance(outcome, Done):
            self.counters.exported += 1
            self.state.escrows.pop(user.id, None)
            self._link(user, decision, outcome.target_id)
        else:
            raise TypeError("An Export is answered with Done, Failed or Halt.")

    def _link(self, user: User, decision: Decision, target_id: str) -> None:
        note_link(self.state.links, user, decision, target_id)
        if decision.references:
            self.references.append((user, decision.references))

    def _deletions(self) -> Generator[Step, Outcome, bool]:
        held = not self.state.force_deletes and rule.too_many(len(self.removals), self.threshold)
        for user, decision in self.removals:
            if held:
                self.counters.held += 1
                self.state.held.add(user.id)
                yield Noted(user, decision, staged=True)
            else:
                yield from self._export(user, decision)
                self.state.held.discard(user.id)
        return held

    def _second_pass(self) -> Generator[Step, Outcome, None]:
        while self.references:  # emptied on the way: ten thousand records at once would take a while to free
            user, references = self.references.popleft()
            self.counters.imported_reference_deltas += len(references)
            decision = decide_references(user, references, self.state.links, self.target)
            if decision.action is Action.UPDATE:
                yield from self._export(user, decision, reference=True)
            elif decision.action is Action.SKIP:
                self.counters.skipped += 1
                yield Noted(user, decision)
            else:
                yield Progress(self.pages, self.pages)

    def _settle(self, held: bool) -> None:
        state, counters = self.state, self.counters
        failed = counters.escrowed_raw - counters.references_failed
        reason = rule.quarantine_reason(
            failed=failed, succeeded=counters.exported, references_failed=counters.references_failed
        )
        if held:
            reason = QuarantineReason.TOO_MANY_DELETES
        if reason is None:
            state.quarantine = None
            state.steady_last = self.now
            state.steady_first = state.steady_first or self.now
            return
        state.quarantine = rule.enter(state.quarantine, reason, self.now)

    def _result(self, initial: bool, outcome: str, error: JobError | None) -> CycleResult:
        state = self.state
        self.counters.escrowed = len(state.escrows)
        if state.quarantine and state.quarantine.expired(self.now):
            state.escrows.clear()
            state.disabled = True
        return CycleResult(initial, outcome, self.counters, state.quarantine, error)
