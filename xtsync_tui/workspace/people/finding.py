"""Finding people in either tenant, and who somebody of the target is at home."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xtsync_tui.graph import directory, guests
from xtsync_tui.model import Side, User
from xtsync_tui.workspace import repairs

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

MARK = "#EXT#"


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who matches a search; name and account are not cleaned.

    ``binned`` says until when somebody lies in the bin, "" for who does not.
    """

    id: str
    side: Side
    name: str
    account: str
    mail: str
    kind: str
    enabled: bool | None
    binned: str = ""


async def search(workspace: "Workspace", side: Side, text: str) -> tuple[Found, ...]:
    """Return the people of one side whose name or address begins so, guests among them.

    In the target the bin is searched, too, when nobody else matches: who is there is not missing.
    """
    users = await directory.search_users(workspace.client(side), text, members_only=False)
    if users or side is Side.SOURCE:
        return tuple(_found(user, side) for user in users)
    found = []
    async for page in guests.deleted_users(workspace.client(side)):
        found += [_binned(user) for user in page if _matches(user, text.casefold())]
    return tuple(found)


def _matches(user: User, text: str) -> bool:
    names = (user.display_name, repairs.name_before(user), user.mail)
    words = [word for name in names if name for word in (name, *name.split())]
    return any(word.casefold().startswith(text) for word in words)


def _binned(user: User) -> Found:
    end = repairs.until(user)
    words = f"in the bin until {end}" if end else "in the bin"
    return replace(_found(user, Side.TARGET), account=repairs.name_before(user), binned=words)


def _found(user: User, side: Side) -> Found:
    name = user.user_principal_name or ""
    kind = user.user_type or "Member"
    return Found(
        user.id, side, user.display_name or name, name, user.mail or "",
        f"external {kind.lower()}" if MARK in name else kind.lower(), user.account_enabled,
    )  # fmt: skip


def name_at_home(user_principal_name: str) -> str:
    """Return the name in the home tenant of ``ana_contoso.com#EXT#@fabrikam…``, "" for somebody at home."""
    start, mark, _ = user_principal_name.partition(MARK)
    local, line, domain = start.rpartition("_")
    return f"{local}@{domain}" if mark and line else ""


async def home_of(workspace: "Workspace", target_id: str) -> User | None:
    """Return who somebody of the target is in the source, by name and mail address; None for nobody."""
    there = await directory.user(workspace.client(Side.TARGET), target_id)
    return await _named(workspace, there.user_principal_name or "", there.mail or "") if there else None


async def at_home(workspace: "Workspace", found: Found) -> User | None:
    """Return who somebody found in the target is in the source, None for nobody."""
    return await _named(workspace, found.account, found.mail)


async def _named(workspace: "Workspace", account: str, mail: str) -> User | None:
    names = [name for name in (name_at_home(account), mail) if name]
    if MARK not in account or not names:
        return None
    found = await directory.users_named(workspace.client(Side.SOURCE), names)
    return next((user for user in found if user.user_principal_name in names), next(iter(found), None))
