"""What is known about the steps of a set-up: states, evidence, causes, and what would be sent."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from xtsync_tui.errors import GraphError, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.repairs import Repair
from xtsync_tui.workspace.setup.steps import STEPS, Step


class StepState(Enum):
    """How a step stands."""

    DONE = "done"
    TO_DO = "to do"
    FAILED = "failed"
    WAITING = "waiting"
    CANNOT_TELL = "cannot tell"
    NOT_NEEDED = "not needed"

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do."""
        return self in (StepState.DONE, StepState.NOT_NEEDED)


class Mark(Enum):
    """What a lamp or a need shows."""

    GOOD = "good"
    BAD = "bad"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of evidence: ``Now`` and ``inboundAllowed is true``. The value is not cleaned."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Need:
    """A role, a scope or a licence that a step needs; ``held`` is None when it cannot be told.

    ``kind`` is ``role``, ``scope`` or ``licence``. ``steps`` are those that need it.
    """

    name: str
    held: bool | None
    kind: str
    side: Side
    steps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a step is not done: side and setting, cause, next step; ``step`` fixes it, None for none of them.

    ``code`` is Graph's own, after the sentence and never instead of it. ``repair`` mends it where no step
    does.
    """

    title: str
    detail: str = ""
    hint: str = ""
    step: int | None = None
    side: Side | None = None
    code: str = ""
    repair: Repair | None = None

    @property
    def fix(self) -> tuple[Planned, ...]:
        """The requests of the repair."""
        return self.repair.planned if self.repair else ()

    @classmethod
    def of(cls, error: XtSyncError, side: Side | None = None, step: int | None = None) -> "Cause":
        """Return ``error`` as a cause."""
        code = error.code if isinstance(error, GraphError) else ""
        return cls(error.title, error.detail, error.hint, step, side, code)


@dataclass(frozen=True, slots=True)
class StepReading:
    """One step as read from Graph at ``read_at`` (the service's clock).

    ``words`` is the state as the list shows it: ``blocked: step 3``, ``after step 6``. ``planned`` are the
    requests of doing it with the defaults, empty when nothing is left or they depend on an answer.
    """

    step: Step
    state: StepState
    words: str
    read_at: datetime
    facts: tuple[Fact, ...] = ()
    needs: tuple[Need, ...] = ()
    cause: Cause | None = None
    planned: tuple[Planned, ...] = ()

    @property
    def number(self) -> int:
        """The number of the step, 0 to 14."""
        return self.step.number

    @property
    def detail(self) -> str:
        """One line that says why the state is what it is."""
        if self.cause:
            return " ".join(part for part in (self.cause.title + ".", self.cause.detail) if part)
        return "; ".join(fact.value for fact in self.facts[:2])


LIMITED = "limited"
"""The word of a lamp whose setting is about some people or applications only."""


@dataclass(frozen=True, slots=True)
class Lamp:
    """What one side says to one part of the handshake: ``outbound on``."""

    mark: Mark
    words: str

    @property
    def limited(self) -> bool:
        """Whether it was read, and is about some people only: whether these are the people in scope."""
        return self.words == LIMITED


@dataclass(frozen=True, slots=True)
class HandshakeRow:
    """One part of the handshake on both sides: ``invitations are redeemed``."""

    title: str
    source: Lamp
    target: Lamp


@dataclass(frozen=True, slots=True)
class ConnectionTest:
    """The last test of the connection from here: when, whether it passed, and what both tenants showed."""

    at: datetime
    passed: bool
    code: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class SetupReading:
    """All steps at one moment, with the handshake of the two tenants and the last connection test.

    ``invitations`` is whether TARGET lets anybody invite: users who may sync in arrive as invited ones.
    """

    steps: tuple[StepReading, ...]
    handshake: tuple[HandshakeRow, ...]
    invitations: HandshakeRow
    last_test: ConnectionTest | None
    configuration: str
    read_at: datetime

    @property
    def agreed(self) -> tuple[HandshakeRow, ...]:
        """The handshake with the invitations after the users who may sync in, as they depend on both."""
        return (self.handshake[0], self.invitations, *self.handshake[1:])

    def __getitem__(self, number: int) -> StepReading:
        return self.steps[number]

    @property
    def unreached(self) -> Cause | None:
        """Why nothing at all could be read, None when something was."""
        told = [step for step in self.steps if step.number not in {1, 14}]
        nothing = all(step.state is StepState.CANNOT_TELL for step in told)
        return next((step.cause for step in told if step.cause), None) if nothing else None

    @property
    def next(self) -> StepReading | None:
        """The first step that is open and has not to wait for another one."""
        ready = (StepState.TO_DO, StepState.FAILED)
        return next((reading for reading in self.steps if reading.state in ready), None)

    @property
    def next_here(self) -> StepReading | None:
        """The first open step that can be done here: a role or a licence of step 0 is had elsewhere."""
        ready = (StepState.TO_DO, StepState.FAILED)
        return next((one for one in self.steps[1:] if one.state in ready), self.next)

    @property
    def finished(self) -> bool:
        """Whether every step is done or not needed."""
        return all(reading.state.settled for reading in self.steps)

    @property
    def counts(self) -> str:
        """``5 done, 1 not needed, 2 cannot be told, 7 to go``."""
        states = Counter(reading.state for reading in self.steps)
        done, spare, unread = (
            states[each] for each in (StepState.DONE, StepState.NOT_NEEDED, StepState.CANNOT_TELL)
        )
        left = len(STEPS) - done - spare - unread
        counted = ((spare, "not needed"), (unread, "cannot be told"), (left, "to go"))
        return ", ".join([f"{done} done", *(f"{count} {words}" for count, words in counted if count)])

    @property
    def settled(self) -> str:
        """``6 of 15 settled``, the words of a narrow screen."""
        return f"{sum(reading.state.settled for reading in self.steps)} of {len(STEPS)} settled"
