"""Assignments from a CSV file: who is meant by each line, and what became of each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xtsync_tui.errors import Cancelled, Conflict, NotFound, Rejected, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.workspace import people_files
from xtsync_tui.workspace.assigning import assign
from xtsync_tui.workspace.configurations.reading import Whole
from xtsync_tui.workspace.configurations.writes import ASSIGN
from xtsync_tui.workspace.people_files import Line, Named, Progress
from xtsync_tui.workspace.planned import Planned

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one line: ``assigned``, ``failed`` with the reason in ``words``, or not sent."""

    line: Line
    outcome: str
    words: str = ""


async def match(
    workspace: "Workspace", whole: Whole, names: Sequence[Named], progress: Progress = lambda *_: None
) -> tuple[Line, ...]:
    """Return who is meant by each line; who is assigned already is not assigned again."""
    if isinstance(whole.assigned, XtSyncError):
        raise whole.assigned
    there = {one.assignment.principal_id for one in whole.assigned}
    return await people_files.match(workspace.client(Side.SOURCE), names, there, progress, groups=True)


def planned(workspace: "Workspace", whole: Whole, lines: Iterable[Line]) -> tuple[Planned, ...]:
    """Return one write for each line that matches."""
    sp = whole.one.service_principal
    return tuple(assign(workspace.clients, sp, line.who.id, ASSIGN) for line in lines if line.who)


async def assign_all(
    workspace: "Workspace", whole: Whole, lines: Sequence[Line], progress: Callable[[str], None]
) -> tuple[Result, ...]:
    """Assign every line that matches, one after the other, and return what became of all lines.

    A line that Graph refuses does not stop the others; anything else does, and the rest is not sent.
    """
    results: list[Result] = []
    writes = iter(planned(workspace, whole, lines))
    total = sum(1 for line in lines if line.who)
    stopped = ""
    sent = 0
    for line in lines:
        if line.who is None:
            results.append(Result(line, line.match.value, line.words))
            continue
        write = next(writes)
        if stopped:
            results.append(Result(line, "not sent", stopped))
            continue
        sent += 1
        progress(f"{sent} of {total}")
        written = await workspace.writer.send(write, sent, total)
        if written.done:
            results.append(Result(line, "assigned"))
            continue
        results.append(Result(line, "failed", str(written.error or written.entry.fate.value)))
        if isinstance(written.error, Cancelled) or not isinstance(
            written.error, Rejected | NotFound | Conflict
        ):
            stopped = f"stopped after line {line.number}"
    return tuple(results)


RESULT_HEADS = ("Line", "Name", "Result", "Assigned", "Detail")


def result_rows(results: Iterable[Result]) -> list[list[str]]:
    """Return the rows of the result file."""
    return [
        [
            str(one.line.number),
            one.line.text,
            one.outcome,
            one.line.who.detail or one.line.who.name if one.line.who else "",
            one.words,
        ]
        for one in results
    ]
