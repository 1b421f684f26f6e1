"""Taking a save back from @: a draft of what it changed alone, shown and saved as any other."""

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard
from tests.ui.test_mappings import CONTOSO, open_mappings
from tests.ui.test_mappings_saving import without_city, writes
from xtsync_tui.workspace.mappings.draft import raw_row, without_mapping
from xtsync_tui.workspace.mappings.filters import with_clause
from xtsync_tui.workspace.mappings.saving import save
from xtsync_tui.workspace.mappings.service import Mappings
from xtsync_tui.workspace.setup import Clause

pytestmark = pytest.mark.anyio


async def save_without_city(person: Person) -> None:
    await without_city(person)
    await person.press("send")
    await person.sees("f2 Save and start full cycle")
    await person.press("send")
    await person.sees("✓ saved · full cycle started")


async def to_the_change(person: Person, downs: int = 1) -> None:
    """Open the changes with the cursor on the save, below the full cycle that it began."""
    await person.press("requests", "tab_on")
    await person.sees("[Changes (")
    await person.press("home", *["down"] * downs)
    await person.sees("PUT")


def mapped(demo: Demo, target: str) -> bool:
    (schema,) = demo.emulator.world.tenants[CONTOSO].schemas.values()
    return raw_row(schema, target) is not None


@pytest.mark.parametrize("mode", ["5", "7"])
@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_u_makes_a_draft_whose_save_takes_the_change_back(mode: str, size: tuple[int, int]) -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app(), size) as person:
        await save_without_city(person)
        await person.press("back", mode)
        await person.sees(f"[{mode} ")
        await to_the_change(person)
        await person.sees("mapping city")
        await person.press("compare")
        await person.sees("what it changed", "Direct [city], always")
        await person.press("back", "undo")
        await person.sees("Taken back in the draft: c lists what that changes", "draft: 1 change")
        assert writes(demo) == ["PUT schema", "POST restart"]
        await person.press("send")
        await person.sees("+ mapping city", "f2 Save and start full cycle")
        await person.press("send")
        await person.sees("✓ saved · full cycle started")
        await to_the_change(person, 3)
        await person.sees("– undone")
        await person.press("undo")
        await person.sees("Undone already")
    assert mapped(demo, "city")
    assert writes(demo) == ["PUT schema", "POST restart"] * 2


async def test_what_a_colleague_saved_since_stays() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await save_without_city(person)
        other = Mappings(demo.workspace)
        await other.read()
        await save(demo.workspace, other.opened, without_mapping(other.current, "state"))
        await to_the_change(person, 3)
        await person.press("undo")
        await person.sees("Taken back in the draft")
        await person.press("send")
        await person.sees("Changes (1)", "+ mapping city")
        await person.press("send")
        await person.sees("✓ saved · full cycle started")
    assert mapped(demo, "city")
    assert not mapped(demo, "state")


async def test_what_was_changed_again_since_is_chosen_from_three_columns() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await open_mappings(person)
        own = demo.workspace.mappings
        for country in ("Germany", "France"):
            await own.save(with_clause(own.current, 0, 1, Clause("country", "EQUALS", (country,))))
        await to_the_change(person, 3)
        await person.press("undo")
        await person.sees("Mappings › take back a change", "filter Sales", "1 changed by both")
        await person.sees("before it", "as it left it", "France")
        await person.press("send")
        await person.sees("Taken back in the draft")
        await person.press("send")
        await person.sees("enter", "→ department REGEX MATCH '^(Sales|Engineering)$'")


async def test_a_draft_is_not_mixed_with_a_change_that_is_taken_back() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await save_without_city(person)
        await person.press("back", "filter", *["backspace"] * 4, *"state", "enter", "delete")
        await person.sees("draft: 1 change")
        await to_the_change(person)
        await person.press("undo")
        await person.sees("There is a draft of this configuration. Save or undo it first.")
        await person.press("compare")
        await person.sees("mapping state")
        await person.sees_no("mapping city")


async def test_u_while_a_form_is_open_gives_way_unless_something_was_typed() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await save_without_city(person)
        await person.press("back", "end", "open")
        await person.sees("Mappings › userType")
        await person.app.go("mappings", "filters")
        await person.sees("[Scoping filters (1)]")
        await person.press("tab_back", "open", "left")
        await person.sees("[Direct]", "f2 is off")
        await person.app.go("mappings", "filters")
        await person.sees("Not kept yet: f2 keeps it, esc gives it up.", "Mappings ›")
