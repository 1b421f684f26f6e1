"""Whether the source may push into the target: the policies of both sides, as the service checks them.

The sentences are those of "configure cross-tenant synchronization", Troubleshooting. Not documented: which
one comes first when several settings are missing. Without redemption at either end it is the one about that,
the one that the page has had from its first edition; then the order is that of the steps.
"""

from collections.abc import Mapping

from xtsync_tui.emulator.state import Tenant, World
from xtsync_tui.engine.quarantine import JobError

POLICY_CHECK = "AzureActiveDirectoryCrossTenantSyncPolicyCheckFailure"
REDEMPTION_CHECK = "AzureDirectoryB2BManagementPolicyCheckFailure"

NO_INBOUND_SYNC = JobError(
    POLICY_CHECK,
    "The target tenant has not enabled inbound synchronization with this tenant. Please request the target "
    "tenant admin to enable the inbound synchronization on their cross-tenant access policy. "
    "Learn more: aka.ms/TroubleshootingCrossTenantSyncPolicyCheck",
)
NO_OUTBOUND_CONSENT = JobError(
    POLICY_CHECK,
    "The source tenant has not enabled automatic user consent with the target tenant. Please enable the "
    "outbound cross-tenant access policy for automatic user consent in the source tenant. "
    "aka.ms/TroubleshootingCrossTenantSyncPolicyCheck",
)
NO_REDEMPTION = JobError(REDEMPTION_CHECK, "Policy permitting auto-redemption of invitations not configured.")
ALSO = {NO_OUTBOUND_CONSENT: NO_REDEMPTION}
"""The log page has one code for redemption missing at either end [concept-provisioning-logs], the
configuration page another for the source. Not documented: how they go together; here as a detail."""

WRONG_TENANT = JobError(
    "InvalidCredentials",
    "You appear to have entered invalid credentials. Please confirm you are using the correct information "
    "for an administrative account.",
)
"""Not documented: the code for a CompanyId that is no tenant; the sentence is the portal's general one."""

SYNC_POLICY = "SyncPolicy"
"""The AuthenticationType of cross-tenant synchronization [cross-tenant-synchronization-configure-graph]."""


def target_of(world: World, source: Tenant, secrets: Mapping[str, str]) -> Tenant | None:
    """Return the tenant that ``CompanyId`` names, None when it names no other tenant."""
    target = world.tenants.get(secrets.get("CompanyId", ""))
    return None if target is source else target


def redeems(tenant: Tenant, partner_id: str, direction: str) -> bool:
    """Return whether ``tenant`` redeems invitations with the partner, ``direction`` inbound or outbound.

    A partner setting of null inherits false, always [crosstenantaccesspolicyconfigurationpartner].
    """
    settings = tenant.partners.get(partner_id, {}).get("automaticUserConsentSettings") or {}
    return settings.get(f"{direction}Allowed") is True


def allows_inbound_sync(target: Tenant, source_id: str) -> bool:
    """Return whether ``target`` lets users of ``source_id`` in by synchronization."""
    policy = target.identity_synchronizations.get(source_id) or {}
    return source_id in target.partners and (policy.get("userSyncInbound") or {}).get("isSyncAllowed") is True


def refusal(world: World, source: Tenant, secrets: Mapping[str, str]) -> JobError | None:
    """Return why the connection that ``secrets`` describe is refused, None when it holds."""
    target = target_of(world, source, secrets)
    if target is None or secrets.get("AuthenticationType") != SYNC_POLICY:
        return WRONG_TENANT
    inbound = redeems(target, source.id, "inbound")
    outbound = redeems(source, target.id, "outbound")
    if not (inbound or outbound):
        return NO_REDEMPTION
    if not allows_inbound_sync(target, source.id):
        return NO_INBOUND_SYNC
    if not inbound:
        return NO_REDEMPTION
    return None if outbound else NO_OUTBOUND_CONSENT
