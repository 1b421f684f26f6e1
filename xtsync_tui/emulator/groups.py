"""Groups and their members."""

from xtsync_tui.emulator.auth import ASSIGNS, USER_ADMINISTRATOR, needs
from xtsync_tui.emulator.entities import DIRECTORY_OBJECT, GROUP, USER, EntityType
from xtsync_tui.emulator.errors import bad_request, not_found
from xtsync_tui.emulator.listing import count, listing, one
from xtsync_tui.emulator.people import referenced
from xtsync_tui.emulator.routing import NO_CONTENT, Answer, Context, Handler, Route
from xtsync_tui.emulator.slices import in_slices, select
from xtsync_tui.emulator.state import Document, Tenant

READ_GROUPS = needs(
    "GroupMember.Read.All Group.Read.All Group.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"
)
WRITE_MEMBERS = needs(
    "GroupMember.ReadWrite.All Group.ReadWrite.All Directory.ReadWrite.All", [USER_ADMINISTRATOR, *ASSIGNS]
)


def group_of(context: Context) -> Document:
    """Return the group of the path.

    Raises:
        Refusal: 404.
    """
    found = context.tenant.groups.get(context.ids["group"])
    if found is None:
        raise not_found(context.ids["group"])
    return found


async def inside(tenant: Tenant, group_id: str, *, transitive: bool) -> list[Document]:
    """Return the members of a group, people and groups, also those of inner groups if ``transitive``."""
    seen = {group_id}
    asked = [group_id]
    found: list[Document] = []
    while asked:
        async for part in in_slices(tenant.members.get(asked.pop(), ())):
            new = [member_id for member_id in part if member_id not in seen]
            seen.update(new)
            asked += [member_id for member_id in new if transitive and member_id in tenant.groups]
            rows = [tenant.users.get(member_id) or tenant.groups.get(member_id) for member_id in new]
            found += [row for row in rows if row is not None]
    return found


def _type_of(row: Document) -> EntityType:
    return GROUP if "securityEnabled" in row else USER


_CASTS: dict[str, EntityType] = {"user": USER, "group": GROUP}


async def _rows(context: Context, transitive: bool, cast: str) -> list[Document]:
    rows = await inside(context.tenant, group_of(context)["id"], transitive=transitive)
    return await select(rows, lambda row: _type_of(row) is _CASTS[cast]) if cast else rows


def _members(transitive: bool, cast: str) -> Handler:
    """Return the handler of ``members`` or ``transitiveMembers``, all or of one type."""

    async def handler(context: Context) -> Answer:
        rows = await _rows(context, transitive, cast)
        if cast:
            return await listing(context, rows, _CASTS[cast], f"{cast}s")
        return await listing(context, rows, DIRECTORY_OBJECT, "directoryObjects", type_of=_type_of)

    return handler


def _member_count(transitive: bool, cast: str) -> Handler:
    async def handler(context: Context) -> Answer:
        return await count(
            context, await _rows(context, transitive, cast), _CASTS.get(cast, DIRECTORY_OBJECT)
        )

    return handler


async def groups(context: Context) -> Answer:
    """List the groups."""
    return await listing(context, list(context.tenant.groups.values()), GROUP, "groups")


async def group_count(context: Context) -> Answer:
    """Count the groups."""
    return await count(context, list(context.tenant.groups.values()), GROUP)


async def group(context: Context) -> Answer:
    """Return one group."""
    return one(context, group_of(context), GROUP, "groups/$entity")


def _changeable(context: Context) -> str:
    """Return the id of the group of the path; a dynamic group takes no members by hand."""
    found = group_of(context)
    if "DynamicMembership" in found.get("groupTypes", ()):
        raise bad_request("Insufficient privileges to update the membership of a dynamic group.")
    return str(found["id"])


async def add_member(context: Context) -> Answer:
    """Put a person or a group into a group."""
    group_id, member_id = _changeable(context), referenced(context)
    tenant = context.tenant
    if member_id not in tenant.users and member_id not in tenant.groups:
        raise not_found(member_id)
    members = tenant.members.setdefault(group_id, [])
    if member_id in members:
        raise bad_request(
            "One or more added object references already exist for the following modified "
            "properties: 'members'."
        )
    members.append(member_id)
    tenant.touch(group_id, member_id)
    return NO_CONTENT


async def remove_member(context: Context) -> Answer:
    """Take a person or a group out of a group."""
    group_id, member_id = _changeable(context), context.ids["member"]
    members = context.tenant.members.get(group_id, [])
    if member_id not in members:
        raise not_found(member_id)
    members.remove(member_id)
    context.tenant.touch(group_id, member_id)
    return NO_CONTENT


def routes() -> list[Route]:
    """Return the calls about groups."""
    one_group = "/groups/{group}"
    members = [
        Route(
            "GET",
            f"{one_group}/{name}{cast and '/microsoft.graph.'}{cast}{ending}",
            make(deep, cast),
            READ_GROUPS,
        )
        for name, deep in (("members", False), ("transitiveMembers", True))
        for cast in ("", *_CASTS)
        for ending, make in (("", _members), ("/$count", _member_count))
    ]
    return [
        Route("GET", "/groups", groups, READ_GROUPS),
        Route("GET", "/groups/$count", group_count, READ_GROUPS),
        Route("GET", one_group, group, READ_GROUPS),
        *members,
        Route("POST", f"{one_group}/members/$ref", add_member, WRITE_MEMBERS),
        Route("DELETE", f"{one_group}/members/{{member}}/$ref", remove_member, WRITE_MEMBERS),
    ]
