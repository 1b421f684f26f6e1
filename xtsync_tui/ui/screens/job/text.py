"""The job as text: state, progress, quarantine, cycles, and what each key does."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from xtsync_tui.engine.quarantine import too_many
from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Quarantine
from xtsync_tui.text import clean
from xtsync_tui.ui.frame import rule
from xtsync_tui.ui.render import clock, duration, moment, muted, number, people_count, rough, state, when
from xtsync_tui.ui.screens.configurations.text import SYMBOLS, last_set
from xtsync_tui.workspace.health import REASONS, TOO_MANY_DELETES, State
from xtsync_tui.workspace.job.reading import (
    Cycle,
    Held,
    HeldReading,
    JobReading,
    Running,
    bars,
    begins_soon,
    is_on,
    later_attempts,
    next_cycle,
    running,
    switched_off,
)

LABEL = 20
BAR = 35
RUNNING = "running"
"""The id of the row of the cycle under way: Graph tells its own only when it has ended."""

OUTCOMES = {"Succeeded": "✓ succeeded", "EntryLevelErrors": "! with errors", "Failed": "✗ failed"}


def headline(reading: JobReading) -> str:
    """Return the state in a few words, its symbol first."""
    if running(reading) is not None:
        return "▶ running"
    if begins_soon(reading):
        return "▶ a cycle begins"
    return f"{SYMBOLS[reading.state]} {reading.state.value}"


def outcome(cycle: Cycle) -> str:
    """Return how a cycle ended: ``✓ succeeded``."""
    return OUTCOMES.get(cycle.state, f"? {clean(cycle.state) or 'cannot tell'}")


def span(began: datetime, ended: datetime) -> str:
    """Return how long something took or has taken, in whole seconds: ``14 s``, ``4 min 4 s``."""
    return _whole((ended - began).total_seconds())


def _whole(seconds: float) -> str:
    whole = max(int(seconds), 0)
    return duration(float(whole)) if whole >= 60 else f"{whole} s"


def bar(share: float, width: int = BAR) -> str:
    """Return a progress bar."""
    full = min(int(share * width), width)
    return "█" * full + "░" * (width - full)


def facts(reading: JobReading, now: datetime, width: int) -> Content:
    """Return the lines on top: those of a quarantine while the job is in one."""
    quarantine = reading.quarantine if running(reading) is None else None
    if quarantine is not None:
        rows = _quarantine(reading, quarantine, now)
    else:
        rows = _state(reading, now, narrow=width < 100)
    return Content("\n").join([line for label, value in rows for line in _labelled(label, value, width)])


def _labelled(label: str, value: Content, width: int) -> list[Content]:
    lines = value.wrap(max(width - LABEL - 3, 20))
    head = muted(f"  {label}".ljust(LABEL + 2))
    return [(Content(" " * (LABEL + 2)) if index else head) + line for index, line in enumerate(lines)]


def _state(reading: JobReading, now: datetime, *, narrow: bool) -> list[tuple[str, Content]]:
    cycle = running(reading)
    rows = [("State", _state_words(reading, cycle, now))]
    if cycle is not None:
        pages = f"{cycle.share:.0%}   {cycle.done:,} of {cycle.total:,} pages, not people"
        rows.append(("Progress", Content(f"{bar(cycle.share, 20 if narrow else BAR)}  {pages}")))
        rows.append(("Estimate", Content(_estimate(cycle))))
    rows.append(("Next cycle", Content(_next(reading, now))))
    rows.append(("Last cycle", _last(reading, now)))
    rows.append(
        ("Users in TARGET", Content(f"{number(reading.users)} · this number does not fall on deletes"))
    )
    rows.append(("Quarantine", state("■ yes: a cycle tries again now" if reading.quarantine else "no")))
    rows.append(("Deletions held", Content(_held_words(reading))))
    failed = reading.last.count_escrowed if reading.last else None
    rows.append(("Retries waiting", Content(_retries(failed))))
    return rows


def _state_words(reading: JobReading, cycle: Running | None, now: datetime) -> Content:
    if cycle is not None:
        paused = "paused; the cycle that runs is finished first" if reading.state is State.PAUSED else ""
        words = paused or "active, a cycle is running"
        if cycle.began is None:
            return state(f"▶ {words}")
        about = "" if cycle.exact else "about "
        return state(f"▶ {words} since {about}{clock(cycle.began)} ({span(cycle.began, now)})")
    if begins_soon(reading):
        words = "started" if reading.state is State.FIRST else reading.state.value
        return state(f"▶ {words}; a cycle begins any moment")
    return state(f"{SYMBOLS[reading.state]} {reading.state.value}{_STATE_HINT.get(reading.state, '')}")


_STATE_HINT = {
    State.PAUSED: ": no cycle begins. S goes on from where it stopped.",
    State.OFF: ": no cycle begins. S starts it.",
    State.NOT_RUN: ": S starts the first cycle.",
    State.UNKNOWN: ": the service uses a word that is not documented",
    State.ACTIVE: ", between two cycles",
}


def _estimate(cycle: Running) -> str:
    if cycle.left is None:
        return "none yet: it needs two pages to see the pace"
    return f"about {_whole(cycle.left)} left (from the pace so far)"


def _next(reading: JobReading, now: datetime) -> str:
    due = next_cycle(reading)
    every = f"every {rough(reading.every.total_seconds())}, fixed by the service"
    if reading.quarantine is not None and due is not None:
        return when(due, now)
    if due is None and begins_soon(reading):
        return f"any moment, then {every}"
    if due is None:
        return f"? cannot tell · {every}" if is_on(reading) else "none while it is not started"
    return f"about {when(due, now)} · {every}"


def _last(reading: JobReading, now: datetime) -> Content:
    newest = next((cycle for cycle in reading.cycles if not cycle.running), None)
    if reading.last is None or newest is None or newest.ended is None:
        return Content("not run yet")
    words = f"{outcome(newest)} {when(newest.began, now)} · {span(newest.began, newest.ended)}"
    return state(words + (f" · {clean(newest.code)}" if newest.code else ""))


def _held_words(reading: JobReading) -> str:
    return f"{len(reading.held_people)} · {threshold_words(reading.threshold)}"


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


def _quarantine(reading: JobReading, quarantine: Quarantine, now: datetime) -> list[tuple[str, Content]]:
    since = quarantine.current_began or quarantine.series_began
    began = f" since {_day(since, now)} ({rough((now - since).total_seconds())})" if since else ""
    said = (
        f" · said {when(since, now)}; t tests it as it is now" if _is_connection(quarantine) and since else ""
    )
    rows = [("State", state(f"■ quarantine{began}")), ("Why", Content(why(reading)) + muted(said))]
    if reading.held is not None and not isinstance(reading.held, XtSyncError) and reading.held_people:
        rows.append(
            (
                "Nothing is deleted",
                Content(f"The {len(reading.held_people)} are held until you allow (H) or prevent (f) it."),
            )
        )
    later = [_day(one, now) for one in later_attempts(quarantine)[:2]]
    then = f" · later ones, as documented: {', '.join(later)}, then daily" if later else ""
    if quarantine.next_attempt:
        ahead = rough((quarantine.next_attempt - now).total_seconds())
        rows.append(("Next attempt", Content(f"{_day(quarantine.next_attempt, now)}, in {ahead}{then}")))
    off = switched_off(quarantine)
    if off is not None:
        days = rough((off - now).total_seconds())
        words = f"{off.day} {off:%b %Y %H:%M}, in {days}, if nothing is done"
        rows.append(("Switched off on", Content(words)))
    rows.append(("Mail", mail_words(reading, now)))
    return rows


def _day(moment: datetime, now: datetime) -> str:
    local = moment.astimezone(now.tzinfo)
    return f"{local.day} {local:%b %H:%M}"


def why(reading: JobReading) -> str:
    """Return why it is in quarantine: the sentence, with the service's own word before it."""
    quarantine = reading.quarantine
    if quarantine is None:
        return ""
    reason, error = clean(quarantine.reason or "Unknown"), quarantine.error
    told = clean(error.message, 300) if error and error.message else ""
    code = f" ({clean(error.code)})" if error and error.code and error.code not in told else ""
    count = len(reading.held_people)
    if quarantine.reason == TOO_MANY_DELETES and count and reading.threshold:
        told = f"a cycle would remove {people_count(count)}, the threshold is {reading.threshold:,}"
        if not too_many(count, reading.threshold):
            told += "; some are no longer in the log"
    return f"{reason}: {told or REASONS.get(quarantine.reason or '', 'no reason was given')}{code}"


