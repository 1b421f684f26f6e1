"""What provision on demand answers: one person's way through the service, step by step."""

from typing import Any

from xtsync_tui.model.logs import ModifiedProperty
from xtsync_tui.model.wire import Read


class OnDemandStep(Read, frozen=True, kw_only=True):
    """One step; ``type`` is Import, Scoping, Matching or Export, ``status`` Success, Skipped or Failure."""

    name: str | None = None
    type: str | None = None
    status: str | None = None
    description: str | None = None
    timestamp: str | None = None
    details: dict[str, Any] | None = None


class OnDemandIdentity(Read, frozen=True, kw_only=True):
    """The person in one tenant."""

    id: str | None = None
    type: str | None = None
    display_name: str | None = None
    details: dict[str, Any] | None = None


class OnDemandSystem(Read, frozen=True, kw_only=True):
    """One of the two tenants, as the service calls it."""

    id: str | None = None
    name: str | None = None
    details: dict[str, Any] | None = None


class OnDemandStatus(Read, frozen=True, kw_only=True):
    """How it ended and why."""

    status: str | None = None
    error_code: str | None = None
    reason: str | None = None
    additional_details: str | None = None
    error_category: str | None = None
    recommended_action: str | None = None


class OnDemandOutcome(Read, frozen=True, kw_only=True):
    """The whole answer; ``action`` is Create, Update, Delete, Disable or Other [provision-on-demand]."""

    action: str | None = None
    change_id: str | None = None
    start_time: str | None = None
    end_time: str | None = None
    reportable_identifier: str | None = None
    provisioning_steps: tuple[OnDemandStep, ...] = ()
    modified_properties: tuple[ModifiedProperty, ...] = ()
    status_info: OnDemandStatus = OnDemandStatus()
    source_identity: OnDemandIdentity | None = None
    target_identity: OnDemandIdentity | None = None
    source_system: OnDemandSystem | None = None
    target_system: OnDemandSystem | None = None

    @property
    def result(self) -> str:
        """``Success``, ``Skipped``, ``Failure``, or ``""`` when the answer did not say."""
        return self.status_info.status or ""
