"""The access settings, as somebody at the keyboard meets them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, settled
from xtsync_tui.emulator.auth import GLOBAL_ADMINISTRATOR, SECURITY_ADMINISTRATOR
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.emulator.seed import CONTOSO, FABRIKAM
from xtsync_tui.emulator.state import Tenant

pytestmark = pytest.mark.anyio

WIDE, NARROW = (120, 36), (80, 24)
POLICIES = frozenset({"Policy.Read.All", "Policy.ReadWrite.CrossTenantAccess"})


@asynccontextmanager
async def access(demo: Demo, size: tuple[int, int] = WIDE) -> AsyncIterator[Person]:
    async with at_keyboard(demo.app(), size) as person:
        await person.press("3")
        await person.sees("Also here")
        yield person


def tenant(demo: Demo, name: str) -> Tenant:
    return next(one for one in demo.emulator.world.tenants.values() if one.name == name)


def cursor(person: Person) -> str:
    return next(line for line in person.lines if line.startswith("▌"))


async def test_a_key_that_comes_when_the_dialog_was_left_sends_nothing() -> None:
    demo = Demo("troubled")
    async with at_keyboard(demo.app()) as person:
        await person.press("3")
        await person.sees("Also here")
        await person.press("fix")
        await person.sees("[ Save ]")
        dialog = person.app.screen
        await person.press("send")
        await person.sees_no("[ Save ]")
        sent = len(demo.workspace.journal.entries())
        dialog.action_send()
        assert len(demo.workspace.journal.entries()) == sent


async def test_the_cursor_starts_on_what_stops_synchronization_on_its_side() -> None:
    async with access(Demo("troubled")) as person:
        await person.sees("✗ 2 settings stop synchronization")
        await person.sees("Redeem invitations, outbound · in SOURCE Contoso · tab for TARGET")
        assert "Redeem invitations, outbound" in cursor(person)


async def test_the_repair_is_shown_sent_and_noted() -> None:
    demo = Demo("troubled")
    async with access(demo) as person:
        await person.press("fix")
        await person.sees("Will send to SOURCE Contoso", '{"outboundAllowed": true}')
        await person.press("send")
        await person.sees("✓ Redeem invitations, outbound: on in SOURCE", "✗ 1 setting stops")
        consent = tenant(demo, "Contoso").partners[FABRIKAM]["automaticUserConsentSettings"]
        assert consent["outboundAllowed"] is True
        (entry,) = demo.workspace.journal.entries()
        assert entry.why == "Redeem invitations, outbound: on"


async def test_a_value_that_would_stop_synchronization_is_sent_by_f2_only_and_says_so() -> None:
    demo = Demo("configured")
    async with access(demo) as person:
        await person.press("edit")
        await person.sees("Users may sync in · TARGET Fabrikam", "nothing is changed")
        assert person.app.focused.id == "cancel"
        assert not person.app.screen.query_one("#send").display
        await person.press("shift+tab", "right")
        await person.sees("! This stops synchronization")
        await person.press("send")
        await person.sees("✗ 1 setting stops synchronization")


async def test_a_setting_that_somebody_changed_meanwhile_stops_the_save_and_is_shown() -> None:
    demo = Demo("configured")
    trust = {"isCompliantDeviceAccepted": None, "isHybridAzureADJoinedDeviceAccepted": None}
    async with access(demo) as person:
        person.app.screen.come("target:trust-compliant")
        await person.press("edit", "right")
        await person.sees('"isMfaAccepted": null', '"isCompliantDeviceAccepted": true')
        tenant(demo, "Fabrikam").partners[CONTOSO]["inboundTrust"] = {"isMfaAccepted": True, **trust}
        await person.press("send")
        await person.sees(
            "Changed elsewhere: nothing was sent", "Trust multifactor sign-in was inherited, is on."
        )
        assert demo.workspace.journal.entries() == ()
        await person.sees('"isMfaAccepted": true, "isCompliantDeviceAccepted": true')
        await person.press("send")
        await person.sees("✓ Trust compliant devices: on in TARGET")
    now = tenant(demo, "Fabrikam").partners[CONTOSO]["inboundTrust"]
    assert (now["isMfaAccepted"], now["isCompliantDeviceAccepted"]) == (True, True)


async def test_a_tenant_that_cannot_be_reached_any_more_stops_the_save_and_the_form_stays() -> None:
    demo = Demo("configured")
    async with access(demo) as person:
        person.app.screen.come("target:trust-compliant")
        await person.press("edit", "right")
        await person.sees('"isCompliantDeviceAccepted": true')
        demo.emulator.world.faults.add(Fault("dropped before", times=100))
        await person.press("send")
        await person.sees("✗ No answer from SOURCE", '"isCompliantDeviceAccepted": true', "f2 Save")
        assert demo.workspace.journal.entries() == ()
        demo.emulator.world.faults.waiting.clear()
        await person.press("send")
        await person.sees("✓ Trust compliant devices: on in TARGET")


async def test_allowing_source_to_be_written_to_is_said_to_be_needless_before_and_after() -> None:
    demo = Demo("configured")
    async with access(demo) as person:
        person.app.screen.come("source:users")
        await person.press("edit", "left")
        await person.sees("! This pair does not need it. It lets Fabrikam create and change people in")
        await person.press("send")
        await person.sees("✓ Users may sync in: allowed in SOURCE", "! not needed")
        await person.sees("though this pair does not need it: TARGET may write here")


async def test_a_limited_b2b_setting_is_not_shown_as_in_order() -> None:
    demo = Demo("configured")
    some = {"accessType": "allowed", "targets": [{"target": FABRIKAM, "targetType": "user"}]}
    apps = {"accessType": "allowed", "targets": [{"target": "AllApplications", "targetType": "application"}]}
    limited = {"usersAndGroups": some, "applications": apps}
    tenant(demo, "Fabrikam").partners[CONTOSO]["b2bCollaborationInbound"] = limited
    async with access(demo) as person:
        await person.sees("? limited", "? in order as far as can be told")
        await person.press("2")
        await person.sees("? cannot tell whether it is complete", "? TARGET limits B2B collaboration")
        await person.sees("? limits B2B collaboration (inbound)")
        await person.sees_no("not read")
        await person.press("down", "fix")
        await person.sees("cannot tell whether it lets these in, i shows to whom")


async def test_a_tab_that_is_not_shown_is_marked_while_it_stops_synchronization() -> None:
    async with access(Demo("troubled")) as person:
        await person.sees("External collaboration ✗")


async def test_v_shows_how_a_setting_was_read_where_nothing_is_to_be_repaired() -> None:
    async with access(Demo("configured")) as person:
        await person.press("request")
        await person.sees("GET /v1.0/policies/crossTenantAccessPolicy/partners")


async def test_tab_changes_the_side_and_a_narrow_screen_shows_one() -> None:
    async with access(Demo("configured"), NARROW) as person:
        await person.sees("TARGET Fabrikam, partner Contoso")
        await person.press("panel")
        await person.sees("SOURCE Contoso, partner Fabrikam", "tab for TARGET")
        await person.sees_no("TARGET Fabrikam, partner Contoso")


async def test_a_partner_is_looked_up_shown_and_added() -> None:
    demo = Demo("fresh")
    async with access(demo) as person:
        await person.press("new")
        await person.sees("Add partner in TARGET Fabrikam", "off until the tenant is found")
        await person.types("contoso.com")
        await person.sees("✓ Contoso · contoso.com", "/partners")
        await person.press("send")
        await person.sees("Partners (1)")
        assert CONTOSO in tenant(demo, "Fabrikam").partners


async def test_a_tenant_that_does_not_exist_cannot_be_added() -> None:
    demo = Demo("fresh")
    async with access(demo) as person:
        await person.press("new")
        await person.types("nobody.example")
        await person.sees("✗ ", "off until the tenant is found")
        await person.press("send", "back")
        await person.sees("Keep the draft?")
        await person.press("enter")
        await person.sees("Partners (0)", "draft kept: partner of TARGET")
        await person.press("new")
        await person.sees("nobody.example", "off until the tenant is found")
        await person.press("back")
        await person.sees("Keep the draft?")
        await person.press("down", "enter")
        await person.sees("Partners (0)")
        await person.sees_no("draft kept")


async def test_a_partner_is_removed_by_typing_its_name() -> None:
    demo = Demo("configured")
    async with access(demo) as person:
        await person.press("tab_on", "end", "delete")
        await person.sees("Remove partner Contoso in TARGET Fabrikam", "identitySynchronization")
        await person.press("send")
        await person.sees("off until the name is right")
        await person.types("Contoso")
        await person.press("send")
        await person.sees("Partners (1)", "Contoso is no partner of TARGET any more")
        assert not tenant(demo, "Fabrikam").partners


async def test_a_stranger_among_the_partners_is_listed_by_id() -> None:
    demo = Demo("configured")
    other = "11111111-2222-4333-8444-555555555555"
    fabrikam = tenant(demo, "Fabrikam")
    fabrikam.partners[other] = {**fabrikam.partners[CONTOSO], "tenantId": other}
    async with access(demo) as person:
        await person.press("tab_on")
        await person.sees("Partners (3)", other, "? not told")


async def test_enter_on_an_empty_list_of_partners_names_the_key() -> None:
    async with access(Demo("fresh")) as person:
        await person.press("tab_on")
        await person.sees("No partner. n adds one by domain or id.")


async def test_who_may_invite_is_changed_with_the_least_that_lets_people_in() -> None:
    demo = Demo("troubled", roles=frozenset({GLOBAL_ADMINISTRATOR}))
    async with access(demo) as person:
        await person.press("tab_on", "tab_on")
        await person.sees("Who may invite guests · in TARGET Fabrikam", "nobody (none)")
        await person.press("open")
        await person.sees("[admins and inviters]")
        await person.press("send")
        await person.sees("✓ admins and inviters")
        assert tenant(demo, "Fabrikam").authorization_policy["allowInvitesFrom"] == "adminsAndGuestInviters"


async def test_what_graph_refuses_is_said_in_the_dialog_and_nothing_is_lost() -> None:
    async with access(Demo("troubled", roles=frozenset({SECURITY_ADMINISTRATOR}))) as person:
        await person.press("tab_on", "tab_on", "open")
        await person.sees("[admins and inviters]")
        await person.press("send")
        await person.sees("Graph said: 403")
        await person.press("back")
        await person.sees("nobody (none)")


async def test_a_side_that_may_not_be_read_says_why_and_is_not_edited() -> None:
    async with access(Demo("configured", without=POLICIES)) as person:
        await person.sees("? cannot tell", "! 5 parts not read")
        await person.press("edit")
        await person.sees("Cannot tell what it is")


async def test_a_read_only_profile_shows_the_request_and_sends_nothing() -> None:
    demo = Demo("troubled", read_only=True)
    async with access(demo) as person:
        await person.press("fix")
        await person.sees("off: read-only")
        await person.press("send")
        assert not [one for one in demo.log.exchanges if one.request.writes]


async def test_v_shows_the_repair_and_i_both_policies() -> None:
    async with access(Demo("troubled")) as person:
        await person.press("request")
        await person.sees("PATCH /v1.0/policies/crossTenantAccessPolicy/partners/")
        await person.press("back", "technical")
        await person.sees("automaticUserConsentSettings")


async def test_every_width_shows_all_settings_without_cutting_a_state() -> None:
    for size in ((80, 24), (100, 30), (110, 36), (160, 50)):
        async with access(Demo("configured"), size) as person:
            await settled(person.pilot, lambda: not person.app.screen.reading)
            states = [line for line in person.lines if "not needed" in line]
            assert states
            assert not [line for line in person.lines[4:-8] if "…" in line]


async def test_a_partner_is_added_in_the_tenant_under_the_cursor() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await person.press("3")
        await person.sees("[Pair]")
        await person.press("sort")
        await person.sees("SOURCE effective", "TARGET effective")
        await person.press("back", "tab_on")
        await person.sees("partner of SOURCE Contoso")
        await person.press("new")
        await person.sees("Add partner in SOURCE Contoso")


async def test_an_export_has_both_sides_by_name_also_where_one_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    saved: list[str] = []
    app = Demo("configured").app()
    monkeypatch.setattr(app, "save", lambda text, _: saved.append(text))
    async with at_keyboard(app, NARROW) as person:
        await person.press("3")
        await person.sees("Also here")
        await person.press("export", "J", "enter")
        await settled(person.pilot, lambda: saved, "an export")
    (row,) = (row for row in json.loads(saved[0]) if row["Setting"] == "Users may sync in")
    assert row["TARGET partner"] == "allowed"
    assert row["SOURCE effective"] == "not needed"


async def test_the_side_that_is_shown_is_the_side_that_is_edited() -> None:
    async with access(Demo("configured"), NARROW) as person:
        await person.press("tab_on", "home", "tab_on")
        await person.sees("Who may invite guests · in")
        for side in ("TARGET Fabrikam", "SOURCE Contoso"):
            await person.sees(f"Who may invite guests · in {side}")
            head = next(line for line in person.lines if line.lstrip().startswith("Setting"))
            assert side in head
            await person.press("edit")
            await person.sees(f"Who may invite guests · {side}")
            await person.press("back", "panel")


async def test_columns_are_found_by_the_words_of_their_heads() -> None:
    async with access(Demo("configured")) as person:
        await person.press("filter")
        await person.types("effective:needed")
        await person.sees("Redeem invitations, outbound")
        await person.sees_no("No column")
