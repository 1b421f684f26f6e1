"""The people on whom mappings and filters are tried: the assigned of SOURCE, and who they are in TARGET."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from xtsync_tui.engine.decision import User
from xtsync_tui.engine.values import Record, Value
from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import assignments, directory, guests
from xtsync_tui.model import Json, Side
from xtsync_tui.workspace import repairs
from xtsync_tui.workspace.people_records import (
    extensions,
    is_internal,
    selection,
    source_record,
    target_record,
)

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient
    from xtsync_tui.workspace.pair import Workspace

Progress = Callable[[int], None]
"""Called with the number of people read so far."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody assigned: the engine's user, the name to show, and the record in TARGET, None if not there.

    ``account`` is the user principal name, ``binned`` says that the person lies in the bin of TARGET.
    ``unsure`` is why it cannot be told whether the person is assigned, "" when it can.
    """

    user: User
    name: str
    account: str = ""
    target: Record | None = None
    binned: bool = False
    unsure: str = ""

    @property
    def record(self) -> Record:
        """The attributes in SOURCE."""
        return self.user.record


@dataclass(frozen=True)
class Crowd:
    """Everybody who is assigned (or everybody, when all are in scope), and when they were read.

    ``names`` are those of all people seen, by id, for references. ``target_unread`` is why TARGET could not
    be read: then nobody's record there is known. ``updating`` names dynamic groups whose members are not
    settled: then it is not known who else belongs to them.

    Who signs in by SMS is known as far as the set-up found it: only the phones of each person tell it, and
    those are limited to 5 requests in 10 s [throttling-limits].
    """

    people: tuple[Person, ...]
    names: Mapping[str, str]
    at: datetime
    target_unread: XtSyncError | None = None
    updating: tuple[str, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Person]:
        return {one.user.id: one for one in self.people}

    def person(self, user_id: str) -> Person | None:
        """Return the person with this id, None when nobody here has it."""
        return self._by_id.get(user_id)

    def there(self, person: Person) -> bool | None:
        """Return whether somebody is in TARGET, None when that was not read."""
        return None if self.target_unread is not None else person.target is not None

    def same_in_target(self, user_id: str) -> Value:
        """Return the id in TARGET of the person with this id in SOURCE, None for nobody there."""
        found = self.person(user_id)
        return found.target.get("objectId") if found is not None and found.target is not None else None


def example(people: Sequence[Person]) -> Person | None:
    """Return the person to show first: the first whose manager is among ``people`` too, else the first.

    On somebody with a manager in scope every kind of mapping has something to show.
    """
    ids = {person.user.id for person in people}
    managed = (person for person in people if person.record.get("manager") in ids)
    return next(managed, people[0] if people else None)


@dataclass(frozen=True, slots=True)
class _Assigned:
    direct: frozenset[str]
    groups: Mapping[str, tuple[str, ...]]
    """Names of the assigned groups by the id of each direct member."""
    updating: tuple[str, ...]

    def __contains__(self, user_id: str) -> bool:
        return user_id in self.direct or user_id in self.groups

    def unsure(self, user_id: str) -> str:
        """Return why an assigned person may not be assigned, "" when it is sure."""
        groups = self.groups.get(user_id, ())
        if user_id in self.direct or any(name not in self.updating for name in groups):
            return ""
        return f"group {groups[0]} is updating" if groups else ""


async def read_crowd(
    workspace: "Workspace",
    sp: str,
    schema: Json,
    progress: Progress,
    *,
    sync_all: bool,
    everybody: bool = False,
) -> Crowd:
    """Read the people in scope by assignment, or ``everybody``, and their counterparts in TARGET.

    With ``sync_all`` everybody is in scope, and nobody's assignment matters.
    """
    source = workspace.client(Side.SOURCE)
    assigned = await _assigned(source, sp)
    signers = workspace.setup.text_signers
    everybody = everybody or sync_all
    people, names = await _people(source, schema, assigned, signers, progress, everybody=everybody)
    target, known = workspace.client(Side.TARGET), _Known(_invited(people), _mails(people))
    unread: XtSyncError | None = None
    found: dict[str, Record] = {}
    try:
        found = await _counterparts(target, known)
    except XtSyncError as error:
        unread = error
    binned = await _binned(target, known)
    crowd = tuple(
        Person(
            user,
            names[user.id],
            str(raw.get("userPrincipalName") or ""),
            found.get(user.id),
            user.id in binned and user.id not in found,
            "" if sync_all else assigned.unsure(user.id),
        )
        for user, raw in people
    )
    return Crowd(crowd, names, workspace.now(), unread, () if sync_all else assigned.updating)


async def _assigned(client: "GraphClient", sp: str) -> _Assigned:
    direct: set[str] = set()
    groups: dict[str, tuple[str, ...]] = {}
    updating = []
    for one in await assignments.assignments(client, sp):
        if one.principal_type != "Group":
            direct.add(one.principal_id)
            continue
        name = one.principal_display_name or one.principal_id
        group = await directory.group(client, one.principal_id)
        # "On" does not say that it has caught up, but any other state says that it has not [group].
        if group is not None and group.is_dynamic and group.membership_rule_processing_state != "On":
            updating.append(name)
        async for page in directory.members(client, one.principal_id):
            for user in page:
                groups[user.id] = (*groups.get(user.id, ()), name)
    return _Assigned(frozenset(direct), groups, tuple(updating))


async def _people(
    client: "GraphClient",
    schema: Json,
    assigned: _Assigned,
    signers: frozenset[str],
    progress: Progress,
    *,
    everybody: bool,
) -> tuple[list[tuple[User, Json]], dict[str, str]]:
    names: dict[str, str] = {}
    people: list[tuple[User, Json]] = []
    attributes = extensions(schema)
    async for page in directory.records(client, selection(attributes)):
        for raw in page:
            names[raw["id"]] = str(raw.get("displayName") or raw.get("userPrincipalName") or raw["id"])
            if everybody or raw["id"] in assigned:
                people.append((_user(raw, assigned, by_sms=raw["id"] in signers), raw))
        progress(len(names))
    return people, names


def _user(raw: Json, assigned: _Assigned, *, by_sms: bool) -> User:
    user_id = raw["id"]
    return User(
        user_id,
        source_record(raw, by_sms=by_sms),
        direct=user_id in assigned.direct,
        groups=assigned.groups.get(user_id, ()),
        member=is_internal(raw) and (raw.get("userType") or "Member") == "Member",
    )


class _Known(NamedTuple):
    """How people of SOURCE are found in TARGET: their ids by how their names begin there, and by address."""

    invited: Mapping[str, str]
    mails: Mapping[str, Sequence[str]]


async def _counterparts(client: "GraphClient", known: _Known) -> dict[str, Record]:
    """Return the record in TARGET by id in SOURCE: by the name of the invitation, else by mail address.

    The service never takes an internal user of TARGET for somebody, and an external one for everybody who has
    the address ["known-issues"].
    """
    by_name: dict[str, Record] = {}
    by_mail: dict[str, Record] = {}
    async for page in directory.records(client):
        for raw in page:
            if is_internal(raw):
                continue
            mailed = known.mails.get((raw.get("mail") or "").lower(), ())
            one = known.invited.get(_invitation(raw.get("userPrincipalName")))
            if not mailed and one is None:
                continue
            record = target_record(raw)
            by_mail |= dict.fromkeys(mailed, record)
            if one is not None:
                by_name[one] = record
    return by_mail | by_name


async def _binned(client: "GraphClient", known: _Known) -> set[str]:
    """Return the ids in SOURCE of those who lie in the bin of TARGET; nobody when that cannot be read."""
    found: set[str] = set()
    with suppress(XtSyncError):
        async for page in guests.deleted_users(client):
            for user in page:
                name = _invitation(repairs.name_before(user))
                found.update(known.mails.get((user.mail or "").lower(), ()))
                if name in known.invited:
                    found.add(known.invited[name])
    return found


def _invited(people: list[tuple[User, Json]]) -> dict[str, str]:
    """Return the ids of people by how their names begin in TARGET."""
    return {guests.invited_name(raw.get("userPrincipalName") or "").lower(): user.id for user, raw in people}


def _mails(people: list[tuple[User, Json]]) -> dict[str, list[str]]:
    """Return the ids of people by their mail addresses, which need not be one person's only."""
    found: dict[str, list[str]] = {}
    for user, raw in people:
        if mail := raw.get("mail"):
            found.setdefault(mail.lower(), []).append(user.id)
    return found


def _invitation(name: str | None) -> str:
    """Return how the name of an external person begins, up to the mark."""
    start, mark, _ = (name or "").lower().partition("#ext#")
    return start + mark
