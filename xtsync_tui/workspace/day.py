"""What the provisioning service did in the last 24 hours: counts, rows, and who fails."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from xtsync_tui.graph import logs
from xtsync_tui.model import ProvisioningEvent
from xtsync_tui.workspace.logs.lines import provisioning_line
from xtsync_tui.workspace.logs.repair import explain

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


@dataclass(frozen=True, slots=True)
class DayRow:
    """One row of the log. ``code`` is the service's own word for ``why``, "" when it gave none."""

    id: str
    at: datetime
    result: Result
    person: str
    person_id: str
    configuration: str
    configuration_id: str
    why: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """The rows of the last 24 hours, newest first; ``complete`` is False when there are more."""

    rows: tuple[DayRow, ...]
    read_at: datetime
    complete: bool = True

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
    result, source, sp = _result(event), event.source_identity, event.service_principal
    code = _code(event)
    return DayRow(
        event.id,
        event.activity_date_time,
        result,
        (source.display_name or source.id or "") if source else "",
        (source.id or "") if source else "",
        (sp.display_name or "") if sp else "",
        (sp.id or "") if sp else "",
        _why(event, result, code),
        code,
    )


_DONE = {
    "create": Result.CREATED,
    "update": Result.UPDATED,
    "disable": Result.DISABLED,
    "delete": Result.DELETED,
}


def _result(event: ProvisioningEvent) -> Result:
    action = event.provisioning_action or ""
    status = (event.provisioning_status_info.status if event.provisioning_status_info else "") or ""
    if action == "stagedDelete":
        return Result.HELD
    if status == "failure":
        return Result.FAILED
    return _DONE.get(action, Result.SKIPPED) if status in {"success", "warning"} else Result.SKIPPED


def _code(event: ProvisioningEvent) -> str:
    info = event.provisioning_status_info
    error = info.error_information if info else None
    if error is not None and error.error_code:
        return error.error_code
    said = (str((step.details or {}).get("SkipReason") or "") for step in event.provisioning_steps)
    return next(filter(None, said), "")


NOT_IN_SCOPE = "NotEffectivelyEntitled"
"""The service's one word for several causes, which only the steps of the row tell apart."""
WORDS = {
    NOT_IN_SCOPE: "not in scope",
    "RedundantExport": "nothing to change",
    "UnableToResolveReferenceAttributeValue": "manager is not synchronized",
    "AzureActiveDirectoryForbidden": "guest invitations not allowed",
    "InvitationCreationFailureAmbiguousUser": "an address is that of another user in TARGET",
    "Conflict": "address or name is taken in TARGET",
    "DuplicateTargetEntries": "matches several users in TARGET",
    "DeletedAtTarget": "deleted in TARGET",
}
"""Short sentences for the service's words that are met most."""


def _why(event: ProvisioningEvent, result: Result, code: str) -> str:
    if result is Result.HELD:
        return "delete held: threshold"
    if code == NOT_IN_SCOPE and (told := explain(provisioning_line(event))):
        title = told.title.removeprefix("Skipped: ")
        return title if title[1:2].isupper() else title[:1].lower() + title[1:]
    if result in {Result.FAILED, Result.SKIPPED}:
        info = event.provisioning_status_info
        error = info.error_information if info else None
        return WORDS.get(code) or (error.reason if error else "") or code
    return ", ".join(change.display_name or "" for change in event.modified_properties)
