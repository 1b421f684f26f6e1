"""Synchronization jobs: templates, making and deleting, start, pause, restart, and the connection test."""

from typing import Any

from xtsync_tui.emulator.audit import configured
from xtsync_tui.emulator.auth import CONFIGURES, needs
from xtsync_tui.emulator.configurations import TEMPLATE as APPLICATION_TEMPLATE
from xtsync_tui.emulator.configurations import service_principal_of
from xtsync_tui.emulator.connection import ALSO, refusal
from xtsync_tui.emulator.errors import Refusal, bad_request, not_found, wrapped
from xtsync_tui.emulator.job import TEMPLATE, Job, make_job
from xtsync_tui.emulator.routing import NO_CONTENT, Answer, Context, Route
from xtsync_tui.emulator.secrets import checked
from xtsync_tui.emulator.state import Document
from xtsync_tui.engine.job import parse_reset_scope

READ = needs("Synchronization.Read.All Synchronization.ReadWrite.All Directory.ReadWrite.All", CONFIGURES)
WRITE = needs("Synchronization.ReadWrite.All Directory.ReadWrite.All", CONFIGURES)
BASE = "/servicePrincipals/{sp}/synchronization"


def routes() -> list[Route]:
    """Return the routes of this area."""
    jobs = f"{BASE}/jobs"
    return [
        Route("GET", f"{BASE}/templates", templates, READ),
        Route("GET", f"{BASE}/templates/{{template}}", template, READ),
        Route("POST", f"{jobs}/validateCredentials", validate, WRITE),
        Route("POST", f"{jobs}/{{job}}/validateCredentials", validate, WRITE),
        Route("GET", jobs, listed, READ),
        Route("POST", jobs, create, WRITE),
        Route("GET", f"{jobs}/{{job}}", read, READ),
        Route("DELETE", f"{jobs}/{{job}}", delete, WRITE),
        Route("POST", f"{jobs}/{{job}}/start", start, WRITE),
        Route("POST", f"{jobs}/{{job}}/pause", pause, WRITE),
        Route("POST", f"{jobs}/{{job}}/restart", restart, WRITE),
    ]


def job_of(context: Context) -> Job:
    """Return the job of the path.

    Raises:
        Refusal: 404, when the configuration or the job is not there.
    """
    principal = service_principal_of(context)
    job = context.tenant.jobs.get(principal["id"], {}).get(context.ids["job"])
    if job is None:
        raise not_found(context.ids["job"])
    return job


def template_document() -> Document:
    """Return the only template of a cross-tenant configuration."""
    return {
        "id": TEMPLATE,
        "applicationId": APPLICATION_TEMPLATE,
        "default": True,
        "description": "Cross-tenant synchronization",
        "discoverable": True,
        "factoryTag": TEMPLATE,
        "metadata": [],
    }


async def templates(context: Context) -> Answer:
    """Return the templates a job can be made from."""
    principal = service_principal_of(context)
    kind = f"servicePrincipals('{principal['id']}')/synchronization/templates"
    return context.collection(kind, [template_document()])


async def template(context: Context) -> Answer:
    """Return one template."""
    principal = service_principal_of(context)
    if context.ids["template"] != TEMPLATE:
        raise not_found(context.ids["template"])
    kind = f"servicePrincipals('{principal['id']}')/synchronization/templates/$entity"
    return context.entity(kind, template_document())


async def listed(context: Context) -> Answer:
    """Return the jobs of the configuration; ``$filter=templateId eq '…'`` in any case."""
    principal = service_principal_of(context)
    jobs = list(context.tenant.jobs.get(principal["id"], {}).values())
    wanted = context.query.get("filter").lower().replace(" ", "")
    if wanted:
        if not wanted.startswith("templateideq'"):
            raise bad_request("Invalid filter clause")
        jobs = [job for job in jobs if f"templateideq'{TEMPLATE.lower()}'" == wanted]
    kind = f"servicePrincipals('{principal['id']}')/synchronization/jobs"
    return context.collection(kind, [job.document() for job in jobs])


async def create(context: Context) -> Answer:
    """Make a job, paused, with the default schema.

    Not documented: what a second job in one configuration is answered with; there is one for each pair.
    """
    principal = service_principal_of(context)
    if context.document().get("templateId") != TEMPLATE:
        raise wrapped(400, "TemplateNotFound", "The template of the job does not exist.")
    if context.tenant.jobs.get(principal["id"]):
        raise wrapped(409, "JobAlreadyExists", "The configuration has a job already.")
    job = make_job(context.world, context.tenant, principal)
    configured(context, principal, "Add provisioning configuration")
    return _entity(context, job, 201)


async def read(context: Context) -> Answer:
    """Return one job."""
    return _entity(context, job_of(context))


async def delete(context: Context) -> Answer:
    """Delete a job and what it knows; people in the target stay [synchronizationjob-delete]."""
    job = job_of(context)
    del context.tenant.jobs[job.service_principal_id][job.id]
    context.tenant.schemas.pop(job.id, None)
    configured(context, service_principal_of(context), "Delete provisioning configuration")
    return NO_CONTENT


async def start(context: Context) -> Answer:
    """Start or resume a job."""
    changed = job_of(context).start(context.now)
    note = "" if changed else "The job was running already. Starting a running job can stop the service."
    configured(context, service_principal_of(context), "Enable/start provisioning configuration", note)
    return NO_CONTENT


async def pause(context: Context) -> Answer:
    """Pause a job; a cycle in progress goes on to its end."""
    job_of(context).pause()
    configured(context, service_principal_of(context), "Disable/pause provisioning configuration")
    return NO_CONTENT


async def restart(context: Context) -> Answer:
    """Restart a job; empty criteria are the portal's restart."""
    job = job_of(context)
    body: Any = context.request.body or {}
    criteria = body.get("criteria") if isinstance(body, dict) else None
    text = (criteria or {}).get("resetScope")
    scope = parse_reset_scope(text) if text is None or isinstance(text, str) else None
    if scope is None:
        raise Refusal(500, "InternalError", f"Requested value '{text}' was not found.")
    job.restart(scope, context.now)
    note = text or "QuarantineState, Watermark, Escrows"
    configured(context, service_principal_of(context), "Enable/restart provisioning configuration", note)
    return NO_CONTENT


async def validate(context: Context) -> Answer:
    """Test the connection with the given credentials or the saved ones.

    Not documented: the form of a refusal; it comes wrapped, with the code and sentence of the portal.
    """
    principal = service_principal_of(context)
    body = context.document()
    if body.get("useSavedCredentials"):
        credentials = context.tenant.secrets.get(principal["id"], {})
    else:
        credentials = checked(body.get("credentials") or [])
    error = refusal(context.world, context.tenant, credentials)
    if error is not None:
        details = [(ALSO[error].code, ALSO[error].message)] if error in ALSO else []
        raise wrapped(400, error.code, error.message, *details)
    return NO_CONTENT


def _entity(context: Context, job: Job, status: int = 200) -> Answer:
    kind = f"servicePrincipals('{job.service_principal_id}')/synchronization/jobs/$entity"
    return context.entity(kind, job.document(), status)
