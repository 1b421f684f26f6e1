"""One reading of a job, and what follows from it: pure, no I/O."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TypeAlias

from xtsync_tui.engine.quarantine import LIMIT, next_attempt
from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Execution, Job, JobStatus, NotificationSettings, Quarantine, is_never
from xtsync_tui.workspace.configurations.settings import LastSet
from xtsync_tui.workspace.health import State, every, runs_now, state_of, users
from xtsync_tui.workspace.setup.facts import Part
from xtsync_tui.workspace.setup.reading import Cause

RUNNING, IDLE, QUARANTINED = 10.0, 60.0, 300.0
"""Seconds between two looks: while a cycle runs, between cycles, in quarantine."""

FAILED = "Failed"
"""The state of a cycle that ended before it wrote anything."""

ATTEMPTS = 4
"""How many later attempts of a quarantined job are told ahead."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle as seen from here; the counts are None where nobody said.

    ``created``, ``updated``, ``deleted`` and ``held`` are people, counted in the provisioning log; the others
    are the job's own. ``written`` are changes. ``failed`` are the changes that wait to be tried again.
    ``ended`` is None while it runs.
    """

    id: str
    began: datetime
    ended: datetime | None
    state: str
    entitled: int | None = None
    imported: int | None = None
    written: int | None = None
    failed: int | None = None
    created: int | None = None
    updated: int | None = None
    code: str = ""
    deleted: int | None = None
    held: int | None = None

    @property
    def running(self) -> bool:
        """Whether it is the one that runs."""
        return self.ended is None

    @property
    def seconds(self) -> float | None:
        """How long it took, None while it runs."""
        return (self.ended - self.began).total_seconds() if self.ended else None


class There(Enum):
    """The state in TARGET of somebody whose deletion is held."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    BIN = "in the bin already"
    GONE = "not found"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody whose deletion the service holds; names are not cleaned.

    ``step`` of the set-up can bring the person back into scope, 0 for none. ``last_sign_in`` is None when it
    cannot be told, and year 1 stands for never.
    """

    person_id: str
    name: str
    account: str
    target_id: str
    why: str
    step: int
    at: datetime
    cycle: str = ""
    there: There = There.UNKNOWN
    last_sign_in: datetime | None = None


@dataclass(frozen=True, slots=True)
class Suspect:
    """A change that somebody made shortly before the deletions were held."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class HeldReading:
    """Everybody who is held, from the provisioning log; ``complete`` is False when there can be more.

    ``suspects`` is None when the audit log cannot be read.
    """

    people: tuple[Held, ...]
    suspects: tuple[Suspect, ...] | None
    read_at: datetime
    complete: bool = True


@dataclass(frozen=True, slots=True)
class JobReading:
    """A job as read at ``read_at`` (the service's clock).

    ``threshold`` is 0 when it is off and None when it cannot be told. ``mail`` is None where Graph does not
    say; then ``mail_set``, when it was last set from here, may help. ``asked`` is when a start or restart
    was sent from here, None for never. ``seen_running`` is when the present cycle was first seen to run.
    ``stopped`` is the access setting that stops every cycle, None for none, an error where that was not read;
    ``wrong`` is the step of the set-up of the first setting that is wrong, 0 for none. ``allowed`` is when
    held deletions were last allowed from here, None for never: Graph does not say it. ``partial`` says that
    the logs are still being read.
    """

    name: str
    sp: str
    job: Job
    read_at: datetime
    threshold: int | None = None
    mail: Part[NotificationSettings] | None = None
    mail_set: LastSet | None = None
    cycles: tuple[Cycle, ...] = ()
    held: "Part[HeldReading] | None" = None
    asked: datetime | None = None
    seen_running: datetime | None = None
    stopped: Part[Cause | None] = None
    wrong: int = 0
    allowed: datetime | None = None
    partial: bool = False

    @property
    def allowed_still(self) -> datetime | None:
        """When deletions were allowed that no cycle has carried out since; one that failed deleted nobody."""
        at = self.allowed
        if at is None:
            return None
        done = any(cycle.began >= at and not cycle.running and cycle.state != FAILED for cycle in self.cycles)
        return None if done else at

    @property
    def status(self) -> JobStatus:
        """The status, an empty one when Graph gave none."""
        return self.job.status or JobStatus()

    @property
    def state(self) -> State:
        """How the job is doing."""
        return state_of(self.job)

    @property
    def quarantine(self) -> Quarantine | None:
        """Why and since when it is in quarantine, None when it is not."""
        return self.stay if self.state is State.QUARANTINE else None

    @property
    def stay(self) -> Quarantine | None:
        """The quarantine it is in, or was in when it was paused: what was held then is held still."""
        return self.status.quarantine if self.state in {State.QUARANTINE, State.PAUSED} else None

    @property
    def last(self) -> Execution | None:
        """The last cycle; the made-up one of a fresh job is none."""
        last = self.status.last_execution
        return last if last is not None and last.ran else None

    @property
    def every(self) -> timedelta:
        """The time between the starts of two cycles."""
        return every(self.job)

    @property
    def users(self) -> int | None:
        """How many people are synchronized; the number does not fall on deletes. None: not told."""
        return users(self.status)

    @property
    def held_people(self) -> tuple[Held, ...]:
        """Who is held as far as that was read; nobody when it could not be."""
        return () if self.held is None or isinstance(self.held, XtSyncError) else self.held.people

    @property
    def more_held(self) -> bool:
        """Whether more can be held than those who were found."""
        return isinstance(self.held, HeldReading) and not self.held.complete

    @property
    def held_number(self) -> str:
        """How many are held, for a sentence: ``14``, ``at least 1,000``, ``? `` when it could not be read."""
        if isinstance(self.held, XtSyncError):
            return "?"
        return f"{'at least ' * self.more_held}{len(self.held_people):,}"


