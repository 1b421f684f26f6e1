r"""Reads the text of an expression into a tree, and writes the tree as text.

expr    := operand of a call, an attribute or a quoted constant ("functions for customizing application data")
call    := NAME "(" [ slot { "," slot } ] ")"        a slot may be empty: the argument is left out
slot    := [ joined [ ("=" | "<>" | ">=" | "<=" | ">" | "<") joined ] ]
joined  := operand { "&" operand }                   "&" is documented for cloud sync only
operand := call | "[" name "]" | STRING | NUMBER | "&H" hex | WORD

In a string a backslash escapes a backslash and a double quote. Before anything else it stays: some pages
write "\+" where others write "\\+".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from xtsync_tui.engine.expressions.problems import Problem

MAX_LENGTH = 10_000
"""Characters of one expression ("functions for customizing application data", "customize attributes")."""

MAX_DEPTH = 100
"""Calls inside calls. Not documented: a bound that no sensible expression meets."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression; ``start`` and ``end`` are its place in the text and no part of its value."""

    start: int = field(default=0, compare=False, kw_only=True)
    end: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Attribute(Node):
    """The value of a source attribute: ``[department]``."""

    name: str


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A constant in double quotes; ``value`` is without quotes and escapes."""

    value: str


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A bare number, decimal or Visual Basic hexadecimal (``&HF7``), as it is written."""

    literal: str

    @property
    def value(self) -> str:
        """The number as decimal text."""
        return str(int(self.literal.replace("&H", "0x"), 0)) if self.literal[0] == "&" else self.literal


@dataclass(frozen=True, slots=True)
class Word(Node):
    """A bare word such as ``vbTextCompare`` or ``IgnoreAttributeFlow``."""

    name: str


