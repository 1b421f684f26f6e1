"""The requests that repair a row of the provisioning log."""

from typing import TYPE_CHECKING

from xtsync_tui.errors import InvalidInput
from xtsync_tui.graph import guests
from xtsync_tui.model import Side
from xtsync_tui.workspace import repairs
from xtsync_tui.workspace.assigning import assign
from xtsync_tui.workspace.logs.explaining import Way, explain
from xtsync_tui.workspace.logs.lines import Line
from xtsync_tui.workspace.repairs import Repair, Somebody
from xtsync_tui.workspace.setup.attempts import attempt
from xtsync_tui.workspace.setup.reading import Cause

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace


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
    if isinstance(phones, tuple) and not any(phone.signs_in for phone in phones):
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
