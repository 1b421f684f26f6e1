"""Looking for one person in both tenants: at home in the source, and as found in the target now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import guests, person
from xtsync_tui.graph.decoding import Mismatch, convert
from xtsync_tui.model import Json, Side, User
from xtsync_tui.workspace.people_records import SELECT
from xtsync_tui.workspace.setup.found import InTarget

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

EXTERNAL = "ExternalAzureAD"
"""The issuer of the identity of somebody who signs in at another Entra tenant [user resource, identities]."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One person: as Graph wrote them at home (None when they could not be read), and in the target.

    ``error`` is what kept one of the two from being read.
    """

    home: Json | None
    target: InTarget
    error: XtSyncError | None = None

    @property
    def name(self) -> str:
        """The display name at home, ``""`` when not known."""
        return str((self.home or {}).get("displayName") or "")

    @property
    def account(self) -> str:
        """The user principal name at home, ``""`` when not known."""
        return str((self.home or {}).get("userPrincipalName") or "")


async def look_for(workspace: "Workspace", user_id: str, target_id: str = "") -> Looked:
    """Return the person at home and in the target; ``target_id`` is the account that the service named.

    Never raises for what cannot be read: that is said in ``target.unread``.
    """
    now = workspace.now()
    try:
        home = await person.record(workspace.client(Side.SOURCE), user_id, SELECT)
    except XtSyncError as error:
        return Looked(None, InTarget(now, unread=f"SOURCE could not be read: {error.title}"), error)
    if home is None:
        return Looked(None, InTarget(now, unread="The person is not in SOURCE"))
    try:
        return Looked(home, await _in_target(workspace, home, target_id))
    except XtSyncError as error:
        unread = f"TARGET could not be read: {error.title}"
        return Looked(home, InTarget(workspace.now(), unread=unread), error)


async def _in_target(workspace: "Workspace", home: Mapping[str, Any], target_id: str) -> InTarget:
    client = workspace.client(Side.TARGET)
    at_home = as_user(home)
    found = await guests.counterparts(client, at_home) if at_home else ()
    target = judged(found, home, target_id, workspace.now())
    if not target.people:
        return target
    there = await person.record(client, target.people[0].id, ("id",))
    return replace(target, manager=_manager(there or {}))


def judged(found: tuple[User, ...], home: Mapping[str, Any], target_id: str, at: datetime) -> InTarget:
    """Return the accounts found, the one that is certainly this person first.

    Certain is the account that the service named, and one that was invited under the person's name and signs
    in at another tenant. Somebody else may have the same mail address.
    """
    invited = guests.invited_name(str(home.get("userPrincipalName") or "")).lower()

    def certain(user: User) -> bool:
        name = (user.user_principal_name or "").lower()
        return user.id == target_id or (name.startswith(invited) and _signs_in_elsewhere(user))

    people = tuple(sorted(found, key=lambda user: not certain(user)))
    sure = not people or certain(people[0])
    return InTarget(at, people, sure, home_manager=_manager(home))


def _signs_in_elsewhere(user: User) -> bool:
    issuers = {one.issuer for one in user.identities or ()}
    # Before the invitation is redeemed there is no identity of another tenant yet.
    return EXTERNAL in issuers or user.external_user_state == "PendingAcceptance"


def _manager(user: Mapping[str, Any]) -> str:
    return str((user.get("manager") or {}).get("displayName") or "")


def as_user(document: Json) -> User | None:
    """Return a person as Graph wrote them as a value, None when it is not one."""
    try:
        return convert(document, User)
    except Mismatch:
        return None


def seen(target: InTarget) -> str:
    """Return what was found in the target, as a sentence."""
    if target.unread:
        return f"{target.unread}."
    return f"TARGET was read: the person is {'there' if target.people else 'not there'}."
