"""Reading everything about one person: both tenants at once, each part or the error that kept it away."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xtsync_tui.errors import NotFound, StoreFailed, XtSyncError
from xtsync_tui.graph import directory, guests, logs, person
from xtsync_tui.graph.person import Contact
from xtsync_tui.model import Group, Json, PhoneMethod, ProvisioningEvent, Side, User
from xtsync_tui.workspace import repairs
from xtsync_tui.workspace.people.finding import MARK
from xtsync_tui.workspace.people_records import extensions, selection
from xtsync_tui.workspace.setup.attempts import attempt, together
from xtsync_tui.workspace.setup.facts import Facts, Part

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace


class NotReadYet(XtSyncError):
    """A part that is on its way."""


YET = NotReadYet("Still being read")
ROWS = 10
FRESH = 60.0
"""Seconds for which what was read of the pair is good enough for the next person."""


@dataclass(frozen=True, slots=True)
class PersonReading:
    """One person as both tenants show them at ``at``.

    ``home`` is the user of SOURCE as Graph wrote it, ``there`` the same person in TARGET or None. ``groups``
    are those with the person as direct member, ``around`` also those above; ``via`` names, by the id of an
    assigned group, the groups inside it through which the person is a member. ``holders`` are all users of
    TARGET who have the person's name or address, ``binned`` the deleted ones among them. ``manager_there``
    says whether the manager is in TARGET. ``rows`` are the newest of the provisioning log. ``deleted_here``
    is when this program had the account deleted on demand.
    """

    home: Json
    facts: Facts
    groups: Part[tuple[Group, ...]]
    around: Part[tuple[Group, ...]]
    via: Mapping[str, tuple[str, ...]]
    phones: Part[tuple[PhoneMethod, ...]]
    signed_in: Mapping[Side, Part[str]]
    holders: Part[tuple[User, ...]]
    contacts: Part[tuple[Contact, ...]]
    binned: Part[tuple[User, ...]]
    there: Part[Json]
    manager_there: Part[bool]
    rows: Part[tuple[ProvisioningEvent, ...]]
    at: datetime
    deleted_here: tuple[datetime, ...] = ()

    @property
    def id(self) -> str:
        """The object id in SOURCE."""
        return str(self.home["id"])

    @property
    def name(self) -> str:
        """The display name in SOURCE, not cleaned."""
        return str(self.home.get("displayName") or self.account)

    @property
    def account(self) -> str:
        """The user principal name in SOURCE, not cleaned."""
        return str(self.home.get("userPrincipalName") or self.id)

    @property
    def deleted_by_cycle(self) -> bool | None:
        """Whether a cycle deleted the account that lies in the bin; None when that cannot be told."""
        if isinstance(self.binned, XtSyncError) or not self.binned:
            return None
        rows = None if isinstance(self.rows, XtSyncError) else self.rows
        return repairs.deleted_by_cycle(self.binned[0], rows, ROWS, self.deleted_here)

    @property
    def unread(self) -> tuple[XtSyncError, ...]:
        """Why parts could not be read; not those that are on their way."""
        return tuple(
            part for part in self._parts if isinstance(part, XtSyncError) and not isinstance(part, NotReadYet)
        )

    @property
    def pending(self) -> int:
        """How many parts are on their way."""
        return sum(isinstance(part, NotReadYet) for part in self._parts)

    @property
    def _parts(self) -> tuple[Part[Any], ...]:
        return (self.groups, self.around, self.phones, self.holders, self.binned, self.there, self.rows)


SoFar = Callable[[PersonReading], None]
"""Is told what was read so far, each time another part came and some are on their way."""


async def pair_facts(workspace: "Workspace", *, fresh: bool = False) -> Facts:
    """Return what is known of the pair, read again when it is older than a minute."""
    setup = workspace.setup
    if setup.reading is not None and not fresh:
        age = (workspace.now() - setup.reading.read_at).total_seconds()
        if 0 <= age < FRESH:
            return setup.facts
    return await setup.refresh()


async def read_person(
    workspace: "Workspace",
    user_id: str,
    *,
    fresh: bool = False,
    before: PersonReading | None = None,
    so_far: SoFar | None = None,
) -> PersonReading:
    """Read the person with this id in SOURCE; raises NotFound when there is none.

    ``before`` lends the phones and the log rows: both are limited to 5 in 10 s [throttling-limits].
    """
    source = workspace.client(Side.SOURCE)
    facts = await pair_facts(workspace, fresh=fresh)
    schema = facts.found.schema if facts.found else None
    attributes = extensions({} if schema is None or isinstance(schema, XtSyncError) else schema)
    home = await person.record(source, user_id, selection(attributes))
    if home is None:
        raise NotFound(f"{facts.source.label} has no such person", "The account may have been deleted.")

    here = _deleted_here(workspace, home["id"])

    def arrived(came: Mapping[str, Part[Any]]) -> None:
        reading = _reading(home, facts, came, workspace.now(), here)
        if so_far is not None and reading.pending:
            so_far(reading)

    came = await together(
        arrived if so_far else None,
        groups=_groups(workspace, facts, home["id"]),
        phones=_lent(before and before.phones) or guests.phone_methods(source, home["id"]),
        source=person.last_sign_in(source, home["id"]),
        target=_in_target(workspace, home, attributes),
        rows=_lent(before and before.rows) or _rows(workspace, facts, home["id"]),
    )
    reading = _reading(home, facts, came, workspace.now(), here)
    failed = any(isinstance(part, XtSyncError) for part in came.values())
    workspace.mark_read("person", failed=failed)
    return reading


def _deleted_here(workspace: "Workspace", user_id: str) -> tuple[datetime, ...]:
    try:
        return workspace.on_demand.deleted_at(user_id)
    except StoreFailed:  # a file of results that cannot be opened keeps nobody from being looked at
        return ()


def _reading(
    home: Json, facts: Facts, came: Mapping[str, Part[Any]], at: datetime, here: tuple[datetime, ...]
) -> PersonReading:
    groups, there = came.get("groups", YET), came.get("target", YET)
    if isinstance(groups, XtSyncError):
        groups = {"groups": groups, "around": groups, "via": {}}
    if isinstance(there, XtSyncError):
        there = dict.fromkeys(_IN_TARGET, there)
    return PersonReading(
        home=home,
        facts=facts,
        **groups,
        phones=came.get("phones", YET),
        signed_in={Side.SOURCE: came.get("source", YET), Side.TARGET: there["signed_in"]},
        **{name: part for name, part in there.items() if name != "signed_in"},
        rows=came.get("rows", YET),
        at=at,
        deleted_here=here,
    )


_IN_TARGET = ("holders", "contacts", "binned", "there", "manager_there", "signed_in")


async def _rows(workspace: "Workspace", facts: Facts, user_id: str) -> tuple[ProvisioningEvent, ...]:
    if facts.found is None:
        return ()
    pages = logs.provisioning_events(workspace.client(Side.SOURCE), source_id=user_id, top=ROWS)
    async for page in pages:
        return page
    return ()


async def _in_target(workspace: "Workspace", home: Json, attributes: list[str]) -> dict[str, Any]:
    """Return who is in TARGET under the person's name or address, and the one who is the person."""
    client = workspace.client(Side.TARGET)
    named = User(id=home["id"], user_principal_name=home.get("userPrincipalName"), mail=home.get("mail"))
    mail = home.get("mail") or ""
    parts = await together(
        named=guests.counterparts(client, named),
        holders=_none() if not mail else person.holders(client, mail),
        contacts=_none() if not mail else person.contacts(client, mail),
        binned=repairs.in_the_bin(client, home),
        manager_there=_manager_there(workspace, home),
    )
    found = parts.pop("named")
    if isinstance(found, XtSyncError):
        parts["holders"] = found
    elif not isinstance(parts["holders"], XtSyncError):
        parts["holders"] = tuple({one.id: one for one in (*found, *parts["holders"])}.values())
    parts["there"], parts["signed_in"] = await _same_person(workspace, parts["holders"], attributes)
    return parts


