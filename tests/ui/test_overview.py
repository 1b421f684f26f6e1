"""The overview, as somebody at the keyboard meets it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, settled, text_of
from xtsync_tui.ui.export import export
from xtsync_tui.ui.widgets.table import Table

pytestmark = pytest.mark.anyio

WIDE, NARROW = (120, 36), (80, 24)
POLICIES = frozenset({"Policy.Read.All", "Policy.ReadWrite.CrossTenantAccess"})


@asynccontextmanager
async def overview(demo: Demo, size: tuple[int, int] = WIDE) -> AsyncIterator[Person]:
    async with at_keyboard(demo.app(), size) as person:
        await person.press("2")
        await person.sees("Last 24 hours", "[2 Overview]")
        await settled(person.pilot, lambda: not person.app.screen.reading)
        yield person


async def test_the_most_urgent_is_under_the_cursor_and_enter_goes_there() -> None:
    async with overview(Demo("troubled")) as person:
        await person.sees("Overview · Contoso to Fabrikam", "5 things need attention", "Needs attention (5)")
        await person.sees("✗ does not redeem invitations (outbound)", "■ quarantine")
        assert "■ 14 deletions are held" in next(line for line in person.lines if line.startswith("▌"))
        await person.press("open")
        await settled(person.pilot, lambda: person.app.screen.MODE in {"job", "setup"})


async def test_what_is_still_read_is_never_shown_as_nothing() -> None:
    demo = Demo("troubled", timed=True)
    async with at_keyboard(demo.app()) as person:
        await person.sees("Setup", "next: step")
        log = demo.hold("GET", "auditLogs/provisioning")
        await person.press("2")
        await person.sees("… reading the log", "■ quarantine", "■ deletions are held", "✗ lets nobody invite")
        assert "Nothing happened in 24 hours." not in text_of(person.app)
        assert "No configuration yet" not in text_of(person.app)
        log.set()
        await person.sees("5 things need attention", "■ 14 deletions are held", "held 14")


async def test_before_anything_was_read_both_lists_say_that_they_are_being_read() -> None:
    demo = Demo("troubled", timed=True)
    gate = demo.hold("GET", "/organization")
    async with at_keyboard(demo.app()) as person:
        await person.press("2")
        await person.sees("[2 Overview]", "… reading")
        assert text_of(person.app).count("… reading") == 3
        gate.set()
        await person.sees("5 things need attention")


async def test_with_two_configurations_a_narrow_screen_says_which_one_it_is_about() -> None:
    demo = Demo("configured")
    demo.add_configuration("Contoso to Northwind")
    async with overview(demo, NARROW) as person:
        await person.sees("○ has no job yet", "Contoso to Northwind: step 6 of")


async def test_f_on_a_row_of_the_log_says_what_repairs_it_in_logs() -> None:
    async with overview(Demo("configured")) as person:
        await person.press("tab", "tab", "fix")
        await person.sees("enter opens the row in Logs; f there: switch SMS sign-in off for Tom Baker")


async def test_f_goes_to_the_setting_that_is_shut() -> None:
    async with overview(Demo("troubled")) as person:
        await person.press("down", "fix")
        await person.sees("[3 Access]", "Redeem invitations, outbound · in SOURCE Contoso")


async def test_f_goes_to_who_may_invite_when_people_fail_for_it() -> None:
    async with overview(Demo("troubled")) as person:
        await person.press("end", "up", "fix")
        await person.sees("[External collaboration]", "Who may invite guests · in TARGET Fabrikam")


async def test_enter_on_people_who_fail_shows_only_the_rows_that_failed() -> None:
    async with overview(Demo("troubled")) as person:
        await person.press("end", "up", "open")
        await person.sees("state:failed", "✗ failed")
        assert [line for line in person.lines[4:30] if "– skipped" in line] == []


async def test_a_key_that_cannot_help_says_why() -> None:
    async with overview(Demo("troubled")) as person:
        await person.press("fix")
        await person.sees("No one setting repairs this. enter goes to the place.")


async def test_tab_goes_on_to_configurations_and_the_log() -> None:
    async with overview(Demo("configured")) as person:
        focused = []
        for _ in range(3):
            focused.append(person.app.focused.id)
            await person.press("panel")
        assert focused == ["attention", "configurations", "rows"]


async def test_the_log_is_filtered_by_what_happened() -> None:
    async with overview(Demo("configured")) as person:
        await person.press("panel", "panel", "filter")
        await person.types("result:failed")
        await person.press("enter")
        await person.sees("2 of 7")
        await person.sees_no("Tom Baker")


async def test_before_the_set_up_enter_opens_setup() -> None:
    async with overview(Demo("fresh")) as person:
        await person.sees("No configuration yet. 1 opens Setup.", "○ not set up yet")
        await person.press("open")
        await person.sees("[1 Setup]")


async def test_both_sides_stack_on_a_narrow_screen_and_the_reason_is_told_whole() -> None:
    async with overview(Demo("troubled"), NARROW) as person:
        lines = [line.rstrip() for line in person.lines]
        sides = [line for line in lines if line.startswith(("    SOURCE", "    TARGET"))]
        assert [line.split()[0] for line in sides] == ["SOURCE", "TARGET"]
        await person.press("down")
        await person.sees("outbound redemption is off")


async def test_what_may_not_be_read_is_not_shown_as_fine() -> None:
    async with overview(Demo("configured", without=POLICIES)) as person:
        await person.sees("? cannot tell whether it is complete", "? access settings unknown")
        await person.sees("1 of 3 parts not read")


async def test_it_looks_again_every_minute() -> None:
    demo = Demo("configured")
    async with overview(demo) as person:
        before = demo.log.count
        demo.seconds += 60
        person.app.screen.look_if_due()
        await settled(person.pilot, lambda: demo.log.count > before)


async def test_what_was_written_elsewhere_is_read_when_it_is_come_back_to() -> None:
    async with overview(Demo("configured")) as person:
        await person.sees("✓ active")
        await person.press("7")
        await person.sees("[7 Job]", "✓ active")
        await person.press("pause")
        await person.sees("No cycle begins until you start it.", "f2 Pause")
        await person.press("enter")
        await person.sees("‖ paused")
        await person.press("2")
        await person.sees("[2 Overview]", "‖ paused")


async def test_names_of_strangers_keep_their_columns() -> None:
    async with overview(Demo("hostile")) as person:
        assert {len(line) for line in person.lines} == {120}
        assert not any(char < " " or char == "\x7f" for line in person.lines for char in line)


async def test_export_names_the_heads_of_the_focused_list() -> None:
    async with overview(Demo("configured")) as person:
        table = person.app.screen.query_one("#configurations", Table)
        head, row = export("md", table.columns, table.exported).splitlines()[::2]
        assert head.startswith("| Name | Target | State |")
        assert row.startswith("| Contoso to Fabrikam | Fabrikam | active |")


async def test_a_tenant_outside_the_pair_has_its_name_and_enter_chooses_its_configuration() -> None:
    demo = Demo("configured")
    demo.add_configuration("Contoso to Northwind")
    async with overview(demo) as person:
        row = next(
            line for line in person.lines if "Contoso to Northwind " in line and "Northwind  ! no" in line
        )
        assert "00000000" not in row
        before = demo.log.count
        await person.press("reload")
        await settled(person.pilot, lambda: not person.app.screen.reading)
        asked = [one for one in demo.log.exchanges[before:] if "findTenantInformation" in one.request.path]
        assert asked == []
        await person.press("tab", "down", "open")
        await person.sees("[4 Configs]")
        await settled(person.pilot, lambda: person.app.screen.one is not None)
        assert person.app.screen.one.name == "Contoso to Northwind"


async def test_v_shows_the_requests_that_a_row_was_read_with() -> None:
    async with overview(Demo("configured")) as person:
        await person.press("tab", "request")
        await person.sees("GET", "/synchronization/jobs")
        await person.press("back", "tab", "request")
        await person.sees("GET", "/auditLogs/provisioning")
