"""Watching the job by keyboard: what it does, who is held, and each thing that can be done."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, settled
from xtsync_tui.emulator.configurations import make_configuration
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.emulator.job import make_job
from xtsync_tui.engine.quarantine import Quarantine, QuarantineReason
from xtsync_tui.graph import credentials
from xtsync_tui.ui.screens.job import text
from xtsync_tui.workspace.job.reading import JobReading

pytestmark = pytest.mark.anyio


def changes(demo: Demo) -> list[Any]:
    """Return path and body of what was sent to change something."""
    sent = [one.request for one in demo.log.exchanges if one.request.writes]
    return [(one.path.rpartition("/")[2], one.body) for one in sent if "$batch" not in one.path]


async def opened(person: Person, *seen: str) -> None:
    await person.sees("Setup")
    await person.press("7")
    await person.sees(*seen)


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (160, 50)])
async def test_the_state_of_the_job_is_seen_at_every_size(size: tuple[int, int]) -> None:
    async with at_keyboard(Demo("configured").app(), size) as person:
        await opened(person, "✓ active", "about 13:38", "12:58:00", "! with errors", "threshold 10 per cycle")


async def test_a_restart_is_explained_least_first_sent_and_watched_to_its_end() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        await opened(person, "✓ active")
        await person.press("restart")
        await person.sees(
            "Lift the quarantine", "Forget recorded failures", "the portal's Restart", "Full: breaks"
        )
        await person.press("down", "enter")
        await person.sees("Watermark", "[ Cancel ]")
        await person.press("enter")
        assert changes(demo) == []
        await person.press("restart", "down", "enter")
        await person.sees("Will send to SOURCE Contoso")
        await person.press("send")
        await person.sees("▶ running", "a cycle is running since 13:00:00")
        assert changes(demo) == [("restart", {"criteria": {"resetScope": "Watermark"}})]
        await demo.pause(30)
        demo.emulator.service.settle()
        person.app.screen.look_if_due()
        await person.sees("▶ running", "pages, not people", "from the pace so far", "░")
        await demo.pause(300)
        demo.emulator.service.settle()
        person.app.screen.look_if_due()
        await person.sees("✓ active, between two cycles", "Changes written, last 3 cycles")


async def test_a_restart_that_breaks_links_asks_for_the_name() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await opened(person, "✓ active")
        await person.press("restart", "end", "enter")
        await person.sees("Type the name to go on:  Contoso to Fabrikam", "off until the name is right")
        await person.press("send")
        assert changes(demo) == []
        await person.types("Contoso to Fabrikam")
        await person.press("send")
        await person.sees("restarted")
    assert changes(demo) == [("restart", {"criteria": {"resetScope": "Full"}})]


async def test_who_is_held_is_listed_and_allowed_by_typing_how_many() -> None:
    demo = Demo("troubled", timed=True)
    async with at_keyboard(demo.app()) as person:
        await opened(
            person, "Held deletions (14)", "TooManyDeletes", "15 May 00:18", "11 Jun 2026", "Bob [/b] Stone"
        )
        await person.press("held")
        await person.sees(
            "Allow 14 deletions in TARGET Fabrikam · job of SOURCE Contoso",
            "Person",
            "filter: country is Japan, not Germany",
            "ana.lopes@contoso.com changed the mappings or the filters",
            "Type the number",
        )
        await person.sees("! Nothing happens yet: SOURCE does not redeem invitations, so every cycle stops")
        await person.types("13")
        await person.press("send")
        assert changes(demo) == []
        await person.press("backspace")
        await person.types("4")
        await person.press("send")
        await person.sees("✓ allowed; the cycle stops before it deletes: SOURCE does not redeem invitations")
        await person.sees("Deletions allowed", "the next cycle that connects carries them out")
        await person.press("restart", "enter")
        await person.sees("! Deletions were allowed before. The cycle that begins carries them out.")
    assert changes(demo) == [("restart", {"criteria": {"resetScope": "ForceDeletes"}})]


async def test_how_many_were_deleted_is_said_when_the_cycle_that_was_allowed_to_has_ended() -> None:
    demo = Demo("troubled", timed=True)
    open_the_handshake(demo)
    async with at_keyboard(demo.app()) as person:
        await opened(person, "Held deletions (14)", "When allowed: 13 people are")
        await person.press("held")
        await person.types("14")
        await person.press("send")
        await person.sees("✓ allowed; the cycle that begins deletes them")
        await demo.pause(600)
        demo.emulator.service.settle()
        person.app.screen.look_if_due()
        await person.sees("✓ deleted: 13 of 14 that were held · the cycle ended", "■ 14 held", "Deleted")
        row = next(line for line in person.lines if line.startswith("▌"))
        assert row.split("          ")[0].split()[-1] != "0"


def open_the_handshake(demo: Demo) -> None:
    world = demo.emulator.world
    contoso = world.tenants[demo.profile.source.tenant]
    partner = contoso.partners[demo.profile.target.tenant]
    partner["automaticUserConsentSettings"]["outboundAllowed"] = True


async def test_where_the_log_has_more_than_was_read_the_number_is_at_least_and_the_name_is_typed() -> None:
    demo = Demo("troubled", timed=True)
    contoso = demo.emulator.world.tenants[demo.profile.source.tenant]
    held = [row for row in contoso.provisioning_log if row["provisioningAction"] == "stagedDelete"]
    for number in range(1000):
        contoso.provisioning_log.add(held[0] | {"id": f"again {number}"})
    async with at_keyboard(demo.app()) as person:
        await opened(person, "Held deletions (at least", "are held until you allow (H)")
        await person.press("held")
        await person.sees("Allow at least", "! The log was not read to its end: everybody held is deleted")
        await person.sees("Type the name to go on:  Contoso to Fabrikam")


async def test_a_log_that_cannot_be_read_leaves_the_number_of_held_deletions_unknown() -> None:
    demo = Demo("troubled", timed=True)
    async with at_keyboard(demo.app()) as person:
        await person.sees("Setup", "next: step")
        demo.emulator.world.faults.add(Fault("unavailable", "GET", "auditLogs/provisioning", times=99))
        await person.press("7")
        await person.sees("? who is held cannot be read", "Held deletions ? cannot tell")
        await person.press("held")
        await person.sees("Who is held cannot be read.")
        await person.press("pause", "enter")
        await person.sees("‖ paused while in quarantine", "Deletions held      ? cannot tell")


async def test_pausing_in_a_quarantine_keeps_who_is_held_and_the_way_out() -> None:
    demo = Demo("troubled", timed=True)
    async with at_keyboard(demo.app()) as person:
        await opened(person, "Held deletions (14)", "H Allow", "f Prevent")
        await person.press("pause")
        await person.sees("No cycle begins until you start it.", "f2 Pause")
        await person.press("enter")
        await person.sees(
            "‖ paused while in quarantine", "Deletions held      14", "Held deletions (14)", "Aiko Tanaka"
        )
        await person.sees(
            "■ when it goes on, unless the cause is gone", "starts the job: 13 people are deleted"
        )
        await person.press("held")
        await person.sees("! The job is paused: this starts it again.")
        await person.press("back", "fix")
        await person.sees("[5 Mappings]", "[Scoping filters")


async def test_f_goes_to_the_setting_that_is_wrong_whatever_the_job_does() -> None:
    demo = Demo("configured")
    contoso = demo.emulator.world.tenants[demo.profile.source.tenant]
    partner = contoso.partners[demo.profile.target.tenant]
    partner["automaticUserConsentSettings"]["outboundAllowed"] = False
    async with at_keyboard(demo.app()) as person:
        await opened(person, "✗ SOURCE does not redeem invitations: every cycle stops before it writes.")
        await person.press("fix")
        await person.sees("[1 Setup]")
        await settled(person.pilot, lambda: person.app.screen.query_one("#steps").row.number == 4)


async def test_a_test_of_the_connection_stays_in_sight() -> None:
    demo = Demo("troubled", timed=True)
    now = demo.clock.now()
    contoso = demo.emulator.world.tenants[demo.profile.source.tenant]
    (job,) = [job for jobs in contoso.jobs.values() for job in jobs.values()]
    stay = Quarantine(QuarantineReason.EXCEPTION, now, now, now + timedelta(hours=6))
    job.state = replace(job.state, quarantine=stay)
    async with at_keyboard(demo.app()) as person:
        await opened(
            person, "SOURCE does not redeem invitations. In SOURCE Contoso", "t tests it as it is now"
        )
        await person.press("test")
        await person.sees("Tested", "13:00, 0 s ago")


async def test_a_rename_and_a_deletion_are_seen() -> None:
    demo = Demo("configured", timed=True)
    contoso = demo.emulator.world.tenants[demo.profile.source.tenant]
    async with at_keyboard(demo.app()) as person:
        await opened(person, "Job · Contoso to Fabrikam")
        (principal,) = [one for one in contoso.service_principals.values() if one["id"] in contoso.jobs]
        principal["displayName"] = "Hostile pair"
        await person.press("reload")
        await person.sees("Job · Hostile pair")
        del contoso.service_principals[principal["id"]], contoso.jobs[principal["id"]]
        await person.press("reload")
        await person.sees("No configuration yet. 1 opens Setup.")
        await person.sees_no("Hostile pair")


async def test_l_on_the_running_cycle_shows_its_rows_and_not_what_was_filtered_before() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        await opened(person, "✓ active")
        await person.press("8")
        await person.sees("7 rows")
        await person.press("filter")
        await person.types("state:failed since:7d")
        await person.press("enter")
        await person.sees("since:7d state:failed")
        await person.press("7", "restart", "down", "down", "enter", "send")
        await person.sees("▶ running")
        await person.press("logs")
        await person.sees("[8 Logs]", "since:1min · one configuration")


async def test_while_the_log_is_waited_for_the_job_is_shown() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        await person.sees("Setup", "✓ all done")
        log = demo.hold("GET", "auditLogs/provisioning")
        await person.press("7")
        await person.sees("✓ active, between two cycles", "… reading the log")
        log.set()
        await person.sees("times in UTC")


async def test_the_kinds_of_restart_show_which_one_is_chosen_without_colour() -> None:
    async with at_keyboard(Demo("configured").app(), (80, 24)) as person:
        await opened(person, "✓ active")
        await person.press("restart")
        await person.sees("Restart in SOURCE Contoso: which kind?", "▌Forget recorded failures  Escrows")
        await person.sees("enter shows what is sent · esc leaves", "(not in quarantine now)")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_what_can_be_done_is_shown_where_there_is_room(size: tuple[int, int]) -> None:
    async with at_keyboard(Demo("configured").app(), size) as person:
        await opened(
            person, "✓ active", "What you can do", "S  Start      off: the job is on; its next cycle"
        )


async def test_who_is_held_is_listed_too_when_the_access_settings_cannot_be_read() -> None:
    demo = Demo("troubled", timed=True)
    async with at_keyboard(demo.app()) as person:
        await opened(person, "Held deletions (14)")
        demo.emulator.world.faults.add(Fault("unavailable", "GET", "/crossTenantAccessPolicy/", times=100))
        await person.press("held")
        await person.sees("Allow 14 deletions", "? cannot tell whether the access settings stop the cycle")


async def test_starting_a_running_job_is_refused_with_the_reason() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await opened(person, "✓ active")
        await person.press("start")
        await person.sees("can stop the service")
        await person.press("held")
        await person.sees("No deletion is held now")


async def test_pausing_and_starting_again() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await opened(person, "✓ active")
        await person.press("pause")
        await person.sees("No cycle begins until you start it.", "f2 Pause")
        await person.press("enter")
        await person.sees("‖ paused")
        await person.press("start")
        await person.sees("f2 Start")
        await person.press("enter")
        await person.sees_no("‖ paused")
    assert [name for name, _ in changes(demo)] == ["pause", "start"]


async def test_without_a_job_the_step_that_makes_one_is_named() -> None:
    async with at_keyboard(Demo().app()) as person:
        await opened(person, "No configuration yet. 1 opens Setup.")
        await person.press("restart")
        await person.sees_no("which kind")
        await person.press("logs")
        assert person.app.screen.hint == "No configuration yet. 1 opens Setup."


async def test_f_in_a_quarantine_goes_to_the_filter_that_caused_it() -> None:
    async with at_keyboard(Demo("troubled").app()) as person:
        await opened(person, "widen the scoping filter")
        await person.press("fix")
        await person.sees("[5 Mappings]", "[Scoping filters")


async def test_l_opens_the_rows_of_the_selected_cycle() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await opened(person, "12:18:00")
        await person.press("down", "logs")
        await person.sees("[8 Logs]", "Priya Nair", "3 of 7 rows")


async def test_a_hidden_screen_asks_nothing_and_errors_make_it_look_more_rarely() -> None:
    demo = Demo("configured", timed=True)
    async with at_keyboard(demo.app()) as person:
        await opened(person, "✓ active")
        job = person.app.screen
        await settled(person.pilot, lambda: not job.reading)
        assert job.seconds_left == pytest.approx(60, abs=1)
        await person.press("8")
        await person.sees("[8 Logs]", "rows")
        demo.seconds += 3600
        job.look_if_due()
        await person.pilot.pause()
        assert not job.reading
        demo.emulator.world.faults.add(_down())
        await person.press("7")
        job.look_if_due()
        await settled(person.pilot, lambda: job.seconds_left > 0 and not job.reading)
        assert job.seconds_left == pytest.approx(120, abs=40)
        await person.sees("r tries again", "✓ active")


def _down() -> Any:

    return Fault("unavailable", "GET", "/synchronization/jobs", times=99)


async def test_where_graph_does_not_say_who_gets_the_mail_the_last_time_it_was_set_here_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def masked(*_: object) -> dict[str, str]:
        return {credentials.NOTIFICATIONS: credentials.MASKED}

    demo = Demo("troubled")
    contoso = demo.emulator.world.tenants[demo.profile.source.tenant]
    configurations = demo.workspace.configurations
    async with at_keyboard(demo.app()) as person:
        await opened(person, "■ quarantine", "sync-admins@contoso.com")
        for kept in contoso.secrets.values():
            del kept["SyncNotificationSettings"]
        (one,) = await configurations.read()
        await person.press("reload")
        await person.sees("? unknown who gets it · never set here")
        await configurations.send(configurations.notifying(one, "ops@contoso.com", 25))
        monkeypatch.setattr(credentials, "secrets", masked)
        await person.sees(
            "? unknown who gets it · last set here", "by ana.lopes@contoso.com: ops@contoso.com"
        )


def second_configuration(demo: Demo) -> str:
    """Make another configuration, whose job is in quarantine; returns its object id."""
    world = demo.emulator.world
    tenant = world.tenants[demo.profile.source.tenant]
    _, principal = make_configuration(world, tenant, "To Northwind")
    job = make_job(world, tenant, principal)
    job.schedule = "Active"
    now = demo.clock.now()
    stay = Quarantine(QuarantineReason.EXCEPTION, now, now, now + timedelta(hours=6))
    job.state = replace(job.state, quarantine=stay)
    return str(principal["id"])


@pytest.mark.parametrize("first", ["7", "1"])
async def test_the_overview_sends_to_the_job_of_the_configuration_that_is_in_trouble(first: str) -> None:
    demo = Demo("configured")
    second_configuration(demo)
    async with at_keyboard(demo.app()) as person:
        await person.press(first)
        await person.press("2")
        await person.sees("Needs attention", "To Northwind")
        await person.press("open")
        await person.sees(
            "Job · To Northwind", "■ quarantine", "another configuration than that of this pair"
        )
        await person.press("test")
        await person.sees("4 shows the settings of this configuration")
        await person.press("start")
        await person.sees("Start provisioning", "To Northwind")
        await person.press("back", "back")
        await person.sees("Needs attention")
        await person.press("7")
        await person.sees("Job · To Northwind")
        await person.press("back")
        await person.sees("Job · Contoso to Fabrikam", "✓ active")
        await person.sees_no("another configuration")


async def test_a_configuration_that_is_gone_is_said_and_esc_shows_that_of_this_pair() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await opened(person, "✓ active")
        person.app.screen.come("gone")
        await person.sees("That configuration is gone", "4 lists those there are")
        await person.press("back")
        await person.sees("Job · Contoso to Fabrikam", "✓ active")


async def test_a_read_only_profile_shows_the_request_and_sends_nothing() -> None:
    demo = Demo("configured", read_only=True)
    async with at_keyboard(demo.app()) as person:
        await opened(person, "✓ active")
        await person.press("pause")
        await person.sees("off: read-only", "/pause")
        await person.press("send")
    assert changes(demo) == []


async def test_times_run_on_between_two_looks() -> None:
    demo = Demo("configured")
    reading = await demo.workspace.job.read()
    assert isinstance(reading, JobReading)
    later = demo.clock.now() + timedelta(minutes=5)
    assert "6 min ago" in text.facts(reading, later, 120).plain
    await demo.workspace.close()
