"""``xtsync setup``: the checklist of the set-up without a screen."""

import json
import sys
from typing import TYPE_CHECKING

import click

from xtsync_tui.cli import options
from xtsync_tui.cli.failures import FAILED, reported
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
    """Show how far cross-tenant synchronization is set up; leave with 0 when nothing is left to do."""
    import anyio

    if name:
        from xtsync_tui.cli.real import without_screen

        pair = without_screen(name, authority or "")
    elif demo or emulator_file:
        from xtsync_tui.cli.compose import opened

        pair = opened(emulator_file, scenario, users, speed)
    else:
        raise InvalidInput("Choose the tenants", "", "Add --profile and its name, or --demo.")
    raise SystemExit(0 if anyio.run(_run, pair, yes, as_json) else FAILED)


async def _run(pair: "AbstractAsyncContextManager[Workspace]", yes: bool, as_json: bool) -> bool:
    async with pair as workspace:
        if yes:
            await _do_rest(workspace)
        reading = await workspace.setup.read()
        click.echo(as_text(reading, workspace) if not as_json else as_array(reading))
        return reading.finished


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
    return [clean(line) for line in (cause.detail, cause.code, cause.hint) if line] if cause else []


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


def as_text(reading: "SetupReading", workspace: "Workspace") -> str:
    """Return the steps as a table for people."""
    from xtsync_tui.model import Side

    source, target = workspace.side(Side.SOURCE), workspace.side(Side.TARGET)
    head = f"SOURCE {clean(source.name)}  ▶  TARGET {clean(target.name)}    {reading.counts}"
    lines = [head, "", "   #  Tenant  Step                                State"]
    for one in reading.steps:
        lines += _lines(one)
    return "\n".join(lines)


def _lines(one: "StepReading") -> list[str]:
    mark = _MARKS[one.state.value]
    lines = [f"  {one.number:>2}  {one.step.tenant:<6}  {one.step.title:<34}  {mark} {clean(one.words)}"]
    if one.cause:
        lines += [f"{_INDENT}{clean(line)}" for line in (one.cause.title, one.cause.detail) if line]
    return lines
