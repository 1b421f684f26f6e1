"""``xtsync setup``: the checklist of the set-up without a screen."""

import json
import shutil
import sys
from textwrap import wrap
from typing import TYPE_CHECKING

import click

from xtsync_tui.cli import options
from xtsync_tui.cli.failures import FAILED, UNREACHED, away, reported
from xtsync_tui.errors import InvalidInput
from xtsync_tui.text import clean

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from xtsync_tui.workspace.pair import Workspace
    from xtsync_tui.workspace.setup import Outcome, SetupReading, StepReading

_MARKS = {
    "done": "✓",
    "to do": "○",
    "failed": "✗",
    "waiting": "…",
    "cannot tell": "?",
    "not needed": "–",
}
_INDENT = " " * 14


@click.command()
@click.option("--demo", is_flag=True, help="On two made-up tenants. No sign-in, no network.")
@click.option(
    "--profile", "name", default="", help="On the tenants of this profile; xtsync auth login first."
)
@click.option(
    "--ca",
    "authority",
    type=click.Path(exists=True, dir_okay=False),
    help="PEM file of the certificate authority of xtsync emulate --tls.",
)
@options.tenants
@click.option(
    "--emulator",
    "emulator_file",
    metavar="FILE",
    help="Use the running emulator announced in FILE (- stdin).",
)
@click.option(
    "--yes", is_flag=True, help="Do what is left, with sensible choices. Stops at the first failure."
)
@click.option("--json", "as_json", is_flag=True, help="Print an array of step, title, tenant, state, detail.")
@reported()
def command(
    *,
    demo: bool,
    name: str,
    authority: str | None,
    scenario: str,
    users: int | None,
    speed: float,
    emulator_file: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Show how far cross-tenant synchronization is set up.

    Leaves with 0 when nothing is left to do, with 1 when something is, and with 3 when a step cannot be told:
    a tenant cannot be reached, or does not let it be read.
    """
    import anyio

    if name:
        from xtsync_tui.cli.real import without_screen

        pair = without_screen(name, authority or "")
    elif demo or emulator_file:
        from xtsync_tui.cli.compose import opened

        pair = opened(emulator_file, scenario, users, speed)
    else:
        raise InvalidInput("Choose the tenants", "", "Add --profile and its name, or --demo.")
    raise SystemExit(anyio.run(_run, pair, yes, as_json))


async def _run(pair: "AbstractAsyncContextManager[Workspace]", yes: bool, as_json: bool) -> int:
    """Do and show; return the exit code. Raises what kept both tenants from being read."""
    async with pair as workspace:
        await _reach(workspace)
        if yes:
            await _do_rest(workspace)
        reading = await workspace.setup.read()
        click.echo(as_text(reading, workspace, _width()) if not as_json else as_array(reading))
        unread = any(one.state.value == "cannot tell" for one in reading.steps)
        return UNREACHED if unread else 0 if reading.finished else FAILED


async def _reach(workspace: "Workspace") -> None:
    """Raise why, once, when neither tenant can be reached: no step could say more."""
    from xtsync_tui.model import Side

    if not any(workspace.side(side).tenant_id for side in Side):
        await workspace.introduce()
    failures = [workspace.side(side).failure for side in Side]
    if failures[0] is not None and all(away(failure) for failure in failures):
        raise failures[0]


def _width() -> int:
    """Return the columns of the terminal, 0 for a file or another program."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


async def _do_rest(workspace: "Workspace") -> None:
    """Do what is left; what happens goes to standard error, so that standard output stays what was asked."""

    def progress(line: str) -> None:
        if sys.stderr.isatty():
            click.echo(clean(line), err=True)

    async for outcome in workspace.setup.do_rest(progress):
        click.echo(clean(outcome.words), err=True)
        for line in _why(outcome):
            click.echo(f"  {line}", err=True)


def _why(outcome: "Outcome") -> list[str]:
    cause = outcome.cause
    if cause is None:
        return []
    screens = f"The screens of xtsync go on from here: Setup, step {outcome.number}."
    hint = screens if cause.fix or _is_key(cause.hint) else cause.hint
    return [clean(line) for line in (cause.detail, cause.code, hint) if line]


def _is_key(hint: str) -> bool:
    """Return whether a next step is a key of the screens: ``r look again``."""
    word = hint.partition(" ")[0]
    return len(word) == 1 or word == "enter"


def as_array(reading: "SetupReading") -> str:
    """Return the steps as a JSON array."""
    rows = [
        {
            "step": one.number,
            "title": one.step.title,
            "tenant": one.step.tenant,
            "state": one.state.value,
            "detail": clean(one.detail),
        }
        for one in reading.steps
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def as_text(reading: "SetupReading", workspace: "Workspace", width: int = 0) -> str:
    """Return the steps as a table for people; what is longer than ``width`` goes on below."""
    from xtsync_tui.model import Side

    source, target = workspace.side(Side.SOURCE), workspace.side(Side.TARGET)
    head = f"SOURCE {clean(source.name)}  ▶  TARGET {clean(target.name)}    {reading.counts}"
    lines = [head, "", "   #  Tenant  Step                                State"]
    for one in reading.steps:
        lines += _lines(one, width)
    return "\n".join(lines)


def _lines(one: "StepReading", width: int) -> list[str]:
    mark = _MARKS[one.state.value]
    lines = [f"  {one.number:>2}  {one.step.tenant:<6}  {one.step.title:<34}  {mark} {clean(one.words)}"]
    if one.cause:
        for told in filter(None, (one.cause.title, one.cause.detail)):
            room = width - len(_INDENT)
            lines += [_INDENT + line for line in (wrap(clean(told), room) if room > 0 else [clean(told)])]
    return lines
