"""Saving the schema: the whole document, only when it differs, and a full cycle when the job runs."""

from collections.abc import Callable

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import jobs
from xtsync_tui.graph import schema as schemas
from xtsync_tui.model import Json, Side
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.schema import fingerprint
from xtsync_tui.workspace.setup.facts import Clients, Facts


def save_schema(
    clients: Clients, facts: Facts, edit: Callable[[Json], Json], why: str
) -> tuple[Planned, ...]:
    """Return the requests that save the schema after ``edit``, none when it changes nothing.

    Not documented: whether a PUT restarts a running job by itself, as the portal does; so it is asked to.
    """
    if facts.found is None or facts.job is None or facts.found.schema is None:
        raise InvalidInput("Step 6 comes first", "There is no job yet, so there are no mappings.")
    if isinstance(facts.found.schema, XtSyncError):
        raise facts.found.schema
    sp, job, before = facts.found.service_principal.id, facts.job.id, facts.found.schema
    wanted = edit(before)
    if fingerprint(wanted) == fingerprint(before):
        return ()

    async def look() -> Json:
        now = await schemas.schema(clients[Side.SOURCE], sp, job)
        return {"saved": True} if fingerprint(now) == fingerprint(wanted) else None

    undo = Undo((schemas.put_schema(sp, job, before),))
    writes = [Planned(Side.SOURCE, schemas.put_schema(sp, job, wanted), why, undo, before, look)]
    if facts.job.is_active:
        no_undo = Undo(why_not="A restart cannot be taken back.")
        writes.append(Planned(Side.SOURCE, jobs.restart(sp, job), why, no_undo))
    return tuple(writes)
