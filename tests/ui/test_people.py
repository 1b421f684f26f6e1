"""Why somebody is not in TARGET, found and mended by keyboard."""

import asyncio
from pathlib import Path

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, settled
from tests.ui.queueing import leaves, sent
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.emulator.seed import person as seeded
from xtsync_tui.model import Side
from xtsync_tui.ui.screens.people.opening import open_person

pytestmark = pytest.mark.anyio

SIZES = [(120, 36), (80, 24)]


def demo(scenario: str = "configured", *, read_only: bool = False, protected: bool = False) -> Demo:
    """A demo that does not count requests: its clock stands still, so a limit would never be over."""
    made = Demo(scenario, read_only=read_only, protected=protected)
    made.emulator.world.limiter.enabled = False
    return made


async def searched(person: Person, text: str) -> None:
    """Go to People and search."""
    await person.press("9")
    await person.types(text)
    await person.sees("match")


async def opened(person: Person, text: str) -> None:
    """Open the first person whom a search finds."""
    await searched(person, text)
    await person.press("enter")
    await person.sees("In the order of the service", "✓ found in SOURCE")


@pytest.mark.parametrize("size", SIZES)
async def test_journey_b_an_admin_finds_out_why_somebody_is_missing_and_brings_them_over(
    size: tuple[int, int],
) -> None:
    async with at_keyboard(demo().app(), size) as person:
        await person.press("9")
        await person.types("pri")
        await person.sees("▌ Priya Nair")
        await person.press("enter")
        await person.sees("▌ ✗ assigned", "1 of 9 gates is shut", "only through Sales EMEA inside Sales")
        await person.press("fix")
        await person.sees("Assign Priya Nair", "SOURCE Contoso", "/appRoleAssignedTo")
        await person.press("enter")
        await person.sees("… assigned", "assigned just now")
        await person.press("provision")
        await person.sees("would be created in TARGET")
        await person.press("enter")
        await person.sees("✓ created")
        told = " ".join(person.app.screen.text.plain.split())
        assert "userType – → Member" in told or "userType Member" in told
        await person.press("back")
        await person.sees("✓ in Fabrikam")


async def test_enter_may_be_faster_than_the_search() -> None:
    async with at_keyboard(demo().app()) as person:
        await person.press("9")
        await person.types("priya")
        await person.press("enter")
        await person.sees("People › Priya Nair", "✗ assigned")


async def test_nobody_found_names_the_key_that_searches_the_other_tenant() -> None:
    async with at_keyboard(demo().app()) as person:
        await person.press("9")
        await person.types("zzz")
        await person.sees('Nobody matches "zzz" in Contoso. tab searches Fabrikam.')
        await person.press("panel")
        await person.sees('Nobody matches "zzz" in Fabrikam nor in its bin. tab searches Contoso.')


async def test_somebody_found_in_target_opens_as_who_they_are_at_home() -> None:
    async with at_keyboard(demo().app()) as person:
        await person.press("9", "panel")
        await person.types("lena")
        await person.sees("lena.fischer_contoso.com#EXT#")
        await person.press("enter")
        await person.sees("People › Lena Fischer", "lena.fischer@contoso.com", "✓ in Fabrikam")


async def test_somebody_of_target_who_is_nobody_in_source_says_so() -> None:
    async with at_keyboard(demo().app()) as person:
        await person.press("9", "panel")
        await person.types("gina")
        await person.sees("▌ Gina Riva")
        await person.press("enter")
        await person.sees("Not from Contoso")


@pytest.mark.parametrize(
    ("who", "shut", "asked", "path"),
    [
        ("tom.b", "✗ SMS sign-in off", "Switch SMS sign-in off", "disableSmsSignIn"),
        ("rosa", "✗ no clash in TARGET", "Restore Rosa Diaz", "restore"),
    ],
)
async def test_a_gate_is_opened_by_what_repairs_it(who: str, shut: str, asked: str, path: str) -> None:
    made = demo("troubled")
    async with at_keyboard(made.app()) as person:
        await opened(person, who)
        await person.sees(shut)
        table = person.app.screen.query_one("#gates")
        table.select({"tom.b": "sms", "rosa": "clash"}[who])
        await person.press("fix")
        await person.sees(asked, path)
        await person.press("send")
        await person.sees(
            {"tom.b": "✓ SMS sign-in is off for Tom Baker", "rosa": "✓ Rosa Diaz restored"}[who]
        )
        await person.sees(shut.replace("✗", "✓"))
        assert len(made.workspace.journal.entries()) == 1


