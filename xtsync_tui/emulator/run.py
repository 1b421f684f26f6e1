"""One cycle of a job in progress: the engine decides, this carries out and writes the logs."""

from datetime import datetime, timedelta

from xtsync_tui.emulator.audit import app_actor, audit_target, record, source_story, target_story
from xtsync_tui.emulator.connection import refusal, target_of
from xtsync_tui.emulator.export import Exporter, Occasion
from xtsync_tui.emulator.job import Job, deletion_threshold, notification_settings
from xtsync_tui.emulator.provisioning_log import ProvisioningLog
from xtsync_tui.emulator.rules import rules_of
from xtsync_tui.emulator.sides import Assignments, SourceSide
from xtsync_tui.emulator.state import Document, Tenant, World
from xtsync_tui.engine.cycle import (
    Counters,
    Cycle,
    CycleResult,
    Done,
    Export,
    Failed,
    Halt,
    Noted,
    Outcome,
    Progress,
    run_cycle,
)
from xtsync_tui.engine.decision import Decision, Reason, User
from xtsync_tui.engine.quarantine import JobError, QuarantineReason, enter

PAGE_TIME = timedelta(seconds=10)
"""How long the service takes for a page, in emulated time. Not documented."""

PREPARATION = timedelta(seconds=4)
"""How long a cycle takes before its first page. Not documented."""


class Logs:
    """Writes what becomes of each user into the logs of both tenants."""

    def __init__(self, world: World, job: Job, target: Tenant, log: ProvisioningLog) -> None:
        self._world = world
        self._source = job.source
        self._target = target
        self._principal = principal_of(job)
        self._log = log

    def exported(self, user: User, decision: Decision, outcome: Outcome, at: datetime) -> list[Document]:
        """Note a write, or why it failed."""
        failure = outcome if isinstance(outcome, Failed) else None
        target_id = outcome.target_id if isinstance(outcome, Done) else None
        rows = self._log.write(user, decision, at, target_id=target_id, failure=failure)
        source_story(self._world, self._source, self._principal, rows[0], at)
        written = (
            (self._target.users.get(target_id) or self._target.deleted_users.get(target_id))
            if target_id
            else None
        )
        if written is not None:
            target_story(self._world, self._target, written, decision.action, at)
        return rows

    def noted(self, user: User, decision: Decision, at: datetime, *, staged: bool = False) -> list[Document]:
        """Note that nothing was written, and why."""
        rows = self._log.write(user, decision, at, staged=staged)
        if decision.reason is not Reason.REDUNDANT:
            source_story(self._world, self._source, self._principal, rows[0], at)
        return rows


def principal_of(job: Job) -> Document:
    """Return the service principal of the configuration."""
    known = job.source.service_principals.get(job.service_principal_id)
    return known or {"id": job.service_principal_id, "displayName": ""}


def exporter_of(world: World, job: Job) -> Exporter | None:
    """Return what writes for ``job``, None without a target; kept while the target stays the same."""
    target = target_of(world, job.source, job.secrets)
    if target is None:
        job.exporter = None
    elif job.exporter is None or job.exporter.target is not target:
        job.exporter = Exporter(world, job, target)
    return job.exporter


class Run:
    """A cycle that began at ``began``. ``cursor`` is the emulated time up to which it has got."""

    def __init__(self, world: World, job: Job, exporter: Exporter, began: datetime) -> None:
        self._world = world
        self._job = job
        self._exporter = exporter
        self._began = began
        self._when = Occasion.EVERYONE if job.state.initial else Occasion.CHANGES
        self._activity = world.new_id()
        rules = rules_of(world, job, exporter.target)
        assignments = Assignments(job.source, job.service_principal_id)
        source = SourceSide(job.source, assignments, job.state.links)
        self._logs = Logs(
            world, job, exporter.target, ProvisioningLog(world, job, exporter.target, rules, self._activity)
        )
        self._share = PAGE_TIME / source.size(job.state.watermark)
        self.cursor = began + PREPARATION
        threshold = deletion_threshold(job.secrets)
        self._cycle: Cycle = run_cycle(
            rules, job.state, source, exporter.side, now=began, threshold=threshold
        )
        self._answer: Outcome = None
        job.note_progress(0, source.total_pages(job.state.watermark), began)

    def step(self) -> None:
        """Take one step, one user or one page; the last one tells the job how the cycle ended."""
        try:
            step = self._cycle.send(self._answer)
        except StopIteration as stop:
            finish(self._world, self._job, stop.value, self._activity, self._began, self.cursor)
            return
        self._answer = None
        match step:
            case Export(user, decision):
                self._answer = self._export(user, decision)
            case Noted(user, decision, staged):
                self._logs.noted(user, decision, self.cursor, staged=staged)
                self.cursor += self._share
            case Progress(completed, total):
                self._page(completed, total)

    def _export(self, user: User, decision: Decision) -> Outcome:
        outcome = self._exporter.apply(user, decision, self.cursor, self._when)
        if not isinstance(outcome, Halt):
            self._logs.exported(user, decision, outcome, self.cursor)
            self.cursor += self._share
        return outcome

    def _page(self, completed: int, total: int) -> None:
        self.cursor = max(self.cursor, self._began + PREPARATION + PAGE_TIME * completed)
        self._job.note_progress(completed, total, self.cursor)


def begin(world: World, job: Job, began: datetime) -> None:
    """Begin the cycle of ``job`` that is due at ``began``; without a connection it fails at once."""
    error = refusal(world, job.source, job.secrets)
    exporter = exporter_of(world, job)
    job.next_run = None
    if job.resync:
        job.state.watermark, job.resync = None, False
    if error is None and exporter is not None:
        job.run = Run(world, job, exporter, began)
        return
    finish(world, job, _refused(job, error, began), world.new_id(), began, began + PREPARATION)


def _refused(job: Job, error: JobError | None, began: datetime) -> CycleResult:
    state = job.state
    initial = state.initial
    state.cycles += 1
    state.began = began
    state.quarantine = enter(state.quarantine, QuarantineReason.EXCEPTION, began, error)
    if state.quarantine.expired(began):
        state.escrows.clear()
        state.disabled = True
    return CycleResult(initial, "Failed", Counters(), state.quarantine, error)


def finish(
    world: World, job: Job, result: CycleResult, activity: str, began: datetime, ended: datetime
) -> None:
    """Note the end of a cycle in the job, and a quarantine in the log."""
    before = job.quarantined_for
    job.finish(result, activity, began, ended)
    quarantine = job.state.quarantine
    job.quarantined_for = str(quarantine.reason) if quarantine else ""
    if quarantine and job.quarantined_for != before:
        record(
            world,
            job.source,
            "Quarantine",
            at=ended,
            actor=app_actor("Azure AD Cloud Sync"),
            targets=[audit_target(principal_of(job), "ServicePrincipal")],
            failed=True,
            reason=quarantine.error.message if quarantine.error else job.quarantined_for,
            details={"ErrorCode": quarantine.error.code if quarantine.error else job.quarantined_for},
        )
        settings = notification_settings(job.secrets)
        if settings.get("Enabled") and settings.get("Recipients"):
            world.mails.append(f"{settings['Recipients']}: {job.id} is in quarantine, {job.quarantined_for}")
