"""Scopes and directory roles: who may do what, by the tables of the permissions reference."""

from collections.abc import Iterable
from dataclasses import dataclass

from xtsync_tui.emulator.errors import denied, unauthenticated
from xtsync_tui.emulator.state import Grant, World

APPLICATION_ADMINISTRATOR = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"
CLOUD_APPLICATION_ADMINISTRATOR = "158c047a-c907-4556-b7ef-446551a6b5f7"
HYBRID_IDENTITY_ADMINISTRATOR = "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2"
EXTERNAL_IDENTITY_PROVIDER_ADMINISTRATOR = "be2f45a1-457d-42af-a067-6ec1fa63bc45"
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
GUEST_INVITER = "95e79109-95c0-4d8e-aee3-d01accf2d47b"
AUTHENTICATION_ADMINISTRATOR = "c4e39bd9-1100-46d3-8c65-fb160da0071f"
SECURITY_ADMINISTRATOR = "194ae4cb-b126-40b2-bd5b-6091b380977d"
PRIVILEGED_ROLE_ADMINISTRATOR = "e8611ab8-c189-46e8-94e1-60213ab1f814"
REPORTS_READER = "4a5d8f65-41da-4de4-8968-e035b65339cf"
SECURITY_READER = "5d6b6bb7-de71-4623-b4af-96380a352509"
USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1"

ROLE_NAMES = {
    APPLICATION_ADMINISTRATOR: "Application Administrator",
    CLOUD_APPLICATION_ADMINISTRATOR: "Cloud Application Administrator",
    HYBRID_IDENTITY_ADMINISTRATOR: "Hybrid Identity Administrator",
    EXTERNAL_IDENTITY_PROVIDER_ADMINISTRATOR: "External Identity Provider Administrator",
    GLOBAL_ADMINISTRATOR: "Global Administrator",
    GLOBAL_READER: "Global Reader",
    GUEST_INVITER: "Guest Inviter",
    AUTHENTICATION_ADMINISTRATOR: "Authentication Administrator",
    SECURITY_ADMINISTRATOR: "Security Administrator",
    PRIVILEGED_ROLE_ADMINISTRATOR: "Privileged Role Administrator",
    REPORTS_READER: "Reports Reader",
    SECURITY_READER: "Security Reader",
    USER_ADMINISTRATOR: "User Administrator",
}

ALL_SCOPES = frozenset(
    {
        "User.Read",
        "User.Read.All",
        "User.ReadWrite.All",
        "User.DeleteRestore.All",
        "Group.ReadWrite.All",
        "GroupMember.Read.All",
        "GroupMember.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
        "Organization.Read.All",
        "RoleManagement.Read.Directory",
        "Policy.Read.All",
        "Policy.ReadWrite.CrossTenantAccess",
        "Policy.ReadWrite.Authorization",
        "Policy.ReadWrite.ExternalIdentities",
        "CrossTenantInformation.ReadBasic.All",
        "Application.Read.All",
        "Application.ReadWrite.All",
        "AppRoleAssignment.ReadWrite.All",
        "Synchronization.Read.All",
        "Synchronization.ReadWrite.All",
        "ProvisioningLog.Read.All",
        "AuditLog.Read.All",
        "UserAuthenticationMethod.ReadWrite.All",
        "UserAuthMethod-Phone.ReadWrite.All",
    }
)
"""What a demo token holds unless a test asks for less."""


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks of a token: any one of ``scopes``, and any one of ``roles`` (none: no role needed).

    A Global Administrator needs no other role.
    """

    scopes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()

    def check(self, grant: Grant) -> None:
        """Let ``grant`` pass.

        Raises:
            Refusal: 403 ``Authorization_RequestDenied``.
        """
        if self.scopes and self.scopes.isdisjoint(grant.scopes):
            raise denied()
        if self.roles and (self.roles | {GLOBAL_ADMINISTRATOR}).isdisjoint(grant.held_roles):
            raise denied()


def needs(scopes: str, roles: Iterable[str] = ()) -> Access:
    """Return the access rule for ``scopes``, alternatives separated by blanks, and alternative ``roles``."""
    return Access(frozenset(scopes.split()), frozenset(roles))


CONFIGURES = (
    HYBRID_IDENTITY_ADMINISTRATOR,
    APPLICATION_ADMINISTRATOR,
    CLOUD_APPLICATION_ADMINISTRATOR,
)
"""Roles that may configure synchronization. The sources disagree on which; any of them is accepted."""

ASSIGNS = (APPLICATION_ADMINISTRATOR, CLOUD_APPLICATION_ADMINISTRATOR)
"""Roles that may assign people and groups, and delete a configuration."""

READS_LOGS = (
    REPORTS_READER,
    SECURITY_READER,
    SECURITY_ADMINISTRATOR,
    GLOBAL_READER,
    *ASSIGNS,
)
"""Roles that may read the provisioning and audit logs."""


def grant_of(world: World, authorization: str) -> Grant:
    """Return what the ``Authorization`` header stands for.

    Raises:
        Refusal: 401 ``InvalidAuthenticationToken``.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.casefold() != "bearer" or not token:
        raise unauthenticated("Access token is empty.")
    grant = world.grants.get(token.strip())
    if grant is None:
        raise unauthenticated("Access token validation failure. Invalid audience.")
    return grant
