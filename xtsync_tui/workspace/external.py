"""External collaboration: who may invite guests, and whether external users may leave by themselves."""

from collections.abc import Mapping
from dataclasses import dataclass

from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import policies
from xtsync_tui.model import Json, Side
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.setup.facts import Clients, Part
from xtsync_tui.workspace.setup.needs import LEAVES, Requirement, Role
from xtsync_tui.workspace.setup.partners import NOBODY
from xtsync_tui.workspace.setup.reading import Mark

INVITE = "invite"
LEAVE = "leave"
AUTHORIZES = Role("Privileged Role Administrator", frozenset({"e8611ab8-c189-46e8-94e1-60213ab1f814"}))

INVITERS = {
    NOBODY: "nobody",
    "adminsAndGuestInviters": "admins and inviters",
    "adminsGuestInvitersAndAllMembers": "members too",
    "everyone": "everyone",
}
"""The values of ``allowInvitesFrom`` from the most restrictive on, and their words [authorizationPolicy]."""

MAY = {"yes": "yes", "no": "no"}


@dataclass(frozen=True, slots=True)
class ExternalRow:
    """One setting of the whole tenant on both sides: Graph's value, or the error that kept it away."""

    key: str
    title: str
    purpose: str
    values: Mapping[Side, Part[str]]
    choices: Mapping[str, str]

    def words(self, side: Side) -> str:
        """Return the value as it is shown."""
        value = self.values[side]
        return (
            "cannot tell" if isinstance(value, XtSyncError) else self.choices.get(value, value or "not set")
        )

    def mark(self, side: Side) -> Mark:
        """Return what the value means for synchronization: TARGET has to let somebody invite."""
        value = self.values[side]
        if isinstance(value, XtSyncError):
            return Mark.UNKNOWN
        if self.key != INVITE or side is Side.SOURCE:
            return Mark.NONE
        return Mark.BAD if value == NOBODY else Mark.GOOD


def external_rows(
    invite: Mapping[Side, Part[str]], leave: Mapping[Side, Part[bool]]
) -> tuple[ExternalRow, ...]:
    """Return the settings of both tenants."""
    may = {
        side: value if isinstance(value, XtSyncError) else ("yes" if value else "no")
        for side, value in leave.items()
    }
    return (
        ExternalRow(
            INVITE,
            "Who may invite guests",
            "Synchronization invites the people it creates. While nobody may invite in {target}, not even an"
            " administrator, it can create nobody.",
            invite,
            INVITERS,
        ),
        ExternalRow(
            LEAVE,
            "External users may leave by themselves",
            "Whoever leaves {target} but is still in scope is created again by a later cycle. It is for the"
            " whole tenant, guests of others included.",
            may,
            MAY,
        ),
    )


def requirement(row: ExternalRow, side: Side) -> Requirement:
    """Return what changing it takes."""
    if row.key == INVITE:
        return Requirement(side, AUTHORIZES, "Policy.ReadWrite.Authorization")
    return Requirement(side, LEAVES, "Policy.ReadWrite.ExternalIdentities")


def plan_external(clients: Clients, row: ExternalRow, side: Side, choice: str) -> tuple[Planned, ...]:
    """Return the request that sets ``choice``, none when it is so; raises what kept the value away."""
    value = row.values[side]
    if isinstance(value, XtSyncError):
        raise value
    if value == choice:
        return ()
    return (_invite if row.key == INVITE else _leave)(clients, side, value, choice)


def _invite(clients: Clients, side: Side, value: str, choice: str) -> tuple[Planned, ...]:
    async def look() -> Json:
        found = await policies.authorization(clients[side])
        return {"allowInvitesFrom": choice} if found.allow_invites_from == choice else None

    why = f"who may invite guests: {INVITERS.get(choice, choice)}"
    undo = Undo((policies.set_invitations(value),)) if value else Undo(why_not="It was not set before.")
    before = {"allowInvitesFrom": value}
    return (Planned(side, policies.set_invitations(choice), why, undo, before, look),)


def _leave(clients: Clients, side: Side, value: str, choice: str) -> tuple[Planned, ...]:
    allowed = choice == "yes"

    async def look() -> Json:
        found = await policies.external_identities(clients[side])
        there = found.allow_external_identities_to_leave is allowed
        return {"allowExternalIdentitiesToLeave": allowed} if there else None

    why = f"external users may leave by themselves: {choice}"
    undo = Undo((policies.set_leave(allowed=value == "yes"),))
    before = {"allowExternalIdentitiesToLeave": value == "yes"}
    return (Planned(side, policies.set_leave(allowed=allowed), why, undo, before, look),)
