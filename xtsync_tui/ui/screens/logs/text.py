"""Log rows as text: the result with its symbol, the detail, and what is missing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from xtsync_tui.model import AuditEvent, LogStep, ModifiedProperty, ProvisioningEvent, Side
from xtsync_tui.text import clean, first_visible, shorten_id
from xtsync_tui.ui.render import clock, duration, facts, moment, muted, side, state
from xtsync_tui.workspace.logs.explaining import Explanation, Way, manager_of
from xtsync_tui.workspace.logs.lines import Line, Log, LogView, Outcome
from xtsync_tui.workspace.logs.reasons import why

SYMBOLS = {
    Outcome.SUCCESS: "✓",
    Outcome.FAILED: "✗",
    Outcome.SKIPPED: "–",
    Outcome.WARNING: "!",
    Outcome.HELD: "■",
    Outcome.UNKNOWN: "?",
}
STAGES = ("import", "scoping", "matching", "export")
MARKS = {"success": "✓", "skipped": "–", "failure": "✗", "warning": "!"}
ALL = 100_000


def result(line: Line) -> str:
    """Return how it ended: ``– skipped``."""
    return f"{SYMBOLS[line.outcome]} {line.outcome.value}"


def result_by(line: Line) -> str:
    """Return how it ended, and for a row of an audit log who did it: ``✓ by ana.lopes``."""
    if line.log is Log.PROVISIONING:
        return result(line)
    return f"{SYMBOLS[line.outcome]} by {clean(_who(line.by))}" if line.by else result(line)


def _who(name: str) -> str:
    return name.partition("@")[0] if "@" in name else name


def kind(line: Line) -> str:
    """Return what kind of row it is in a timeline; what was changed at the configuration is another one."""
    about_somebody = line.person_id or line.target_id
    return line.log.kind if line.log is Log.PROVISIONING or about_somebody else "settings"


def stamp(line: Line, now: datetime) -> str:
    """Return when it was: the time with seconds, with its day before today."""
    local = line.at.astimezone(now.tzinfo)
    return clock(local) if local.date() == now.date() else f"{local.day} {local:%b} {clock(local)}"


def title(line: Line, now: datetime, *, with_side: bool) -> str:
    """Return the head of the detail: when it was, which is never cut, whom it is about, and what was done."""
    who = first_visible(line.person, line.account)
    what = "" if line.what == "other" else clean(line.what, 40)
    parts = [stamp(line, now), clean(who, 40), what, line.side.name if with_side else ""]
    return " · ".join(part for part in parts if part)


def where(line: Line, names: Mapping[Side, str]) -> Content:
    """Return the tenant whose log it is."""
    return side(line.side, clean(names[line.side], 16))


SENT = {Way.SMS, Way.ASSIGN, Way.RESTORE}
"""Ways that send a request, which a later success has made needless."""
OF_A_PERSON = {Way.SMS, Way.ASSIGN, Way.SCOPE}
"""Ways for which it has to be known who it is in SOURCE."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with why it is so. ``since`` is a later row that says that the person arrived after all.

    ``gone`` is the row that deleted the account before; ``manager`` the manager's name, "" when not known.
    """

    line: Line
    explanation: Explanation | None = None
    since: Line | None = None
    gone: Line | None = None
    manager: str = ""

    @property
    def fix(self) -> str:
        """What f does, "" for nothing."""
        mended = self.since is not None and self.explanation is not None and self.explanation.way in SENT
        return "" if mended else fix_words(self.line, self.explanation, self.manager)

    @property
    def refusal(self) -> str:
        """Why f does nothing, "" when it does something."""
        if self.fix:
            return ""
        if self.since is not None:
            return f"Nothing to repair any more: {_arrived(self.since)}."
        return "Nothing to repair here, as far as the log tells."


def fix_words(line: Line, explanation: Explanation | None, manager: str = "") -> str:
    """Return what f does about a row, "" for nothing."""
    if explanation is None or (explanation.way in OF_A_PERSON and not line.person_id):
        return ""
    name = clean(line.person, 40)
    words = {
        Way.SMS: f"switch SMS sign-in off for {name}",
        Way.ASSIGN: f"assign {name} directly",
        Way.RESTORE: f"restore {name} in TARGET",
        Way.SCOPE: f"to {name} in People: a takes the person out of scope",
        Way.MANAGER: f"to {clean(manager, 40) or 'the manager'}: why not in TARGET"
        if manager_of(line)
        else "",
        Way.FILTERS: "to the scoping filters",
        Way.MAPPINGS: "to the mappings",
        Way.STEP: f"to step {explanation.step} of the set-up",
        Way.HELD: "to Job: see who is held",
    }
    return words.get(explanation.way, "")


def _arrived(line: Line) -> str:
    done = {"create": "created", "update": "updated"}.get(line.what, line.what)
    return f"{done} {line.at.day} {line.at:%b %H:%M}"


def detail(row: Row, width: int, *, whole: bool = False) -> Content:
    """Return a row in full; ``whole`` leaves nothing out."""
    parts = [*_why(row, width), _keys(row, width)]
    event = row.line.event
    if isinstance(event, ProvisioningEvent):
        parts.append(_steps(event.provisioning_steps, width, whole=whole))
        parts.append(_changes(event.modified_properties, width, whole=whole))
        parts.append(_numbers(event))
    elif isinstance(event, AuditEvent):
        parts += [*_audit(event, width, whole=whole)]
    return Content("\n\n").join([part for part in parts if part])


def strip(row: Row, width: int) -> Content:
    """Return a row in a few lines, for a narrow screen: how it ended, the key, and the cause."""
    line, explanation = row.line, row.explanation
    said = explanation.title.removeprefix("Skipped: ") if explanation else clean(why(line), 200)
    head = state(result(line)) + (Content(f" · {said}") if said else Content(""))
    key = f"f {row.fix}" if row.fix else ""
    cause = f"{explanation.cause} {explanation.fix}" if explanation else ""
    since = f"Since then: {_arrived(row.since)}." if row.since else ""
    lines = [part for part in (head, Content(key), muted(since)) if part]
    told, room = _lines(muted(cause), width - 3), STRIP - len(lines)
    if len(told) > room:
        told = [*told[: room - 1], told[room - 1].rstrip() + "…"] if room > 0 else []
    return Content("\n").join(
        [Content(" ") + part.truncate(width - 1, ellipsis=True) for part in [*lines, *told]]
    )


STRIP = 3
"""Rows of the strip of a narrow screen."""


def _lines(content: Content, width: int) -> list[Content]:
    return list(content.wrap(max(width, 12))) if content else []


def _why(row: Row, width: int) -> list[Content]:
    """Return how it ended and why; the service's own words and code come last."""
    line, explanation = row.line, row.explanation
    blocks = [[state(result(line))]]
    if row.since is not None:
        blocks[0].append(state(f"✓ since then: {_arrived(row.since)}"))
    if explanation is not None:
        told = [Content.styled(explanation.title, "bold")]
        if row.gone is not None:
            told.append(
                Content(
                    f"{clean(row.gone.person, 40)} was deleted at {clock(row.gone.at)}: the same account."
                )
            )
        told.append(Content(f"{explanation.cause} {explanation.fix}"))
        blocks.append(told + [muted(f"or: {other}") for other in explanation.others[:2]])
    said = clean(line.why, ALL) if line.outcome is not Outcome.SUCCESS else ""
    if explanation is not None and line.outcome is not Outcome.FAILED:
        said = ""
    words = [muted(f"service says  {said}" if said else ""), muted(clean(line.code))]
    blocks.append([each for each in words if each])
    return [Content("\n").join([part for each in block for part in _lines(each, width)]) for block in blocks]