async def test_taking_a_direct_assignment_away_says_what_follows_and_can_be_undone() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await opened(person, "sofia")
        await person.press("assign")
        await person.sees("Unassign Sofia Costa", "soft-deletes the account in TARGET")
        await person.press("enter")
        await person.sees("✗ assigned")
        (entry,) = made.workspace.journal.entries()
        (back,) = made.workspace.journal.undo(entry)
    assert back.request.path.endswith("/appRoleAssignedTo")


async def test_a_setting_of_another_place_is_gone_to() -> None:
    async with at_keyboard(demo("troubled").app()) as person:
        await opened(person, "lena")
        person.app.screen.query_one("#gates").select("connection")
        await person.press("fix")
        await person.sees("[1 Setup]")


async def test_enter_shows_what_was_read_for_a_gate() -> None:
    async with at_keyboard(demo().app()) as person:
        await opened(person, "priya")
        await person.press("open")
        await person.sees("What was read", "Group Sales", "Group Engineering", "f assign directly")


async def test_a_narrow_terminal_turns_the_columns() -> None:
    async with at_keyboard(demo().app(), (80, 24)) as person:
        await opened(person, "lena")
        await person.sees("SOURCE Contoso", "Mappings say")
        await person.press("panel")
        await person.sees("TARGET Fabrikam")
        assert not any("Attribute" in line and "SOURCE" in line for line in person.lines)


async def test_every_other_screen_can_open_a_person_with_a_dialog() -> None:
    async with at_keyboard(demo().app()) as person:
        await opened(person, "priya")
        found = person.app.screen.user_id
        await person.press("1")
        await open_person(person.app, found, "provision")
        await person.sees("Provision Priya Nair in TARGET Fabrikam")


async def test_what_cannot_be_read_is_never_called_shut() -> None:
    async with at_keyboard(demo("troubled").app()) as person:
        await opened(person, "lena")

        def told() -> bool:
            return any("last sign-in" in line and "? cannot tell" in line for line in person.lines)

        await settled(person.pilot, told, "that the last sign-in cannot be told")


async def test_a_read_only_profile_sends_nothing() -> None:
    made = demo(read_only=True)
    async with at_keyboard(made.app()) as person:
        await opened(person, "priya")
        await person.press("fix")
        await person.sees("off: read-only")
        await person.press("send")
    assert [one for one in made.log.exchanges if one.request.writes] == []


async def test_a_protected_profile_asks_for_the_tenants_name() -> None:
    made = demo(protected=True)
    async with at_keyboard(made.app()) as person:
        await opened(person, "priya")
        await person.press("fix")
        await person.sees("Type the name to go on:  Contoso")
        await person.types("Contoso")
        await person.press("send")
        await person.sees("assigned just now")
    assert [one.side for one in made.log.exchanges if one.request.writes] == [Side.SOURCE]


async def test_people_can_be_looked_at_before_anything_is_set_up() -> None:
    made = demo("fresh")
    key = next(iter(made.emulator.world.tenants.values())).users
    name = next(user["userPrincipalName"] for user in key.values() if "priya" in user["userPrincipalName"])
    async with at_keyboard(made.app()) as person:
        await opened(person, name[:5])
        await person.sees("no configuration yet")


async def opening(person: Person, made: Demo, text: str, *slow: str) -> list[asyncio.Event]:
    """Open a person of whom requests with these paths hang until their events are set."""
    await searched(person, text)
    await made.workspace.setup.read()
    held = [made.hold("GET", path) for path in slow]
    await person.press("enter")
    await person.sees("In the order of the service", "✓ found in SOURCE")
    return held


async def test_what_is_slow_does_not_hold_back_what_has_been_read() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        phones, log = await opening(person, made, "priya", "/phoneMethods", "/auditLogs/provisioning")
        await person.sees("… SMS sign-in off     reading", "… reading: 1 of 9 gates is shut so far")
        await person.sees("▌ ✗ assigned", "only through Sales EMEA", "Service says    … reading the log")
        phones.set()
        await person.sees("✓ SMS sign-in off")
        log.set()
        await person.sees("✗ not in Fabrikam: 1 of 9 gates is shut", "Service says    skipped")


