"""Reading the logs by keyboard: rows, timeline, filters, repairs, and a place that holds."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.arriving import arrive
from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, settled
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.emulator.state import Tenant

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
        await person.sees("[Timeline: Lena Fischer]", "TARGET  audit", "SOURCE  prov.", "Older than 30 days")


async def test_a_tenant_that_cannot_be_read_is_named_and_the_rest_is_shown() -> None:
    demo = demo_of()
    async with at_keyboard(demo.app()) as person:
        await opened(person, "Lena Fischer")
        target = demo.emulator.tenants[1]["tenantId"]
        fault = Fault("unavailable", "GET", "directoryAudits", tenant=target, times=99)
        demo.emulator.world.faults.add(fault)
        await person.press("down", "down", "tab_back")
        await person.sees("! 1 of 3 logs not read", "target audit is not read", "SOURCE  prov.")


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
    demo = demo_of()
    async with at_keyboard(demo.app()) as person:
        await opened(person, "7 rows")
        await person.press("filter")
        await person.types("state:warning")
        await person.press("enter")
        await person.sees("No rows since 24 h with state:warning. / since:7d looks further.")


async def test_before_there_is_a_configuration_the_log_says_so() -> None:
    async with at_keyboard(Demo(timed=True).app()) as person:
        await person.sees("Setup", "next: step")
        await person.press("8")
        await person.sees("No configuration yet. 1 opens Setup.")
        await person.press("provision")
        await person.sees("No row is selected.")


async def test_sms_sign_in_is_switched_off_from_the_row() -> None:
    demo = demo_of()
    async with at_keyboard(demo.app()) as person:
        await opened(person, "Tom Baker")
        await person.press("fix")
        await person.sees("Skipped: SMS sign-in is on", "disableSmsSignIn", "SOURCE Contoso")
        await person.press("send")
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


def contoso(demo: Demo) -> Tenant:
    return demo.emulator.world.tenants[demo.profile.source.tenant]


async def come(demo: Demo, person: Person, *ago: float) -> None:
    """Let rows arrive so many seconds ago, and the screen look again."""
    now = demo.clock.now()
    arrive(contoso(demo), [now - timedelta(seconds=each) for each in ago])
    await look(demo, person)


async def look(demo: Demo, person: Person) -> None:
    await settled(person.pilot, lambda: not person.app.screen.reading)
    asked = demo.log.count
    demo.seconds += 30
    person.app.screen.look_if_due()
    await settled(person.pilot, lambda: demo.log.count > asked and not person.app.screen.reading)


async def test_new_rows_are_counted_above_a_held_place_and_home_goes_to_them() -> None:
    demo = demo_of()
    async with at_keyboard(demo.app()) as person:
        await opened(person, "7 rows")
        table = person.app.screen.query_one("#rows")
        await person.press("down", "down")
        await person.sees("place held, 0 new above")
        await come(demo, person, 2, 1)
        await person.sees("place held, 2 new above · home follows the newest")
        assert table.row.person == "Lena Fischer"
        await person.sees_no("New 1")
        await person.press("home")
        await person.sees("New 1", "9 rows")
        assert table.row.person == "New 1"


async def test_on_the_newest_row_the_list_follows() -> None:
    demo = demo_of()
    async with at_keyboard(demo.app()) as person:
        await opened(person, "7 rows")
        table = person.app.screen.query_one("#rows")
        for number in range(3):
            await come(demo, person, 1)
            assert (table.at, table.row.person) == (0, f"New {number}")


async def test_more_rows_than_one_look_takes_leave_no_hole_and_never_move_the_place() -> None:
    demo = demo_of()
    async with at_keyboard(demo.app()) as person:
        await opened(person, "7 rows")
        table = person.app.screen.query_one("#rows")
        await person.press("down", "down")
        now = demo.clock.now()
        arrive(contoso(demo), [now - timedelta(seconds=each / 10) for each in reversed(range(5000))])
        await look(demo, person)
        await person.sees("place held, 2,000 or more new above")
        assert (table.row.person, len(table.all_rows)) == ("Lena Fischer", 7)
        await person.press("home")
        await person.sees("2,000 rows", "! read back to 12:56:40 only · end on the last row reads older ones")
        gaps = zip(table.all_rows, table.all_rows[1:], strict=False)
        assert max(one.at - other.at for one, other in gaps) < timedelta(seconds=1)


async def test_older_rows_are_read_on_from_the_last_one_and_a_filter_says_what_it_looked_at() -> None:
    demo = demo_of()
    now = demo.clock.now()
    arrive(contoso(demo), [now - timedelta(seconds=each / 10) for each in reversed(range(5000))])
    async with at_keyboard(demo.app()) as person:
        await opened(person, "2,000 rows")
        await person.press("filter")
        await person.types("tom")
        await person.press("enter")
        await person.sees(
            "No row matches tom among 2,000, back to 12:56:40. end reads older", "esc shows all"
        )
        await person.press("end")
        await person.sees("3,991 rows")
        await person.press("end")
        await person.sees("tom: 1 of 5,007 rows", "Tom Baker")
        await person.sees_no("end on the last row")
        await person.press("back", "end")
        table = person.app.screen.query_one("#rows")
        assert table.row.id == table.all_rows[-1].id
        await person.press("down")
        await person.sees("That is all since:24h.")


async def test_a_log_that_cannot_be_read_again_keeps_what_was_read() -> None:
    demo = demo_of()
    async with at_keyboard(demo.app()) as person:
        await opened(person, "7 rows")
        demo.emulator.world.faults.add(Fault("unavailable", "GET", "auditLogs/provisioning", times=99))
        await person.press("reload")
        await person.sees("r tries again", "since:24h · 7 rows", "Tom Baker")


async def test_a_row_that_a_filter_hides_is_shown_when_another_screen_sends_here_for_it() -> None:
    async with at_keyboard(demo_of("troubled").app()) as person:
        await opened(person, "48 rows")
        table = person.app.screen.query_one("#rows")
        held = next(line for line in table.all_rows if line.person == "Inès Moreau")
        for typed in ("nora", "state:failed"):
            await person.press("filter")
            await person.types(typed)
            await person.press("enter")
            await person.sees("Nora Quinn")
            await person.app.go("logs", held.id)
            await settled(person.pilot, partial(_is_at, table, "Inès Moreau"))
            await person.sees("The filter is taken away to show this row.", "48 rows")


async def test_a_fix_that_was_made_since_is_not_offered_again() -> None:
    async with at_keyboard(demo_of().app()) as person:
        await opened(person, "7 rows")
        await person.press("filter")
        await person.types("since:3d emil")
        await person.press("enter")
        await person.sees("Emil Novák")
        table = person.app.screen.query_one("#rows")
        await settled(person.pilot, lambda: any(line.what == "other" for line in table.rows))
        table.select(next(line.id for line in table.rows if line.what == "other"))
        await person.sees("✓ since then: created 13 May 10:58")
        await person.press("fix")
        await person.sees("Nothing to repair any more: created 13 May 10:58.")


async def test_a_reference_leads_to_the_manager_who_is_not_there() -> None:
    demo = demo_of()
    log = contoso(demo).provisioning_log
    people = {row["sourceIdentity"]["displayName"]: row["sourceIdentity"]["id"] for row in log}
    arrive(contoso(demo), [demo.clock.now()], **skipped("UnableToResolveReferenceAttributeValue", people))
    async with at_keyboard(demo.app()) as person:
        await opened(person, "The manager is not synchronized", "to Priya Nair: why not in TARGET")
        await person.press("fix")
        await person.sees("People › Priya Nair")
        await person.press("back")
        await person.sees("[8 Logs]")


def skipped(reason: str, people: dict[str, str]) -> dict[str, Any]:
    details = {"manager": people["Priya Nair"], "SkipReason": reason}
    return {
        "provisioningAction": "other",
        "provisioningStatusInfo": {"status": "skipped", "errorInformation": None},
        "provisioningSteps": [
            {"name": "EntryExport", "provisioningStepType": "export", "status": "skipped", "details": details}
        ],
    }


async def test_the_narrow_screen_says_the_filter_the_reason_and_the_key() -> None:
    async with at_keyboard(demo_of().app(), (80, 24)) as person:
        await opened(person, "[Prov.]", "SMS sign-in is on", "not assigned")
        await person.sees("── 12:18:09 · Tom Baker · SOURCE", "– skipped · SMS sign-in is on")
        await person.sees("f switch SMS sign-in off for Tom Baker")
        await person.press("filter")
        await person.types("state:failed since:7d")
        await person.press("enter")
        await person.sees("since:7d state:failed · 16 rows")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("since:60d", "The service keeps 30 days: since:30d is asked for."),
        ("since:abc", "since: takes a time such as 30min"),
        ("nosuch:x", "No column nosuch here: time, action, result, person"),
    ],
)
async def test_a_filter_that_cannot_be_understood_says_why(typed: str, told: str) -> None:
    async with at_keyboard(demo_of().app()) as person:
        await opened(person, "7 rows")
        await person.press("filter")
        await person.types(typed)
        await person.sees(told)


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_the_detail_is_laid_out_anew_after_a_change_of_size(size: tuple[int, int]) -> None:
    async with at_keyboard(demo_of().app(), (120, 36)) as person:
        await opened(person, "Tom Baker", "2 – scoping")
        # A line that is too long goes on under its beginning.
        await person.sees("│                'tom.baker@contoso.com' from")
        wanted = detail_of(person)
    async with at_keyboard(demo_of().app(), size) as person:
        await opened(person, "Tom Baker")
        await person.pilot.resize_terminal(120, 36)
        await settled(person.pilot, lambda: detail_of(person) == wanted, "\n".join(wanted))


def detail_of(person: Person) -> list[str]:
    return [line.partition("│")[2][:47].rstrip() for line in person.lines[5:33]]


def _is_at(table: Any, name: str) -> bool:
    return bool(table.row is not None and table.row.person == name)


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
        await person.sees("[Timeline: Lena Fischer]", "SOURCE  prov.")
        assert "lena: " not in person.lines[2]
        await person.press("tab_on")
        await person.sees("[Provisioning]", "lena: ")
