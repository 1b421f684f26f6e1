"""The syntax of ``$filter``: text into a tree, or the 400 with which Graph refuses it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from xtsync_tui.emulator.errors import Refusal, bad_query

Scalar = str | bool | int | float | datetime | None
Kind = Literal["string", "bool", "number", "date", "guid", "null"]

COMPARISONS = frozenset({"eq", "ne", "gt", "ge", "lt", "le"})


@dataclass(frozen=True, slots=True)
class Value:
    """A constant."""

    value: Scalar
    kind: Kind


@dataclass(frozen=True, slots=True)
class Path:
    """A property, ``names`` from the outside in."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """``startswith(a, b)`` and the like, ``name`` in lower case."""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """``path/any(variable:body)``; ``body`` None is ``path/any()``."""

    path: Path
    variable: str
    body: "Node | None"


@dataclass(frozen=True, slots=True)
class Compare:
    """``left operator right``, the operator ``eq``, ``ne``, ``gt``, ``ge``, ``lt`` or ``le``."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class In:
    """``left in (a, b)``."""

    left: "Node"
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """``left and right``, or ``left or right``."""

    operator: Literal["and", "or"]
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Not:
    """``not body``."""

    body: "Node"


Node = Value | Path | Call | AnyOf | Compare | In | Both | Not

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>'(?:[^']|'')*')
    | (?P<guid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})
    | (?P<date>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?)
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<name>[A-Za-z_]\w*)
    | (?P<mark>[(),:/])
    )""",
    re.VERBOSE,
)
_WORDS: dict[str, Value] = {
    "true": Value(True, "bool"),
    "false": Value(False, "bool"),
    "null": Value(None, "null"),
}
DEPTH = 60
"""How deep parentheses may nest. Not documented: Graph has a limit of its own."""


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield kind, text and position of each token, a last one of kind "end"."""
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _syntax(text, position)
        kind = str(match.lastgroup)
        yield kind, match.group(kind), match.start(kind)
        position = match.end()
    yield "end", "", len(text)


def _syntax(text: str, position: int) -> Refusal:
    return bad_query(f"Invalid filter clause: Syntax error at position {position} in '{text}'.")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class _Parser:
    """Reads one filter from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        """Return the tree of the whole text."""
        node = self._or()
        if self._tokens[self._at][0] != "end":
            raise self._error()
        return node

    def _error(self) -> Refusal:
        return _syntax(self._text, self._tokens[self._at][2])

    def _take(self, text: str) -> bool:
        """Step over ``text`` if it is next."""
        kind, found, _ = self._tokens[self._at]
        if kind in ("name", "mark") and found == text:
            self._at += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise self._error()

    def _name(self) -> str:
        kind, found, _ = self._tokens[self._at]
        if kind != "name":
            raise self._error()
        self._at += 1
        return found

    def _or(self) -> Node:
        self._depth += 1
        if self._depth > DEPTH:
            raise bad_query("Invalid filter clause: The node count limit has been exceeded.")
        node = self._and()
        while self._take("or"):
            node = Both("or", node, self._and())
        self._depth -= 1
        return node

    def _and(self) -> Node:
        node = self._not()
        while self._take("and"):
            node = Both("and", node, self._not())
        return node

    def _not(self) -> Node:
        negations = 0
        while self._take("not"):
            negations += 1
        node = self._comparison()
        for _ in range(negations):
            node = Not(node)
        return node

    def _comparison(self) -> Node:
        left = self._operand()
        if self._take("in"):
            return In(left, self._list())
        kind, found, _ = self._tokens[self._at]
        if kind == "name" and found in COMPARISONS:
            self._at += 1
            return Compare(found, left, self._operand())
        return left

    def _list(self) -> tuple[Value, ...]:
        self._expect("(")
        values = [self._value()]
        while self._take(","):
            values.append(self._value())
        self._expect(")")
        return tuple(values)

    def _value(self) -> Value:
        node = self._operand()
        if not isinstance(node, Value):
            raise self._error()
        return node

    def _operand(self) -> Node:
        kind, found, _ = self._tokens[self._at]
        if kind == "name":
            return self._named()
        if self._take("("):
            node = self._or()
            self._expect(")")
            return node
        self._at += 1
        match kind:
            case "string":
                return Value(found[1:-1].replace("''", "'"), "string")
            case "guid":
                return Value(found.lower(), "guid")
            case "number":
                return Value(float(found) if "." in found else int(found), "number")
            case "date":
                return self._date(found)
        self._at -= 1
        raise self._error()

    def _date(self, text: str) -> Value:
        try:
            return Value(_moment(text), "date")
        except ValueError:
            raise self._error() from None

    def _named(self) -> Node:
        name = self._name()
        if name in _WORDS:
            return _WORDS[name]
        if self._take("("):
            return self._call(name)
        names = [name]
        while self._take("/"):
            name = self._name()
            if name == "any" and self._take("("):
                return self._any(Path(tuple(names)))
            names.append(name)
        return Path(tuple(names))

    def _call(self, name: str) -> Call:
        arguments = [self._operand()]
        while self._take(","):
            arguments.append(self._operand())
        self._expect(")")
        return Call(name.lower(), tuple(arguments))

    def _any(self, path: Path) -> AnyOf:
        if self._take(")"):
            return AnyOf(path, "", None)
        variable = self._name()
        self._expect(":")
        body = self._or()
        self._expect(")")
        return AnyOf(path, variable, body)


def parse(text: str) -> Node:
    """Return the tree of a ``$filter``.

    Raises:
        Refusal: 400 ``BadRequest``, when it is no OData expression.
    """
    return _Parser(text).whole()
