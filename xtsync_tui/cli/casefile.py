"""Files of cases that admins keep beside their mappings: a JSON object a line with its expected result."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click

from xtsync_tui.cli.failures import FAILED
from xtsync_tui.errors import InvalidInput
from xtsync_tui.text import clean

Row = dict[str, Any]


class Outcome(NamedTuple):
    """What one row expected and what came of it; ``note`` is shown beside it."""

    id: str
    passed: bool
    expected: Any
    actual: Any
    note: str = ""


def read_rows(path: Path) -> list[Row]:
    """Read ``path``, one JSON object a line, empty lines left out.

    Each row gets an ``id``, its line number where it has none. Raises InvalidInput with the line, and for a
    file without any: a pipeline that tests nothing must not look as if it had passed.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read.", error.strerror or "") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not UTF-8 text.", str(error)) from error
    rows = [_row(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not rows:
        raise InvalidInput(f"{path} has no case in it.", "Each line holds one case, a JSON object.")
    return rows


def report(outcomes: Sequence[Outcome], *, as_json: bool) -> None:
    """Print each failing row and a summary, or all as JSON; ends the command with 1 when a row failed."""
    failed = [outcome for outcome in outcomes if not outcome.passed]
    if as_json:
        rows = [outcome._asdict() for outcome in outcomes]
        document = {"passed": len(outcomes) - len(failed), "failed": len(failed), "rows": rows}
        click.echo(json.dumps(document, indent=2))
    else:
        for outcome in failed:
            _print(outcome)
        click.echo(f"{len(outcomes) - len(failed)} passed, {len(failed)} failed")
    if failed:
        raise SystemExit(FAILED)


def _row(path: Path, number: int, line: str) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{path}, line {number} is not JSON.", str(error)) from error
    if not isinstance(row, dict):
        raise InvalidInput(f"{path}, line {number} is not a JSON object.", "Each line holds one case.")
    return {**row, "id": str(row.get("id") or f"line {number}")}


def _print(outcome: Outcome) -> None:
    click.echo(f"✗ {clean(outcome.id)}")
    for name, value in (("expected", outcome.expected), ("actual  ", outcome.actual)):
        click.echo(f"  {name}  {clean(json.dumps(value, ensure_ascii=False))}")
    if outcome.note:
        click.echo(f"  {clean(outcome.note)}")
