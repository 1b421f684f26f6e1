"""Mappings tried on people: evaluated here, by the engine; the service decides."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from xtsync_tui.engine.expressions import Context, EvaluationError, Problem
from xtsync_tui.engine.expressions.syntax import Attribute, parse, walk
from xtsync_tui.engine.mapping import Evaluate, FlowType, compile_mapping, external_name
from xtsync_tui.engine.mapping import Row as Compiled
from xtsync_tui.engine.rules import attribute_definitions
from xtsync_tui.engine.values import Flow, Record, Value
from xtsync_tui.model import Json
from xtsync_tui.text import clean
from xtsync_tui.workspace.mappings.crowd import Person
from xtsync_tui.workspace.people_records import UNREADABLE
from xtsync_tui.workspace.schema import user_rule

NOT_WRITTEN = "– not written"
UNKNOWN = "? cannot tell"


@dataclass(frozen=True, slots=True)
class Try:
    """What one mapping makes of one person: a value, or ``words`` where there is none."""

    value: Value = None
    words: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Bench:
    """What mappings are tried with; ``domain`` is the initial one of TARGET, ``names`` are by id."""

    schema: Json
    now: Callable[[], datetime]
    default_domain: str
    domain: str
    names: Mapping[str, str]

    def context(self) -> Context:
        """Return a context in which equal calls give equal results."""
        return Context(self.now, random.Random(1), self.default_domain, lambda _: False)  # noqa: S311

    def compile(self, raws: Iterable[Json]) -> tuple[Compiled, ...]:
        """Compile raw mappings."""
        target = user_rule(self.schema).get("targetDirectoryName") or ""
        return compile_mapping(
            raws,
            attributes=attribute_definitions(self.schema, target),
            context=self.context(),
            target_domain=self.domain or None,
        ).rows

    def named(self, row: Compiled, evaluate: Evaluate) -> Evaluate:
        """Return ``evaluate`` with the name of an external user in TARGET where ``row`` writes that."""
        if row.target != "userPrincipalName" or not self.domain:
            return evaluate

        def external(record: Record) -> Value | Flow:
            value = evaluate(record)
            return external_name(value, self.domain) if isinstance(value, str) else value

        return external


def attributes_of(row: Compiled) -> frozenset[str]:
    """Return the source attributes that a mapping reads."""
    return _attributes(row.source) if row.source and row.kind != "Constant" else frozenset()


@lru_cache(maxsize=256)
def _attributes(source: str) -> frozenset[str]:
    tree = parse(source)
    if isinstance(tree, Problem):
        return frozenset()
    return frozenset(node.name for node in walk(tree) if isinstance(node, Attribute))


def tried(row: Compiled, record: Record) -> Try:
    """Return what ``row`` makes of the person with ``record``."""
    try:
        value = row.evaluate(record)
    except EvaluationError as error:
        return Try(words=f"✗ {clean(error.message)}", failed=True)
    if isinstance(value, Flow):
        return Try(words="– left out" if value is Flow.IGNORE_ATTRIBUTE else "– person left out")
    return Try(value) if value else Try(words=NOT_WRITTEN)


def seen(row: Compiled, person: Person, names: Mapping[str, str], *, unreadable: bool) -> str:
    """Return what the list shows of one person: the value, or why there is none."""
    if unreadable:
        return UNKNOWN
    if person.target is not None and keeps(row, person):
        kept = person.target.get(row.target)
        return f"– exists: keeps {shown_value(kept)}" if kept else "– exists: keeps what is there"
    result = tried(row, person.record)
    if result.value is None:
        default = row.default if not result.failed and person.target is None else None
        return f"{shown_value(default)} (default)" if default else result.words
    return shown_reference(row, result.value, names)


def shown_reference(row: Compiled, value: Value, names: Mapping[str, str]) -> str:
    """Return a value, a reference by name."""
    return names.get(value, value) if row.reference and isinstance(value, str) else shown_value(value)


def shown_value(value: Value) -> str:
    """Return a value in one line, not cleaned."""
    if isinstance(value, tuple):
        return value[0] if len(value) == 1 else f"({len(value)} values) {'; '.join(value)}"
    return value or ""


def is_unreadable(row: Compiled) -> bool:
    """Return whether a mapping reads what is not read here."""
    return bool(attributes_of(row) & UNREADABLE)


@dataclass(frozen=True, slots=True)
class Tally:
    """What changing one mapping does to the people in scope, by name; ``fail`` comes with the message."""

    change: tuple[str, ...] = ()
    stay: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    fail: tuple[tuple[str, str], ...] = ()
    unknown: bool = False

    @property
    def people(self) -> int:
        """How many were tried."""
        return len(self.change) + len(self.stay) + len(self.empty) + len(self.fail)


def keeps(row: Compiled, person: Person) -> bool:
    """Return whether ``row`` leaves somebody's value alone: it applies on creation, and the person exists."""
    return row.flow_type is FlowType.OBJECT_ADD_ONLY and person.target is not None


def stands(target: str, before: Compiled | None, person: Person) -> Value:
    """Return the value that somebody has before a change: in TARGET, else what ``before`` makes of it."""
    if person.target is not None:
        return person.target.get(target)
    return tried(before, person.record).value if before is not None else None


def tally(before: Compiled | None, after: Compiled, people: Iterable[Person]) -> Tally:
    """Return whose value differs, stays, is empty or fails when ``before`` becomes ``after``."""
    if is_unreadable(after):
        return Tally(unknown=True)
    change, stay, empty, fail = [], [], [], []
    for person in sorted(people, key=lambda each: each.name.casefold()):
        new = tried(after, person.record)
        if new.failed:
            fail.append((person.name, new.words))
        elif new.value is None:
            empty.append(person.name)
        elif before is after or keeps(after, person) or stands(after.target, before, person) == new.value:
            stay.append(person.name)
        else:
            change.append(person.name)
    return Tally(tuple(change), tuple(stay), tuple(empty), tuple(fail))
