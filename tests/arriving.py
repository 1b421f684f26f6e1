"""Rows that arrive in the provisioning log of an emulated tenant, as if the service had been at work."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from xtsync_tui.emulator.clock import fine_stamp
from xtsync_tui.emulator.state import Tenant


def arrive(tenant: Tenant, moments: Iterable[datetime], **changes: Any) -> list[str]:
    """Write a row at each of ``moments``, like the newest one but for ``changes``; return the rows' ids.

    The person of row 7 is called "New 7", counted from all that ever arrived.
    """
    log = tenant.provisioning_log
    model = log[-1]
    first = sum(row["id"].startswith("new ") for row in log[-1:]) and int(model["id"].split()[1]) + 1
    names = []
    for number, moment in enumerate(moments, first):
        person = {"id": f"person {number}", "displayName": f"New {number}", "identityType": "User"}
        row = {"id": f"new {number}", "activityDateTime": fine_stamp(moment), "sourceIdentity": person}
        log.add({**model, **row, **changes})
        names.append(f"new {number}")
    return names
