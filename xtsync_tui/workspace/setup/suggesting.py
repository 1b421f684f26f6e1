"""Answers with which a step can be done unasked: the defaults, and a person whom the service will take."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import directory, guests
from xtsync_tui.model import Assignment, Side, User
from xtsync_tui.workspace.setup.ahead import answers_of
from xtsync_tui.workspace.setup.answers import Answers, PersonAnswers, Principal, ScopeAnswers
from xtsync_tui.workspace.setup.facts import Facts
from xtsync_tui.workspace.setup.register import HANDLERS
from xtsync_tui.workspace.setup.scope import person, somebody_in_scope

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

LOOKED_AT = 4
"""People whose phones are asked for at most: that is limited to 5 in 10 seconds [throttling-limits]."""


async def suggest(workspace: "Workspace", facts: Facts, number: int) -> Answers:
    """Return answers for step ``number``; raises InvalidInput when nobody suitable is found."""
    answers = HANDLERS[number].defaults(facts)
    chosen: User | None = None
    if isinstance(answers, ScopeAnswers) and not (answers.everyone or somebody_in_scope(facts)):
        chosen = await _suitable(workspace, facts, _everybody(workspace))
    elif isinstance(answers, PersonAnswers):
        chosen = await _suitable(workspace, facts, _in_scope(workspace, facts))
    return answers_of(facts, number, person(chosen) if chosen else None)


async def suggest_person(workspace: "Workspace", facts: Facts) -> Principal:
    """Return somebody with whom the rest can be done: who is in scope, else one who fits."""
    people = _in_scope(workspace, facts) if somebody_in_scope(facts) else _everybody(workspace)
    return person(await _suitable(workspace, facts, people))


async def _everybody(workspace: "Workspace") -> AsyncIterator[User]:
    for user in await directory.search_users(workspace.client(Side.SOURCE), ""):
        yield user


async def _in_scope(workspace: "Workspace", facts: Facts) -> AsyncIterator[User]:
    client = workspace.client(Side.SOURCE)
    assigned: tuple[Assignment, ...] = ()
    if facts.found and not isinstance(facts.found.assignments, XtSyncError):
        assigned = facts.found.assignments
    for one in assigned:
        if one.principal_type == "User":
            user = await directory.user(client, one.principal_id)
            if user:
                yield user
    for one in assigned:
        if one.principal_type == "Group":
            async for page in directory.members(client, one.principal_id):
                for user in page:
                    yield user
    if not assigned:
        async for user in _everybody(workspace):
            yield user


async def _suitable(workspace: "Workspace", facts: Facts, people: AsyncIterator[User]) -> User:
    """Return the first person whom the service takes: an enabled member with mail, and no SMS sign-in."""
    me = None if isinstance(facts.source.me, XtSyncError) else facts.source.me.id
    gone = set() if isinstance(facts.deleted, XtSyncError) else {user.mail for user in facts.deleted}
    looked_at = 0
    async for user in people:
        if user.user_type == "Guest" or not user.account_enabled or not user.mail:
            continue
        if user.id == me or user.mail in gone:
            continue
        looked_at += 1
        if looked_at > LOOKED_AT or not await _signs_in_by_text(workspace, user):
            return user
    raise InvalidInput(
        "Nobody suitable was found",
        f"{facts.source.label} has no enabled member with an address among those who can be chosen.",
        "Choose somebody in the dialog.",
    )


async def _signs_in_by_text(workspace: "Workspace", user: User) -> bool:
    try:
        phones = await guests.phone_methods(workspace.client(Side.SOURCE), user.id)
    except XtSyncError:
        return False  # only a hint: the service says it too
    return any(phone.signs_in for phone in phones)
