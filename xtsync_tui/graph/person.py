"""One person in full: attributes, groups, the last sign-in, and who else holds the address."""

from collections.abc import Sequence
from typing import Any

from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.directory import GROUPS, PAGE, PERSON, USERS
from xtsync_tui.graph.paths import builders, path, quoted
from xtsync_tui.model import Group, Json, Request, User
from xtsync_tui.model.wire import Read

CONTACTS = ("OrgContact.Read.All",)
"""Not asked for at sign-in: who lacks it only misses that a contact holds the address."""

ACTIVITY = ("AuditLog.Read.All",)


class Contact(Read, frozen=True, kw_only=True):
    """A mail contact of the tenant."""

    id: str
    display_name: str | None = None
    mail: str | None = None


async def record(client: GraphClient, user_id: str, select: Sequence[str] = PERSON) -> Json | None:
    """Return a person by id or user principal name as Graph wrote it, the manager's id and name with it."""
    return await client.find(asks_record(user_id, select), dict[str, Any])


def asks_record(user_id: str, select: Sequence[str] = PERSON) -> Request:
    """Return the request for one person, to be sent alone or with others in a batch."""
    one = builders().users.by_user_id(user_id)
    address = path(
        one, select=list(select), expand=["manager($select=id,displayName,userPrincipalName,mail)"]
    )
    return Request(method="GET", path=address, scopes=USERS)


async def groups_of(client: GraphClient, user_id: str, *, transitive: bool = False) -> tuple[Group, ...]:
    """Return the groups that have the person as a direct member, or also those around them."""
    return await client.collect(asks_groups(user_id, transitive=transitive), Group)


def asks_groups(user_id: str, *, transitive: bool = False) -> Request:
    """Return the request for the groups of one person."""
    one = builders().users.by_user_id(user_id)
    listed = one.transitive_member_of if transitive else one.member_of
    # As many as a page can hold: in a batch no second page is asked for.
    address = path(listed.graph_group, select=["id", "displayName"], top=PAGE)
    return Request(method="GET", path=address, scopes=GROUPS)


async def last_sign_in(client: GraphClient, user_id: str) -> str:
    """Return when the person last signed in, in ISO 8601, "" for never.

    Needs Entra ID P1 in the tenant; without it Graph answers 403 [user resource, signInActivity].
    """
    address = path(builders().users.by_user_id(user_id), select=["id", "signInActivity"])
    found = await client.find(Request(method="GET", path=address, scopes=ACTIVITY), dict[str, Any])
    return str(((found or {}).get("signInActivity") or {}).get("lastSignInDateTime") or "")


async def holders(client: GraphClient, mail: str) -> tuple[User, ...]:
    """Return the users who get mail for ``mail``, as their address or as another one."""
    only = f"mail eq {quoted(mail)} or proxyAddresses/any(p:p eq {quoted(f'smtp:{mail}')})"
    address = path(builders().users, filter=only, select=list(PERSON))
    return await client.collect(Request(method="GET", path=address, scopes=USERS), User)


async def contacts(client: GraphClient, mail: str) -> tuple[Contact, ...]:
    """Return the mail contacts with this address: an invitation to it cannot be made."""
    address = path(
        builders().contacts, filter=f"mail eq {quoted(mail)}", select=["id", "displayName", "mail"]
    )
    return await client.collect(Request(method="GET", path=address, scopes=CONTACTS), Contact)
