"""Provisioning people on demand by keyboard."""

from pathlib import Path

import pytest
from textual.widgets import Button

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, settled
from tests.ui.queueing import POST, into_the_bin, leaves, put, sent
from tests.workspace.on_demand.queues import POINTS, Killed
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.emulator.seed import person as seeded
from xtsync_tui.ui.screens.on_demand.screen import OnDemandScreen
from xtsync_tui.workspace.setup import Principal

pytestmark = pytest.mark.anyio

SIZES = [(120, 36), (80, 24), (160, 50)]


async def at_queue(person: Person) -> OnDemandScreen:
    """Go to the mode and wait until it has read."""
    await person.sees("Contoso")
    await person.press("6")
    await settled(person.pilot, lambda: isinstance(person.app.screen, OnDemandScreen))
    await settled(person.pilot, lambda: person.app.screen.data is not None, "the queue was read")
    screen: OnDemandScreen = person.app.screen
    return screen


async def over(person: Person) -> None:
    """Wait until the queue is at rest."""
    await settled(person.pilot, lambda: not person.app.writes.words, "the queue at rest")


@pytest.mark.parametrize("size", SIZES)
async def test_a_name_enter_p_enter_and_the_person_is_there(size: tuple[int, int]) -> None:
    demo = Demo("configured", timed=True)
    source = demo.emulator.world.tenants[demo.profile.source.tenant]
    lena = seeded(source, "lena.fischer")
    lena["displayName"] = "Fischer, Lena"
    source.touch(lena["id"])
    async with at_keyboard(demo.app(), size) as person:
        await at_queue(person)
        await person.sees("Nobody queued")
        await person.types("fischer")
        await person.press("enter")
        await person.sees("○ to do")
        assert sent(demo) == 0
        await person.press("provision")
        await person.sees("Provision Fischer, Lena in TARGET Fabrikam", "Will send to SOURCE Contoso")
        await person.press("enter")
        await person.sees("✓ updated, 1")
        await person.press("open")
        await person.sees("Lena Fischer → Fischer, Lena")
        assert "lena.fischer_contoso.com#EXT#@fabrikam" in person.app.screen.text.plain
    assert sent(demo) == 1


async def test_leaving_the_dialog_sends_nothing() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        await at_queue(person)
        put(demo, "lena.fischer")
        await person.sees("○ to do")
        person.app.screen.query_one("#queue").focus()
        await person.press("provision")
        await person.sees("Will send to SOURCE Contoso")
        await person.press("back")
        await person.sees("1 person in the queue, not sent")
    assert sent(demo) == 0


async def test_a_skip_is_explained_repaired_and_tried_again() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        screen = await at_queue(person)
        put(demo, "tom.baker")
        screen.query_one("#queue").focus()
        await person.press("provision")
        await person.sees("Provision Tom Baker")
        await person.press("send")
        await person.sees("– skipped", "Skipped: SMS sign-in is on", "f switch it off for Tom Baker")
        await person.press("fix")
        await person.sees("disableSmsSignIn")
        await person.press("send")
        await person.sees("✓ SMS sign-in is off for Tom Baker · p tries again", "○ repaired")
        await person.press("provision")
        await person.sees("Provision Tom Baker")
        await person.press("send")
        await person.sees("✓ created", "tom.baker_contoso.com#EXT#")
        await person.sees("Earlier results of this")
        await person.press("compare")
        await person.sees(
            "compared", "~ result", "then  skipped", "now   created", "2 Scope", "– out of scope"
        )


async def test_a_queue_of_seven_waits_for_the_limit_and_goes_on_behind_another_screen() -> None:
    demo = Demo("configured", timed=True)
    gate = demo.hold("POST", POST)
    async with at_keyboard(demo.app()) as person:
        screen = await at_queue(person)
        names = (
            "lena.fischer",
            "kim.lee",
            "aiko.tanaka",
            "chloe.martin",
            "emil.novak",
            "greta.lind",
            "ken.adams",
        )
        put(demo, *names)
        screen.query_one("#queue").focus()
        await person.press("provision")
        await person.sees("Provision 7 people")
        await person.press("send")
        await person.sees("▶ writing to TARGET Fabrikam, 1 of 7: Lena Fischer", "▶ 1 running")
        await person.press("1")
        await person.sees("▶ writing to TARGET Fabrikam")
        gate.set()
        await over(person)
        await person.press("6")
        await person.sees("7 of 7 done")
        reads = sum(one.request.path.endswith("/schema") for one in demo.log.exchanges)
        screen.look_if_due()
        await person.pilot.pause()
        assert not screen.reading
        assert sum(one.request.path.endswith("/schema") for one in demo.log.exchanges) == reads
    assert sent(demo) == 7
    assert not [one for one in demo.log.exchanges if one.status == 429]


