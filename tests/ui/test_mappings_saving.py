"""Saving a draft: shown before it is sent, once, and never over what somebody else saved."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, rest, settled
from tests.ui.test_mappings import open_mappings
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.settings import Limits
from xtsync_tui.ui.screens.mappings.save import SaveDialog
from xtsync_tui.workspace.job.reading import JobReading
from xtsync_tui.workspace.mappings.draft import raw_row, without_mapping
from xtsync_tui.workspace.mappings.filters import with_clause
from xtsync_tui.workspace.mappings.saving import save
from xtsync_tui.workspace.mappings.service import Mappings
from xtsync_tui.workspace.setup import Clause

pytestmark = pytest.mark.anyio


def writes(demo: Demo) -> list[str]:
    """Return what was sent to change something, in its order."""
    return [
        f"{one.request.method} {one.request.path.rpartition('/')[2]}"
        for one in demo.log.exchanges
        if one.request.writes
    ]


async def without_city(person: Person) -> None:
    """Take the mapping of city out, in the draft."""
    await open_mappings(person)
    await person.press("filter", *"city", "enter", "delete")
    await person.sees("– removed", "draft: 1 change, nothing sent")


async def saved_elsewhere(person: Person, demo: Demo, target: str = "state") -> None:
    """Save without a mapping, as another application does, and wait until the screen read again."""
    own = demo.workspace.mappings
    other, read = Mappings(demo.workspace), own.opened
    await other.read()
    await save(demo.workspace, other.opened, without_mapping(other.current, target))
    await settled(person.pilot, lambda: own.opened is not read)


async def send_held(person: Person, demo: Demo, method: str = "PUT") -> asyncio.Event:
    """Send what the dialog shows, and hold a request to the schema until the event is set."""
    gate = demo.hold(method, "/schema")
    await person.press("send")
    await person.sees("sending to")
    return gate


async def test_f2_twice_says_that_it_was_heard_and_opens_one_dialog() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await without_city(person)
        gate = demo.hold("GET", "/secrets")
        await person.press("send", "send")
        await person.sees("… working out who is created, changed and removed")
        gate.set()
        await person.sees("Save the mappings of Contoso to Fabrikam in SOURCE Contoso")
        await rest(person.pilot)
        assert sum(isinstance(each, SaveDialog) for each in person.app.screen_stack) == 1
        await person.press("send")
        await person.sees("✓ saved · full cycle started")
    assert writes(demo) == ["PUT schema", "POST restart"]


async def test_who_went_elsewhere_meanwhile_is_not_met_by_the_dialog_there() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await without_city(person)
        gate = demo.hold("GET", "/secrets")
        await person.press("send")
        await person.sees("… working out")
        await person.press("7")
        await person.sees("[7 Job]")
        gate.set()
        await settled(person.pilot, lambda: not demo.log.waiting)
        await rest(person.pilot)
        assert not isinstance(person.app.screen, SaveDialog)
        await person.press("5")
        await person.sees("You went elsewhere before it was ready: press the key again.")


async def test_a_save_that_was_left_says_how_it_ended_wherever_one_is() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await without_city(person)
        await person.press("send")
        await person.sees("f2 Save and start full cycle")
        gate = await send_held(person, demo)
        await person.press("back", "7")
        gate.set()
        await person.sees("✓ saved · full cycle started")


async def test_a_save_that_was_left_and_was_overtaken_says_so_and_f2_compares_the_three() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await without_city(person)
        await person.press("send")
        await person.sees("f2 Save and start full cycle")
        await saved_elsewhere(person, demo)
        gate = await send_held(person, demo, "GET")
        await person.press("back", "7")
        gate.set()
        await person.sees("! The mappings were changed elsewhere: nothing was saved · f2 in Mappings")
        await person.press("5", "send")
        await person.sees("Mappings › changed elsewhere", "mapping city", "mapping state")
        await person.press("send")
        await person.sees("draft: 1 change, nothing sent")
        assert raw_row(demo.workspace.mappings.current.document, "state") is None


async def test_reading_again_finds_what_somebody_saved_meanwhile() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await without_city(person)
        await saved_elsewhere(person, demo)
        await person.press("reload")
        await person.sees("The mappings were changed elsewhere · f2 compares the three")
        await person.press("send")
        await person.sees("– removed", "f2 puts your choice into the draft. Only f2")
        await person.press("end")
        await person.sees("removed by somebody else since")


async def test_a_draft_edited_while_its_save_is_on_its_way_is_kept() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await without_city(person)
        await person.press("send")
        await person.sees("f2 Save and start full cycle")
        gate = await send_held(person, demo)
        await person.press("back", "filter", *["backspace"] * 4, *"state", "enter", "home", "delete")
        await person.sees("- [state]", "▶ writing to SOURCE Contoso")
        gate.set()
        await person.sees("✓ saved · full cycle started")
        await person.press("compare")
        await person.sees("mapping state")
        await person.sees_no("mapping city")


async def test_a_job_that_was_paused_meanwhile_is_shown_before_anything_is_sent() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await without_city(person)
        await person.press("send")
        await person.sees("f2 Save and start full cycle")
        desk = demo.workspace.job
        reading = await desk.read()
        assert isinstance(reading, JobReading)
        await desk.send(desk.actions(reading).pause())
        await person.press("send")
        await person.sees(
            "✗ The job was paused in the meantime",
            "Saving starts no cycle now.",
            "The job is paused: a full cycle begins when it is started.",
        )
        assert writes(demo) == ["POST pause"]
        await person.press("send")
        await person.sees("✓ saved · no cycle was started")
    assert writes(demo) == ["POST pause", "PUT schema"]


async def test_people_read_long_ago_are_read_again_before_it_is_said_who_leaves() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await without_city(person)
        before = demo.workspace.mappings.crowd
        demo.clock.advance(timedelta(seconds=600))
        await person.press("send")
        await person.sees("f2 Save and start full cycle", "what was read at 13:10", "0 s ago")
        assert demo.workspace.mappings.crowd is not before


async def test_a_filter_that_leaves_nobody_in_scope_asks_for_the_name() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await open_mappings(person)
        own = demo.workspace.mappings
        own.keep(with_clause(own.current, 0, 0, Clause("department", "EQUALS", ("sales",))))
        await person.press("tab_on")
        await person.sees("Nobody of 31 people read has department sales; 21 people have")
        await person.sees("! Nobody is in scope any more", "26 removals: the threshold of 10 holds")
        await person.press("send")
        await person.sees("! Nobody is in scope any more.", "Type the name to go on:")


@pytest.mark.parametrize(("limits", "typed"), [(Limits(), False), (Limits(changes=20), True)])
async def test_the_limits_of_the_profile_decide_when_the_name_is_typed(
    limits: Limits, *, typed: bool
) -> None:
    demo = Demo("configured")
    demo.workspace.profile = msgspec.structs.replace(demo.workspace.profile, limits=limits)
    async with at_keyboard(demo.app()) as person:
        await open_mappings(person)
        await person.press("end", "open")
        await person.sees("Mappings › userType")
        form = person.app.screen
        form.query_one("#apply").value = "Always"
        form.query_one("#constant").value = "Guest"
        await person.sees("✓ no errors")
        await person.press("send")
        await person.sees("draft: 1 change")
        await person.press("send")
        await person.sees("24 people change in TARGET Fabrikam: userType for 24")
        assert bool(person.app.screen.word) is typed


async def test_settings_that_cannot_be_read_are_unknown_and_the_name_is_typed() -> None:
    demo = Demo("configured")
    demo.emulator.world.faults.add(Fault("unavailable", "GET", "/secrets", times=99))
    async with at_keyboard(demo.app()) as person:
        await open_mappings(person)
        await person.press("tab_on")
        await person.sees("? In scope: cannot tell if assigned only or all users")


async def test_w_lists_who_leaves_with_the_account_and_opens_a_person() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await open_mappings(person)
        own = demo.workspace.mappings
        own.keep(with_clause(own.current, 0, 1, Clause("country", "EQUALS", ("Germany",))))
        await person.press("tab_on")
        await person.sees("Leave (16)", "not in TARGET")
        await person.press("send")
        await person.sees("w on a button lists the people")
        await person.press("tab", "why")
        await person.sees("Mappings › who", "aiko.tanaka@contoso.com", "✗ soft-deleted", "country Japan")
        await person.press("open")
        await person.sees("People › Aiko Tanaka")
        await person.press("back")
        await person.sees("Mappings › who")


async def test_what_stops_the_cycle_is_said_before_it_is_started() -> None:
    demo = Demo("troubled")
    async with at_keyboard(demo.app()) as person:
        await person.sees("Handshake", "✗ outbound off")
        await person.press("5")
        await person.sees("For ")
        await person.press("tab_on")
        await person.sees("up to 13 removals", "Removals are held now: 0 of 13 people")
        await person.press("delete")
        await person.sees("Removals are held now: 13 of 13 people come")
        await person.press("send")
        await person.sees("! SOURCE does not redeem invitations: the cycle stops before it writes anybody.")
