"""What an access setting comes to, from the default and the partner entry of each side."""

import msgspec
import pytest

from xtsync_tui.model import Json, Partner, Side
from xtsync_tui.workspace.access_settings import SETTINGS, UNREAD, Cell, Policy, cell, rows
from xtsync_tui.workspace.setup.reading import Mark

ALL = {"accessType": "allowed", "targets": [{"target": "AllUsers", "targetType": "user"}]}
NOBODY = {"accessType": "blocked", "targets": [{"target": "AllUsers", "targetType": "user"}]}
SOME = {"accessType": "allowed", "targets": [{"target": "5b1e08d2", "targetType": "user"}]}
DEFAULT = {
    "b2bCollaborationInbound": {"usersAndGroups": ALL},
    "b2bCollaborationOutbound": {"usersAndGroups": ALL},
    "b2bDirectConnectInbound": {"usersAndGroups": NOBODY},
    "inboundTrust": {"isMfaAccepted": False},
}
BLOCKED_IN = {"b2bCollaborationInbound": {"usersAndGroups": NOBODY}}
LIMITED_IN = {"b2bCollaborationInbound": {"usersAndGroups": SOME}}
BY_KEY = {setting.key: setting for setting in SETTINGS}


def policy(partner: Json = None, default: Json = DEFAULT) -> Policy:
    entry = None if partner is None else msgspec.convert(partner, Partner)
    return Policy(msgspec.convert(default, Partner), entry)


def in_target(key: str, policy: Policy) -> Cell:
    return cell(BY_KEY[key], Side.TARGET, policy)


@pytest.mark.parametrize(
    ("key", "partner", "shown"),
    [
        ("users", {}, Cell("–", "not set", "off", Mark.BAD)),
        (
            "users",
            {"identitySynchronization": {"userSyncInbound": {"isSyncAllowed": True}}},
            Cell("–", "allowed", "allowed", Mark.GOOD),
        ),
        ("redeem-in", {}, Cell("off", "not set", "off", Mark.BAD)),
        (
            "redeem-in",
            {"automaticUserConsentSettings": {"inboundAllowed": True}},
            Cell("off", "on", "on", Mark.GOOD),
        ),
        ("redeem-out", {}, Cell("off", "not set", "not needed")),
        ("b2b-in", {}, Cell("allowed", "inherited", "allowed", Mark.GOOD)),
        ("b2b-in", BLOCKED_IN, Cell("allowed", "blocked", "blocked", Mark.BAD)),
        ("b2b-in", LIMITED_IN, Cell("allowed", "limited", "limited", Mark.GOOD)),
        ("b2b-out", {}, Cell("allowed", "inherited", "not needed")),
        ("direct-in", {}, Cell("blocked", "inherited", "blocked")),
        ("trust-mfa", {"inboundTrust": {"isMfaAccepted": True}}, Cell("off", "on", "on")),
        ("trust-mfa", {}, Cell("off", "inherited", "off")),
        ("groups", {}, Cell("–", "not set", "off")),
    ],
)  # fmt: skip
def test_a_value_says_what_is_set_and_what_takes_effect(key: str, partner: Json, shown: Cell) -> None:
    assert in_target(key, policy(partner)) == shown


def test_without_a_partner_entry_the_default_takes_effect() -> None:
    assert in_target("b2b-in", policy(None)).effective == "allowed"
    assert in_target("redeem-in", policy(None)).effective == "off"


def test_what_could_not_be_read_is_unknown_and_never_off() -> None:
    unread = Policy(UNREAD, UNREAD)
    assert {in_target(setting.key, unread).effective for setting in SETTINGS} == {"cannot tell"}
    assert in_target("users", unread).mark is Mark.UNKNOWN


def test_a_row_that_stops_synchronization_is_told_apart() -> None:
    stopping = [row.setting.key for row in rows(policy({}), policy({})) if row.stops]
    assert stopping == ["users", "redeem-out", "redeem-in"]


def test_an_edit_writes_only_its_own_member() -> None:
    assert BY_KEY["redeem-in"].body("on") == {"automaticUserConsentSettings": {"inboundAllowed": True}}
    assert BY_KEY["b2b-in"].body("inherit") == {"b2bCollaborationInbound": None}
    assert BY_KEY["trust-mfa"].body("off") == {"inboundTrust": {"isMfaAccepted": False}}