async def test_somebody_of_whom_target_is_still_read_is_not_said_to_be_missing_there() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        (target,) = await opening(person, made, "lena", "/directory/deletedItems")
        await person.sees("… no clash in TARGET  reading", "Evaluated here  … reading")
        assert any("displayName" in line and line.rstrip().endswith("… reading") for line in person.lines)
        target.set()
        await person.sees("✓ in Fabrikam", "nothing would change in TARGET")


async def test_the_cursor_stays_where_it_was_moved_while_the_rest_is_read() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        phones, target = await opening(person, made, "tom", "/phoneMethods", "/directory/deletedItems")
        await person.sees("▌ ✓ found in SOURCE")
        phones.set()
        await person.sees("▌ ✗ SMS sign-in off")
        await person.press("k")
        await person.sees("▌ ✓ account enabled")
        target.set()
        await person.sees("✗ not in Fabrikam", "▌ ✓ account enabled")


async def test_a_person_who_was_left_is_read_no_further() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        (log,) = await opening(person, made, "priya", "/auditLogs/provisioning")
        await person.sees("… reading the log")
        await person.press("back")
        await person.sees("1 match")
        assert [one for one in person.app.workers if one.group == "read" and one.is_running] == []
        log.set()


async def test_a_part_that_graph_delays_says_so_and_comes_later() -> None:
    made, over = Impatient("configured"), asyncio.Event()
    made.over = over
    made.emulator.world.limiter.enabled = False
    async with at_keyboard(made.app()) as person:
        await searched(person, "priya")
        await made.workspace.setup.read()
        made.emulator.world.faults.add(Fault("throttled", "GET", "/auditLogs/provisioning", seconds=8))
        await person.press("enter")
        await person.sees("▌ ✗ assigned", "… reading the log", "Graph asks SOURCE to wait 8 s")
        over.set()
        await person.sees("✗ not in Fabrikam: 1 of 9 gates is shut", "Service says    skipped")


class Impatient(Demo):
    """A demo in which a wait that Graph asks for lasts until ``over``."""

    over: asyncio.Event

    async def pause(self, seconds: float) -> None:
        if seconds >= 8:
            await self.over.wait()
        await super().pause(seconds)


async def test_coming_back_to_an_empty_search_one_can_type_at_once() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await person.press("9")
        await person.sees("Type a name or an address")
        await person.press("escape", "2")
        await person.sees("Needs attention")
        await person.press("9")
        await person.types("omar")
        await person.sees("Omar Haddad")
        await person.press("escape")
        await person.sees("/ Search")
        assert person.app.focused.id == "found"


async def test_restoring_names_what_would_delete_the_account_again_and_nothing_else() -> None:
    async with at_keyboard(demo("troubled").app()) as person:
        await opened(person, "rosa")
        await person.sees("✗ no clash in TARGET", "✗ connection", "✗ job")
        person.app.screen.query_one("#gates").select("clash")
        await person.press("fix")
        await person.sees("Restore Rosa Diaz", "Shut as well: filters. A cycle deletes the account again")


async def test_esc_leaves_even_an_empty_search_so_that_the_digits_go_places_again() -> None:
    async with at_keyboard(demo().app()) as person:
        await person.press("9")
        await person.sees("Type a name or an address", "esc Leave the field")
        await person.press("back")
        await person.bursts("2")
        await person.sees("[2 Overview]")


async def test_why_a_person_of_target_cannot_be_opened_is_told_whole_and_in_place() -> None:
    async with at_keyboard(demo().app(), (80, 24)) as person:
        await person.press("9", "panel")
        await person.types("gina")
        await person.sees("▌ Gina Riva")
        await person.press("enter")
        await person.sees("✗ Not from Contoso", "tab searches the other tenant")
        assert not any("…" in line for line in person.lines[4:-3])


async def test_what_nothing_here_opens_says_what_to_do_instead() -> None:
    made = demo()
    source = made.emulator.world.tenants[made.profile.source.tenant]
    kim = seeded(source, "kim.lee")
    kim.update(
        creationType="Invitation", userPrincipalName="kim.lee_fabrikam.com#EXT#@contoso.onmicrosoft.com"
    )
    async with at_keyboard(made.app()) as person:
        await opened(person, "kim.lee")
        await person.sees("✗ internal member", "an external user")
        await person.press("fix")
        await person.sees("An external user is never synchronized from here: do it in their home tenant.")


