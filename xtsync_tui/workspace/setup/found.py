"""What the dialogs of the steps show of the two tenants: mappings, filters, on-demand results, the cycle."""

from dataclasses import dataclass
from datetime import datetime

from xtsync_tui.model import User
from xtsync_tui.workspace.setup.reading import Mark


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One attribute mapping: ``kind`` is Direct, Constant or Expression, ``locked`` why it cannot change."""

    target: str
    kind: str
    source: str
    default: str
    apply: str
    matching: int
    locked: str = ""


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator of scoping filters, as the service lists it."""

    name: str
    unary: bool
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupView:
    """Who comes with a group: direct people by name, and the nested groups, whose people do not."""

    people: tuple[str, ...]
    nested: tuple[str, ...]

    @property
    def warning(self) -> str:
        """What to say before assigning the group, ``""`` for nothing."""
        if not self.nested:
            return "" if self.people else "Nobody is a direct member: assigning it brings nobody."
        names = ", ".join(self.nested)
        return f"Nested groups are not followed: people only in {names} stay out."


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the four stages of provisioning on demand: Import, Scope, Match, Action."""

    number: int
    title: str
    mark: Mark
    words: str
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ModifiedAttribute:
    """An attribute that the service changed, before and after, and what the mapping made it from.

    ``source`` are the values of the source attributes, ``expression`` is the mapping: "" when not known.
    """

    name: str
    before: str
    after: str
    source: str = ""
    expression: str = ""


@dataclass(frozen=True, slots=True)
class InTarget:
    """The accounts of one person in the target, as read at ``at``; the surest comes first.

    ``sure`` says that the first was invited for this person, or is the one the service names; else it only
    has the same address. ``unread`` is why the target could not be read, ``""`` when it was: no people and
    nothing unread means that nobody is there. ``manager`` is that of the first, ``home_manager`` that of the
    person in the source.
    """

    at: datetime
    people: tuple[User, ...] = ()
    sure: bool = True
    manager: str = ""
    home_manager: str = ""
    unread: str = ""


@dataclass(frozen=True, slots=True)
class OnDemandResult:
    """What the service did with one person, and the person as then found in the target.

    ``result`` is Success, Skipped or Failure, ``Unknown`` when the answer could not be read. ``took`` is in
    seconds. ``target`` is None as long as the target was not read. ``raw`` is the whole answer.
    """

    name: str
    result: str
    words: str
    stages: tuple[Stage, ...]
    modified: tuple[ModifiedAttribute, ...]
    at: datetime
    took: float
    target: InTarget | None = None
    code: str = ""
    raw: str = ""
    user_id: str = ""
    account: str = ""
    change_id: str = ""
    note: str = ""

    @property
    def found(self) -> User | None:
        """The person in the target, None when nobody is there or it could not be read."""
        return self.target.people[0] if self.target and self.target.people else None


@dataclass(frozen=True, slots=True)
class LogRow:
    """A row of the provisioning log."""

    at: datetime
    person: str
    action: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class CycleView:
    """The job now: its code, how far the cycle is in pages, people synchronized, and the newest log rows."""

    code: str
    schedule: str
    pages_done: int
    pages: int
    people: int
    last_began: datetime | None
    last_ended: datetime | None
    last_state: str
    escrowed: int
    rows: tuple[LogRow, ...]
    failures: tuple[str, ...] = ()
