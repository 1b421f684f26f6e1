"""How each configuration of the source is doing: state, last and next cycle, people, threshold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from xtsync_tui.engine.quarantine import INTERVAL
from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import credentials
from xtsync_tui.model import Execution, Job, JobStatus, Quarantine, is_never
from xtsync_tui.model.service import ServicePrincipal
from xtsync_tui.workspace.setup.facts import Part

_THRESHOLD = "QuarantineTooManyDeletesThreshold"
"""The job's mirror of the threshold; it is there while the threshold is on [synchronizationJobSettings]."""

_INTERVAL = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


TOO_MANY_DELETES = "TooManyDeletes"
CONNECTION = "EncounteredQuarantineException"
REASONS = {
    TOO_MANY_DELETES: "a cycle would remove too many people",
    CONNECTION: "the service could not connect the two tenants",
    "EncounteredBaseEscrowThreshold": "too many changes failed",
    "EncounteredTotalEscrowThreshold": "too many changes failed, references among them",
    "EncounteredEscrowProportionThreshold": "more than 40 % of the changes failed",
    "QuarantinedOnDemand": "Microsoft's support put it there",
    "QuarantineOnDemand": "Microsoft's support put it there",
    "IngestionInterrupted": "reading SOURCE was interrupted",
}
"""What a reason of quarantine means; the service gives these words [synchronizationQuarantine]."""


class State(Enum):
    """How a configuration is doing."""

    ACTIVE = "active"
    QUARANTINE = "quarantine"
    PAUSED = "paused"
    NOT_RUN = "not run yet"
    FIRST = "first cycle"
    NO_JOB = "no job yet"
    OFF = "switched off"
    UNKNOWN = "cannot tell"


class Ending(Enum):
    """How a cycle ended."""

    SUCCEEDED = "succeeded"
    ERRORS = "with errors"
    FAILED = "failed"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, slots=True)
class Cycle:
    """The last cycle: when it began and ended, and how."""

    began: datetime
    ended: datetime
    ending: Ending


@dataclass(frozen=True, slots=True)
class Health:
    """One configuration. Numbers are None when nobody said; ``threshold`` is 0 when it is off.

    ``target`` is the tenant id it synchronizes to, "" for none yet. ``next`` is when the next cycle is due,
    None while one is ``running``: it begins when that one ends. ``users`` does not fall on deletes.
    ``stay`` is the quarantine it is in, or was in when it was paused. ``everyone`` tells the scope, None when
    it could not be read. ``failure`` is what kept a part from being read.
    """

    id: str
    name: str
    target: str
    state: State
    last: Cycle | None = None
    next: datetime | None = None
    users: int | None = None
    escrowed: int | None = None
    everyone: bool | None = None
    threshold: int | None = None
    stay: Quarantine | None = None
    failure: XtSyncError | None = None
    running: bool = False

    @property
    def quarantine(self) -> Quarantine | None:
        """Why and since when it is in quarantine, None when it is not."""
        return self.stay if self.state is State.QUARANTINE else None


def health(
    configuration: ServicePrincipal, secrets: Part[Mapping[str, str]], job: Part[Job | None]
) -> Health:
    """Return how a configuration is doing, from its settings and its job."""
    known: Mapping[str, str] = {} if isinstance(secrets, XtSyncError) else secrets
    failure = next((part for part in (job, secrets) if isinstance(part, XtSyncError)), None)
    found = None if isinstance(job, XtSyncError) else job
    status = found.status if found else None
    last = status.last_execution if status and status.last_execution and status.last_execution.ran else None
    state = State.UNKNOWN if isinstance(job, XtSyncError) else state_of(found)
    runs = found is not None and runs_now(found)
    return Health(
        id=configuration.id,
        name=configuration.display_name,
        target=known.get(credentials.TARGET, ""),
        state=state,
        last=cycle(last),
        next=None if runs else _next(found, last, state),
        users=users(status) if status else None,
        escrowed=last.count_escrowed if last else None,
        everyone=None if isinstance(secrets, XtSyncError) else credentials.sync_all(secrets),
        threshold=threshold(secrets, found),
        stay=status.quarantine if status and state in {State.QUARANTINE, State.PAUSED} else None,
        failure=failure,
        running=runs,
    )


