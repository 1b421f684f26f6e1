"""Who is assigned to a configuration, and so in scope when not everybody is [appRoleAssignment]."""

from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.paths import builders, path
from xtsync_tui.model import Assignment, Request, ServicePrincipal

READ = ("Application.Read.All",)
WRITE = ("AppRoleAssignment.ReadWrite.All",)


async def assignments(client: GraphClient, sp: str) -> tuple[Assignment, ...]:
    """Return all assigned users and groups."""
    address = path(builders().service_principals.by_service_principal_id(sp).app_role_assigned_to, top=999)
    return await client.collect(Request(method="GET", path=address, scopes=READ), Assignment)


def assign(configuration: ServicePrincipal, principal_id: str) -> Request:
    """Assign a user or group; doing it twice is a Conflict. The service may see it minutes later."""
    body = {
        "principalId": principal_id,
        "resourceId": configuration.id,
        "appRoleId": configuration.assigned_role,
    }
    service_principal = builders().service_principals.by_service_principal_id(configuration.id)
    return Request(method="POST", path=path(service_principal.app_role_assigned_to), body=body, scopes=WRITE)


def unassign(sp: str, assignment_id: str) -> Request:
    """Take an assignment away; in the next cycle the person is removed from the target."""
    assigned = builders().service_principals.by_service_principal_id(sp).app_role_assigned_to
    return Request(
        method="DELETE", path=path(assigned.by_app_role_assignment_id(assignment_id)), scopes=WRITE
    )
