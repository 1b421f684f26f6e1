"""Why somebody is, or is not, in the target: the gates in the order of the service, each with its evidence.

What Graph does not tell stays "cannot tell": a gate is shut only when something says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from xtsync_tui.engine.scoping import ScopingFilter
from xtsync_tui.engine.values import Record, Value
from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Assignment, ProvisioningEvent, User
from xtsync_tui.workspace import repairs
from xtsync_tui.workspace.people.reading import NotReadYet, PersonReading, is_external
from xtsync_tui.workspace.people_records import is_internal
from xtsync_tui.workspace.repairs import Repair
from xtsync_tui.workspace.setup.scope import everyone

OPEN, SHUT, UNKNOWN, WAITING = "✓", "✗", "?", "…"

JUST_NOW = timedelta(minutes=5)
"""How long the service may take to notice an assignment. Not documented: "a few minutes" is."""


@dataclass(frozen=True, slots=True)
class Fix:
    """What opens a gate: a repair to send, or the place where it is done (a mode, or a step of Setup)."""

    words: str
    repair: Repair | None = None
    place: str = ""
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition: ``symbol`` is one of OPEN, SHUT, UNKNOWN, WAITING; ``words`` say why.

    ``evidence`` is what was read, in lines. Words and evidence hold text of the directory, not cleaned.
    ``advice`` is the next step where nothing here opens it.
    """

    key: str
    title: str
    symbol: str
    words: str = ""
    evidence: tuple[str, ...] = ()
    fix: Fix | None = None
    advice: str = ""


def found_gate(reading: PersonReading) -> Gate:
    """Whether the person is in SOURCE: who can be read is."""
    words = f"{_short(reading.id)} · {reading.account}"
    evidence = (
        f"Object id {reading.id}",
        f"Account {reading.account}",
        f"Mail {reading.home.get('mail') or 'none'}",
    )
    return Gate("found", "found in SOURCE", OPEN, words, evidence)


def member_gate(reading: PersonReading) -> Gate:
    """Whether the person is a member who is at home in SOURCE."""
    home = reading.home
    kind = home.get("userType") or "not set"
    internal = is_internal(home)
    evidence = (f"userType {kind}", f"creationType {home.get('creationType') or 'none'}")
    if internal and kind != "Guest":
        return Gate("member", "internal member", OPEN, f"userType {kind}, no external identity", evidence)
    if internal:
        words, advice = (
            f"userType {kind}, a guest",
            "Guests are never synchronized: make them a member in SOURCE.",
        )
    else:
        words = f"userType {kind}, an external user: only people at home in SOURCE are synchronized"
        advice = "An external user is never synchronized from here: do it in their home tenant."
    return Gate("member", "internal member", SHUT, words, evidence, None, advice)


def enabled_gate(reading: PersonReading) -> Gate:
    """Whether the account is enabled; a disabled one is never created, only disabled in TARGET."""
    enabled = reading.home.get("accountEnabled")
    evidence = (f"accountEnabled {enabled}",)
    if enabled is None:
        return Gate("enabled", "account enabled", UNKNOWN, "cannot tell: Graph does not say", evidence)
    if enabled:
        return Gate("enabled", "account enabled", OPEN, "enabled in SOURCE", evidence)
    there = None if isinstance(reading.there, XtSyncError) else reading.there
    words, advice = (
        "disabled in SOURCE: nobody disabled is created in TARGET",
        "Enable the account in SOURCE.",
    )
    if there is not None:
        also = "is disabled" if there.get("accountEnabled") is False else "is disabled by the next cycle"
        words = f"disabled in SOURCE: the account in TARGET {also}"
    return Gate("enabled", "account enabled", SHUT, words, evidence, None, advice)


def sms_gate(reading: PersonReading, repair: Repair | None) -> Gate:
    """Whether SMS sign-in is off; the service leaves out who has it on."""
    if isinstance(reading.phones, XtSyncError):
        return cannot_tell("sms", "SMS sign-in off", reading.phones)
    evidence = tuple(
        f"{phone.phone_type or 'phone'} {phone.phone_number or ''}: SMS sign-in {phone.sms_sign_in_state}"
        for phone in reading.phones
    ) or ("no phone method",)
    if not any(phone.signs_in for phone in reading.phones):
        return Gate("sms", "SMS sign-in off", OPEN, "no phone signs in by text message", evidence)
    words = "SMS sign-in is on: the service skips them (alternativeSecurityIds)"
    return Gate("sms", "SMS sign-in off", SHUT, words, evidence, Fix("switch SMS sign-in off", repair))


