"""The functions of conditions and absent values ("functions for customizing application data")."""

import operator
from collections.abc import Sequence

from xtsync_tui.engine.expressions.functions.numbers import integer, number_or_none
from xtsync_tui.engine.expressions.functions.registry import (
    Context,
    Evaluate,
    FunctionError,
    Kind,
    Parameter,
    function,
    lazy_function,
    optional,
    repeating,
)
from xtsync_tui.engine.values import Flow, Record, Value

_ANY = Kind.ANY
_TRUTH = Kind.BOOLEAN


class FlowDecided(Exception):
    """Carries a decision not to flow out of the functions around it."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow.value)
        self.flow = flow


_OPERATORS = {
    "=": operator.eq,
    "<>": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def truth(value: Value) -> bool:
    """Return what a value means as a condition: True and False in any letter case, numbers by being 0.

    Not documented for an absent value, where "the check fails": it is false. Other text is an error.
    """
    if value == "True":
        return True
    if not value or value == "False":
        return False
    if isinstance(value, str):
        if value.lower() in {"true", "false"}:
            return value.lower() == "true"
        number = number_or_none(value)
        if number is not None:
            return number != 0
    raise FunctionError("True, False or a number is needed here")


def compare(left: Value, sign: str, right: Value) -> bool:
    """Return the outcome of a comparison: of numbers when both sides are numbers, else of text.

    Not documented: text compares by code point with its letter case, and an absent value is empty text.
    """
    if isinstance(left, tuple) or isinstance(right, tuple):
        raise FunctionError("several values cannot be compared")
    a: str | float = left or ""
    b: str | float = right or ""
    x, y = number_or_none(left or ""), number_or_none(right or "")
    if x is not None and y is not None:
        a, b = x, y
    return bool(_OPERATORS[sign](a, b))


def _boolean(outcome: bool) -> str:
    return "True" if outcome else "False"


@lazy_function(
    "IIF",
    Parameter("condition", _ANY),
    Parameter("valueIfTrue", _ANY),
    Parameter("valueIfFalse", _ANY),
    result=_ANY,
    help="The first value if the condition holds, else the second; only that one is evaluated. The condition "
    "is one comparison (= <> > >= < <=) or a truth value. Nest IIF for AND and OR.",
    example='IIF([country] = "USA", [country], [department])',
)
def iif(arguments: Sequence[Evaluate | None]) -> Evaluate:
    """Return a call that evaluates the condition and one of the values."""
    condition, yes, no = [argument for argument in arguments if argument]

    def run(record: Record, context: Context) -> Value:
        return (yes if truth(condition(record, context)) else no)(record, context)

    return run


@lazy_function(
    "Switch",
    Parameter("source"),
    optional("defaultValue", _ANY),
    repeating("key"),
    repeating("value", _ANY),
    result=_ANY,
    help="The value of the first key that equals the source, with letter case; else the default value. The "
    'key "" fits an absent source.',
    example='Switch([state], "Australia/Sydney", "QLD", "Australia/Brisbane", "SA", "Australia/Adelaide")',
)
def switch(arguments: Sequence[Evaluate | None]) -> Evaluate:
    """Return a call that evaluates keys in order until one fits, and its value only."""
    source, default, *rest = arguments
    pairs = [(key, value) for key, value in zip(rest[::2], rest[1::2], strict=True) if key and value]

    def run(record: Record, context: Context) -> Value:
        wanted = (source(record, context) if source else None) or ""
        for key, value in pairs:
            if (key(record, context) or "") == wanted:
                return value(record, context)
        return default(record, context) if default else None

    return run


@lazy_function(
    "Coalesce",
    repeating("source", _ANY),
    result=_ANY,
    help="The first value that is not absent; the last one serves as default and may be empty text.",
    example='Coalesce([mail], [otherMail], "none@contoso.com")',
)
def coalesce(arguments: Sequence[Evaluate | None]) -> Evaluate:
    """Return a call that evaluates its sources until one has a value."""
    sources = [argument for argument in arguments if argument]

    def run(record: Record, context: Context) -> Value:
        values = (source(record, context) for source in sources)
        return next((value for value in values if value is not None), None)

    return run


@lazy_function(
    "SelectUniqueValue",
    Parameter("uniqueValueRule1"),
    repeating("uniqueValueRule"),
    pure=False,
    help="The first value that no object in the target has yet. Not supported with cross-tenant "
    "synchronization: only for HR sources to Active Directory, on creation.",
    example='SelectUniqueValue(Join(".", [givenName], [surname]), Join(".", [surname], [givenName]))',
)
def select_unique_value(arguments: Sequence[Evaluate | None]) -> Evaluate:
    """Return a call that evaluates its rules until one gives a value that is not taken."""
    rules = [argument for argument in arguments if argument]

    def run(record: Record, context: Context) -> Value:
        for rule in rules:
            value = rule(record, context)
            if isinstance(value, str) and value and not context.taken(value):
                return value
        raise FunctionError("every value is taken in the target: the object is put into escrow")

    return run


@function(
    "IsNull",
    Parameter("Expression", _ANY),
    result=_TRUTH,
    help="True if the value is absent; empty text is not.",
    example="IsNull([displayName])",
)
def is_null(value: Value) -> Value:
    """Return whether the value is absent."""
    return _boolean(value is None)


@function(
    "IsNullOrEmpty",
    Parameter("Expression", _ANY),
    result=_TRUTH,
    help="True if the value is absent or empty text.",
    example="IsNullOrEmpty([displayName])",
)
def is_null_or_empty(value: Value) -> Value:
    """Return whether there is nothing in the value."""
    return _boolean(not value)


@function(
    "IsPresent",
    Parameter("Expression", _ANY),
    result=_TRUTH,
    help="True if the value is neither absent nor empty text.",
    example="IsPresent([directManager])",
)
def is_present(value: Value) -> Value:
    """Return whether there is something in the value."""
    return _boolean(bool(value))


@function(
    "IsString",
    Parameter("Expression", _ANY),
    result=_TRUTH,
    help="True if the value can be read as one text.",
    example="IsString([displayName])",
)
def is_string(value: Value) -> Value:
    """Return whether the value is one text. Not documented: truth values, lists and absent ones are not."""
    return _boolean(isinstance(value, str) and value not in {"True", "False"})


@function(
    "Not",
    Parameter("source", _ANY),
    result=_TRUTH,
    help="False if the source is True; True for everything else.",
    example="Not([IsSoftDeleted])",
)
def not_(value: Value) -> Value:
    """Return the opposite of True."""
    return _boolean(value != "True")


@function(
    "CBool",
    Parameter("Expression", _ANY),
    result=_TRUTH,
    help="True or False: the outcome of a comparison, or whether a number is not 0.",
    example="CBool([attribute1] = [attribute2])",
)
def c_bool(value: Value) -> Value:
    """Return the truth of the value."""
    return _boolean(truth(value))


@function(
    "BitAnd",
    Parameter("value1"),
    Parameter("value2"),
    result=Kind.INTEGER,
    help="The bits set in both numbers. Numbers are decimal or hexadecimal (&HF7).",
    example="BitAnd(&HF, &HF7) gives 7",
)
def bit_and(first: str | None, second: str | None) -> Value:
    """Return the common bits as a number."""
    return str(integer(first) & integer(second))


@function(
    "IgnoreFlowIfNullOrEmpty",
    Parameter("expression", _ANY),
    result=_ANY,
    help="Leaves the attribute out of this export if the value is absent or empty; else the value. It wraps "
    "the whole expression and cannot be the condition of IIF.",
    example="IgnoreFlowIfNullOrEmpty([department])",
)
def ignore_flow_if_null_or_empty(value: Value) -> Value:
    """Return the value, or decide that the attribute does not flow."""
    if not value:
        raise FlowDecided(Flow.IGNORE_ATTRIBUTE)
    return value
