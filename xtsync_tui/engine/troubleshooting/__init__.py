"""The troubleshooting table of cross-tenant synchronization as data, with look-ups.

Sources: "cross-tenant-synchronization-configure", "howto-analyze-provisioning-logs", "known-issues" and the
pages of each area.
"""

from xtsync_tui.engine.troubleshooting.entries import Entry, Tenant
from xtsync_tui.engine.troubleshooting.lookup import OTHER_CONNECTORS, TABLE, by_code, by_log_row

__all__ = ["OTHER_CONNECTORS", "TABLE", "Entry", "Tenant", "by_code", "by_log_row"]
