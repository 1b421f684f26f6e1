"""What the dialogs of the steps look up: tenants, people, groups, mappings, filters, the cycle."""

from typing import TYPE_CHECKING

from xtsync_tui.errors import InvalidInput, NotFound, XtSyncError
from xtsync_tui.graph import access, directory
from xtsync_tui.model import Json, Side, TenantInformation
from xtsync_tui.text import clean
from xtsync_tui.workspace.schema import mapping_rows
from xtsync_tui.workspace.setup.answers import Principal
from xtsync_tui.workspace.setup.facts import Facts
from xtsync_tui.workspace.setup.found import CycleView, GroupView, MappingRow
from xtsync_tui.workspace.setup.scope import group, person
from xtsync_tui.workspace.setup.service import cycle_view

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace


async def resolve_tenant(workspace: "Workspace", text: str, seen_by: Side = Side.TARGET) -> TenantInformation:
    """Return the tenant with this id or domain, as ``seen_by`` another; raises InvalidInput or NotFound."""
    name = text.strip()
    if not name or any(char.isspace() for char in name) or "." not in name.replace("-", "."):
        raise InvalidInput("An id or a domain", "", "Type one, such as contoso.com.")
    try:
        return await access.tenant_information(workspace.client(seen_by), name)
    except NotFound as error:
        raise InvalidInput("No tenant has this id or domain", clean(name, 80), "Type another.") from error


async def search_people(workspace: "Workspace", text: str) -> tuple[Principal, ...]:
    """Return people of the source whose name or address begins so."""
    return tuple(map(person, await directory.search_users(workspace.client(Side.SOURCE), text)))


async def search_groups(workspace: "Workspace", text: str) -> tuple[Principal, ...]:
    """Return groups of the source whose name begins so."""
    return tuple(map(group, await directory.search_groups(workspace.client(Side.SOURCE), text)))


async def members_and_nested(workspace: "Workspace", group_id: str) -> GroupView:
    """Return who comes with a group, and which groups inside it are not followed."""
    client = workspace.client(Side.SOURCE)
    people: list[str] = []
    async for page in directory.members(client, group_id):
        people += [user.display_name or user.id for user in page]
    nested = await directory.nested_groups(client, group_id)
    return GroupView(tuple(people), tuple(one.display_name or one.id for one in nested))


def assigned(facts: Facts) -> tuple[Principal, ...]:
    """Return who is assigned."""
    found = facts.found
    if found is None:
        return ()
    if isinstance(found.assignments, XtSyncError):
        raise found.assignments
    return tuple(
        Principal(
            one.principal_id,
            one.principal_display_name or "",
            "Group" if one.principal_type == "Group" else "User",
        )
        for one in found.assignments
    )


def mappings(facts: Facts) -> tuple[MappingRow, ...]:
    """Return the attribute mappings of people."""
    return mapping_rows(_schema(facts))


def cycle(facts: Facts) -> CycleView:
    """Return the job now; raises InvalidInput without one."""
    view = cycle_view(facts)
    if view is None:
        raise _no_job()
    return view


def _schema(facts: Facts) -> Json:
    schema = facts.found.schema if facts.found else None
    if isinstance(schema, XtSyncError):
        raise schema
    if schema is None:
        raise _no_job()
    return schema


def _no_job() -> InvalidInput:
    return InvalidInput("Step 6 comes first", "There is no job yet.")
