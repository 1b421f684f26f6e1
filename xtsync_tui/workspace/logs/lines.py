"""A row of any of the logs as one kind of value, so that they can stand in one list. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import AuditEvent, ProvisioningEvent, Side
from xtsync_tui.model.logs import LogIdentity

DAY = timedelta(hours=24)
KEPT = 10_000
"""Rows of a log that are kept while new ones arrive; whoever reads further back keeps those, too."""


class Log(Enum):
    """Where a row comes from."""

    PROVISIONING = "provisioning"
    SOURCE_AUDIT = "source audit"
    TARGET_AUDIT = "target audit"

    @property
    def side(self) -> Side:
        """The tenant that keeps it."""
        return Side.TARGET if self is Log.TARGET_AUDIT else Side.SOURCE

    @property
    def kind(self) -> str:
        """Its name beside the side."""
        return "provisioning" if self is Log.PROVISIONING else "audit"


class Outcome(Enum):
    """How what a row tells ended."""

    SUCCESS = "success"
    FAILED = "failed"
    SKIPPED = "skipped"
    WARNING = "warning"
    HELD = "held"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, slots=True)
class Line:
    """One row; ``event`` is what Graph sent. Text is not cleaned.

    ``person_id`` is the object id in SOURCE, ``target_id`` the one in TARGET, both "" when the row does not
    say. ``by`` is who did it, ``code`` the service's word for why.
    """

    id: str
    at: datetime
    log: Log
    what: str
    outcome: Outcome
    person: str
    person_id: str = ""
    target_id: str = ""
    account: str = ""
    by: str = ""
    why: str = ""
    code: str = ""
    cycle: str = ""
    event: ProvisioningEvent | AuditEvent | None = field(default=None, repr=False, compare=False)

    @property
    def side(self) -> Side:
        """The tenant whose log holds it."""
        return self.log.side


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of the server: how far back, and one outcome or all (None)."""

    since: timedelta = DAY
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Whose timeline it is; ids are "" where nothing is known."""

    name: str
    source_id: str = ""
    target_id: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A log that could not be read."""

    log: Log
    error: XtSyncError


@dataclass(frozen=True, slots=True)
class LogView:
    """Rows of one log, or of all for one person; newest first, and nothing left out between two of them.

    ``complete`` is False when the server has older rows than those. ``read`` tells up to when each log was
    read.
    """

    ask: Ask
    lines: tuple[Line, ...]
    read: tuple[tuple[Log, datetime], ...]
    complete: bool = True
    person: Person | None = None
    gaps: tuple[Gap, ...] = ()

    @property
    def read_at(self) -> datetime:
        """When it was last read."""
        return max(at for _, at in self.read)


_STATUS = {
    "success": Outcome.SUCCESS,
    "failure": Outcome.FAILED,
    "skipped": Outcome.SKIPPED,
    "warning": Outcome.WARNING,
    "timeout": Outcome.FAILED,
}
"""The two logs spell a result in different letter cases."""


def outcome_of(status: str | None) -> Outcome:
    """Return an outcome from Graph's word, in any letter case."""
    return _STATUS.get((status or "").casefold(), Outcome.UNKNOWN)


def provisioning_line(event: ProvisioningEvent) -> Line:
    """Return a row of the provisioning log."""
    source, target, info = event.source_identity, event.target_identity, event.provisioning_status_info
    action = (event.provisioning_action or "").casefold()
    held = action == "stageddelete"
    error = info.error_information if info else None
    code = (error.error_code if error else None) or skip_reason(event)
    return Line(
        id=event.id,
        at=event.activity_date_time,
        log=Log.PROVISIONING,
        what="delete, held" if held else action or "other",
        outcome=Outcome.HELD if held else outcome_of(info.status if info else None),
        person=_name(source) or _name(target),
        person_id=(source.id if source else None) or "",
        target_id=(target.id if target else None) or "",
        account=_account(source),
        why=(error.reason if error else None) or _changed(event),
        code=code or "",
        cycle=event.cycle_id or "",
        event=event,
    )


def skip_reason(event: ProvisioningEvent) -> str:
    """Return why a row was skipped, in the service's word, "" when it was not."""
    said = (str((step.details or {}).get("SkipReason") or "") for step in event.provisioning_steps)
    return next(filter(None, said), "")


def details_of(event: ProvisioningEvent) -> dict[str, str]:
    """Return the details of all steps of a row as text; of several with one name the last counts."""
    parts = (step.details or {} for step in event.provisioning_steps)
    return {name: str(value) for part in parts for name, value in part.items()}


def detail_of(event: ProvisioningEvent, name: str) -> str:
    """Return one detail of the steps of a row, "" when none holds it."""
    return details_of(event).get(name, "")


def _name(identity: LogIdentity | None) -> str:
    return (identity.display_name or identity.id or "") if identity else ""


def _account(identity: LogIdentity | None) -> str:
    details = (identity.details if identity else None) or {}
    return str(next((value for name, value in details.items() if name.casefold() == "userprincipalname"), ""))


def _changed(event: ProvisioningEvent) -> str:
    return ", ".join(change.display_name or "" for change in event.modified_properties)


def audit_line(event: AuditEvent, log: Log) -> Line:
    """Return a row of an audit log; the person is the user it was done to."""
    people = [one for one in event.target_resources if (one.type or "").casefold() == "user"]
    about = next(iter(people), None) or next(iter(event.target_resources), None)
    person_id = (people[0].id if people else None) or ""
    by = event.initiated_by
    actor = (by.user or by.app) if by else None
    return Line(
        id=event.id,
        at=event.activity_date_time,
        log=log,
        what=event.activity_display_name or event.operation_type or "",
        outcome=outcome_of(event.result),
        person=(about.display_name or about.user_principal_name or about.id or "") if about else "",
        person_id=person_id if log is Log.SOURCE_AUDIT else "",
        target_id=person_id if log is Log.TARGET_AUDIT else "",
        account=(about.user_principal_name or "") if about else "",
        by=(actor.user_principal_name or actor.display_name or "") if actor else "",
        why=event.result_reason or "",
        event=event,
    )


def merged(new: Iterable[Line], old: Sequence[Line], since: datetime) -> tuple[Line, ...]:
    """Return all rows newest first, each once, without those before ``since``; rows can come late."""
    known = {line.id for line in old}
    fresh = sorted((line for line in new if line.id not in known), key=lambda line: line.at, reverse=True)
    if not fresh:
        kept: Iterable[Line] = old
    elif not old or fresh[-1].at >= old[0].at:
        kept = (*fresh, *old)
    else:
        kept = sorted((*fresh, *old), key=lambda line: line.at, reverse=True)
    return tuple(line for line in kept if line.at >= since)


def configuration_of(line: Line) -> str:
    """Return the service principal's id of the configuration that wrote a row, "" for a row of none."""
    event = line.event
    if not isinstance(event, ProvisioningEvent) or event.service_principal is None:
        return ""
    return event.service_principal.id or ""


TOLD_TWICE = frozenset({"Import", "Export", "Synchronization rule action"})
"""What the source's audit log repeats of the provisioning log [provisioning audit activities]."""


def tells_twice(line: Line) -> bool:
    """Whether a row of the source's audit log says what a row of the provisioning log says better."""
    event = line.event
    service = event.logged_by_service if isinstance(event, AuditEvent) else ""
    return line.log is Log.SOURCE_AUDIT and service == "Account Provisioning" and line.what in TOLD_TWICE
