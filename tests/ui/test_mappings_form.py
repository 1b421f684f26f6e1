"""The form of a mapping: what fits is listed, what it shows is about what stands there, nothing is untrue."""

import pytest
from textual.widgets import Input

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, lines_of, rest, settled
from tests.ui.test_mappings import open_mappings, write_family_name_first
from xtsync_tui.ui.screens.mappings.editor import ExpressionEditor
from xtsync_tui.workspace.mappings.draft import Kind, Mapping, with_mapping

pytestmark = pytest.mark.anyio


async def open_form(person: Person, target: str) -> None:
    await open_mappings(person)
    person.app.screen.mapping_table.select(target)
    await person.press("open")
    await person.sees(f"Mappings › {target}")


async def test_the_answer_of_the_service_is_about_the_expression_that_was_asked_about() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await open_mappings(person)
        await write_family_name_first(person)
        gate = demo.hold("POST", "parseExpression")
        await person.press("ask")
        await person.sees("… asking")
        await person.press("backspace")
        await person.sees("– error, see above")
        gate.set()
        await settled(person.pilot, lambda: not [one for one in demo.log.exchanges if not one.done])
        await rest(person.pilot)
        assert not [line for line in person.lines if "✓ the same" in line]


async def test_f4_lists_the_attributes_of_target_and_source() -> None:
    async with at_keyboard(Demo("configured").app(), (160, 50)) as person:
        await open_mappings(person)
        await person.press("new")
        await person.sees("Mappings › new mapping")
        await person.press("candidates")
        await person.sees("Attributes of TARGET that are not mapped", "companyName")
        await person.press("escape")
        await person.types("comp")
        await person.press("tab")
        await settled(person.pilot, lambda: person.app.focused.id == "kind")
        assert person.app.screen.query_one("#target", Input).value == "companyName"
        await person.press("enter", "candidates")
        await person.sees("Attributes of SOURCE", "accountEnabled")
        await person.press("enter")
        await person.sees("✓ no errors")


async def test_a_new_mapping_is_drawn_right_at_once_and_nothing_is_wrong_before_a_key() -> None:
    async with at_keyboard(Demo("configured").app(), (160, 50)) as person:
        await open_mappings(person)
        await person.press("new")
        await person.sees("Mappings › new mapping", "Target: choose an attribute")
        screen = "\n".join(lines_of(person.app))
        assert "✗" not in screen
        (head,) = [line for line in person.lines if "Preview on Lena Fischer" in line]
        assert "f3 other person" in head
        assert sum("───" in line.split("│")[-1] for line in person.lines if line.count("│") == 1) == 1


async def test_user_type_is_member_or_guest_and_f4_lists_them() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_form(person, "userType")
        await person.press("enter")
        person.app.screen.query_one("#constant", Input).value = "Gue"
        await person.sees("✗ userType is Member or Guest: nothing else can be written")
        await person.press("candidates")
        await person.sees("Member", "Guest", "enter takes it")
        await person.press("down", "enter")
        await person.sees("✓ no errors", "– exists: keeps Member")


async def test_only_expressions_can_be_asked_about_and_the_panel_says_so() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_form(person, "city")
        await person.sees("– of expressions only")
        await person.press("ask")
        await person.sees("Only an expression can be asked about, on a person.")


async def test_who_lacks_what_an_expression_reads_is_counted() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_mappings(person)
        await write_family_name_first(person)
        await person.sees("! 1 person in scope has no givenName: Join leaves it out")


async def test_a_direct_mapping_of_an_attribute_that_the_schema_does_not_list_opens_with_it() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_mappings(person)
        own = person.app.pair.mappings
        own.keep(with_mapping(own.current, Mapping("city", Kind.DIRECT, "extension_1234_site")))
        person.app.screen.show_draft()
        person.app.screen.mapping_table.select("city")
        await person.press("open")
        await person.sees("Mappings › city")
        assert person.app.screen.query_one("#attribute", Input).value == "extension_1234_site"
        await person.press("back")
        await person.sees("[Mappings (23)]")


async def test_form_list_and_dialog_count_the_people_of_the_draft_s_filters() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_mappings(person)
        await person.press("tab_on")
        await person.sees("REGEX MATCH")
        await person.press("open")
        person.app.screen.query_one("#clause-value", Input).value = "^Sales$"
        await person.sees("with this draft             19")
        await person.press("escape", "tab_back")
        await person.sees("19 people in scope")
        person.app.screen.mapping_table.select("city")
        await person.press("open")
        await person.sees("── 19 people in scope")


async def test_the_matching_mapping_is_shown_without_an_error() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_form(person, "alternativeSecurityIds")
        await person.sees("In TARGET now     ? cannot tell")
        assert person.app.screen.query_one(ExpressionEditor).read_only
        assert not [line for line in person.lines if "✗" in line]


async def test_the_preview_person_is_told_by_the_account_as_well() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_mappings(person)
        await person.press("person")
        await person.types("ken")
        await person.sees("Ken Adams              ken.adams@contoso.com", "Ken Adams (lab)", "2 of ")
