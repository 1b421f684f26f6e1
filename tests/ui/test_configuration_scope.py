"""Changing who is in scope, who gets the mail and at how many deletions a cycle stops, by keyboard."""

import json

import pytest
from msgspec.structs import replace

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, settled
from tests.ui.test_configurations import demo, opened
from xtsync_tui.emulator import secrets
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.emulator.seed import CONTOSO
from xtsync_tui.settings import Limits

pytestmark = pytest.mark.anyio

KEY = "SyncNotificationSettings"


def kept(made: Demo) -> dict[str, str]:
    """Return the settings of the one configuration in SOURCE."""
    (found,) = made.emulator.world.tenants[CONTOSO].secrets.values()
    return found


def sent(made: Demo) -> list[str]:
    """Return the last part of each write's path."""
    return [one.request.path.rsplit("/", 1)[1] for one in made.log.exchanges if one.request.writes]


async def about_to_change(person: Person, setting: str, *keys: str) -> None:
    """Open the dialog of a setting and press ``keys``."""
    await opened(person, "settings")
    person.app.screen.query_one("#settings-list").select(setting)
    await person.press("edit")
    await person.sees("[ Cancel ]")
    await person.press(*keys)


async def test_a_wider_scope_names_who_enters_before_it_is_saved() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await about_to_change(person, "scope")
        await person.sees("Change who is in scope of Contoso to Fabrikam · SOURCE Contoso")
        person.app.screen.query_one("#scope").value = "all"
        await person.sees(
            "! 1 person enters and is created in TARGET Fabrikam.", "Priya Nair", "Enter  ! created"
        )
        await person.sees_no("restart")
        await person.press("send")
        await person.sees("✓ scope saved", "all users · read from the settings")
    assert kept(made)["SyncAll"] == "true"
    assert sent(made) == ["secrets"]


async def everybody_in_scope(made: Demo) -> None:
    """Let all users be in scope, in SOURCE and in its job."""
    kept(made)["SyncAll"] = "true"


async def test_a_narrower_scope_names_who_leaves_against_the_threshold_and_restarts() -> None:
    made = demo()
    made.workspace.profile = replace(made.profile, limits=Limits(removals=5))
    await everybody_in_scope(made)
    made.emulator.world.tenants[CONTOSO].assignments.clear()
    async with at_keyboard(made.app(), (120, 50)) as person:
        await about_to_change(person, "scope")
        person.app.screen.query_one("#scope").value = "assigned"
        await person.sees("people leave", "the threshold of 10 holds them.", "✗ soft-deleted", "Aiko Tanaka")
        await person.sees("! A restart follows, without which it has no effect", "Type the name to go on")
        await person.press("send")
        assert sent(made) == []
        await person.types("Contoso to Fabrikam")
        await person.press("send")
        await person.sees("✓ scope saved")
    assert sent(made) == ["secrets", "restart"]


async def test_a_paused_job_is_not_started_by_a_narrower_scope_and_what_it_waits_for_is_said() -> None:
    made = demo()
    await everybody_in_scope(made)
    (job,) = next(iter(made.emulator.world.tenants[CONTOSO].jobs.values())).values()
    job.pause()
    async with at_keyboard(made.app(), (120, 50)) as person:
        await about_to_change(person, "scope")
        person.app.screen.query_one("#scope").value = "assigned"
        await person.sees("! The job is paused: the narrower scope counts once it is restarted (7 Job, R)")
        await person.sees("1 person leaves")
        await person.press("send")
        await person.sees("✓ scope saved · paused: it counts once the job is restarted (7 Job, R)")
    assert sent(made) == ["secrets"]


async def test_a_scope_of_which_it_cannot_be_told_whom_it_concerns_asks_for_the_name() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await opened(person, "settings")
        made.emulator.world.faults.add(Fault("unavailable", "GET", "/users", times=50))
        person.app.screen.query_one("#settings-list").select("scope")
        await person.press("edit")
        person.app.screen.query_one("#scope").value = "all"
        await person.sees(
            "? Who enters and leaves cannot be told", "Type the name to go on:  Contoso to Fabrikam"
        )


