"""How the target answers an invitation: with a new guest, one that was there, or a refusal."""

from collections.abc import Mapping
from datetime import datetime

from xtsync_tui.emulator.clock import stamp
from xtsync_tui.emulator.records import is_internal
from xtsync_tui.emulator.state import Document, Tenant, World
from xtsync_tui.engine.cycle import Failed
from xtsync_tui.engine.values import Value

OBJECT_QUOTA = 300_000
"""Objects a directory with a verified domain may hold; deleted ones count a quarter [service limits]."""

USER_TYPES = ("Member", "Guest")
PENDING = "PendingAcceptance"
FEDERATED = {"signInType": "federated", "issuer": "ExternalAzureAD", "issuerAssignedId": None}
"""The identity of a guest whose home is another tenant [user-properties]."""

NOBODY_INVITES = "none"
REFUSED = {
    "AzureActiveDirectoryForbidden": "Guest invitations not allowed for your company. Contact your company "
    "administrator for more details.",
    "AzureActiveDirectoryQuotaLimitExceeded": "The directory object quota limit for the tenant has been "
    "exceeded.",
    "MandatoryFieldsMissing": "Required attributes of the user have no value: displayName.",
    "InvitationCreationFailureInvalidPropertyValue": "The primary SMTP address, or the user type, is not "
    "valid for an invitation, or the address belongs to a group.",
    "InvitationCreationFailureAmbiguousUser": "A proxy address of the user is that of an internal user.",
    "InvitationCreationFailureUserAccountDisabled": "The invited user has an account that is disabled.",
    "Conflict": "The address or name of the user is that of another object in the target directory.",
}
"""What the target says, by error code [concept-provisioning-logs].

Not documented: the code for a contact with the same address, a collision that the service does not handle.
Conflict is used.
"""


class Invitations:
    """The invitations into ``target``. The index of its addresses is built when it is needed."""

    def __init__(self, world: World, target: Tenant) -> None:
        self._world = world
        self._target = target
        self._addresses: dict[str, str] = {}
        self._revision = -1

    def existing(self, values: Mapping[str, Value]) -> Document | None:
        """Return the external user that has the address to invite, None when there is none.

        A guest who has not redeemed is found and redeemed this way. Two people with one address end up on
        one user of the target [known-issues].
        """
        user = self._target.users.get(self._owner(address(values)))
        return user if user and not is_internal(user) else None

    def refusal(self, values: Mapping[str, Value], existing: Document | None) -> Failed | None:
        """Return why a user with these ``values`` cannot be invited, None when it can be."""
        code = self._code(values, existing)
        return Failed(code, REFUSED[code]) if code else None

    def create(self, values: Mapping[str, Value], at: datetime) -> Document:
        """Return a new guest, invited and redeemed at once since both sides redeem automatically."""
        user: Document = {
            "id": self._world.new_id(),
            "userPrincipalName": values.get("userPrincipalName"),
            "userType": "Guest",
            "accountEnabled": True,
            "creationType": "Invitation",
            "createdDateTime": stamp(at),
            "identities": [],
        }
        self._target.users[str(user["id"])] = user
        self.redeem(user, at)
        return user

    def redeem(self, user: Document, at: datetime) -> None:
        """Accept the invitation of ``user`` at the time ``at``."""
        user["externalUserState"] = "Accepted"
        user["externalUserStateChangeDateTime"] = stamp(at)
        user["identities"] = [FEDERATED]

    def remember(self, user: Document) -> None:
        """Take a user just written into the index, so that the next invitation sees it."""
        if self._revision == self._target.revision - 1:
            self._index(user)
            self._revision = self._target.revision

    def _code(self, values: Mapping[str, Value], existing: Document | None) -> str | None:
        target, mail = self._target, address(values)
        if target.authorization_policy.get("allowInvitesFrom") == NOBODY_INVITES:
            return "AzureActiveDirectoryForbidden"
        if not values.get("displayName"):
            return "MandatoryFieldsMissing"
        if values.get("userType", "Guest") not in USER_TYPES or "@" not in mail:
            return "InvitationCreationFailureInvalidPropertyValue"
        if existing is not None:
            disabled = (
                existing.get("externalUserState") == PENDING and existing.get("accountEnabled") is False
            )
            return "InvitationCreationFailureUserAccountDisabled" if disabled else None
        if self._objects() >= OBJECT_QUOTA:
            return "AzureActiveDirectoryQuotaLimitExceeded"
        owner = self._owner(mail)
        if owner in target.contacts:
            return "Conflict"
        if owner in target.groups:
            return "InvitationCreationFailureInvalidPropertyValue"
        if owner in target.users:
            return "InvitationCreationFailureAmbiguousUser"
        return "Conflict" if self._owner(str(values.get("userPrincipalName"))) else None

    def _objects(self) -> float:
        target = self._target
        live = len(target.users) + len(target.groups) + len(target.contacts)
        return live + len(target.deleted_users) / 4

    def _owner(self, name: str) -> str:
        """Return the id of the object that has the address or user principal name ``name``, "" for none."""
        if self._revision != self._target.revision:
            self._addresses.clear()
            for objects in (self._target.users, self._target.groups, self._target.contacts):
                for found in objects.values():
                    self._index(found)
            self._revision = self._target.revision
        return self._addresses.get(name.casefold(), "")

    def _index(self, found: Document) -> None:
        names = [found.get("mail"), found.get("userPrincipalName"), *found.get("otherMails", ())]
        names += [proxy.partition(":")[2] for proxy in found.get("proxyAddresses", ())]
        for name in names:
            if name:
                self._addresses.setdefault(name.casefold(), found["id"])


def address(values: Mapping[str, Value]) -> str:
    """Return the address to invite: the mail, or the user principal name at home when there is none."""
    mail = values.get("mail") or values.get("sourceUserPrincipalName") or ""
    return mail if isinstance(mail, str) else mail[0]
