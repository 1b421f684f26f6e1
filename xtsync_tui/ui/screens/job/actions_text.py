"""What can be done with a job, as text: each key with what it would do now."""

from collections import Counter

from textual.content import Content

from xtsync_tui.ui.cycle_words import next_cycle
from xtsync_tui.ui.frame import rule
from xtsync_tui.ui.screens.job.cycles_text import what_goes
from xtsync_tui.workspace.health import CONNECTION
from xtsync_tui.workspace.job import reading as job
from xtsync_tui.workspace.job.reading import JobReading, is_on, running
from xtsync_tui.workspace.setup.reading import Cause

Rows = list[tuple[str, str, str]]

FILTERS = 8
"""The step of the set-up whose filters the Mappings screen edits."""


def actions(reading: JobReading, width: int) -> Content:
    """Return what each key would do now."""
    rows = _quarantined(reading) if reading.stay is not None else _plain(reading)
    lines = [rule("What you can do", width)]
    for letter, name, words in rows:
        head = Content(f"  {letter}  ") + Content.styled(name.ljust(11), "bold")
        first, *more = Content(words).wrap(max(width - head.cell_length - 1, 20))
        lines += [head + first, *(Content(" " * head.cell_length) + each for each in more)]
    return Content("\n").join(lines)


def _plain(reading: JobReading) -> Rows:
    on, runs = is_on(reading), running(reading) is not None
    due = next_cycle(reading.state, job.next_cycle(reading), reading.read_at, running=runs)
    start = "cycles begin again, every 40 minutes; it goes on from where it stopped."
    pause = "no later cycles start; Start goes on from there."
    if on:
        already = "off: the job runs already. Starting a running job can stop the service."
        start = already if runs else f"off: the job is on; its next cycle is {due.partition(',')[0]}."
    if runs:
        pause = "the cycle that runs is finished first; no later ones start. Start goes on from there."
    rows = [
        ("S", "Start", start),
        ("P", "Pause", pause if on else "off: no cycle begins as it is. S goes on."),
        (
            "R",
            "Restart",
            "evaluate everyone again; keeps the links to people in TARGET. Five kinds, least first.",
        ),
        ("H", "Held", "none held now."),
    ]
    return [*rows, ("f", "Fix", f"to step {reading.wrong} of the set-up.")] if reading.wrong else rows


def _quarantined(reading: JobReading) -> Rows:
    rows, count, paused = [], reading.held_number, reading.quarantine is None
    if reading.held_people and isinstance(reading.stopped, Cause):
        rows.append(("1", "Setup", f"step {reading.stopped.step} first: {reading.stopped.title}."))
    words = prevention(reading)
    if words:
        rows.append(("f", "Prevent" if reading.held_people else "Fix", words))
    if reading.held_people:
        name = "the name" if reading.more_held else count
        starts = "starts the job: " * paused
        rows.append(("H", "Allow", f"{starts}{what_goes(reading)}; 30 days in the bin. You type {name}."))
    rows.append(
        ("R", "Restart", "lift the quarantine and evaluate everyone again. Only after the cause is gone.")
    )
    rows.append(("S", "Start", "go on and try again now; unless the cause is gone, the same happens again."))
    if not paused:
        rows.append(("P", "Pause", "no further attempts until you start it."))
    return rows


def prevention(reading: JobReading) -> str:
    """Return what f does about a quarantine, "" when nothing is known to do."""
    if reading.held_people and (step := _step_of_held(reading)):
        what = {7: "assign them again", FILTERS: "widen the scoping filter"}.get(
            step, "bring them back into scope"
        )
        return f"{what}, then R. Restart only after the cause is gone, or they are held again."
    return "to the setting that stops the connection; then R." if fix_step(reading) else ""


def fix_step(reading: JobReading) -> int:
    """Return the step of the set-up that repairs what is wrong, 0 for none: who is held comes first."""
    stay = reading.stay
    connection = 6 if stay is not None and stay.reason == CONNECTION else 0
    return _step_of_held(reading) or reading.wrong or connection


def _step_of_held(reading: JobReading) -> int:
    steps = Counter(one.step for one in reading.held_people if one.step)
    return steps.most_common(1)[0][0] if steps else 0
