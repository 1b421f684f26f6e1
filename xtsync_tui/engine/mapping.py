"""Attribute mappings: which value each attribute of the target gets, and what changes.

Compiled from the ``attributeMappings`` of Graph's ``objectMapping``. A null result never flows, so the target
keeps its value; a default value is used on creation only; a difference in letter case alone is no change
unless the target attribute is ``caseExact`` ("customize-application-attributes",
"functions-for-customizing-application-data").
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from xtsync_tui.engine.expressions import Context, EvaluationError, Problem, compile_expression, from_source
from xtsync_tui.engine.expressions.syntax import Text, parse
from xtsync_tui.engine.values import Flow, Record, Value

Json = Mapping[str, Any]
Evaluate = Callable[[Record], Value | Flow]

SOFT_DELETED = "IsSoftDeleted"
"""The target attribute that deleting and restoring set; it never takes part in an update."""

REFERENCES = frozenset({"manager"})
"""Target attributes that are references when the schema does not define them."""


class FlowType(StrEnum):
    """When a row applies; the portal's "Apply this mapping" (synchronization-attributemapping)."""

    ALWAYS = "Always"
    OBJECT_ADD_ONLY = "ObjectAddOnly"
    MULTI_VALUE_ADD_ONLY = "MultiValueAddOnly"
    VALUE_ADD_ONLY = "ValueAddOnly"
    ATTRIBUTE_ADD_ONLY = "AttributeAddOnly"

    @classmethod
    def _missing_(cls, value: object) -> "FlowType":  # noqa: ARG003 - the enum's signature
        return cls.ALWAYS


class Change(NamedTuple):
    """One attribute of the target: what it is, and what it becomes."""

    attribute: str
    old: Value
    new: Value


class Reference(NamedTuple):
    """One reference attribute and the source id that it points to."""

    attribute: str
    source_id: str


class IgnoredObject(Exception):
    """An expression returned IgnoreObjectFlow: nothing of this object is written."""


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute mapping.

    ``attribute`` is the source attribute of a plain Direct row. ``problem`` is set when the expression cannot
    be compiled.
    """

    target: str
    kind: str
    source: str
    flow_type: FlowType
    flow_always: bool
    default: Value
    matching_priority: int
    case_exact: bool
    reference: bool
    multivalued: bool
    evaluate: Evaluate
    attribute: str = ""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class AttributeMapping:
    """The rows of one object mapping, sorted by the pass in which they flow."""

    rows: tuple[Row, ...]
    matching: tuple[Row, ...]
    values: tuple[Row, ...]
    updates: tuple[Row, ...]
    references: tuple[Row, ...]

    def creation(self, record: Record) -> list[Change]:
        """Return what a new object gets, nulls left out. Raises EvaluationError and IgnoredObject."""
        changes = []
        for row in self.values:
            # The plain attribute is the common case by far, and spared two calls.
            value = record.get(row.attribute) if row.attribute else _flowing(row, record)
            if value := value or row.default:
                changes.append(Change(row.target, None, value))
        return changes

    def update(self, record: Record, target: Record) -> list[Change]:
        """Return how ``record`` changes ``target``. Raises EvaluationError and IgnoredObject."""
        changes = []
        for row in self.updates:
            new = record.get(row.attribute) if row.attribute else _flowing(row, record)
            old = target.get(row.target)
            if new and new == old and not row.flow_always:
                continue
            if change := _change(row, new, old):
                changes.append(change)
        return changes

    def referenced(self, record: Record) -> list[Reference]:
        """Return the references that the second pass has to resolve. A null reference never flows."""
        return [
            Reference(row.target, value)
            for row in self.references
            if isinstance(value := _flowing(row, record), str)
        ]

    def matching_value(self, record: Record) -> tuple[str, str] | None:
        """Return the target attribute and value that identify ``record``, in order of precedence."""
        for row in self.matching:
            value = _flowing(row, record)
            if isinstance(value, str):
                return row.target, value
        return None


def compile_mapping(
    rows: Iterable[Json],
    *,
    attributes: Mapping[str, Json],
    context: Context,
    target_domain: str | None = None,
) -> AttributeMapping:
    """Compile Graph's ``attributeMapping`` objects.

    ``attributes`` are the target's attribute definitions by name. ``target_domain`` is the initial domain of
    the target: with it, userPrincipalName becomes the name of an external user there.
    """
    compiled = tuple(_row(row, attributes.get(row["targetAttributeName"], {}), context) for row in rows)
    if target_domain:
        compiled = tuple(_external(row, target_domain) for row in compiled)
    return AttributeMapping(
        rows=compiled,
        matching=tuple(
            sorted((r for r in compiled if r.matching_priority), key=lambda r: r.matching_priority)
        ),
        values=tuple(row for row in compiled if not row.reference),
        updates=tuple(row for row in compiled if not row.reference and _updates(row)),
        references=tuple(row for row in compiled if row.reference),
    )


def external_name(user_principal_name: str, target_domain: str) -> str:
    """Return an external user's userPrincipalName: ``anna_contoso.com#EXT#@target`` ("user-properties")."""
    return f"{user_principal_name.replace('@', '_')}#EXT#@{target_domain}"


