"""One person's attributes side by side: in SOURCE, what the mappings say, in TARGET. Evaluated here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from xtsync_tui.engine.decision import Action, Decision, Link, LinkState, Reason, TargetUser, User, decide
from xtsync_tui.engine.mapping import FlowType, Row
from xtsync_tui.engine.rules import NoUserMapping, Rules
from xtsync_tui.engine.values import Record, Value
from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Json, Side
from xtsync_tui.workspace.mappings.trial import Bench, is_unreadable, rules_of, shown_value, tried
from xtsync_tui.workspace.people.reading import NotReadYet, PersonReading
from xtsync_tui.workspace.people_records import is_internal, source_record, target_record
from xtsync_tui.workspace.setup.scope import everyone

FIRST = (
    "displayName",
    "userPrincipalName",
    "mail",
    "userType",
    "accountEnabled",
    "department",
    "manager",
    "showInAddressList",
)
"""The attributes that are always shown, in this order."""

NONE, CANNOT_TELL, SERVICE, READING = "–", "? cannot tell", "? only the service knows", "… reading"


@dataclass(frozen=True, slots=True)
class Compared:
    """One attribute in three places, not cleaned; ``differs`` when a cycle would change TARGET."""

    attribute: str
    source: str
    mapped: str
    target: str
    differs: bool = False
    first: bool = False

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to see: neither always shown nor different."""
        return not self.first and not self.differs


@dataclass(frozen=True, slots=True)
class Judged:
    """What the engine makes of one person: the rules, the record and the decision, None without a schema."""

    record: Record
    rules: Rules | None = None
    decision: Decision | None = None
    outcome: str = ""


class OnePerson:
    """TARGET as far as it was read: the one user who is the person."""

    def __init__(self, there: TargetUser | None) -> None:
        self._there = there

    def get(self, target_id: str) -> TargetUser | None:
        """Return the account if it is this one."""
        return self._there if self._there and self._there.id == target_id else None

    def find(self, attribute: str, value: str) -> list[TargetUser]:  # noqa: ARG002 - the protocol's signature
        """Return the account: who was found has what people are matched by."""
        return [self._there] if self._there and not self._there.deleted else []


def judge(reading: PersonReading, bench_of: Callable[[Json], Bench]) -> Judged:
    """Return what the mappings and filters of the configuration make of the person."""
    record = record_of(reading)
    found = reading.facts.found
    if found is None or found.schema is None or isinstance(found.schema, XtSyncError):
        return Judged(record)
    bench = bench_of(found.schema)
    try:
        rules = rules_of(found.schema, bench, sync_all=bool(everyone(found)))
    except NoUserMapping:
        return Judged(record)
    there = _there(reading, rules)
    links = {reading.id: Link(there.id, _link_state(reading, there))} if there else {}
    decision = decide(rules, _user(reading, record), links, OnePerson(there))
    return Judged(record, rules, decision, _outcome(decision, reading))


def _link_state(reading: PersonReading, there: TargetUser) -> LinkState:
    """Return what the service knows of its account: whom it deleted itself it restores."""
    deleted = there.deleted and reading.deleted_by_cycle
    return LinkState.DELETED_OUT_OF_SCOPE if deleted else LinkState.ACTIVE


def record_of(reading: PersonReading) -> Record:
    """Return the record of the person in SOURCE, SMS sign-in as the phones tell it."""
    phones = () if isinstance(reading.phones, XtSyncError) else reading.phones
    by_sms = any(phone.signs_in for phone in phones)
    record = {**source_record(reading.home, by_sms=by_sms)}
    # The service knows people by a netId that Graph does not give: any value does where people are matched
    # by what was read of TARGET.
    record["netId"] = record["objectId"]
    return record


def _there(reading: PersonReading, rules: Rules) -> TargetUser | None:
    if not isinstance(reading.there, XtSyncError) and reading.there is not None:
        return account_of(rules, record_of(reading), reading.there)
    if not isinstance(reading.binned, XtSyncError) and reading.binned:
        return TargetUser(reading.binned[0].id, {"objectId": reading.binned[0].id}, deleted=True)
    return None