async def test_pausing_stops_after_the_one_under_way_and_p_goes_on() -> None:
    demo = Demo("configured", timed=True)
    gate = demo.hold("POST", POST)
    async with at_keyboard(demo.app()) as person:
        screen = await at_queue(person)
        put(demo, "lena.fischer", "kim.lee")
        screen.query_one("#queue").focus()
        await person.press("provision")
        await person.sees("Provision 2 people")
        await person.press("send")
        await person.sees("1 of 2: Lena Fischer")
        await person.press("pause")
        gate.set()
        await over(person)
        await person.sees("1 of 2 done · ‖ paused", "○ next")
        await person.press("pause")
        await person.sees("2 of 2 done")


async def test_a_lost_answer_says_what_was_found_and_the_rest_goes_on() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        screen = await at_queue(person)
        put(demo, "lena.fischer", "kim.lee")
        screen.query_one("#queue").focus()
        demo.emulator.world.faults.add(Fault("dropped before", "POST", POST))
        await person.press("provision")
        await person.sees("Provision 2 people")
        await person.press("send")
        await person.sees("? unknown", "No answer: not known whether it arrived", "‖ Paused")
        await person.press("pause")
        await person.sees("2 of 2 done", "✓ no change")
        await person.press("requests", "tab_on")
        await person.sees("unknown", "done")
    assert sent(demo) == 2


async def test_quitting_asks_about_who_waits_and_lets_the_one_under_way_end() -> None:
    demo = Demo("configured", timed=True)
    gate = demo.hold("POST", POST)
    async with at_keyboard(demo.app()) as person:
        screen = await at_queue(person)
        put(demo, "lena.fischer", "kim.lee", "aiko.tanaka")
        screen.query_one("#queue").focus()
        await person.press("provision")
        await person.sees("Provision 3 people")
        await person.press("send")
        await person.sees("1 of 3: Lena Fischer")
        await person.press("quit")
        await person.sees("Not saved: 2 people in the queue")
        await person.press("down", "enter")
        await settled(person.pilot, lambda: demo.workspace.on_demand.paused, "the queue pauses")
        gate.set()
        await settled(person.pilot, lambda: not person.app.is_running or person.app._exit, "the end")
    assert sent(demo) == 1


