"""How a command tells an expected failure: on standard error, with an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.text import clean

FAILED = 1
BAD_INPUT = 2


@contextmanager
def reported() -> Iterator[None]:
    """Print an XtSyncError and leave with its exit code: 2 for input that cannot be used, else 1.

    Also a decorator for a command's function.
    """
    try:
        yield
    except XtSyncError as error:
        click.echo(f"Error: {clean(error.title)}", err=True)
        for line in (error.detail, error.hint):
            if line:
                click.echo(f"  {clean(line)}", err=True)
        raise SystemExit(BAD_INPUT if isinstance(error, InvalidInput) else FAILED) from error
