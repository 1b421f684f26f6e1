"""What the service would do with people if it were asked now, evaluated here before anybody confirms it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xtsync_tui.engine.decision import REMOVALS, Action, Decision, Link, Reason, TargetUser
from xtsync_tui.engine.decision import User as Subject
from xtsync_tui.engine.on_demand import decide_on_demand
from xtsync_tui.engine.rules import NoUserMapping, Rules
from xtsync_tui.engine.values import Record
from xtsync_tui.errors import NotFound, XtSyncError
from xtsync_tui.graph import assignments, guests, person
from xtsync_tui.model import Json, Request, Side, User
from xtsync_tui.workspace import repairs
from xtsync_tui.workspace.mappings.trial import rules_of
from xtsync_tui.workspace.on_demand.ground import Ground
from xtsync_tui.workspace.on_demand.queue import Queued
from xtsync_tui.workspace.people.compared import OnePerson, account_of, outcome
from xtsync_tui.workspace.people.gates import out_by
from xtsync_tui.workspace.people_records import (
    extensions,
    is_internal,
    selection,
    source_record,
)
from xtsync_tui.workspace.setup.attempts import attempt

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient
    from xtsync_tui.workspace.pair import Workspace

TOGETHER = 20
"""People who are read at a time: as many as fit into one batch."""

PHONES = 2
"""People whose phones are looked at: that is limited to 5 requests in 10 s, with the logs."""

Progress = Callable[[int], None]
"""Called with the number of people evaluated so far."""


_UNKNOWN = "cannot be told"
_KINDS = {
    Action.CREATE: "created",
    Action.UPDATE: "updated",
    Action.DISABLE: "disabled",
    Action.SOFT_DELETE: "soft-deleted",
    Action.HARD_DELETE: "deleted",
    Action.NONE: "no change",
    Action.FAIL: "would fail",
}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of one person: ``kind`` in a word, ``words`` as a sentence goes on.

    ``why`` is what keeps somebody out of scope, so that a cycle would delete the account.
    ``removes`` says whether the account in TARGET would be deleted or disabled, None when that cannot be
    told. ``binned`` says that the account lies in the bin: the person is held back unless sent over that.
    """

    who: Queued
    kind: str
    words: str
    removes: bool | None = False
    why: str = ""
    binned: bool = False


@dataclass(frozen=True, slots=True)
class _Shared:
    """What is the same for everybody; what could not be read is the error that kept it away."""

    rules: Rules
    everyone: bool | None
    assigned: frozenset[str] | XtSyncError
    binned: tuple[User, ...] | XtSyncError


@dataclass(frozen=True, slots=True)
class _Read:
    """One person as both tenants show them; ``groups`` are ids, ``there`` is None for nobody.

    ``by_text`` says that the person is known to sign in by text message.
    """

    home: Json | XtSyncError
    groups: frozenset[str] | XtSyncError
    there: Json | XtSyncError | None
    by_text: bool = False


async def foresee(
    workspace: "Workspace",
    ground: Ground,
    people: Sequence[Queued],
    progress: Progress,
    binned: tuple[User, ...] | None = None,
) -> tuple[Foreseen, ...]:
    """Return what would become of each of ``people``. Nothing is written.

    ``binned`` is who of them lies in the bin of TARGET, None while that is to be read.

    Of more than ``PHONES`` people SMS sign-in is known as far as the set-up found it: reading phones is
    limited to 5 people in 10 s [throttling-limits], and whoever has it on is skipped, never removed. Raises
    XtSyncError when the schema has no rule of people.
    """
    shared = await _shared(workspace, ground, binned)
    found: list[Foreseen] = []
    for start in range(0, len(people), TOGETHER):
        some = people[start : start + TOGETHER]
        read = await _read(workspace, ground, shared, some)
        found += [_foreseen(one, shared, each) for one, each in zip(some, read, strict=True)]
        progress(len(found))
    return tuple(found)


async def _shared(workspace: "Workspace", ground: Ground, binned: tuple[User, ...] | None) -> _Shared:
    bench = workspace.people.bench(ground.schema)
    try:
        rules = rules_of(ground.schema, bench, sync_all=bool(ground.everyone))
    except NoUserMapping as error:
        raise XtSyncError("SOURCE: the schema has no rule of users", str(error)) from error
    listed = await attempt(assignments.assignments(workspace.client(Side.SOURCE), ground.configuration.id))
    ids = listed if isinstance(listed, XtSyncError) else frozenset(one.principal_id for one in listed)
    read = await attempt(_bin(workspace)) if binned is None else binned
    return _Shared(rules, ground.everyone, ids, read)


async def _bin(workspace: "Workspace") -> tuple[User, ...]:
    pages = guests.deleted_users(workspace.client(Side.TARGET))
    return tuple([user async for page in pages for user in page])


