"""A ``$filter`` as a function of one document, for the properties and operators of one entity type."""

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xtsync_tui.emulator.entities import EntityType
from xtsync_tui.emulator.errors import Refusal, bad_query, unsupported
from xtsync_tui.emulator.odata import AnyOf, Both, Call, Compare, In, Kind, Node, Not, Path, Value, parse

Predicate = Callable[[Any], bool]
Getter = Callable[[Any], Any]

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
    "contains": str.__contains__,
}


def _walk(names: tuple[str, ...]) -> Getter:
    """Return a function that follows ``names`` into nested objects; absent is None."""
    if len(names) == 1:
        name = names[0]
        return lambda row: row.get(name)

    def value(row: Any) -> Any:
        for name in names:
            if row is None:
                return None
            row = row.get(name)
        return row

    return value


@dataclass(slots=True)
class _Compiler:
    """Compiles one filter; ``advanced`` is set once something needs ``ConsistencyLevel: eventual``.

    Inside ``any(variable: …)``, ``variable`` stands for an element of ``prefix``.
    """

    entity: EntityType
    advanced: bool = False
    variable: str = ""
    prefix: tuple[str, ...] = field(default=())

    def predicate(self, node: Node) -> Predicate:
        match node:
            case Both(how, left, right):
                first, second = self.predicate(left), self.predicate(right)
                self._allow(how)
                if how == "and":
                    return lambda row: first(row) and second(row)
                return lambda row: first(row) or second(row)
            case Not(body):
                self._allow("not")
                inner = self.predicate(body)
                return lambda row: not inner(row)
            case Compare(how, left, Value() as right):
                self._allow(how)
                return self._comparison(how, left, right)
            case In(left, values):
                self._allow("in")
                tests = [self._comparison("eq", left, value) for value in values]
                return lambda row: any(test(row) for test in tests)
            case AnyOf(path, variable, body):
                return self._any(path, variable, body)
            case Call(name, (subject, Value(str() as wanted))) if name in _TEXT_TESTS:
                return self._text_test(name, subject, wanted)
            case Path():
                return self._comparison("eq", node, Value(True, "bool"))
        raise unsupported()

    def _allow(self, how: str) -> None:
        """Let ``how`` pass if the entity type knows it, noting whether it is an advanced query."""
        if how in self.entity.operators:
            return
        if how not in self.entity.advanced_operators:
            raise unsupported()
        self.advanced = True

    def _operand(self, node: Node) -> tuple[Getter, Kind]:
        """Return how to read ``node`` from a row, text folded unless case counts, and its kind."""
        match node:
            case Path(names):
                return self._property(names)
            case Call("tolower", (inner,)):
                self._allow("tolower")
                get, kind = self._operand(inner)
                return (lambda row: None if (value := get(row)) is None else str(value).lower()), kind
        raise unsupported()

    def _property(self, names: tuple[str, ...]) -> tuple[Getter, Kind]:
        inside = bool(self.variable) and names[0] == self.variable
        full = self.prefix + names[1:] if inside else names
        kind = self.entity.filters.get("/".join(full))
        if kind is None:
            raise self._unknown(full)
        if full[0] in self.entity.advanced:
            self.advanced = True
        get = _walk(names[1:] if inside else names) if not inside or len(names) > 1 else _itself
        if kind == "date":
            return (lambda row: _moment(get(row))), kind
        if kind == "string" and not self.entity.case_sensitive:
            return (lambda row: None if (value := get(row)) is None else value.casefold()), kind
        return get, kind

    def _unknown(self, names: tuple[str, ...]) -> Refusal:
        if names[0] in self.entity.properties:
            return unsupported(
                f"Unsupported or invalid query filter clause specified for property '{'/'.join(names)}' "
                f"of resource '{self.entity.name.rpartition('.')[2].capitalize()}'."
            )
        return bad_query(
            f"Invalid filter clause: Could not find a property named '{names[0]}' "
            f"on type '{self.entity.name}'."
        )

    def _folded(self, text: str) -> str:
        return text if self.entity.case_sensitive else text.casefold()

    def _comparison(self, how: str, left: Node, right: Value) -> Predicate:
        get, kind = self._operand(left)
        if right.value is None:
            if how not in ("eq", "ne"):
                raise unsupported()
            return (lambda row: get(row) is None) if how == "eq" else (lambda row: get(row) is not None)
        if right.kind != kind:
            raise bad_query(
                "Invalid filter clause: A binary operator with incompatible types was detected. "
                f"Found operand types '{kind}' and '{right.kind}' for operator kind '{how}'."
            )
        wanted = self._folded(right.value) if kind == "string" else right.value  # type: ignore[arg-type]
        if how == "eq":
            return lambda row: bool(get(row) == wanted)
        if how == "ne":
            return lambda row: bool(get(row) != wanted)
        order = _ORDERS[how]
        return lambda row: (value := get(row)) is not None and order(value, wanted)

    def _text_test(self, name: str, subject: Node, text: str) -> Predicate:
        self._allow(name)
        get, kind = self._operand(subject)
        if kind != "string":
            raise bad_query(f"Invalid filter clause: No function signature for '{name}' fits the arguments.")
        test, wanted = _TEXT_TESTS[name], self._folded(text)
        return lambda row: (value := get(row)) is not None and test(value, wanted)

    def _any(self, path: Path, variable: str, body: Node | None) -> Predicate:
        self._allow("any")
        if "/".join(path.names) not in self.entity.collections:
            raise self._unknown(path.names)
        get = _walk(path.names)
        if body is None:
            return lambda row: bool(get(row))
        inner = _Compiler(self.entity, self.advanced, variable, path.names)
        test = inner.predicate(body)
        self.advanced = inner.advanced
        return lambda row: any(test(element) for element in get(row) or ())


def _itself(row: Any) -> Any:
    return row


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def compile_filter(text: str, entity: EntityType) -> tuple[Predicate, bool]:
    """Return the test for ``$filter`` and whether it is an advanced query.

    Raises:
        Refusal: 400, when the filter cannot be read or is not supported on this entity type.
    """
    compiler = _Compiler(entity)
    return compiler.predicate(parse(text)), compiler.advanced