async def test_a_colleagues_change_stops_a_save_and_is_named() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await about_to_change(person, "mail")
        person.app.screen.query_one("#mail").value = "ops@contoso.com"
        await person.sees("~ SyncNotificationSettings/Recipients: ops@contoso.com")
        kept(made)["SyncAll"] = "true"
        await person.press("send")
        await person.sees("✗ Changed elsewhere: nothing was sent", "SyncAll was false, is true")
    assert sent(made) == []


async def test_holding_deletions_no_more_is_warned_of_and_enter_is_not_enough() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await about_to_change(person, "threshold")
        assert person.app.screen.query_one("#send").display
        person.app.screen.query_one("#hold").value = "off"
        await person.sees(
            "! Off: nothing holds a cycle that deletes or disables hundreds of people.",
            "~ SyncNotificationSettings/DeleteThresholdEnabled: false",
        )
        assert not person.app.screen.query_one("#send").display


async def test_settings_that_graph_hides_are_all_asked_for_and_never_taken_for_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(secrets, "HIDDEN", secrets.HIDDEN | {KEY})
    made = demo()
    async with at_keyboard(made.app()) as person:
        await opened(person, "settings")
        await person.sees("? unknown · never set here", "on, 10 in a cycle · read from the job")
        person.app.screen.query_one("#settings-list").select("mail")
        await person.press("edit")
        await person.sees(
            "? Graph does not say how these are set", "[not chosen]", "Mail on failure: not chosen"
        )
        screen = person.app.screen
        screen.query_one("#mailed").value = "on"
        screen.query_one("#mail").value = "ops@contoso.com"
        await person.sees("✗ Hold deletions: not chosen")
        screen.query_one("#hold").value = "on"
        await person.sees("✗ Threshold: a whole number above 0")
        screen.query_one("#threshold").value = "25"
        await person.press("send")
        await person.sees("on, 25 in a cycle")
    assert json.loads(kept(made)[KEY])["Recipients"] == "ops@contoso.com"


async def test_a_form_that_nobody_touched_is_not_wrong_yet() -> None:
    async with at_keyboard(demo().app()) as person:
        await about_to_change(person, "mail")
        await person.sees("Nothing was changed", "Will send: – see below")
        await person.sees_no("✗ Nothing was changed")
        await person.press("send")
        await person.sees("✗ Nothing was changed")


async def test_a_form_shows_what_is_sent_until_that_has_ended() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await opened(person, "overview")
        await person.press("edit")
        name = person.app.screen.query_one("#name")
        name.value = "Alpha"
        gate = made.hold("PATCH", "/servicePrincipals/")
        await person.press("send")
        await person.sees("▶ sending to SOURCE Contoso")
        await person.press("Q", "x")
        assert name.value == "Alpha"
        assert "Alpha" in "\n".join(person.lines)
        gate.set()
        await person.sees("✓ renamed")


async def test_taking_out_a_group_that_could_not_be_counted_asks_for_the_name() -> None:
    made = demo()
    made.emulator.world.faults.add(Fault("unavailable", "GET", "/members", times=500))
    async with at_keyboard(made.app()) as person:
        await opened(person, "users")
        await person.press("delete")
        await person.sees("group, ? people", "groups that could not be counted")
        await person.sees("Type the name to go on:  Contoso to Fabrikam")


async def test_taking_everybody_out_while_all_users_are_in_scope_removes_nobody() -> None:
    made = demo()
    await everybody_in_scope(made)
    async with at_keyboard(made.app()) as person:
        await opened(person, "users")
        await person.press("mark_all", "delete")
        await person.sees("4 of 4 assignments", "All users are in scope: nobody is removed by this.")
        await person.sees_no("Type the name")


async def test_a_kept_draft_is_named_in_the_status_line() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await person.press("4")
        await settled(person.pilot, lambda: getattr(person.app.screen, "whole", None) is not None)
        await person.press("new")
        await person.types("Alpha")
        await person.press("back")
        await person.sees("Keep the draft?")
        await person.press("enter")
        await person.sees("draft kept: new configuration")
