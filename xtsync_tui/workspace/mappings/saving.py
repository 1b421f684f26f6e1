"""Saving a draft: is it still what was edited, then the whole document, then a full cycle."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import jobs
from xtsync_tui.graph import schema as schemas
from xtsync_tui.model import Json, Request, Side
from xtsync_tui.workspace.mappings.changes import ThreeWay, changes, same, three_ways
from xtsync_tui.workspace.mappings.draft import Draft
from xtsync_tui.workspace.planned import Planned, Undo

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
    """What saving did: ``restarted`` is whether a full cycle began, ``error`` why it did not."""

    restarted: bool
    error: XtSyncError | None = None


def size(document: Json) -> int:
    """Return how many bytes a document is on its way."""
    return len(msgspec.json.encode(document))


def reading_request(reading: "MappingsReading") -> Request:
    """Return the request that looks whether the schema is still what was edited."""
    put = schemas.put_schema(reading.configuration.id, reading.job.id, {})
    return Request(method="GET", path=put.path, scopes=put.scopes)


def planned(workspace: "Workspace", reading: "MappingsReading", draft: Draft) -> tuple[Planned, ...]:
    """Return the writes of a save; the schema as it is now is kept to be restored."""
    sp, job = reading.configuration.id, reading.job.id
    client = workspace.client(Side.SOURCE)

    async def look() -> Json:
        now = await schemas.schema(client, sp, job)
        return {"saved": True} if same(now, draft.document) else None

    undo = Undo((schemas.put_schema(sp, job, draft.base),))
    put = Planned(
        Side.SOURCE, schemas.put_schema(sp, job, draft.document), WHY, undo, before=draft.base, look=look
    )
    if not reading.runs:
        return (put,)
    no_undo = Undo(why_not="A full cycle that began cannot be taken back.")
    return put, Planned(Side.SOURCE, jobs.restart(sp, job), WHY, no_undo)


async def save(workspace: "Workspace", reading: "MappingsReading", draft: Draft) -> Saved:
    """Look whether the schema is still what was edited, replace it, and begin a full cycle.

    Raises:
        Overtaken: somebody changed it in the meantime; nothing was saved.
        XtSyncError: nothing was saved, for another reason.
    """
    client = workspace.client(Side.SOURCE)
    live = await schemas.schema(client, reading.configuration.id, reading.job.id)
    if same(live, draft.document):
        return Saved(restarted=False)
    if not same(live, draft.base):
        rows = three_ways(draft, live)
        theirs = len(changes(draft.base, live))
        since = f"Since you opened them at {reading.at:%H:%M}, {theirs} part{'s' * (theirs != 1)} differ"
        detail = f"{since}{'s' * (theirs == 1)}. Nothing was saved, your draft is kept."
        raise Overtaken(live, rows, detail)
    put, *then = planned(workspace, reading, draft)
    written = await workspace.writer.send(put, 1, 1 + len(then))
    if written.error is not None:
        raise written.error
    for write in then:
        after = await workspace.writer.send(write, 2, 2)
        if after.error is not None:
            return Saved(restarted=False, error=after.error)
    return Saved(restarted=bool(then))


def restore(reading: "MappingsReading") -> tuple[Planned, ...]:
    """Return the writes that bring back the service's default mappings, filters with them."""
    sp, job = reading.configuration.id, reading.job.id
    undo = Undo((schemas.put_schema(sp, job, reading.schema),))
    writes = [Planned(Side.SOURCE, schemas.restore_schema(sp, job), WHY, undo, before=reading.schema)]
    if reading.runs:
        no_undo = Undo(why_not="A full cycle that began cannot be taken back.")
        writes.append(Planned(Side.SOURCE, jobs.restart(sp, job), WHY, no_undo))
    return tuple(writes)
