"""What the service writes into the target: invitations, values, and users that leave and come back."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from xtsync_tui.emulator.clock import stamp
from xtsync_tui.emulator.connection import refusal
from xtsync_tui.emulator.invitations import PENDING, Invitations
from xtsync_tui.emulator.job import Job
from xtsync_tui.emulator.records import write
from xtsync_tui.emulator.sides import TargetSide
from xtsync_tui.emulator.state import Document, Tenant, World, net_id
from xtsync_tui.engine.cycle import Done, Failed, Halt
from xtsync_tui.engine.decision import Action, Decision, User
from xtsync_tui.engine.mapping import Change

ON_PREMISES = Failed(
    "AzureActiveDirectoryCannotUpdateObjectsMasteredOnPremises",
    "Unable to update the user: it is mastered on-premises.",
)
GONE = Failed("InvalidAnchor", "The linked user no longer exists in the target directory.")
EXCHANGE_OWNED = frozenset({"mail", "showInAddressList"}) | {f"extensionAttribute{n}" for n in range(1, 16)}
"""Attributes that Exchange owns once the user has a mailbox: written without them [known-issues]."""

NAME = "userPrincipalName"


def has_mailbox(user: Document) -> bool:
    """Return whether Exchange owns part of ``user``."""
    plans = (*user.get("assignedPlans", ()), *user.get("provisionedPlans", ()))
    return any(plan.get("service", "").lower() == "exchange" for plan in plans)


def writable(user: Document, changes: Sequence[Change]) -> Sequence[Change]:
    """Return the changes that Exchange does not refuse."""
    if not has_mailbox(user):
        return changes
    return [change for change in changes if change.attribute not in EXCHANGE_OWNED]


class Occasion(Enum):
    """When something is written. It decides whether an existing user gets another name.

    A guest who was invited by mail, and only redeemed now, keeps the name made of that mail: provision on
    demand changes it, a full cycle after the link does, an incremental one never
    [cross-tenant-synchronization-configure].
    """

    EVERYONE = "full cycle"
    CHANGES = "incremental cycle"
    ON_DEMAND = "on demand"


class Exporter:
    """Carries the decisions of a job out in its target; ``side`` is how the engine sees that."""

    def __init__(self, world: World, job: Job, target: Tenant) -> None:
        self._world = world
        self._job = job
        self.target = target
        self.side = TargetSide(target)
        self._invitations = Invitations(world, target)

    def apply(self, user: User, decision: Decision, at: datetime, when: Occasion) -> Done | Failed | Halt:
        """Carry ``decision`` out at the time ``at``, if the policies allow it, and return how that ended."""
        error = refusal(self._world, self._job.source, self._job.secrets)
        if error is not None:
            return Halt(error)
        target_id = str(decision.target_id)
        if decision.action is Action.CREATE:
            return self._create(user, decision, at, when)
        if decision.action is Action.HARD_DELETE:
            return self._purge(target_id)
        restored = decision.action is Action.RESTORE
        found = (self.target.deleted_users if restored else self.target.users).get(target_id)
        if found is None:
            return GONE
        if found.get("onPremisesSyncEnabled"):
            return ON_PREMISES
        if decision.action is Action.SOFT_DELETE:
            return self._soft_delete(found, at)
        if restored:
            self._restore(found)
        return self._update(found, decision.changes, rename=when is not Occasion.CHANGES)

    def _create(self, user: User, decision: Decision, at: datetime, when: Occasion) -> Done | Failed:
        values = {change.attribute: change.new for change in decision.changes}
        values["sourceUserPrincipalName"] = user.record.get(NAME)
        found = self._invitations.existing(values)
        refused = self._invitations.refusal(values, found)
        if refused is not None:
            return refused
        guest = found or self._invitations.create(values, at)
        if guest.get("externalUserState") == PENDING:
            self._invitations.redeem(guest, at)
        self.side.add(guest["id"], net_id(user.id))
        kept = {"userType"} if found else set()
        changes = [change for change in decision.changes if change.attribute not in kept]
        return self._update(guest, changes, rename=found is None or when is Occasion.ON_DEMAND)

    def _update(self, user: Document, changes: Sequence[Change], *, rename: bool) -> Done:
        kept = [c for c in writable(user, changes) if rename or c.attribute != NAME]
        write(user, ((change.attribute, change.new) for change in kept))
        for change in kept:
            if change.attribute == "manager" and isinstance(change.new, str):
                self.target.managers[user["id"]] = change.new
        self.target.touch(user["id"])
        self._invitations.remember(user)
        return Done(user["id"])

    def _soft_delete(self, user: Document, at: datetime) -> Done:
        user["deletedDateTime"] = stamp(at)
        self.target.deleted_users[user["id"]] = self.target.users.pop(user["id"])
        self.target.touch(user["id"])
        return Done(user["id"])

    def _restore(self, user: Document) -> None:
        user.pop("deletedDateTime", None)
        self.target.users[user["id"]] = self.target.deleted_users.pop(user["id"])

    def _purge(self, target_id: str) -> Done:
        self.target.users.pop(target_id, None)
        self.target.deleted_users.pop(target_id, None)
        self.target.alternative_ids.pop(target_id, None)
        self.target.touch(target_id)
        return Done(target_id)


def expired(deleted: Document, now: datetime) -> bool:
    """Return whether a soft-deleted user has been in the bin for 30 days [directory deletedItems]."""
    since = deleted.get("deletedDateTime")
    return bool(since) and (now - datetime.fromisoformat(str(since))).days >= 30