def mail_words(reading: JobReading, now: datetime) -> Content:
    """Return who gets the mail about a quarantine; where Graph does not say, what was last set from here."""
    mail = reading.mail
    if mail is None or isinstance(mail, XtSyncError):
        why = ": the settings cannot be read" if mail else ""
        return state(f"? unknown who gets it{why}") + muted(f" · {last_set(reading.mail_set, now)}")
    return Content(clean(mail.recipients) or "nobody" if mail.enabled else "off: nobody gets one")


# Cycles and people who are held -------------------------------------------------------------------------


def shown_cycles(reading: JobReading) -> tuple[Cycle, ...]:
    """Return the cycles to list, the one under way first."""
    now = running(reading)
    if now is None:
        return reading.cycles
    began = now.began or reading.read_at
    return (Cycle(RUNNING, began, None, f"▶ {now.share:.0%}"), *reading.cycles)


def cycle_state(cycle: Cycle) -> str:
    """Return how a cycle ended, or how far it is."""
    return cycle.state if cycle.running else outcome(cycle)


def took(cycle: Cycle) -> str:
    """Return how long a cycle took."""
    return "running" if cycle.ended is None else span(cycle.began, cycle.ended)


def began(cycle: Cycle, now: datetime) -> str:
    """Return when a cycle began: the time today, with its day before that."""
    return moment(cycle.began, now)