def source_text(source: Json | None) -> str:
    """Return the text form of an ``attributeMappingSource``: ``[city]``, ``"Member"`` or an expression."""
    return from_source(source) if source else ""


def constant_text(source: Json) -> str:
    """Return the text of a Constant; Graph stores it quoted as an expression, ``"Member"``."""
    tree = parse(source.get("expression") or "")
    return tree.value if isinstance(tree, Text) else source.get("name") or source.get("expression") or ""


def kind_of(source: Json | None) -> str:
    """Return Attribute, Constant, Function or None (the portal's Direct, Constant, Expression and None)."""
    if not source or not (source.get("name") or source.get("expression")):
        return "None"
    return str(source.get("type") or "None")


def _row(row: Json, definition: Json, context: Context) -> Row:
    source = row.get("source")
    kind = kind_of(source)
    evaluate, problem = _evaluator(kind, source or {}, context)
    target = row["targetAttributeName"]
    known = definition.get("type")
    return Row(
        target=target,
        kind=kind,
        source=source_text(source),
        flow_type=FlowType(row.get("flowType") or FlowType.ALWAYS),
        flow_always=row.get("flowBehavior") == "FlowAlways",
        default=row.get("defaultValue") or None,
        matching_priority=row.get("matchingPriority") or 0,
        case_exact=bool(definition.get("caseExact")),
        reference=known == "Reference" if known else target in REFERENCES,
        multivalued=bool(definition.get("multivalued")),
        evaluate=evaluate,
        attribute=(source or {}).get("name", "") if kind == "Attribute" else "",
        problem=problem,
    )


def _evaluator(kind: str, source: Json, context: Context) -> tuple[Evaluate, Problem | None]:
    if kind == "Attribute":
        name = source.get("name") or source["expression"].strip("[]")
        return lambda record: record.get(name), None
    if kind == "Constant":
        text = constant_text(source) or None
        return lambda record: text, None  # noqa: ARG005 - the signature of every evaluator
    if kind == "Function":
        compiled = compile_expression(source_text(source))
        if isinstance(compiled, Problem):
            return _failing(compiled), compiled
        evaluate = compiled.evaluate
        return lambda record: evaluate(record, context), None
    return lambda record: None, None  # noqa: ARG005 - the signature of every evaluator


def _failing(problem: Problem) -> Evaluate:
    def evaluate(record: Record) -> Value:  # noqa: ARG001 - the signature of every evaluator
        raise EvaluationError(problem.message, problem.position, problem.length)

    return evaluate


def _external(row: Row, domain: str) -> Row:
    if row.target != "userPrincipalName":
        return row
    inner = row.evaluate

    def evaluate(record: Record) -> Value | Flow:
        value = inner(record)
        return external_name(value, domain) if isinstance(value, str) else value

    return replace(row, evaluate=evaluate, attribute="")


def _flowing(row: Row, record: Record) -> Value:
    value = row.evaluate(record)
    if isinstance(value, Flow):
        if value is Flow.IGNORE_OBJECT:
            raise IgnoredObject(row.target)
        return None
    return value or None


def _updates(row: Row) -> bool:
    return row.flow_type is not FlowType.OBJECT_ADD_ONLY and row.target != SOFT_DELETED


def _change(row: Row, new: Value, old: Value) -> Change | None:
    if row.kind == "None" and not old:
        new = row.default
    if not new or (not row.flow_always and same_value(new, old, case_exact=row.case_exact)):
        return None
    if row.flow_type is not FlowType.ALWAYS:
        new = _added(row, new, old)
    return Change(row.target, old, new) if new else None


def same_value(new: Value, old: Value, *, case_exact: bool) -> bool:
    """Return whether writing ``new`` over ``old`` would change nothing."""
    if old is None or new is None:
        return new == old
    return _items(new, case_exact=case_exact) == _items(old, case_exact=case_exact)


def _items(value: str | tuple[str, ...], *, case_exact: bool) -> list[str]:
    # One text equals a list of one; the order of several values counts ("hr-user-update-issues").
    items = (value,) if isinstance(value, str) else value
    return list(items) if case_exact else [item.lower() for item in items]


def _added(row: Row, new: Value, old: Value) -> Value:
    # Not documented in detail: the add-only types fill an empty attribute, and put missing values into a
    # list.
    if not old:
        return new
    if row.flow_type is FlowType.ATTRIBUTE_ADD_ONLY or isinstance(old, str) or not new:
        return None
    missing = tuple(item for item in ((new,) if isinstance(new, str) else new) if item not in old)
    return old + missing if missing else None
