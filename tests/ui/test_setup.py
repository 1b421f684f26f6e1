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
        await person.press("open", "enter")
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
            "3  Redeem invitations (inbound)  … after step 2",
            "TARGET  PATCH  …/partners/…",
            "6  Test connection, save, create job  … after step 5",
            "SOURCE  POST   …/validateCredentials",
            "8  Scoping filters (optional)  – not needed",
            "SOURCE  POST   …/start",
        )


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
            await person.sees("Nothing will be sent: the setting stays")
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
        await person.sees("Nothing is left to send.", "f2 Send: off: there is nothing to send")
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
        assert any("13  both    Monitor" in line and "✓" in line for line in person.lines)


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
        await person.sees("✗ failed: step 3")
        await person.press("fix")
        await until_step(person, 3)


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
    ("keys", "words"),
    [
        (("down", "open", "send"), "✓ step 2 done"),
        (("rest", "send"), "✓ the rest of the set-up is done; last step 14 done"),
    ],
)
async def test_a_step_whose_dialog_was_left_says_how_it_ended(keys: tuple[str, ...], words: str) -> None:
    demo = Demo()
    async with at_keyboard(demo.app()) as person:
        await until_step(person, 1)
        gate = demo.hold("POST", "/partners")
        await person.press(*keys)
        await person.sees("esc leaves, it goes on")
        await person.press("back", "4")
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
        await person.sees("read-only, nothing is sent", "POST   /policies/crossTenantAccessPolicy/partners")
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
