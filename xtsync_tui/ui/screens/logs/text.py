"""Log rows as text: the result with its symbol, the detail, and what is missing."""

import json
from collections.abc import Iterable, Mapping, Sequence

from textual.content import Content

from xtsync_tui.model import AuditEvent, LogStep, ModifiedProperty, ProvisioningEvent, Side
from xtsync_tui.text import clean, shorten_id
from xtsync_tui.ui.render import clock, duration, facts, muted, side, state
from xtsync_tui.ui.widgets.columns import side_by_side
from xtsync_tui.workspace.logs.lines import Line, Log, LogView, Outcome
from xtsync_tui.workspace.logs.repair import Explanation, Way

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


def title(line: Line) -> str:
    """Return the head of the detail."""
    return f"{clock(line.at)}  {line.log.kind}"


def where(line: Line, names: Mapping[Side, str]) -> Content:
    """Return the tenant whose log it is."""
    return side(line.side, names[line.side])


def fix_words(line: Line, explanation: Explanation | None) -> str:
    """Return what f does about a row, "" for nothing."""
    if explanation is None:
        return ""
    name = clean(line.person, 40)
    words = {
        Way.SMS: f"switch SMS sign-in off for {name}",
        Way.ASSIGN: f"assign {name} directly",
        Way.RESTORE: f"restore {name} in TARGET",
        Way.STEP: f"to step {explanation.step} of the set-up",
        Way.HELD: "to Job: see who is held",
    }
    return words.get(explanation.way, "")


BESIDE, CHANGES = 76, 34
"""Cells from which what was modified stands beside the steps, and those that it takes then."""


def detail(line: Line, explanation: Explanation | None, width: int, *, whole: bool = False) -> Content:
    """Return a row in full; ``whole`` leaves nothing out."""
    code = f" · {clean(line.code)}" if line.code else ""
    parts = [state(f"{result(line)}{code}"), *_why(line, explanation), _keys(line, explanation)]
    event = line.event
    if isinstance(event, ProvisioningEvent):
        parts += [*_steps_and_changes(event, width, whole=whole), _numbers(event)]
    elif isinstance(event, AuditEvent):
        parts += [*_audit(event, width, whole=whole)]
    return Content("\n\n").join([part for part in parts if part])


def strip(line: Line, explanation: Explanation | None) -> Content:
    """Return a row in two lines, for a narrow screen."""
    code = f" · {clean(line.code)}" if line.code else ""
    words = fix_words(line, explanation)
    why = f"{explanation.title}. {explanation.cause}" if explanation else clean(line.why, 200)
    told = state(f" {result(line)}{code}".lstrip())
    second = f"f {words} · enter opens it whole" if words else "enter opens it whole"
    return Content("\n").join(
        [Content(" ") + told + muted(f" · {clean(why, 300)}" if why else ""), muted(f" {second}")]
    )


def _why(line: Line, explanation: Explanation | None) -> list[Content]:
    if explanation is None:
        said = clean(line.why, ALL)
        return [Content(said)] if said and line.outcome is not Outcome.SUCCESS else []
    lines = [Content.styled(explanation.title, "bold"), Content(f"{explanation.cause} {explanation.fix}")]
    lines += [muted(f"or: {other}") for other in explanation.others[:2]]
    found = [Content("\n").join(lines)]
    if line.why and line.outcome is Outcome.FAILED:
        found.append(muted("service says  ") + Content(clean(line.why, ALL)))
    return found


def _keys(line: Line, explanation: Explanation | None) -> Content:
    rows = []
    if words := fix_words(line, explanation):
        rows.append(f"f  {words}")
    if line.person_id or line.target_id:
        rows.append("w  every gate for this person")
    return Content("\n".join(rows))


def _steps_and_changes(event: ProvisioningEvent, width: int, *, whole: bool) -> list[Content]:
    """Return the steps and what was modified: beside each other where there is room."""
    steps, changes = event.provisioning_steps, event.modified_properties
    if width < BESIDE or whole or not changes:
        return [_steps(steps, width, whole=whole), _changes(changes, width, whole=whole)]
    left = width - CHANGES
    return [side_by_side(_steps(steps, left - 2, whole=False), _changes(changes, CHANGES, whole=False), left)]


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
        yield from _hanging(muted(f"    {name:<{NAME}} " if name else "    "), state(value), width)


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


def under(view: LogView) -> Content:
    """Return what a timeline lacks, and up to when each log was read."""
    lines = [state(f"! {gap.log.value} is not read: {clean(gap.error.title)}") for gap in view.gaps]
    lines += [muted(f"  {clean(gap.error.detail, 300)}") for gap in view.gaps if gap.error.detail]
    if view.person is not None:
        upto = ", ".join(f"{log.value} up to {clock(at)}" for log, at in view.read)
        lines.append(muted(f"Read: {upto}." if upto else ""))
        if view.person.source_id and not view.person.target_id:
            lines.append(muted("No account of this person in TARGET is known."))
    if not view.complete:
        lines.append(
            state(
                f"! only the newest {len(view.lines):,} rows were read; since: with a shorter time narrows it"
            )
        )
    if view.person is not None:
        lines.append(muted("Older than 30 days is not kept by the service."))
    return Content("\n").join([line for line in lines if line])