def cycles_title(cycles: Sequence[Cycle]) -> str:
    """Return the head of the list of cycles."""
    oldest = min((cycle.began for cycle in cycles), default=None)
    return "Cycles seen by this application" + (f" since {oldest.day} {oldest:%b}" if oldest else "")


def chart(cycles: tuple[Cycle, ...]) -> Content:
    """Return the small chart beside the cycles: people written, the newest cycle last."""
    ended = [cycle for cycle in cycles if not cycle.running][:24]
    if not ended:
        return Content("")
    most = max(ended, key=lambda cycle: cycle.written or 0)
    idle = sum(cycle.written == 0 for cycle in ended)
    lines = [
        Content.styled(f"People written, last {len(ended)} cycles", "bold"),
        Content(bars(cycles)),
        muted(
            f"most: {most.written:,}, at {clock(most.began)[:5]}" if most.written else "nobody was written"
        ),
        muted(f"none in {idle} cycles" if idle > 1 else "none in 1 cycle" if idle else "somebody in each"),
        muted(f"since {ended[-1].began.day} {ended[-1].began:%b %H:%M}"),
    ]
    return Content("\n").join(lines)


def there_words(held: Held, now: datetime) -> str:
    """Return the state of somebody in TARGET now: ``enabled, last sign-in 13 May``."""
    if held.last_sign_in is None:
        return held.there.value
    if held.last_sign_in.year <= 1:
        return f"{held.there.value}, never signed in"
    local = held.last_sign_in.astimezone(now.tzinfo)
    return f"{held.there.value}, last sign-in {local.day} {local:%b}"


