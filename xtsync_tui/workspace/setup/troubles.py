"""People in scope who do not arrive: SMS sign-in in the source, deleted in the target."""

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import directory, guests
from xtsync_tui.model import Assignment, ProvisioningEvent, Side, User
from xtsync_tui.workspace.setup.attempts import attempt, together
from xtsync_tui.workspace.setup.facts import ConfigurationFacts, Facts
from xtsync_tui.workspace.setup.scope import everyone

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

LOOKED_AT = 3
"""People whose phones are read at most: with the log that is limited to 5 in 10 s [throttling-limits]."""

_FILTER = "alternativeSecurityIds EQUALS 'None'"


async def with_troubles(workspace: "Workspace", facts: Facts) -> Facts:
    """Return the facts with the people who do not arrive."""
    found = facts.found
    if found is None or facts.job is None:
        return facts
    parts = await together(deleted=_deleted(workspace, found), signers=_text_signers(workspace, found))
    signers = () if isinstance(parts["signers"], XtSyncError) else parts["signers"]
    return replace(facts, deleted=parts["deleted"], text_signers=signers)


async def _deleted(workspace: "Workspace", found: ConfigurationFacts) -> tuple[User, ...]:
    """Return the people in the bin of the target who are in scope in the source, by their address."""
    in_bin: dict[str, User] = {}
    async for page in guests.deleted_users(workspace.client(Side.TARGET)):
        in_bin |= {user.mail.lower(): user for user in page if user.mail}
    if not in_bin or isinstance(found.assignments, XtSyncError):
        return ()
    at_home = await directory.users_named(workspace.client(Side.SOURCE), list(in_bin))
    enabled = {user.id: user for user in at_home if user.mail and user.account_enabled is not False}
    in_scope = await _in_scope(workspace, found.assignments, set(enabled))
    mails = [(user.mail or "").lower() for id_, user in enabled.items() if id_ in in_scope]
    return tuple(in_bin[mail] for mail in mails if mail in in_bin)


async def _in_scope(workspace: "Workspace", assigned: tuple[Assignment, ...], people: set[str]) -> set[str]:
    """Return those of ``people``, by id, who are assigned directly or as direct members of a group."""
    found = people & {one.principal_id for one in assigned}
    for group in (one for one in assigned if one.principal_type == "Group"):
        if found == people:
            break
        async for page in directory.members(workspace.client(Side.SOURCE), group.principal_id):
            found |= people & {user.id for user in page}
    return found


async def _text_signers(workspace: "Workspace", found: ConfigurationFacts) -> tuple[User, ...]:
    """Return members whom the log shows as left out by the built-in filter, and who still sign in by SMS."""
    if isinstance(found.rows, XtSyncError):
        return ()
    client = workspace.client(Side.SOURCE)
    left_out = dict.fromkeys(filter(None, map(_left_out, found.rows)))
    if left_out and not everyone(found) and not isinstance(found.assignments, XtSyncError):
        # Whoever is not assigned would not come without SMS sign-in either.
        in_scope = await _in_scope(workspace, found.assignments, set(left_out))
        left_out = dict.fromkeys(user_id for user_id in left_out if user_id in in_scope)
    signers = []
    for user_id in islice(left_out, LOOKED_AT):
        user = await directory.user(client, user_id)
        if user is None or user.user_type == "Guest":
            continue
        phones = await attempt(guests.phone_methods(client, user_id))
        if isinstance(phones, XtSyncError) or any(one.signs_in for one in phones):
            signers.append(user)
    return tuple(signers)


def _left_out(row: ProvisioningEvent) -> str:
    """Return the id of the person whom this row shows as left out by the filter of external users."""
    for step in row.provisioning_steps:
        said = str((step.details or {}).get("ScopeEvaluationResult") or "").replace(" ", "")
        if f'{_FILTER}":false'.replace(" ", "") in said:
            return (row.source_identity.id if row.source_identity else None) or ""
    return ""
