"""Prints what one evaluation costs, as a ratio to a Python function of the same meaning.

Run with ``python -m tests.benchmarks.expressions``. The aim is 12 or less for the first line.
"""

import random
import timeit
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from xtsync_tui.engine.expressions import Context, Problem, compile_expression

RECORD = {"givenName": "Lena", "surname": "Fischer", "country": "DE", "department": "Sales"}
CONTEXT = Context(lambda: datetime(2026, 1, 1, tzinfo=UTC), random.Random(1))  # noqa: S311

Function = Callable[[Mapping[str, str]], str]

PAIRS: dict[str, Function] = {
    'Join(" ", [givenName], [surname])': lambda user: f"{user['givenName']} {user['surname']}",
    "[department]": lambda user: user["department"],
    'IIF([country] = "DE", [department], "none")': lambda user: (
        user["department"] if user["country"] == "DE" else "none"
    ),
    'Switch([country], "other", "AT", "Wien", "DE", "Berlin")': lambda user: {
        "AT": "Wien",
        "DE": "Berlin",
    }.get(user["country"], "other"),
    "ToLower(NormalizeDiacritics(StripSpaces([surname])))": lambda user: (
        user["surname"].replace(" ", "").lower()
    ),
}


def seconds(call: Callable[..., object], *arguments: object) -> float:
    """Return the best time of one call in seconds."""
    names = [f"argument{place}" for place in range(len(arguments))]
    scope = {"call": call, **dict(zip(names, arguments, strict=True))}
    timer = timeit.Timer(f"call({', '.join(names)})", globals=scope)
    number, _ = timer.autorange()
    return min(timer.repeat(repeat=5, number=number)) / number


def main() -> None:
    """Print a line for each expression: nanoseconds here and in Python, and their ratio."""
    for text, function in PAIRS.items():
        compiled = compile_expression(text)
        assert not isinstance(compiled, Problem)
        assert compiled.evaluate(RECORD, CONTEXT) == function(RECORD)
        ours = seconds(compiled.evaluate, RECORD, CONTEXT)
        plain = seconds(function, RECORD)
        print(f"{ours / plain:5.1f} x   {ours * 1e9:7.0f} ns / {plain * 1e9:5.0f} ns   {text}")  # noqa: T201


if __name__ == "__main__":
    main()
