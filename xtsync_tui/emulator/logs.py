"""The logs: ``/auditLogs/provisioning`` of the source, ``/auditLogs/directoryAudits`` of both tenants."""

from xtsync_tui.emulator.auth import READS_LOGS, needs
from xtsync_tui.emulator.entities import DIRECTORY_AUDIT, PROVISIONING_ROW
from xtsync_tui.emulator.errors import not_found
from xtsync_tui.emulator.limits import REPORTS
from xtsync_tui.emulator.listing import listing, one
from xtsync_tui.emulator.routing import Answer, Context, Route

READ_PROVISIONING = needs("ProvisioningLog.Read.All AuditLog.Read.All Directory.Read.All", READS_LOGS)
READ_AUDIT = needs("AuditLog.Read.All", READS_LOGS)


def routes() -> list[Route]:
    """Return the routes of this area."""
    return [
        Route("GET", "/auditLogs/provisioning", provisioning, READ_PROVISIONING, REPORTS),
        Route("GET", "/auditLogs/directoryAudits", directory_audits, READ_AUDIT, REPORTS),
        Route("GET", "/auditLogs/directoryAudits/{row}", directory_audit, READ_AUDIT, REPORTS),
    ]


async def provisioning(context: Context) -> Answer:
    """List what the service did with each object, the newest first."""
    rows = context.tenant.provisioning_log.newest_first(context.now)
    return await listing(context, rows, PROVISIONING_ROW, "auditLogs/provisioning")


async def directory_audits(context: Context) -> Answer:
    """List what happened in the directory, the newest first."""
    rows = context.tenant.audit_log.newest_first(context.now)
    return await listing(context, rows, DIRECTORY_AUDIT, "auditLogs/directoryAudits")


async def directory_audit(context: Context) -> Answer:
    """Return one row of the audit log."""
    wanted = context.ids["row"]
    rows = context.tenant.audit_log.newest_first(context.now)
    row = next((row for row in rows if row["id"] == wanted), None)
    if row is None:
        raise not_found(wanted)
    return one(context, row, DIRECTORY_AUDIT, "auditLogs/directoryAudits/$entity")