def held_title(reading: JobReading, width: int) -> Content:
    """Return the head of the list of people who are held."""
    held = reading.held
    if held is None or isinstance(held, XtSyncError):
        return rule("Held deletions ? cannot tell", width)
    more = "" if held.complete else " at least"
    words = (
        f"Held deletions ({len(held.people)}{more}) · from the provisioning log, read {clock(held.read_at)}"
    )
    return rule(words, width)


def suspicion(held: HeldReading, now: datetime) -> Content:
    """Return how the held deletions belong together, and what somebody changed just before."""
    lines = []
    if held.people:
        cause, count = Counter(one.why for one in held.people).most_common(1)[0]
        if count > 1:
            lines.append(Content(f"{count} of {len(held.people)} have the same reason: {clean(cause)}."))
    if held.suspects is None:
        lines.append(state("? what was changed shortly before cannot be read"))
    for suspect in (held.suspects or ())[:2]:
        who = clean(suspect.who)
        lines.append(Content(f"Shortly before: {clean(suspect.what)}, by {who}, {_day(suspect.at, now)}."))
    return Content("\n").join(lines)


# What can be done ---------------------------------------------------------------------------------------


def actions(reading: JobReading, width: int) -> Content:
    """Return what each key would do now."""
    quarantined = reading.quarantine is not None
    rows = _quarantine_actions(reading) if quarantined else _plain_actions(reading)
    lines = [rule("What you can do", width)]
    for letter, name, words in rows:
        lines.append(Content(f"  {letter}  ") + Content.styled(name.ljust(11), "bold") + Content(words))
    return Content("\n").join(lines)


def _plain_actions(reading: JobReading) -> list[tuple[str, str, str]]:
    runs = is_on(reading)
    off = "off: the job runs already. Starting a running job can stop the service."
    return [
        (
            "S",
            "Start",
            off if runs else "cycles begin again, every 40 minutes; it goes on from where it stopped.",
        ),
        (
            "P",
            "Pause",
            "the cycle that runs is finished first; no later ones start. Start goes on from there."
            if runs
            else "off: no cycle begins as it is.",
        ),
        (
            "R",
            "Restart",
            "evaluate everyone again; keeps the links to people in TARGET. Five kinds, least first.",
        ),
        ("H", "Held", "none held now."),
    ]


def _quarantine_actions(reading: JobReading) -> list[tuple[str, str, str]]:
    rows, count = [], len(reading.held_people)
    words = prevention(reading)
    if words:
        rows.append(("f", "Prevent" if count else "Fix", words))
    if count:
        rows.append(
            (
                "H",
                "Allow",
                f"delete the {count} in TARGET. They stay 30 days in its bin. You type the number {count}.",
            )
        )
    rows.append(
        ("R", "Restart", "lift the quarantine and evaluate everyone again. Only after the cause is gone.")
    )
    rows.append(("P", "Pause", "no further attempts until you start it."))
    return rows


def prevention(reading: JobReading) -> str:
    """Return what f does about a quarantine, "" when nothing is known to do."""
    quarantine = reading.quarantine
    if quarantine is None:
        return ""
    if reading.held_people:
        step = fix_step(reading)
        what = {7: "assign them again", 8: "widen the scoping filter"}.get(step, "bring them back into scope")
        return f"{what}, then R. Restart only after the cause is gone, or they are held again."
    if _is_connection(quarantine):
        return "to the setting that stops the connection; then R."
    return ""


def _is_connection(quarantine: Quarantine) -> bool:
    return quarantine.reason == "EncounteredQuarantineException"


def fix_step(reading: JobReading) -> int:
    """Return the step of the set-up that repairs a quarantine, 0 for none."""
    quarantine = reading.quarantine
    if quarantine is None:
        return 0
    steps = Counter(one.step for one in reading.held_people if one.step)
    if steps:
        return steps.most_common(1)[0][0]
    return 6 if _is_connection(quarantine) else 0
