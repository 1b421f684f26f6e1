"""Assignments from a CSV file: who is meant by each line, and what became of each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xtsync_tui.errors import Conflict, NotFound, Rejected, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.workspace import people_files
from xtsync_tui.workspace.configurations.reading import Whole
from xtsync_tui.workspace.configurations.writes import assigned
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
    client = workspace.client(Side.SOURCE)
    return await people_files.match(client, names, whole.principals, progress, groups=True)


def planned(workspace: "Workspace", whole: Whole, lines: Iterable[Line]) -> tuple[Planned, ...]:
    """Return one write for each line that matches."""
    sp = whole.one.service_principal
    return tuple(assigned(workspace.clients, sp, line.who) for line in lines if line.who)


async def assign_all(
    workspace: "Workspace",
    whole: Whole,
    lines: Sequence[Line],
    progress: Callable[[str], None],
    is_stopped: Callable[[], bool] = lambda: False,
) -> tuple[Result, ...]:
    """Assign every line that matches, one after the other, and return what became of all lines.

    A line that Graph refuses does not stop the others; anything else does, and so does ``is_stopped``: the
    rest is not sent.
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
        stopped = stopped or ("stopped here, before it was sent" if is_stopped() else "")
        if stopped:
            results.append(Result(line, "not sent", stopped))
            continue
        sent += 1
        progress(f"assigning {sent:,} of {total:,}")
        result, goes_on = await _assign(workspace, line, write, sent, total)
        results.append(result)
        stopped = "" if goes_on else f"stopped after line {line.number}"
    return tuple(results)


async def _assign(
    workspace: "Workspace", line: Line, write: Planned, number: int, total: int
) -> tuple[Result, bool]:
    """Assign one line; return what became of it, and whether the next one can be tried."""
    try:
        written = await workspace.writer.send(write, number, total)
    except XtSyncError as error:  # what was assigned before must not be forgotten for it
        return Result(line, "not sent", str(error)), False
    if written.done:
        return Result(line, "assigned"), True
    refused = isinstance(written.error, Rejected | NotFound | Conflict)
    return Result(line, "failed", str(written.error or written.entry.fate.value)), refused


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
