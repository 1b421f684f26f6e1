"""What the person's page says: verdict, evidence, notes. Pure."""

from collections.abc import Iterable
from datetime import datetime

from textual.content import Content

from xtsync_tui.errors import XtSyncError
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, state, when
from xtsync_tui.workspace.people.gates import SHUT, UNKNOWN, WAITING, Gate, last_row
from xtsync_tui.workspace.people.reading import NotReadYet
from xtsync_tui.workspace.people.service import PersonView
from xtsync_tui.workspace.setup.service import log_row

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
        return state(f"! in {clean(target)}, but {gates}" if shut else f"✓ in {clean(target)}")
    if shut:
        return state(f"✗ not in {clean(target)}: {gates}")
    if any(gate.symbol == WAITING for gate in view.gates):
        return state(f"… assigned just now, not in {clean(target)} yet")
    if any(gate.symbol == UNKNOWN for gate in view.gates):
        return state(f"? not in {clean(target)}: not all gates can be told")
    return state(f"○ not in {clean(target)} yet: all gates are open")


OF_SCOPE = ("member", "enabled", "sms", "assigned", "filters")
"""The gates that keep a person out of scope; the others only keep a cycle from running or arriving."""


def besides(view: PersonView, key: str) -> str:
    """Return what keeps the person out although the gate ``key`` is opened, "" for nothing."""
    shut = ", ".join(gate.title for gate in view.shut if gate.key in OF_SCOPE and gate.key != key)
    if not shut:
        return ""
    again = " A cycle deletes the account again until that is open." if key == "clash" else ""
    return f"Shut as well: {shut}.{again}"


def unread(view: PersonView) -> str:
    """Return how many parts could not be read, "" for none."""
    count = len(view.reading.unread)
    return f"! {count} part{'s' if count > 1 else ''} not read · " if count else ""


def hint(gate: Gate) -> str:
    """Return what f does about a gate, "" for nothing."""
    return f"f {gate.fix.words}" if gate.fix and gate.symbol in {SHUT, UNKNOWN} else ""


def strip(gate: Gate) -> Content:
    """Return a gate in two or three lines: why, and what f does."""
    words = clean(gate.words or "open")
    line = state(f"{gate.symbol} ") + Content(words)
    return line + (Content(f"\n{hint(gate)}") if hint(gate) else Content(""))


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
    if hint(gate):
        parts.append(Content(hint(gate)))
    return Content("\n\n").join(parts)


def notes(view: PersonView, now: datetime, quiet: int) -> Content:
    """Return what stands under the attributes: the engine's word, the service's word, groups."""
    lines = [Content("")]
    if view.judged.outcome:
        lines.append(muted("Evaluated here  ") + Content(clean(view.judged.outcome, 600)))
    lines.append(muted("Service says    ") + _service(view, now))
    lines.append(muted("Groups          ") + Content(_groups(view)))
    if quiet:
        more = f"{quiet} more attribute{'s' if quiet > 1 else ''} with nothing to change: i shows all."
        lines.append(muted(more))
    return Content("\n").join(lines)


def _service(view: PersonView, now: datetime) -> Content:
    if isinstance(view.reading.rows, NotReadYet):
        return muted("… reading the log")
    if isinstance(view.reading.rows, XtSyncError):
        return Content("? cannot tell: the log could not be read")
    row = last_row(view.reading)
    if row is None:
        return Content("no log row about this person")
    told = log_row(row)
    words = ", ".join(part for part in (told.status, told.action, told.reason or _skip(view)) if part)
    return Content(f"{clean(words)} · {when(told.at, now)}")


def _skip(view: PersonView) -> str:
    row = last_row(view.reading)
    reasons = (
        str((step.details or {}).get("SkipReason") or "") for step in (row.provisioning_steps if row else ())
    )
    return next(filter(None, reasons), "")


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
        told = log_row(row)
        said = " ".join(step.description or "" for step in row.provisioning_steps if step.status != "success")
        head = f"{when(told.at, now):<26}{told.status:<10}{told.action:<14}{clean(told.reason)}"
        lines.append(
            Content.styled(head.rstrip(), "bold") + (Content(f"\n  {clean(said, 600)}") if said else "")
        )
    return Content("\n").join(lines) if lines else muted("The log has no row about this person.")


def report(view: PersonView, target: str) -> str:
    """Return the gates as text for a colleague."""
    lines = [f"{clean(view.reading.name)} · {clean(view.reading.account)}", verdict(view, target).plain]
    lines += [f"{gate.symbol} {gate.title:<20} {clean(gate.words)}".rstrip() for gate in view.gates]
    return "\n".join([*lines, f"Evaluated here: {clean(view.judged.outcome, 600)}"])
