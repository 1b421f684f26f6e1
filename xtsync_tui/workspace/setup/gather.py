"""One reading of both tenants: everything at once, and whatever fails is noted in its place."""

from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from xtsync_tui.errors import NotFound, XtSyncError
from xtsync_tui.graph import (
    access,
    assignments,
    configurations,
    credentials,
    directory,
    jobs,
    logs,
    policies,
)
from xtsync_tui.graph import schema as schemas
from xtsync_tui.model import (
    Assignment,
    Partner,
    ProvisioningEvent,
    Side,
    SubscribedSku,
)
from xtsync_tui.model.service import ServicePrincipal
from xtsync_tui.workspace.secrets import read_settings
from xtsync_tui.workspace.setup.attempts import attempt, together
from xtsync_tui.workspace.setup.configuration import ours
from xtsync_tui.workspace.setup.facts import Area, ConfigurationFacts, Facts, Notes, Part, TenantFacts
from xtsync_tui.workspace.setup.troubles import with_troubles

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient
    from xtsync_tui.workspace.pair import Workspace

T = TypeVar("T")

PREMIUM = {"AAD_PREMIUM", "AAD_PREMIUM_P2"}
"""Service plans of Entra ID P1 and P2 [licensing-service-plan-reference]."""

ROWS = 50
ROWS_AGE = 15.0
"""Seconds for which the rows of the log are good enough: it allows 5 requests in 10 s [throttling-limits]."""


async def gather(workspace: "Workspace", chosen: str = "") -> Facts:
    """Read both tenants in parallel; ``chosen`` is the configuration to read instead of the pair's own."""
    source, target = await _tenants(workspace)
    parts = await _areas(workspace, source, target, Area.ALL, chosen)
    plan, notes = workspace.plan, _notes(workspace, chosen)
    facts = Facts(now=workspace.now(), deleted=(), text_signers=(), plan=plan, notes=notes, **parts)
    return await with_troubles(workspace, facts)


async def gather_again(workspace: "Workspace", before: Facts, areas: Area, chosen: str = "") -> Facts:
    """Read ``areas`` again; ``before`` lends the rest, who is signed in and the licences."""
    parts = await _areas(workspace, before.source, before.target, areas, chosen)
    now = workspace.now() if areas is Area.ALL else before.now
    return replace(before, now=now, plan=workspace.plan, notes=_notes(workspace, chosen), **parts)


async def _areas(
    workspace: "Workspace", source: TenantFacts, target: TenantFacts, areas: Area, chosen: str
) -> dict[str, Any]:
    """Return what belongs to ``areas``, by the names that Facts has for it."""
    client = workspace.client(Side.TARGET)
    readings: dict[str, Awaitable[Any]] = {}
    if Area.PARTNERS in areas:
        readings["source"] = _partner(workspace, source, target)
        readings["target"] = _partner(workspace, target, source)
    if Area.CONFIGURATION in areas:
        readings["configuration"] = _configuration(workspace, source, target, chosen)
    if Area.TARGET_POLICIES in areas:
        readings["invitations"] = read_invitations(client)
        readings["may_leave"] = read_may_leave(client)
    parts = await together(**readings)
    if Area.CONFIGURATION in areas:
        part = parts["configuration"]
        names = ("configurations", "candidates", "configuration")
        parts |= dict(zip(names, (part, (), part) if isinstance(part, XtSyncError) else part, strict=True))
    return parts


async def read_tenants(workspace: "Workspace") -> tuple[TenantFacts, TenantFacts]:
    """Read both tenants, and what each of them has set for the other one."""
    source, target = await _tenants(workspace)
    parts = await together(
        source=_partner(workspace, source, target), target=_partner(workspace, target, source)
    )
    return parts["source"], parts["target"]


def _notes(workspace: "Workspace", chosen: str) -> Notes:
    noted = workspace.journal.noted
    return Notes(
        plan=noted("plan"),
        test=noted(note_name("test", chosen)),
        mappings=noted(note_name("mappings", chosen)),
        person=noted(note_name("person", chosen)),
        leaving=noted("leaving"),
    )


def note_name(name: str, chosen: str) -> str:
    """Return the name under which the journal keeps what is about one configuration, not about the pair."""
    return f"{name} {chosen}" if chosen and name in {"test", "mappings", "person"} else name


async def _tenants(workspace: "Workspace") -> tuple[TenantFacts, TenantFacts]:
    found = await together(
        source=_tenant(workspace, Side.SOURCE),
        target=_tenant(workspace, Side.TARGET),
        who=_introduced(workspace),
    )
    return found["source"], found["target"]


