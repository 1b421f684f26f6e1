"""The overview as text: the lamps of the handshake, the states of configurations, the counts of a day."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.content import Content

from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.cycle_words import last_cycle, next_cycle
from xtsync_tui.ui.render import clock, muted, number, side, state
from xtsync_tui.ui.screens.configurations.text import SYMBOLS as STATES
from xtsync_tui.ui.screens.logs.text import fix_words
from xtsync_tui.ui.widths import WIDE
from xtsync_tui.workspace.attention import Attention, Kind
from xtsync_tui.workspace.day import Day, DayRow, Result
from xtsync_tui.workspace.health import Health
from xtsync_tui.workspace.logs.explaining import explain
from xtsync_tui.workspace.overview import OverviewReading
from xtsync_tui.workspace.setup import HandshakeRow, Mark

SYMBOLS = {
    Kind.HELD: "■",
    Kind.QUARANTINE: "■",
    Kind.HANDSHAKE: "✗",
    Kind.FAILURE: "✗",
    Kind.OFF: "!",
    Kind.MISSING: "!",
    Kind.UNFINISHED: "○",
    Kind.UNKNOWN: "?",
}
RESULTS = {
    Result.CREATED: "✓",
    Result.UPDATED: "✓",
    Result.DISABLED: "✓",
    Result.DELETED: "✓",
    Result.HELD: "■",
    Result.SKIPPED: "–",
    Result.FAILED: "✗",
    Result.UNKNOWN: "?",
}
_LAMPS = {
    Side.SOURCE: (
        (2, "redeems invitations (outbound)", "does not redeem invitations (outbound)"),
        (3, "B2B collaboration not blocked (outbound)", "B2B collaboration blocked (outbound)"),
    ),
    Side.TARGET: (
        (0, "allows users to sync in", "does not allow users to sync in"),
        (1, "lets people be invited", "lets nobody invite"),
        (2, "redeems invitations (inbound)", "does not redeem invitations (inbound)"),
        (3, "B2B collaboration not blocked (inbound)", "B2B collaboration blocked (inbound)"),
    ),
}
"""For each side: the row of the handshake, and its words when it is right and when it is not."""


def summary(reading: OverviewReading) -> str:
    """Return how much needs attention."""
    if reading.day is None:
        return "… reading the log"
    count = len(reading.attention)
    many = {0: "✓ nothing needs attention", 1: "1 thing needs attention"}
    words = many.get(count, f"{count} things need attention")
    unread = f"! {reading.unread} of 3 parts not read · " if reading.unread else ""
    return f"{unread}{words}"


def lamps(handshake: Sequence[HandshakeRow], which: Side) -> list[Content]:
    """Return what one side says to synchronization, each with its mark."""
    found = []
    for row, good, bad in _LAMPS[which]:
        lamp = handshake[row].source if which is Side.SOURCE else handshake[row].target
        words = {
            Mark.GOOD: f"✓ {good}",
            Mark.BAD: f"✗ {bad}",
            Mark.UNKNOWN: f"? cannot tell whether it {good}",
        }
        told = words.get(lamp.mark, f"– {good}").replace("it B2B", "B2B")
        way = good.rpartition(" ")[2]
        found.append(state(f"? limits B2B collaboration {way}" if lamp.limited else told))
    return found


def handshake(reading: OverviewReading, names: Mapping[Side, str], width: int) -> Content:
    """Return the handshake: both sides beside each other, or source over target on a narrow screen."""
    verdict = {
        True: "✓ complete on both sides",
        False: "✗ shut: nobody new can arrive",
        None: "? cannot tell whether it is complete",
    }[reading.open]
    head = Content.styled("  Handshake   ", "bold") + state(verdict)
    if width < WIDE:
        rows = [_stacked(reading, each, names[each], width) for each in Side]
        return Content("\n").join([head, *(line for block in rows for line in block)])
    half = (width - 4) // 2
    columns = [
        [side(each, names[each]).truncate(half - 2, ellipsis=True), *lamps(reading.handshake, each)]
        for each in Side
    ]
    tall = max(map(len, columns))
    left, right = ([*lines, *[Content("")] * (tall - len(lines))] for lines in columns)
    pairs = zip(left, right, strict=True)
    return Content("\n").join(
        [
            head,
            *(
                Content("    ")
                + one.truncate(half, ellipsis=True, pad=True)
                + other.truncate(half, ellipsis=True)
                for one, other in pairs
            ),
        ]
    )


def _stacked(reading: OverviewReading, which: Side, name: str, width: int) -> list[Content]:
    """Return one side in as few lines as it takes: its lamps in one line while all are right."""
    label = side(which, name).truncate(22, ellipsis=True, pad=True) + " "
    shown = lamps(reading.handshake, which)
    if all(each.plain.startswith("✓") for each in shown):
        return [Content("    ") + label + state(f"✓ {len(shown)} of {len(shown)} settings right")]
    wrong = [each for each in shown if not each.plain.startswith("✓")]
    gap = Content(" " * label.cell_length)
    return [
        (Content("    ") + (gap if at else label) + each).truncate(width - 1, ellipsis=True)
        for at, each in enumerate(wrong)
    ]


def attention(each: Attention) -> Content:
    """Return what needs attention, its symbol first."""
    return state(f"{SYMBOLS[each.kind]} {clean(each.what)}")


def no_fix(selected: object) -> str:
    """Return why f does nothing about what is selected, and what would."""
    if isinstance(selected, DayRow) and selected.line is not None:
        words = fix_words(selected.line, explain(selected.line))
        if words:
            return f"enter opens the row in Logs; f there: {words}"
    return "No one setting repairs this. enter goes to the place."


def configuration(one: Health) -> Content:
    """Return the state of a configuration."""
    return state(f"{STATES[one.state]} {one.state.value}")


def cycle(one: Health, now: datetime) -> Content:
    """Return when the last cycle ended, and whether it worked."""
    return state(last_cycle(one.last, now))


def following(one: Health, now: datetime) -> Content:
    """Return when the next cycle begins, without how long that is from now."""
    return state(next_cycle(one.state, one.next, now, running=one.running).partition(",")[0])


def scope(one: Health) -> str:
    """Return who is in scope."""
    return {True: "all users", False: "assigned only", None: "?"}[one.everyone]


def result(row: DayRow) -> Content:
    """Return what became of a person."""
    return state(f"{RESULTS[row.result]} {row.result.value}")


def counts(day: Day, source: str, *, narrow: bool) -> Content:
    """Return the numbers of the last 24 hours."""
    head = Content.styled("  Last 24 hours", "bold")
    if not narrow:
        read = f"read {clock(day.read_at)}, times in {day.read_at:%Z}"
        head += muted(f"   provisioning log of SOURCE {clean(source)}, {read}")
    else:
        head += muted(f" · {day.read_at:%Z}")
    if not day.complete:
        head += state("   ! only the newest 1,000 rows")
    parts = [
        Content(f"{each.value} ") + Content.styled(number(count), "bold" if count else "$x-muted")
        for each, count in day.counts().items()
        if count or each is not Result.UNKNOWN
    ]
    return head + "\n    " + Content(" " if narrow else "   ").join(parts)
