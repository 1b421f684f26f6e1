"""Cross-tenant access policy: partners, the default, identity synchronization."""

import msgspec

from xtsync_tui.model.wire import Read


class ConsentSettings(Read, frozen=True, kw_only=True):
    """Automatic redemption of one side; None inherits, and inherits off always [crossTenantAccessPolicy]."""

    inbound_allowed: bool | None = None
    outbound_allowed: bool | None = None


class InboundTrust(Read, frozen=True, kw_only=True):
    """Claims of the partner's users that are trusted here."""

    is_mfa_accepted: bool | None = None
    is_compliant_device_accepted: bool | None = None
    is_hybrid_azure_ad_joined_device_accepted: bool | None = msgspec.field(
        default=None, name="isHybridAzureADJoinedDeviceAccepted"
    )


class AccessTarget(Read, frozen=True, kw_only=True):
    """Whom or what an access setting names: an id, ``AllUsers`` or ``AllApplications``."""

    target: str = ""
    target_type: str = ""


class AccessRule(Read, frozen=True, kw_only=True):
    """``allowed`` or ``blocked`` for a list of targets."""

    access_type: str = ""
    targets: tuple[AccessTarget, ...] = ()

    @property
    def blocks_all(self) -> bool:
        """Whether nobody, or nothing, is let through."""
        return self.access_type == "blocked" and any(
            target.target in {"AllUsers", "AllApplications"} for target in self.targets
        )


class B2BSetting(Read, frozen=True, kw_only=True):
    """B2B collaboration or direct connect in one direction; None parts inherit."""

    users_and_groups: AccessRule | None = None
    applications: AccessRule | None = None

    @property
    def limited(self) -> bool:
        """Whether the rule is about some users only, whose ids are those of the other tenant."""
        rule = self.users_and_groups
        return rule is not None and all(target.target != "AllUsers" for target in rule.targets)

    @property
    def blocks_all(self) -> bool:
        """Whether all users are blocked."""
        return self.users_and_groups is not None and self.users_and_groups.blocks_all


class UserSyncInbound(Read, frozen=True, kw_only=True):
    """Whether a partner may synchronize users in."""

    is_sync_allowed: bool | None = None


class IdentitySynchronization(Read, frozen=True, kw_only=True):
    """What a partner may synchronize into this tenant."""

    tenant_id: str = ""
    display_name: str | None = None
    user_sync_inbound: UserSyncInbound | None = None
    group_sync_inbound: UserSyncInbound | None = None

    @property
    def users_allowed(self) -> bool | None:
        """Whether users may be synchronized in; None when the part is not there."""
        return self.user_sync_inbound.is_sync_allowed if self.user_sync_inbound else None


class Partner(Read, frozen=True, kw_only=True):
    """Access settings for one partner tenant, or the default ones (then ``tenant_id`` is empty)."""

    tenant_id: str = ""
    is_service_provider: bool | None = None
    is_in_multi_tenant_organization: bool | None = None
    is_service_default: bool | None = None
    inbound_trust: InboundTrust | None = None
    b2b_collaboration_inbound: B2BSetting | None = None
    b2b_collaboration_outbound: B2BSetting | None = None
    b2b_direct_connect_inbound: B2BSetting | None = None
    b2b_direct_connect_outbound: B2BSetting | None = None
    automatic_user_consent_settings: ConsentSettings | None = None
    identity_synchronization: IdentitySynchronization | None = None

    @property
    def consent(self) -> ConsentSettings:
        """Automatic redemption, with nothing set where Graph left it out."""
        return self.automatic_user_consent_settings or ConsentSettings()


class TenantInformation(Read, frozen=True, kw_only=True):
    """What any tenant tells about itself: name, id, default domain."""

    tenant_id: str
    display_name: str = ""
    default_domain_name: str = ""
    federation_brand_name: str | None = None
