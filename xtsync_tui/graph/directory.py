"""People and groups, the organization, its licences, and who is signed in."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

import msgspec

from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.paths import ME, builders, path, quoted, searched
from xtsync_tui.model import DirectoryRole, Group, Organization, Request, SubscribedSku, User
from xtsync_tui.model.wire import Read

EVENTUAL = (("ConsistencyLevel", "eventual"),)
"""The header of advanced queries; they go with ``$count=true`` [aad-advanced-queries]."""

USERS = ("User.Read.All",)
GROUPS = ("GroupMember.Read.All",)
PAGE = 999
# The SDK writes casts as graph.user; Graph's pages as microsoft.graph.user. Both are served.

PICKED = ("id", "displayName", "userPrincipalName", "mail", "userType", "accountEnabled")
"""What a list to choose people from shows."""

PERSON = (
    *PICKED,
    "givenName",
    "surname",
    "jobTitle",
    "department",
    "companyName",
    "employeeId",
    "streetAddress",
    "city",
    "state",
    "postalCode",
    "country",
    "officeLocation",
    "businessPhones",
    "mobilePhone",
    "mailNickname",
    "preferredLanguage",
    "showInAddressList",
    "creationType",
    "externalUserState",
    "identities",
    "createdDateTime",
)
"""All of a person that synchronization reads or writes; Graph's default is eleven properties [user-list]."""

_GROUP = (
    "id",
    "displayName",
    "description",
    "mail",
    "securityEnabled",
    "mailEnabled",
    "groupTypes",
    "membershipRule",
    "membershipRuleProcessingState",
)
_MANAGER = ["manager($select=id)"]


async def me(client: GraphClient) -> User:
    """Return the signed-in person."""
    address = path(builders().users.by_user_id(ME), select=list(PICKED))
    return await client.get(Request(method="GET", path=address, scopes=("User.Read",)), User)


async def my_roles(client: GraphClient) -> tuple[DirectoryRole, ...]:
    """Return the signed-in person's active directory roles; not those that could be activated."""
    roles = builders().users.by_user_id(ME).transitive_member_of.graph_directory_role
    address = path(roles, select=["id", "displayName", "roleTemplateId"])
    return await client.collect(Request(method="GET", path=address, scopes=("User.Read",)), DirectoryRole)


class _Organizations(Read, frozen=True):
    value: Annotated[tuple[Organization, ...], msgspec.Meta(min_length=1)]


async def organization(client: GraphClient) -> Organization:
    """Return the tenant: the one member of a list."""
    address = path(builders().organization, select=["id", "displayName", "verifiedDomains"])
    listed = await client.get(Request(method="GET", path=address, scopes=("User.Read",)), _Organizations)
    return listed.value[0]


async def subscribed_skus(client: GraphClient) -> tuple[SubscribedSku, ...]:
    """Return the licences of the tenant with their service plans."""
    request = Request(method="GET", path=path(builders().subscribed_skus), scopes=("Organization.Read.All",))
    return await client.collect(request, SubscribedSku)


async def user(client: GraphClient, user_id: str) -> User | None:
    """Return one person by id or user principal name, None when there is none."""
    address = path(builders().users.by_user_id(user_id), select=list(PERSON))
    return await client.find(Request(method="GET", path=address, scopes=USERS), User)


async def users(client: GraphClient) -> AsyncIterator[tuple[User, ...]]:
    """Yield everybody with all attributes of synchronization and the manager's id, 999 a page."""
    async for page in client.pages(_everybody(PERSON), User):
        yield page


async def records(
    client: GraphClient, select: Sequence[str] = PERSON
) -> AsyncIterator[tuple[dict[str, Any], ...]]:
    """Yield everybody as Graph wrote them, for attributes that only a schema knows; 999 a page."""
    async for page in client.pages(_everybody(select), dict[str, Any]):
        yield page


async def search_users(
    client: GraphClient, text: str, limit: int = 25, *, members_only: bool = True
) -> tuple[User, ...]:
    """Return people whose names or addresses have words that begin with ``text``; all when it is empty.

    The index behind it may lag behind changes.
    """
    names = ("displayName", "userPrincipalName", "mail")
    query = _search(text, names, "userType eq 'Member'" if members_only else "")
    address = path(builders().users, select=list(PICKED), top=limit, count=True, **query)
    return await _first(client, Request(method="GET", path=address, headers=EVENTUAL, scopes=USERS), User)


async def search_groups(
    client: GraphClient, text: str, limit: int = 25, *, assignable_only: bool = True
) -> tuple[Group, ...]:
    """Return groups whose name or description has words that begin with ``text``; all when it is empty.

    ``assignable_only`` leaves out those that cannot be assigned: groups that are not security groups.
    """
    query = _search(
        text, ("displayName", "description"), "securityEnabled eq true" if assignable_only else ""
    )
    address = path(builders().groups, select=list(_GROUP), top=limit, count=True, **query)
    return await _first(client, Request(method="GET", path=address, headers=EVENTUAL, scopes=GROUPS), Group)


async def group(client: GraphClient, group_id: str) -> Group | None:
    """Return one group, None when it is not there."""
    address = path(builders().groups.by_group_id(group_id), select=list(_GROUP))
    return await client.find(Request(method="GET", path=address, scopes=GROUPS), Group)


async def members(client: GraphClient, group_id: str) -> AsyncIterator[tuple[User, ...]]:
    """Yield the people directly in a group, which are those that an assignment counts."""
    group = builders().groups.by_group_id(group_id)
    address = path(group.members.graph_user, select=list(PICKED), top=PAGE)
    async for page in client.pages(Request(method="GET", path=address, scopes=GROUPS), User):
        yield page


async def nested_groups(client: GraphClient, group_id: str) -> tuple[Group, ...]:
    """Return the groups directly in a group: their members are not synchronized."""
    group = builders().groups.by_group_id(group_id)
    address = path(group.members.graph_group, select=["id", "displayName"])
    return await client.collect(Request(method="GET", path=address, scopes=GROUPS), Group)


async def users_named(client: GraphClient, names: Sequence[str]) -> tuple[User, ...]:
    """Return the people with these user principal names or addresses, in no order; unknown ones are left out.

    At most 15 names go into one request: a filter is limited in size.
    """
    found: list[User] = []
    for start in range(0, len(names), 15):
        listed = ", ".join(quoted(name) for name in names[start : start + 15])
        only = f"userPrincipalName in ({listed}) or mail in ({listed})"
        address = path(builders().users, filter=only, select=list(PICKED))
        found += await client.collect(Request(method="GET", path=address, scopes=USERS), User)
    return tuple(found)


def asks_users(ids: Sequence[str]) -> list[Request]:
    """Return the requests for people by their ids, 15 in each, to be sent in a batch."""
    asked = []
    for start in range(0, len(ids), 15):
        listed = ", ".join(quoted(id_) for id_ in ids[start : start + 15])
        address = path(builders().users, filter=f"id in ({listed})", select=list(PICKED))
        asked.append(Request(method="GET", path=address, scopes=USERS))
    return asked


def _everybody(select: Sequence[str]) -> Request:
    address = path(builders().users, select=list(select), expand=_MANAGER, top=PAGE)
    return Request(method="GET", path=address, scopes=USERS)


def _search(text: str, names: Sequence[str], only: str) -> dict[str, str]:
    words = searched(text.strip())
    search = " OR ".join(f'"{name}:{words}"' for name in names) if words else ""
    return {"search": search, "filter": only}


async def _first(client: GraphClient, request: Request, type_: type[Any]) -> tuple[Any, ...]:
    async for page in client.pages(request, type_):
        return page
    return ()