async def _introduced(workspace: "Workspace") -> None:
    if not all(workspace.side(side).name for side in Side):
        await workspace.introduce()


async def _tenant(workspace: "Workspace", side: Side) -> TenantFacts:
    client = workspace.client(side)
    parts = await together(
        organization=directory.organization(client),
        me=directory.me(client),
        roles=_roles(client),
        premium=_premium(client),
        default=access.default(client),
    )
    return TenantFacts(side=side, scopes=workspace.side(side).scopes, partner=None, **parts)


async def _roles(client: "GraphClient") -> frozenset[str]:
    return frozenset(role.role_template_id for role in await directory.my_roles(client))


async def _premium(client: "GraphClient") -> bool:
    return any(map(_is_premium, await directory.subscribed_skus(client)))


def _is_premium(sku: SubscribedSku) -> bool:
    return sku.capability_status in ("", "Enabled", "Warning") and any(
        plan.service_plan_name in PREMIUM for plan in sku.service_plans
    )


async def _partner(workspace: "Workspace", tenant: TenantFacts, other: TenantFacts) -> TenantFacts:
    """Return the tenant with what it has set for the other one, whose id has to be known."""
    if isinstance(other.organization, XtSyncError):
        return replace(tenant, partner=other.organization)
    found: Part[Partner | None] = await attempt(access.partner(workspace.client(tenant.side), other.id))
    return replace(tenant, partner=found)


async def read_invitations(client: "GraphClient") -> str:
    """Return who may invite guests into a tenant, "" when Graph does not say."""
    return (await policies.authorization(client)).allow_invites_from or ""


async def read_may_leave(client: "GraphClient") -> bool:
    """Return whether external users may leave a tenant by themselves, which they may as it comes."""
    said = (await policies.external_identities(client)).allow_external_identities_to_leave
    return True if said is None else said


async def _configuration(
    workspace: "Workspace", source: TenantFacts, target: TenantFacts, chosen: str
) -> tuple[tuple[ServicePrincipal, ...], tuple[ServicePrincipal, ...], ConfigurationFacts | None]:
    """Return all configurations, those that can be set up for this pair, and one with all its belongings.

    That is the ``chosen`` one, else the pair's own. One that goes to another tenant is never touched.
    """
    client = workspace.client(Side.SOURCE)
    found = await configurations.configurations(client)
    note = workspace.journal.noted("configuration")
    noted_id = note.value["id"] if note else ""
    if noted_id and not any(one.id == noted_id for one in found):
        made = await configurations.configuration(client, noted_id)
        found = (*found, made) if made else found
    kept = {one.id: await attempt(read_settings(client, one.id)) for one in found}
    named = [(one, _target_of(kept[one.id])) for one in found]
    free = tuple(one for one, company in named if not company or company.lower() == target.id)
    mine = next((one for one in free if one.id == chosen), None)
    mine = mine or ours(named, target.id, noted_id, f"{source.name} to {target.name}")
    if mine is None:
        return found, free, None
    return found, free, await _belongings(workspace, mine, kept[mine.id])


def _target_of(secrets: Part[dict[str, str]]) -> str:
    return "" if isinstance(secrets, XtSyncError) else secrets.get(credentials.TARGET, "")


async def _belongings(
    workspace: "Workspace", mine: ServicePrincipal, secrets: Part[Mapping[str, str]]
) -> ConfigurationFacts:
    client = workspace.client(Side.SOURCE)
    parts = await together(job=_job(client, mine.id), assignments=_assignments(client, mine.id))
    job, schema, rows = parts["job"], None, cast("Part[tuple[ProvisioningEvent, ...]]", ())
    if job is not None and not isinstance(job, XtSyncError):
        more = await together(schema=schemas.schema(client, mine.id, job.id), rows=_rows(workspace, mine.id))
        schema, rows = more["schema"], more["rows"]
    return ConfigurationFacts(mine, secrets, job, parts["assignments"], schema, rows)


async def _job(client: "GraphClient", sp: str) -> Any:
    try:
        found = await jobs.jobs(client, sp)
    except NotFound:
        return None
    return found[0] if found else None


async def _assignments(client: "GraphClient", sp: str) -> tuple[Assignment, ...]:
    try:
        return await assignments.assignments(client, sp)
    except NotFound:
        return ()


async def _rows(workspace: "Workspace", sp: str) -> tuple[ProvisioningEvent, ...]:
    return await workspace.setup.newest_rows(sp)


async def read_rows(client: "GraphClient", sp: str) -> tuple[ProvisioningEvent, ...]:
    """Return the newest rows of the provisioning log of a configuration."""
    async for page in logs.provisioning_events(client, sp=sp, top=ROWS):
        return page
    return ()
