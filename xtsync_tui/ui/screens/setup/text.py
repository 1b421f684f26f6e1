"""The set-up checklist as text: states, evidence, the handshake, and the requests of a step."""

import json
import re
from datetime import datetime

from textual.content import Content

from xtsync_tui.model import Request, Side
from xtsync_tui.text import clean, shorten_id
from xtsync_tui.ui.render import ago, clock, cut_end, cut_start, moment, muted, side, state
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import (
    Cause,
    ConnectionTest,
    HandshakeRow,
    Lamp,
    Mark,
    Need,
    SetupReading,
    StepReading,
    StepState,
)

SYMBOLS = {
    StepState.DONE: "✓",
    StepState.TO_DO: "○",
    StepState.FAILED: "✗",
    StepState.WAITING: "…",
    StepState.CANNOT_TELL: "?",
    StepState.NOT_NEEDED: "–",
}
MARKS = {Mark.GOOD: "✓", Mark.BAD: "✗", Mark.NONE: "–", Mark.UNKNOWN: "?"}
LABELS = range(9, 18)
"""Cells that the labels in the detail may take, with the gap after them."""

_GUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_JOB = re.compile(r"Azure2Azure\.[0-9a-fA-F]{32}\.[0-9a-fA-F-]{36}")


def state_text(reading: StepReading) -> str:
    """Return the state of a step, its symbol first: ``✗ failed: step 3``."""
    return f"{SYMBOLS[reading.state]} {clean(reading.words)}"


def title(reading: SetupReading, source: str, target: str) -> str:
    """Return where one is: the configuration once there is one, else the pair of tenants."""
    pair = f"{clean(source)} to {clean(target)}" if source and target else ""
    return " · ".join(filter(None, ("Setup", clean(reading.configuration) or pair)))


def summary(reading: SetupReading, *, narrow: bool) -> str:
    """Return how far the set-up is and what comes next."""
    counts = reading.settled if narrow else reading.counts
    if reading.next is not None:
        return f"{counts} · next: step {reading.next.number}"
    return f"{counts} · ✓ all done" if reading.finished else counts


def where(reading: StepReading, names: dict[Side, str]) -> Content:
    """Return the side or sides of a step, with their tenants' names."""
    sides = reading.step.sides
    if len(sides) == 1:
        return side(sides[0], names[sides[0]])
    return side(Side.SOURCE) + muted(" and ") + side(Side.TARGET)


def detail(
    reading: StepReading,
    names: dict[Side, str],
    now: datetime,
    width: int,
    *,
    wide: bool,
    alone: bool = False,
) -> Content:
    """Return a step in full: purpose, cause, evidence, needs, and what doing it sends.

    ``wide`` adds the documented text. ``alone`` is a page of its own, where the keys of the list do not work.
    """
    parts = [Content(purpose(reading, names))]
    if wide:
        parts.append(muted(clean(reading.step.documented, 1000)))
    if reading.cause is not None:
        parts.append(cause_text(reading.cause, hint=not alone))
    parts.append(evidence(reading, now, width, whole=wide))
    if reading.planned:
        parts.append(will_send(reading.planned, names, width))
    parts.append(muted(_keys_of_the_list(reading) if alone else _next_key(reading)))
    return Content("\n\n").join([part for part in parts if part])


def purpose(reading: StepReading, names: dict[Side, str]) -> str:
    """Return what a step is for, each side with its tenant's name where it is named first."""
    text = reading.step.purpose
    for each in Side:
        text = text.replace(each.name, f"{each.name} {clean(names[each], 40)}".rstrip(), 1)
    return clean(text, 600)


def cause_text(cause: Cause, *, hint: bool = True) -> Content:
    """Return why a step is not done: title, detail, code, and with ``hint`` the key that helps."""
    lines = [Content.styled(f"✗ {clean(cause.title)}", "bold $x-error")]
    if cause.detail:
        lines.append(Content(clean(cause.detail, 600)))
    if cause.code and cause.code not in cause.detail:
        lines.append(muted(clean(cause.code)))
    if cause.hint and hint:
        lines.append(Content(clean(cause.hint, 300)))
    return Content("\n").join(lines)


