"""One case of an expression file: evaluate its row and compare with what it expects."""

import json
import random
import re
import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from xtsync_tui.cli.casefile import Outcome, Row
from xtsync_tui.engine.expressions import (
    Context,
    EvaluationError,
    Problem,
    compile_expression,
    miscased,
)
from xtsync_tui.engine.expressions.functions import moments
from xtsync_tui.engine.expressions.functions.passwords import SPECIAL
from xtsync_tui.engine.values import Flow, Record, Value, to_value
from xtsync_tui.errors import InvalidInput

Failure = Problem | EvaluationError
Result = Value | Flow | Failure


class Surroundings(msgspec.Struct, rename="camel"):
    """What the expression of a case may ask from outside: values taken in the target, the default domain."""

    taken: list[str] = []
    default_domain: str | None = None


class Case(msgspec.Struct):
    """One row of a file of expression cases."""

    id: str
    expression: str
    expected: Any
    attributes: dict[str, Any] | None = None
    accept: list[Any] = []
    strict: bool = True
    now: str | None = None
    context: Surroundings | None = None


def read_clock() -> datetime:
    """Return the time of this machine."""
    return datetime.now(UTC)


def evaluate(expression: str, record: Record, context: Context) -> Result:
    """Return what the expression gives for a record, a failure as a value."""
    compiled = compile_expression(expression)
    if isinstance(compiled, Problem):
        return compiled
    if problem := miscased(compiled.tree, record):
        return problem
    try:
        return compiled.evaluate(record, context)
    except EvaluationError as error:
        return error


def as_json(result: Result) -> Any:
    """Return a result in the form of a case file: text, list, null, or an object with a $ key."""
    if isinstance(result, Flow):
        return {"$flow": result.value}
    if isinstance(result, Problem | EvaluationError):
        return {"$error": str(result)}
    return list(result) if isinstance(result, tuple) else result


def _record(attributes: dict[str, Any]) -> Record:
    """Return attributes as they are in a case: empty text stays, so that a case can tell it from absent."""
    return {name: "" if value == "" else to_value(value) for name, value in attributes.items()}


def outcome(row: Row) -> Outcome:
    """Return whether the row of a case file gives what it expects. Raises InvalidInput for a bad row."""
    try:
        case = msgspec.convert(row, Case)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"Row {row['id']} is no case of an expression.", str(error)) from error
    result = evaluate(case.expression, _record(case.attributes or {}), _context(case))
    wanted = [case.expected] if case.strict else [case.expected, *case.accept]
    passed = any(_meets(result, expected, case.id) for expected in wanted)
    return Outcome(case.id, passed, case.expected, as_json(result))


def _context(case: Case) -> Context:
    around = case.context or Surroundings()
    clock = _fixed_clock(case) if case.now else read_clock
    return Context(clock, random.SystemRandom(), around.default_domain, around.taken.__contains__)


def _fixed_clock(case: Case) -> Callable[[], datetime]:
    try:
        ticks = moments.read(case.now).ticks
    except ValueError as error:
        raise InvalidInput(f"Row {case.id}: now is no time.", str(error)) from error
    fixed = datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
    return lambda: fixed


def _meets(result: Result, expected: Any, row: str) -> bool:
    if not isinstance(expected, dict):
        return bool(as_json(result) == as_json(_as_value(expected)))
    form, rule = next(iter(expected.items()), ("", None))
    if form == "$error":
        return isinstance(result, Failure)
    if form == "$flow":
        return isinstance(result, Flow) and result.value == rule
    try:
        return _FORMS[form](result, rule)
    except (KeyError, TypeError, AttributeError, re.error) as error:
        raise InvalidInput(f"Row {row} expects a form that is not known.", json.dumps(expected)) from error


def _as_value(expected: Any) -> Value:
    """Return an expected JSON value as the text that the engine gives."""
    if isinstance(expected, list):
        return tuple(str(to_value(item) or "") for item in expected)
    return "" if expected == "" else to_value(expected)


def _regex_fits(result: Result, pattern: str) -> bool:
    compiled = re.compile(pattern)
    return isinstance(result, str) and compiled.search(result) is not None


def _roles_fit(result: Result, roles: list[Any]) -> bool:
    try:
        return isinstance(result, tuple) and [json.loads(role) for role in result] == roles
    except ValueError:
        return False


def _random_fits(result: Result, rule: dict[str, Any]) -> bool:
    if not isinstance(result, str):
        return False
    kinds = {
        "digits_min": string.digits,
        "special_min": SPECIAL,
        "upper_min": string.ascii_uppercase,
        "lower_min": string.ascii_lowercase,
    }
    enough = all(sum(char in kind for char in result) >= rule.get(name, 0) for name, kind in kinds.items())
    right_length = len(result) == rule.get("length", len(result))
    return right_length and enough and set(result).isdisjoint(rule.get("avoid", ""))


_FORMS: dict[str, Callable[[Result, Any], bool]] = {
    "$regex": _regex_fits,
    "$random": _random_fits,
    "$roles": _roles_fit,
}
