"""What an access setting comes to, from the default and the partner entry of each side."""

import msgspec
import pytest

from xtsync_tui.errors import Forbidden
from xtsync_tui.model import Json, Partner, Side
from xtsync_tui.workspace.access_settings import SETTINGS, Cell, Policy, cell, rows
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
        ("b2b-in", LIMITED_IN, Cell("allowed", "limited", "limited", Mark.UNKNOWN)),
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
    refused = Forbidden("TARGET GET /policies refused")
    unread = Policy(refused, refused)
    cells = [in_target(setting.key, unread) for setting in SETTINGS if Side.TARGET in setting.applies]
    assert {(one.effective, one.mark, one.failure) for one in cells} == {
        ("cannot tell", Mark.UNKNOWN, refused)
    }


def test_what_inherits_from_an_unread_default_is_unknown_and_what_never_inherits_is_not() -> None:
    refused = Forbidden("TARGET GET /policies refused")
    unread = Policy(refused, msgspec.convert({}, Partner))
    assert in_target("b2b-in", unread).mark is Mark.UNKNOWN
    assert in_target("redeem-in", unread).mark is Mark.BAD


def test_only_the_synchronization_of_groups_is_unknown_when_beta_says_nothing() -> None:
    refused = Forbidden("TARGET GET /policies refused")
    unread = Policy(*_both(), groups=refused)
    assert in_target("groups", unread).effective == "cannot tell"
    assert in_target("users", unread).effective == "off"


def _both() -> tuple[Partner, Partner]:
    return msgspec.convert(DEFAULT, Partner), Partner()


def test_a_row_that_stops_synchronization_is_told_apart() -> None:
    stopping = [row.setting.key for row in rows(policy({}), policy({})) if row.stops]
    assert stopping == ["users", "redeem-out", "redeem-in"]


@pytest.mark.parametrize(
    ("key", "choice", "body"),
    [
        ("redeem-in", "on", {"automaticUserConsentSettings": {"inboundAllowed": True}}),
        ("users", "off", {"userSyncInbound": {"isSyncAllowed": False}}),
        ("b2b-in", "inherit", {"b2bCollaborationInbound": None}),
        ("trust-mfa", "inherit", {"inboundTrust": None}),
        (
            "trust-mfa",
            "off",
            {
                "inboundTrust": {
                    "isMfaAccepted": False,
                    "isCompliantDeviceAccepted": None,
                    "isHybridAzureADJoinedDeviceAccepted": None,
                }
            },
        ),
    ],
)
def test_an_edit_writes_only_its_own_member(key: str, choice: str, body: Json) -> None:
    assert BY_KEY[key].body(choice, Partner()) == body


def test_trusting_one_thing_leaves_the_others_as_they_are() -> None:
    partner = msgspec.convert({"inboundTrust": {"isCompliantDeviceAccepted": True}}, Partner)
    changed = BY_KEY["trust-mfa"].body("on", partner)["inboundTrust"]
    assert changed["isCompliantDeviceAccepted"] is True
    assert changed["isMfaAccepted"] is True