async def test_a_csv_file_is_previewed_before_anybody_is_added(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("userPrincipalName,team\nlena.fischer@contoso.com,a\nnobody@contoso.com,b\n", "utf-8")
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        await at_queue(person)
        await person.press("back", "new")
        await person.sees("Add people of SOURCE Contoso")
        person.app.screen.query_one("#way").value = "file"
        field = person.app.screen.query_one("#file")
        field.focus()
        field.value = str(file)
        await person.press("enter")
        await person.sees("✓ match", "✗ not found", "Chosen (1)")
        await person.press("send")
        await person.sees("Lena Fischer", "0 of 1 done")
    assert sent(demo) == 0


async def test_the_assigned_are_marked_and_can_be_left_out() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        await at_queue(person)
        await person.press("back", "new")
        await person.sees("Add people")
        person.app.screen.query_one("#way").value = "assigned"
        await person.sees("Aiko Tanaka")
        person.app.screen.query_one("#assigned").focus()
        await person.press("asterisk", "home", "space")
        await person.sees("Chosen (1)")
        await person.press("send")
        await person.sees("0 of 1 done")


async def test_leaving_asks_about_several_people_who_were_searched_for() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        await at_queue(person)
        await person.press("back", "new")
        await person.chooses("lena", "aiko")
        await person.press("back")
        await person.sees("Leave the 2 who are chosen?")
        await person.press("back")
        await person.sees("Chosen (2)")
        await person.press("back", "enter")
        await settled(person.pilot, lambda: isinstance(person.app.screen, OnDemandScreen), "the queue")
    assert not demo.workspace.on_demand.queue


async def test_read_only_shows_the_request_and_keeps_sending_off() -> None:
    demo = Demo("configured", timed=True, read_only=True)
    async with at_keyboard(demo.app()) as person:
        screen = await at_queue(person)
        put(demo, "lena.fischer")
        screen.query_one("#queue").focus()
        await person.press("provision")
        await person.sees("provisionOnDemand", "off: read-only")
        await person.press("send")
        await person.sees("provisionOnDemand")
    assert sent(demo) == 0


async def test_before_there_is_a_job_the_screen_says_where_it_is_made() -> None:
    async with at_keyboard(Demo("fresh", timed=True).app()) as person:
        await person.sees("Contoso")
        await person.press("6")
        await person.sees("No configuration yet", "1 opens Setup")


@pytest.mark.parametrize("scenario", ["configured", "troubled", "hostile"])
@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_everybody_assigned_can_be_provisioned_without_a_control_character(
    scenario: str, size: tuple[int, int]
) -> None:
    demo = Demo(scenario, timed=True)
    async with at_keyboard(demo.app(), size) as person:
        await person.sees("Contoso")
        async for _ in demo.workspace.setup.do_rest():
            pass
        screen = await at_queue(person)
        await person.press("back", "new")
        await person.sees("Add people")
        person.app.screen.query_one("#way").value = "assigned"
        await settled(person.pilot, lambda: person.app.screen.query_one("#assigned").marks)
        await person.press("send")
        await settled(person.pilot, lambda: demo.workspace.on_demand.queue)
        demo.workspace.on_demand.release({one.user_id for one in demo.workspace.on_demand.queue[:9]})
        screen._start()
        await settled(person.pilot, lambda: sent(demo) > 0)
        await over(person)
        for _ in range(9):
            assert all(line.isprintable() for line in person.lines)
            await person.press("down")


async def test_another_screen_sends_somebody_here_and_the_request_is_shown_first() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        await person.sees("Contoso")
        source = demo.emulator.world.tenants[demo.profile.source.tenant]
        lena = seeded(source, "lena.fischer")
        await settled(person.pilot, lambda: person.app.has_pair)
        demo.workspace.on_demand.add([Principal(lena["id"], "Lena Fischer", "User")])
        await person.app.go("on-demand", lena["id"])
        await person.sees("Provision Lena Fischer in TARGET Fabrikam", "Will send to SOURCE Contoso")
        assert sent(demo) == 0
        await person.press("enter")
        await person.sees("✓ no change")


async def test_the_logs_of_the_selected_person_are_one_key_away() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        screen = await at_queue(person)
        put(demo, "lena.fischer")
        screen.query_one("#queue").focus()
        await person.press("logs")
        await settled(person.pilot, lambda: person.app.current_mode == "logs")


async def test_an_id_that_is_not_queued_yet_is_looked_up_and_queued() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        await at_queue(person)
        source = demo.emulator.world.tenants[demo.profile.source.tenant]
        await person.app.go("on-demand", seeded(source, "kim.lee")["id"])
        await person.sees("Provision Kim Lee in TARGET Fabrikam")
        await person.press("back")
        await person.app.go("on-demand", "00000000-0000-0000-0000-000000000000")
        await person.sees("This person is not in SOURCE.")
    assert sent(demo) == 0


@pytest.mark.parametrize("size", SIZES)
async def test_who_was_held_back_is_listed_with_the_reason_before_anybody_is_sent_over_it(
    size: tuple[int, int],
) -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app(), size) as person:
        screen = await at_queue(person)
        ids = into_the_bin(demo, "lena.fischer", "kim.lee")
        screen.query_one("#queue").focus()
        await person.press("provision")
        await person.sees("Provision 2 people")
        await person.press("send")
        await over(person)
        await person.sees("! in the bin")
        assert sent(demo) == 0
        put(demo, "aiko.tanaka")
        await person.press("mark_all", "provision")
        await person.sees("Provision 3 people", "! 2 were held back. Sending them goes over that:")
        await person.sees("Lena Fischer: Deleted in TARGET, not restored by the service.")
        await person.sees("Kim Lee: Deleted in TARGET, not restored by the service.", "until 9 Jun")
        await person.press("enter")
        assert sent(demo) == 0
        await person.press("provision")
        await person.sees("Provision 3 people")
        await person.press("send")
        await over(person)
    assert sent(demo) == len(ids) + 1


