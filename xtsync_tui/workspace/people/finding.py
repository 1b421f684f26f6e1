"""Finding people in either tenant, and who somebody of the target is at home."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xtsync_tui.graph import directory
from xtsync_tui.model import Side, User

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

MARK = "#EXT#"


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who matches a search; name and account are not cleaned."""

    id: str
    side: Side
    name: str
    account: str
    mail: str
    kind: str
    enabled: bool | None


async def search(workspace: "Workspace", side: Side, text: str) -> tuple[Found, ...]:
    """Return the people of one side whose name or address begins so, guests among them."""
    users = await directory.search_users(workspace.client(side), text, members_only=False)
    return tuple(_found(user, side) for user in users)


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
    if there is None:
        return None
    account = there.user_principal_name or ""
    names = [name for name in (name_at_home(account), there.mail) if name]
    if MARK not in account or not names:
        return None
    found = await directory.users_named(workspace.client(Side.SOURCE), names)
    return next((user for user in found if user.user_principal_name in names), next(iter(found), None))
