"""Steps 12 and 13: the job runs, and how it is doing."""

from collections.abc import Iterable

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import jobs
from xtsync_tui.model import Job, JobStatus, Json, ProvisioningEvent, Quarantine, Side, is_never
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.repairs import Repair
from xtsync_tui.workspace.setup.facts import Clients, Facts
from xtsync_tui.workspace.setup.found import CycleView, LogRow
from xtsync_tui.workspace.setup.partners import culprit
from xtsync_tui.workspace.setup.reading import Cause, Fact, StepReading, StepState
from xtsync_tui.workspace.setup.scope import is_running, somebody_in_scope
from xtsync_tui.workspace.setup.verdict import after, cannot_tell, verdict

QUARANTINE = "Quarantine"
_HELD = "TooManyDeletes"
_CONNECTION = "EncounteredQuarantineException"


def read_start(facts: Facts) -> StepReading:
    """Return step 12: whether the job runs on its schedule."""
    found = facts.found
    if found is not None and isinstance(found.job, XtSyncError):
        return cannot_tell(facts, 12, found.job, Side.SOURCE)
    if facts.job is None:
        return after(facts, 12, 6)
    if not is_running(facts) and not somebody_in_scope(facts):
        return after(facts, 12, 7)
    evidence = Fact("Job", _words(facts.job))
    return verdict(facts, 12, StepState.DONE if is_running(facts) else StepState.TO_DO, evidence)


def _words(job: Job) -> str:
    if job.is_active:
        return "runs on its schedule"
    last = job.status.last_execution if job.status else None
    return "paused" if last is not None and last.ran else "not started"


def _schedule(job: Job) -> str:
    return (job.schedule.state if job.schedule else None) or "unknown"


def prepare_start(clients: Clients, facts: Facts) -> tuple[Planned, ...]:
    """Return the request of step 12, none when the job runs: starting it again could stop the service."""
    found, job = facts.found, facts.job
    if found is None or job is None:
        raise InvalidInput("Step 6 comes first", "There is no job yet.")
    if is_running(facts):
        return ()
    sp = found.service_principal.id

    async def look() -> Json:
        now = await jobs.job(clients[Side.SOURCE], sp, job.id)
        return {"state": "Active"} if now and now.is_active else None

    undo = Undo((jobs.pause(sp, job.id),))
    return (Planned(Side.SOURCE, jobs.start(sp, job.id), "step 12", undo, None, look),)


def read_monitor(facts: Facts) -> StepReading:
    """Return step 13: done while the job runs and is not in quarantine."""
    if facts.job is None or not is_running(facts):
        return after(facts, 13, 12)
    status = facts.job.status or JobStatus()
    if status.code == QUARANTINE:
        cause = _quarantined(facts, status.quarantine or Quarantine())
        return verdict(facts, 13, StepState.FAILED, *_evidence(status), words="quarantine", cause=cause)
    ran = status.last_execution is not None and status.last_execution.ran
    words = "" if ran else "first cycle runs"
    return verdict(facts, 13, StepState.DONE, *_evidence(status), words=words)


def _evidence(status: JobStatus) -> Iterable[Fact]:
    last = status.last_execution
    if last is None or not last.ran:
        yield Fact("Cycle", "the first cycle has not ended")
    elif last.time_ended and not is_never(last.time_ended):
        yield Fact("Cycle", f"{last.state}, ended {last.time_ended:%d %b %H:%M}")
    done, total = status.pages
    if total:
        yield Fact("Progress", f"{done} of {total} pages")
    yield Fact("People", str(people(status)))


def people(status: JobStatus) -> int:
    """Return how many people are synchronized."""
    return sum(one.value for one in status.synchronized_entry_count_by_type)


def _quarantined(facts: Facts, quarantine: Quarantine) -> Cause:
    since = f" since {quarantine.current_began:%d %b %H:%M}" if quarantine.current_began else ""
    retry = f" Next attempt {quarantine.next_attempt:%d %b %H:%M}." if quarantine.next_attempt else ""
    error, reason = quarantine.error, quarantine.reason or "Unknown"
    said = f" {error.message}" if error and error.message else ""
    setting = culprit(facts) if reason == _CONNECTION else None
    why = f" {setting.detail}" if setting else ""
    return Cause(
        f"In quarantine{since}",
        f"{reason}.{said}{why}{retry} If nothing is done the job is switched off four weeks after it began.",
        "f to the cause" if setting else _HINTS.get(reason, "f lift the quarantine"),
        setting.step if setting else None,
        setting.side if setting else Side.SOURCE,
        (error.code if error else None) or reason,
        None if setting or reason == _HELD else _lift(facts),
    )


_HINTS = {_HELD: "H see who is held"}


def _lift(facts: Facts) -> Repair | None:
    if facts.found is None or facts.job is None:
        return None
    request = jobs.restart(facts.found.service_principal.id, facts.job.id, ("QuarantineState",))
    why_not = Undo(
        why_not="Lifting a quarantine cannot be taken back; the service enters it again by itself."
    )
    return Repair(
        "Lift the quarantine",
        "Lift",
        "the quarantine is lifted",
        "Cycles begin again at their usual pace; the service returns to quarantine while its cause stands.",
        (),
        (Planned(Side.SOURCE, request, "lift the quarantine", why_not),),
        lasting=False,
    )


def cycle_view(facts: Facts) -> CycleView | None:
    """Return the job as step 13 shows it, None without a job."""
    job = facts.job
    if job is None:
        return None
    status = job.status or JobStatus()
    last = status.last_execution if status.last_execution and status.last_execution.ran else None
    done, total = status.pages
    rows = facts.found.rows if facts.found else ()
    return CycleView(
        code=status.code,
        schedule=_schedule(job),
        pages_done=done,
        pages=total,
        people=people(status),
        last_began=last.time_began if last else None,
        last_ended=last.time_ended if last and not is_never(last.time_ended) else None,
        last_state=(last.state or "") if last else "not run yet",
        escrowed=last.count_escrowed if last else 0,
        rows=() if isinstance(rows, XtSyncError) else tuple(map(log_row, rows)),
        failures=(str(rows),) if isinstance(rows, XtSyncError) else (),
    )


def log_row(event: ProvisioningEvent) -> LogRow:
    """Return a row of the provisioning log as a list shows it."""
    info = event.provisioning_status_info
    error = info.error_information if info else None
    identity = event.source_identity
    return LogRow(
        at=event.activity_date_time,
        person=(identity.display_name or identity.id or "") if identity else "",
        action=event.provisioning_action or "",
        status=(info.status or "") if info else "",
        reason=(error.error_code or "") if error else "",
    )
