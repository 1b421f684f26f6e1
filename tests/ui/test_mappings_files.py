"""The whole schema as a file: out, in again, and back to the service's defaults."""

import json
from pathlib import Path

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, at_keyboard, settled
from tests.ui.test_mappings import CONTOSO, open_mappings
from xtsync_tui.model import Json
from xtsync_tui.workspace.mappings.draft import raw_row
from xtsync_tui.workspace.schema import filter_groups

pytestmark = pytest.mark.anyio


async def exported(person: Person) -> str:
    """Return what the export of the raw tab writes."""
    files: dict[str, str] = {}
    person.app.save = lambda text, name: files.update({name: text})
    await person.press("tab_back")
    await person.sees('"synchronizationRules"')
    await person.press("export")
    await settled(person.pilot, lambda: files, "a file")
    ((name, text),) = files.items()
    assert name == "xtsync-schema-20260514-130000.json"
    await person.press("tab_on")
    return text


def saved(demo: Demo) -> Json:
    (schema,) = demo.emulator.world.tenants[CONTOSO].schemas.values()
    return schema


async def give_path(person: Person, path: Path) -> None:
    await person.press("import")
    await person.sees("Import a schema (JSON)")
    await person.types(str(path))
    await person.press("enter")


async def test_what_is_exported_comes_back_without_a_change(tmp_path: Path) -> None:
    async with at_keyboard(Demo("configured").app()) as person:
        await open_mappings(person)
        path = tmp_path / "schema.json"
        path.write_text(await exported(person), encoding="utf-8")
        await give_path(person, path)
        await person.sees("The file is the same as what is saved.")
        await person.sees_no("draft:")


async def test_an_imported_file_is_the_draft_and_is_saved_like_any_other(tmp_path: Path) -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await open_mappings(person)
        document = json.loads(await exported(person))
        city = raw_row(document, "city")
        assert city is not None
        city["source"]["name"], city["source"]["expression"] = "state", "[state]"
        path = tmp_path / "schema.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        await give_path(person, path)
        await person.sees("draft: 1 change", "Imported into the draft")
        assert [one for one in demo.log.exchanges if one.request.writes] == []
        await person.press("compare")
        await person.sees("Direct [state]")
        await person.press("back", "send")
        await person.sees("f2 Save and start full cycle")
        await person.press("send")
        await person.sees("✓ saved · full cycle started")
    row = raw_row(saved(demo), "city")
    assert row is not None
    assert row["source"]["name"] == "state"


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_a_bad_file_says_what_is_wrong_and_loses_nothing(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_keyboard(Demo("configured").app(), size) as person:
        await open_mappings(person)
        await person.press("down", "down", "down", "delete")
        await person.sees("draft: 1 change, nothing sent")
        path = tmp_path / "bad.json"
        path.write_text('{"synchronizationRules": [{"objectMappings": 5}]}', encoding="utf-8")
        await give_path(person, path)
        await person.sees(
            "✗ The file holds no schema", "objectMappings", "takes the place of this draft: 1 change"
        )
        path.write_text("not json", encoding="utf-8")
        await person.press("enter")
        await person.sees("✗ The file is not JSON")
        await person.press("back")
        await person.sees("draft: 1 change, nothing sent")


async def test_the_defaults_are_restored_once_the_name_is_typed() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await open_mappings(person)
        await person.press("filter", *"city", "enter", "delete")
        await person.sees("draft: 1 change")
        await person.press("back", "defaults")
        await person.sees(
            "Restore the default mappings", "off until the name is right", "Your draft is given up"
        )
        await person.press("send")
        await person.sees("off until the name is right")
        await person.types("Contoso to Fabrikam")
        await person.press("send")
        await person.sees("✓ defaults restored · full cycle started", "Scoping filters (0)")
        await person.sees_no("draft: 1 change")
    assert filter_groups(saved(demo)) == ()
    sent = [one.request.method for one in demo.log.exchanges if one.request.writes]
    assert sent == ["DELETE", "POST"]


async def test_leaving_the_defaults_sends_nothing_and_keeps_the_draft() -> None:
    demo = Demo("configured")
    async with at_keyboard(demo.app()) as person:
        await open_mappings(person)
        await person.press("down", "down", "down", "delete")
        await person.sees("draft: 1 change")
        await person.press("defaults")
        await person.sees("Restore the default mappings")
        await person.press("back")
        await person.sees("draft: 1 change, nothing sent")
    assert [one for one in demo.log.exchanges if one.request.writes] == []
