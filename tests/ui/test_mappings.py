"""Mappings at the keyboard: journey C, and everything that can come between."""

from dataclasses import replace
from typing import Any, cast

import pytest
from textual.widgets import Input, OptionList

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, settled, text_of
from xtsync_tui.emulator import schema as service
from xtsync_tui.engine.schema_check import SchemaProblem
from xtsync_tui.ui.screens.mappings.editor import ExpressionEditor
from xtsync_tui.ui.screens.mappings.screen import MappingsScreen
from xtsync_tui.workspace.mappings.draft import Kind, raw_row, rows, with_mapping, without_mapping

pytestmark = pytest.mark.anyio

SIZES = [(120, 36), (80, 24)]


async def open_mappings(person: Person) -> None:
    """Open the list once the set-up was read: it knows who signs in by SMS and so is out of scope."""
    await settled(person.pilot, lambda: person.app.has_pair and person.app.pair.setup.reading is not None)
    await person.press("5")
    await person.sees("displayName", "For Lena Fischer (f3)")


async def write_family_name_first(person: Person) -> None:
    """Go to displayName and write the expression with completion only, as journey C has it."""
    await person.press("filter", *"disp", "enter", "enter")
    await person.sees("Mappings › displayName")
    await settled(person.pilot, lambda: getattr(person.app.focused, "id", "") == "kind")
    await person.press("right", "right", "enter")
    await person.sees("[Expression]")
    editor = person.app.screen.query_one(ExpressionEditor)
    assert editor.selected_text == "[displayName]"
    await person.press("J", "o")
    await person.sees("tab takes it")
    await person.press("tab")
    await person.sees("Join()", "Join(separator, source, …)")
    await person.press("quotation_mark", "comma", "space", "quotation_mark", "comma", "space")
    await person.press("left_square_bracket", *"sur")
    await person.sees("tab takes it")
    await person.press("tab", "comma", "space", "left_square_bracket", *"giv")
    await person.sees("[givenName]")
    await person.press("tab")
    assert editor.text == 'Join(", ", [surname], [givenName])'
    await person.sees("✓ no errors", "Fischer, Lena")


@pytest.mark.parametrize("size", SIZES)
async def test_journey_c_family_name_first_and_watch_it_reach_one_person(size: tuple[int, int]) -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app(), size) as person:
        await open_mappings(person)
        await write_family_name_first(person)
        await person.press("ask")
        await person.sees("✓ the same, asked")
        await person.press("send")
        await person.sees("~ Join", "draft: 1 change, nothing sent")
        await person.press("send")
        await person.sees("Saving starts a full cycle", "25 people change", "f2 Save and start full cycle")
        assert person.app.focused.id == "cancel"
        await person.press("send")
        await person.sees("✓ saved · full cycle started")
        await person.press("6")
        await person.sees("Nobody queued")
        await person.types("lena")
        await person.press("enter")
        await person.sees("○ to do")
        await person.press("provision")
        await person.sees("Provision Lena Fischer in TARGET Fabrikam")
        await person.press("enter")
        await person.sees("✓ updated, 1")
        if size == (80, 24):
            await person.press("open")
        await person.sees("displayName", "Lena Fischer → Fischer, Lena")
    contoso, fabrikam = demo.emulator.world.tenants.values()
    assert any(user["displayName"] == "Fischer, Lena" for user in fabrikam.users.values())
    assert any(user["displayName"] == "Lena Fischer" for user in contoso.users.values())


async def test_a_save_that_the_service_refuses_keeps_the_draft_and_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await open_mappings(person)
        await write_family_name_first(person)
        await person.press("send")
        await person.sees("draft: 1 change")
        refuse_once(monkeypatch)
        await person.press("send")
        await person.sees("Saving starts a full cycle")
        await person.press("send")
        await person.sees("schemaInvalid")
        await person.press("back")
        await person.sees("draft: 1 change, nothing sent")


async def test_esc_asks_once_before_it_gives_up_what_was_typed() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_mappings(person)
        await write_family_name_first(person)
        await person.press("back")
        await person.sees("Not kept yet: f2 keeps it, esc again gives it up.", "Join(")
        await person.press("space", "back")
        await person.sees("Not kept yet", "Join(")
        await person.press("back")
        await person.sees("[Mappings (23)]")
        assert not person.app.screen.changes
        await person.press("open")
        await person.sees("✓ no errors")
        await person.press("back")
        await person.sees("[Mappings (23)]")


