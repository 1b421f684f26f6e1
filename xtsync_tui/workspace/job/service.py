"""What the Job screen asks: the job now, with the cycles that were seen and who is held."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from xtsync_tui.errors import InvalidInput, NotFound, XtSyncError
from xtsync_tui.graph import configurations, credentials, jobs, logs
from xtsync_tui.model import Job, NotificationSettings, ProvisioningEvent, Side, is_never
from xtsync_tui.workspace.configurations.settings import mail_last_set
from xtsync_tui.workspace.health import threshold
from xtsync_tui.workspace.job.actions import ALLOW, BEGINNINGS, Actions
from xtsync_tui.workspace.job.cycles import History, counted, cycles_of
from xtsync_tui.workspace.job.held import read_held
from xtsync_tui.workspace.job.reading import Cycle, HeldReading, JobReading, NoJob, Reading, running
from xtsync_tui.workspace.journal import Fate
from xtsync_tui.workspace.logs.explaining import INVITING
from xtsync_tui.workspace.setup.attempts import attempt
from xtsync_tui.workspace.setup.facts import Area, ConfigurationFacts, Part
from xtsync_tui.workspace.setup.partners import NOBODY, culprit
from xtsync_tui.workspace.setup.reading import Cause
from xtsync_tui.workspace.writing import Written

if TYPE_CHECKING:
    from xtsync_tui.model.service import ServicePrincipal
    from xtsync_tui.workspace.pair import Workspace
    from xtsync_tui.workspace.planned import Planned

COUNTED = 3
"""How many cycles are counted in the log at most, those that a job tells of."""
PAGES = 4
"""Pages of the log that are read for that at most."""


Shown: TypeAlias = Callable[[JobReading], None]
"""Takes a reading of which the logs are missing."""


class JobDesk:
    """The job of the configuration of this pair; after ``choose`` of another one."""

    def __init__(self, workspace: "Workspace") -> None:
        self.workspace = workspace
        self.other: ServicePrincipal | None = None
        """The configuration that was chosen, None for that of this pair."""
        self._seen_running: datetime | None = None
        self._settings: Part[dict[str, str]] | None = None
        self._stopped: Part[Cause | None] = None
        self._uncounted: set[str] = set()
        """The cycles that wrote more than is counted."""

    async def choose(self, sp: str) -> None:
        """Be about the configuration with the object id ``sp``, "" for that of this pair.

        Raises NotFound when it is gone, and what kept it from being read.
        """
        ours = await configuration_in_use(self.workspace)
        other = None
        if sp and (ours is None or sp != ours.service_principal.id):
            other = await self._found(sp)
        self.other, self._seen_running, self._settings = other, None, None

    async def stopped_by(self) -> Part[Cause | None]:
        """Read the partners again and return what keeps a cycle from doing anything, None for nothing.

        An XtSyncError is what kept that from being told. Of another configuration than that of this pair the
        access settings are not known: None.
        """
        if self.other is not None:
            return None
        facts = await attempt(self.workspace.setup.refresh(Area.PARTNERS))
        if isinstance(facts, XtSyncError):
            return facts
        unread = (
            part for part in (facts.target.partner, facts.source.partner) if isinstance(part, XtSyncError)
        )
        return culprit(facts) or next(unread, None)

    async def read(self, *, settings: bool = True, shown: Shown | None = None) -> Reading:
        """Read the job; ``settings`` reads again what changes rarely: mail, threshold, access settings, name.

        ``shown`` takes the job before the logs were read, which can take a while.
        """
        try:
            reading = await self._read(shown, settings=settings)
        except XtSyncError:
            self.workspace.mark_read("job", failed=True)
            raise
        self.workspace.mark_read("job")
        return reading

    async def _read(self, shown: Shown | None, *, settings: bool) -> Reading:
        one, now = await self._configuration(again=settings), self.workspace.now()
        if one is None:
            return NoJob("", 5, now)
        name, sp = one.display_name, one.id
        job = await self._job(sp)
        if job is None:
            return NoJob(name, 6, now)
        if settings or self._settings is None:
            self._settings = await attempt(self._secrets(sp))
            self._stopped = await self.stopped_by()
        reading = JobReading(
            name=name,
            sp=sp,
            job=job,
            read_at=self.workspace.now(),
            threshold=threshold(self._settings, job),
            mail=_mail(self._settings),
            mail_set=mail_last_set(self.workspace.journal, sp),
            asked=self._asked(),
            allowed=self._allowed(job),
            stopped=self._stopped,
            wrong=self._wrong_step(),
        )
        reading = replace(reading, seen_running=self._running_since(reading))
        if shown is not None:
            cycles = History(self.workspace.journal, job.id).cycles()
            shown(replace(reading, cycles=cycles, partial=True))
        return await self._with_logs(reading)

    def _wrong_step(self) -> int:
        """Return the step of the set-up of the first access setting that is wrong, 0 for none."""
        if isinstance(self._stopped, Cause):
            return self._stopped.step or 0
        known = self.other is None and self.workspace.setup.reading is not None
        return INVITING if known and self.workspace.setup.facts.invitations == NOBODY else 0

    async def _configuration(self, *, again: bool) -> "ServicePrincipal | None":
        """Return the configuration it is about; ``again`` looks whether it is there, and its present name."""
        if self.other is not None:
            self.other = await self._found(self.other.id) if again else self.other
            return self.other
        ours = await configuration_in_use(self.workspace)
        if ours is None or not again:
            return ours.service_principal if ours else None
        one = await configurations.configuration(
            self.workspace.client(Side.SOURCE), ours.service_principal.id
        )
        if one is None:
            facts = await self.workspace.setup.refresh(Area.CONFIGURATION)
            one = facts.found.service_principal if facts.found else None
        return one

    async def _found(self, sp: str) -> "ServicePrincipal":
        one = await configurations.configuration(self.workspace.client(Side.SOURCE), sp)
        if one is None:
            raise NotFound("That configuration is gone", "Somebody deleted it.", "4 lists those there are.")
        return one

    async def _job(self, sp: str) -> Job | None:
        try:
            found = await jobs.jobs(self.workspace.client(Side.SOURCE), sp)
        except NotFound:
            return None
        return found[0] if found else None

    async def _secrets(self, sp: str) -> dict[str, str]:
        return dict(await credentials.secrets(self.workspace.client(Side.SOURCE), sp))

    def _asked(self) -> datetime | None:
        """Return when a cycle was last asked for from here."""
        journal = self.workspace.journal
        found = [
            entry.at
            for end in BEGINNINGS
            for entry in journal.entries(side=Side.SOURCE, fates=(Fate.DONE,), path_end=end, limit=1)
        ]
        return max(found, default=None)

    def _allowed(self, job: Job) -> datetime | None:
        """Return when held deletions of a job were last allowed from here."""
        sent = jobs.restart("", job.id, ALLOW).body
        restarts = self.workspace.journal.entries(
            side=Side.SOURCE, fates=(Fate.DONE,), path_end=f"/{job.id}/restart"
        )
        return next((one.at for one in restarts if one.request.body == sent), None)

    def _running_since(self, reading: JobReading) -> datetime | None:
        if running(reading) is None:
            self._seen_running = None
        elif self._seen_running is None:
            self._seen_running = reading.read_at
        return self._seen_running

    async def _with_logs(self, reading: JobReading) -> JobReading:
        history = History(self.workspace.journal, reading.job.id)
        told = cycles_of(reading.status)
        held = await self._who_is_held(reading)
        history.keep([_held_in(cycle, held) for cycle in told], reading.read_at)
        ids = {cycle.id for cycle in told} - self._uncounted
        fresh = [one for one in history.cycles() if one.deleted is None and one.id in ids]
        if fresh:
            history.keep(await self._counted(reading.sp, fresh), reading.read_at)
        return replace(reading, cycles=history.cycles(), held=held)

    async def _counted(self, sp: str, cycles: list[Cycle]) -> tuple[Cycle, ...]:
        """Return the newest cycles with what the log says they did; without the log as they are."""
        rows: list[ProvisioningEvent] = []
        newest = cycles[:COUNTED]
        since, pages = min(cycle.began for cycle in newest), 0
        try:
            async for page in logs.provisioning_events(
                self.workspace.client(Side.SOURCE), since=since, sp=sp, status="success"
            ):
                rows += page
                pages += 1
                if pages == PAGES:
                    break
        except XtSyncError:
            return ()
        if len(rows) >= PAGES * logs.PAGE:
            # Not all of it was read: only cycles that began after the oldest row are whole.
            oldest = rows[-1].activity_date_time
            self._uncounted |= {cycle.id for cycle in newest if cycle.began <= oldest}
            newest = [cycle for cycle in newest if cycle.began > oldest]
        return tuple(counted(cycle, rows) for cycle in newest)

    async def _who_is_held(self, reading: JobReading) -> Part[HeldReading] | None:
        stay = reading.stay
        since = (stay.series_began or stay.current_began) if stay is not None else None
        if since is None or is_never(since):
            return None
        return await attempt(read_held(self.workspace, reading.sp, since))

    # What can be done ----------------------------------------------------------------------------------

    def actions(self, reading: JobReading) -> Actions:
        """Return the writes to the job."""
        return Actions(self.workspace.clients, reading)

    async def send(self, planned: "tuple[Planned, ...]") -> tuple[Written, ...]:
        """Send the writes; raises what stopped them."""
        written = await self.workspace.writer.send_all(planned)
        failed = next((each.error for each in written if each.error is not None), None)
        if failed is not None:
            raise failed
        return written

    async def allow_deletes(self, reading: JobReading) -> tuple[Written, ...]:
        """Carry out what is held, unless somebody else is held by now; raises InvalidInput then."""
        again = await self._who_is_held(reading)
        if isinstance(again, XtSyncError):
            raise again
        before = {one.person_id for one in reading.held_people}
        now = {one.person_id for one in again.people} if again else set()
        if now != before:
            raise InvalidInput(
                "Who is held has changed",
                f"It was {len(before)} people, now it is {len(now)}. Nothing was sent.",
                "esc, then look at the list again.",
            )
        return await self.send(self.actions(reading).allow_deletes())


async def configuration_in_use(workspace: "Workspace") -> ConfigurationFacts | None:
    """Return the configuration of this pair, None when there is none; raises what kept it from being read."""
    setup = workspace.setup
    if setup.reading is None or setup.facts.found is None:
        await setup.read()
    if isinstance(setup.facts.configuration, XtSyncError):
        raise setup.facts.configuration
    return setup.facts.found


def _held_in(cycle: Cycle, held: Part[HeldReading] | None) -> Cycle:
    """Return ``cycle`` with how many deletions it held, where that was read and is all of them."""
    if held is None or isinstance(held, XtSyncError) or not held.complete:
        return cycle
    # Somebody who is held again is listed in the newest cycle only: none here says nothing of an older one.
    return replace(cycle, held=sum(one.cycle == cycle.id for one in held.people) or None)


def _mail(settings: Part[dict[str, str]]) -> Part[NotificationSettings] | None:
    if isinstance(settings, XtSyncError):
        return settings
    return credentials.said_notifications(settings)