def account_of(rules: Rules, home: Record, there: Json) -> TargetUser:
    """Return the account in TARGET of the person with the record ``home``, as the engine knows it."""
    record = dict(target_record(there))
    # Graph does not give what people are matched by either: who was found has what matches.
    record |= {row.target: tried(row, home).value for row in rules.mapping.matching}
    return TargetUser(there["id"], record)


def _user(reading: PersonReading, record: Record) -> User:
    found = reading.facts.found
    assigned = () if found is None or isinstance(found.assignments, XtSyncError) else found.assignments
    own = () if isinstance(reading.groups, XtSyncError) else reading.groups
    ids = {one.principal_id for one in assigned}
    return User(
        reading.id,
        record,
        direct=reading.id in ids,
        groups=tuple(group.id for group in own if group.id in ids),
        nested=bool(reading.via),
        member=is_internal(reading.home) and (reading.home.get("userType") or "Member") != "Guest",
    )


_OUTCOMES = {
    Action.CREATE: "would be created in TARGET",
    Action.UPDATE: "would be updated in TARGET",
    Action.DISABLE: "would be disabled in TARGET",
    Action.SOFT_DELETE: "would be soft-deleted in TARGET, 30 days in the bin",
    Action.RESTORE: "would be restored in TARGET",
    Action.NONE: "nothing would change in TARGET",
}


def _outcome(decision: Decision, reading: PersonReading) -> str:
    if reading.pending:
        return READING
    if isinstance(reading.there, XtSyncError):
        return "? cannot tell: whether the person is in TARGET was not read"
    return outcome(decision)


def outcome(decision: Decision) -> str:
    """Return in our own words what would be done with somebody; the service says it in its own."""
    words = _OUTCOMES.get(decision.action)
    if words and decision.changes and decision.action is Action.UPDATE:
        return f"{words}: {', '.join(change.attribute for change in decision.changes)}"
    if words:
        return words
    why = _WHY.get(decision.reason) if decision.reason else None
    why = why or decision.detail[:1].lower() + decision.detail[1:].rstrip(".")
    return f"would {'fail' if decision.action is Action.FAIL else 'be skipped'}{f': {why}' if why else ''}"


_WHY = {
    Reason.SCOPING_FILTER: "a scoping filter leaves them out",
    Reason.INPUT_FILTER: "an input filter leaves them as they are",
    Reason.BUILTIN_FILTER: "external users and people with SMS sign-in are not synchronized",
    Reason.INTERNAL_GUEST: "guests are not synchronized",
    Reason.CANNOT_TELL: "a clause of a scoping filter cannot be evaluated here",
    Reason.UNSUPPORTED: "the mapping of users is off",
    Reason.NO_MATCHING_VALUE: "the attribute that people are matched by has no value",
    Reason.LEFT_DISABLED: "disabled before the assignment went, so the account stays as it is",
    Reason.DELETED_AT_TARGET: "the account is deleted in TARGET, and the service does not restore it",
}
"""Why nobody is written, where the decision has no sentence of its own."""


def compared(reading: PersonReading, judged: Judged) -> tuple[Compared, ...]:
    """Return the attributes, those that are always shown first."""
    there = (
        None if isinstance(reading.there, XtSyncError) or not reading.there else target_record(reading.there)
    )
    unread = _unread(reading.there) if isinstance(reading.there, XtSyncError) else ""
    rows = {row.target: row for row in judged.rules.mapping.rows} if judged.rules else {}
    names = [*FIRST, *(name for name in rows if name not in FIRST and name != "IsSoftDeleted")]
    lines = [_line(name, rows.get(name), reading, judged, there, unread) for name in names]
    at = FIRST.index("showInAddressList") + 1
    return (*lines[:at], *_states(reading, unread), *lines[at:])


