"""The gates that are the same for everybody: whether both tenants let the service through, and the job."""

from datetime import datetime

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Job
from xtsync_tui.workspace.health import Health, State, health
from xtsync_tui.workspace.people.gates import (
    ANSWER,
    OPEN,
    SHUT,
    UNKNOWN,
    WAITING,
    Fix,
    Gate,
    cannot_tell,
    nothing_yet,
)
from xtsync_tui.workspace.people.reading import PersonReading
from xtsync_tui.workspace.setup.partners import culprits


def connection_gate(reading: PersonReading) -> Gate:
    """Whether both tenants let the service through; every setting that does not is named."""
    title, facts = "connection", reading.facts
    said = {
        "users may sync in": facts.users_allowed,
        "SOURCE redeems": facts.outbound,
        "TARGET redeems": facts.inbound,
    }
    evidence = tuple(f"{ANSWER[value]} {name}" for name, value in said.items())
    if causes := culprits(facts):
        words = "; ".join(cause.title for cause in causes)
        evidence += tuple(cause.detail for cause in causes)
        fix = Fix("to the setting", place="setup", step=causes[0].step)
        return Gate("connection", title, SHUT, words, evidence, fix)
    if None in said.values():
        words = "cannot tell: an access setting could not be read"
        return Gate("connection", title, UNKNOWN, words, evidence)
    return Gate("connection", title, OPEN, "both sides redeem; TARGET allows users to sync in", evidence)


def job_gate(reading: PersonReading) -> Gate:
    """Whether the job runs."""
    title, found = "job", reading.facts.found
    if found is None:
        return nothing_yet("job", title, reading, "no configuration yet", 5)
    if isinstance(found.job, XtSyncError):
        return cannot_tell("job", title, found.job)
    if found.job is None:
        return nothing_yet("job", title, reading, "no job yet", 6)
    state = health(found.service_principal, found.secrets, found.job)
    words = _job_words(state, found.job, reading)
    evidence = (f"Job {found.job.id}", f"State {state.state.value}")
    known = {State.ACTIVE: OPEN, State.FIRST: WAITING, State.UNKNOWN: UNKNOWN}
    if state.state in known:
        return Gate("job", title, known[state.state], words, evidence)
    to_job = state.state in {State.QUARANTINE, State.OFF}
    fix = Fix("to the job", place="job") if to_job else Fix("to step 12", place="setup", step=12)
    return Gate("job", title, SHUT, words, evidence, fix)


def next_cycle(reading: PersonReading) -> datetime | None:
    """Return when the next cycle begins, None while none is due or that cannot be told."""
    found, job = reading.facts.found, reading.facts.job
    if found is None or job is None:
        return None
    state = health(found.service_principal, found.secrets, job)
    at = state.next if state.state is State.ACTIVE else None
    return at.astimezone(reading.at.tzinfo) if at else None


def _job_words(state: Health, job: Job, reading: PersonReading) -> str:
    if state.state is State.FIRST:
        return f"the first cycle is running{_pages(job)}: not reached yet"
    if state.next is None:
        return str(state.state.value)
    what = "next attempt" if state.state is State.QUARANTINE else "next cycle about"
    return f"{state.state.value}, {what} {state.next.astimezone(reading.at.tzinfo):%H:%M}"


def _pages(job: Job) -> str:
    done, total = job.status.pages if job.status else (0, 0)
    return f", {done:,} of {total:,} pages" if total else ""
