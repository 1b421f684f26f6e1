"""``xtsync expression``: evaluate and test mapping expressions, without a tenant."""

import json
import random
import re
from pathlib import Path
from typing import Any

import click

from xtsync_tui.cli.casefile import read_rows, report
from xtsync_tui.cli.expression_case import Failure, Result, as_json, evaluate, outcome, read_clock
from xtsync_tui.cli.failures import BAD_INPUT, FAILED, reported
from xtsync_tui.engine.expressions import Context, Problem, describe, signatures
from xtsync_tui.engine.expressions.functions import REGISTRY
from xtsync_tui.engine.expressions.functions.numbers import MAX_TEXT
from xtsync_tui.engine.expressions.problems import nearest_name
from xtsync_tui.engine.values import Flow, Record
from xtsync_tui.errors import InvalidInput
from xtsync_tui.text import clean


@click.group()
def command() -> None:
    """Evaluate and test mapping expressions, without a tenant."""


@command.command("eval")
@click.argument("expression")
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="Give a source attribute a value."
)
@click.option("--json", "json_wanted", is_flag=True, help="Print the result as JSON.")
@reported()
def eval_expression(expression: str, settings: tuple[str, ...], *, json_wanted: bool) -> None:
    """Print what EXPRESSION gives for one user.

    --set may be given several times; the same name again makes a list. An attribute that is not set is
    absent, one set to nothing (name=) is empty text.
    """
    context = Context(read_clock, random.SystemRandom())
    result = evaluate(expression, _from_settings(settings), context)
    if json_wanted:
        document = {"result": as_json(result)}
        if isinstance(result, Failure):
            document["error"] = _details(result)
        click.echo(json.dumps(document, indent=2))
    else:
        _print(expression, result)
    if isinstance(result, Failure):
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
    if isinstance(result, Failure):
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


@command.command("test")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "json_wanted", is_flag=True, help="Print the outcome of every row as JSON.")
@reported()
def test_file(file: Path, *, json_wanted: bool) -> None:
    """Evaluate the rows of FILE, one JSON object a line, and compare with what they expect.

    A row has expression, attributes and expected: text, a list, null, or an object such as {"$error": true},
    {"$flow": "ignore-attribute"} or {"$regex": "..."}. With "strict": false a row passes as well if any value
    of its accept list is met. now, context.taken and context.defaultDomain set what the expression may ask.
    """
    report([outcome(row) for row in read_rows(file)], as_json=json_wanted)


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
