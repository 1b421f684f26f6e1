"""The access settings of a pair, as Graph has them and as they take effect.

A partner setting that is null takes the default of its tenant; automatic redemption does not: null is off,
always [crossTenantAccessPolicyConfigurationPartner]. A part that could not be read is unknown, never off.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import B2BSetting, InboundTrust, Partner, Side
from xtsync_tui.workspace.setup.facts import Part
from xtsync_tui.workspace.setup.reading import Mark

UNKNOWN = "cannot tell"
NOT_NEEDED = "not needed"
LIMITED = "limited"
"""Allowed or blocked for some people or applications only."""
NONE = "–"


Changes = dict[str, Any]
"""A body for PATCH; None gives a member back to the default."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What one side says about the other: its default, and its partner entry, None when there is none.

    ``groups`` is why the synchronization of groups, which only beta tells, could not be read.
    """

    default: Part[Partner]
    partner: Part[Partner | None]
    groups: XtSyncError | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One setting on one side: the default, what the partner entry says, and what takes effect.

    ``mark`` says what the effect means for synchronization; ``NONE`` where it does not matter. ``failure`` is
    what kept it from being read. ``open`` is a door that the pair does not need.
    """

    default: str
    partner: str
    effective: str
    mark: Mark = Mark.NONE
    failure: XtSyncError | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that both sides have, and what it is for.

    ``purpose`` names tenants as ``{here}``, ``{other}`` and ``{target}``. ``applies`` are the sides on which
    it has an effect on people who go from SOURCE to TARGET, and ``needed`` tells whether synchronization
    stands on it there. ``choices`` are the words that an edit may set, in the order of the form;
    ``"inherit"`` removes the partner's own value. ``body`` is what an edit changes, given the choice and
    the partner as it is.
    """

    key: str
    title: str
    purpose: str
    applies: frozenset[Side]
    needed: bool
    choices: tuple[str, ...]
    read: Callable[[Partner], str]
    inherits: Callable[[str], str]
    good: str
    body: Callable[[str, Partner], Changes]

    def opens(self, side: Side) -> bool:
        """Whether allowing it lets the other tenant write on a side where this pair does not need that."""
        return side not in self.applies and self.key in {"users", "groups"}

    def told(self, side: Side) -> str:
        """Return what it is for on this side: what it is needed for is true of the side that needs it."""
        if not self.needed or side in self.applies:
            return self.purpose
        return f"{self.purpose.partition('. ')[0]}. People who go from SOURCE to TARGET do not need it here."

    @property
    def beta(self) -> bool:
        """Whether only beta knows it."""
        return self.key == "groups"

    def stands_on(self, side: Side) -> bool:
        """Whether synchronization stands on it on this side."""
        return self.needed and side in self.applies


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting with its value on both sides."""

    setting: Setting
    cells: Mapping[Side, Cell]

    @property
    def stops(self) -> bool:
        """Whether it stops synchronization on either side."""
        return any(cell.mark is Mark.BAD for cell in self.cells.values())


def rows(source: Policy, target: Policy) -> tuple[SettingRow, ...]:
    """Return every setting with its default, partner and effective value on both sides."""
    return tuple(
        SettingRow(
            setting,
            {
                Side.SOURCE: cell(setting, Side.SOURCE, source),
                Side.TARGET: cell(setting, Side.TARGET, target),
            },
        )
        for setting in SETTINGS
    )


def cell(setting: Setting, side: Side, policy: Policy) -> Cell:
    """Return what ``setting`` is on ``side``."""
    default = (
        UNKNOWN if isinstance(policy.default, XtSyncError) else setting.inherits(setting.read(policy.default))
    )
    if isinstance(policy.partner, XtSyncError):
        return _unknown(setting, side, default, policy.partner)
    if setting.beta and policy.groups is not None and side in setting.applies:
        return _unknown(setting, side, default, policy.groups)
    own = setting.read(policy.partner) if policy.partner is not None else ""
    partner = own or ("not set" if setting in _NEVER_INHERITED else "inherited")
    if side not in setting.applies:
        shown = partner if setting.inherits is not _no_default or own else NONE
        return Cell(default, shown, NOT_NEEDED, open=setting.opens(side) and own == "allowed")
    effective = own or ("off" if setting in _NEVER_INHERITED else default)
    if effective == UNKNOWN and isinstance(policy.default, XtSyncError):
        return Cell(default, partner, UNKNOWN, _mark(setting, side, UNKNOWN), policy.default)
    return Cell(default, partner, effective, _mark(setting, side, effective))