def _line(
    name: str, row: Row | None, reading: PersonReading, judged: Judged, there: Record | None, unread: str
) -> Compared:
    source = _shown(judged.record.get(name), name, reading)
    target = unread or (_shown(there.get(name), name, reading) if there else NONE)
    if name == "manager":
        return _manager_line(row, reading, source, there, unread)
    if name in {"alternativeSecurityIds", "netId"}:
        return Compared(name, SERVICE, SERVICE, SERVICE)
    if name == "userType":
        source = str(reading.home.get("userType") or NONE)
    mapped, value = _mapped(row, judged, there)
    differs = bool(value) and there is not None and not _same(value, there.get(name))
    if row is not None and row.flow_type is FlowType.OBJECT_ADD_ONLY and there is not None:
        differs = False
    return Compared(name, source, mapped, target, differs, name in FIRST)


def _mapped(row: Row | None, judged: Judged, there: Record | None) -> tuple[str, Value]:
    if row is None:
        return "– not mapped" if judged.rules else CANNOT_TELL, None
    if is_unreadable(row):
        return SERVICE, None
    result = tried(row, judged.record)
    if result.failed:
        return result.words, None
    value = result.value or (row.default if there is None else None)
    if not value:
        return NONE, None
    later = ", on creation" if row.flow_type is FlowType.OBJECT_ADD_ONLY else ""
    return f"{shown_value(value)}{later}", value


def _manager_line(
    row: Row | None, reading: PersonReading, source: str, there: Record | None, unread: str
) -> Compared:
    manager = reading.home.get("manager") or {}
    mapped = NONE
    if row is None:
        mapped = "– not mapped"
    elif manager and isinstance(reading.manager_there, XtSyncError):
        mapped = _unread(reading.manager_there)
    elif manager:
        mapped = source if reading.manager_there else "– not in TARGET: stays empty"
    found = (
        None if isinstance(reading.there, XtSyncError) or not reading.there else reading.there.get("manager")
    )
    target = unread or (str((found or {}).get("displayName") or NONE) if there else NONE)
    return Compared("manager", source, mapped, target, first=True)


def _states(reading: PersonReading, unread: str) -> Iterable[Compared]:
    there = None if isinstance(reading.there, XtSyncError) else reading.there
    state = unread or str((there or {}).get("externalUserState") or NONE)
    yield Compared("externalUserState", NONE, NONE, state, first=True)
    yield Compared(
        "last sign-in", _sign_in(reading, Side.SOURCE), NONE,
        unread or (_sign_in(reading, Side.TARGET) if there else NONE), first=True,
    )  # fmt: skip


def _sign_in(reading: PersonReading, side: Side) -> str:
    said = reading.signed_in[side]
    if isinstance(said, XtSyncError):
        return _unread(said)
    if not said:
        return "never"
    at = datetime.fromisoformat(said).astimezone(reading.at.tzinfo)
    return f"{at.day} {at:%b %H:%M}" if at.year == reading.at.year else f"{at.day} {at:%b %Y}"


def _unread(part: XtSyncError) -> str:
    return READING if isinstance(part, NotReadYet) else CANNOT_TELL


def _shown(value: Value, name: str, reading: PersonReading) -> str:
    if name == "manager":
        return str((reading.home.get("manager") or {}).get("displayName") or NONE)
    return shown_value(value) or NONE


def _same(new: Value, old: Value) -> bool:
    if isinstance(new, str) and isinstance(old, str):
        return new.casefold() == old.casefold()
    return new == old


def technical(reading: PersonReading, rows: Iterable[Compared]) -> Mapping[str, Json]:
    """Return everything that was read, for whoever wants it raw."""
    return {
        "attributes": [
            {"attribute": row.attribute, "source": row.source, "mapped": row.mapped, "target": row.target}
            for row in rows
        ],
        "source": reading.home,
        "target": None if isinstance(reading.there, XtSyncError) else reading.there,
    }
