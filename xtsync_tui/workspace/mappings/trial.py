"""Mappings tried on people: evaluated here, by the engine; the service decides."""

import random
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from xtsync_tui.engine.expressions import Context, EvaluationError, Problem
from xtsync_tui.engine.expressions.syntax import Attribute, parse, walk
from xtsync_tui.engine.mapping import Evaluate, FlowType, compile_mapping, external_name, same_value
from xtsync_tui.engine.mapping import Row as Compiled
from xtsync_tui.engine.rules import Rules, attribute_definitions, compile_rules
from xtsync_tui.engine.values import Flow, Record, Value
from xtsync_tui.model import Json, Side
from xtsync_tui.text import clean
from xtsync_tui.workspace.mappings.crowd import Crowd, Person
from xtsync_tui.workspace.people_records import UNREADABLE, honest
from xtsync_tui.workspace.schema import user_rule

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

NOT_TOLD = frozenset({"alternativeSecurityIds"})
"""What Graph does not tell of a user of TARGET."""
NOT_WRITTEN = "– not written"
NOT_THERE = "– not in TARGET: stays empty"
UNKNOWN = "? cannot tell"


@dataclass(frozen=True, slots=True)
class Try:
    """What one mapping makes of one person: a value, or ``words`` where there is none."""

    value: Value = None
    words: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Bench:
    """What mappings are tried with; ``domain`` is the initial one of TARGET."""

    schema: Json
    now: Callable[[], datetime]
    default_domain: str
    domain: str

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


def bench_of(workspace: "Workspace", schema: Json) -> Bench:
    """Return what the mappings of a schema of this pair are tried with."""
    source, target = workspace.side(Side.SOURCE), workspace.side(Side.TARGET)
    return Bench(schema, workspace.now, source.domain, target.initial_domain)


def rules_of(schema: Json, bench: Bench, *, sync_all: bool) -> Rules:
    """Return the rules of a schema; clauses on what is not read here cannot be told. Raises NoUserMapping."""
    rules = compile_rules(
        schema, sync_all=sync_all, context=bench.context(), target_domain=bench.domain or None
    )
    return replace(rules, scope=honest(rules.scope))


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


def seen(row: Compiled, person: Person, crowd: Crowd, inside: Collection[str]) -> str:
    """Return what the list shows of one person: the value, or why there is none.

    ``inside`` are the ids of who is in scope: a reference to somebody else is not written.
    """
    if is_unreadable(row):
        return UNKNOWN
    if person.target is not None and keeps(row, person):
        kept = person.target.get(row.target)
        return f"– exists: keeps {shown_value(kept)}" if kept else "– exists: keeps what is there"
    result = tried(row, person.record)
    if result.value is None:
        default = row.default if not result.failed and person.target is None else None
        return f"{shown_value(default)} (default)" if default else result.words
    return shown_reference(row, result.value, crowd, inside)


def shown_reference(row: Compiled, value: Value, crowd: Crowd, inside: Collection[str]) -> str:
    """Return a value; a reference by name, if whom it names is in TARGET or comes there."""
    if not row.reference or not isinstance(value, str):
        return shown_value(value)
    if value not in inside and crowd.same_in_target(value) is None and crowd.target_unread is None:
        return NOT_THERE
    return crowd.names.get(value, value)


def shown_value(value: Value) -> str:
    """Return a value in one line, not cleaned."""
    if isinstance(value, tuple):
        return value[0] if len(value) == 1 else f"({len(value)} values) {'; '.join(value)}"
    return value or ""


def there(row: Compiled, person: Person, crowd: Crowd) -> str:
    """Return the value that somebody has in TARGET now, a reference by name; not cleaned."""
    value = person.target.get(row.target) if person.target is not None else None
    if not row.reference or not isinstance(value, str):
        return shown_value(value)
    return next((one.name for one in crowd.people if crowd.same_in_target(one.user.id) == value), value)


def is_unreadable(row: Compiled) -> bool:
    """Return whether a mapping reads what is not read here."""
    return bool(attributes_of(row) & UNREADABLE)


@dataclass(frozen=True, slots=True)
class Tally:
    """What changing one mapping does to the people in scope, by name; ``fail`` comes with the message.

    ``new`` are those who are not in TARGET and get the value once they are created.
    """

    change: tuple[str, ...] = ()
    stay: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    fail: tuple[tuple[str, str], ...] = ()
    unknown: bool = False


def keeps(row: Compiled, person: Person) -> bool:
    """Return whether ``row`` leaves somebody's value alone: it applies on creation, and the person exists."""
    return row.flow_type is FlowType.OBJECT_ADD_ONLY and person.target is not None


def keeps_another(row: Compiled, value: Value, person: Person) -> bool:
    """Return whether somebody keeps a value in TARGET that differs from ``value``."""
    stands = person.target.get(row.target) if person.target is not None else None
    return keeps(row, person) and not same_value(value, stands, case_exact=row.case_exact)


def changes_value(
    before: Compiled | None, after: Compiled, value: Value, person: Person, crowd: Crowd
) -> bool:
    """Return whether ``value`` differs from what somebody in TARGET has, by the rules of the service.

    Where TARGET was not read, from what ``before`` makes of the person.
    """
    if keeps(after, person):
        return False
    if person.target is None:
        stands = tried(before, person.record).value if before is not None else None
    elif after.reference and isinstance(value, str):
        stands, value = person.target.get(after.target), crowd.same_in_target(value)
        # Nobody who is not in TARGET can be referred to there: nothing is written.
        return value is not None and value != stands
    else:
        stands = person.target.get(after.target)
    return not same_value(value, stands, case_exact=after.case_exact)


def tally(before: Compiled | None, after: Compiled, people: Iterable[Person], crowd: Crowd) -> Tally:
    """Return whose value differs, stays, comes, is empty or fails when ``before`` becomes ``after``."""
    if is_unreadable(after):
        return Tally(unknown=True)
    change, stay, new, empty, fail = [], [], [], [], []
    for person in sorted(people, key=lambda each: each.name.casefold()):
        result = tried(after, person.record)
        if result.failed:
            fail.append((person.name, result.words))
        elif result.value is None:
            empty.append(person.name)
        elif crowd.there(person) is False:
            new.append(person.name)
        elif before is after or not changes_value(before, after, result.value, person, crowd):
            stay.append(person.name)
        else:
            change.append(person.name)
    return Tally(tuple(change), tuple(stay), tuple(new), tuple(empty), tuple(fail))
