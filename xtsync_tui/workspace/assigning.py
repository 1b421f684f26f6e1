"""Putting people and groups into the scope of a configuration, and taking them out."""

from xtsync_tui.graph import assignments
from xtsync_tui.model import Assignment, Json, ServicePrincipal, Side
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.setup.facts import Clients


def assign(clients: Clients, configuration: ServicePrincipal, principal_id: str, why: str) -> Planned:
    """Return the write that assigns a person or a group; ``why`` is its word in the journal."""

    async def look() -> Json:
        there = await assignments.assignments(clients[Side.SOURCE], configuration.id)
        mine = next((one for one in there if one.principal_id == principal_id), None)
        return {"id": mine.id, "principalId": principal_id} if mine else None

    undo = Undo(why_not="Take the person or group out in Configs.")
    request = assignments.assign(configuration, principal_id)
    return Planned(Side.SOURCE, request, why, undo, None, look)


def unassign(clients: Clients, configuration: ServicePrincipal, assignment: Assignment, why: str) -> Planned:
    """Return the write that takes an assignment away."""

    async def look() -> Json:
        there = await assignments.assignments(clients[Side.SOURCE], configuration.id)
        return None if any(one.id == assignment.id for one in there) else {"unassigned": True}

    before = {"principalId": assignment.principal_id, "appRoleId": assignment.app_role_id}
    undo = Undo((assignments.assign(configuration, assignment.principal_id),))
    request = assignments.unassign(configuration.id, assignment.id)
    return Planned(Side.SOURCE, request, why, undo, before, look)
