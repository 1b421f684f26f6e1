"""What the person's page says: verdict, evidence, notes. Pure."""

from collections.abc import Iterable
from datetime import datetime

from textual.content import Content

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import ProvisioningEvent
from xtsync_tui.text import clean
from xtsync_tui.ui.render import facts, muted, state, when
from xtsync_tui.workspace.day import day_row
from xtsync_tui.workspace.people.gates import OPEN, SHUT, UNKNOWN, WAITING, Gate, last_row
from xtsync_tui.workspace.people.reading import NotReadYet
from xtsync_tui.workspace.people.service import PersonView

SHOWN_GROUPS = 6


def verdict(view: PersonView, target: str) -> Content:
    """Return whether the person is in TARGET, and how many gates are shut."""
    shut, total = len(view.shut), len(view.gates)
    gates = f"{shut} of {total} gates {'is' if shut == 1 else 'are'} shut"
    if view.reading.pending:
        return muted("… reading" + (f": {gates} so far" if shut else ""))
    if view.is_there is None:
        return state("? cannot tell whether in TARGET")
    if view.is_there:
        return state(_there(view, clean(target), gates))
    if shut:
        return state(f"✗ not in {clean(target)}: {gates}")
    waiting = next((gate for gate in view.gates if gate.symbol == WAITING), None)
    if waiting is not None:
        return state(f"… not in {clean(target)} yet: {_WAITS[waiting.key]}")
    if any(gate.symbol == UNKNOWN for gate in view.gates):
        return state(f"? not in {clean(target)}: not all gates can be told")
    return state(f"○ not in {clean(target)} yet: all gates are open")


_WAITS = {
    "assigned": "assigned just now",
    "clash": "a cycle restores the account",
    "job": "the first cycle is running",
}
"""What a gate that neither lets through nor keeps out waits for."""


def _there(view: PersonView, target: str, gates: str) -> str:
    if view.leaves:
        when_ = f"the cycle about {view.next_cycle:%H:%M}" if view.next_cycle else "the next cycle"
        return f"! in {target}, deleted by {when_}"
    if view.shut:
        return f"! in {target}, but {gates}"
    differ = sum(row.differs for row in view.rows)
    what = f", {differ} attribute{'s differ' if differ > 1 else ' differs'}" if differ else ""
    return f"✓ in {target}{what}"


OF_SCOPE = ("member", "enabled", "sms", "assigned", "filters")
"""The gates that keep a person out of scope; the others only keep a cycle from running or arriving."""


def besides(view: PersonView, key: str) -> str:
    """Return what keeps the person out although the gate ``key`` is opened, "" for nothing.

    Whom a restore brings back stays though connection or job are shut: who is out of scope is deleted again.
    """
    restores = key == "clash"
    others = [gate for gate in view.shut if gate.key != key and (not restores or gate.key in OF_SCOPE)]
    if not others:
        return ""
    again = " A cycle deletes the account again until that is open." if restores else ""
    return f"Shut as well: {', '.join(gate.title for gate in others)}.{again}"


def unread(view: PersonView) -> str:
    """Return how many parts could not be read, "" for none."""
    count = len(view.reading.unread)
    return f"! {count} part{'s' if count > 1 else ''} not read · " if count else ""


def hint(gate: Gate) -> str:
    """Return what f does about a gate, "" for nothing."""
    return f"f {gate.fix.words}" if gate.fix and gate.symbol in {SHUT, UNKNOWN} else ""


def next_step(gate: Gate) -> str:
    """Return what to do about a gate that is not open: the key that opens it, or what to do elsewhere."""
    return hint(gate) or (gate.advice if gate.symbol != OPEN else "")


def strip(gate: Gate, width: int) -> Content:
    """Return a gate in two rows of ``width``: why, and what to do about it; enter shows the rest."""
    lines = facts([(gate.symbol, Content(clean(gate.words or "open")))], 2, within=width).split("\n")
    step = next_step(gate)
    room = 1 if step else 2
    if len(lines) > room:
        kept = lines[room - 1].truncate(width - 1).rstrip() + "…"
        lines = [*lines[: room - 1], kept]
    if step:
        lines.append(Content.styled(step, "$x-focus").truncate(width, ellipsis=True))
    return Content("\n").join(lines)


