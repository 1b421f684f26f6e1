"""What saving a draft would do to people: who leaves, who enters, of whom it cannot be told, what changes."""

from collections.abc import Iterable
from dataclasses import dataclass

from xtsync_tui.engine.decision import gates, outside
from xtsync_tui.engine.mapping import AttributeMapping, FlowType
from xtsync_tui.engine.rules import Rules, compile_rules
from xtsync_tui.engine.values import Record
from xtsync_tui.model import Json
from xtsync_tui.workspace.mappings.crowd import Crowd, Person
from xtsync_tui.workspace.mappings.draft import Draft, rows
from xtsync_tui.workspace.mappings.trial import Bench, tried


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody whose scope changes, and the attribute that decides it."""

    name: str
    why: str
    id: str


@dataclass(frozen=True, slots=True)
class Effects:
    """What a draft does to ``read`` people. ``changes`` counts people by target attribute.

    ``before`` and ``after`` are how many are in scope. ``unknown`` are those of whom it cannot be told.
    ``leave`` are only those in scope now. ``changed`` is how many people change at all.
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

    @property
    def worst(self) -> int:
        """How many are removed if everybody of whom it cannot be told is removed too."""
        return len(self.leave) + len(self.unknown)

    def holds(self, threshold: int | None) -> bool:
        """Whether so many removals would be held: the threshold counts from its number on."""
        return threshold is not None and self.worst >= threshold


def effects(draft: Draft, crowd: Crowd, bench: Bench, *, sync_all: bool) -> Effects:
    """Compare what happens to everybody before and after ``draft``. Some microseconds a person."""
    old = _rules(draft.base, bench, sync_all=sync_all)
    new = _rules(draft.document, bench, sync_all=sync_all)
    leave, enter, unknown, kept = [], [], [], []
    before = after = 0
    for person in sorted(crowd.people, key=lambda each: each.name.casefold()):
        was, becomes = _in_scope(old, person), _in_scope(new, person)
        before += was is True
        after += becomes is True
        if becomes is None and was is not None:
            unknown.append(Mover(person.name, _why(new, person.record, None), person.user.id))
        elif was and becomes is False:
            leave.append(Mover(person.name, _why(new, person.record, False), person.user.id))
        elif becomes and not was:
            enter.append(Mover(person.name, _why(new, person.record, True), person.user.id))
        elif becomes:
            kept.append(person)
    counts, changed, failed = _value_changes(draft, old.mapping, new.mapping, kept)
    return Effects(
        len(crowd.people), before, after, tuple(leave), tuple(enter), tuple(unknown), counts, changed, failed
    )


def _rules(schema: Json, bench: Bench, *, sync_all: bool) -> Rules:
    return compile_rules(
        schema, sync_all=sync_all, context=bench.context(), target_domain=bench.domain or None
    )


def _in_scope(rules: Rules, person: Person) -> bool | None:
    """Return whether somebody is provisioned; None when a filter cannot be told."""
    passed = gates(rules, person.user)
    if not passed.active and person.target is None:
        return False
    reason = outside(rules, person.user, passed)
    unclear = None in (passed.input, passed.filtered) and passed.entitled and passed.builtin is not False
    return None if unclear and False not in (passed.input, passed.filtered) else reason is None


def in_scope(schema: Json, crowd: Crowd, bench: Bench, *, sync_all: bool) -> tuple[Person, ...]:
    """Return the people whom the service provisions."""
    rules = _rules(schema, bench, sync_all=sync_all)
    return tuple(person for person in crowd.people if _in_scope(rules, person))


def _why(rules: Rules, record: Record, outcome: bool | None) -> str:
    """Return the attribute that decides it: ``country Japan``, ``no country``."""
    for group in rules.scope.groups:
        for clause in group.clauses:
            if outcome is True and not group.judge(record):
                break
            if clause.judge(record) is outcome:
                value = record.get(clause.attribute)
                text = "; ".join(value) if isinstance(value, tuple) else value
                return f"{clause.attribute} {text}" if text else f"no {clause.attribute}"
    return "no filter any more" if outcome else ""


def _value_changes(
    draft: Draft, old: AttributeMapping, new: AttributeMapping, people: Iterable[Person]
) -> tuple[tuple[tuple[str, int], ...], int, int]:
    edited = {row.target for row in rows(draft) if row.mark in {"~", "+"}}
    before = {row.target: row for row in old.rows}
    after = [row for row in new.rows if row.target in edited]
    counts = {row.target: 0 for row in after}
    changed = failed = 0
    for person in people:
        touched = False
        for row in after:
            result = tried(row, person.record)
            if result.failed:
                failed += 1
                continue
            if result.value is None or (row.flow_type is FlowType.OBJECT_ADD_ONLY and person.target):
                continue
            then = tried(before[row.target], person.record).value if row.target in before else None
            now = person.target.get(row.target) if person.target is not None else then
            if result.value != now:
                counts[row.target] += 1
                touched = True
        changed += touched
    return tuple(counts.items()), changed, failed
