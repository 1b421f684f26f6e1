"""One reading of both tenants: everything at once, and whatever fails is noted in its place."""

from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

import anyio

from xtsync_tui.errors import NotFound, XtSyncError
from xtsync_tui.graph import (
    access,
    assignments,
    configurations,
    credentials,
    directory,
    guests,
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
    User,
)
from xtsync_tui.model.service import ServicePrincipal
from xtsync_tui.workspace.setup.configuration import ours
from xtsync_tui.workspace.setup.facts import ConfigurationFacts, Facts, Notes, Part, TenantFacts

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient
    from xtsync_tui.workspace.pair import Workspace

T = TypeVar("T")

PREMIUM = {"AAD_PREMIUM", "AAD_PREMIUM_P2"}
"""Service plans of Entra ID P1 and P2 [licensing-service-plan-reference]."""

ROWS = 50
ROWS_AGE = 15.0
"""Seconds for which the rows of the log are good enough: it allows 5 requests in 10 s [throttling-limits]."""

SKIPPED_FILTER = "alternativeSecurityIds EQUALS 'None'"


async def attempt(reading: Awaitable[T]) -> Part[T]:
    """Return what a reading brings, or the expected failure that kept it away."""
    try:
        return await reading
    except XtSyncError as error:
        return error


async def together(**readings: Awaitable[Any]) -> dict[str, Any]:
    """Return what several readings bring, by name; they run at the same time."""
    found: dict[str, Any] = {}

    async def one(name: str, reading: Awaitable[Any]) -> None:
        found[name] = await attempt(reading)

    async with anyio.create_task_group() as tasks:
        for name, reading in readings.items():
            tasks.start_soon(one, name, reading)
    return found


async def gather(workspace: "Workspace", before: Facts | None = None) -> Facts:
    """Read both tenants in parallel; ``before`` lends who is signed in and the licences."""
    source, target = await _tenants(workspace, before)
    client = workspace.client(Side.TARGET)
    parts = await together(
        source=_partner(workspace, source, target.id),
        target=_partner(workspace, target, source.id),
        configuration=_configuration(workspace, source, target),
        invitations=_invitations(client),
        may_leave=_may_leave(client),
    )
    configurations_, configuration = _two(parts["configuration"])
    facts = Facts(
        now=workspace.now(),
        source=cast("TenantFacts", parts["source"]),
        target=cast("TenantFacts", parts["target"]),
        configuration=configuration,
        configurations=configurations_,
        invitations=parts["invitations"],
        may_leave=parts["may_leave"],
        deleted=(),
        text_signers=(),
        plan=workspace.plan,
        notes=_notes(workspace),
    )
    return await _troubles(workspace, facts)


def _two(part: Any) -> tuple[Any, Any]:
    return (part, part) if isinstance(part, XtSyncError) else part


def _notes(workspace: "Workspace") -> Notes:
    noted = workspace.journal.noted
    return Notes(
        plan=noted("plan"),
        test=noted("test"),
        mappings=noted("mappings"),
        settings=noted("settings"),
        person=noted("person"),
        leaving=noted("leaving"),
    )


async def _tenants(workspace: "Workspace", before: Facts | None) -> tuple[TenantFacts, TenantFacts]:
    if before is not None:
        return before.source, before.target
    found = await together(
        source=_tenant(workspace, Side.SOURCE),
        target=_tenant(workspace, Side.TARGET),
        who=workspace.introduce(),
    )
    return found["source"], found["target"]


async def _tenant(workspace: "Workspace", side: Side) -> TenantFacts:
    client = workspace.client(side)
    parts = await together(
        organization=directory.organization(client),
        me=directory.me(client),
        roles=_roles(client),
        premium=_premium(client),
        default=access.default(client),
    )
    unread = NotFound(f"{side.name}: not read yet")
    return TenantFacts(side=side, scopes=workspace.side(side).scopes, partner=unread, **parts)


async def _roles(client: "GraphClient") -> frozenset[str]:
    return frozenset(role.role_template_id for role in await directory.my_roles(client))


async def _premium(client: "GraphClient") -> bool:
    return any(map(_is_premium, await directory.subscribed_skus(client)))


def _is_premium(sku: SubscribedSku) -> bool:
    return sku.capability_status in ("", "Enabled", "Warning") and any(
        plan.service_plan_name in PREMIUM for plan in sku.service_plans
    )


