"""What the tests of expressions share: evaluating a text for one user."""

import random
from datetime import UTC, datetime

from xtsync_tui.engine.expressions import Compiled, Context, Problem, compile_expression
from xtsync_tui.engine.values import Flow, Value

NOW = datetime(2025, 7, 30, 9, tzinfo=UTC)


def context(*, taken: tuple[str, ...] = (), default_domain: str | None = None) -> Context:
    chance = random.Random(1)  # noqa: S311 - the same in every run
    return Context(lambda: NOW, chance, default_domain, taken.__contains__)


def compiled(text: str) -> Compiled:
    result = compile_expression(text)
    assert isinstance(result, Compiled), result
    return result


def problem(text: str) -> Problem:
    result = compile_expression(text)
    assert isinstance(result, Problem), result
    return result


def value(text: str, /, **attributes: Value) -> Value | Flow:
    return compiled(text).evaluate(attributes, context())