async def _read(
    workspace: "Workspace", ground: Ground, shared: _Shared, people: Sequence[Queued]
) -> list[_Read]:
    source, target = (workspace.client(side) for side in Side)
    select = selection(extensions(ground.schema))
    homes = await source.batch([person.asks_record(one.user_id, select) for one in people])
    groups: list[Json | XtSyncError] = [{}] * len(people)
    if not shared.everyone:
        groups = await source.batch([person.asks_groups(one.user_id) for one in people])
    asked = [_asks_there(home, select) for home in homes]
    answers = iter(await target.batch([each for each in asked if each is not None]))
    there = [None if each is None else _there(next(answers)) for each in asked]
    known = workspace.setup.text_signers
    looked = await _by_text(source, people) if len(people) <= PHONES else [False] * len(people)
    texting = [by_text or one.user_id in known for by_text, one in zip(looked, people, strict=True)]
    read = zip(homes, groups, there, texting, strict=True)
    return [_Read(home, _ids(own), one, by_text) for home, own, one, by_text in read]


async def _by_text(source: "GraphClient", people: Sequence[Queued]) -> list[bool]:
    """Return who signs in by text message; who cannot be read is taken not to: the service says it then."""
    found = [await attempt(guests.phone_methods(source, one.user_id)) for one in people]
    return [
        not isinstance(phones, XtSyncError) and any(phone.signs_in for phone in phones) for phones in found
    ]


def _asks_there(home: Json | XtSyncError, select: Sequence[str]) -> Request | None:
    if isinstance(home, XtSyncError) or not home:
        return None
    return guests.asks_counterparts(home.get("userPrincipalName") or "", home.get("mail") or "", select)


def _there(answer: Json | XtSyncError) -> Json | XtSyncError | None:
    """Return the account in TARGET that is at home elsewhere, None for nobody."""
    if isinstance(answer, XtSyncError):
        return answer
    return next((user for user in (answer or {}).get("value") or () if not is_internal(user)), None)


def _ids(answer: Json | XtSyncError) -> frozenset[str] | XtSyncError:
    if isinstance(answer, XtSyncError):
        return answer
    return frozenset(group["id"] for group in (answer or {}).get("value") or ())


def _foreseen(one: Queued, shared: _Shared, read: _Read) -> Foreseen:
    if isinstance(read.home, NotFound):
        return Foreseen(one, "not found", "is not in SOURCE")
    if isinstance(read.home, XtSyncError):
        return _cannot_tell(one, read.home, None)
    subject, unsure = _subject(one, shared, read)
    there = _account(shared.rules, subject.record, read.there)
    links = {one.user_id: Link(there.id)} if there else {}
    decision = decide_on_demand(shared.rules, subject, links, OnePerson(there))
    unsure = unsure or (read.there if isinstance(read.there, XtSyncError) else None)
    if unsure is not None:
        # Decided as if what was not read were the worst: who is not removed then is not removed at all.
        return _cannot_tell(one, unsure, None if decision.action in REMOVALS else False)
    why = _out_of_scope(decision, shared, subject)
    if decision.reason is Reason.CANNOT_TELL and there is not None:
        return Foreseen(one, _UNKNOWN, outcome(decision), None)
    kind = _KINDS.get(decision.action, "skipped")
    if decision.action in REMOVALS:
        return Foreseen(one, kind, outcome(decision), True, why)
    if read.there is None and (gone := _binned(shared, read.home)) is not None:
        end = f" until {repairs.until(gone)}" if repairs.until(gone) else ""
        return Foreseen(one, "in the bin", f"lies in the bin of TARGET{end}", why=why, binned=True)
    return Foreseen(one, kind, outcome(decision), why=why)


def _cannot_tell(one: Queued, error: XtSyncError, removes: bool | None) -> Foreseen:
    return Foreseen(one, _UNKNOWN, f"? cannot tell: {error.title}", removes)


def _subject(one: Queued, shared: _Shared, read: _Read) -> tuple[Subject, XtSyncError | None]:
    """Return the person as the engine knows them; unassigned where that was not read, and why it was not."""
    home: Json = read.home
    assigned = frozenset[str]() if isinstance(shared.assigned, XtSyncError) else shared.assigned
    groups = frozenset[str]() if isinstance(read.groups, XtSyncError) else read.groups
    subject = Subject(
        one.user_id,
        {**source_record(home, by_sms=read.by_text), "netId": home["id"]},
        direct=one.user_id in assigned,
        groups=tuple(groups & assigned),
        member=is_internal(home) and (home.get("userType") or "Member") != "Guest",
    )
    if subject.direct or subject.groups:
        return subject, None
    unread = next((part for part in (shared.assigned, read.groups) if isinstance(part, XtSyncError)), None)
    if unread is None and shared.everyone is None:
        unread = XtSyncError("The scope of the configuration could not be read")
    return subject, unread


def _account(rules: Rules, home: Record, there: Json | XtSyncError | None) -> TargetUser | None:
    """Return the account in TARGET; where that was not read, one that could be removed."""
    if isinstance(there, XtSyncError):
        return TargetUser("not read", {"accountEnabled": "True"})
    return None if there is None else account_of(rules, home, there)


def _out_of_scope(decision: Decision, shared: _Shared, subject: Subject) -> str:
    """Return what keeps somebody out of scope so that a cycle deletes the account, "" for nothing."""
    if not decision.gates.entitled:
        return "not assigned"
    return out_by(shared.rules.scope, subject.record) if decision.gates.filtered is False else ""


def _binned(shared: _Shared, home: Mapping[str, Any]) -> User | None:
    binned = () if isinstance(shared.binned, XtSyncError) else shared.binned
    return next((user for user in binned if repairs.was(user, home)), None)
