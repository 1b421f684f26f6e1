"""The synchronization job: schedule, status, progress, quarantine."""

from datetime import datetime
from typing import Any

from xtsync_tui.model.wire import Read

_FIRST_YEAR = 1


def is_never(moment: datetime | None) -> bool:
    """Whether ``moment`` stands for "never": Graph writes year 1 for it [synchronizationStatus]."""
    return moment is None or moment.year == _FIRST_YEAR


class SyncError(Read, frozen=True, kw_only=True):
    """An error of a cycle or of a quarantine."""

    code: str | None = None
    message: str | None = None
    tenant_actionable: bool | None = None


class Execution(Read, frozen=True, kw_only=True):
    """One cycle and its counters [synchronizationTaskExecution]."""

    activity_identifier: str | None = None
    count_entitled: int = 0
    count_entitled_for_provisioning: int = 0
    count_escrowed: int = 0
    count_escrowed_raw: int = 0
    count_exported: int = 0
    count_exports: int = 0
    count_imported: int = 0
    count_imported_deltas: int = 0
    count_imported_reference_deltas: int = 0
    state: str | None = None
    error: SyncError | None = None
    time_began: datetime | None = None
    time_ended: datetime | None = None

    @property
    def ran(self) -> bool:
        """Whether it is a real cycle: a job that was just started carries a made-up failed one."""
        return not is_never(self.time_began)


class Quarantine(Read, frozen=True, kw_only=True):
    """Why and since when the job runs rarely."""

    current_began: datetime | None = None
    next_attempt: datetime | None = None
    reason: str | None = None
    series_began: datetime | None = None
    series_count: int = 0
    error: SyncError | None = None


class Progress(Read, frozen=True, kw_only=True):
    """How far a cycle is, in pages, not in people."""

    completed_units: int = 0
    total_units: int = 0
    progress_observation_date_time: datetime | None = None
    units: str | None = None


class EntryCount(Read, frozen=True, kw_only=True):
    """How many objects of one kind are synchronized."""

    key: str = ""
    value: int = 0


class JobStatus(Read, frozen=True, kw_only=True):
    """What the job does now [synchronizationStatus]."""

    code: str = ""
    count_successive_complete_failures: int = 0
    escrows_pruned: bool | None = None
    last_execution: Execution | None = None
    last_successful_execution: Execution | None = None
    last_successful_execution_with_exports: Execution | None = None
    progress: tuple[Progress, ...] = ()
    quarantine: Quarantine | None = None
    steady_state_first_achieved_time: datetime | None = None
    steady_state_last_achieved_time: datetime | None = None
    synchronized_entry_count_by_type: tuple[EntryCount, ...] = ()
    troubleshooting_url: str | None = None

    @property
    def pages(self) -> tuple[int, int]:
        """How many pages of the cycle are done, and of how many."""
        done = sum(one.completed_units for one in self.progress)
        return done, sum(one.total_units for one in self.progress)


class JobSchedule(Read, frozen=True, kw_only=True):
    """When the job runs; ``interval`` is ISO 8601, ``PT40M``."""

    expiration: datetime | None = None
    interval: str | None = None
    state: str | None = None


class JobSetting(Read, frozen=True, kw_only=True):
    """A setting of the job that Graph mirrors, as text."""

    name: str = ""
    value: Any = None


class Job(Read, frozen=True, kw_only=True):
    """A synchronization job; its id is opaque."""

    id: str
    template_id: str | None = None
    schedule: JobSchedule | None = None
    status: JobStatus | None = None
    synchronization_job_settings: tuple[JobSetting, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether it runs on its schedule."""
        return self.schedule is not None and self.schedule.state == "Active"


class SynchronizationTemplate(Read, frozen=True, kw_only=True):
    """A template for jobs; a configuration of cross-tenant synchronization has one."""

    id: str
    default: bool | None = None
    description: str | None = None
    factory_tag: str | None = None


class NotificationSettings(Read, frozen=True, kw_only=True, rename="pascal"):
    """Mail on quarantine and the accidental-deletion threshold.

    ``recipients`` is one address: no separator is documented. The defaults are those of the service.
    """

    enabled: bool = False
    recipients: str = ""
    delete_threshold_enabled: bool = False
    delete_threshold_value: int = 500
    human_resources_lookahead_query_enabled: bool = False
