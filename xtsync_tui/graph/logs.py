"""The provisioning log of the source and the audit logs of both tenants, newest first.

Both are limited to 5 requests in 10 seconds for an application and tenant [throttling-limits]; the client
keeps to that.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.paths import builders, path, quoted
from xtsync_tui.model import AuditEvent, ProvisioningEvent, Request

SCOPES = ("AuditLog.Read.All",)
PAGE = 500
"""The page size of Microsoft's own sample [cross-tenant-synchronization-configure-graph]."""

CONFIGURATION_CHANGES = (
    "Add provisioning configuration",
    "Delete provisioning configuration",
    "Update attribute mappings or scope",
    "Update provisioning setting or credentials",
    "Enable/start provisioning configuration",
    "Disable/pause provisioning configuration",
    "Enable/restart provisioning configuration",
)
"""What the audit log of the source calls the changes that people make [provisioning audit activities]."""

_NEWEST = ["activityDateTime desc"]


async def provisioning_events(
    client: GraphClient,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    sp: str = "",
    job: str = "",
    cycle: str = "",
    source_id: str = "",
    status: str = "",
    action: str = "",
    top: int = PAGE,
) -> AsyncIterator[tuple[ProvisioningEvent, ...]]:
    """Yield the provisioning log of the source, filtered by Graph, ``top`` rows a page.

    ``status`` is success, failure, skipped or warning; ``action`` create, update, delete, disable,
    stagedDelete or other; both as the log spells them.
    """
    # Not documented beyond activityDateTime and servicePrincipal: the other properties follow from the shape.
    tests = [
        f"contains(tolower(servicePrincipal/id), {quoted(sp.lower())})" if sp else "",
        *_times("gt", since, "lt", until),
        *_equal("jobId", job),
        *_equal("cycleId", cycle),
        *_equal("sourceIdentity/id", source_id),
        *_equal("provisioningStatusInfo/status", status),
        *_equal("provisioningAction", action),
    ]
    address = path(builders().audit_logs.provisioning, filter=_all(tests), top=top, orderby=_NEWEST)
    async for page in client.pages(Request(method="GET", path=address, scopes=SCOPES), ProvisioningEvent):
        yield page


async def audit_events(
    client: GraphClient,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    service: str = "",
    category: str = "",
    activities: Sequence[str] = (),
    target_id: str = "",
    results: Sequence[str] = (),
    top: int = PAGE,
) -> AsyncIterator[tuple[AuditEvent, ...]]:
    """Yield the audit log of a tenant, filtered by Graph, ``top`` rows a page.

    ``service`` is the one that logged (Account Provisioning), ``target_id`` the object that was changed.
    Of ``activities`` and of ``results`` (success, failure, timeout) any one counts; none for all
    [Get-MgAuditLogDirectoryAudit, examples].
    """
    tests = [
        *_times("ge", since, "le", until),
        *_equal("loggedByService", service),
        *_equal("category", category),
        _any("activityDisplayName", activities),
        f"targetResources/any(t:t/id eq {quoted(target_id)})" if target_id else "",
        _any("result", results),
    ]
    address = path(builders().audit_logs.directory_audits, filter=_all(tests), top=top, orderby=_NEWEST)
    async for page in client.pages(Request(method="GET", path=address, scopes=SCOPES), AuditEvent):
        yield page


def _equal(name: str, value: str) -> list[str]:
    return [f"{name} eq {quoted(value)}"] if value else []


def _any(name: str, values: Sequence[str]) -> str:
    told = " or ".join(test for value in values for test in _equal(name, value))
    return f"({told})" if len(values) > 1 else told


def _times(after: str, since: datetime | None, before: str, until: datetime | None) -> list[str]:
    return [
        f"activityDateTime {how} {moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        for how, moment in ((after, since), (before, until))
        if moment is not None
    ]


def _all(tests: list[str]) -> str:
    return " and ".join(test for test in tests if test)