def assigned_gate(reading: PersonReading, repair: Repair | None) -> Gate:
    """Whether the person is assigned, directly or as a direct member of an assigned group."""
    title, found = "assigned", reading.facts.found
    if found is None:
        return nothing_yet("assigned", title, reading, "no configuration yet", 5)
    for part in (found.assignments, found.secrets):
        if isinstance(part, XtSyncError):
            return cannot_tell("assigned", title, part)
    if everyone(found):
        return Gate("assigned", title, OPEN, "all users are in scope", ("SyncAll is true",))
    assigned = () if isinstance(found.assignments, XtSyncError) else found.assignments
    evidence = tuple(
        f"{one.principal_type} {one.principal_display_name or one.principal_id}" for one in assigned
    )
    evidence = ("Assigned to the configuration:", *evidence) if evidence else ("Nobody is assigned.",)
    direct = next((one for one in assigned if one.principal_id == reading.id), None)
    if isinstance(reading.groups, XtSyncError):
        if direct is not None:
            return _directly(reading, direct, evidence)
        return cannot_tell("assigned", title, reading.groups)
    own = {group.id for group in reading.groups}
    names = [one.principal_display_name or one.principal_id for one in assigned if one.principal_id in own]
    if names:
        too = "directly and " if direct is not None else ""
        return Gate("assigned", title, OPEN, f"{too}through {_list(names)}", evidence)
    if direct is not None:
        return _directly(reading, direct, evidence)
    return Gate(
        "assigned", title, SHUT, _not_assigned(reading, assigned), evidence, Fix("assign directly", repair)
    )


def _directly(reading: PersonReading, direct: Assignment, evidence: tuple[str, ...]) -> Gate:
    since = direct.created_date_time
    if since is not None and reading.at - since < JUST_NOW and not _told_since(reading, direct):
        words = "assigned just now: the service can need some minutes to notice"
        return Gate("assigned", "assigned", WAITING, words, evidence)
    return Gate("assigned", "assigned", OPEN, "directly", evidence)


def _told_since(reading: PersonReading, direct: Assignment) -> bool:
    row = last_row(reading)
    since = direct.created_date_time
    return (
        row is not None
        and since is not None
        and row.activity_date_time >= since
        and _status(row).casefold() == "success"
    )


def _not_assigned(reading: PersonReading, assigned: Iterable[Assignment]) -> str:
    names = {one.principal_id: one.principal_display_name or one.principal_id for one in assigned}
    ways = [
        f"{_list(inner)} inside {names.get(group, group)}"
        if inner
        else f"a group inside {names.get(group, group)}"
        for group, inner in reading.via.items()
    ]
    if ways:
        return f"only through {_list(ways)}: nested groups do not count"
    return "neither directly nor as a direct member of an assigned group"


def filters_gate(scope: ScopingFilter | None, record: Record, reading: PersonReading) -> Gate:
    """Whether the person passes a scoping filter; None for a schema that could not be read."""
    title, found = "filters", reading.facts.found
    if found is None or found.schema is None:
        return nothing_yet("filters", title, reading, "no mappings yet", 6)
    if scope is None:
        error = found.schema if isinstance(found.schema, XtSyncError) else None
        return cannot_tell("filters", title, error)
    if not scope.groups:
        return Gate(
            "filters", title, OPEN, "no filter: everyone in scope passes", ("No scoping filter is set.",)
        )
    evidence = tuple(
        f"{ANSWER[clause.judge(record)]} {asked(group.title, clause.text, record.get(clause.attribute))}"
        for group in scope.groups
        for clause in group.clauses
    )
    judged = scope.judge(record)
    if judged is None:
        return Gate("filters", title, UNKNOWN, "cannot tell: a clause cannot be evaluated here", evidence)
    if judged:
        passed = next(group for group in scope.groups if group.judge(record))
        clauses = " and ".join(clause.text.partition(".")[2] or clause.text for clause in passed.clauses)
        return Gate("filters", title, OPEN, f"{passed.title}: {clauses}", evidence)
    return Gate(
        "filters", title, SHUT, out_by(scope, record), evidence, Fix("to the filters", place="mappings")
    )


def out_by(scope: ScopingFilter, record: Record) -> str:
    """Return the clauses that keep somebody out, with what the person has; the first two are enough."""
    shut = (
        asked(group.title, clause.text, record.get(clause.attribute))
        for group in scope.groups
        for clause in group.clauses
        if clause.judge(record) is False
    )
    return "; ".join(list(shut)[:2])


def asked(title: str, text: str, value: Value) -> str:
    """Return ``filter Germany: country EQUALS 'Germany', here it is Japan``; ``text`` is the log's form."""
    return f"filter {title}: {text.removeprefix(f'{title}.')}, here it is {_shown(value)}"


ANSWER = {True: OPEN, False: SHUT, None: UNKNOWN}


