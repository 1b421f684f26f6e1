"""Rows of the provisioning log and of the audit log."""

from datetime import datetime
from typing import Any

from xtsync_tui.model.wire import Read


class LogIdentity(Read, frozen=True, kw_only=True):
    """Who or what a row is about."""

    id: str | None = None
    display_name: str | None = None
    identity_type: str | None = None
    details: dict[str, Any] | None = None


class ErrorInformation(Read, frozen=True, kw_only=True):
    """Why a row is not a success."""

    error_code: str | None = None
    reason: str | None = None
    additional_details: str | None = None
    error_category: str | None = None
    recommended_action: str | None = None


class StatusInfo(Read, frozen=True, kw_only=True):
    """``success``, ``failure``, ``skipped`` or ``warning``."""

    status: str | None = None
    error_information: ErrorInformation | None = None


class LogStep(Read, frozen=True, kw_only=True):
    """One step of the service for one person."""

    name: str | None = None
    provisioning_step_type: str | None = None
    status: str | None = None
    description: str | None = None
    details: dict[str, Any] | None = None


class ModifiedProperty(Read, frozen=True, kw_only=True):
    """A property before and after."""

    display_name: str | None = None
    old_value: str | None = None
    new_value: str | None = None


class ProvisioningEvent(Read, frozen=True, kw_only=True):
    """A row of the provisioning log; ``tenant_id`` is the target's [provisioningObjectSummary]."""

    id: str
    activity_date_time: datetime
    tenant_id: str | None = None
    job_id: str | None = None
    cycle_id: str | None = None
    change_id: str | None = None
    provisioning_action: str | None = None
    duration_in_milliseconds: int | None = None
    service_principal: LogIdentity | None = None
    source_identity: LogIdentity | None = None
    target_identity: LogIdentity | None = None
    provisioning_status_info: StatusInfo | None = None
    provisioning_steps: tuple[LogStep, ...] = ()
    modified_properties: tuple[ModifiedProperty, ...] = ()


class AuditActor(Read, frozen=True, kw_only=True):
    """A person or an application that did something."""

    id: str | None = None
    display_name: str | None = None
    user_principal_name: str | None = None
    app_id: str | None = None


class AuditInitiator(Read, frozen=True, kw_only=True):
    """Who did it: one of the two is set."""

    user: AuditActor | None = None
    app: AuditActor | None = None


class AuditTarget(Read, frozen=True, kw_only=True):
    """What it was done to."""

    id: str | None = None
    display_name: str | None = None
    type: str | None = None
    user_principal_name: str | None = None
    modified_properties: tuple[ModifiedProperty, ...] = ()


class AuditEvent(Read, frozen=True, kw_only=True):
    """A row of the directory audit log [directoryAudit]."""

    id: str
    activity_date_time: datetime
    activity_display_name: str | None = None
    category: str | None = None
    correlation_id: str | None = None
    logged_by_service: str | None = None
    operation_type: str | None = None
    result: str | None = None
    result_reason: str | None = None
    initiated_by: AuditInitiator | None = None
    target_resources: tuple[AuditTarget, ...] = ()
