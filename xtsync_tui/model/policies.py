"""Tenant-wide policies that decide whether invitations work and whether guests may leave."""

from xtsync_tui.model.wire import Read


class AuthorizationPolicy(Read, frozen=True, kw_only=True):
    """Who may invite: ``none`` (nobody, administrators included), ``adminsAndGuestInviters``,
    ``adminsGuestInvitersAndAllMembers`` or ``everyone`` [authorizationPolicy].
    """  # noqa: D205

    allow_invites_from: str | None = None


class ExternalIdentitiesPolicy(Read, frozen=True, kw_only=True):
    """Whether external users may leave by themselves [externalIdentitiesPolicy, beta]."""

    allow_external_identities_to_leave: bool | None = None
    allow_deleted_identities_data_removal: bool | None = None
