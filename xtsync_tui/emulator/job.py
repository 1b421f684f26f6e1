"""One synchronization job as the service keeps it, and as Graph shows it [synchronizationjob]."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xtsync_tui.emulator.clock import NEVER, fine_stamp
from xtsync_tui.emulator.state import Document, Tenant, World
from xtsync_tui.engine.cycle import Counters, CycleResult
from xtsync_tui.engine.default_schema import default_schema
from xtsync_tui.engine.job import JobState, ResetScope
from xtsync_tui.engine.job import restart as forget
from xtsync_tui.engine.quarantine import JobError, Quarantine

if TYPE_CHECKING:
    from xtsync_tui.emulator.export import Exporter
    from xtsync_tui.emulator.run import Run

TEMPLATE = "Azure2Azure"
INTERVAL = "PT40M"
DEFAULT_THRESHOLD = 500
"""The deletion threshold of a cross-tenant configuration that nobody changed."""

UNITS = "pages"  # Not documented: how the unit of progress is spelled.
ENTRY_KEY = "User to User"


def _counts(counters: Counters) -> Document:
    return {
        "countEntitled": counters.entitled,
        "countEntitledForProvisioning": counters.entitled_for_provisioning,
        "countEscrowed": counters.escrowed,
        "countEscrowedRaw": max(counters.escrowed, counters.escrowed_raw),  # "raw" is before pruning
        "countExported": counters.exported,
        "countExports": counters.exports,
        "countImported": counters.imported,
        "countImportedDeltas": counters.imported_deltas,
        "countImportedReferenceDeltas": counters.imported_reference_deltas,
    }


def error_document(error: JobError | None) -> Document | None:
    """Return a synchronizationError."""
    if error is None:
        return None
    return {"code": error.code, "message": error.message, "tenantActionable": error.tenant_actionable}


NOT_YET = {
    "activityIdentifier": None,
    **_counts(Counters()),
    "state": "Failed",
    "error": {"code": "None", "message": "", "tenantActionable": False},
    "timeBegan": NEVER,
    "timeEnded": NEVER,
}
"""The made-up failed execution of a job that was started and has not run
[cross-tenant-synchronization-configure-graph]."""


def notification_settings(secrets: Mapping[str, str]) -> Document:
    """Return the members of ``SyncNotificationSettings``, none when it is not set."""
    settings: Any = json.loads(secrets.get("SyncNotificationSettings") or "{}")
    return dict(settings)


def deletion_threshold(secrets: Mapping[str, str]) -> int | None:
    """Return the deletion threshold, None when it is switched off."""
    settings = notification_settings(secrets)
    if not settings.get("DeleteThresholdEnabled", True):
        return None
    return int(settings.get("DeleteThresholdValue", DEFAULT_THRESHOLD))


def wants_everyone(secrets: Mapping[str, str]) -> bool:
    """Return whether the secret ``SyncAll`` asks for all users."""
    return secrets.get("SyncAll", "").lower() == "true"


@dataclass(slots=True)
class Job:
    """A job of the tenant ``source``. ``state`` is the engine's; the rest is what Graph shows beside it.

    ``schedule`` is Active, Disabled or Paused. ``sync_all`` is the scope in force, which may lag behind the
    secret. ``run`` is the cycle in progress; ``next_run`` is None while none is due. ``quarantined_for`` is
    the reason that was last told, one mail for each. ``resync`` makes the next cycle a full one.
    """

    id: str
    service_principal_id: str
    source: Tenant
    state: JobState = field(default_factory=JobState)
    schedule: str = "Disabled"
    started: bool = False
    sync_all: bool = False
    run: "Run | None" = None
    next_run: datetime | None = None
    failures: int = 0
    last: Document | None = None
    last_succeeded: Document | None = None
    last_exported: Document | None = None
    progress: Document | None = None
    exporter: "Exporter | None" = None
    quarantined_for: str = ""
    resync: bool = False

    @property
    def secrets(self) -> dict[str, str]:
        """The credentials and settings of the configuration."""
        return self.source.secrets.setdefault(self.service_principal_id, {})

    @property
    def schema(self) -> Document:
        """The schema as it was last put."""
        return self.source.schemas[self.id]

    @property
    def everyone(self) -> bool:
        """Whether all users are in scope. From all to assigned takes a restart [known-issues]."""
        if wants_everyone(self.secrets):
            self.sync_all = True
        return self.sync_all if self.started else wants_everyone(self.secrets)

    @property
    def code(self) -> str:
        """The status code. Not documented: a job that quarantine switched off stays in Quarantine."""
        if self.schedule != "Active" and not self.state.disabled:
            return "Paused"
        if self.state.quarantine:
            return "Quarantine"
        return "Active" if self.last else "NotRun"

    def start(self, now: datetime) -> bool:
        """Start or resume at once, out of quarantine; return whether the job had not been running.

        Starting a running job does nothing [synchronization-synchronizationjob-start].
        """
        if self.schedule == "Active" and not self.state.quarantine:
            return False
        forget(self.state, ResetScope.QUARANTINE_STATE)
        self._activate(now)
        return True

    def pause(self) -> None:
        """Start no further cycles; one that runs goes on to its end [known-issues]."""
        self.schedule, self.next_run = "Paused", None

    def restart(self, scope: ResetScope, now: datetime) -> None:
        """Forget what ``scope`` names and begin a cycle at once. A cycle in progress is given up."""
        self.run = None
        forget(self.state, scope)
        self.sync_all = wants_everyone(self.secrets)
        self._activate(now)

    def _activate(self, now: datetime) -> None:
        if not self.started:
            self.sync_all = wants_everyone(self.secrets)
        self.started = True
        self.schedule, self.next_run = "Active", now

    def finish(self, result: CycleResult, activity: str, began: datetime, ended: datetime) -> None:
        """Note how a cycle ended, and when the next one begins."""
        self.run = None
        self.last = {
            "activityIdentifier": activity,
            **_counts(result.counters),
            "state": result.state,
            "error": error_document(result.error),
            "timeBegan": fine_stamp(began),
            "timeEnded": fine_stamp(ended),
        }
        failed = result.state == "Failed"
        self.failures = self.failures + 1 if failed else 0
        if not failed:
            self.last_succeeded = self.last
            if result.counters.exported:
                self.last_exported = self.last
        if self.state.disabled:
            self.schedule = "Disabled"
        self.next_run = self.state.next_run(ended) if self.schedule == "Active" else None

    def note_progress(self, completed: int, total: int, at: datetime) -> None:
        """Note how many pages the cycle in progress is through."""
        self.progress = {
            "completedUnits": completed,
            "totalUnits": total,
            "progressObservationDateTime": fine_stamp(at),
            "units": UNITS,
        }

    def document(self) -> Document:
        """Return the job as Graph shows it."""
        threshold = deletion_threshold(self.secrets)
        settings = {"AzureIngestionAttributeOptimization": "False", "LookaheadQueryEnabled": "False"}
        if threshold is not None:
            settings["QuarantineTooManyDeletesThreshold"] = str(threshold)
        return {
            "id": self.id,
            "templateId": TEMPLATE,
            "schedule": {"expiration": None, "interval": INTERVAL, "state": self.schedule},
            "status": self._status(),
            "synchronizationJobSettings": [{"name": n, "value": v} for n, v in settings.items()],
        }

    def _status(self) -> Document:
        state = self.state
        counted = [{"key": ENTRY_KEY, "value": state.managed}] if self.last else []
        return {
            "code": self.code,
            "countSuccessiveCompleteFailures": self.failures,
            "escrowsPruned": False,
            "lastExecution": self.last or (NOT_YET if self.started else None),
            "lastSuccessfulExecution": self.last_succeeded,
            "lastSuccessfulExecutionWithExports": self.last_exported,
            "progress": [self.progress] if self.progress else [],
            "quarantine": _quarantine(state.quarantine),
            "steadyStateFirstAchievedTime": _moment(state.steady_first),
            "steadyStateLastAchievedTime": _moment(state.steady_last),
            "synchronizedEntryCountByType": counted,
            "troubleshootingUrl": "" if self.started else None,
        }


def make_job(world: World, tenant: Tenant, principal: Document) -> Job:
    """Make a job of the configuration ``principal``, paused, with the default schema."""
    job_id = f"{TEMPLATE}.{tenant.id.replace('-', '')}.{world.new_id()}"
    job = Job(job_id, principal["id"], tenant)
    tenant.jobs.setdefault(principal["id"], {})[job_id] = job
    tenant.schemas[job_id] = default_schema(job_id)
    return job


def _moment(moment: datetime | None) -> str:
    return fine_stamp(moment) if moment else NEVER


def _quarantine(quarantine: Quarantine | None) -> Document | None:
    if quarantine is None:
        return None
    return {
        "currentBegan": fine_stamp(quarantine.current_began),
        "nextAttempt": fine_stamp(quarantine.next_attempt),
        "reason": str(quarantine.reason),
        "seriesBegan": fine_stamp(quarantine.series_began),
        "seriesCount": quarantine.series_count,
        "error": error_document(quarantine.error),
    }
