"""Scoping filters: which users pass, and which clause kept the others out.

A filter is Graph's ``filter`` object: clauses are joined by AND in a group, groups by OR, and no groups let
everyone pass. ``groups`` deprovisions who falls out, ``inputFilterGroups`` only ignores them
(synchronization-filter). A clause this engine does not know gives None, "cannot tell", which is neither.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from xtsync_tui.engine.operators import Operator, find
from xtsync_tui.engine.values import Record, Value

Json = Mapping[str, Any]
Judge = Callable[[Record], bool | None]


@dataclass(frozen=True, slots=True)
class Clause:
    """One question about one attribute; ``text`` is the log's form, ``title.attribute OPERATOR 'value'``."""

    attribute: str
    operator: str
    values: tuple[str, ...]
    text: str
    judge: Judge


@dataclass(frozen=True, slots=True)
class Group:
    """Clauses that must all pass, under the title the portal shows."""

    title: str
    clauses: tuple[Clause, ...]

    def judge(self, record: Record) -> bool | None:
        """Tell whether all clauses pass; None when one that matters cannot be told."""
        known = True
        for clause in self.clauses:
            outcome = clause.judge(record)
            if outcome is False:
                return False
            known = known and outcome is not None
        return True if known else None


@dataclass(frozen=True, slots=True)
class ScopingFilter:
    """Groups of which one must pass; no groups let everyone pass."""

    groups: tuple[Group, ...] = ()

    def judge(self, record: Record) -> bool | None:
        """Tell whether ``record`` passes; None when that hangs on a clause that cannot be told."""
        if not self.groups:
            return True
        known = True
        for group in self.groups:
            outcome = group.judge(record)
            if outcome:
                return True
            known = known and outcome is not None
        return False if known else None

    def explain(self, record: Record) -> dict[str, bool | None]:
        """Return the outcome of each clause under its text, as in the log's ScopeEvaluationResult."""
        return {clause.text: clause.judge(record) for group in self.groups for clause in group.clauses}

    @property
    def attributes(self) -> frozenset[str]:
        """The names of the attributes that are read."""
        return frozenset(clause.attribute for group in self.groups for clause in group.clauses)


def compile_groups(groups: Iterable[Json] | None) -> ScopingFilter:
    """Compile Graph's ``filterGroup`` objects. Nothing is refused here; see ``filter_check``."""
    return ScopingFilter(tuple(_group(group) for group in groups or ()))


def from_portal(groups: Iterable[Json]) -> list[dict[str, Any]]:
    """Turn ``{title, clauses: [{attribute, operator, value}]}`` into Graph's ``filterGroup`` objects."""
    return [
        {"name": group.get("title", ""), "clauses": [_from_portal(c) for c in group.get("clauses", ())]}
        for group in groups
    ]


def clause_text(title: str, attribute: str, operator: str, values: Iterable[str]) -> str:
    """Return a clause as provisioning logs write it: ``title.attribute OPERATOR 'value'``."""
    shown = ", ".join(f"'{value}'" for value in values)
    return " ".join(part for part in (f"{title}.{attribute}", operator, shown) if part)


def _from_portal(clause: Json) -> dict[str, Any]:
    value = clause.get("value")
    return {
        "sourceOperandName": clause.get("attribute", ""),
        "operatorName": clause.get("operator", ""),
        "targetOperand": None if value is None else {"values": [str(value)]},
    }


def _group(group: Json) -> Group:
    title = group.get("name") or ""
    return Group(title, tuple(_clause(title, clause) for clause in group.get("clauses") or ()))


def _clause(title: str, clause: Json) -> Clause:
    attribute = clause.get("sourceOperandName") or ""
    name = clause.get("operatorName") or ""
    values = tuple(str(value) for value in (clause.get("targetOperand") or {}).get("values") or ())
    operator = find(name)
    shown = values if operator is None or operator.arity == "Binary" else ()
    text = clause_text(title, attribute, name, shown)
    return Clause(attribute, name, values, text, _judge(attribute, operator, values))


def _judge(attribute: str, operator: Operator | None, values: tuple[str, ...]) -> Judge:
    if operator is None:
        return lambda record: None  # noqa: ARG005 - the signature of every judge
    empty = operator.name == "IS NULL"
    test = operator.build(values)

    def judge(record: Record) -> bool | None:
        value: Value = record.get(attribute)
        if not value:
            return empty
        if isinstance(value, str):
            return test(value)
        # multivaluedComparisonType is All for every documented operator.
        outcomes = [test(item) for item in value]
        return False if False in outcomes else None if None in outcomes else True

    return judge
