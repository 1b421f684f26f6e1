"""The writes that change a configuration: create, rename, scope, notifications, assignments."""

from collections.abc import Iterable

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import configurations
from xtsync_tui.model import Application, Job, Json, ServicePrincipal, Side
from xtsync_tui.workspace.assigning import assign, unassign
from xtsync_tui.workspace.configurations.reading import Assigned, Configuration, Whole
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.setup.answers import Principal, SettingsAnswers
from xtsync_tui.workspace.setup.configuration import RESERVED, checked_name, creation
from xtsync_tui.workspace.setup.facts import Clients
from xtsync_tui.workspace.setup.notifications import notification_writes
from xtsync_tui.workspace.setup.scope import scope_writes

RENAME, SETTINGS, ASSIGN, UNASSIGN = "rename", "configuration settings", "assign", "unassign"


def creating(clients: Clients, known: Iterable[Configuration], name: str) -> tuple[Planned, ...]:
    """Return the write that makes a configuration; raises InvalidInput for a name that cannot be used."""
    return (creation(clients, (one.service_principal for one in known), name, "create configuration"),)


def renaming(
    clients: Clients, whole: Whole, known: Iterable[Configuration], name: str
) -> tuple[Planned, ...]:
    """Return the writes that rename application and service principal; raises InvalidInput."""
    one = whole.one
    if one.name.startswith(RESERVED):
        raise InvalidInput(f"{RESERVED} names cannot be changed", "Multitenant organizations use them.")
    others = (each.service_principal for each in known if each.id != one.id)
    wanted = checked_name(name, others)
    if wanted == one.name:
        raise InvalidInput("Name: as it was", "", "Type another.")
    client = clients[Side.SOURCE]

    async def look() -> Json:
        now = await configurations.configuration(client, one.id)
        return {"displayName": wanted} if now and now.display_name == wanted else None

    back = Undo((configurations.rename(one.id, one.name),))
    request = configurations.rename(one.id, wanted)
    writes = [Planned(Side.SOURCE, request, RENAME, back, {"displayName": one.name}, look)]
    application = whole.application
    if isinstance(application, Application):
        back = Undo((configurations.rename_application(application.id, application.display_name),))
        request = configurations.rename_application(application.id, wanted)
        before = {"displayName": application.display_name}
        writes.append(Planned(Side.SOURCE, request, RENAME, back, before))
    return tuple(writes)


def scoping(clients: Clients, one: Configuration, *, everyone: bool) -> tuple[Planned, ...]:
    """Return the writes that change who is in scope, none when it is so already."""
    if isinstance(one.secrets, XtSyncError):
        raise one.secrets
    if one.health.everyone is everyone:
        return ()
    job = one.job if isinstance(one.job, Job) else None
    return tuple(scope_writes(clients, one.id, one.secrets, job, everyone, SETTINGS))


def notifying(clients: Clients, one: Configuration, answers: SettingsAnswers) -> tuple[Planned, ...]:
    """Return the write that saves mail and threshold, none when they are so already."""
    if isinstance(one.secrets, XtSyncError):
        raise one.secrets
    return notification_writes(clients, one.id, one.secrets, answers, SETTINGS)


def assigning(clients: Clients, whole: Whole, who: Iterable[Principal]) -> tuple[Planned, ...]:
    """Return one write for each who is not assigned yet."""
    there = whole.principals
    sp = whole.one.service_principal
    return tuple(assigned(clients, sp, one) for one in who if one.id not in there)


def assigned(clients: Clients, sp: ServicePrincipal, who: Principal) -> Planned:
    """Return the write that assigns a person or a group, who is named in the journal."""
    return assign(clients, sp, who.id, f"{ASSIGN} {who.name or who.id}")


def unassigning(clients: Clients, one: Configuration, rows: Iterable[Assigned]) -> tuple[Planned, ...]:
    """Return one write for each assignment that is taken away."""
    sp = one.service_principal
    return tuple(unassign(clients, sp, row.assignment, f"{UNASSIGN} {row.name}") for row in rows)
