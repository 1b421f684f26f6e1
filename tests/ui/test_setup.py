"""Setting up two tenants by keyboard, and reading what is wrong."""

import pytest
from msgspec.structs import replace

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, settled
from xtsync_tui.emulator.seed import CONTOSO
from xtsync_tui.model import Side
from xtsync_tui.settings import Limits

pytestmark = pytest.mark.anyio

SIZES = [(120, 36), (80, 24)]


async def until_step(person: Person, number: int) -> None:
    """Wait until the cursor is on this step."""
    for _ in range(400):
        table = person.app.screen.query("#steps")
        if table and table.first().row is not None and table.first().row.number == number:
            return
        await person.pilot.pause()
    raise AssertionError(f"the cursor never came to step {number}\n" + "\n".join(person.lines))


@pytest.mark.parametrize("size", SIZES)
async def test_journey_a_a_newcomer_sets_up_both_tenants_and_sees_the_first_person_arrive(
    size: tuple[int, int],
) -> None:
    demo = Demo()
    async with at_keyboard(demo.app(), size) as person:
        await until_step(person, 1)
        await person.press("open", "send")
        await until_step(person, 2)
        await person.press("open")
        await person.sees("✓ Contoso · contoso.com")
        await person.press("send")
        await until_step(person, 3)
        await person.press("open", "enter")
        await until_step(person, 4)
        await person.press("open", "enter")
        await until_step(person, 5)
        await person.press("open", "send")
        await until_step(person, 6)
        await person.press("open", "send")
        await until_step(person, 7)
        await person.press("open")
        await person.sees("Chosen (0)")
        await person.types("lena")
        await person.press("enter")
        await person.sees("Chosen (1)", "Lena Fischer")
        await person.press("send")
        await until_step(person, 9)
        await person.press("open", "send")
        await until_step(person, 10)
        await person.press("open", "send")
        await until_step(person, 11)
        await person.press("open", "enter")
        await person.sees("On demand › Lena Fischer", "✓ created")
        await person.sees("lena.fischer_contoso.com#EXT#@fabrikam.onmicrosoft.com")
        await person.press("back")
        await until_step(person, 12)
        await person.press("open")
        await person.sees("In scope: 1 person, 0 groups (Lena Fischer).")
        await person.press("send")
        await person.sees("step 12 done")
    arrived = [user["userPrincipalName"] for user in demo.emulator.world.tenants[TARGET].users.values()]
    assert "lena.fischer_contoso.com#EXT#@fabrikam.onmicrosoft.com" in arrived


TARGET = "2c9d61e8-0f4b-4a7c-8e35-61b7c4f0e9d7"


async def test_the_rest_names_both_tenants_every_request_and_what_is_left_out() -> None:
    async with at_keyboard(Demo().app(), (120, 80)) as person:
        await until_step(person, 1)
        await person.press("rest")
        await person.sees("Do the rest of the set-up in SOURCE Contoso and TARGET Fabrikam", "f2 Do the rest")
        await person.sees(
            "Helen Cho · helen.cho@contoso.com: assigned and provisioned in TARGET",
            "is started: its first cycle",
            "ana.lopes@contoso.com · deletion threshold 500",
            "3  Redeem invitations (inbound)",
            '{"automaticUserConsentSettings": {"inboundAllowed": true}}',
            "6  Test connection, save, create job",
            "SOURCE  POST   …/jobs/validateCredentials",
            "8  Scoping filters (optional)  – not needed",
            "9  Review attribute mappings  sends nothing",
        )
        await person.press("request")
        await person.sees("14 requests")
        text = person.app.screen.text.plain
        assert '"principalId": "1e2feb89-414c-443c-9027-c4d1c386bbc4"' in text
        assert "/start" in text


async def test_the_rest_is_done_with_somebody_else_where_one_chooses_so() -> None:
    demo = Demo()
    async with at_keyboard(demo.app()) as person:
        await until_step(person, 1)
        await person.press("rest")
        await person.sees("Helen Cho")
        person.app.screen.query_one("#search").focus()
        await person.types("lena")
        await person.press("enter")
        await person.sees("Lena Fischer · lena.fischer@contoso.com: assigned and provisioned in")
        await person.press("send")
        await person.sees("✓ all done")
    contoso = demo.emulator.world.tenants[CONTOSO]
    assert [one["principalDisplayName"] for one in contoso.assignments.values()] == ["Lena Fischer"]