def evidence(gate: Gate) -> Content:
    """Return all that was read for a gate."""
    parts = (
        [state(f"{gate.symbol} {gate.title}"), Content(clean(gate.words, 2000))]
        if gate.words
        else [state(f"{gate.symbol} {gate.title}")]
    )
    lines = [Content(clean(line, 2000)) for line in gate.evidence]
    if lines:
        parts.append(muted("What was read") + "\n" + Content("\n").join(lines))
    if step := next_step(gate):
        parts.append(Content.styled(step, "$x-focus"))
    return Content("\n\n").join(parts)


def notes(view: PersonView, now: datetime, quiet: int, gate: Gate | None, width: int) -> Content:
    """Return what stands under the attributes: what to do, the engine's word, the service's word, groups.

    ``gate`` is the selected one, ``quiet`` how many attributes are not shown.
    """
    rows: list[tuple[str, Content | str]] = []
    step = next_step(gate) if gate is not None else ""
    if not step and not view.shut and any(row.differs for row in view.rows):
        step = f"p provisions {clean(view.reading.name, 40)} now"
    if step:
        rows.append(("Next step", Content.styled(step, "$x-focus")))
    rows += [("Evaluated here", evaluated(view)), ("Service says", service(view, now))]
    rows.append(("Groups", _groups(view)))
    rows.append(("Read", f"{when(view.reading.at, now)}{_more(quiet)}"))
    return facts(rows, LABEL, within=width)


LABEL = 16


def _more(quiet: int) -> str:
    if not quiet:
        return ""
    return f"   {quiet} more attribute{'s' if quiet > 1 else ''} with nothing to change: i shows all"


def evaluated(view: PersonView) -> str:
    """Return what a cycle would do, evaluated here: ``Priya Nair would be skipped: …``."""
    outcome = clean(view.outcome, 600)
    if not outcome:
        return "– there is no schema to evaluate by"
    return f"{clean(view.reading.name)} {outcome}" if outcome.startswith("would") else outcome


def service(view: PersonView, now: datetime) -> Content:
    """Return the newest row of the service's log, in the words of the Overview."""
    if isinstance(view.reading.rows, NotReadYet):
        return muted("… reading the log")
    if isinstance(view.reading.rows, XtSyncError):
        return Content("? cannot tell: the log could not be read")
    row = last_row(view.reading)
    return Content("no log row about this person") if row is None else Content(_told(row, now))


def _told(row: ProvisioningEvent, now: datetime) -> str:
    """Return ``skipped: not assigned (NotEffectivelyEntitled) · 12:18, 41 min ago``."""
    told = day_row(row)
    result = told.result.value
    words = told.why if result in told.why else f"{result}: {told.why}" if told.why else result
    code = f" ({told.code})" if told.code and told.code not in told.why else ""
    return f"{clean(words)}{clean(code)} · {when(told.at, now)}"


def _groups(view: PersonView) -> str:
    reading = view.reading
    if isinstance(reading.groups, NotReadYet):
        return "… reading"
    if isinstance(reading.groups, XtSyncError):
        return "? cannot tell"
    names = [clean(group.display_name or group.id, 60) for group in reading.groups]
    own = _some(names) or "none"
    found = reading.facts.found
    if found is None or isinstance(found.assignments, XtSyncError):
        return own
    assigned = [
        clean(one.principal_display_name or one.principal_id, 60)
        for one in found.assignments
        if one.principal_type == "Group"
    ]
    return f"{own}   Assigned groups: {_some(assigned) or 'none'}"


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - SHOWN_GROUPS} more" if len(listed) > SHOWN_GROUPS else ""
    return ", ".join(listed[:SHOWN_GROUPS]) + more


def log_rows(view: PersonView, now: datetime) -> Content:
    """Return the newest rows of the log about the person."""
    if isinstance(view.reading.rows, XtSyncError):
        return Content(clean(str(view.reading.rows), 1000))
    lines = []
    for row in view.reading.rows:
        said = " ".join(
            step.description or ""
            for step in row.provisioning_steps
            if (step.status or "").casefold() != "success"
        )
        head = Content.styled(_told(row, now), "bold")
        lines.append(head + (Content(f"\n  {clean(said, 600)}") if said else ""))
    return Content("\n").join(lines) if lines else muted("The log has no row about this person.")


def report(view: PersonView, target: str) -> str:
    """Return the gates as text for a colleague."""
    lines = [f"{clean(view.reading.name)} · {clean(view.reading.account)}", verdict(view, target).plain]
    lines += [f"{gate.symbol} {gate.title:<20} {clean(gate.words)}".rstrip() for gate in view.gates]
    return "\n".join([*lines, f"Evaluated here: {evaluated(view)}"])
