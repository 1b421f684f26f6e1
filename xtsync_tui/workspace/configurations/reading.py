"""Reading the configurations of the source: all of them for the list, one of them whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from xtsync_tui.errors import NotFound, XtSyncError
from xtsync_tui.graph import access, assignments, configurations, credentials, directory, jobs
from xtsync_tui.graph import schema as schemas
from xtsync_tui.model import Application, Assignment, Group, Job, Json, ServicePrincipal, Side
from xtsync_tui.workspace.health import Health, health
from xtsync_tui.workspace.secrets import read_settings
from xtsync_tui.workspace.setup.attempts import attempt, together
from xtsync_tui.workspace.setup.configuration import ours
from xtsync_tui.workspace.setup.facts import Part

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient
    from xtsync_tui.workspace.pair import Workspace


@dataclass(frozen=True, slots=True)
class Configuration:
    """One configuration as the list shows it; ``job`` is None for a half-built one.

    ``target_name`` is "" for a tenant that could not be resolved. ``is_ours`` says that it is the one of this
    pair, which Setup, Mappings and People are about. ``elsewhere`` says that it goes to a tenant which is not
    TARGET: nothing of this pair can set it up.
    """

    service_principal: ServicePrincipal
    secrets: Part[Mapping[str, str]]
    job: Part[Job | None]
    health: Health
    target_name: str = ""
    is_ours: bool = False
    elsewhere: bool = False

    @property
    def id(self) -> str:
        """The object id of the service principal."""
        return self.service_principal.id

    @property
    def name(self) -> str:
        """The name, not cleaned."""
        return self.service_principal.display_name

    @property
    def has_job(self) -> bool:
        """Whether there is a job that could be read."""
        return isinstance(self.job, Job)

    @property
    def unread(self) -> tuple[XtSyncError, ...]:
        """What kept parts from being read."""
        return tuple(part for part in (self.secrets, self.job) if isinstance(part, XtSyncError))


@dataclass(frozen=True, slots=True)
class Assigned:
    """A person or a group that is assigned.

    ``account`` is the user principal name or the description. ``people`` are the direct members of a group,
    None for a person or where they could not be counted; ``nested`` names the groups inside, and ``outside``
    counts the people who are only in these: they do not come along. Not ``exact``, it is how many at most.
    """

    assignment: Assignment
    name: str
    account: str = ""
    people: int | None = None
    nested: tuple[str, ...] = ()
    outside: int = 0
    unread: XtSyncError | None = None
    exact: bool = True

    @property
    def id(self) -> str:
        """The id of the assignment."""
        return self.assignment.id

    @property
    def is_group(self) -> bool:
        """Whether it is a group."""
        return self.assignment.principal_type == "Group"


@dataclass(frozen=True, slots=True)
class Whole:
    """One configuration with all that belongs to it, read at ``at``."""

    one: Configuration
    assigned: Part[tuple[Assigned, ...]]
    schema: Part[Json]
    application: Part[Application | None]
    at: datetime

    @property
    def principals(self) -> frozenset[str]:
        """The ids of who is assigned, as far as that was read."""
        rows = () if isinstance(self.assigned, XtSyncError) else self.assigned
        return frozenset(one.assignment.principal_id for one in rows)

    @property
    def unread(self) -> tuple[XtSyncError, ...]:
        """What kept parts from being read."""
        parts = (self.one.secrets, self.one.job, self.assigned, self.schema, self.application)
        return tuple(part for part in parts if isinstance(part, XtSyncError))


async def read_configurations(workspace: "Workspace") -> tuple[Configuration, ...]:
    """Return all configurations, that of this pair first; one just made is among them before it is listed."""
    client = workspace.client(Side.SOURCE)
    found = await configurations.configurations(client)
    note = workspace.journal.noted("configuration")
    noted = note.value["id"] if note else ""
    if noted and not any(one.id == noted for one in found):
        made = await configurations.configuration(client, noted)
        found = (*found, made) if made else found
    parts = await together(**{one.id: _settings(client, one.id) for one in found})
    target, source = workspace.side(Side.TARGET), workspace.side(Side.SOURCE)
    named = [(one, _company(parts[one.id])) for one in found]
    mine = ours(named, target.tenant_id, noted, f"{source.name} to {target.name}")
    names = await _names(workspace, {company for _, company in named if company})
    rows = []
    for one, company in named:
        secrets, job = parts[one.id]
        is_ours = mine is not None and one.id == mine.id
        state = health(one, secrets, job)
        elsewhere = bool(company) and company.lower() != target.tenant_id
        rows.append(Configuration(one, secrets, job, state, names.get(company, ""), is_ours, elsewhere))
    workspace.mark_read("configurations", failed=any(row.unread for row in rows))
    return tuple(sorted(rows, key=lambda row: (not row.is_ours, row.name.casefold(), row.id)))


async def _settings(client: "GraphClient", sp: str) -> tuple[Part[Mapping[str, str]], Part[Job | None]]:
    parts = await together(secrets=read_settings(client, sp), job=_job(client, sp))
    return parts["secrets"], parts["job"]


async def _job(client: "GraphClient", sp: str) -> Job | None:
    try:
        return next(iter(await jobs.jobs(client, sp)), None)
    except NotFound:
        return None


def _company(parts: tuple[Part[Mapping[str, str]], Part[Job | None]]) -> str:
    secrets = parts[0]
    return "" if isinstance(secrets, XtSyncError) else secrets.get(credentials.TARGET, "")


async def _names(workspace: "Workspace", ids: set[str]) -> dict[str, str]:
    """Return the names of tenants by id; that of our target is known."""
    target = workspace.side(Side.TARGET)
    names = {target.tenant_id: target.name}
    client = workspace.client(Side.SOURCE)
    for tenant_id in ids - names.keys():
        found = await attempt(access.tenant_information(client, tenant_id))
        names[tenant_id] = "" if isinstance(found, XtSyncError) else found.display_name
    return names


async def read_whole(workspace: "Workspace", one: Configuration) -> Whole:
    """Return a configuration with its assignments, schema and application."""
    client, sp = workspace.client(Side.SOURCE), one.service_principal
    job = one.job.id if isinstance(one.job, Job) else ""
    parts = await together(
        assigned=_assigned(client, sp.id),
        schema=schemas.schema(client, sp.id, job) if job else _nothing(),
        application=configurations.application(client, sp.app_id) if sp.app_id else _nothing(),
    )
    whole = Whole(one, parts["assigned"], parts["schema"], parts["application"], workspace.now())
    workspace.mark_read("configuration", failed=bool(whole.unread))
    return whole


async def _nothing() -> None:
    return None


async def _assigned(client: "GraphClient", sp: str) -> tuple[Assigned, ...]:
    try:
        found = await assignments.assignments(client, sp)
    except NotFound:
        return ()
    people = {one.principal_id for one in found if one.principal_type != "Group"}
    groups = {one.principal_id for one in found if one.principal_type == "Group"}
    parts = await together(**{id_: _group(client, id_) for id_ in groups})
    known = await _known(client, people, parts)
    accounts = await attempt(directory.users_by_id(client, sorted(people))) if people else ()
    names = (
        dict.fromkeys(people, "? cannot tell")
        if isinstance(accounts, XtSyncError)
        else {user.id: user.user_principal_name or "" for user in accounts}
    )
    rows = []
    for one in found:
        name = one.principal_display_name or one.principal_id
        if one.principal_id in people:
            rows.append(Assigned(one, name, names.get(one.principal_id, "")))
        else:
            rows.append(_group_row(one, name, parts[one.principal_id], known))
    return tuple(sorted(rows, key=lambda row: (not row.is_group, row.name.casefold(), row.id)))


@dataclass(frozen=True, slots=True)
class _Group:
    """A group: how many ``people`` are directly in it, and ``below`` in the ``nested`` groups."""

    description: str
    people: int
    nested: tuple[Group, ...]
    below: int


async def _group(client: "GraphClient", group_id: str) -> _Group:
    group = await directory.group(client, group_id)
    nested = await directory.nested_groups(client, group_id)
    people = await directory.member_count(client, group_id)
    below = [await directory.member_count(client, inner.id) for inner in nested]
    return _Group((group.description if group else "") or "", people, nested, sum(below))


@dataclass(frozen=True, slots=True)
class _Known:
    """Who is in scope, by id, and who is directly in each group inside an assigned one."""

    people: frozenset[str]
    below: Mapping[str, frozenset[str]]


async def _known(
    client: "GraphClient", people: set[str], groups: Mapping[str, Part[_Group]]
) -> _Known | None:
    """Return who has to be told apart: those who are only in nested groups from those who are in scope, too.

    None where nothing is nested, where a part was not read, or for more people than are worth reading.
    """
    read = [group for group in groups.values() if isinstance(group, _Group)]
    inner = {one.id for group in read for one in group.nested}
    many = sum(group.people + group.below for group in read)
    if not inner or len(read) < len(groups) or many > MOST:
        return None
    found = await together(**{id_: _members(client, id_) for id_ in inner | groups.keys()})
    if any(isinstance(part, XtSyncError) for part in found.values()):
        return None
    return _Known(
        frozenset(people.union(*(found[id_] for id_ in groups))), {id_: found[id_] for id_ in inner}
    )


async def _members(client: "GraphClient", group_id: str) -> frozenset[str]:
    return frozenset([user.id async for page in directory.members(client, group_id) for user in page])


def _group_row(one: Assignment, name: str, group: Part[_Group], known: _Known | None) -> Assigned:
    if isinstance(group, XtSyncError):
        return Assigned(one, name, unread=group)
    nested = tuple(inner.display_name or inner.id for inner in group.nested)
    outside, exact = group.below, not nested
    if known is not None and nested:
        below = frozenset[str]().union(*(known.below[inner.id] for inner in group.nested))
        outside, exact = len(below - known.people), True
    return Assigned(one, name, group.description, group.people, nested, outside, exact=exact)


MOST = 5_000
"""People up to which those in nested groups are told apart; of more it is said how many at most."""