async def _partner(workspace: "Workspace", tenant: TenantFacts, other: str) -> TenantFacts:
    if not other:
        return tenant
    found: Part[Partner | None] = await attempt(access.partner(workspace.client(tenant.side), other))
    return replace(tenant, partner=found)


async def _invitations(client: "GraphClient") -> str:
    return (await policies.authorization(client)).allow_invites_from or ""


async def _may_leave(client: "GraphClient") -> bool:
    said = (await policies.external_identities(client)).allow_external_identities_to_leave
    return True if said is None else said


async def _configuration(
    workspace: "Workspace", source: TenantFacts, target: TenantFacts
) -> tuple[tuple[ServicePrincipal, ...], ConfigurationFacts | None]:
    """Return all configurations, and the one of this pair with everything that belongs to it."""
    client = workspace.client(Side.SOURCE)
    found = await configurations.configurations(client)
    note = workspace.journal.noted("configuration")
    noted_id = note.value["id"] if note else ""
    if noted_id and not any(one.id == noted_id for one in found):
        made = await configurations.configuration(client, noted_id)
        found = (*found, made) if made else found
    kept = {one.id: await attempt(_secrets(client, one.id)) for one in found}
    named = [(one, _target_of(kept[one.id])) for one in found]
    mine = ours(named, target.id, noted_id, f"{source.name} to {target.name}")
    if mine is None:
        return found, None
    return found, await _belongings(workspace, mine, kept[mine.id])


def _target_of(secrets: Part[dict[str, str]]) -> str:
    return "" if isinstance(secrets, XtSyncError) else secrets.get(credentials.TARGET, "")


async def _secrets(client: "GraphClient", sp: str) -> dict[str, str]:
    """Return the settings, none as long as the service does not know the configuration."""
    try:
        return await credentials.secrets(client, sp)
    except NotFound:
        return {}


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


async def _troubles(workspace: "Workspace", facts: Facts) -> Facts:
    """Look for people in scope whom the service leaves out, or who were deleted in the target."""
    found = facts.found
    if found is None or facts.job is None:
        return facts
    parts = await together(deleted=_deleted(workspace, found), text_signers=_text_signers(workspace, found))
    signers = parts["text_signers"]
    return replace(
        facts, deleted=parts["deleted"], text_signers=() if isinstance(signers, XtSyncError) else signers
    )


async def _deleted(workspace: "Workspace", found: ConfigurationFacts) -> tuple[User, ...]:
    """Return the people in the bin of the target who are in scope in the source, by their address."""
    client = workspace.client(Side.TARGET)
    bin_: list[User] = []
    async for page in guests.deleted_users(client):
        bin_ += [user for user in page if user.mail]
    if not bin_ or isinstance(found.assignments, XtSyncError):
        return ()
    addresses = await _addresses_in_scope(workspace, found.assignments)
    return tuple(user for user in bin_ if (user.mail or "").lower() in addresses)


async def _addresses_in_scope(workspace: "Workspace", assigned: tuple[Assignment, ...]) -> set[str]:
    client = workspace.client(Side.SOURCE)
    people: list[User] = []
    for one in assigned:
        if one.principal_type == "Group":
            async for page in directory.members(client, one.principal_id):
                people += page
        else:
            user = await directory.user(client, one.principal_id)
            people += [user] if user else []
    return {(user.mail or "").lower() for user in people if user.account_enabled is not False}


async def _text_signers(workspace: "Workspace", found: ConfigurationFacts) -> tuple[User, ...]:
    """Return people whom the log shows as skipped by the built-in filter and whose phone signs in by SMS."""
    if isinstance(found.rows, XtSyncError):
        return ()
    client = workspace.client(Side.SOURCE)
    signers = []
    for user_id in dict.fromkeys(filter(None, map(_left_out, found.rows))):
        user = await directory.user(client, user_id)
        if user is not None and user.user_type != "Guest":
            signers.append(user)
    return tuple(signers)


def _left_out(row: ProvisioningEvent) -> str:
    """Return the id of the person whom this row shows as left out by the filter of external users."""
    for step in row.provisioning_steps:
        said = str((step.details or {}).get("ScopeEvaluationResult") or "")
        if SKIPPED_FILTER in said and f'{SKIPPED_FILTER}":false' in said.replace('": false', '":false'):
            return (row.source_identity.id if row.source_identity else None) or ""
    return ""
