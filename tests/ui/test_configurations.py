"""Configurations by keyboard: looking, making, renaming, assigning, importing, deleting."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, settled
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.emulator.seed import CONTOSO
from xtsync_tui.settings import Limits
from xtsync_tui.ui.cycle_words import people_in_target
from xtsync_tui.ui.screens.configurations.page import ConfigurationScreen
from xtsync_tui.ui.widgets.frame import KeyFooter

pytestmark = pytest.mark.anyio

SIZES = [(120, 36), (80, 24), (160, 50)]


def demo(scenario: str = "configured", *, read_only: bool = False, protected: bool = False) -> Demo:
    """A demo that does not count requests: its clock stands still, so a limit would never be over."""
    made = Demo(scenario, read_only=read_only, protected=protected)
    made.emulator.world.limiter.enabled = False
    return made


async def listed(person: Person) -> None:
    """Go to Configs and wait until the selected one was read whole."""
    await person.press("4")
    await settled(person.pilot, lambda: getattr(person.app.screen, "whole", None) is not None, "read whole")


def demo_that_refuses_a_deletion() -> Demo:
    made = demo()
    made.emulator.world.faults.add(Fault("unavailable", "DELETE", "/applications/", times=1))
    return made


async def about_to_delete(person: Person) -> None:
    """Open the dialog that deletes the configuration, and type its name."""
    await listed(person)
    await person.press("delete")
    await person.types("Contoso to Fabrikam")


async def opened(person: Person, tab: str) -> None:
    """Open the first configuration at a tab."""
    await listed(person)
    await person.press("open")
    await person.sees("Configs › Contoso to Fabrikam")
    await settled(person.pilot, lambda: person.app.screen.whole is not None)
    while person.app.screen.tab != tab:
        await person.press("tab_on")


def principals(made: Demo) -> list[str]:
    """The names of all configurations in SOURCE."""
    contoso = next(one for one in made.emulator.world.tenants.values() if one.name == "Contoso")
    return [
        one["displayName"] for one in contoso.service_principals.values() if one.get("applicationTemplateId")
    ]


def assigned(made: Demo) -> list[str]:
    """The names of all who are assigned in SOURCE."""
    contoso = next(one for one in made.emulator.world.tenants.values() if one.name == "Contoso")
    return [one["principalDisplayName"] for one in contoso.assignments.values()]


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_says_how_each_one_is_doing_and_what_is_odd(size: tuple[int, int]) -> None:
    async with at_keyboard(demo().app(), size) as person:
        await listed(person)
        await person.sees("Configurations (1)", "✓ active", "Sales has 1 nested group: 4 people do not count")


async def test_an_empty_list_names_the_key_that_makes_one() -> None:
    async with at_keyboard(demo("fresh").app()) as person:
        await person.press("4")
        await person.sees("No configuration. n makes one.")
        footer = person.app.screen.query_one(KeyFooter).keys()
        off = {each.id for each in footer if each.off}
        assert {"open", "edit", "delete", "test", "logs", "compare", "import", "tab_on", "request"} <= off
        for each in ("edit", "request", "copy", "tab_on"):
            await person.press("down", each)
            await person.sees("No configuration is selected. n makes one.")


async def test_a_name_that_is_cut_says_so() -> None:
    made = demo()
    made.add_configuration("A configuration with a name of more than forty characters")
    async with at_keyboard(made.app()) as person:
        await listed(person)
        person.app.screen.query_one("#configurations").select(person.app.screen.data[-1].id)
        person.app.push_screen(ConfigurationScreen(person.app.screen.one))
        await person.sees("Configs › A configuration with a name of more th…")


@pytest.mark.parametrize(("users", "words"), [(None, "? people"), (0, "0 people"), (26, "up to 26 people")])
def test_the_count_of_the_job_is_a_bound(users: int | None, words: str) -> None:
    assert people_in_target(users) == words


async def test_a_new_one_is_listed_half_built_and_enter_goes_on_in_setup() -> None:
    made = demo("fresh")
    async with at_keyboard(made.app()) as person:
        await person.press("4")
        await person.sees("No configuration")
        await person.press("new")
        await person.sees("applicationTemplates", "Contoso to Fabrikam")
        await person.press("send")
        await person.sees("! no job yet")
        await person.press("open")
        await person.sees("[1 Setup]", "Test connection, save, create job")
        await settled(person.pilot, lambda: person.app.screen.query_one("#steps").row.number == 6)
    assert principals(made) == ["Contoso to Fabrikam"]


async def test_leaving_while_one_is_made_ends_in_words_on_whatever_screen_one_is() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await listed(person)
        gate = made.hold("POST", "/instantiate")
        await person.press("new")
        await person.types("Alpha")
        await person.press("send")
        await person.sees("▶ sending to SOURCE")
        await person.press("back", "3")
        gate.set()
        await person.sees("✓ configuration created in SOURCE Contoso")
        assert "[3 Access]" in person.lines[1]
        await person.press("4")
        await person.sees("! no job yet")
    assert "Alpha" in principals(made)


async def test_a_deletion_that_stops_after_its_dialog_was_left_is_told() -> None:
    made = demo_that_refuses_a_deletion()
    async with at_keyboard(made.app()) as person:
        await about_to_delete(person)
        gate = made.hold("POST", "/pause")
        await person.press("send")
        await person.sees("▶ sending to SOURCE")
        await person.press("back")
        gate.set()
        await person.sees("stopped half-way, 2 of 4 done · not looked at yet")


async def test_a_name_that_is_taken_is_refused_before_anything_is_sent() -> None:
    async with at_keyboard(demo().app()) as person:
        await listed(person)
        await person.press("new")
        await person.types("Contoso to Fabrikam")
        await person.sees("Name: taken", "off: see above")


async def test_renaming_renames_application_and_principal() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await listed(person)
        await person.press("edit")
        await person.sees("Rename Contoso to Fabrikam · SOURCE Contoso")
        person.app.screen.query_one("#name").value = "Alpha"
        await person.sees("PATCH")
        await person.press("send")
        await person.sees("✓ renamed")
        await person.sees("▌ Alpha")
        assert len(made.workspace.journal.entries(why="rename")) == 2
    assert principals(made) == ["Alpha"]


async def test_deleting_says_what_stays_behind_and_waits_for_the_name() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await listed(person)
        await person.press("delete")
        await person.sees(
            "Up to 26 people stay in TARGET Fabrikam",
            "it does not fall on deletes",
            "To take them out first",
            "off until the name is right",
        )
        await person.press("send")
        assert principals(made) == ["Contoso to Fabrikam"]
        await person.types("Contoso to Fabrikam")
        await person.press("send")
        await person.sees("No configuration. n makes one.")
        sent = [entry.request.method for entry in reversed(made.workspace.journal.entries())]
        assert sent[:3] == ["POST", "DELETE", "DELETE"]
    assert principals(made) == []


async def test_a_deletion_that_stopped_half_way_goes_on_with_the_rest() -> None:
    made = demo_that_refuses_a_deletion()
    async with at_keyboard(made.app()) as person:
        await about_to_delete(person)
        await person.press("send")
        await person.sees("stopped half-way, 2 of 4 done")
        await person.sees_no("/pause")
        await person.press("send")
        await person.sees("No configuration")
    assert principals(made) == []


async def test_people_and_groups_are_assigned_by_search() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await opened(person, "users")
        await person.press("new")
        await person.types("priya")
        await person.press("enter")
        await person.sees("Chosen (1)", "/appRoleAssignedTo")
        await person.press("send")
        await person.sees("Users and groups (5)", "priya.nair@contoso.com")
    assert "Priya Nair" in assigned(made)


async def test_enter_on_send_assigns_one_person_never_several() -> None:
    async with at_keyboard(demo().app()) as person:
        await opened(person, "users")
        await person.press("new")
        await person.chooses("priya")
        send = person.app.screen.query_one("#send")
        assert send.display
        await person.types("sofia")
        await person.press("enter")
        await person.sees("Chosen (2)", "f2 Assign")
        assert not send.display


async def test_leaving_drops_one_who_was_chosen_and_asks_about_several() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await opened(person, "users")
        await person.press("new")
        await person.chooses("priya")
        await person.press("back")
        await person.sees("Users and groups (4)")
        await person.press("new")
        await person.chooses("priya", "sofia")
        await person.sees("Priya Nair  priya.nair@contoso.com", "Sofia Costa  assigned already · sofia")
        await person.press("back")
        await person.sees("Leave the 2 who are chosen?")
        await person.press("down", "enter")
        await person.sees("Chosen (2)")
        await person.press("back")
        await person.sees("Leave the 2 who are chosen?")
        await person.press("enter")
        await person.sees("Users and groups (4)")
        await person.sees_no("draft kept")
    assert "Priya Nair" not in assigned(made)


async def test_mail_and_threshold_that_were_typed_are_kept_as_a_draft() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await opened(person, "settings")
        await person.press("end", "up", "open")
        person.app.screen.query_one("#mail").value = "ops@contoso.com"
        await person.press("back")
        await person.sees("Keep the draft?")
        await person.press("enter")
        await person.sees("draft kept: mail and threshold of Contoso to Fabrikam (")
        await person.press("open")
        await person.sees("Mail and threshold of Contoso to Fabrikam", "ops@contoso.com")
        await person.press("send")
        await person.sees("ops@contoso.com · read from the settings")
        await person.sees_no("draft kept")


@pytest.mark.parametrize(("limit", "asks"), [(50, False), (2, True)])
async def test_a_group_counts_its_members_and_from_the_limit_on_asks_for_the_name(
    limit: int, *, asks: bool
) -> None:
    made = demo()
    made.workspace.profile = replace(made.profile, limits=Limits(changes=limit))
    async with at_keyboard(made.app()) as person:
        await opened(person, "users")
        await person.press("new")
        await person.chooses("Sales EMEA")
        await person.sees("direct members")
        assert person.app.screen.query_one("#word").display is asks
        await person.press("send")
        if asks:
            await person.sees("Type the name to go on:  Contoso to Fabrikam", "off until the name is right")
            assert "Sales EMEA" not in assigned(made)
            person.app.screen.query_one("#word").focus()
            await person.types("Contoso to Fabrikam")
            await person.press("send")
        await settled(person.pilot, lambda: "Sales EMEA" in assigned(made), "the assignment")


async def test_a_group_that_cannot_be_counted_asks_for_the_name() -> None:
    made = demo()
    made.emulator.world.faults.add(Fault("unavailable", "GET", "/members", times=100))
    async with at_keyboard(made.app()) as person:
        await opened(person, "users")
        await person.press("new")
        await person.chooses("Sales EMEA")
        await person.sees("Its members cannot be counted", "Type the name to go on:  Contoso to Fabrikam")


async def test_taking_a_group_out_above_the_threshold_asks_for_the_name() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await opened(person, "users")
        await person.press("mark", "mark", "delete")
        await person.sees(
            "2 of 4 assignments are taken away",
            "up to 29",
            "A cycle stops at 10",
            "Type the name to go on:  Contoso to Fabrikam",
        )
        await person.types("Contoso to Fabrikam")
        await person.press("send")
        await person.sees("Users and groups (2)")
    assert sorted(assigned(made)) == ["Emil Novák", "Sofia Costa"]


async def test_one_person_is_taken_out_with_a_plain_dialog() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await opened(person, "users")
        await person.press("end", "delete")
        await person.sees("Sofia Costa", "soft-deleted in TARGET")
        await person.press("enter")
        await person.sees("Users and groups (3)")
    assert "Sofia Costa" not in assigned(made)


async def test_a_file_is_shown_line_by_line_before_anybody_is_assigned(tmp_path: Path) -> None:
    made, saved = demo(), dict[str, str]()
    file = tmp_path / "people.csv"
    file.write_text(
        "mail\npriya.nair@contoso.com\nken.adams@contoso.com\nnobody@contoso.com\nsofia.costa@contoso.com\n"
    )
    app: Any = made.app()
    app.save = lambda text, name: saved.update({name: text})
    async with at_keyboard(app) as person:
        await opened(person, "users")
        await person.press("import")
        await person.types(str(file))
        await person.press("enter")
        await person.sees("✓ 1 match", "! 1 ambiguous", "✗ 1 not found", "– 1 already there")
        assert "Priya Nair" not in assigned(made)
        await person.press("send")
        await person.sees("Users and groups (5)")
    assert "Priya Nair" in assigned(made)
    (text,) = saved.values()
    assert [line.split(",")[2] for line in text.splitlines()] == [
        "Result", "assigned", "ambiguous", "not found", "already there",
    ]  # fmt: skip


async def test_a_file_that_is_not_there_is_asked_for_again() -> None:
    async with at_keyboard(demo().app()) as person:
        await opened(person, "users")
        await person.press("import")
        await person.types("/nowhere/at-all.csv")
        await person.press("enter")
        await person.sees("✗ There is no such file", "Assign from a CSV file to Contoso to Fabrikam")
        assert person.app.screen.query_one("#answer").value == "/nowhere/at-all.csv"


async def test_a_long_file_is_looked_up_in_view_and_leaving_stops_that(tmp_path: Path) -> None:
    made = demo()
    file = tmp_path / "people.csv"
    file.write_text("mail\n" + "".join(f"person{number}@contoso.com\n" for number in range(300)))
    async with at_keyboard(made.app()) as person:
        await opened(person, "users")
        gate = made.hold("GET", "/users")
        await person.press("import")
        await person.types(str(file))
        await person.press("enter")
        await person.sees("… looking up 0 of 300 names · esc stops", "off until every line was looked up")
        await person.press("back")
        gate.set()
        await person.sees_no("Import assignments")
        asked = made.log.count
        await settled(person.pilot, lambda: not made.log.waiting)
        assert made.log.count - asked < 5


async def test_an_import_is_stopped_after_a_line_and_all_lines_are_in_the_file(tmp_path: Path) -> None:
    made, saved = demo(), dict[str, str]()
    file = tmp_path / "people.csv"
    file.write_text("mail\npriya.nair@contoso.com\nhelen.cho@contoso.com\nlena.fischer@contoso.com\n")
    app: Any = made.app()
    app.save = lambda text, name: saved.update({name: text})
    async with at_keyboard(app) as person:
        await opened(person, "users")
        await person.press("import")
        await person.types(str(file))
        await person.press("enter")
        await person.sees("✓ 3 match")
        gate = made.hold("POST", "/appRoleAssignedTo")
        await person.press("send")
        await person.sees("▶ assigning 1 of 3 · esc leaves or stops it")
        await person.press("back")
        await person.sees("Stop after this line")
        await person.press("down", "enter")
        gate.set()
        await person.sees("✗ 1 assigned, 2 not; the result file has all 3 lines")
    (text,) = saved.values()
    assert [line.split(",")[2] for line in text.splitlines()] == [
        "Result",
        "assigned",
        "not sent",
        "not sent",
    ]


async def test_whoever_leaves_an_import_has_its_results_in_a_file_too(tmp_path: Path) -> None:
    made, saved = demo(), dict[str, str]()
    file = tmp_path / "people.csv"
    file.write_text("mail\npriya.nair@contoso.com\n")
    app: Any = made.app()
    app.save = lambda text, name: saved.update({name: text})
    async with at_keyboard(app) as person:
        await opened(person, "users")
        await person.press("import")
        await person.types(str(file))
        await person.press("enter")
        await person.sees("✓ 1 match")
        gate = made.hold("POST", "/appRoleAssignedTo")
        await person.press("send")
        await person.sees("esc leaves or stops it")
        await person.press("back", "enter", "3")
        gate.set()
        await person.sees("✓ 1 assigned; the result file has all 1 lines")
    assert len(saved) == 1


async def test_a_deletion_that_the_network_stopped_says_how_far_it_came() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await about_to_delete(person)
        made.emulator.world.faults.add(Fault("dropped before", "DELETE", "/jobs/", times=50))
        gate = made.hold("POST", "/pause")
        await person.press("send")
        await person.sees("▶ sending to SOURCE")
        for path in ("/servicePrincipals", "/jobs", "/applications"):
            made.emulator.world.faults.add(Fault("dropped before", "GET", path, times=500))
        gate.set()
        await person.sees("✗ SOURCE: stopped half-way, 1 of 4 done")


async def test_a_half_built_one_beside_a_finished_one_is_set_up_by_itself() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await listed(person)
        await person.press("new")
        await person.types("Guests")
        await person.press("send")
        await person.sees("! no job yet")
        table = person.app.screen.query_one("#configurations")
        table.select(next(row.id for row in table.rows if row.name == "Guests"))
        await person.press("open")
        await person.sees("Setup · Guests", "Test connection, save, create job")
        await settled(person.pilot, lambda: person.app.screen.query_one("#steps").row.number == 6)
        await person.press("open")
        await person.sees("Test connection, save, create job in SOURCE Contoso", "✓ Fabrikam · fabrikam.com")
        await person.press("send")
        await person.sees("step 6 done")
        await person.press("configuration")
        await person.sees("Set up which configuration?", "Contoso to Fabrikam", "Guests")
    contoso = made.emulator.world.tenants[CONTOSO]
    assert sorted(map(len, contoso.jobs.values())) == [1, 1]


async def test_one_that_goes_to_another_tenant_is_not_set_up_for_this_pair() -> None:
    made = demo()
    made.add_configuration("Contoso to Northwind")
    async with at_keyboard(made.app(), (80, 24)) as person:
        await listed(person)
        await person.press("down")
        await person.sees("Setup of the profile to Northwind goes on")
        await person.press("open")
        await person.sees("! no job yet: Setup of the profile to Northwind goes on")


async def test_looking_at_the_help_reads_nothing_again() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await listed(person)
        before = made.log.count
        for key, words in (("help", "esc Back"), ("request", "5 requests")):
            await person.press(key)
            await person.sees(words)
            await person.press("back")
            await person.sees_no(words)
        assert made.log.count == before


async def test_what_is_copied_for_a_colleague_names_no_keys() -> None:
    async with at_keyboard(demo().app()) as person:
        await listed(person)
        ((_, about), *_) = person.app.screen.copies()
    assert about.startswith("Contoso to Fabrikam, read 2026-05-14T13:00:")
    assert "d says" not in about
    assert "Scope" in about


async def test_a_setting_is_changed_where_it_is_shown() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await opened(person, "settings")
        await person.press("end", "open")
        await person.sees("Hold deletions")
        person.app.screen.query_one("#threshold").value = "25"
        await person.sees("PUT")
        await person.press("send")
        await person.sees("on, 25 in a cycle")


async def test_a_setting_that_graph_does_not_say_is_unknown_with_the_date_it_was_set_here() -> None:
    made = demo()
    async with at_keyboard(made.app()) as person:
        await opened(person, "settings")
        await person.press("end", "up", "open")
        person.app.screen.query_one("#mail").value = "ops@contoso.com"
        await person.press("send")
        await person.sees("ops@contoso.com · read from the settings")
        contoso = next(one for one in made.emulator.world.tenants.values() if one.name == "Contoso")
        for kept in contoso.secrets.values():
            kept.pop("SyncNotificationSettings", None)
        await person.press("reload")
        await person.sees("? unknown · last set here", "by ana.lopes@contoso.com: ops@contoso.com")


async def test_read_only_shows_and_sends_nothing() -> None:
    made = demo(read_only=True)
    async with at_keyboard(made.app()) as person:
        await listed(person)
        await person.press("delete")
        await person.sees("off: read-only")
        await person.press("send")
    assert [one for one in made.log.exchanges if one.request.writes] == []


@pytest.mark.parametrize("scenario", ["troubled", "hostile"])
async def test_no_control_byte_reaches_the_terminal(scenario: str) -> None:
    async with at_keyboard(demo(scenario).app()) as person:
        await person.press("4")
        await person.sees("Configurations (")
        for _ in range(5):
            await person.press("tab_on")
            assert not any(char < " " or "\x7f" <= char < "\xa0" for line in person.lines for char in line)


async def test_a_person_of_the_list_opens_in_people() -> None:
    async with at_keyboard(demo().app()) as person:
        await opened(person, "users")
        await person.press("end", "open")
        await person.sees("People › Sofia Costa", "directly")


async def test_two_are_compared_and_only_what_differs_is_shown() -> None:
    made = demo()
    made.add_configuration("Contoso to Northwind")
    async with at_keyboard(made.app()) as person:
        await listed(person)
        await person.press("compare")
        await person.sees("Compare with", "Contoso to Northwind")
        await person.press("enter")
        await person.sees(
            "Contoso to Fabrikam and Contoso to Northwind", "Only what differs, or cannot be told, is shown."
        )
        lines = [" ".join(line.split()) for line in person.lines]
        for title, mine, theirs in (
            ("State", "✓ active", "! no job yet"),
            ("Target", "Fabrikam", "Northwind"),
            ("Mail on failure", "sync-admins@contoso.com", "? cannot tell"),
        ):
            at = next(at for at, line in enumerate(lines) if line.startswith(title))
            assert lines[at + 1].startswith(f"Contoso to Fabrikam {mine}")
            assert lines[at + 2].startswith(f"Contoso to Northwind {theirs}")
        await person.press("back")
        await person.sees("Configurations (2)")


async def test_one_alone_has_nothing_to_be_compared_with() -> None:
    async with at_keyboard(demo().app()) as person:
        await listed(person)
        await person.press("compare")
        await person.sees("There is only one configuration.")


async def test_v_shows_the_requests_that_a_configuration_was_read_with() -> None:
    made = demo()
    other = made.add_configuration("Contoso to Northwind")
    async with at_keyboard(made.app()) as person:
        await listed(person)
        await person.press("down")
        await settled(person.pilot, lambda: person.app.screen.whole is not None)
        await person.press("request")
        await person.sees("GET", f"/servicePrincipals/{other}/synchronization/jobs")
        assert principals(made) == ["Contoso to Fabrikam", "Contoso to Northwind"]
        assert other in made.emulator.world.tenants[CONTOSO].service_principals


async def test_a_narrow_list_sends_to_the_page_for_its_tabs() -> None:
    async with at_keyboard(demo().app(), (80, 24)) as person:
        await listed(person)
        await person.press("tab_on")
        await person.sees("enter opens it: the tabs are there.")
        await person.press("open")
        await person.sees(
            "[Overview] Users (4)  Settings  Actions  Technical", "State               ✓ active"
        )


@pytest.mark.parametrize("size", [(100, 30), (120, 36)])
async def test_a_long_value_goes_on_under_its_beginning(size: tuple[int, int]) -> None:
    async with at_keyboard(demo("troubled").app(), size) as person:
        await listed(person)
        await person.sees("TooManyDeletes", "4 people, 2 groups")
        right = [line.partition("│")[2] for line in person.lines if "│" in line]
        rows = right[next(at for at, line in enumerate(right) if " State  " in line) : 18]
        labels = {line[1:21].strip() for line in rows} - {""}
        known = {"State", "Quarantine", "Target", "Connection", "Last cycle", "Next cycle", "Users", "Scope"}
        assert labels <= known | {"Filters", "Mappings", "Object actions"}
