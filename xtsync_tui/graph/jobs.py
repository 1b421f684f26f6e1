"""Synchronization jobs: create, start, pause, restart, and what they report [synchronizationJob]."""

from collections.abc import Sequence

from xtsync_tui.errors import Unreadable
from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.decoding import Mismatch, convert
from xtsync_tui.graph.paths import job as job_builder
from xtsync_tui.graph.paths import path, synchronization
from xtsync_tui.model import Job, Json, Request, SynchronizationTemplate

READ = ("Synchronization.Read.All",)
SCOPES = ("Synchronization.ReadWrite.All",)
"""For everything else: reading settings, filter operators and functions needs it too [permissions]."""
TEMPLATE = "Azure2Azure"
"""The job template of cross-tenant synchronization."""


async def templates(client: GraphClient, sp: str) -> tuple[SynchronizationTemplate, ...]:
    """Return the job templates of a configuration."""
    request = Request(method="GET", path=path(synchronization(sp).templates), scopes=READ)
    return await client.collect(request, SynchronizationTemplate)


async def jobs(client: GraphClient, sp: str) -> tuple[Job, ...]:
    """Return the jobs of a configuration: none before step 6, then one."""
    request = Request(method="GET", path=path(synchronization(sp).jobs), scopes=READ)
    return await client.collect(request, Job)


async def job(client: GraphClient, sp: str, job_id: str) -> Job | None:
    """Return one job, None when it is not there."""
    request = Request(method="GET", path=path(job_builder(sp, job_id)), scopes=READ)
    return await client.find(request, Job)


def create(sp: str) -> Request:
    """Create the job; it is paused and has the default schema."""
    body = {"templateId": TEMPLATE}
    return Request(method="POST", path=path(synchronization(sp).jobs), body=body, scopes=SCOPES)


def created(answer: Json) -> Job:
    """Return what ``create`` answered; raises Unreadable."""
    try:
        return convert(answer, Job)
    except Mismatch as error:
        raise Unreadable("The new job", str(error), "It was created: read the list of jobs.") from error


def start(sp: str, job_id: str) -> Request:
    """Start, or go on after a pause or a quarantine. Not for a job that runs: it can stop the service."""
    return Request(method="POST", path=path(job_builder(sp, job_id).start), scopes=SCOPES)


def pause(sp: str, job_id: str) -> Request:
    """Pause; the cycle under way still ends."""
    return Request(method="POST", path=path(job_builder(sp, job_id).pause), scopes=SCOPES)


def restart(sp: str, job_id: str, scopes: Sequence[str] = ()) -> Request:
    """Begin an initial cycle.

    ``scopes`` names what is forgotten (Watermark, Escrows, QuarantineState, ConnectorDataStore, Full); none
    is the portal's "Restart provisioning". ``ForceDeletes`` alone is the portal's "Allow deletes".
    """
    criteria = {"resetScope": ", ".join(scopes)} if scopes else {}
    address = path(job_builder(sp, job_id).restart)
    return Request(method="POST", path=address, body={"criteria": criteria}, scopes=SCOPES)


def delete(sp: str, job_id: str) -> Request:
    """Delete the job and all it knows; the users that were synchronized stay."""
    return Request(method="DELETE", path=path(job_builder(sp, job_id)), scopes=SCOPES)