def _keys(row: Row, width: int) -> Content:
    rows = [("f", row.fix)] if row.fix else []
    if row.line.person_id or row.line.target_id:
        rows.append(("w", "every gate for this person"))
    return Content("\n").join(
        [part for letter, words in rows for part in _hanging(Content(f"{letter}  "), Content(words), width)]
    )


def _steps(steps: Sequence[LogStep], width: int, *, whole: bool) -> Content:
    lines: list[Content] = []
    for number, stage in enumerate(STAGES, 1):
        found = [step for step in steps if (step.provisioning_step_type or "").casefold() == stage]
        if not found:
            lines.append(muted(f"{number}   {stage:<11}not reached"))
        for step in found:
            lines += _step(number, stage, step, width, whole=whole)
    return Content("\n").join(lines) if steps else Content("")


def _step(number: int, stage: str, step: LogStep, width: int, *, whole: bool) -> Iterable[Content]:
    mark = MARKS.get((step.status or "").casefold(), "?")
    details = _details(stage, step, whole=whole)
    said = clean(step.description, 500) if whole or not details else clean(step.name)
    head = Content(f"{number} ") + state(mark) + Content(f" {stage:<11}")
    yield from _hanging(head, Content(said), width)
    for name, value in details:
        if name:
            yield from _hanging(muted(f"    {name:<{NAME}} "), state(value), width)
        else:
            yield from _hanging(Content("    ") + state(value[:2]), Content(value[2:]), width)


NAME = 33
"""Cells for the name of a detail; the service's longest in scoping has 32."""


def _hanging(head: Content, value: Content, width: int, least: int = 12) -> Iterable[Content]:
    """Yield lines: ``head`` and ``value``, which goes on below itself; below a head that leaves no room."""
    indent = head.cell_length
    if width - indent < least and value.cell_length > width - indent:
        yield head
        indent = len(head.plain) - len(head.plain.lstrip()) + 2
        head = Content(" " * indent)
    wrapped = value.wrap(max(width - indent, 12)) or [Content("")]
    yield head + wrapped[0]
    for more in wrapped[1:]:
        yield Content(" " * indent) + more


