"""Reading the logs by keyboard: rows, timeline, filters, repairs, and a place that holds."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, settled
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.workspace.logs.lines import Line

pytestmark = pytest.mark.anyio


def demo_of(scenario: str = "configured") -> Demo:
    return Demo(scenario, timed=True)


async def opened(person: Person, *seen: str) -> None:
    await person.sees("Setup")
    await person.press("8")
    await person.sees(*seen)


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (160, 50)])
async def test_rows_stand_with_their_result_and_what_repairs_them(size: tuple[int, int]) -> None:
    async with at_keyboard(demo_of().app(), size) as person:
        await opened(person, "Tom Baker", "– skipped", "✗ failed", "switch SMS sign-in off for Tom Baker")


async def test_the_timeline_joins_both_tenants_for_the_person_that_was_chosen() -> None:
    async with at_keyboard(demo_of().app()) as person:
        await opened(person, "Lena Fischer")
        await person.press("down", "down", "tab_on", "tab_on", "tab_on")
        await person.sees(
            "[Timeline: Lena Fischer]", "TARGET  audit", "SOURCE  provisioning", "Older than 30 days"
        )


async def test_a_tenant_that_cannot_be_read_is_named_and_the_rest_is_shown() -> None:
    demo = demo_of()
    async with at_keyboard(demo.app()) as person:
        await opened(person, "Lena Fischer")
        target = demo.emulator.tenants[1]["tenantId"]
        fault = Fault("unavailable", "GET", "directoryAudits", tenant=target, times=99)
        demo.emulator.world.faults.add(fault)
        await person.press("down", "down", "tab_back")
        await person.sees("! 1 of 3 logs not read", "target audit is not read", "SOURCE  provisioning")


async def test_range_and_state_are_asked_of_the_server_and_esc_takes_them_back() -> None:
    async with at_keyboard(demo_of().app()) as person:
        await opened(person, "7 rows")
        await person.press("filter")
        await person.types("since:3d state:failed nora")
        await person.press("enter")
        await person.sees("since:3d state:failed", "nora:", "Nora Quinn")
        await person.sees_no("Luca Rossi")
        await person.press("back")
        await person.sees("since:24h · 7 rows", "Luca Rossi")


async def test_an_empty_log_says_how_to_look_further() -> None:
    async with at_keyboard(Demo(timed=True).app()) as person:
        await opened(person, "No rows since 24 h. / since:7d looks further.")


async def test_sms_sign_in_is_switched_off_from_the_row() -> None:
    demo = demo_of()
    async with at_keyboard(demo.app()) as person:
        await opened(person, "Tom Baker")
        await person.press("fix")
        await person.sees("Skipped: SMS sign-in is on", "disableSmsSignIn", "SOURCE Contoso")
        await person.press("enter")
        await person.sees("✓ SMS sign-in is off for Tom Baker", "p provisions Tom Baker now")
    assert [one.request.path.rpartition("/")[2] for one in demo.log.exchanges if one.request.writes] == [
        "disableSmsSignIn"
    ]


async def test_f_goes_to_the_step_that_repairs_a_row() -> None:
    async with at_keyboard(demo_of().app()) as person:
        await opened(person, "7 rows")
        await person.press("filter")
        await person.types("since:3d emil state:failed")
        await person.press("enter")
        await person.sees("TARGET lets nobody invite")
        await person.press("fix")
        await person.sees("[1 Setup]")
        await settled(person.pilot, lambda: person.app.screen.query_one("#steps").row.number == 2)


async def test_enter_opens_the_row_whole_and_i_its_json() -> None:
    async with at_keyboard(demo_of().app()) as person:
        await opened(person, "Tom Baker")
        await person.press("open")
        await person.sees("Logs › Tom Baker", "tom.baker@contoso.com")
        assert "SkipReason" in person.app.screen.text.plain
        await person.press("back", "technical")
        await person.sees('"provisioningAction"')


async def test_a_log_that_cannot_be_read_says_so_in_place_of_rows_and_another_tab_can_be() -> None:
    demo = demo_of()
    async with at_keyboard(demo.app()) as person:
        await person.sees("Setup")
        await settled(person.pilot, lambda: demo.workspace.setup.reading is not None)
        demo.emulator.world.faults.add(Fault("unavailable", "GET", "auditLogs/provisioning", times=99))
        await person.press("8")
        await person.sees("try again", "@")
        await person.press("tab_on")
        await person.sees("[Source audit]", "Synchronization rule acti")


def arriving(line: Line, number: int, seconds: float) -> Line:
    return replace(line, id=f"new {number}", at=line.at + timedelta(seconds=seconds), person=f"New {number}")


async def test_new_rows_are_counted_above_a_held_place_and_home_goes_to_them() -> None:
    async with at_keyboard(demo_of().app()) as person:
        await opened(person, "7 rows")
        screen: Any = person.app.screen
        await person.press("down", "down")
        await person.sees("place held, 0 new above")
        first = screen.query_one("#rows").all_rows[0]
        screen.arrive([arriving(first, 1, 1), arriving(first, 2, 2)])
        await person.sees("place held, 2 new above · home follows the newest", "9 rows")
        assert screen.query_one("#rows").row.person == "Lena Fischer"
        await person.sees_no("New 2")
        await person.press("home")
        await person.sees("New 2")
        assert screen.query_one("#rows").row.person == "New 2"


def _is_at(table: Any, name: str) -> bool:
    return bool(table.row.person == name)


async def test_on_the_newest_row_the_list_follows() -> None:
    async with at_keyboard(demo_of().app()) as person:
        await opened(person, "7 rows")
        screen: Any = person.app.screen
        table = screen.query_one("#rows")
        for number in (1, 2, 3):
            screen.arrive([arriving(table.all_rows[0], number, 1)])
            await settled(person.pilot, partial(_is_at, table, f"New {number}"))
        assert table.at == 0


async def test_another_screen_can_send_here_for_a_row_a_person_or_a_cycle() -> None:
    async with at_keyboard(demo_of().app()) as person:
        await opened(person, "7 rows")
        rows = person.app.screen.query_one("#rows").all_rows
        await person.press("1")
        await person.app.go("logs", rows[4].id)
        await settled(person.pilot, lambda: person.app.screen.query_one("#rows").row.id == rows[4].id)
        await person.app.go("logs", f"person:{rows[2].person_id}")
        await person.sees("[Timeline: Lena Fischer]")


async def test_another_screen_can_send_here_for_the_rows_of_one_configuration() -> None:
    async with at_keyboard(demo_of().app()) as person:
        await opened(person, "7 rows")
        table = person.app.screen.query_one("#rows")
        (own,) = {line.event.service_principal.id for line in table.all_rows}
        await person.app.go("logs", f"configuration:{own}")
        await settled(person.pilot, lambda: len(table.rows) == 7, "all rows")
        await person.app.go("logs", "configuration:another")
        await settled(person.pilot, lambda: not table.rows, "no rows")


@pytest.mark.parametrize("scenario", ["hostile", "troubled"])
async def test_no_scenario_breaks_the_logs(scenario: str) -> None:
    async with at_keyboard(demo_of(scenario).app()) as person:
        await opened(person, "rows")
        await person.press("tab_on")
        await person.sees("[Source audit]")
        for line in person.lines:
            assert not [char for char in line if ord(char) < 32 or 0x7F <= ord(char) < 0xA0]


async def test_who_was_found_by_a_filter_has_a_timeline_that_the_filter_does_not_empty() -> None:
    demo = Demo("configured")
    demo.emulator.world.limiter.enabled = False
    async with at_keyboard(demo.app()) as person:
        await person.press("8")
        await person.sees("Lena Fischer")
        await person.press("filter")
        await person.types("lena")
        await person.press("enter")
        await person.sees("lena: 1 of")
        await person.press("tab_on", "tab_on", "tab_on")
        await person.sees("[Timeline: Lena Fischer]", "SOURCE  provisioning")
        assert "lena: " not in person.lines[2]
        await person.press("tab_on")
        await person.sees("[Provisioning]", "lena: ")
