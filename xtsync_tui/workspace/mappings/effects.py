"""What the full cycle of a saved draft would do to people: whom it creates, changes and removes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from xtsync_tui.engine.decision import Reason, gates, outside
from xtsync_tui.engine.rules import Rules
from xtsync_tui.engine.values import Record
from xtsync_tui.settings import Limits
from xtsync_tui.workspace.mappings.crowd import Crowd, Person
from xtsync_tui.workspace.mappings.draft import Draft, rows
from xtsync_tui.workspace.mappings.trial import (
    Bench,
    changes_value,
    is_unreadable,
    keeps_another,
    rules_of,
    tried,
)
from xtsync_tui.workspace.people_records import UNREADABLE

DEPROVISIONS = frozenset({Reason.NOT_ENTITLED, Reason.SCOPING_FILTER})
"""Why somebody is out of scope for whom the service then removes the account; for others it does nothing."""


class Move(Enum):
    """How a draft moves somebody: by its scope, and by who is in TARGET now."""

    LEAVES = "Leave"
    ENTERS = "Enter"
    WAITS = "In scope, not in TARGET yet"
    LINGERS = "Out of scope, still in TARGET"
    UNKNOWN = "Cannot tell"


class Fate(Enum):
    """What becomes of the account in TARGET."""

    REMOVED = "soft-deleted"
    PERHAPS_REMOVED = "perhaps soft-deleted"
    ABSENT = "not in TARGET"
    LEFT = "left as it is"
    CREATED = "created"
    BINNED = "in the bin of TARGET"
    FOUND = "in TARGET already"
    NOT_CREATED = "not created: Create is off"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody whom the cycle moves, and what decides it.

    ``inside`` says, of somebody of whom it cannot be told, that the account in TARGET may be removed.
    """

    id: str
    name: str
    account: str = ""
    why: str = ""
    move: Move = Move.LEAVES
    fate: Fate = Fate.REMOVED
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Effects:
    """What a full cycle by a draft does to ``read`` people. ``changes`` counts people by target attribute.

    ``before`` is how many are in scope as saved, ``people`` are those in scope with the draft. ``changed`` is
    how many in TARGET get another value of an edited mapping, ``kept`` how many keep another one because it
    applies on creation, by attribute. ``updating`` are groups of which it is not known who else belongs to
    them, ``untold`` target attributes of edited mappings that take what is not read here.
    """

    read: int = 0
    before: int = 0
    people: tuple[Person, ...] = ()
    movers: tuple[Mover, ...] = ()
    changes: tuple[tuple[str, int], ...] = ()
    changed: int = 0
    kept: tuple[tuple[str, int], ...] = ()
    failed: int = 0
    updating: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()

    @property
    def after(self) -> int:
        """How many are in scope with the draft."""
        return len(self.people)

    @property
    def leave(self) -> tuple[Mover, ...]:
        """Those who are in scope as saved, and not with the draft."""
        return self.moving(Move.LEAVES)

    @property
    def enter(self) -> tuple[Mover, ...]:
        """Those who are in scope with the draft, and not as saved."""
        return self.moving(Move.ENTERS)

    @property
    def unknown(self) -> tuple[Mover, ...]:
        """Those of whom it cannot be told."""
        return self.moving(Move.UNKNOWN)

    def moving(self, move: Move) -> tuple[Mover, ...]:
        """Return those who move in one way, those who are removed first, by name."""
        return tuple(one for one in self.movers if one.move is move)

    def fates(self, *moves: Move) -> Counter[Fate]:
        """Return how many of those who move so have which fate."""
        return Counter(one.fate for one in self.movers if one.move in moves)

    @property
    def worst(self) -> int:
        """How many are removed if everybody is of whom it cannot be told."""
        return sum(one.fate in _REMOVALS or one.inside for one in self.movers)

    @property
    def affected(self) -> int:
        """How many people the cycle creates, changes or removes, at its worst."""
        return self.worst + self.changed + sum(one.fate is Fate.CREATED for one in self.movers)

    @property
    def empties(self) -> bool:
        """Whether nobody is in scope any more."""
        return bool(self.before) and not self.people and not self.unknown

    def holds(self, threshold: int | None) -> bool:
        """Whether so many removals would be held: the threshold counts from its number on."""
        return bool(threshold) and self.worst >= (threshold or 0)

    def exceeds(self, threshold: int | None, limits: Limits) -> bool:
        """Whether so much happens that the profile asks for a word to be typed, or it cannot be told.

        Without a limit of its own, removals count from the threshold on; where nothing holds them, as any
        other change.
        """
        removals = limits.changes if threshold == 0 else threshold
        if limits.removals is not None:
            removals = limits.removals
        removed = bool(self.worst) and (removals is None or self.worst >= removals)
        return removed or self.affected >= limits.changes or self.empties


_REMOVALS = frozenset({Fate.REMOVED, Fate.PERHAPS_REMOVED})