async def test_the_rest_ends_after_the_step_under_way_when_one_stops_it() -> None:
    demo = Demo()
    async with at_keyboard(demo.app()) as person:
        await until_step(person, 1)
        gate = demo.hold("POST", "/partners")
        await person.press("rest")
        await person.sees("Helen Cho")
        await person.press("send")
        await person.sees("esc leaves or stops it")
        await person.press("back")
        await person.sees("It is being sent", "Leave: it goes on", "Stop after this step")
        await person.press("down", "enter")
        gate.set()
        await person.sees("‖ stopped after step 2 13:0")
        await until_step(person, 3)
    contoso = demo.emulator.world.tenants[CONTOSO]
    assert contoso.assignments == {}


async def test_quitting_ends_the_rest_after_the_step_under_way() -> None:
    demo = Demo()
    async with at_keyboard(demo.app()) as person:
        await until_step(person, 1)
        gate = demo.hold("POST", "/partners")
        await person.press("rest")
        await person.sees("Helen Cho")
        await person.press("send")
        await person.sees("esc leaves or stops it")
        await person.press("back", "enter", "quit")
        await person.sees_no("It is being sent")
        gate.set()
        await settled(person.pilot, lambda: not person.app.is_running, "the end of the program")
    assert demo.emulator.world.tenants[CONTOSO].assignments == {}


@pytest.mark.parametrize("number", [1, 14])
async def test_a_step_that_only_keeps_an_answer_says_so(number: int) -> None:
    demo = Demo()
    async with at_keyboard(demo.app()) as person:
        await until_step(person, 1)
        person.app.screen.query_one("#steps").select(number)
        await person.press("open")
        await person.sees("f2 Keep", "[ Keep ]")
        if number == 1:
            await person.sees(
                "Plan the set-up in SOURCE Contoso and TARGET Fabrikam",
                "One configuration in SOURCE, one partner in TARGET.",
            )
        else:
            await person.sees("Nothing is sent: the setting stays")
            await person.press("right")
            await person.sees("f2 Send", "[ Send ]", "Will send to TARGET Fabrikam")
            await person.press("left")
        await person.press("send")
        await person.sees(f"✓ step {number} done")
    assert [one for one in demo.log.exchanges if one.request.writes] == []


async def test_a_step_of_which_nothing_is_left_offers_nothing_to_send() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await person.sees("all done")
        person.app.screen.query_one("#steps").select(3)
        await person.press("open")
        await person.sees("Nothing is left to send.", "f2 Send is off: there is nothing to send")
        assert person.app.screen.query_one("#send").disabled


async def test_the_filters_step_leads_to_the_filters_of_mappings_and_esc_comes_back() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await person.sees("all done")
        person.app.screen.query_one("#steps").select(8)
        await person.press("open")
        await person.sees("[5 Mappings]", "[Scoping filters (1)]", "REGEX MATCH")
        await person.press("back")
        await person.sees("[1 Setup]", "all done")


async def test_the_filters_step_says_what_comes_first_without_a_job() -> None:
    async with at_keyboard(Demo().app()) as person:
        await until_step(person, 1)
        person.app.screen.query_one("#steps").select(8)
        await person.press("open")
        await person.sees("Step 6 comes first", "[1 Setup]")


async def test_choices_of_the_review_show_whom_they_reach_and_are_asked_as_a_save_is() -> None:
    demo = Demo("configured")
    demo.workspace.profile = replace(demo.workspace.profile, limits=Limits(changes=20))
    async with at_keyboard(demo.app(), (120, 50)) as person:
        await person.sees("all done")
        person.app.screen.query_one("#steps").select(9)
        await person.press("open")
        await person.sees("f2 Reviewed")
        person.app.screen.query_one("#kind").value = "Guest"
        person.app.screen.query_one("#apply").value = "always"
        await person.sees("24 people change in TARGET Fabrikam: userType for 24", "Type the name to go on:")
        await person.press("send")
        await person.types("Contoso to Fabrikam")
        await person.press("send")
        await person.sees("✓ step 9 done")
    sent = [one.request.method for one in demo.log.exchanges if one.request.writes]
    assert sent == ["PUT", "POST"]