def _details(stage: str, step: LogStep, *, whole: bool) -> list[tuple[str, str]]:
    """Return the details of a step; all that was imported only when it is shown whole."""
    if stage in {"import", "matching"} and not whole:
        return []
    rows: list[tuple[str, str]] = []
    for name, value in (step.details or {}).items():
        if name == "ScopeEvaluationResult":
            rows += [("", words) for words in _clauses(str(value))]
        elif whole or name != "SkipReason":
            rows.append((clean(name, 60), clean(value, 300)))
    return rows


def _clauses(told: str) -> list[str]:
    """Return the clauses of a ScopeEvaluationResult, each with whether it is true."""
    try:
        found = json.loads(told)
    except ValueError:
        return [clean(told, 500)]
    if not isinstance(found, dict):
        return [clean(told, 500)]
    return [f"{'✓' if passed else '✗'} {clean(name, 300)}" for name, passed in found.items()]


def _changes(changes: Sequence[ModifiedProperty], width: int, *, whole: bool) -> Content:
    if not changes:
        return muted("Modified properties: none")
    lines = [Content.styled(f"Modified properties ({len(changes)})", "bold")]
    shown = changes if whole else changes[:20]
    for change in shown:
        old, new = clean(change.old_value or "–", 200), clean(change.new_value or "–", 200)
        name = muted(f"{clean(change.display_name, 40):<18} ")
        lines += _hanging(name, Content(f"{old} → {new}"), width, least=16)
    if len(shown) < len(changes):
        lines.append(muted(f"and {len(changes) - len(shown)} more: enter opens it whole"))
    return Content("\n").join(lines)


def _numbers(event: ProvisioningEvent) -> Content:
    took = duration(event.duration_in_milliseconds / 1000) if event.duration_in_milliseconds else "? not told"
    return facts(
        [
            ("Took", took),
            ("Cycle", shorten_id(event.cycle_id or "–")),
            ("Change", shorten_id(event.change_id or "–")),
            ("Row", shorten_id(event.id)),
        ]
    )


def _audit(event: AuditEvent, width: int, *, whole: bool) -> Iterable[Content]:
    by = event.initiated_by
    actor = (by.user or by.app) if by else None
    who = (actor.user_principal_name or actor.display_name or "") if actor else ""
    about = [one.display_name or one.user_principal_name or one.id or "" for one in event.target_resources]
    yield facts(
        [
            ("What", clean(event.activity_display_name)),
            ("By", clean(who) or "? not told"),
            ("About", clean(", ".join(about), 300) or "–"),
            ("Service", clean(event.logged_by_service)),
            ("Category", clean(event.category)),
        ]
    )
    yield _changes(
        [change for one in event.target_resources for change in one.modified_properties], width, whole=whole
    )
    yield facts([("Correlation", shorten_id(event.correlation_id or "–")), ("Row", shorten_id(event.id))])


def under(view: LogView, now: datetime) -> Content:
    """Return what a timeline lacks, up to when each log was read, and how far back."""
    lines = [state(f"! {gap.log.value} is not read: {clean(gap.error.title)}") for gap in view.gaps]
    lines += [muted(f"  {clean(gap.error.detail, 300)}") for gap in view.gaps if gap.error.detail]
    if view.person is not None:
        upto = ", ".join(f"{log.value} up to {clock(at)}" for log, at in view.read)
        lines.append(muted(f"Read: {upto}." if upto else ""))
        if view.person.source_id and not view.person.target_id:
            lines.append(muted("No account of this person in TARGET is known."))
    if not view.complete:
        lines.append(state(f"! {_back(view, now)} · end on the last row reads older ones"))
    if view.person is not None:
        lines.append(muted("Older than 30 days is not kept by the service."))
    return Content("\n").join([line for line in lines if line])


def _back(view: LogView, now: datetime) -> str:
    return f"read back to {moment(view.lines[-1].at, now)} only" if view.lines else "not all of it is read"


def short(view: LogView, now: datetime) -> str:
    """Return what a filter has looked at when that is not all, "" when it is."""
    if view.complete or not view.lines:
        return ""
    return f"among {len(view.lines):,}, back to {moment(view.lines[-1].at, now)}. end reads older ones"


def summaries(view: LogView | None, asked: str, typed: str, shown: int) -> list[str]:
    """Return what is shown of how much, the longest first: one fits. What is left out never is the filter.

    ``asked`` are the words of what was asked of the server, ``typed`` those of what is looked for here.
    """
    rows = len(view.lines) if view else 0
    count = f"{shown:,} of {rows:,} row{'s' * (rows != 1)}" if typed else f"{rows:,} row{'s' * (rows != 1)}"
    missing = f"! {len(view.gaps)} of {len(Log)} logs not read" if view and view.gaps else ""
    named = "one configuration" if typed.startswith("configuration:") else clean(typed, 30)
    bare = asked.replace("since:", "").replace("state:", "")
    whole = f"{named}: {count}" if named else count
    return [
        _joined(missing, asked, whole, "UTC"),
        _joined(missing, asked, whole),
        _joined(missing, bare, whole),
        _joined(bare, whole),
        _joined(bare, f"{clean(typed, 12)}: {count}" if typed else count),
        _joined(bare, count),
    ]


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
