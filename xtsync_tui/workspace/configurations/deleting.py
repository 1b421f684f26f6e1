"""Deleting a configuration: what stays behind, and the requests in order, also after a stop half-way."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xtsync_tui.errors import NotFound, XtSyncError
from xtsync_tui.graph import configurations, jobs
from xtsync_tui.model import Job, Json, Request, Side
from xtsync_tui.workspace.configurations.reading import Configuration
from xtsync_tui.workspace.planned import Look, Planned, Undo
from xtsync_tui.workspace.setup.attempts import attempt
from xtsync_tui.workspace.writing import Written

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient
    from xtsync_tui.workspace.pair import Workspace

WHY = "delete configuration"


@dataclass(frozen=True, slots=True)
class Deletion:
    """What deleting sends now, in order; what was deleted before is not among it.

    ``people`` is how many stay in TARGET and are managed by nobody, None when nobody said.
    """

    one: Configuration
    planned: tuple[Planned, ...]
    people: int | None

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to delete."""
        return not self.planned


async def plan_deletion(workspace: "Workspace", one: Configuration) -> Deletion:
    """Read what is still there and return what deletes it; raises what could not be read."""
    client = workspace.client(Side.SOURCE)
    principal = await configurations.configuration(client, one.id)
    found: tuple[Job, ...] = ()
    try:
        found = await jobs.jobs(client, one.id) if principal else ()
    except NotFound:
        found = ()
    app_id = one.service_principal.app_id
    application = await configurations.application(client, app_id) if app_id else None
    requests = configurations.deletion(
        one.id, application.id if application else None, [job.id for job in found]
    )
    paused = {job.id for job in found if job.schedule and job.schedule.state != "Active"}
    left = [
        request
        for request in requests
        if not (request.path.endswith("/pause") and any(f"/{job}/" in request.path for job in paused))
    ]
    if principal is None:
        left = left[:-1]
    planned = tuple(_planned(client, request, one, app_id) for request in left)
    return Deletion(one, planned, one.health.users)


def _planned(client: "GraphClient", request: Request, one: Configuration, app_id: str) -> Planned:
    why_not = "The job and its state are gone."
    if "/applications/" in request.path:
        why_not = "The application lies in the bin of SOURCE for 30 days."
    if request.path.endswith("/pause"):
        job = request.path.split("/")[-2]
        return Planned(Side.SOURCE, request, "pause before deleting", Undo((jobs.start(one.id, job),)))
    return Planned(Side.SOURCE, request, WHY, Undo(why_not=why_not), look=_look(client, request, one, app_id))


def _look(client: "GraphClient", request: Request, one: Configuration, app_id: str) -> Look:
    async def look() -> Json:
        if "/jobs/" in request.path:
            there: object = await jobs.job(client, one.id, request.path.split("/")[-1])
        elif "/applications/" in request.path:
            there = await configurations.application(client, app_id)
        else:
            there = await configurations.configuration(client, one.id)
        return None if there else {"deleted": True}

    return look


async def delete(workspace: "Workspace", one: Configuration) -> tuple[Written, ...]:
    """Delete what is left of a configuration, in order. What is gone already counts as deleted.

    Raises an XtSyncError that says how far it came when it stops half-way; doing it again goes on there.
    """
    plan = await plan_deletion(workspace, one)
    written: list[Written] = []
    for number, planned in enumerate(plan.planned, 1):
        if planned.request.path.endswith(f"/{one.id}") and await _went_along(workspace, one):
            break
        result = await workspace.writer.send(planned, number, len(plan.planned))
        written.append(result)
        if not result.done and not isinstance(result.error, NotFound):
            raise _stopped(number - 1, len(plan.planned), result.error)
    note = workspace.journal.noted("configuration")
    if note is not None and note.value.get("id") == one.id:
        workspace.journal.forget("configuration")
    return tuple(written)


async def _went_along(workspace: "Workspace", one: Configuration) -> bool:
    """Whether the service principal, the last to go, went with its application."""
    return await attempt(configurations.configuration(workspace.client(Side.SOURCE), one.id)) is None


def _stopped(done: int, total: int, error: XtSyncError | None) -> XtSyncError:
    detail = str(error) if error else "It is not known whether the last request arrived."
    if done == 0:
        return XtSyncError("SOURCE: nothing was deleted", detail, "f2 tries again.")
    return XtSyncError(
        f"SOURCE: stopped half-way, {done} of {total} done", detail, "f2 goes on with the rest."
    )