async def test_whoever_does_not_fit_into_the_dialog_is_told_of_and_can_be_scrolled_to() -> None:
    demo = Demo("configured", timed=True)
    names = ("lena.fischer", "kim.lee", "aiko.tanaka", "chloe.martin", "emil.novak", "greta.lind")
    async with at_keyboard(demo.app(), (80, 24)) as person:
        screen = await at_queue(person)
        into_the_bin(demo, *names)
        screen.query_one("#queue").focus()
        await person.press("provision")
        await person.sees("Provision 6 people")
        await person.press("send")
        await over(person)
        await person.press("mark_all", "provision")
        await person.sees("! 6 were held back", "Lena Fischer: Deleted", "pgup, pgdn: there is more")
        await person.sees_no("Greta Lind: Deleted")
        await person.press("pagedown")
        await person.sees("Greta Lind: Deleted")
        await person.press("pageup")
        await person.sees("Lena Fischer: Deleted")


async def test_one_person_who_was_held_back_is_not_sent_by_enter() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        screen = await at_queue(person)
        into_the_bin(demo, "lena.fischer")
        screen.query_one("#queue").focus()
        await person.press("provision")
        await person.sees("Provision Lena Fischer")
        await person.press("send")
        await person.sees("! in the bin")
        await person.press("provision")
        await person.sees("! 1 was held back. Sending them goes over that:", "can make a duplicate")
        await person.press("enter")
        await person.sees_no("1 was held back")
        assert sent(demo) == 0