def users(status: JobStatus) -> int | None:
    """Return how many people are synchronized, None until the service has counted them for the first time.

    The number does not fall on deletes [application-provisioning-when-will-provisioning-finish].
    """
    counts = status.synchronized_entry_count_by_type
    return sum(one.value for one in counts) if counts else None


def runs_now(job: Job, asked: datetime | None = None) -> bool:
    """Whether a cycle is under way; ``asked`` is when one was asked for from here.

    When all pages are done it still writes references, and ends a little later: then it is one that began
    after the last one, as far as the times tell.
    """
    status = job.status or JobStatus()
    done, total = status.pages
    last = status.last_execution if status.last_execution and status.last_execution.ran else None
    seen = max((at for one in status.progress if (at := one.progress_observation_date_time)), default=None)
    if last is not None and seen is not None and _ended(last, seen):
        return False
    if done < total or not total:
        return done < total
    if last is None or last.time_began is None:
        return True
    began = last.time_began + every(job) if asked is None or asked <= last.time_began else asked
    return seen is not None and seen >= began


def _ended(last: Execution, seen: datetime) -> bool:
    return last.time_ended is not None and not is_never(last.time_ended) and last.time_ended >= seen


def every(job: Job) -> timedelta:
    """Return the time between the starts of two cycles."""
    return interval(job.schedule.interval if job.schedule else None) or INTERVAL


def state_of(job: Job | None) -> State:
    """Return the state of a job; one that never ran has a schedule that is off."""
    if job is None:
        return State.NO_JOB
    code = job.status.code if job.status else ""
    schedule = (job.schedule.state if job.schedule else "") or ""
    if code in {"NotRun", "NotConfigured"}:
        return State.FIRST if schedule == "Active" else State.NOT_RUN
    if schedule == "Disabled":
        return State.OFF
    if code == "Quarantine":
        return State.QUARANTINE
    if code == "Paused" or schedule == "Paused":
        return State.PAUSED
    return State.ACTIVE if code == "Active" else State.UNKNOWN


def threshold(secrets: Part[Mapping[str, str]], job: Job | None) -> int | None:
    """Return at how many deletions a cycle stops: 0 for never, None when it cannot be told."""
    for setting in job.synchronization_job_settings if job else ():
        if setting.name == _THRESHOLD and str(setting.value or "").isdigit():
            return int(setting.value)
    if isinstance(secrets, XtSyncError):
        return None
    return credentials.deletion_threshold(secrets)


_ENDINGS = {"succeeded": Ending.SUCCEEDED, "entrylevelerrors": Ending.ERRORS, "failed": Ending.FAILED}


def ending(state: str | None) -> Ending:
    """Return how a cycle ended from Graph's word, in any letter case."""
    return _ENDINGS.get((state or "").casefold(), Ending.UNKNOWN)


def cycle(last: Execution | None) -> Cycle | None:
    """Return a cycle that ended; None for one that did not, and for the made-up one of a fresh job."""
    if last is None or not last.ran or last.time_began is None:
        return None
    if last.time_ended is None or is_never(last.time_ended):
        return None
    return Cycle(last.time_began, last.time_ended, ending(last.state))


def _next(job: Job | None, last: Execution | None, state: State) -> datetime | None:
    status = job.status if job else None
    if state is State.QUARANTINE and status and status.quarantine:
        return status.quarantine.next_attempt
    if state is not State.ACTIVE or job is None or last is None or last.time_began is None:
        return None
    return last.time_began + every(job)


def interval(text: str | None) -> timedelta | None:
    """Return an ISO 8601 duration such as ``PT40M``, None for something else."""
    match = _INTERVAL.fullmatch(text or "")
    if match is None or not any(match.groups()):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