def _unknown(setting: Setting, side: Side, default: str, failure: XtSyncError) -> Cell:
    effective = UNKNOWN if side in setting.applies else NOT_NEEDED
    return Cell(default, UNKNOWN, effective, _mark(setting, side, effective), failure)


def _mark(setting: Setting, side: Side, effective: str) -> Mark:
    if effective == UNKNOWN:
        return Mark.UNKNOWN
    if not setting.stands_on(side):
        return Mark.NONE
    if effective == LIMITED:
        # It is limited to ids of the other tenant: whether these are the people in scope is not known.
        return Mark.UNKNOWN
    return Mark.GOOD if effective == setting.good else Mark.BAD


def _switch(value: bool | None) -> str:
    return "" if value is None else "on" if value else "off"


def _users(partner: Partner) -> str:
    allowed = partner.identity_synchronization.users_allowed if partner.identity_synchronization else None
    return "" if allowed is None else "allowed" if allowed else "off"


def _groups(partner: Partner) -> str:
    part = partner.identity_synchronization.group_sync_inbound if partner.identity_synchronization else None
    allowed = part.is_sync_allowed if part else None
    return "" if allowed is None else "allowed" if allowed else "off"


def _b2b(setting: B2BSetting | None) -> str:
    if setting is None or setting.users_and_groups is None:
        return ""
    return LIMITED if setting.limited else setting.users_and_groups.access_type


def _trust(name: str) -> Callable[[Partner], str]:
    def read(partner: Partner) -> str:
        trust = partner.inbound_trust or InboundTrust()
        return _switch(getattr(trust, name))

    return read


def _no_default(_: str) -> str:
    return NONE


def _always_off(_: str) -> str:
    return "off"


def _default(value: str) -> str:
    return value or "off"


def _b2b_body(member: str) -> Callable[[str, Partner], Changes]:
    def body(choice: str, _: Partner) -> Changes:
        if choice == "inherit":
            return {member: None}
        people = {"accessType": choice, "targets": [{"target": "AllUsers", "targetType": "user"}]}
        apps = {"accessType": choice, "targets": [{"target": "AllApplications", "targetType": "application"}]}
        return {member: {"usersAndGroups": people, "applications": apps}}

    return body


def _trust_body(member: str) -> Callable[[str, Partner], Changes]:
    def body(choice: str, partner: Partner) -> Changes:
        # Not documented: whether a member that is left out stays, so all three are sent.
        own = msgspec.to_builtins(partner.inbound_trust or InboundTrust())
        own[member] = None if choice == "inherit" else choice == "on"
        return {"inboundTrust": own if any(value is not None for value in own.values()) else None}

    return body


def _consent_body(member: str) -> Callable[[str, Partner], Changes]:
    return lambda choice, _: {"automaticUserConsentSettings": {member: choice == "on"}}


def _sync_body(member: str) -> Callable[[str, Partner], Changes]:
    return lambda choice, _: {member: {"isSyncAllowed": choice == "allowed"}}


_BOTH = frozenset(Side)
_SOURCE = frozenset({Side.SOURCE})
_TARGET = frozenset({Side.TARGET})
_B2B_CHOICES = ("inherit", "allowed", "blocked")
_TRUST_CHOICES = ("inherit", "on", "off")