@dataclass(frozen=True, slots=True)
class Omitted(Node):
    """An empty argument."""


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function with its arguments, left-out ones in their place."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """Two values compared, for the condition of IIF and the argument of CBool."""

    left: Node
    operator: str
    right: Node


@dataclass(frozen=True, slots=True)
class Concatenation(Node):
    """Values written behind each other with ``&``."""

    operands: tuple[Node, ...]


_SPACE = re.compile(r"\s*")
_NAME = re.compile(r"[^\W\d]\w*")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\])')
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?!\w)")
_HEX = re.compile(r"&H[0-9A-Fa-f]{1,16}(?!\w)")
_ATTRIBUTE = re.compile(r"\[([^\[\]]+)\]")
_OPERATOR = re.compile(r"<>|>=|<=|[=<>]")

_VALUE = "a function, an [attribute] or a constant"


class _Stop(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Reader:
    """Walks once over the text; each method reads one rule of the grammar and leaves ``at`` behind it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def stop(
        self, message: str, code: str, expected: str = "", at: int | None = None, length: int = 1
    ) -> _Stop:
        return _Stop(Problem(self.at if at is None else at, length, message, code, expected))

    def skip(self) -> str:
        """Go to the next character that is no white space and return it, "" at the end."""
        if found := _SPACE.match(self.text, self.at):
            self.at = found.end()
        return self.text[self.at : self.at + 1]

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def whole(self) -> Node:
        if not self.skip():
            raise self.stop("the expression is empty", "empty", _VALUE, length=0)
        node = self.joined()
        if self.skip():
            rest = len(self.text.rstrip()) - self.at
            raise self.stop("text after the end of the expression", "trailing-text", "the end", length=rest)
        return node

    def slot(self) -> Node:
        if self.skip() in {",", ")"}:
            return Omitted(start=self.at, end=self.at)
        left = self.joined()
        self.skip()
        operator = self.take(_OPERATOR)
        if not operator:
            return left
        right = self.joined()
        return Comparison(left, operator[0], right, start=left.start, end=right.end)

    def joined(self) -> Node:
        operands = [self.operand()]
        while self.skip() == "&":
            self.at += 1
            operands.append(self.operand())
        if len(operands) == 1:
            return operands[0]
        return Concatenation(tuple(operands), start=operands[0].start, end=operands[-1].end)

    def operand(self) -> Node:
        char = self.skip()
        start = self.at
        if char == '"':
            return self.string()
        if char == "[":
            return self.attribute()
        if found := self.take(_HEX) or self.take(_NUMBER):
            return Number(found[0], start=start, end=self.at)
        if found := self.take(_NAME):
            return self.call(found[0], start) if self.skip() == "(" else self.word(found)
        if not char:
            raise self.stop("the expression ends too early", "unexpected-end", _VALUE, length=0)
        if char == "'":
            raise self.stop("a constant stands in double quotes", "single-quote", '"text"')
        raise self.stop(f"unexpected {char}", "unexpected-character", _VALUE)

    def word(self, found: re.Match[str]) -> Word:
        self.at = found.end()
        return Word(found[0], start=found.start(), end=found.end())

    def string(self) -> Text:
        start = self.at
        found = self.take(_STRING)
        if not found:
            length = len(self.text) - start
            raise self.stop("a constant has no closing quote", "unclosed-text", '"', length=length)
        return Text(_ESCAPE.sub(r"\1", found[1]), start=start, end=self.at)

    def attribute(self) -> Attribute:
        start = self.at
        found = self.take(_ATTRIBUTE)
        if not found:
            raise self.stop("an attribute name stands in square brackets", "bad-attribute", "[name]")
        return Attribute(found[1], start=start, end=self.at)

    def call(self, name: str, start: int) -> Call:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            message = f"more than {MAX_DEPTH} functions inside each other"
            raise self.stop(message, "too-deep", at=start, length=len(name))
        opening = self.at
        self.at += 1
        slots = [self.slot()]
        while self.skip() == ",":
            self.at += 1
            slots.append(self.slot())
        if self.skip() != ")":
            self.unclosed(name, opening)
        self.at += 1
        self.depth -= 1
        arguments = () if len(slots) == 1 and isinstance(slots[0], Omitted) else tuple(slots)
        return Call(name, arguments, start=start, end=self.at)

    def unclosed(self, name: str, opening: int) -> None:
        if self.at >= len(self.text):
            raise self.stop(f"the bracket of {name} is not closed", "unclosed-call", ")", opening)
        raise self.stop(f"unexpected {self.text[self.at]} in {name}", "unexpected-character", "a comma or )")


@lru_cache(maxsize=64)
def parse(text: str) -> Node | Problem:
    """Return the tree of an expression, or the first problem of its grammar.

    Kept for the last few texts: an editor compiles, lints and lists the attributes of one text at each key.
    Names and argument counts are not looked at here: see ``check``.
    """
    if len(text) > MAX_LENGTH:
        message = f"{len(text):,} characters, more than {MAX_LENGTH:,}"
        return Problem(MAX_LENGTH, len(text) - MAX_LENGTH, message, "too-long")
    try:
        return _Reader(text).whole()
    except _Stop as stop:
        return stop.problem


def quote(value: str) -> str:
    """Return ``value`` as a constant of the language, with quotes and escapes."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def to_text(node: Node) -> str:
    """Return the text of a tree, spaced as the service prints it: ``Replace([a], "-", , , "_", , )``."""
    match node:
        case Attribute(name):
            return f"[{name}]"
        case Text(value):
            return quote(value)
        case Number(literal):
            return literal
        case Word(name):
            return name
        case Call(name, arguments):
            return f"{name}({', '.join(map(to_text, arguments))})"
        case Comparison(left, operator, right):
            return f"{to_text(left)} {operator} {to_text(right)}"
        case Concatenation(operands):
            return " & ".join(map(to_text, operands))
        case _:
            return ""


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts of a node, in the order of the text."""
    match node:
        case Call(arguments=parts) | Concatenation(operands=parts):
            return parts
        case Comparison(left=left, right=right):
            return (left, right)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and every part of it, outer ones first."""
    yield node
    for child in children(node):
        yield from walk(child)
