"""The operators of scoping filters: what each one asks of one attribute value.

Source: "define-conditional-rules-for-provisioning-user-accounts". Text is compared case-sensitively, and a
null or empty value makes every operator false except IS NULL.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from xtsync_tui.engine.expressions.functions.patterns import TIMEOUT, Pattern
from xtsync_tui.engine.expressions.functions.patterns import compile_pattern as compile_net
from xtsync_tui.engine.expressions.functions.registry import FunctionError

Arity = Literal["Unary", "Binary"]
Test = Callable[[str], bool | None]

_INTEGER = re.compile(r"\s*[+-]?[0-9]+\s*\Z")


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator: its portal spelling, Graph arity, the attribute types it takes and its test.

    ``build`` makes the test of a clause out of the clause's values. A test gets a value that is not empty and
    gives None when it cannot tell.
    """

    name: str
    arity: Arity
    types: tuple[str, ...]
    build: Callable[[Sequence[str]], Test]


def is_integer(text: str) -> bool:
    """Tell whether ``text`` is a whole number as .NET's integer parsing takes it."""
    return _INTEGER.match(text) is not None


def key(name: str) -> str:
    """Return what the spellings of one operator share; Graph and portal differ in case and underscores."""
    return " ".join(name.replace("_", " ").upper().split())


def find(name: str) -> Operator | None:
    """Return the operator called ``name`` in any spelling, None for one that is not documented."""
    return _BY_KEY.get(key(name))


def compile_pattern(pattern: str) -> Pattern | None:
    """Compile ``pattern``, None when it is not a regular expression.

    Not documented: the flavour; all hints are .NET's.
    """
    try:
        return compile_net(pattern)
    except FunctionError:
        return None


def pattern_fault(pattern: str) -> str:
    """Return why ``pattern`` is not a regular expression, "" when it is one."""
    try:
        compile_net(pattern)
    except FunctionError as error:
        return str(error).removeprefix("the regular expression is not valid: ")
    return ""


def _equals(values: Sequence[str]) -> Test:
    # Not documented: several values in one clause. Read as "any of them".
    wanted = frozenset(values)
    return lambda value: value in wanted


def _includes(values: Sequence[str]) -> Test:
    return lambda value: any(part in value for part in values)


def _ends_with(values: Sequence[str]) -> Test:
    # Not documented: whether letter case counts. Case-sensitive as all the others.
    ends = tuple(values)
    return lambda value: value.endswith(ends)


def _within(values: Sequence[str]) -> Test:
    # Not documented beyond "the attribute value exists in the input string": the literal reading.
    return lambda value: any(value in text for text in values)


def _numeric(compare: Callable[[int, int], bool]) -> Callable[[Sequence[str]], Test]:
    def build(values: Sequence[str]) -> Test:
        limits = [int(value) for value in values if is_integer(value)]
        return lambda value: is_integer(value) and any(compare(int(value), limit) for limit in limits)

    return build


def _matches(values: Sequence[str]) -> Test:
    # Not documented: anchoring. Unanchored, as .NET's Regex.IsMatch.
    patterns = [compile_pattern(value) for value in values]

    def test(value: str) -> bool | None:
        if None in patterns:
            return None
        try:
            return any(p is not None and p.compiled.search(value, timeout=TIMEOUT) for p in patterns)
        except TimeoutError:
            return None

    return test


def _not(build: Callable[[Sequence[str]], Test]) -> Callable[[Sequence[str]], Test]:
    def negated(values: Sequence[str]) -> Test:
        test = build(values)

        def opposite(value: str) -> bool | None:
            outcome = test(value)
            return None if outcome is None else not outcome

        return opposite

    return negated


def _word(word: str) -> Callable[[Sequence[str]], Test]:
    return lambda _: lambda value: value.lower() == word


_TEXT = ("String",)
_ANY = ("String", "Integer", "Boolean", "Reference", "DateTime", "Binary")

OPERATORS = (
    Operator("EQUALS", "Binary", ("String", "Integer"), _equals),
    Operator("NOT EQUALS", "Binary", ("String", "Integer"), _not(_equals)),
    Operator("IS TRUE", "Unary", ("Boolean",), _word("true")),
    Operator("IS FALSE", "Unary", ("Boolean",), _word("false")),
    Operator("IS NULL", "Unary", _ANY, lambda _: lambda _: False),
    Operator("IS NOT NULL", "Unary", _ANY, lambda _: lambda _: True),
    Operator("REGEX MATCH", "Binary", _TEXT, _matches),
    Operator("NOT REGEX MATCH", "Binary", _TEXT, _not(_matches)),
    Operator("Greater_Than", "Binary", ("Integer", "String"), _numeric(lambda a, b: a > b)),
    Operator("Greater_Than_OR_EQUALS", "Binary", ("Integer", "String"), _numeric(lambda a, b: a >= b)),
    Operator("Includes", "Binary", _TEXT, _includes),
    Operator("ENDS_WITH", "Binary", _TEXT, _ends_with),
    Operator("&", "Binary", _TEXT, _within),
    Operator("!&", "Binary", _TEXT, _not(_within)),
)
"""Every documented operator, in the portal's spelling and order."""

_BY_KEY = {key(operator.name): operator for operator in OPERATORS}