SETTINGS = (
    Setting(
        "users",
        "Users may sync in",
        "Lets {other} create and change people in {here}. Needed in {target}. Turning it off there stops"
        " synchronization and leaves the people who are there as they are.",
        _TARGET, True, ("allowed", "off"), _users, _no_default, "allowed", _sync_body("userSyncInbound"),
    ),
    Setting(
        "redeem-out",
        "Redeem invitations, outbound",
        "Lets people from {here} into {other} without a consent prompt. Needed in SOURCE (outbound) and in"
        " TARGET (inbound) together: with only one of them people still get the prompt, and the connection"
        " test of step 6 fails.",
        _SOURCE, True, ("on", "off"),
        lambda partner: _switch(partner.consent.outbound_allowed), _always_off, "on",
        _consent_body("outboundAllowed"),
    ),
    Setting(
        "redeem-in",
        "Redeem invitations, inbound",
        "Lets people from {other} into {here} without a consent prompt. Needed in TARGET (inbound) and in"
        " SOURCE (outbound) together: with only one of them people still get the prompt, and the connection"
        " test of step 6 fails.",
        _TARGET, True, ("on", "off"),
        lambda partner: _switch(partner.consent.inbound_allowed), _always_off, "on",
        _consent_body("inboundAllowed"),
    ),
    Setting(
        "b2b-out",
        "B2B collaboration, outbound",
        "Lets people from {here} be guests or members of {other}. Blocked in SOURCE, nobody arrives.",
        _SOURCE, True, _B2B_CHOICES,
        lambda partner: _b2b(partner.b2b_collaboration_outbound), _default, "allowed",
        _b2b_body("b2bCollaborationOutbound"),
    ),
    Setting(
        "b2b-in",
        "B2B collaboration, inbound",
        "Lets people from {other} be guests or members of {here}. Blocked in TARGET, nobody arrives.",
        _TARGET, True, _B2B_CHOICES,
        lambda partner: _b2b(partner.b2b_collaboration_inbound), _default, "allowed",
        _b2b_body("b2bCollaborationInbound"),
    ),
    Setting(
        "groups",
        "Groups may sync in (beta)",
        "Lets {other} create security groups in {here}. A preview: it needs an Entra ID Governance"
        " licence in SOURCE and the scope assigned only.",
        _TARGET, False, ("allowed", "off"), _groups, _no_default, "allowed", _sync_body("groupSyncInbound"),
    ),
    Setting(
        "direct-out",
        "B2B direct connect, outbound",
        "Lets people from {here} into shared channels of {other}. Synchronization does not use it.",
        _BOTH, False, _B2B_CHOICES,
        lambda partner: _b2b(partner.b2b_direct_connect_outbound), _default, "allowed",
        _b2b_body("b2bDirectConnectOutbound"),
    ),
    Setting(
        "direct-in",
        "B2B direct connect, inbound",
        "Lets people from {other} into shared channels of {here}. Synchronization does not use it.",
        _BOTH, False, _B2B_CHOICES,
        lambda partner: _b2b(partner.b2b_direct_connect_inbound), _default, "allowed",
        _b2b_body("b2bDirectConnectInbound"),
    ),
    Setting(
        "trust-mfa",
        "Trust multifactor sign-in",
        "Accepts in {here} the multifactor sign-in of {other}, so that people are not asked twice.",
        _BOTH, False, _TRUST_CHOICES, _trust("is_mfa_accepted"), _default, "on", _trust_body("isMfaAccepted"),
    ),
    Setting(
        "trust-compliant",
        "Trust compliant devices",
        "Accepts in {here} devices that {other} calls compliant.",
        _BOTH, False, _TRUST_CHOICES, _trust("is_compliant_device_accepted"), _default, "on",
        _trust_body("isCompliantDeviceAccepted"),
    ),
    Setting(
        "trust-hybrid",
        "Trust hybrid joined devices",
        "Accepts in {here} devices that are hybrid joined in {other}.",
        _BOTH, False, _TRUST_CHOICES, _trust("is_hybrid_azure_ad_joined_device_accepted"), _default, "on",
        _trust_body("isHybridAzureADJoinedDeviceAccepted"),
    ),
)  # fmt: skip
"""Every setting, those that synchronization needs first."""

_NEVER_INHERITED = tuple(setting for setting in SETTINGS if setting.inherits in {_no_default, _always_off})