async def test_people_that_come_when_the_application_closes_are_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_mappings(person)
        screen = person.app.screen
        assert not screen.closing
        with monkeypatch.context() as patch:
            patch.setattr(MappingsScreen, "closing", True)
            patch.setattr(MappingsScreen, "mappings", property(gone))
            screen.refresh_draft()
            assert not screen.refusal("edit")
    assert screen.closing


def gone(screen: MappingsScreen) -> None:
    raise AssertionError(f"{screen} has no table any more")


CONTOSO = "7f3c0a51-6d2e-4b18-9c47-d05a8e91b2e4"


def refuse_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the service refuse a schema for a reason that nobody here knows."""
    problem = SchemaProblem("displayName", "The service does not like it.")
    monkeypatch.setattr(service, "check_schema", lambda _old, _new: [problem])


@pytest.mark.parametrize("size", SIZES)
async def test_a_save_that_another_application_overtook_shows_three_columns(size: tuple[int, int]) -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app(), size) as person:
        await open_mappings(person)
        await write_family_name_first(person)
        await person.press("send")
        await person.sees("draft: 1 change")
        own = demo.workspace.mappings
        other = without_mapping(replace(own.current, document=own.current.base), "city")
        old = next(row.mapping for row in rows(other) if row.target == "displayName")
        other = with_mapping(other, replace(old, kind=Kind.CONSTANT, text="Somebody"))
        live = demo.emulator.world.tenants[CONTOSO].schemas
        (job,) = live
        live[job] = cast("dict[str, Any]", other.document)  # not by this application, which would read again
        await person.press("send")
        await person.sees("Saving starts a full cycle")
        await person.press("send")
        await person.sees("changed elsewhere", "Yours", "Now", "1 changed by both")
        assert own.draft is not None
        assert own.draft.edited
        await person.press("home", "down")
        await person.press("open")
        await person.sees("✓ theirs")
        await person.press("open")
        await person.press("send")
        await person.sees("draft: 1 change")
        assert raw_row(own.current.document, "city") is None
        await person.press("send")
        await person.sees("Saving starts a full cycle")
        await person.press("send")
        await person.sees("✓ saved")
    (schema,) = live.values()
    assert raw_row(schema, "city") is None
    saved = raw_row(schema, "displayName")
    assert saved is not None
    assert saved["source"]["expression"] == 'Join(", ", [surname], [givenName])'


async def test_an_error_is_underlined_named_and_keeps_f2_off() -> None:
    async with at_keyboard(Demo("configured").app(), (80, 24)) as person:
        await open_mappings(person)
        await person.press("filter", *"disp", "enter", "enter", "right", "right", "enter")
        await person.sees("[Expression]")
        person.app.screen.query_one(ExpressionEditor).load_text('Join(", ", [surname], [givenNam])')
        await person.sees("✗ 1:23 unknown attribute givenNam · nearest: givenName", "– error, see above")
        await person.press("send")
        await person.sees("f2 is off: 1 error in the expression", "Mappings › displayName")


async def test_a_draft_survives_other_modes_and_reading_again() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_mappings(person)
        await person.press("filter", *"city", "enter", "delete")
        await person.sees("– removed", "draft: 1 change")
        await person.press("1")
        await person.sees("Setup ·")
        await person.press("5", "reload")
        await person.sees("draft: 1 change, nothing sent")
        await person.press("undo")
        await person.sees_no("draft: 1 change")


async def test_the_matching_mapping_opens_to_read_only() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_mappings(person)
        await person.press("home", "delete")
        await person.sees("alternativeSecurityIds: matching: fixed")
        await person.press("open")
        await person.sees("Mappings › alternativeSecurityIds", "matching: fixed")
        await person.press("send")
        await person.sees("refuses changes (schemaInvalid)")


async def test_a_mapping_is_added_and_the_service_s_rules_are_said_at_once() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_mappings(person)
        await person.press("new")
        await person.sees("Mappings › new mapping", "choose an attribute")
        person.app.screen.query_one("#target", Input).value = "companyName"
        await person.press("tab", "right", "enter")
        await person.types("Contoso")
        await person.sees("✓ no errors")
        await person.press("send")
        await person.sees("+ ", "companyName", "Mappings (24)")


async def test_a_filter_names_who_leaves_before_it_is_saved() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_mappings(person)
        await person.press("tab_on")
        await person.sees("REGEX MATCH", "no removals")
        await person.press("new")
        await person.types("country")
        await person.press("tab", "tab")
        await person.types("Germany")
        await person.sees("Leave (16)", "Aiko Tanaka", "country Japan", "the threshold of 10 holds them")
        await person.press("enter", "send")
        await person.sees("16 people leave", "off until the name is right")
        await person.press("back", "undo")
        await person.sees("no removals")


async def test_a_clause_is_typed_with_what_the_fields_suggest_and_its_footer_names_no_key_that_is_typed() -> (
    None
):
    async with at_keyboard(Demo("configured").app()) as person:
        await open_mappings(person)
        await person.press("tab_on")
        await person.sees("N Filter", ": Go to", "? Help")
        await person.press("new")
        await person.types("depa")
        await person.sees("enter takes department", "f4 What fits", "esc To the list", "^p Go to", "f1 Help")
        assert not [
            key for key in ("N Filter", "d Remove", "v Request", "@ Requests") if key in person.lines[-1]
        ]
        await person.press("enter")
        await settled(person.pilot, lambda: person.app.focused.id == "clause-operator")
        assert person.app.screen.query_one("#clause-attribute", Input).value == "department"
        person.app.focused.value = ""
        await person.types("is not n")
        await person.press("enter")
        await person.sees("IS NOT NULL", "draft: 1 change", "N Filter")
        await person.press("open", "f1")
        await person.sees("What each attribute in TARGET is made of")


async def test_a_clause_that_is_not_finished_holds_up_saving_the_rest() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await open_mappings(person)
        await write_family_name_first(person)
        await person.press("send")
        await person.sees("draft: 1 change")
        await person.press("tab_on", "sort")
        await person.sees("Sort by", "Attribute")
        assert all(str(option.prompt).strip() for option in person.app.screen.query_one(OptionList).options)
        await person.press("back", "new")
        await person.types("dep")
        await person.press("send")
        await person.sees("f2 is off: the clause is not finished. esc gives it up.")
        assert not demo.unrecorded()
        await person.press("escape")
        await person.sees("! Not finished: esc again gives the clause up.")
        await person.press("escape", "send")
        await person.sees("Save the mappings of Contoso to Fabrikam in SOURCE Contoso", "displayName")


async def test_an_object_action_is_turned_off_in_the_draft_only() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await open_mappings(person)
        await person.press("tab_back", "tab_back")
        await person.sees("soft-deleted in TARGET")
        await person.press("end", "open")
        await person.sees("○ off", "draft: 1 change")
        await person.press("compare")
        await person.sees("Add,Update")
    assert [one for one in demo.log.exchanges if one.request.writes] == []


@pytest.mark.parametrize("scenario", ["troubled", "hostile"])
async def test_other_tenants_open_without_a_control_character_on_the_screen(scenario: str) -> None:
    async with at_keyboard(Demo(scenario).app()) as person:
        await person.press("5")
        await settled(person.pilot, lambda: person.app.screen.TITLE == "Mappings")
        for _ in range(4):
            await person.press("tab_on")
            await person.pilot.pause()
        assert not [char for char in text_of(person.app) if ord(char) < 32 and char != "\n"]


async def test_a_fresh_tenant_is_told_where_a_configuration_is_made() -> None:
    async with at_keyboard(Demo("fresh").app()) as person:
        await person.press("5")
        await person.sees("No configuration yet", "make one in Setup")


async def test_read_only_shows_what_would_be_sent() -> None:
    async with at_keyboard(Demo("configured", read_only=True).app()) as person:
        await open_mappings(person)
        await person.press("filter", *"city", "enter", "delete", "send")
        await person.sees("PUT", "read-only")


async def test_the_preview_person_is_chosen_by_name() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_mappings(person)
        await person.press("person")
        await person.sees("Preview on")
        await person.types("prince")
        await person.press("enter")
        await person.sees("For Prince (f3)")


async def test_operators_that_the_service_does_not_list_are_dimmed_and_say_why() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await open_mappings(person)
        reading = demo.workspace.mappings.opened
        fewer_operators = tuple(one for one in reading.operators if one.name != "ENDS_WITH")
        demo.workspace.mappings.reading = replace(reading, operators=fewer_operators)
        await person.press("tab_on", "open", "tab", "candidates")
        await person.sees("ENDS_WITH  – this service does not list it")
        menu = person.app.screen.query_one(OptionList)
        assert menu.get_option("ENDS_WITH").disabled
        assert not menu.get_option("EQUALS").disabled
