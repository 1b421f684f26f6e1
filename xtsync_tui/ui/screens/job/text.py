"""The job as text: its state, what runs, when the next cycle begins, and how the last one ended."""

from datetime import datetime

from textual.content import Content

from xtsync_tui.errors import XtSyncError
from xtsync_tui.text import clean
from xtsync_tui.ui import render
from xtsync_tui.ui.cycle_words import last_cycle, next_cycle, span, users_in_target, whole_seconds
from xtsync_tui.ui.render import clock, muted, rough, state
from xtsync_tui.ui.screens.configurations.text import SYMBOLS
from xtsync_tui.ui.screens.job import quarantine_text
from xtsync_tui.ui.widths import WIDE
from xtsync_tui.workspace.health import State, cycle
from xtsync_tui.workspace.job import reading as job
from xtsync_tui.workspace.job.reading import JobReading, Running, asked_for, begins_soon, running
from xtsync_tui.workspace.setup.reading import Cause, ConnectionTest

LABEL = 20
BAR = 35

Rows = list[tuple[str, Content]]


def headline(reading: JobReading) -> str:
    """Return the state in a few words, its symbol first."""
    if running(reading) is not None:
        return "▶ running"
    if begins_soon(reading):
        return "▶ a cycle begins"
    return f"{SYMBOLS[reading.state]} {reading.state.value}"


def bar(share: float, width: int = BAR) -> str:
    """Return a progress bar."""
    full = min(int(share * width), width)
    return "█" * full + "░" * (width - full)


def facts(reading: JobReading, now: datetime, width: int, tested: ConnectionTest | None = None) -> Content:
    """Return the lines on top: those of a quarantine while the job is in one."""
    quarantine = reading.quarantine if running(reading) is None else None
    if quarantine is not None:
        rows = quarantine_text.rows(reading, quarantine, now, tested, narrow=width < WIDE)
    else:
        rows = _state(reading, now, narrow=width < WIDE)
    told = [(f"  {label}".ljust(LABEL), value) for label, value in rows]
    return render.facts(told, LABEL + 2, within=width - 1)


def _state(reading: JobReading, now: datetime, *, narrow: bool) -> Rows:
    run = running(reading)
    rows: Rows = [("State", _state_words(reading, run, now))]
    if run is not None:
        pages = f"{run.share:.0%}   {run.done:,} of {run.total:,} pages, not people"
        rows.append(("Progress", Content(f"{bar(run.share, 20 if narrow else BAR)}  {pages}")))
        rows.append(("Estimate", Content(_estimate(run))))
    rows.append(("Next cycle", _next(reading, now, narrow=narrow)))
    rows.append(("Last cycle", _last(reading, now)))
    stopped = stopped_words(reading)
    if stopped:
        rows.append(("Stopped by", stopped))
    counted = "does not fall on deletes" if reading.users is not None else "is not told yet"
    users = Content(users_in_target(reading.users)) + muted(f" · this number {counted}")
    rows.append(("Users in TARGET", users))
    if not (narrow and reading.stay is None):
        rows.append(("Quarantine", _quarantine(reading, now)))
    rows.append(("Deletions held", Content(_held_words(reading))))
    rows += quarantine_text.allowed(reading, now)
    failed = reading.last.count_escrowed if reading.last else None
    rows.append(("Retries waiting", Content(_retries(failed))))
    return rows


def _state_words(reading: JobReading, run: Running | None, now: datetime) -> Content:
    if run is not None:
        return state(f"▶ {_running_words(reading, run)}{_since(run, now)}")
    if begins_soon(reading):
        words = "started" if reading.state is State.FIRST else reading.state.value
        return state(f"▶ {words}; a cycle begins any moment")
    hint = _STATE_HINT.get(reading.state, "")
    if reading.state is State.PAUSED and reading.stay is not None:
        hint = " while in quarantine: no cycle begins. S goes on, and tries again at once."
    return state(f"{SYMBOLS[reading.state]} {reading.state.value}{hint}")


def _running_words(reading: JobReading, run: Running) -> str:
    if reading.state is State.PAUSED:
        return "paused; the cycle that runs is finished first"
    return (
        "active, a cycle ends: references are written"
        if run.done == run.total
        else "active, a cycle is running"
    )


def _since(run: Running, now: datetime) -> str:
    if run.began is None:
        return ""
    return f" since {'' if run.exact else 'about '}{clock(run.began)} ({span(run.began, now)})"


_STATE_HINT = {
    State.PAUSED: ": no cycle begins. S goes on from where it stopped.",
    State.OFF: ": no cycle begins. S starts it.",
    State.NOT_RUN: ": S starts the first cycle.",
    State.UNKNOWN: ": the service uses a word that is not documented",
    State.ACTIVE: ", between two cycles",
}


def _estimate(run: Running) -> str:
    if run.done == run.total:
        return "soon: all pages are read"
    if run.left is None:
        return "none yet: it needs two pages to see the pace"
    return f"about {whole_seconds(run.left)} left (from the pace so far)"


def _next(reading: JobReading, now: datetime, *, narrow: bool) -> Content:
    words = next_cycle(
        reading.state,
        job.next_cycle(reading),
        now,
        running=running(reading) is not None,
        asked=asked_for(reading),
    )
    if reading.quarantine is not None or words.startswith("–"):
        return state(words)
    fixed = "" if narrow else ", fixed by the service"
    return state(words) + f" · every {rough(reading.every.total_seconds())}{fixed}"


def _last(reading: JobReading, now: datetime) -> Content:
    last = cycle(reading.last)
    if last is None:
        return Content("not run yet")
    error = reading.last.error if reading.last else None
    code = clean(error.code) if error and error.code and error.code != "None" else ""
    took = f" · took {span(last.began, last.ended)}"
    return state(last_cycle(last, now, whole=True) + took + (f" · {code}" if code else ""))


def stopped_words(reading: JobReading) -> Content:
    """Return which setting stops every cycle, and where it is put right; nothing when none does."""
    cause = reading.stopped
    if not isinstance(cause, Cause):
        return Content("")
    return state(f"✗ {cause.title}") + f": every cycle stops before it writes. Step {cause.step} of Setup."


def _quarantine(reading: JobReading, now: datetime) -> Content:
    if reading.quarantine is not None:
        return state("■ yes: a cycle tries again now")
    stay = reading.stay
    if stay is None:
        return Content("no")
    return state("■ when it goes on, unless the cause is gone: ") + quarantine_text.why(reading, stay, now)


def _held_words(reading: JobReading) -> str:
    held = reading.held
    if isinstance(held, XtSyncError):
        number = f"? cannot tell: {clean(held.title)}"
    elif reading.stay is not None and held is None:
        number = "… reading" if reading.partial else "? cannot tell"
    else:
        number = reading.held_number
    return f"{number} · {threshold_words(reading.threshold)}"


def threshold_words(threshold: int | None) -> str:
    """Return what holds deletions."""
    if threshold is None:
        return "threshold ? cannot tell"
    return f"threshold {threshold:,} per cycle" if threshold else "! threshold off: nothing is held"


def _retries(failed: int | None) -> str:
    if failed is None:
        return "? cannot tell"
    return (
        f"{failed:,} {'change' if failed == 1 else 'changes'} failed and are tried again later"
        if failed
        else "none"
    )
