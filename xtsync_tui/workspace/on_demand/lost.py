"""Finding out what became of a person whose answer was lost: nothing is sent, both tenants are read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import logs
from xtsync_tui.model import ModifiedProperty, OnDemandOutcome, OnDemandStep, ProvisioningEvent, Side
from xtsync_tui.model.ondemand import OnDemandStatus
from xtsync_tui.workspace.on_demand.queue import Queued
from xtsync_tui.workspace.setup import Cause, OnDemandResult
from xtsync_tui.workspace.setup.on_demand import told

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

_TYPES: Mapping[str, str] = {"import": "Import", "scoping": "Scoping", "matching": "Matching"}


async def logged(workspace: "Workspace", job: str, user_id: str, since: datetime) -> OnDemandResult | None:
    """Return what the provisioning log has of the person since then, None for nothing yet.

    The log can lag by minutes: nothing in it does not mean that nothing happened. Raises XtSyncError.
    """
    rows: list[ProvisioningEvent] = []
    pages = logs.provisioning_events(workspace.client(Side.SOURCE), job=job, source_id=user_id, top=10)
    async for page in pages:
        rows += [row for row in page if row.activity_date_time >= since]
        break
    return told_by(rows) if rows else None


def told_by(rows: list[ProvisioningEvent]) -> OnDemandResult:
    """Return rows of the log, the newest first, as the answer that was lost."""
    first = rows[-1]
    status = first.provisioning_status_info
    error = status.error_information if status else None
    outcome = OnDemandOutcome(
        action=first.provisioning_action,
        change_id=first.change_id,
        provisioning_steps=tuple(
            OnDemandStep(
                name=step.name,
                type=_TYPES.get((step.provisioning_step_type or "").lower(), step.provisioning_step_type),
                status=step.status,
                description=step.description,
                details=step.details,
            )
            for step in first.provisioning_steps
        ),
        modified_properties=_modified(rows),
        status_info=OnDemandStatus(
            status=(status.status or "").capitalize() if status else "",
            error_code=error.error_code if error else None,
            reason=error.reason if error else None,
        ),
    )
    name = first.source_identity.display_name if first.source_identity else ""
    seconds = (first.duration_in_milliseconds or 0) / 1000
    return told(outcome, name or "", first.activity_date_time, seconds)


def _modified(rows: list[ProvisioningEvent]) -> tuple[ModifiedProperty, ...]:
    # A new user has two rows of the same second: one that creates, one with the other values.
    return tuple(each for row in reversed(rows) for each in row.modified_properties)


async def found_out(
    workspace: "Workspace", job: str, user_id: str, since: datetime
) -> tuple[OnDemandResult | None, str]:
    """Return what the log says became of the person, and how the looking went, in words."""
    try:
        result = await logged(workspace, job, user_id, since)
    except XtSyncError as error:
        return None, f"The provisioning log could not be read: {error.title}."
    if result is None:
        return None, "The provisioning log has nothing yet; it can lag by minutes."
    words = "It arrived, says the provisioning log. Nothing was sent twice."
    return replace(result, note=words), words


def looking_for(one: Queued) -> Cause:
    """Return what is told of somebody while the answer is looked for."""
    return Cause("No answer: looking whether it arrived", f"The request for {one.name} got no answer.")


def not_known(one: Queued, words: str) -> Cause:
    """Return what is told of somebody whose answer was not found; ``words`` say what a look showed."""
    when = f"{one.lost:%H:%M:%S}" if one.lost else ""
    detail = f"The request for {one.name} left at {when}; the connection broke before the answer. {words}"
    hint = "r look again · p send again: it does no more than a cycle would · @ the request"
    return Cause("No answer: not known whether it arrived", detail, hint, None, Side.SOURCE)
