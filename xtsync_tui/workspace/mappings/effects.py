"""What saving a draft would do to people: who leaves, who enters, of whom it cannot be told, what changes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from xtsync_tui.engine.decision import gates, outside
from xtsync_tui.engine.mapping import AttributeMapping
from xtsync_tui.engine.rules import Rules, compile_rules
from xtsync_tui.engine.values import Record
from xtsync_tui.model import Json
from xtsync_tui.workspace.mappings.crowd import Crowd, Person
from xtsync_tui.workspace.mappings.draft import Draft, rows
from xtsync_tui.workspace.mappings.trial import Bench, is_unreadable, keeps, stands, tried
from xtsync_tui.workspace.people_records import UNREADABLE, honest


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody whose scope changes, and what decides it; ``inside`` says that the draft may remove them.

    ``there`` says that the person is in TARGET: somebody who leaves and is not there is not deleted, somebody
    who enters and is there already, because a deletion is held or somebody invited them, is not created.
    """

    name: str
    why: str
    id: str
    inside: bool = True
    there: bool = False


@dataclass(frozen=True, slots=True)
class Effects:
    """What a draft does to ``read`` people. ``changes`` counts people by target attribute.

    ``before`` and ``after`` are how many are in scope. ``unknown`` are those of whom it cannot be told.
    ``leave`` are only those in scope now. ``changed`` is how many people change at all. ``updating`` are
    groups of which it is not known who else belongs to them, ``untold`` target attributes of edited mappings
    that take what is not read here.
    """

    read: int = 0
    before: int = 0
    after: int = 0
    leave: tuple[Mover, ...] = ()
    enter: tuple[Mover, ...] = ()
    unknown: tuple[Mover, ...] = ()
    changes: tuple[tuple[str, int], ...] = ()
    changed: int = 0
    failed: int = 0
    updating: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()

    @property
    def worst(self) -> int:
        """How many are removed if everybody in scope of whom it cannot be told is removed too."""
        return sum(one.there for one in self.leave) + sum(one.inside for one in self.unknown)

    def holds(self, threshold: int | None) -> bool:
        """Whether so many removals would be held: the threshold counts from its number on."""
        return threshold is not None and self.worst >= threshold


def effects(draft: Draft, crowd: Crowd, bench: Bench, *, sync_all: bool, then: bool | None = None) -> Effects:
    """Compare what happens to everybody before and after ``draft``. Some microseconds a person.

    ``then`` is ``sync_all`` after it, None where that stays as it is.
    """
    old = _rules(draft.base, bench, sync_all=sync_all)
    new = _rules(draft.document, bench, sync_all=sync_all if then is None else then)
    leave, enter, unknown, kept = [], [], [], []
    before = after = 0
    for person in sorted(crowd.people, key=lambda each: each.name.casefold()):
        was, becomes = _in_scope(old, person), _in_scope(new, person)
        there = person.target is not None
        before += was is True
        after += becomes is True
        if becomes is None or (was is None and not becomes):
            inside = was is True or becomes is False
            unknown.append(Mover(person.name, _unknown(new, person), person.user.id, inside))
        elif was and becomes is False:
            why = _why(new, person.record, False)
            leave.append(
                Mover(person.name, why, person.user.id, there=there or crowd.target_unread is not None)
            )
        elif becomes and not was:
            enter.append(Mover(person.name, _why(new, person.record, True), person.user.id, there=there))
        elif becomes:
            kept.append(person)
    edited = {row.target for row in rows(draft) if row.mark in {"~", "+"}}
    counts, changed, failed = _value_changes(edited, old.mapping, new.mapping, kept)
    return Effects(
        read=len(crowd.people),
        before=before,
        after=after,
        leave=tuple(leave),
        enter=tuple(enter),
        unknown=tuple(unknown),
        changes=counts,
        changed=changed,
        failed=failed,
        updating=crowd.updating,
        untold=tuple(row.target for row in new.mapping.rows if row.target in edited and is_unreadable(row)),
    )


def _rules(schema: Json, bench: Bench, *, sync_all: bool) -> Rules:
    rules = compile_rules(
        schema, sync_all=sync_all, context=bench.context(), target_domain=bench.domain or None
    )
    return replace(rules, scope=honest(rules.scope))


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


def in_scope(schema: Json, crowd: Crowd, bench: Bench, *, sync_all: bool) -> tuple[Person, ...]:
    """Return the people whom the service provisions."""
    rules = _rules(schema, bench, sync_all=sync_all)
    return tuple(person for person in crowd.people if _in_scope(rules, person))


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


def _value_changes(
    edited: set[str], old: AttributeMapping, new: AttributeMapping, people: Iterable[Person]
) -> tuple[tuple[tuple[str, int], ...], int, int]:
    before = {row.target: row for row in old.rows}
    after = [row for row in new.rows if row.target in edited and not is_unreadable(row)]
    counts = {row.target: 0 for row in after}
    changed = failed = 0
    for person in people:
        touched = False
        for row in after:
            result = tried(row, person.record)
            if result.failed:
                failed += 1
                continue
            if result.value is None or keeps(row, person):
                continue
            if result.value != stands(row.target, before.get(row.target), person):
                counts[row.target] += 1
                touched = True
        changed += touched
    return tuple(counts.items()), changed, failed
