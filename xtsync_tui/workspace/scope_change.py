"""Who enters scope and who leaves it when it goes from the assigned to all users, or back."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xtsync_tui.graph import directory
from xtsync_tui.model import Job, Json, ServicePrincipal, Side
from xtsync_tui.settings import Limits
from xtsync_tui.workspace.configurations.schema_facts import schema_facts
from xtsync_tui.workspace.mappings.crowd import Crowd, Person, read_crowd
from xtsync_tui.workspace.mappings.draft import begin
from xtsync_tui.workspace.mappings.effects import effects
from xtsync_tui.workspace.mappings.reading import MappingsReading
from xtsync_tui.workspace.mappings.trial import Bench
from xtsync_tui.workspace.setup.answers import Principal

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

LEAVES, ENTERS = "leaves", "enters"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a scope is evaluated with: the configuration, its job and its schema.

    ``everyone`` is whether all users are in scope now. ``threshold`` is the number of removals from which
    they are held: 0 when that is off, None when it cannot be told.
    """

    configuration: ServicePrincipal
    job: Job
    schema: Json
    everyone: bool
    threshold: int | None


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody whose scope changes: ``state`` is how, its symbol first."""

    id: str
    name: str
    account: str
    state: str


@dataclass(frozen=True, slots=True)
class ScopeChange:
    """What another scope does to the ``read`` people of SOURCE, those who are removed first.

    ``removed`` counts everybody of whom it cannot be told among those who may be; ``created`` those who
    enter and are not in TARGET.
    """

    read: int
    movers: tuple[Mover, ...]
    leave: int
    enter: int
    unknown: int
    removed: int
    created: int

    def exceeds(self, limits: Limits, threshold: int | None) -> bool:
        """Whether so many people are concerned that the profile wants a name to be typed."""
        least = limits.removals or threshold or limits.changes
        return self.removed >= least or self.removed + self.created >= limits.changes


async def read_everybody(workspace: "Workspace", scope: Scope, progress: Callable[[int], None]) -> Crowd:
    """Read all people of SOURCE with who of them is assigned and who is in TARGET."""
    reading = MappingsReading(
        configuration=scope.configuration,
        job=scope.job,
        schema=scope.schema,
        sync_all=False,  # whoever may not be assigned is to be told apart
        threshold=scope.threshold,
        others=(),
        at=workspace.now(),
    )
    return await read_crowd(workspace, reading, progress, everybody=True)


async def members(workspace: "Workspace", groups: Collection[Principal]) -> frozenset[str]:
    """Return the ids of the direct members of groups."""
    found: set[str] = set()
    for group in groups:
        async for page in directory.members(workspace.client(Side.SOURCE), group.id):
            found |= {user.id for user in page}
    return frozenset(found)


def change(
    workspace: "Workspace", scope: Scope, crowd: Crowd, joining: Collection[str] = frozenset()
) -> ScopeChange:
    """Return what the other scope does; ``joining`` are the ids of people who are assigned along with it.

    It takes some microseconds a person, the same evaluation as that of scoping filters.
    """
    source, target = workspace.side(Side.SOURCE), workspace.side(Side.TARGET)
    bench = Bench(scope.schema, workspace.now, source.domain, target.initial_domain, crowd.names)
    if scope.everyone:  # who is assigned counts only afterwards
        people = tuple(_assigned(one) if one.user.id in joining else one for one in crowd.people)
        crowd = replace(crowd, people=people)
    draft = begin(scope.schema)
    found = effects(draft, crowd, bench, sync_all=scope.everyone, then=not scope.everyone)
    facts = schema_facts(scope.schema)
    actions = facts.actions if facts else frozenset[str]()
    people_by_id = {one.user.id: one for one in crowd.people}
    unread = crowd.target_unread is not None
    leave = [_leaver(people_by_id[one.id], unread=unread, deletes="delete" in actions) for one in found.leave]
    enter = [_comer(people_by_id[one.id], unread=unread, creates="create" in actions) for one in found.enter]
    unknown = [_mover(people_by_id[one.id], f"? cannot tell: {one.why}") for one in found.unknown]
    return ScopeChange(
        read=len(crowd.people),
        movers=(*sorted(leave, key=lambda one: one.state != REMOVED), *unknown, *enter),
        leave=len(leave),
        enter=len(enter),
        unknown=len(unknown),
        removed=sum(one.state == REMOVED for one in leave) + (len(unknown) if scope.everyone else 0),
        created=sum(one.state == CREATED for one in enter),
    )


REMOVED = f"✗ {LEAVES}: soft-deleted"
CREATED = f"+ {ENTERS}: created"


def _assigned(person: Person) -> Person:
    return replace(person, user=person.user._replace(direct=True), unsure="")


def _leaver(person: Person, *, unread: bool, deletes: bool) -> Mover:
    if person.target is None and not unread:
        return _mover(person, f"– {LEAVES}: not in TARGET")
    return _mover(person, REMOVED if deletes else f"– {LEAVES}: stays in TARGET, Delete is off")


def _comer(person: Person, *, unread: bool, creates: bool) -> Mover:
    if person.target is not None and not unread:
        return _mover(person, f"+ {ENTERS}: in TARGET already")
    return _mover(person, CREATED if creates else f"– {ENTERS}: not created, Create is off")


def _mover(person: Person, state: str) -> Mover:
    account = person.record.get("userPrincipalName")
    return Mover(person.user.id, person.name, account if isinstance(account, str) else "", state)
