"""Why a row of the log is not a success, in plain words, and what repairs it."""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from xtsync_tui.engine.troubleshooting import Entry, by_log_row
from xtsync_tui.errors import InvalidInput
from xtsync_tui.graph import guests
from xtsync_tui.model import ProvisioningEvent, Side
from xtsync_tui.workspace import repairs
from xtsync_tui.workspace.assigning import assign
from xtsync_tui.workspace.logs.lines import Line, Outcome
from xtsync_tui.workspace.repairs import Repair, Somebody
from xtsync_tui.workspace.setup.attempts import attempt
from xtsync_tui.workspace.setup.reading import Cause

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace


class Way(Enum):
    """How a row is repaired."""

    SMS = "switch SMS sign-in off"
    ASSIGN = "assign the person directly"
    RESTORE = "restore the person in TARGET"
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


_NOT_ASSIGNED, _SMS, _NO_INVITATIONS, _BINNED = 17, 20, 39, 85
_TITLES = {
    _NOT_ASSIGNED: "Not assigned",
    18: "Disabled in SOURCE",
    19: "Assigned without the role it needs",
    _SMS: "Skipped: SMS sign-in is on",
    23: "Out of scope: a scoping filter",
    27: "Nothing to change",
    _NO_INVITATIONS: "TARGET lets nobody invite",
    _BINNED: "Deleted in TARGET, not restored by the service",
}
_WAYS = {_NOT_ASSIGNED: Way.ASSIGN, _SMS: Way.SMS, _BINNED: Way.RESTORE}
_INVITING = 2
"""The step of the set-up that lets people invite again."""


def explain(line: Line) -> Explanation | None:
    """Return why a row is not a success; None for one that is, or that the table does not know."""
    event = line.event
    if not isinstance(event, ProvisioningEvent) or line.outcome is Outcome.SUCCESS:
        return None
    entries = by_log_row(msgspec.to_builtins(event))
    if line.outcome is Outcome.HELD:
        cause = entries[0].cause if entries else "The deletion threshold was reached."
        return Explanation("A deletion is held", cause, "Allow or prevent it in Job.", Way.HELD)
    return _explained(entries) if entries else None


def _explained(entries: tuple[Entry, ...]) -> Explanation:
    one = entries[0]
    side = Side.TARGET if one.tenants == ("target",) else Side.SOURCE
    step = _INVITING if one.number == _NO_INVITATIONS else _step(one)
    way = _WAYS.get(one.number, Way.STEP if step else Way.NONE)
    others = tuple(f"{other.cause} {other.fix}" for other in entries[1:])
    return Explanation(
        _TITLES.get(one.number, one.symptom.rstrip(".")), one.cause, one.fix, way, step, side, others
    )


def _step(entry: Entry) -> int:
    """Return the first step of the set-up that an entry names; looking at the monitor repairs nothing."""
    return next((int(step) for step in entry.steps if step.isdigit() and step not in {"11", "13"}), 0)


async def repair(workspace: "Workspace", line: Line) -> Cause:
    """Return a row's cause with the requests that repair it; raises InvalidInput when none do."""
    explanation = explain(line)
    way = explanation.way if explanation else Way.NONE
    if explanation is None or way not in _PLANS:
        raise InvalidInput("No request repairs this", explanation.fix if explanation else "")
    side = Side.TARGET if way is Way.RESTORE else Side.SOURCE
    repair = await _PLANS[way](workspace, line)
    return Cause(
        explanation.title,
        f"{line.person}: {explanation.cause} {explanation.fix}",
        "",
        None,
        side,
        "",
        repair,
    )


async def _sms_off(workspace: "Workspace", line: Line) -> Repair:
    phones = await attempt(guests.phone_methods(workspace.client(Side.SOURCE), line.person_id))
    if isinstance(phones, tuple) and not any(phone.sms_sign_in_state == "ready" for phone in phones):
        raise InvalidInput(
            "SMS sign-in is off already",
            f"{line.person} has no phone with SMS sign-in: it was switched off since, or the person is an "
            "external user, who is not synchronized.",
            "p provisions again",
        )
    return repairs.sms_off([_somebody(line)])


async def _assign(workspace: "Workspace", line: Line) -> Repair:
    from xtsync_tui.workspace.job.service import configuration_in_use

    found = await configuration_in_use(workspace)
    if found is None:
        raise InvalidInput("There is no configuration to assign to", "", "1 opens Setup.")
    why = f"assign: {line.person}"
    planned = assign(workspace.clients, found.service_principal, line.person_id, why)
    return repairs.assigning(_somebody(line), planned)


def _somebody(line: Line) -> Somebody:
    return Somebody(line.person_id, line.person, line.account)


async def _restore(workspace: "Workspace", line: Line) -> Repair:
    """Return the request for whom the row names, else for whom the bin holds under the same address."""
    client = workspace.client(Side.TARGET)
    home = {"userPrincipalName": line.account, "mail": line.account}
    if binned := await repairs.in_the_bin(client, home, line.target_id):
        return repairs.restoring(binned[:1])
    raise InvalidInput(
        "Not in the bin of TARGET any more", f"{line.person} was restored, or deleted for good."
    )


_PLANS = {Way.SMS: _sms_off, Way.ASSIGN: _assign, Way.RESTORE: _restore}
