"""How a command tells an expected failure: on standard error, with an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from xtsync_tui.errors import InvalidInput, NoAnswer, Unreachable, XtSyncError
from xtsync_tui.text import clean

FAILED = 1
BAD_INPUT = 2
UNREACHED = 3
"""A tenant could not be read: not known is another thing than not done."""


@contextmanager
def reported() -> Iterator[None]:
    """Print an XtSyncError and leave with its exit code; also a decorator for a command's function.

    The code is 2 for input that cannot be used, 3 for a tenant that cannot be reached, else 1.
    """
    try:
        yield
    except XtSyncError as error:
        click.echo(f"Error: {clean(error.title)}", err=True)
        for line in (error.detail, error.hint):
            if line:
                click.echo(f"  {clean(line)}", err=True)
        code = BAD_INPUT if isinstance(error, InvalidInput) else UNREACHED if away(error) else FAILED
        raise SystemExit(code) from error


def away(error: XtSyncError | None) -> bool:
    """Return whether the request never got to a tenant, or nothing came back."""
    return isinstance(error, Unreachable | NoAnswer)
