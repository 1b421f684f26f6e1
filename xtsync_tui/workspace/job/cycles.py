"""The cycles that were seen, kept in the journal: Graph itself tells of the last two or three only."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from xtsync_tui.model import Execution, JobStatus, ProvisioningEvent, is_never
from xtsync_tui.workspace.job.reading import Cycle
from xtsync_tui.workspace.journal import Journal

KEPT = 60
"""How many cycles are shown; forty minutes apart, that is more than a day and a half."""


def cycles_of(status: JobStatus) -> tuple[Cycle, ...]:
    """Return the cycles that a job tells of, the newest first."""
    told = (
        status.last_execution,
        status.last_successful_execution,
        status.last_successful_execution_with_exports,
    )
    found = {cycle.id: cycle for one in told if (cycle := cycle_of(one)) is not None}
    return tuple(sorted(found.values(), key=lambda cycle: cycle.began, reverse=True))


def cycle_of(execution: Execution | None) -> Cycle | None:
    """Return an execution as a cycle; None for the made-up one of a job that has not run."""
    if execution is None or not execution.ran or execution.time_began is None:
        return None
    ended = execution.time_ended
    return Cycle(
        id=execution.activity_identifier or execution.time_began.isoformat(),
        began=execution.time_began,
        ended=execution.time_began if ended is None or is_never(ended) else ended,
        state=execution.state or "",
        entitled=execution.count_entitled,
        imported=execution.count_imported,
        written=execution.count_exported,
        failed=execution.count_escrowed,
        code=(execution.error.code or "") if execution.error else "",
    )


def counted(cycle: Cycle, rows: Iterable[ProvisioningEvent]) -> Cycle:
    """Return ``cycle`` with what the log says it created and updated: people, not rows."""
    created: set[str] = set()
    updated: set[str] = set()
    for row in rows:
        if row.cycle_id != cycle.id or not _worked(row):
            continue
        who = (row.source_identity.id if row.source_identity else None) or row.id
        (created if row.provisioning_action == "create" else updated).add(who)
    return replace(cycle, created=len(created), updated=len(updated - created))


def _worked(row: ProvisioningEvent) -> bool:
    info = row.provisioning_status_info
    return row.provisioning_action in {"create", "update"} and bool(info and info.status == "success")


class History:
    """The cycles of one job in the journal."""

    def __init__(self, journal: Journal, job_id: str) -> None:
        self._journal = journal
        self._prefix = f"cycle {job_id} "

    def keep(self, cycles: Sequence[Cycle], now: datetime) -> None:
        """Write down the cycles that are new, or known better now."""
        known = {cycle.id: cycle for cycle in self.cycles()}
        for cycle in cycles:
            better = _better(known.get(cycle.id), cycle)
            if better != known.get(cycle.id):
                self._journal.note(self._prefix + cycle.id, msgspec.to_builtins(better), now)

    def cycles(self) -> tuple[Cycle, ...]:
        """Return the cycles that were seen, the newest first."""
        notes = self._journal.noted_all(self._prefix)
        found = [_decoded(note.value) for note in notes]
        return tuple(sorted(found, key=lambda cycle: cycle.began, reverse=True)[:KEPT])


def _better(known: Cycle | None, new: Cycle) -> Cycle:
    """Return ``new`` with the counts from the log that were known already."""
    if known is None or new.created is not None:
        return new
    return replace(new, created=known.created, updated=known.updated)


def _decoded(value: Any) -> Cycle:
    return msgspec.convert(value, Cycle)