async def test_a_page_over_the_set_up_keeps_its_mode_marked() -> None:
    async with at_keyboard(Demo().app()) as person:
        await until_step(person, 1)
        await person.press("technical")
        await person.sees("Technical", "esc goes back to the list")
        assert "[1 Setup]" in person.lines[1]


async def test_the_rest_is_shown_whole_and_then_done_at_once() -> None:
    async with at_keyboard(Demo().app()) as person:
        await until_step(person, 1)
        await person.press("rest")
        await person.sees("Do the rest", "Allow users to sync in", "f2 Do the rest")
        await person.press("send")
        await person.sees("✓ all done")
        assert any("13  BOTH    Monitor" in line and "✓" in line for line in person.lines)


async def test_the_connection_test_names_the_side_and_the_setting_that_is_wrong() -> None:
    async with at_keyboard(Demo().app()) as person:
        await until_step(person, 1)
        for number in (1, 2):
            await until_step(person, number)
            await person.press("open", "send")
        await until_step(person, 3)
        await person.press("down", "down", "open", "send")
        await person.sees("step 5 done")
        await person.press("end", *["up"] * 8)
        await until_step(person, 6)
        await person.press("open", "send")
        await person.sees("does not redeem invitations")
        await person.press("back")
        await person.sees("✗ failed: steps 3, 4")
        await person.press("fix")
        await person.sees("Redeem invitations (inbound) in TARGET Fabrikam", "Will send to TARGET Fabrikam")
        await person.press("back")
        await until_step(person, 3)


async def test_f_on_a_step_opens_what_its_own_line_promises() -> None:
    demo = Demo("troubled")
    async with at_keyboard(demo.app(), (80, 24)) as person:
        await person.sees("settled")
        person.app.screen.query_one("#steps").select(4)
        await person.sees("f turn it on")
        await person.press("fix")
        await person.sees("Redeem invitations (outbound) in SOURCE Contoso", "Will send to SOURCE Contoso")


async def test_f_that_an_error_in_a_dialog_names_does_what_it_says_and_types_nothing() -> None:
    async with at_keyboard(Demo().app(), (80, 24)) as person:
        await until_step(person, 1)
        person.app.screen.query_one("#steps").select(5)
        await person.press("open", "send")
        await person.sees("step 5 done")
        person.app.screen.query_one("#steps").select(6)
        await person.press("open", "send")
        await person.sees("✗ TARGET does not allow users to sync in", "f allow it")
        await person.press("fix")
        await person.sees("Allow users to sync in TARGET Fabrikam", "Source tenant")


async def test_leaving_a_dialog_sends_nothing() -> None:
    demo = Demo()
    async with at_keyboard(demo.app()) as person:
        await until_step(person, 1)
        await person.press("down", "open")
        await person.sees("Will send to TARGET Fabrikam")
        await person.press("back")
        await person.sees("○ to do")
    assert [one for one in demo.log.exchanges if one.request.method != "GET"] == []


@pytest.mark.parametrize(
    ("keys", "leaving", "words"),
    [
        (("down", "open"), ("back",), "✓ step 2 done"),
        (("rest",), ("back", "enter"), "✓ the rest of the set-up is done 13:0"),
    ],
)
async def test_a_step_whose_dialog_was_left_says_how_it_ended(
    keys: tuple[str, ...], leaving: tuple[str, ...], words: str
) -> None:
    demo = Demo()
    async with at_keyboard(demo.app()) as person:
        await until_step(person, 1)
        gate = demo.hold("POST", "/partners")
        await person.press(*keys)
        await person.sees("✓ Contoso" if "open" in keys else "Helen Cho")
        await person.press("send")
        await person.sees("esc leaves")
        await person.press(*leaving)
        await person.press("4")
        await person.sees("No configuration")
        gate.set()
        await person.sees(words)


async def test_a_step_that_has_to_wait_says_for_what() -> None:
    async with at_keyboard(Demo().app()) as person:
        await until_step(person, 1)
        await person.press("end", "up", "open")
        await person.sees("Step 13 comes after step 12")