async def _none() -> tuple[Any, ...]:
    return ()


def _lent(part: Part[Any] | None) -> Awaitable[Any] | None:
    """Return the reading that brings what was read before, None when it was not."""
    return None if part is None or isinstance(part, NotReadYet) else _kept(part)


async def _kept(part: Part[Any]) -> Any:
    if isinstance(part, XtSyncError):
        raise part
    return part


async def _same_person(
    workspace: "Workspace", holders: Part[tuple[User, ...]], attributes: list[str]
) -> tuple[Part[Json], Part[str]]:
    if isinstance(holders, XtSyncError):
        return holders, holders
    one = next(filter(is_external, holders), None)
    if one is None:
        return None, ""
    client = workspace.client(Side.TARGET)
    found = await together(
        there=person.record(client, one.id, selection(attributes)), at=person.last_sign_in(client, one.id)
    )
    return found["there"], found["at"]


def is_external(user: User) -> bool:
    """Whether the account of a user of TARGET is at home in another tenant."""
    return user.creation_type == "Invitation" or MARK in (user.user_principal_name or "")


async def _manager_there(workspace: "Workspace", home: Json) -> bool:
    manager = home.get("manager") or {}
    if not manager:
        return False
    who = User(
        id=manager["id"], user_principal_name=manager.get("userPrincipalName"), mail=manager.get("mail")
    )
    return any(map(is_external, await guests.counterparts(workspace.client(Side.TARGET), who)))


async def _groups(workspace: "Workspace", facts: Facts, user_id: str) -> dict[str, Any]:
    """Return the groups of the person, those above them, and the way to the assigned ones."""
    source = workspace.client(Side.SOURCE)
    found = await together(
        groups=person.groups_of(source, user_id),
        around=person.groups_of(source, user_id, transitive=True),
    )
    return {**found, "via": await _via(workspace, facts, found["groups"], found["around"])}


async def _via(
    workspace: "Workspace", facts: Facts, groups: Part[tuple[Group, ...]], around: Part[tuple[Group, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return, for each assigned group that has the person only further down, the groups in between."""
    found = facts.found
    if found is None or isinstance(found.assignments, XtSyncError):
        return {}
    if isinstance(groups, XtSyncError) or isinstance(around, XtSyncError):
        return {}
    direct = {group.id for group in groups}
    above = {group.id: group.display_name or group.id for group in around if group.id not in direct}
    via: dict[str, tuple[str, ...]] = {}
    for one in found.assignments:
        if one.principal_id not in above:
            continue
        inside = await attempt(directory.nested_groups(workspace.client(Side.SOURCE), one.principal_id))
        known = {group.id for group in around}
        via[one.principal_id] = (
            ()
            if isinstance(inside, XtSyncError)
            else tuple(group.display_name or group.id for group in inside if group.id in known)
        )
    return via
