"""Typing a clause: nothing is lost, nothing is made of it that nobody typed, and what fits is listed."""

import pytest
from textual.widgets import Input

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, settled
from tests.ui.test_mappings import CONTOSO, open_mappings
from xtsync_tui.workspace.mappings.filters import with_clause
from xtsync_tui.workspace.schema import filter_groups, user_mapping
from xtsync_tui.workspace.setup import Clause

pytestmark = pytest.mark.anyio


async def open_filters(person: Person) -> None:
    await open_mappings(person)
    await person.press("tab_on")
    await person.sees("REGEX MATCH")


def clauses(person: Person) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return every clause of the draft."""
    document = person.app.pair.mappings.current.document
    return [
        (each.attribute, each.operator, each.values)
        for group in filter_groups(document)
        for each in group.clauses
    ]


def focused(person: Person) -> str:
    return getattr(person.app.focused, "id", "") or ""


SAVED = ("department", "REGEX MATCH", ("^(Sales|Engineering)$",))


async def test_a_clause_that_is_not_finished_is_not_thrown_away_by_enter_and_only_the_second_esc() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_filters(person)
        await person.press("new")
        await person.types("country")
        await person.press("enter", "enter", "enter")
        await person.sees("✗ EQUALS needs a value. esc gives the clause up.", "country")
        assert focused(person) == "clause-value"
        await person.types("Germany")
        await person.sees("draft: 1 change")
        await person.press(*["backspace"] * 7)
        await person.sees("✗ EQUALS needs a value.", "! Not finished: this is with country EQUALS G.")
        await person.press("escape")
        await person.sees("! Not finished: esc again gives the clause up.")
        await person.press("escape")
        await person.sees_no("draft: 1 change")
        assert clauses(person) == [SAVED]


async def test_tab_takes_the_grey_name_as_enter_does() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_filters(person)
        await person.press("new")
        await person.types("cou")
        await person.sees("tab or enter takes country")
        await person.press("tab")
        await settled(person.pilot, lambda: focused(person) == "clause-operator")
        assert person.app.screen.query_one("#clause-attribute", Input).value == "country"


async def test_f4_lists_the_values_that_people_have_and_is_off_where_text_is_free() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_filters(person)
        await person.press("candidates")
        await person.sees("enter edits the clause: in its fields f4 lists what fits.")
        await person.press("new_filter", "candidates")
        await person.sees("The name of a filter is free text")
        await person.press("tab")
        await person.types("department")
        await person.press("tab", "tab", "candidates")
        await person.sees("Values of department", "Sales        21 people", "Engineering  10 people")
        await person.press("down", "enter")
        await person.sees("draft: 1 change")
        assert clauses(person)[1] == ("department", "EQUALS", ("Engineering",))


async def test_the_list_of_operators_begins_at_the_one_that_is_set_and_says_what_each_asks() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_filters(person)
        await person.press("open", "tab", "candidates")
        await person.sees("REGEX MATCH       the pattern is found")
        await person.press("enter")
        assert clauses(person) == [SAVED]


async def test_is_null_takes_no_value_and_gives_it_back_to_the_next_operator() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_filters(person)
        await person.press("open", "tab")
        operator = person.app.screen.query_one("#clause-operator", Input)
        operator.value = "IS NULL"
        await person.sees("none: IS NULL takes no value", "IS NULL: there is no value.")
        assert clauses(person) == [("department", "IS NULL", ())]
        operator.value = "NOT REGEX MATCH"
        wanted = [("department", "NOT REGEX MATCH", SAVED[2])]
        await settled(person.pilot, lambda: clauses(person) == wanted, "the value that was typed before")


async def test_a_pattern_that_is_none_says_why() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_filters(person)
        await person.press("open")
        person.app.screen.query_one("#clause-value", Input).value = "^(Sales"
        await person.sees("✗ ^(Sales is not a regular expression: missing ) at position")


async def test_several_values_stay_several_when_something_else_is_edited() -> None:
    demo = Demo("configured")
    (schema,) = demo.emulator.world.tenants[CONTOSO].schemas.values()
    clause = user_mapping(schema)["scope"]["groups"][0]["clauses"][0]
    clause.update(operatorName="EQUALS", targetOperand={"values": ["Sales", "R, and D"]})
    async with at_keyboard(demo.app()) as person:
        await open_mappings(person)
        await person.press("tab_on")
        await person.sees("Sales, R, and D")
        await person.press("open")
        person.app.screen.query_one("#clause-attribute", Input).value = "country"
        await person.sees("draft: 1 change")
        assert clauses(person) == [("country", "EQUALS", ("Sales", "R, and D"))]


async def test_taking_filters_back_while_one_is_typed_ends_the_form() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_filters(person)
        await person.press("new_filter")
        await person.types("Legal")
        await person.press("tab")
        await person.types("department")
        await person.press("tab", "tab")
        await person.types("Legal")
        await person.sees("draft: 1 change")
        person.app.screen.set_focus(person.app.screen.filters.clauses)
        await person.press("undo")
        await person.sees_no("draft: 1 change")
        await person.press("tab", "tab", "tab", "tab", "x")
        await person.sees("[Scoping filters (1)]")
        assert clauses(person) == [SAVED]


async def test_undoing_several_changes_of_the_filters_asks_once() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_filters(person)
        own = person.app.pair.mappings
        own.keep(with_clause(own.current, 0, 1, Clause("country", "EQUALS", ("Germany",))))
        own.keep(with_clause(own.current, 0, 2, Clause("city", "EQUALS", ("Munich",))))
        person.app.screen.show_draft()
        await person.press("undo")
        await person.sees("Bring the filters back as they are saved?", "Undo all 2 changes of the filters")
        await person.press("down", "enter")
        assert len(clauses(person)) == 3
        await person.press("undo", "enter")
        await person.sees_no("draft:")
        assert clauses(person) == [SAVED]


async def test_after_a_save_the_next_key_is_for_the_list_not_for_the_clause() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_filters(person)
        await person.press("open", "tab", "tab")
        await person.types("x")
        await person.sees("draft: 1 change")
        await person.press("send")
        await person.sees("Save the mappings of")
        await person.types("Contoso to Fabrikam")
        await person.press("send")
        await person.sees("✓ saved")
        assert focused(person) == "filter-clauses"
        await person.press("2")
        await person.sees("[2 Overview]")


async def test_i_shows_the_filter_that_is_selected() -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_filters(person)
        await person.press("technical")
        await person.sees('"sourceOperandName": "department"', '"operatorName": "REGEX MATCH"')


async def test_a_schema_without_changes_is_not_called_a_draft() -> None:
    async with at_keyboard(Demo("configured").app(), (80, 24)) as person:
        await open_filters(person)
        await person.sees("As saved, for 31 people", "In scope, not in TARGET yet: Luca Rossi")