def effects(draft: Draft, crowd: Crowd, bench: Bench, *, sync_all: bool, then: bool | None = None) -> Effects:
    """Tell everybody's fate by ``draft`` from who is in TARGET now. Some microseconds a person.

    ``then`` is ``sync_all`` after it, None where that stays as it is.
    """
    old = rules_of(draft.base, bench, sync_all=sync_all)
    new = rules_of(draft.document, bench, sync_all=sync_all if then is None else then)
    before, inside, movers = 0, [], []
    for person in crowd.people:
        was, becomes = _in_scope(old, person), _in_scope(new, person)
        before += was is True
        if becomes:
            inside.append(person)
        if (mover := _moved(new, crowd, person, was, becomes)) is not None:
            movers.append(mover)
    edited = {row.target for row in rows(draft) if row.mark in {"~", "+"}}
    values = _values(edited, old, new, inside, crowd)
    return Effects(
        read=len(crowd.people),
        before=before,
        people=tuple(inside),
        movers=tuple(sorted(movers, key=lambda each: (each.fate not in _REMOVALS, each.name.casefold()))),
        changes=tuple(values.changes.items()),
        changed=values.changed,
        kept=tuple(values.kept.items()),
        failed=values.failed,
        updating=crowd.updating,
        untold=tuple(row.target for row in new.mapping.rows if row.target in edited and is_unreadable(row)),
    )


def _moved(
    rules: Rules, crowd: Crowd, person: Person, was: bool | None, becomes: bool | None
) -> Mover | None:
    """Return how somebody moves, None for nobody whom the cycle creates or removes."""
    there = crowd.there(person)
    mover = Mover(person.user.id, person.name, person.account)
    if becomes is None or (was is None and not becomes):
        inside = there is not False and (was is True or becomes is False)
        why = _unknown(rules, person)
        return replace(mover, why=why, move=Move.UNKNOWN, fate=Fate.UNKNOWN, inside=inside)
    if becomes:
        if was and there is not False:
            return None
        why = "" if was else _why(rules, person.record, True)
        return replace(
            mover, why=why, move=Move.WAITS if was else Move.ENTERS, fate=_arrival(rules, person, there)
        )
    if not was and not there:
        return None
    fate = _departure(rules, person, there, sure=bool(was))
    if not was and fate is Fate.LEFT:
        return None
    why = _why(rules, person.record, False)
    return replace(mover, why=why, move=Move.LEAVES if was else Move.LINGERS, fate=fate)


def _arrival(rules: Rules, person: Person, there: bool | None) -> Fate:
    if there:
        return Fate.FOUND
    if not rules.create:
        return Fate.NOT_CREATED
    if there is None:
        return Fate.UNKNOWN
    return Fate.BINNED if person.binned else Fate.CREATED


def _departure(rules: Rules, person: Person, there: bool | None, *, sure: bool) -> Fate:
    """Return what becomes of somebody out of scope; ``sure`` says that the service brought the account."""
    if there is False:
        return Fate.ABSENT
    if not rules.delete or _outside(rules, person) not in DEPROVISIONS:
        return Fate.LEFT
    return Fate.REMOVED if sure else Fate.PERHAPS_REMOVED


def _outside(rules: Rules, person: Person) -> Reason | None:
    return outside(rules, person.user, gates(rules, person.user))


def _in_scope(rules: Rules, person: Person) -> bool | None:
    """Return whether somebody is provisioned; None when a filter or the assignment cannot be told."""
    passed = gates(rules, person.user)
    if not passed.active and person.target is None:
        return False
    reason = outside(rules, person.user, passed)
    unclear = None in (passed.input, passed.filtered) and passed.entitled and passed.builtin is not False
    if unclear and False not in (passed.input, passed.filtered):
        return None
    return None if reason is None and person.unsure and not rules.sync_all else reason is None


def _unknown(rules: Rules, person: Person) -> str:
    return person.unsure or _why(rules, person.record, None) or _why(rules, person.record, False)


def _why(rules: Rules, record: Record, outcome: bool | None) -> str:
    """Return the attribute that decides it: ``country Japan``, ``no country``."""
    for group in rules.scope.groups:
        for clause in group.clauses:
            if outcome is True and not group.judge(record):
                break
            if clause.judge(record) is outcome:
                if clause.attribute in UNREADABLE:
                    return f"{clause.attribute} is not read here"
                value = record.get(clause.attribute)
                text = "; ".join(value) if isinstance(value, tuple) else value
                return f"{clause.attribute} {text}" if text else f"no {clause.attribute}"
    return "no filter any more" if outcome else ""


@dataclass(slots=True)
class _Values:
    changes: Counter[str]
    kept: Counter[str]
    changed: int = 0
    failed: int = 0


def _values(edited: set[str], old: Rules, new: Rules, people: Sequence[Person], crowd: Crowd) -> _Values:
    """Return how many in TARGET get, or keep, another value by each edited mapping, and what fails."""
    before = {row.target: row for row in old.mapping.rows}
    after = [row for row in new.mapping.rows if row.target in edited and not is_unreadable(row)]
    found = _Values(Counter({row.target: 0 for row in after}), Counter())
    for person in people:
        reached = new.update and crowd.there(person) is not False
        touched = False
        for row in after:
            result = tried(row, person.record)
            found.failed += result.failed
            if not reached or result.value is None:
                continue
            if changes_value(before.get(row.target), row, result.value, person, crowd):
                found.changes[row.target] += 1
                touched = True
            elif keeps_another(row, result.value, person):
                found.kept[row.target] += 1
        found.changed += touched
    return found
