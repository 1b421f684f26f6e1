"""The target's settings: who may invite guests, and whether external users may leave."""

from xtsync_tui.emulator.auth import (
    EXTERNAL_IDENTITY_PROVIDER_ADMINISTRATOR,
    PRIVILEGED_ROLE_ADMINISTRATOR,
    needs,
)
from xtsync_tui.emulator.errors import bad_request
from xtsync_tui.emulator.routing import NO_CONTENT, Answer, Context, Route
from xtsync_tui.emulator.state import Document

INVITERS = frozenset({"none", "adminsAndGuestInviters", "adminsGuestInvitersAndAllMembers", "everyone"})

READ = needs("Policy.Read.All")
AUTHORIZE = needs("Policy.ReadWrite.Authorization", [PRIVILEGED_ROLE_ADMINISTRATOR])
LEAVE = needs("Policy.ReadWrite.ExternalIdentities", [EXTERNAL_IDENTITY_PROVIDER_ADMINISTRATOR])


def new_authorization_policy() -> Document:
    """Return the authorization policy of a new tenant."""
    return {
        "id": "authorizationPolicy",
        "displayName": "Authorization Policy",
        "description": "Used to manage authorization related settings across the company.",
        "allowInvitesFrom": "everyone",
        "allowedToSignUpEmailBasedSubscriptions": True,
        "allowedToUseSSPR": True,
        "allowEmailVerifiedUsersToJoinOrganization": False,
        "allowUserConsentForRiskyApps": None,
        "blockMsolPowerShell": False,
        "guestUserRoleId": "10dae51f-b6af-4016-8d66-8c2a99b929b3",
        "defaultUserRolePermissions": {
            "allowedToCreateApps": True,
            "allowedToCreateSecurityGroups": True,
            "allowedToCreateTenants": True,
            "allowedToReadBitlockerKeysForOwnedDevice": True,
            "allowedToReadOtherUsers": True,
            "permissionGrantPoliciesAssigned": [
                "ManagePermissionGrantsForSelf.microsoft-user-default-legacy"
            ],
        },
    }


def new_external_identities_policy() -> Document:
    """Return the external identities policy of a new tenant."""
    return {
        "id": "externalIdentityPolicy",
        "deletedDateTime": None,
        "displayName": "External Identities Policy",
        "allowExternalIdentitiesToLeave": True,
        "allowDeletedIdentitiesDataRemoval": False,
    }


async def authorization(context: Context) -> Answer:
    """Return who may do what by default."""
    return context.entity("policies/authorizationPolicy/$entity", context.tenant.authorization_policy)


async def change_authorization(context: Context) -> Answer:
    """Change who may do what by default."""
    policy, changes = context.tenant.authorization_policy, context.document()
    for name in changes:
        if name not in policy or name == "id":
            raise bad_request(f"Invalid property '{name}'.")
    if changes.get("allowInvitesFrom", "everyone") not in INVITERS:
        raise bad_request("Invalid value specified for property 'allowInvitesFrom' of resource.")
    policy.update(changes)
    return NO_CONTENT


async def external_identities(context: Context) -> Answer:
    """Return whether external users may leave."""
    return context.entity(
        "policies/externalIdentitiesPolicy/$entity", context.tenant.external_identities_policy
    )


async def change_external_identities(context: Context) -> Answer:
    """Change whether external users may leave."""
    changes = context.document()
    for name, value in changes.items():
        if name not in ("allowExternalIdentitiesToLeave", "allowDeletedIdentitiesDataRemoval"):
            raise bad_request(f"Invalid property '{name}'.")
        if not isinstance(value, bool):
            raise bad_request(f"Invalid value specified for property '{name}' of resource.")
    context.tenant.external_identities_policy.update(changes)
    return NO_CONTENT


def routes() -> list[Route]:
    """Return the calls about the target's policies; leaving is known to beta only."""
    guests, leaving = "/policies/authorizationPolicy", "/policies/externalIdentitiesPolicy"
    beta = ("beta",)
    return [
        Route("GET", guests, authorization, READ),
        Route("PATCH", guests, change_authorization, AUTHORIZE),
        Route("GET", leaving, external_identities, READ, versions=beta),
        Route("PATCH", leaving, change_external_identities, LEAVE, versions=beta),
    ]
