"""``xtsync expression``: evaluate and test mapping expressions, without a tenant."""

import json
import random
import re
import string
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from xtsync_tui.cli.casefile import Outcome, Row, read_rows, report
from xtsync_tui.cli.failures import BAD_INPUT, FAILED, reported
from xtsync_tui.engine.expressions import (
    Context,
    EvaluationError,
    Problem,
    compile_expression,
    describe,
    miscased,
    signatures,
)
from xtsync_tui.engine.expressions.functions import REGISTRY, moments
from xtsync_tui.engine.expressions.functions.numbers import MAX_TEXT
from xtsync_tui.engine.expressions.functions.passwords import SPECIAL
from xtsync_tui.engine.expressions.problems import nearest_name
from xtsync_tui.engine.values import Flow, Record, Value, to_value
from xtsync_tui.errors import InvalidInput
from xtsync_tui.text import clean

Failure = Problem | EvaluationError
Result = Value | Flow | Failure


@click.group()
def command() -> None:
    """Evaluate and test mapping expressions, without a tenant."""


# Evaluating


def _evaluate(expression: str, record: Record, context: Context) -> Result:
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


def _as_json(result: Result) -> Any:
    """Return a result in the form of a case file: text, list, null, or an object with a $ key."""
    if isinstance(result, Flow):
        return {"$flow": result.value}
    if isinstance(result, Problem | EvaluationError):
        return {"$error": str(result)}
    return list(result) if isinstance(result, tuple) else result


def _record(attributes: dict[str, Any]) -> Record:
    """Return attributes as they are in a case: empty text stays, so that a case can tell it from absent."""
    return {name: "" if value == "" else to_value(value) for name, value in attributes.items()}


def _now() -> datetime:
    return datetime.now(UTC)


@command.command("eval")
@click.argument("expression")
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="Give a source attribute a value."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@reported()
def evaluate(expression: str, settings: tuple[str, ...], *, as_json: bool) -> None:
    """Print what EXPRESSION gives for one user.

    --set may be given several times; the same name again makes a list. An attribute that is not set is
    absent, one set to nothing (name=) is empty text.
    """
    context = Context(_now, random.SystemRandom())
    result = _evaluate(expression, _from_settings(settings), context)
    if as_json:
        document = {"result": _as_json(result)}
        if isinstance(result, Problem | EvaluationError):
            document["error"] = _details(result)
        click.echo(json.dumps(document, indent=2))
    else:
        _print(expression, result)
    if isinstance(result, Problem | EvaluationError):
        raise SystemExit(BAD_INPUT if isinstance(result, Problem) else FAILED)


def _from_settings(settings: tuple[str, ...]) -> Record:
    values: dict[str, list[str]] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name:
            raise InvalidInput(f"--set {setting} has no value.", hint="Write --set name=value.")
        values.setdefault(name, []).append(value)
    return {name: given[0] if len(given) == 1 else tuple(given) for name, given in values.items()}


def _details(failure: Failure) -> dict[str, Any]:
    fields = ("position", "length", "message", "code", "expected", "nearest")
    return {name: getattr(failure, name) for name in fields if hasattr(failure, name)}


def _print(expression: str, result: Result) -> None:
    if isinstance(result, Problem | EvaluationError):
        click.echo(f"Error: {clean(result)}", err=True)
        click.echo(_pointed(expression, result), err=True)
    elif isinstance(result, Flow):
        click.echo(f"{result.value}: nothing is written", err=True)
    elif result is None:
        click.echo("absent: nothing is written", err=True)
    else:
        for value in (result,) if isinstance(result, str) else result:
            click.echo(clean(value, MAX_TEXT))


def _pointed(expression: str, failure: Failure) -> str:
    """Return the line of the expression that holds the failure, with carets under it."""
    at = min(failure.position, len(expression))
    start = max(expression.rfind("\n", 0, at) + 1, at - 60)
    line = re.split(r"[\r\n]", expression[start : start + 100], maxsplit=1)[0]
    width = max(min(failure.length, len(line) - (at - start)), 1)
    return f"  {clean(line)}\n  {' ' * (at - start)}{'^' * width}"