@dataclass(frozen=True, slots=True)
class NoJob:
    """Nothing to look at: no configuration, or one without a job. ``step`` of the set-up comes next."""

    name: str
    step: int
    read_at: datetime


Reading: TypeAlias = JobReading | NoJob


@dataclass(frozen=True, slots=True)
class Running:
    """The cycle under way: pages done of all, since when, and the estimate in seconds (None: not known).

    ``exact`` says that the beginning is known, not worked out from the schedule.
    """

    done: int
    total: int
    began: datetime | None
    exact: bool
    left: float | None

    @property
    def share(self) -> float:
        """How much is done, 0 to 1."""
        return self.done / self.total if self.total else 0.0


def running(reading: JobReading) -> Running | None:
    """Return the cycle under way, None when none is; progress counts pages, not people."""
    if not runs_now(reading.job, reading.asked):
        return None
    done, total = reading.status.pages
    began, exact = _began(reading)
    return Running(done, total, began, exact, _left(began, reading.read_at, done, total))


def _began(reading: JobReading) -> tuple[datetime | None, bool]:
    """Return when the present cycle began: when it was asked for, else when it was due, else first seen."""
    last = reading.last.time_began if reading.last else None
    if reading.asked is not None and (last is None or reading.asked > last):
        return reading.asked, True
    if last is not None and last + reading.every <= reading.read_at:
        return last + reading.every, False
    return reading.seen_running, False


def _left(began: datetime | None, now: datetime, done: int, total: int) -> float | None:
    """Return an estimate of the seconds left, from the pace so far; it needs two pages to be one.

    It is 0 once all pages are done: how long references take nobody says.
    """
    if began is None or done < 2 or now <= began:
        return None
    return (now - began).total_seconds() / done * (total - done)


def asked_for(reading: JobReading) -> bool:
    """Whether a cycle was asked for from here that has not ended, and not shown itself yet."""
    last = reading.last.time_began if reading.last else None
    asked = reading.asked is not None and (last is None or reading.asked > last)
    return asked and is_on(reading) and running(reading) is None


def next_cycle(reading: JobReading) -> datetime | None:
    """Return about when the next cycle begins, None when none is due or it cannot be told."""
    if reading.quarantine is not None:
        return reading.quarantine.next_attempt
    if reading.state is not State.ACTIVE:
        return None
    now = running(reading)
    began = now.began if now is not None else reading.last.time_began if reading.last else None
    return began + reading.every if began is not None else None


def begins_soon(reading: JobReading) -> bool:
    """Whether a cycle was asked for, or is due, and has not shown itself yet."""
    if running(reading) is not None or reading.quarantine is not None:
        return False
    due = next_cycle(reading)
    return asked_for(reading) or (due is not None and due <= reading.read_at)


def is_on(reading: JobReading) -> bool:
    """Whether cycles begin by themselves."""
    return reading.state in {State.ACTIVE, State.FIRST}


def pace(reading: Reading | None) -> float:
    """Return after how many seconds to look again."""
    if not isinstance(reading, JobReading):
        return IDLE
    if running(reading) is not None or begins_soon(reading):
        return RUNNING
    if reading.quarantine is not None:
        return QUARANTINED
    due = next_cycle(reading)
    ahead = (due - reading.read_at).total_seconds() if due is not None else IDLE
    return min(IDLE, max(ahead, RUNNING))


def later_attempts(quarantine: Quarantine) -> tuple[datetime, ...]:
    """Return the attempts after the next one, as documented: 6, 12, 24 hours after it began, then daily."""
    began, then = quarantine.series_began, quarantine.next_attempt
    if began is None or then is None or is_never(began) or is_never(then):
        return ()
    times = []
    for _ in range(ATTEMPTS):
        then = next_attempt(began, then)
        times.append(then)
    return tuple(time for time in times if time < began + LIMIT)


def switched_off(quarantine: Quarantine) -> datetime | None:
    """Return when a quarantined job is switched off: four weeks after it began."""
    began = quarantine.series_began or quarantine.current_began
    return None if began is None or is_never(began) else began + LIMIT


def bars(cycles: tuple[Cycle, ...], most: int = 24) -> str:
    """Return a small chart of changes written, the oldest cycle first; a blank is none, ``?`` not known."""
    ended = [cycle for cycle in cycles if not cycle.running][:most][::-1]
    highest = max((cycle.written or 0 for cycle in ended), default=0)
    return "".join(_bar(cycle.written, highest) for cycle in ended)


_BARS = "▁▂▃▄▅▆▇█"


def _bar(value: int | None, highest: int) -> str:
    if value is None:
        return "?"
    return _BARS[max(round(value / highest * len(_BARS)) - 1, 0)] if value else " "