async def test_an_assignment_that_is_not_enough_says_so_before_it_is_made() -> None:
    async with at_keyboard(demo("troubled").app()) as person:
        await opened(person, "priya")
        await person.press("assign")
        await person.sees("Assign Priya Nair in SOURCE Contoso", "! Shut as well: filters, connection, job.")


@pytest.mark.parametrize("size", SIZES)
async def test_provisioning_whom_it_would_delete_asks_for_the_name_and_says_how_to_come_back(
    size: tuple[int, int],
) -> None:
    made = demo()
    leaves(made, "lena.fischer")
    async with at_keyboard(made.app(), size) as person:
        await opened(person, "lena")
        await person.sees("! in Fabrikam, deleted by the cycle about 13:38", "f to the filters")
        await person.press("provision")
        await person.sees("✗ Evaluated here: would be soft-deleted in TARGET, 30 days in the bin")
        await person.sees("Type the name to go on:  Lena Fischer")
        await person.press("send")
        assert sent(made) == 0
        await person.types("Lena Fischer")
        await person.press("send")
        await person.sees("Deleted: out of scope", "f restore Lena Fischer")
        await person.press("back")
        await person.sees("✗ not in Fabrikam: 2 of 9 gates are shut")
    assert sent(made) == 1


async def test_provisioning_whose_account_lies_in_the_bin_is_held_back_until_it_is_asked_again() -> None:
    made = demo("troubled")
    async with at_keyboard(made.app()) as person:
        await opened(person, "rosa")
        await person.sees("✗ no clash in TARGET", "Service says    delete held")
        await person.press("provision")
        await person.sees(
            "! Evaluated here: lies in the bin of TARGET until 13 Jun: held back, nothing is sent"
        )
        await person.press("send")
        await person.sees("! in the bin · Deleted in TARGET, not restored by the service")
        assert sent(made) == 0
        await person.press("provision")
        await person.sees("! 1 was held back. Sending them goes over that:", "can make a duplicate")
        await person.sees_no("nothing is sent")
        await person.press("send")
        await person.sees("On demand › Rosa Diaz")
    assert sent(made) == 1


async def test_while_the_first_cycle_runs_somebody_who_is_not_there_is_waited_for() -> None:
    made = demo()
    (jobs,) = made.emulator.world.tenants[made.profile.source.tenant].jobs.values()
    for job in jobs.values():
        job.last = None
    target = made.emulator.world.tenants[made.profile.target.tenant]
    omar = next(user for user in target.users.values() if user.get("mail") == "omar.haddad@contoso.com")
    del target.users[omar["id"]]
    async with at_keyboard(made.app()) as person:
        await opened(person, "omar")
        await person.sees("… job", "the first cycle")
        await person.sees_no("gates are shut")


def exported(folder: Path) -> list[str]:
    """Return the lines of the CSV file that was exported."""
    (file,) = folder.glob("*.csv")
    return file.read_text("utf-8-sig").splitlines()


@pytest.mark.parametrize("size", SIZES)
async def test_an_export_has_all_columns_also_those_that_a_narrow_terminal_hides(
    size: tuple[int, int], downloads: Path
) -> None:
    async with at_keyboard(demo().app(), size) as person:
        await opened(person, "lena")
        await person.sees("nothing would change in TARGET")
        await person.press("export", "enter")
        await person.sees("Exported to")
    (head, *_) = exported(downloads)
    assert head == "Attribute,SOURCE Contoso,Mappings say,TARGET Fabrikam"


async def test_the_page_of_what_the_service_did_has_the_keys_that_it_names() -> None:
    made = demo("troubled")
    async with at_keyboard(made.app()) as person:
        await opened(person, "tom.b")
        await person.sees("✗ SMS sign-in off")
        await person.press("provision")
        await person.sees("Provision Tom Baker")
        await person.press("send")
        await person.sees("On demand › Tom Baker", "f Fix", "y Copy all")
        await person.press("fix")
        await person.sees("Switch SMS sign-in off for Tom Baker")