# Testing


@command.command("test")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the outcome of every row as JSON.")
@reported()
def test_file(file: Path, *, as_json: bool) -> None:
    """Evaluate the rows of FILE, one JSON object a line, and compare with what they expect.

    A row has expression, attributes and expected: text, a list, null, or an object such as {"$error": true},
    {"$flow": "ignore-attribute"} or {"$regex": "..."}. With "strict": false a row passes as well if any value
    of its accept list is met. now, context.taken and context.defaultDomain set what the expression may ask.
    """
    report([_outcome(row) for row in read_rows(file)], as_json=as_json)


def _outcome(row: Row) -> Outcome:
    attributes, context = row.get("attributes") or {}, row.get("context") or {}
    if not isinstance(row.get("expression"), str) or "expected" not in row:
        raise InvalidInput(f"Row {row['id']} lacks expression or expected.", "Both are needed.")
    if not isinstance(attributes, dict) or not isinstance(context, dict):
        raise InvalidInput(f"Row {row['id']}: attributes and context are JSON objects.")
    result = _evaluate(row["expression"], _record(attributes), _context(row, context))
    wanted = [row["expected"]]
    if row.get("strict") is False:
        wanted += row.get("accept") or []
    passed = any(_meets(result, expected) for expected in wanted)
    return Outcome(row["id"], passed, row["expected"], _as_json(result))


def _context(row: Row, context: dict[str, Any]) -> Context:
    now = _clock(row)
    taken = context.get("taken") or []
    return Context(lambda: now, random.SystemRandom(), context.get("defaultDomain"), taken.__contains__)


def _clock(row: Row) -> datetime:
    if not row.get("now"):
        return _now()
    try:
        ticks = moments.read(row["now"]).ticks
    except ValueError as error:
        raise InvalidInput(f"Row {row['id']}: now is no time.", str(error)) from error
    return datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)


def _meets(result: Result, expected: Any) -> bool:
    if not isinstance(expected, dict):
        return _as_json(result) == _as_json(_wanted(expected))
    if "$error" in expected:
        return isinstance(result, Problem | EvaluationError)
    if "$flow" in expected:
        return isinstance(result, Flow) and result.value == expected["$flow"]
    if "$regex" in expected:
        return isinstance(result, str) and re.search(expected["$regex"], result) is not None
    if "$random" in expected:
        return isinstance(result, str) and _random_fits(result, expected["$random"])
    if "$roles" in expected:
        return isinstance(result, tuple) and [json.loads(role) for role in result] == expected["$roles"]
    raise InvalidInput(f"{', '.join(expected)} is no form of an expected result.")


def _wanted(expected: Any) -> Value:
    """Return an expected JSON value as the text that the engine gives; an empty list stays one."""
    if isinstance(expected, list):
        return tuple(str(to_value(item) or "") for item in expected)
    return "" if expected == "" else to_value(expected)


def _random_fits(text: str, rule: dict[str, Any]) -> bool:
    kinds = {
        "digits_min": string.digits,
        "special_min": SPECIAL,
        "upper_min": string.ascii_uppercase,
        "lower_min": string.ascii_lowercase,
    }
    enough = all(sum(char in kind for char in text) >= rule.get(name, 0) for name, kind in kinds.items())
    return (
        len(text) == rule.get("length", len(text)) and enough and not set(text) & set(rule.get("avoid", ""))
    )


# Help


@command.command("functions")
@click.argument("name", required=False)
@reported()
def functions(name: str | None) -> None:
    """List the functions with their arguments, or show the help of NAME."""
    if name is None:
        for function in signatures():
            click.echo(function.signature)
        return
    description = describe(name)
    if description is None:
        nearest = nearest_name(name, REGISTRY)
        hint = f"The nearest is {nearest}." if nearest else "xtsync expression functions lists them."
        raise InvalidInput(f"There is no function {name}.", hint=hint)
    click.echo(description.signature)
    click.echo(f"\n{description.help}\n\n{description.example}\n\nDocumented for {description.origin.value}.")