@pytest.mark.parametrize("point", POINTS)
async def test_after_an_outage_the_screen_says_of_each_what_happened_and_a_key_resumes_the_rest(
    point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        screen = await at_queue(person)
        world = demo.emulator.world.tenants[demo.profile.source.tenant]
        names = [user["userPrincipalName"].partition("@")[0] for user in world.users.values()]
        put(demo, *names[:20])
        emulator = Killed(monkeypatch, demo.workspace.on_demand, 7, point)
        screen.query_one("#queue").focus()
        await person.press("provision")
        await person.sees("Provision 20 people")
        await person.press("send")
        await over(person)
        await person.sees("‖ Paused: ", "P lets the queue go on", "P Go on", "○ next")
        lost = point.startswith("dropped")
        ended = 7 + (lost or point == "answered")
        await person.sees(f"{ended} of 20 done · ‖ paused")
        if lost:
            await person.sees("? unknown")
        emulator.come_back()
        await person.press("pause")
        await over(person)
        await person.sees("20 of 20 done")
        await person.sees_no("‖ Paused")
        if point == "dropped before":
            await person.press("home", *["down"] * 7)
            await person.sees("No answer: not known whether it arrived", "p send again")
            await person.press("provision")
            await person.sees("? 1 was sent before; how that ended is not known:")
            await person.press("send")
            await over(person)
        await person.sees_no("? unknown")
        assert len(emulator.received) == len(set(emulator.received)) == 20


@pytest.mark.parametrize("size", SIZES)
async def test_whoever_would_be_deleted_is_named_with_the_reason_and_has_to_be_typed(
    size: tuple[int, int],
) -> None:
    demo = Demo("configured", timed=True)
    leaves(demo, "lena.fischer")
    async with at_keyboard(demo.app(), size) as person:
        screen = await at_queue(person)
        put(demo, "lena.fischer")
        screen.query_one("#queue").focus()
        await person.press("provision")
        await person.sees("✗ Evaluated here: would be soft-deleted in TARGET, 30 days in the bin")
        await person.sees(
            "department REGEX MATCH", "! The deletion threshold does not hold deletions on demand."
        )
        await person.sees("Type the name to go on:  Lena Fischer")
        await person.press("enter", "send")
        await person.sees("off until the name is right")
        assert sent(demo) == 0
        await person.types("Lena Fischer")
        await person.press("send")
        await person.sees("! soft-deleted", "Deleted: out of scope", "f restore Lena Fischer")
        await person.press("fix")
        await person.sees("Restore Lena Fischer in TARGET")
        await person.sees("! A cycle deletes the account again until")
        await person.press("send")
        await person.sees("✓ Lena Fischer restored", "✓ repaired")
    assert sent(demo) == 1


async def test_of_many_those_who_would_be_deleted_can_be_left_out() -> None:
    demo = Demo("configured", timed=True)
    leaves(demo, "lena.fischer")
    async with at_keyboard(demo.app()) as person:
        screen = await at_queue(person)
        ids = put(demo, "kim.lee", "lena.fischer", "emil.novak")
        screen.query_one("#queue").focus()
        await person.press("provision")
        await person.sees("Evaluated here: 2 no change, 1 soft-deleted")
        await person.sees("✗ 1 person would be removed from TARGET:", "Type the number to go on:  1")
        person.app.screen.query_one("#leave-out", Button).press()
        await person.sees("Evaluated here: 2 no change")
        await person.sees_no("Type the number")
        await person.press("send")
        await over(person)
        await person.sees("2 of 3 done")
        assert [one.state.value for one in demo.workspace.on_demand.queue] == ["done", "to do", "done"]
    assert sent(demo) == 2
    assert ids


@pytest.mark.parametrize(("out", "posts"), [(False, 1), (True, 0)])
async def test_enter_may_be_faster_than_the_evaluation_but_deletes_nobody(out: bool, posts: int) -> None:
    demo = Demo("configured", timed=True)
    if out:
        leaves(demo, "lena.fischer")
    async with at_keyboard(demo.app()) as person:
        screen = await at_queue(person)
        put(demo, "lena.fischer")
        screen.query_one("#queue").focus()
        gate = demo.hold("POST", "/$batch")
        await person.press("provision")
        await person.sees("… evaluating who would be deleted, 0 of 1")
        await person.press("enter")
        await person.sees("▶ as soon as that is known")
        assert sent(demo) == 0
        gate.set()
        await person.sees("Type the name to go on:  Lena Fischer" if out else "✓ no change")
    assert sent(demo) == posts


async def test_who_would_be_deleted_cannot_be_told_and_is_counted_at_its_worst() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        screen = await at_queue(person)
        put(demo, "lena.fischer")
        screen.query_one("#queue").focus()
        demo.emulator.world.faults.add(Fault("unavailable", "POST", "/$batch", times=9))
        await person.press("provision")
        await person.sees("? cannot tell", "Type the name to go on:  Lena Fischer")
    assert sent(demo) == 0


async def test_pressing_pause_twice_goes_on_and_starting_twice_says_no_error() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        screen = await at_queue(person)
        ids = put(demo, "lena.fischer", "kim.lee", "emil.novak")
        screen.query_one("#queue").focus()
        gate = demo.hold("POST", POST)
        demo.workspace.on_demand.release(set(ids))
        await person.bursts("P", "P")
        await person.sees("‖ pauses after this one")
        await person.press("pause")
        await person.sees("▶ 1 running")
        gate.set()
        await over(person)
        await person.sees("3 of 3 done")
        await person.sees_no("✗ Another write")
    assert sent(demo) == 3


async def test_more_people_can_be_confirmed_while_the_queue_is_at_work() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        screen = await at_queue(person)
        ids = put(demo, "lena.fischer")
        screen.query_one("#queue").focus()
        gate = demo.hold("POST", POST)
        demo.workspace.on_demand.release(set(ids))
        screen._start()
        await person.sees("▶ 1 running")
        put(demo, "kim.lee")
        await person.press("end", "provision")
        await person.sees("Evaluated here: nothing would change in TARGET", "f2 Provision")
        await person.press("send")
        await person.sees("○ next")
        gate.set()
        await over(person)
        await person.sees("2 of 2 done")


async def test_a_filter_thins_out_the_queue_and_the_keys_stay_with_it() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app(), (80, 24)) as person:
        screen = await at_queue(person)
        put(demo, "lena.fischer", "kim.lee", "emil.novak", "aiko.tanaka")
        screen.query_one("#queue").focus()
        await person.press("filter")
        await person.types("kim")
        await person.press("open")
        await person.sees("kim · 1 of 4", "▌ Kim Lee")
        await person.sees_no("Emil Novák")
        assert screen.focused is screen.query_one("#queue")
        await person.press("export")
        await person.sees("Export what is shown as")
        await person.press("back", "back")
        await person.sees("Emil Novák")


@pytest.mark.parametrize(("size", "shown"), [((120, 36), "ken.lab@cont"), ((80, 24), "ken.lab@contoso.com")])
async def test_two_people_of_one_name_can_be_told_apart(size: tuple[int, int], shown: str) -> None:
    demo = Demo("configured", timed=True)
    source = demo.emulator.world.tenants[demo.profile.source.tenant]
    twin = next(user for user in source.users.values() if user["displayName"] == "Ken Adams (lab)")
    twin["displayName"] = "Ken Adams"
    async with at_keyboard(demo.app(), size) as person:
        screen = await at_queue(person)
        put(demo, "ken.adams", twin["userPrincipalName"].partition("@")[0])
        await person.sees(shown)
        screen.query_one("#queue").focus()
        await person.press("provision")
        await person.sees("Ken Adams (ken.adams@contoso.com)", "Ken Adams (ken.lab@contoso.com)")


