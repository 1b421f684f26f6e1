"""Why a row of the provisioning log is not a success, in plain words, and which way repairs it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

import msgspec

from xtsync_tui.engine.troubleshooting import Entry, by_log_row
from xtsync_tui.model import ProvisioningEvent, Side
from xtsync_tui.workspace.logs.lines import Line, Log, Outcome, detail_of


class Way(Enum):
    """How a row is repaired."""

    SMS = "switch SMS sign-in off"
    ASSIGN = "assign the person directly"
    RESTORE = "restore the person in TARGET"
    SCOPE = "take the person out of scope"
    MANAGER = "see why the manager is not in TARGET"
    FILTERS = "go to the scoping filters"
    MAPPINGS = "go to the mappings"
    STEP = "go to the step of the set-up"
    HELD = "see who is held"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a row is not a success. ``title`` comes first, then cause and fix; ``step`` goes with Way.STEP.

    ``others`` are further causes that the row does not tell apart.
    """

    title: str
    cause: str
    fix: str
    way: Way = Way.NONE
    step: int = 0
    side: Side = Side.SOURCE
    others: tuple[str, ...] = ()


_NOT_ASSIGNED, _SMS, _EXTERNAL, _NO_INVITATIONS, _AMBIGUOUS, _REFERENCE, _BINNED = 17, 20, 21, 39, 45, 76, 85
_TITLES = {
    _NOT_ASSIGNED: "Not assigned",
    18: "Disabled in SOURCE",
    19: "Assigned without the role it needs",
    _SMS: "Skipped: SMS sign-in is on",
    _EXTERNAL: "Skipped: external user",
    23: "Out of scope: a scoping filter",
    27: "Nothing to change",
    _NO_INVITATIONS: "TARGET lets nobody invite",
    _AMBIGUOUS: "An address is that of another user in TARGET",
    _REFERENCE: "The manager is not synchronized",
    84: "The account in TARGET is gone already",
    _BINNED: "Deleted in TARGET, not restored by the service",
}
_WAYS = {
    _NOT_ASSIGNED: Way.ASSIGN,
    _SMS: Way.SMS,
    _AMBIGUOUS: Way.SCOPE,
    _REFERENCE: Way.MANAGER,
    _BINNED: Way.RESTORE,
}
_BY_STEP = {8: Way.FILTERS, 9: Way.MAPPINGS}
INVITING = 2
"""The step of the set-up that lets people invite again."""
_NO_REPAIR = {"7", "11", "13"}
"""Steps that repair no single row: assigning is a matter of each person, and looking repairs nothing."""


def explain(line: Line) -> Explanation | None:
    """Return why a row is not a success; None for one that is, or that the table does not know."""
    event = line.event
    if not isinstance(event, ProvisioningEvent) or line.outcome is Outcome.SUCCESS:
        return None
    entries = _told_apart(event, by_log_row(msgspec.to_builtins(event)))
    if line.outcome is Outcome.HELD:
        cause = entries[0].cause if entries else "The deletion threshold was reached."
        return Explanation("A deletion is held", cause, "Allow or prevent it in Job.", Way.HELD)
    return _explained(entries) if entries else None


def is_external(account: str) -> bool:
    """Return whether a user principal name is that of somebody who signs in elsewhere."""
    return "#ext#" in account.casefold()


def _told_apart(event: ProvisioningEvent, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries that can be true: one filter keeps out who has SMS sign-in, and who is external."""
    account = detail_of(event, "userPrincipalName")
    never = 0 if not account else _SMS if is_external(account) else _EXTERNAL
    return tuple(entry for entry in entries if entry.number != never)


def _explained(entries: tuple[Entry, ...]) -> Explanation:
    one = entries[0]
    side = Side.TARGET if one.tenants == ("target",) else Side.SOURCE
    step = INVITING if one.number == _NO_INVITATIONS else _step(one)
    way = _WAYS.get(one.number) or _BY_STEP.get(step, Way.STEP if step else Way.NONE)
    others = tuple(f"{other.cause} {other.fix}" for other in entries[1:])
    return Explanation(
        _TITLES.get(one.number, one.symptom.rstrip(".")), one.cause, one.fix, way, step, side, others
    )


def _step(entry: Entry) -> int:
    """Return the first step of the set-up that an entry names and that can repair one row, 0 for none."""
    return next((int(step) for step in entry.steps if step.isdigit() and step not in _NO_REPAIR), 0)


def manager_of(line: Line) -> str:
    """Return the object id in SOURCE of the manager that a row was read with, "" when it does not say."""
    return detail_of(line.event, "manager") if isinstance(line.event, ProvisioningEvent) else ""


ARRIVED = frozenset({"create", "update"})


def mended_by(line: Line, lines: Iterable[Line]) -> Line | None:
    """Return the oldest later row that says that the person of ``line`` arrived after all, None for none."""
    later = [
        each
        for each in lines
        if each.log is Log.PROVISIONING
        and each.at > line.at
        and each.person_id == line.person_id
        and each.outcome is Outcome.SUCCESS
        and each.what in ARRIVED
    ]
    # Whoever is created is updated in the same second.
    first = min(later, key=lambda each: (each.at, each.what), default=None)
    return first if line.person_id else None


def deleted_by(line: Line, lines: Iterable[Line]) -> Line | None:
    """Return the row that deleted the account which ``line`` did not find any more, None for none."""
    gone = (
        each
        for each in lines
        if line.target_id
        and each.target_id == line.target_id
        and each.id != line.id
        and each.at <= line.at
        and (each.what, each.outcome) == ("delete", Outcome.SUCCESS)
    )
    return next(gone, None)
