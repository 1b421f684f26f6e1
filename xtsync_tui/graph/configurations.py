"""Configurations: an application and its service principal, made from the cross-tenant template."""

from collections.abc import Sequence

from xtsync_tui.errors import Unreadable
from xtsync_tui.graph import jobs
from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.decoding import Mismatch, convert
from xtsync_tui.graph.paths import builders, path, quoted
from xtsync_tui.model import Application, Json, Request, ServicePrincipal
from xtsync_tui.model.service import TEMPLATE_ID
from xtsync_tui.model.wire import Read

READ = ("Application.Read.All",)
SCOPES = ("Application.ReadWrite.All",)

_SELECT = ["id", "appId", "displayName", "applicationTemplateId", "tags", "appRoles", "accountEnabled"]


class _Created(Read, frozen=True):
    application: Application
    service_principal: ServicePrincipal


async def configurations(client: GraphClient) -> tuple[ServicePrincipal, ...]:
    """Return all configurations; a new one takes up to 15 seconds to be listed."""
    only = f"applicationTemplateId eq {quoted(TEMPLATE_ID)}"
    address = path(builders().service_principals, filter=only, select=_SELECT)
    return await client.collect(Request(method="GET", path=address, scopes=READ), ServicePrincipal)


async def configuration(client: GraphClient, sp: str) -> ServicePrincipal | None:
    """Return one configuration, None when it is not there, or not yet."""
    address = path(builders().service_principals.by_service_principal_id(sp), select=_SELECT)
    return await client.find(Request(method="GET", path=address, scopes=READ), ServicePrincipal)


async def application(client: GraphClient, app_id: str) -> Application | None:
    """Return the application of a configuration by its appId, None when it is not there."""
    selected = ["id", "appId", "displayName", "createdDateTime"]
    address = path(builders().applications_with_app_id(app_id), select=selected)
    return await client.find(Request(method="GET", path=address, scopes=READ), Application)


def instantiate(name: str) -> Request:
    """Create a configuration. Not to be repeated: each one sent makes another."""
    template = builders().application_templates.by_application_template_id(TEMPLATE_ID)
    return Request(method="POST", path=path(template.instantiate), body={"displayName": name}, scopes=SCOPES)


def created(answer: Json) -> tuple[Application, ServicePrincipal]:
    """Return what ``instantiate`` answered; raises Unreadable."""
    try:
        made = convert(answer, _Created)
    except Mismatch as error:
        raise Unreadable(
            "The new configuration", str(error), "It was created: read the list of configurations."
        ) from error
    return made.application, made.service_principal


def rename(sp: str, name: str) -> Request:
    """Give the service principal, which is what lists show, another name."""
    address = path(builders().service_principals.by_service_principal_id(sp))
    return Request(method="PATCH", path=address, body={"displayName": name}, scopes=SCOPES)


def rename_application(application_id: str, name: str) -> Request:
    """Give the application the same name."""
    address = path(builders().applications.by_application_id(application_id))
    return Request(method="PATCH", path=address, body={"displayName": name}, scopes=SCOPES)


def deletion(sp: str, application_id: str | None, job_ids: Sequence[str]) -> tuple[Request, ...]:
    """Delete a configuration, in order; the users that were synchronized stay.

    Not documented as one call: the jobs are stopped and removed, then the application, which takes its
    service principal along, so that the last request may answer NotFound.
    """
    requests = [request for job in job_ids for request in (jobs.pause(sp, job), jobs.delete(sp, job))]
    if application_id:
        address = path(builders().applications.by_application_id(application_id))
        requests.append(Request(method="DELETE", path=address, scopes=SCOPES))
    address = path(builders().service_principals.by_service_principal_id(sp))
    return (*requests, Request(method="DELETE", path=address, scopes=SCOPES))
