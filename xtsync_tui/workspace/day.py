"""What the provisioning service did in the last 24 hours: counts, rows, and who fails."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from xtsync_tui.graph import logs
from xtsync_tui.model import ProvisioningEvent
from xtsync_tui.workspace.logs.lines import Line, Outcome, provisioning_line
from xtsync_tui.workspace.logs.reasons import why

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient

DAY = timedelta(hours=24)
PAGES = 2
"""Pages that are read at most: the log allows 5 requests in 10 s [throttling-limits]."""


class Result(Enum):
    """What became of one person in one cycle, in the order of the summary."""

    CREATED = "created"
    UPDATED = "updated"
    DISABLED = "disabled"
    DELETED = "deleted"
    HELD = "held"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, slots=True)
class DayRow:
    """One row of the log. ``code`` is the service's own word for ``why``, "" when it gave none.

    ``line`` is the same row as the logs show it.
    """

    id: str
    at: datetime
    result: Result
    person: str
    person_id: str
    configuration: str
    configuration_id: str
    why: str
    code: str = ""
    cycle: str = ""
    line: Line | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Day:
    """The rows of the last 24 hours, newest first; ``complete`` is False when there are more."""

    rows: tuple[DayRow, ...]
    read_at: datetime
    complete: bool = True

    @property
    def since(self) -> datetime:
        """How far back the rows go, where they are complete."""
        return self.read_at - DAY

    def counts(self) -> dict[Result, int]:
        """Return how many rows there are of each result."""
        found = Counter(row.result for row in self.rows)
        return {result: found[result] for result in Result}

    def of(self, configuration_id: str) -> tuple[DayRow, ...]:
        """Return the rows of one configuration."""
        return tuple(row for row in self.rows if row.configuration_id == configuration_id)


def failing(rows: Sequence[DayRow]) -> tuple[DayRow, ...]:
    """Return the newest row of each person for whom that is a failure."""
    return tuple(row for row in _newest(rows) if row.result is Result.FAILED)


def held(rows: Sequence[DayRow], since: datetime | None) -> int:
    """Return how many people have a deletion that is held since then."""
    return len(
        {row.person_id for row in rows if row.result is Result.HELD and (since is None or row.at >= since)}
    )


def _newest(rows: Sequence[DayRow]) -> Iterable[DayRow]:
    seen: set[str] = set()
    for row in sorted(rows, key=lambda row: row.at, reverse=True):
        if row.person_id not in seen:
            seen.add(row.person_id)
            yield row


async def read_day(client: "GraphClient", now: datetime) -> Day:
    """Read the rows of the last 24 hours from the log of SOURCE, the newest 1,000 at most."""
    rows: list[DayRow] = []
    pages = 0
    async for page in logs.provisioning_events(client, since=now - DAY):
        rows += map(day_row, page)
        pages += 1
        if pages == PAGES:
            break
    return Day(tuple(rows), now, complete=len(rows) < PAGES * logs.PAGE)


def day_row(event: ProvisioningEvent) -> DayRow:
    """Return a row of the provisioning log as the overview shows it."""
    line, sp = provisioning_line(event), event.service_principal
    return DayRow(
        line.id,
        line.at,
        result_of(line),
        line.person,
        line.person_id,
        (sp.display_name or "") if sp else "",
        (sp.id or "") if sp else "",
        why(line),
        line.code,
        line.cycle,
        line,
    )


_DONE = {
    "create": Result.CREATED,
    "update": Result.UPDATED,
    "disable": Result.DISABLED,
    "delete": Result.DELETED,
}
_NOT_DONE = {Outcome.HELD: Result.HELD, Outcome.FAILED: Result.FAILED, Outcome.UNKNOWN: Result.UNKNOWN}


def result_of(line: Line) -> Result:
    """Return what a row of the provisioning log says became of the person."""
    if line.outcome in {Outcome.SUCCESS, Outcome.WARNING}:
        return _DONE.get(line.what, Result.SKIPPED)
    return _NOT_DONE.get(line.outcome, Result.SKIPPED)
