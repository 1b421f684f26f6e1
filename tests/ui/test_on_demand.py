"""Provisioning people on demand by keyboard."""

from pathlib import Path

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, settled
from tests.workspace.on_demand.queues import POINTS, Killed
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.emulator.seed import person as seeded
from xtsync_tui.ui.screens.on_demand.screen import OnDemandScreen
from xtsync_tui.workspace.setup import Principal

pytestmark = pytest.mark.anyio

SIZES = [(120, 36), (80, 24), (160, 50)]
POST = "/provisionOnDemand"


async def at_queue(person: Person) -> OnDemandScreen:
    """Go to the mode and wait until it has read."""
    await person.sees("Contoso")
    await person.press("6")
    await settled(person.pilot, lambda: isinstance(person.app.screen, OnDemandScreen))
    await settled(person.pilot, lambda: person.app.screen.data is not None, "the queue was read")
    screen: OnDemandScreen = person.app.screen
    return screen


def put(demo: Demo, *names: str) -> list[str]:
    """Put people into the queue as the dialog would; returns their ids."""
    users = [seeded(demo.emulator.world.tenants[demo.profile.source.tenant], name) for name in names]
    demo.workspace.on_demand.add(
        [Principal(user["id"], user["displayName"], "User", user["userPrincipalName"]) for user in users]
    )
    return [user["id"] for user in users]


def sent(demo: Demo) -> int:
    """Return how many people were sent to the service."""
    return sum(one.request.path.endswith(POST) for one in demo.log.exchanges)


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


async def test_read_only_shows_the_request_and_keeps_sending_off() -> None:
    demo = Demo("configured", timed=True, read_only=True)
    async with at_keyboard(demo.app()) as person:
        screen = await at_queue(person)
        put(demo, "lena.fischer")
        screen.query_one("#queue").focus()
        await person.press("provision")
        await person.sees("provisionOnDemand", "off: this profile is read-only")
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


def into_the_bin(demo: Demo, *names: str) -> list[str]:
    """Queue people who lie in the bin of the target; returns their ids."""
    target = demo.emulator.world.tenants[demo.profile.target.tenant]
    ids = put(demo, *names)
    mails = [one.account for one in demo.workspace.on_demand.queue if one.user_id in ids]
    for user in [one for one in target.users.values() if one.get("mail") in mails]:
        del target.users[user["id"]]
        target.deleted_users[user["id"]] = {**user, "deletedDateTime": "2026-05-10T09:00:00Z"}
    return ids


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
        await person.sees("‖ Paused: ", "P lets the queue go on", "○ next")
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