async def test_read_only_shows_the_request_and_sends_nothing() -> None:
    demo = Demo(read_only=True)
    async with at_keyboard(demo.app()) as person:
        await until_step(person, 1)
        await person.press("down", "open")
        await person.sees("off: read-only", "POST   /policies/crossTenantAccessPolicy/partners")
        await person.press("send")
    assert [one for one in demo.log.exchanges if one.request.writes] == []


async def test_a_protected_profile_asks_for_the_tenants_name_before_each_write() -> None:
    demo = Demo(protected=True)
    async with at_keyboard(demo.app()) as person:
        await until_step(person, 1)
        await person.press("down", "open")
        await person.sees("Type the name to go on:  Fabrikam", "off until the name is right")
        person.app.screen.query_one("#word").focus()
        await person.types("Fabrikam")
        await person.press("send")
        await person.sees("step 2 done")
    assert [one.side for one in demo.log.exchanges if one.request.writes] == [Side.TARGET] * 2


async def test_assigning_many_in_step_7_asks_for_the_name_of_the_configuration() -> None:
    demo = Demo("configured")
    demo.emulator.world.limiter.enabled = False
    demo.workspace.profile = replace(demo.profile, limits=Limits(changes=4))
    contoso = demo.emulator.world.tenants[CONTOSO]
    before = len(contoso.assignments)
    async with at_keyboard(demo.app()) as person:
        await person.sees("all done")
        await person.app.go("setup", "7")
        await until_step(person, 7)
        await person.press("open")
        await person.sees("Chosen (0)")
        await person.types("Sales EMEA")
        await person.press("enter")
        await person.sees("6 direct members", "Type the name to go on:  Contoso to Fabrikam")
        await person.press("send")
        await person.sees("off until the name is right")
        assert len(contoso.assignments) == before
        person.app.screen.query_one("#word").focus()
        await person.types("Contoso to Fabrikam")
        await person.press("send")
        await settled(person.pilot, lambda: len(contoso.assignments) == before + 1, "the assignment")


async def test_leaving_step_7_asks_about_several_who_were_chosen() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await person.sees("all done")
        await person.app.go("setup", "7")
        await until_step(person, 7)
        await person.press("open")
        await person.sees("Chosen (0)")
        await person.chooses("priya", "sofia")
        await person.sees("Sofia Costa  assigned already")
        await person.press("back")
        await person.sees("Leave the 2 who are chosen?")
        await person.press("enter")
        await person.sees("[1 Setup]")
        await person.sees_no("Chosen (2)")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("contoso.onmicrosoft.com", "✓ Contoso · contoso.com"),
        (
            "fabrikam.com",
            "✗ Fabrikam · fabrikam.com · 2c9d61e8-0f4b-4a7c-8e35-61b7c4f0e9d7: this is",
        ),
        ("nobody.example", "✗ "),
    ],
)
async def test_a_tenant_is_known_by_what_it_resolves_to(typed: str, told: str) -> None:
    demo = Demo()
    async with at_keyboard(demo.app()) as person:
        await until_step(person, 1)
        await person.press("down", "open")
        await person.sees("✓ Contoso · contoso.com")
        person.app.screen.query_one("#tenant").value = ""
        await person.types(typed)
        await person.sees(told)
        await person.press("send")
        if told.startswith("✓"):
            await person.sees("step 2 done")
        else:
            await person.sees("Source tenant: not the one you are signed in to", "off: see above")
    assert bool(demo.emulator.world.tenants[TARGET].partners) is told.startswith("✓")


async def test_step_7_says_who_enters_before_another_scope_is_saved() -> None:
    demo = Demo("configured")
    demo.emulator.world.limiter.enabled = False
    async with at_keyboard(demo.app()) as person:
        await settled(person.pilot, lambda: person.app.screen.data is not None, "the set-up read")
        person.app.screen.query_one("#steps").select(7)
        await person.press("open")
        await person.sees("[ Cancel ]")
        person.app.screen.query_one("#scope").value = "all"
        await person.sees("! 1 person enters and is created in TARGET Fabrikam.", "Priya Nair")
        await person.press("send")
        await person.sees("step 7 done")
    (kept,) = demo.emulator.world.tenants[CONTOSO].secrets.values()
    assert kept["SyncAll"] == "true"