def evidence(reading: StepReading, now: datetime, width: int, *, whole: bool) -> Content:
    """Return the facts with the time they were read, and what the step needs; ``whole`` shows ids uncut."""
    values = [(fact.label, clean(fact.value, 300)) for fact in reading.facts]
    rows = [(label, Content(value if whole else brief_path(value))) for label, value in values]
    told = len(reading.step.sides) > 1
    rows.append(("Read", Content(f"{moment(reading.read_at, now)}")))
    rows += [
        ("Needs" if first else "", need_text(need, told=told)) for first, need in _numbered(reading.needs)
    ]
    gap = min(max(max(len(label) for label, _ in rows) + 2, LABELS.start), LABELS.stop)
    return Content("\n").join([line for label, value in rows for line in _labelled(label, value, gap, width)])


def _numbered(needs: tuple[Need, ...]) -> list[tuple[bool, Need]]:
    return [(index == 0, need) for index, need in enumerate(needs)]


def _labelled(label: str, value: Content, gap: int, width: int) -> list[Content]:
    lines = _folded(value, max(width - gap, 20))
    head = muted(f"{label} ".ljust(gap))
    return [(head if index == 0 else Content(" " * gap)) + line for index, line in enumerate(lines)]


def _folded(value: Content, width: int) -> list[Content]:
    """Return ``value`` in rows of ``width``; a long permission is broken after a dot, not within a word."""
    text = value.plain
    if " " in text.lstrip("✓✗? ") or value.cell_length <= width:
        return value.wrap(width)
    at = text.rfind(".", 0, width)
    return (
        [value[: at + 1], *_folded(Content("  ") + value[at + 1 :], width)] if at > 1 else value.wrap(width)
    )


def need_text(need: Need, *, told: bool) -> Content:
    """Return a role, scope or licence with whether it is held; ``told`` names the side first."""
    symbol = "?" if need.held is None else "✓" if need.held else "✗"
    steps = f" · needed for {_steps(need.steps)}" if need.held is False and need.steps else ""
    where = side(need.side) + " " if told else Content("")
    return where + state(f"{symbol} {clean(need.name)}") + muted(steps)


def _steps(numbers: tuple[int, ...]) -> str:
    return ("step " if len(numbers) == 1 else "steps ") + ", ".join(map(str, numbers))


def will_send(planned: tuple[Planned, ...], names: dict[Side, str], width: int) -> Content:
    """Return the requests, grouped by the side they go to, ids shortened."""
    lines: list[Content] = []
    last: Side | None = None
    for each in planned:
        if each.side is not last:
            lines.append(Content("Will send to ") + side(each.side, names[each.side]))
            last = each.side
        lines += [Content(line) for line in request_lines(each.request, width)]
    return Content("\n").join(lines)


def request_lines(request: Request, width: int) -> list[str]:
    """Return method and path on lines of at most ``width`` cells, broken at slashes, then the body."""
    indent = " " * (len(request.method) + 1)
    room = max(width - len(indent), 20)
    lines, line = [], ""
    for part in brief_path(request.path).lstrip("/").split("/"):
        if line and len(line) + len(part) + 1 > room:
            lines.append(line)
            line = ""
        line += f"/{part}"
    lines.append(line)
    shown = [f"{request.method} {lines[0]}", *(indent + more for more in lines[1:])]
    if request.body is not None:
        shown += body_lines(request.body, width)
    return [cut if len(cut) <= width else cut_start(cut, width) for cut in shown]


def body_lines(body: object, width: int, most: int = 8) -> list[str]:
    """Return a JSON body in one line where it fits, else indented; at most ``most`` lines."""
    flat = clean(json.dumps(body, ensure_ascii=False), 4000)
    if len(flat) <= width:
        return [flat]
    lines = [
        cut_end(clean(line), width) for line in json.dumps(body, indent=1, ensure_ascii=False).splitlines()
    ]
    return lines if len(lines) <= most else [*lines[: most - 1], "… v shows it whole"]


def brief_path(path: str) -> str:
    """Return a path with its long ids shortened."""
    path = _JOB.sub(lambda job: shorten_id(job[0][:11] + job[0][11:]), clean(path, 2000))
    return _GUID.sub(lambda guid: shorten_id(guid[0]), path)


def _keys_of_the_list(reading: StepReading) -> str:
    """Return what helps with the step, once one is back in the list."""
    hint = clean(reading.cause.hint, 300) if reading.cause else ""
    return "\n".join(line for line in ("esc goes back to the list. There:", hint, _next_key(reading)) if line)


