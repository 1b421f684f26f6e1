"""What can be done with a job: start, pause, and each kind of restart, the least first."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xtsync_tui.graph import jobs
from xtsync_tui.model import Json, Side
from xtsync_tui.workspace.job.reading import JobReading
from xtsync_tui.workspace.planned import Planned, Undo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xtsync_tui.graph.client import GraphClient


@dataclass(frozen=True, slots=True)
class Restart:
    """One kind of restart: what is forgotten, and what follows from that.

    ``typed`` asks for the configuration's name first.
    """

    id: str
    title: str
    scopes: tuple[str, ...]
    effect: str
    keeps: str
    typed: bool = False


RESTARTS = (
    Restart(
        "quarantine",
        "Lift the quarantine",
        ("QuarantineState",),
        "The next cycle begins now, not at the next attempt. If the cause is still there, it fails again.",
        "Keeps what failed, who was read, and the links to people in TARGET.",
    ),
    Restart(
        "escrows",
        "Forget recorded failures",
        ("Escrows",),
        "People who failed are not tried again until they change in SOURCE or everyone is evaluated.",
        "Keeps who was read, and the links to people in TARGET.",
    ),
    Restart(
        "watermark",
        "Evaluate everyone again",
        ("Watermark",),
        "The next cycle reads all people in scope, not only those who changed. It may take long.",
        "Keeps the links to people in TARGET.",
    ),
    Restart(
        "portal",
        "These three together: the portal's Restart",
        (),
        "Lifts the quarantine, forgets recorded failures and evaluates everyone again. It may take long.",
        "Keeps the links to people in TARGET.",
    ),
    Restart(
        "full",
        "Full: breaks the links to people in TARGET",
        ("Full",),
        "All of the above, and the service forgets who in TARGET belongs to whom. It matches everyone anew: "
        "who does not match is created a second time, or not managed any more.",
        "Keeps the people in TARGET themselves.",
        typed=True,
    ),
)
"""The least first [synchronization-synchronizationjobrestartcriteria]."""

ALLOW = ("ForceDeletes",)
"""Carries out what is held. It must be the only scope [how-to-inbound-synch-ms-graph]."""

_AGAIN = "A restart cannot be taken back; pausing stops the cycles after the present one."


class Actions:
    """The writes to the job of one reading. Nothing is sent here."""

    def __init__(self, clients: "Mapping[Side, GraphClient]", reading: JobReading) -> None:
        self._client = clients[Side.SOURCE]
        self._sp, self._job = reading.sp, reading.job.id

    def start(self) -> tuple[Planned, ...]:
        """Start, or go on after a pause or a quarantine."""

        async def look() -> Json:
            return {"state": "Active"} if await self._schedule() == "Active" else None

        undo = Undo((jobs.pause(self._sp, self._job),))
        return (Planned(Side.SOURCE, jobs.start(self._sp, self._job), "start", undo, None, look),)

    def pause(self) -> tuple[Planned, ...]:
        """Start no later cycles; the one that runs is finished."""

        async def look() -> Json:
            state = await self._schedule()
            return {"state": state} if state and state != "Active" else None

        undo = Undo((jobs.start(self._sp, self._job),))
        return (Planned(Side.SOURCE, jobs.pause(self._sp, self._job), "pause", undo, None, look),)

    def restart(self, kind: Restart) -> tuple[Planned, ...]:
        """Begin a cycle that forgets what ``kind`` says; Graph does not tell afterwards what it was."""
        request = jobs.restart(self._sp, self._job, kind.scopes)
        return (Planned(Side.SOURCE, request, "restart", Undo(why_not=_AGAIN)),)

    def allow_deletes(self) -> tuple[Planned, ...]:
        """Delete everybody who is held, in the cycle that begins now."""
        why_not = "Restore the people from the bin of TARGET; they lie there for 30 days."
        request = jobs.restart(self._sp, self._job, ALLOW)
        return (Planned(Side.SOURCE, request, "allow deletes", Undo(why_not=why_not)),)

    async def _schedule(self) -> str:
        now = await jobs.job(self._client, self._sp, self._job)
        return (now.schedule.state if now and now.schedule else None) or ""


BEGINNINGS = ("/start", "/restart")
"""How the requests end after which a cycle begins, whoever sent them from here."""
