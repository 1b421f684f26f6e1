"""The cycles that were seen, kept in the journal: Graph itself tells of the last two or three only."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from xtsync_tui.model import Execution, JobStatus, ProvisioningEvent, is_never
from xtsync_tui.workspace.job.reading import Cycle
from xtsync_tui.workspace.journal import Journal
from xtsync_tui.workspace.logs.lines import Outcome, provisioning_line

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
    """Return ``cycle`` with what the log says it did to people: people, not rows."""
    done: dict[str, set[str]] = {"create": set(), "update": set(), "disable": set(), "delete": set()}
    for line in map(provisioning_line, rows):
        if line.cycle == cycle.id and line.outcome is Outcome.SUCCESS and line.what in done:
            done[line.what].add(line.person_id or line.id)
    updated = (done["update"] | done["disable"]) - done["create"] - done["delete"]
    return replace(cycle, created=len(done["create"]), updated=len(updated), deleted=len(done["delete"]))


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


_COUNTS = ("created", "updated", "deleted", "held")
"""What is counted in the log, once: Graph tells the rest of a cycle each time."""


def _better(known: Cycle | None, new: Cycle) -> Cycle:
    """Return ``new`` with the counts from the log that were known already."""
    if known is None:
        return new
    missing = {name: getattr(known, name) for name in _COUNTS if getattr(new, name) is None}
    return replace(new, **missing)


def _decoded(value: Any) -> Cycle:
    return msgspec.convert(value, Cycle)
