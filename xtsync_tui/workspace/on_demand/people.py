"""Who can be added to the queue: people by name, and those who are assigned."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from xtsync_tui.graph import assignments, directory
from xtsync_tui.model import Side
from xtsync_tui.workspace.setup import Principal
from xtsync_tui.workspace.setup.scope import person

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

TOGETHER = 300
"""People who are asked for at a time: 20 requests of 15 ids in one batch."""

Progress = Callable[[int], None]
"""Called with the number of people read so far."""


async def search(workspace: "Workspace", text: str) -> tuple[Principal, ...]:
    """Return people of the source whose name or address begins so; guests among them, with a warning."""
    found = await directory.search_users(workspace.client(Side.SOURCE), text, members_only=False)
    return tuple(map(person, found))


async def one(workspace: "Workspace", user_id: str) -> Principal | None:
    """Return somebody of the source by object id or user principal name, None for nobody."""
    user = await directory.user(workspace.client(Side.SOURCE), user_id)
    return person(user) if user else None


async def assigned(
    workspace: "Workspace", sp: str, progress: Progress = lambda _: None
) -> tuple[Principal, ...]:
    """Return the people who are assigned, directly or as direct members of a group, by name."""
    client = workspace.client(Side.SOURCE)
    found: dict[str, Principal] = {}
    direct = []
    for each in await assignments.assignments(client, sp):
        if each.principal_type != "Group":
            direct.append(each.principal_id)
            continue
        async for page in directory.members(client, each.principal_id):
            found |= {user.id: person(user) for user in page}
            progress(len(found))
    for start in range(0, len(direct), TOGETHER):
        found |= {
            user.id: person(user)
            for user in await directory.users_by_id(client, direct[start : start + TOGETHER])
        }
        progress(len(found))
    return tuple(sorted(found.values(), key=lambda each: each.name.casefold()))
