"""Who enters scope and who leaves it when it goes from the assigned to all users, or back."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xtsync_tui.graph import directory
from xtsync_tui.model import Job, Json, ServicePrincipal, Side
from xtsync_tui.workspace.mappings.crowd import Crowd, Person, read_crowd
from xtsync_tui.workspace.mappings.draft import begin
from xtsync_tui.workspace.mappings.effects import Effects, Move, Mover, effects
from xtsync_tui.workspace.mappings.trial import bench_of
from xtsync_tui.workspace.setup.answers import Principal

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

MOVES = frozenset({Move.LEAVES, Move.ENTERS, Move.UNKNOWN})
"""How another scope moves people; who waits in it or lingers out of it does so either way."""


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


async def read_everybody(workspace: "Workspace", scope: Scope, progress: Callable[[int], None]) -> Crowd:
    """Read all people of SOURCE with who of them is assigned and who is in TARGET."""
    # sync_all False: whoever may not be assigned is to be told apart.
    return await read_crowd(
        workspace, scope.configuration.id, scope.schema, progress, sync_all=False, everybody=True
    )


async def members(workspace: "Workspace", groups: Collection[Principal]) -> frozenset[str]:
    """Return the ids of the direct members of groups."""
    found: set[str] = set()
    for group in groups:
        async for page in directory.members(workspace.client(Side.SOURCE), group.id):
            found |= {user.id for user in page}
    return frozenset(found)


def change(
    workspace: "Workspace", scope: Scope, crowd: Crowd, joining: Collection[str] = frozenset()
) -> Effects:
    """Return whom the other scope lets leave and enter; ``joining`` are the ids of who is assigned with it.

    It takes some microseconds a person, the same evaluation as that of scoping filters.
    """
    bench = bench_of(workspace, scope.schema)
    if scope.everyone:  # who is assigned counts only afterwards
        people = tuple(_assigned(one) if one.user.id in joining else one for one in crowd.people)
        crowd = replace(crowd, people=people)
    found = effects(begin(scope.schema), crowd, bench, sync_all=scope.everyone, then=not scope.everyone)
    return replace(found, movers=tuple(map(_told, (one for one in found.movers if one.move in MOVES))))


def _told(one: Mover) -> Mover:
    """Return somebody with what decides it here: whoever moves by the scope is not assigned."""
    return one if one.move is Move.UNKNOWN else replace(one, why="not assigned")


def _assigned(person: Person) -> Person:
    return replace(person, user=person.user._replace(direct=True), unsure="")
