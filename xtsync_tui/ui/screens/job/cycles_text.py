"""The cycles that were seen and the people who are held, as text."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from xtsync_tui.errors import XtSyncError
from xtsync_tui.text import clean
from xtsync_tui.ui.cycle_words import ENDINGS, span
from xtsync_tui.ui.frame import rule
from xtsync_tui.ui.render import clock, muted, number, state
from xtsync_tui.workspace.health import Ending, ending
from xtsync_tui.workspace.job.reading import (
    Cycle,
    Held,
    HeldReading,
    JobReading,
    Suspect,
    There,
    bars,
    running,
)

RUNNING = "running"
"""The id of the row of the cycle under way: Graph tells its own only when it has ended."""


def day(then: datetime, now: datetime) -> str:
    """Return a time with its day: ``14 May 13:21``."""
    local = then.astimezone(now.tzinfo)
    return f"{local.day} {local:%b %H:%M}"


# Cycles -------------------------------------------------------------------------------------------------


def shown_cycles(reading: JobReading) -> tuple[Cycle, ...]:
    """Return the cycles to list, the one under way first."""
    run = running(reading)
    if run is None:
        return reading.cycles
    began = run.began or reading.read_at
    return (Cycle(RUNNING, began, None, f"▶ {run.share:.0%}"), *reading.cycles)


def cycle_state(cycle: Cycle) -> str:
    """Return how a cycle ended, whom it held, or how far it is."""
    if cycle.running:
        return cycle.state
    if cycle.held:
        return f"■ {cycle.held:,} held"
    known = ending(cycle.state)
    return ENDINGS[known] if known is not Ending.UNKNOWN else f"? {clean(cycle.state) or 'cannot tell'}"


def count(cycle: Cycle, name: str) -> Content:
    """Return one count of a cycle: ``…`` while it runs, ``?`` where nobody said."""
    return muted("…") if cycle.running else Content(number(getattr(cycle, name)))


def took(cycle: Cycle) -> Content:
    """Return how long a cycle took."""
    return Content("running" if cycle.ended is None else span(cycle.began, cycle.ended))


def deleted_words(cycle: Cycle, held: str) -> str:
    """Return how many of those held a cycle that was allowed to deleted, for the status line."""
    ended = f"the cycle ended {cycle.ended:%H:%M}" if cycle.ended else ""
    if cycle.deleted is None:
        return f"? how many of the {held} were deleted cannot be told yet: {ended} · l shows its rows"
    return f"{'✓' if cycle.deleted else '✗'} deleted: {cycle.deleted:,} of {held} that were held · {ended}"


def cycles_title(cycles: Sequence[Cycle]) -> str:
    """Return the head of the list of cycles."""
    oldest = min((cycle.began for cycle in cycles), default=None)
    return "Cycles seen by this application" + (f" since {oldest.day} {oldest:%b}" if oldest else "")


def chart(cycles: tuple[Cycle, ...]) -> Content:
    """Return the small chart beside the cycles: changes written, the newest cycle last."""
    ended = [cycle for cycle in cycles if not cycle.running][:24]
    if not ended:
        return Content("")
    most = max(ended, key=lambda cycle: cycle.written or 0)
    idle = sum(cycle.written == 0 for cycle in ended)
    many = f"last {len(ended)} cycles" if len(ended) > 1 else "last cycle"
    lines = [
        Content.styled(f"Changes written, {many}", "bold"),
        Content(bars(cycles)),
        muted(f"most: {most.written:,}, at {clock(most.began)[:5]}" if most.written else "none was written"),
        muted(f"none in {idle} cycle{'s' * (idle != 1)}" if idle else "some in each"),
        muted(f"since {ended[-1].began.day} {ended[-1].began:%b %H:%M}"),
    ]
    return Content("\n").join(lines)


# Who is held --------------------------------------------------------------------------------------------


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
    words = f"Held deletions ({reading.held_number}) · from the provisioning log, read {clock(held.read_at)}"
    return rule(words, width)


def what_goes(reading: JobReading) -> str:
    """Return how many of those held are still to be deleted: ``13 are deleted, 1 is in the bin already``."""
    gone = sum(one.there in {There.BIN, There.GONE} for one in reading.held_people)
    left = len(reading.held_people) - gone
    told = f"{'at least ' * reading.more_held}{left:,} {'person is' if left == 1 else 'people are'} deleted"
    return f"{told}, {gone:,} {'is' if gone == 1 else 'are'} gone already" if gone else told


_CHANGES = {
    "Update attribute mappings or scope": "changed the mappings or the filters",
    "Update provisioning setting or credentials": "changed a setting of the configuration",
    "Enable/start provisioning configuration": "started the job",
    "Enable/restart provisioning configuration": "restarted the job",
    "Disable/pause provisioning configuration": "paused the job",
}
"""What the activities of the audit log are in a sentence."""


def _suspected(suspect: Suspect, now: datetime) -> str:
    who, done = clean(suspect.who), _CHANGES.get(suspect.what)
    did = f"{who} {done}" if done else f"{clean(suspect.what)}, by {who}"
    return f"Shortly before, {day(suspect.at, now)}: {did} (SOURCE audit log)."


def _cause(why: str) -> str:
    """Return what several people have in common: the same filter leaves them out, each by an own value."""
    words = why.split(" ")
    return " ".join(words[:2]) if words[0] == "filter:" else why


def suspicion(held: HeldReading, now: datetime) -> Content:
    """Return how the held deletions belong together, and what somebody changed just before."""
    lines = []
    if held.people:
        causes = Counter(_cause(one.why) for one in held.people)
        cause, many = causes.most_common(1)[0]
        if many > 1:
            lines.append(Content(f"{many} of {len(held.people)} have the same reason: {clean(cause)}."))
    if held.suspects is None:
        lines.append(state("? what was changed shortly before cannot be read"))
    lines += [Content(_suspected(suspect, now)) for suspect in (held.suspects or ())[:2]]
    return Content("\n").join(lines)
