"""Pictures of the mappings: list, form, an error with completion, filters, the save diff, three columns."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person
from tests.ui.test_mappings import open_mappings, write_family_name_first
from xtsync_tui.ui.screens.mappings.editor import ExpressionEditor
from xtsync_tui.workspace.mappings.draft import without_mapping
from xtsync_tui.workspace.mappings.saving import save

Keys = Callable[[Person], Awaitable[None]]


async def listed(person: Person) -> None:
    await open_mappings(person)
    await write_family_name_first(person)
    await person.press("send")
    await person.press("slash", *["backspace"] * 4, "enter")
    await person.sees("[givenName]", "[jobTitle]")


async def form(person: Person) -> None:
    await open_mappings(person)
    await write_family_name_first(person)
    await person.press("ask")
    await person.sees("✓ the same", "25 change" if person.app.size.width < 100 else "change     25")


async def wrong(person: Person) -> None:
    await open_mappings(person)
    await person.press("filter", *"disp", "enter", "enter", "right", "right", "enter")
    await person.sees("[Expression]")
    editor = person.app.screen.query_one(ExpressionEditor)
    editor.load_text('Join(", ", [surname], [givenNam')
    editor.move_cursor(editor.document.end)
    await person.sees("✗ 1:23", "tab takes it")


async def filters(person: Person) -> None:
    await open_mappings(person)
    await person.press("tab_on")
    await person.sees("no removals")
    await person.press("new")
    await person.types("country")
    await person.press("tab", "tab")
    await person.types("Germany")
    await person.sees("the threshold of 10 holds them")


async def saving(person: Person) -> None:
    await listed(person)
    await person.press("send")
    await person.sees("f2 Save and start full cycle")


async def overtaken(person: Person) -> None:
    await listed(person)
    own = person.app.pair.mappings
    other = without_mapping(replace(own.current, document=own.current.base), "city")
    await save(person.app.pair, own.opened, other)
    await person.press("send")
    await person.sees("f2 Save and start full cycle")
    await person.press("send")
    await person.sees("changed elsewhere", "theirs")


PICTURES: dict[str, tuple[tuple[int, int], Keys]] = {
    "mappings": ((120, 36), listed),
    "mappings-80": ((80, 24), listed),
    "mapping-form": ((120, 36), form),
    "mapping-form-80": ((80, 24), wrong),
    "mapping-filters": ((120, 36), filters),
    "mapping-filters-80": ((80, 24), filters),
    "mapping-save": ((120, 36), saving),
    "mapping-save-80": ((80, 24), saving),
    "mapping-overtaken": ((120, 36), overtaken),
}


@pytest.mark.parametrize("name", PICTURES)
def test_mappings_look_as_they_did(snap_compare: Any, name: str) -> None:
    size, keys = PICTURES[name]

    async def before(pilot: Any) -> None:
        await keys(Person(pilot))
        await pilot.pause()

    assert snap_compare(Demo("configured").app(), terminal_size=size, run_before=before)