def _next_key(reading: StepReading) -> str:
    match reading.state:
        case StepState.WAITING:
            return "enter says what comes first."
        case StepState.DONE | StepState.NOT_NEEDED:
            return "enter shows it whole." if reading.number == 0 else "enter opens it again."
        case StepState.CANNOT_TELL:
            return "r reads it again."
        case StepState.FAILED if reading.cause and (reading.cause.step is not None or reading.cause.fix):
            key = reading.cause.hint.partition(" ")[0]
            told = {"enter": "", "f": "enter tries again."}
            return told.get(key, "f opens what repairs it. enter tries again.")
        case _ if reading.planned:
            return "enter sends it, after you have seen it whole.\nv     shows the whole request now."
    return "enter chooses them." if reading.number == 7 else "enter opens the dialog."


def strip(reading: StepReading, now: datetime, width: int) -> Content:
    """Return a step in two lines, for a narrow screen."""
    read = f"read {moment(reading.read_at, now)}"
    if reading.cause is not None:
        told = f"✗ {clean(reading.cause.title)}. {clean(reading.cause.detail)}"
        hint = clean(reading.cause.hint) or _next_key(reading).splitlines()[0]
        return Content.styled(told, "$x-error").truncate(width, ellipsis=True) + "\n" + Content(hint)
    values = [clean(fact.value) for fact in reading.facts[: 2 if reading.number == 7 else 1]]
    value = ": ".join(values) if values else clean(reading.step.purpose)
    room = max(width - len(read) - 3, 10)
    first = Content(value).truncate(room, ellipsis=True) if len(value) > room else Content(value)
    return first + muted(f" · {read}") + "\n" + Content(_strip_action(reading, width))


def _strip_action(reading: StepReading, width: int) -> str:
    if reading.planned and reading.state is StepState.TO_DO:
        request = reading.planned[0].request
        more = f" and {len(reading.planned) - 1} more" if len(reading.planned) > 1 else ""
        tail = f"{more}, after you have seen it whole"
        room = max(width - len(f"enter sends {request.method} {tail}"), 16)
        return f"enter sends {request.method} {cut_start(brief_path(request.path), room)}{tail}"
    return _next_key(reading).splitlines()[0]


def handshake(rows: tuple[HandshakeRow, ...], names: dict[Side, str], width: int) -> Content:
    """Return the handshake of the two tenants as a small table; names are cut to ``width`` cells in all.

    Where both columns have no room they stand under each other.
    """
    if width < BESIDE:
        return _stacked(rows, names, width)
    head = Content.styled("Handshake".ljust(30), "bold")
    head += side(Side.SOURCE, names[Side.SOURCE]).truncate(18, ellipsis=True, pad=True) + " "
    head += side(Side.TARGET, names[Side.TARGET]).truncate(max(width - head.cell_length, 8), ellipsis=True)
    lines = [head]
    for row in rows:
        source = lamp(row.source)
        gap = " " * max(19 - source.cell_length, 1)
        lines.append(Content(f"  {row.title}".ljust(30)) + source + gap + lamp(row.target))
    return Content("\n").join(lines)


BESIDE = 62
"""Cells that the handshake needs for both tenants beside each other."""


def _stacked(rows: tuple[HandshakeRow, ...], names: dict[Side, str], width: int) -> Content:
    lines = []
    for each in Side:
        lines.append(side(each, names[each]).truncate(width, ellipsis=True))
        told = ((row.title, row.source if each is Side.SOURCE else row.target) for row in rows)
        lines += [Content(f"  {title}".ljust(30)) + lamp(said) for title, said in told if said.words]
    return Content("\n").join(lines)


def lamp(value: Lamp) -> Content:
    """Return ``✓ outbound on``, or a dash where a side has no say."""
    return state(f"{MARKS[value.mark]} {clean(value.words)}".rstrip())


def tested_words(test: ConnectionTest) -> str:
    """Return how a connection test ended, in a line."""
    return "✓ the connection test passed" if test.passed else f"✗ {clean(test.words or test.code)}"


def last_test(test: ConnectionTest | None, now: datetime, *, ready: bool) -> Content:
    """Return when the connection was last tested from here, and what was found; ``ready`` if it can be."""
    if test is None:
        how = "t tests the connection" if ready else "step 5 comes first"
        return muted(f"Not tested from here yet: {how}.")
    verdict = state("✓ passed" if test.passed else "✗ failed")
    lines = [Content(f"Last test {clock(test.at)}, {ago(test.at, now)}: ") + verdict]
    lines += [Content(clean(line, 300)) for line in (test.code, test.words) if line]
    return Content("\n").join(lines)