async def test_the_whole_page_of_a_result_has_the_keys_that_it_names() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app(), (80, 24)) as person:
        screen = await at_queue(person)
        put(demo, "tom.baker")
        screen.query_one("#queue").focus()
        await person.press("provision")
        await person.sees("Provision Tom Baker")
        await person.press("send")
        await person.sees("– skipped")
        await person.press("open")
        await person.sees("f switch it off for Tom Baker", "f Fix", "w Why", "p Provision")
        indent = [line for line in person.lines if line.strip() and not line.startswith(" ")]
        assert indent == []
        await person.press("fix")
        await person.sees("Switch SMS sign-in off for Tom Baker in SOURCE Contoso", "tom.baker@contoso.com")
        await person.sees("stops working for them in SOURCE")
        await person.press("enter")
        await person.sees_no("Switch SMS sign-in off for")
    assert sent(demo) == 1


async def test_a_guest_is_found_and_told_to_be_one() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        await at_queue(person)
        await person.press("back", "new")
        await person.sees("Add people")
        await person.types("ida")
        await person.sees("Ida Kessler", "! a guest of SOURCE")
        await person.press("enter")
        await person.sees(
            "Chosen (1)", "! Ida Kessler is a guest of SOURCE: the service does not synchronize"
        )


async def test_the_footer_says_whom_p_is_about() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        screen = await at_queue(person)
        put(demo, "lena.fischer", "kim.lee")
        screen.query_one("#queue").focus()
        await person.sees("p Provision 2")
        await person.press("mark")
        await person.sees("p Provision  n Add")
        await person.press("provision")
        await person.sees("Provision Lena Fischer in")
        await person.press("send")
        await person.sees("1 of 2 done")
        await person.press("home")
        await person.sees("p Again")


async def test_the_title_counts_what_did_not_work_and_the_status_only_who_is_to_do() -> None:
    demo = Demo("troubled", timed=True)
    async with at_keyboard(demo.app(), (120, 36)) as person:
        screen = await at_queue(person)
        ids = put(demo, "kim.lee", "emil.novak", "sofia.costa")
        screen.query_one("#queue").focus()
        demo.workspace.on_demand.release(set(ids[:2]))
        screen._start()
        await over(person)
        await person.sees("2 of 3 done · 2 failed", "1 person in the queue, not sent")


async def test_a_resize_lays_the_detail_out_anew() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app(), (80, 24)) as person:
        screen = await at_queue(person)
        ids = put(demo, "lena.fischer")
        screen.query_one("#queue").focus()
        demo.workspace.on_demand.release(set(ids))
        screen._start()
        await over(person)
        await person.sees("✓ no change")
        await person.pilot.resize_terminal(160, 50)
        await person.sees("── In TARGET Fabrikam now")
        resized = person.lines
        screen.changed()
        await person.pilot.pause()
        assert [line for line in person.lines if "TARGET" in line] == [
            one for one in resized if "TARGET" in one
        ]
        head = next(line for line in resized if "── In TARGET" in line)
        assert head.rstrip().endswith("─")


async def test_a_line_that_may_be_two_people_asks_who_is_meant(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("mail\nken.adams@contoso.com\n", "utf-8")
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        await at_queue(person)
        await person.press("back", "new")
        await person.sees("Add people of SOURCE Contoso")
        person.app.screen.query_one("#way").value = "file"
        field = person.app.screen.query_one("#file")
        field.focus()
        field.value = str(file)
        await person.press("enter")
        await person.sees("! ambiguous", "enter chooses", "Chosen (0)")
        await person.press("enter")
        await person.sees("Who is ken.adams@contoso.com?", "Ken Adams (lab)")
        await person.press("enter")
        await person.sees("✓ match", "Chosen (1)")


async def test_of_many_assigned_nobody_is_marked_before_one_asks_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("xtsync_tui.ui.screens.on_demand.adding.AT_ONCE", 3)
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        await at_queue(person)
        await person.press("back", "new")
        await person.sees("Add people")
        gate = demo.hold("GET", "/members")
        person.app.screen.query_one("#way").value = "assigned"
        await person.sees("… reading who is assigned: 0 so far")
        gate.set()
        await person.sees("Aiko Tanaka", "Chosen (0)", "space marks · * marks all or none")
        person.app.screen.query_one("#assigned").focus()
        await person.press("mark_all")
        await person.sees("! 31 people: about 1 min")
        person.app.screen.query_one("#way").value = "search"
        await person.sees("Chosen (31)")
