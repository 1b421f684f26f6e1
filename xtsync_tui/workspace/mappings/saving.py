"""Saving a draft: is it still what was edited, then the whole document, then a full cycle."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xtsync_tui.errors import NoAnswer, ServiceFailed, XtSyncError
from xtsync_tui.graph import jobs
from xtsync_tui.graph import schema as schemas
from xtsync_tui.model import Json, Request, Side, exact
from xtsync_tui.workspace.journal import Fate
from xtsync_tui.workspace.mappings.changes import ThreeWay, changes, same, three_ways
from xtsync_tui.workspace.mappings.draft import Draft
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.writing import Written

if TYPE_CHECKING:
    from xtsync_tui.workspace.mappings.reading import MappingsReading
    from xtsync_tui.workspace.pair import Workspace

WHY = "mappings"


class Overtaken(XtSyncError):
    """Somebody saved in the meantime: nothing was saved. ``live`` is the schema as it is now."""

    def __init__(self, live: Json, rows: tuple[ThreeWay, ...], detail: str) -> None:
        super().__init__("The mappings were changed elsewhere", detail, "enter compare the three")
        self.live = live
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did: ``restarted`` is whether a full cycle began, ``failed`` the write that began none."""

    restarted: bool
    failed: Written | None = None


def size(document: Json) -> int:
    """Return how many bytes a document is on its way."""
    return len(exact.encode(document))


def reading_request(reading: "MappingsReading") -> Request:
    """Return the request that looks whether the schema is still what was edited."""
    put = schemas.put_schema(reading.configuration.id, reading.job.id, {})
    return Request(method="GET", path=put.path, scopes=put.scopes)


@dataclass(frozen=True, slots=True)
class Save:
    """The writes of a save: ``change`` replaces the schema, ``cycle`` begins a full cycle if the job runs."""

    change: Planned
    cycle: Planned | None

    @property
    def writes(self) -> tuple[Planned, ...]:
        """All of them, in their order."""
        return (self.change, self.cycle) if self.cycle else (self.change,)


def planned(workspace: "Workspace", reading: "MappingsReading", draft: Draft) -> Save:
    """Return the writes of a save; the schema as it is now is kept to be restored."""
    put = schemas.put_schema(reading.configuration.id, reading.job.id, draft.document)
    return _save(workspace, reading, put, draft.base, lambda now: same(now, draft.document))


def restore(workspace: "Workspace", reading: "MappingsReading") -> Save:
    """Return the writes that bring back the service's default mappings, filters with them."""
    request = schemas.restore_schema(reading.configuration.id, reading.job.id)
    return _save(workspace, reading, request, reading.schema, lambda now: not same(now, reading.schema))


def _save(
    workspace: "Workspace",
    reading: "MappingsReading",
    request: Request,
    before: Json,
    arrived: Callable[[Json], bool],
) -> Save:
    sp, job = reading.configuration.id, reading.job.id

    async def look() -> Json:
        now = await schemas.schema(workspace.client(Side.SOURCE), sp, job)
        return {"saved": True} if arrived(now) else None

    undo = Undo((schemas.put_schema(sp, job, before),))
    change = Planned(Side.SOURCE, request, WHY, undo, before, look)
    return Save(change, full_cycle(reading) if reading.runs else None)


def full_cycle(reading: "MappingsReading") -> Planned:
    """Return the write that begins a full cycle."""
    undo = Undo(why_not="A full cycle that began cannot be taken back.")
    return Planned(Side.SOURCE, jobs.restart(reading.configuration.id, reading.job.id), WHY, undo)


async def save(workspace: "Workspace", reading: "MappingsReading", draft: Draft) -> Saved:
    """Look whether the schema is still what was edited, replace it, and begin a full cycle.

    Raises:
        Overtaken: somebody changed it in the meantime; nothing was saved.
        XtSyncError: nothing was saved, for another reason, or it is not known whether it was.
    """
    client = workspace.client(Side.SOURCE)
    live = await schemas.schema(client, reading.configuration.id, reading.job.id)
    writes = planned(workspace, reading, draft)
    if same(live, draft.document):
        # An earlier save arrived without an answer: what is left of it is the cycle.
        return await begin_cycle(workspace, writes.cycle)
    if not same(live, draft.base):
        rows = three_ways(draft, live)
        theirs = len(changes(draft.base, live))
        differ = "1 part differs" if theirs == 1 else f"{theirs} parts differ"
        detail = f"Nothing was saved, your draft is kept: {differ} since {reading.at:%H:%M}."
        raise Overtaken(live, rows, detail)
    return await carry_out(workspace, writes)


async def carry_out(workspace: "Workspace", save: Save) -> Saved:
    """Replace the schema, then begin a full cycle; raises XtSyncError when it is not known to be replaced."""
    written = await workspace.writer.send(save.change, 1, len(save.writes))
    if written.error is not None:
        raise _not_saved(written, written.error)
    return await begin_cycle(workspace, save.cycle, len(save.writes))


async def begin_cycle(workspace: "Workspace", cycle: Planned | None, number: int = 1) -> Saved:
    """Begin a full cycle, the last of ``number`` writes; None for a job that is paused."""
    if cycle is None:
        return Saved(restarted=False)
    written = await workspace.writer.send(cycle, number, number)
    return Saved(restarted=written.done, failed=None if written.done else written)


def _not_saved(written: Written, error: XtSyncError) -> XtSyncError:
    """Return what is known of a save whose answer was lost; any other error says it itself."""
    if not isinstance(error, NoAnswer | ServiceFailed):
        return error
    note = written.entry.note
    if written.entry.fate is Fate.UNKNOWN:
        return NoAnswer("It is not known whether it was saved", note, "f2 looks, and sends what is left.")
    return NoAnswer("It did not arrive: nothing was saved", note, "f2 send again · @ the request")