def clash_gate(reading: PersonReading, repair: Repair | None) -> Gate:
    """Whether somebody or something in TARGET is in the way of the person."""
    title = "no clash in TARGET"
    for part in (reading.holders, reading.binned):
        if isinstance(part, XtSyncError):
            return cannot_tell("clash", title, part)
    holders = () if isinstance(reading.holders, XtSyncError) else reading.holders
    binned = () if isinstance(reading.binned, XtSyncError) else reading.binned
    evidence = tuple(_holder_words(user) for user in holders) or ("Nobody has the name or the address.",)
    evidence += tuple(f"In the bin: {user.display_name or user.id}, deleted {_day(user)}" for user in binned)
    outside = [user for user in holders if is_external(user)]
    if binned and not outside:
        return _in_the_bin(reading, binned[0], evidence, repair)
    pending = [user for user in outside if user.external_user_state == "PendingAcceptance"]
    if pending:
        words = f"an invitation is pending: {pending[0].user_principal_name}"
        return Gate(
            "clash", title, SHUT, words, evidence, None, "p joins the invited account with this person."
        )
    if outside:
        return Gate("clash", title, OPEN, f"there as {outside[0].user_principal_name}", evidence)
    if holders:
        words = f"{holders[0].user_principal_name} of TARGET has this address: an invitation is ambiguous"
        advice = "Delete that user in TARGET, or take this person out of scope."
        return Gate("clash", title, SHUT, words, evidence, None, advice)
    return _contacts(reading, title, evidence)


def _in_the_bin(reading: PersonReading, user: User, evidence: tuple[str, ...], repair: Repair | None) -> Gate:
    """Who deleted somebody decides whether the service restores them [overview ≠ configure]."""
    title = "no clash in TARGET"
    if isinstance(reading.rows, NotReadYet):
        return cannot_tell("clash", title, reading.rows)
    kept = f"in the bin until {repairs.until(user) or '30 days after'}"
    by_cycle = reading.deleted_by_cycle
    if by_cycle:
        words = f"{kept}; a cycle restores the account once in scope (deleted by one {_day(user)})"
        return Gate("clash", title, WAITING, words, evidence)
    restores = (
        "the service does not restore" if by_cycle is False else "cannot tell whether the service restores"
    )
    words = f"{kept}; {restores} (deleted in TARGET {_day(user)})"
    return Gate("clash", title, SHUT, words, evidence, Fix("restore from the bin", repair))


def _contacts(reading: PersonReading, title: str, evidence: tuple[str, ...]) -> Gate:
    if isinstance(reading.contacts, XtSyncError):
        words = "cannot tell: mail contacts were not read; no guest, no invitation, nobody in the bin"
        why = tuple(part for part in (reading.contacts.title, reading.contacts.detail) if part)
        return Gate("clash", title, UNKNOWN, words, (*evidence, *why))
    if reading.contacts:
        name = reading.contacts[0].display_name or reading.contacts[0].id
        words = f"the mail contact {name} of TARGET has this address"
        advice = "Remove the contact in TARGET, or give it another address; then p."
        return Gate("clash", title, SHUT, words, (*evidence, f"Mail contact {name}"), None, advice)
    words = "no guest, no pending invitation, no contact, nobody in the bin"
    return Gate("clash", title, OPEN, words, evidence)


def nothing_yet(key: str, title: str, reading: PersonReading, what: str, step: int) -> Gate:
    """Return a gate whose configuration or job is not there yet, or could not be read."""
    if reading.facts.unread is not None:
        return cannot_tell(key, title, reading.facts.unread)
    return Gate(key, title, SHUT, what, (), Fix(f"to step {step}", place="setup", step=step))


def cannot_tell(key: str, title: str, error: XtSyncError | None) -> Gate:
    """Return a gate of which nobody can tell; ``error`` is why, a part that is on its way waits."""
    if isinstance(error, NotReadYet):
        return Gate(key, title, WAITING, "reading")
    evidence = tuple(part for part in (error.title, error.detail, error.hint) if part) if error else ()
    return Gate(key, title, UNKNOWN, f"cannot tell: {error.title}" if error else "cannot tell", evidence)


def last_row(reading: PersonReading) -> ProvisioningEvent | None:
    """Return the newest row of the log about the person."""
    return None if isinstance(reading.rows, XtSyncError) else next(iter(reading.rows), None)


def _status(row: ProvisioningEvent) -> str:
    return (row.provisioning_status_info.status if row.provisioning_status_info else "") or ""


def _holder_words(user: User) -> str:
    state = f", {user.external_user_state}" if user.external_user_state else ""
    return f"{user.user_principal_name}: {user.user_type or 'no type'}{state}"


def _day(user: User) -> str:
    deleted = user.deleted_date_time
    return f"{deleted.day} {deleted:%b %H:%M}" if deleted else "some time ago"


def _shown(value: Value) -> str:
    return "empty" if not value else value if isinstance(value, str) else "; ".join(value)


def _list(names: Iterable[str]) -> str:
    return " and ".join(names)


def _short(text: str) -> str:
    return text if len(text) <= 14 else f"{text[:8]}…{text[-4:]}"
