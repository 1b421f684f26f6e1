"""Saving a draft: is it still what was edited, then the whole document, then a full cycle."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from xtsync_tui.errors import NoAnswer, ServiceFailed, XtSyncError
from xtsync_tui.graph import jobs
from xtsync_tui.graph import schema as schemas
from xtsync_tui.model import Job, Json, Request, Side, exact
from xtsync_tui.workspace.journal import Fate
from xtsync_tui.workspace.mappings.changes import changes, named, same, three_ways
from xtsync_tui.workspace.mappings.draft import Draft, begin
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.writing import Written

if TYPE_CHECKING:
    from xtsync_tui.workspace.mappings.reading import MappingsReading
    from xtsync_tui.workspace.pair import Workspace

FULL_CYCLE = "full cycle"
CHANGED_ELSEWHERE = "The mappings were changed elsewhere"


class Overtaken(XtSyncError):
    """Somebody saved in the meantime: nothing was saved.

    ``draft`` is what was to be saved, ``live`` the schema as it is now, ``rows`` what differs.
    """

    def __init__(self, draft: Draft, live: Json, detail: str, title: str = CHANGED_ELSEWHERE) -> None:
        super().__init__(title, detail, "enter compare the three")
        self.draft = draft
        self.live = live
        self.rows = three_ways(draft, live)


class JobTurned(XtSyncError):
    """Somebody started or paused the job in the meantime: nothing was saved. ``job`` is the job as it is now.

    What saving does is another thing then: it has to be shown before it is sent.
    """

    def __init__(self, job: Job, *, runs: bool) -> None:
        what = "started" if runs else "paused"
        does = "Saving starts a full cycle now." if runs else "Saving starts no cycle now."
        super().__init__(f"The job was {what} in the meantime", f"Nothing was sent. {does}", "f2 goes on.")
        self.job = job


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did: ``restarted`` is whether a full cycle began, ``failed`` the write that began none."""

    restarted: bool
    failed: Written | None = None


def size(document: Json) -> int:
    """Return how many bytes a document is on its way."""
    return len(exact.encode(document))


def reading_requests(reading: "MappingsReading") -> tuple[Request, ...]:
    """Return the requests that look whether schema and job are still what was edited."""
    put = schemas.put_schema(reading.configuration.id, reading.job.id, {})
    paths = (put.path.removesuffix("/schema"), put.path)
    return tuple(Request(method="GET", path=path, scopes=put.scopes) for path in paths)


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
    why = f"{'undo: ' if draft.undoes else ''}{named(changes(draft.base, draft.document))}"
    change = Planned(Side.SOURCE, put, why, before=draft.base, undoes=draft.undoes)
    return _save(workspace, reading, change, lambda now: same(now, draft.document))


def restore(workspace: "Workspace", reading: "MappingsReading") -> Save:
    """Return the writes that bring back the service's default mappings, filters with them."""
    request = schemas.restore_schema(reading.configuration.id, reading.job.id)
    change = Planned(Side.SOURCE, request, "default mappings", before=reading.schema)
    return _save(workspace, reading, change, lambda now: not same(now, reading.schema))


def _save(
    workspace: "Workspace", reading: "MappingsReading", change: Planned, arrived: Callable[[Json], bool]
) -> Save:
    sp, job = reading.configuration.id, reading.job.id

    async def look() -> Json:
        now = await schemas.schema(workspace.client(Side.SOURCE), sp, job)
        return {"saved": True} if arrived(now) else None

    undo = Undo((schemas.put_schema(sp, job, change.before),))
    return Save(replace(change, undo=undo, look=look), full_cycle(reading) if reading.runs else None)


def full_cycle(reading: "MappingsReading") -> Planned:
    """Return the write that begins a full cycle."""
    undo = Undo(why_not="A full cycle that began cannot be taken back.")
    return Planned(Side.SOURCE, jobs.restart(reading.configuration.id, reading.job.id), FULL_CYCLE, undo)


def overtaken(draft: Draft, live: Json, since: datetime, what: str = "saved") -> Overtaken | None:
    """Return what somebody else saved since the draft began; None when ``live`` is as either left it."""
    if same(live, draft.base) or same(live, draft.document):
        return None
    theirs = len(changes(draft.base, live))
    differ = "1 part differs" if theirs == 1 else f"{theirs} parts differ"
    detail = f"Nothing was {what}, your draft is kept: {differ} since {since:%H:%M}."
    return Overtaken(draft, live, detail)


async def save(
    workspace: "Workspace", reading: "MappingsReading", draft: Draft, since: datetime | None = None
) -> Saved:
    """Look whether schema and job are still what was edited, replace the schema, and begin a full cycle.

    ``since`` is when the schema was read from which the draft began.

    Raises:
        Overtaken: somebody changed the schema in the meantime; nothing was saved.
        JobTurned: somebody started or paused the job in the meantime; nothing was saved.
        XtSyncError: nothing was saved, for another reason, or it is not known whether it was.
    """
    live = await _live(workspace, reading)
    writes = planned(workspace, reading, draft)
    if same(live, draft.document):
        # An earlier save arrived without an answer: what is left of it is the cycle.
        return await begin_cycle(workspace, writes.cycle)
    if (found := overtaken(draft, live, since or reading.at)) is not None:
        raise found
    return await carry_out(workspace, writes)


async def restore_defaults(workspace: "Workspace", reading: "MappingsReading") -> Saved:
    """Look whether schema and job are still what was shown, restore the defaults, and begin a full cycle.

    Raises as ``save`` does; nothing was restored then.
    """
    live = await _live(workspace, reading)
    if (found := overtaken(begin(reading.schema), live, reading.at, "restored")) is not None:
        raise found
    return await carry_out(workspace, restore(workspace, reading))


async def _live(workspace: "Workspace", reading: "MappingsReading") -> Json:
    """Return the schema as it is now; raises JobTurned when the job was started or paused since."""
    client, sp = workspace.client(Side.SOURCE), reading.configuration.id
    job = await jobs.job(client, sp, reading.job.id)
    if job is not None and job.is_active != reading.runs:
        raise JobTurned(job, runs=job.is_active)
    return await schemas.schema(client, sp, reading.job.id)


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
