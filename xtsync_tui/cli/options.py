"""The options that say how the two made-up tenants are, the same for every command on them."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

SCENARIOS = ("fresh", "configured", "troubled", "large", "hostile")

_OPTIONS = (
    click.option("--scenario", type=click.Choice(SCENARIOS), default="fresh", show_default=True),
    click.option(
        "--users", type=click.IntRange(0), help="People that the scenario large adds; 10,000 if not given."
    ),
    click.option(
        "--speed",
        type=click.FloatRange(0),
        default=1.0,
        show_default=True,
        help="How many times faster their clock runs: with 60 a cycle begins every 40 seconds.",
    ),
)


def tenants(command: Command) -> Command:
    """Give ``command`` the options ``--scenario``, ``--users`` and ``--speed``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
