"""Undoing a save: a draft that takes back what it changed, and nothing that was changed after it."""

from dataclasses import replace

import pytest

from tests.workspace.mappings.documents import mapping
from tests.workspace.mappings.opening import opened
from tests.workspace.stage import Stage
from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Json
from xtsync_tui.workspace.journal import Entry
from xtsync_tui.workspace.mappings.changes import merged
from xtsync_tui.workspace.mappings.draft import Kind, raw_row, with_mapping, without_mapping
from xtsync_tui.workspace.mappings.service import Mappings

pytestmark = pytest.mark.anyio


async def removed(own: Mappings, target: str) -> Entry:
    """Save without the mapping of ``target``; returns the entry of the journal."""
    await own.save(without_mapping(own.current, target))
    return own.workspace.journal.entries(path_end="/schema", limit=1)[0]


def live(stage: Stage) -> Json:
    (schema,) = stage.contoso.schemas.values()
    return schema


async def test_only_what_the_change_changed_is_taken_back_and_it_is_saved_as_any_draft(stage: Stage) -> None:
    own, other = await opened(stage), await opened(stage)
    entry = await removed(own, "city")
    await other.read()
    await removed(other, "country")
    await own.read()
    assert own.take_back(entry) is None
    assert [(change.mark, change.name) for change in own.changes] == [("+", "city")]
    saved = await own.save(own.current)
    assert saved.restarted
    assert raw_row(live(stage), "city") is not None
    assert raw_row(live(stage), "country") is None


async def test_the_journal_shows_the_change_as_undone_once_the_draft_was_saved(stage: Stage) -> None:
    own = await opened(stage)
    entry = await removed(own, "city")
    own.take_back(entry)
    assert own.workspace.journal.entry(entry.id).undone is None
    await own.save(own.current)
    assert own.workspace.journal.entry(entry.id).undone is not None
    assert own.workspace.journal.entries(path_end="/schema", limit=1)[0].why == "undo: mapping city"
    assert own.current.undoes == 0


async def test_a_draft_that_was_given_up_undoes_nothing_any_more(stage: Stage) -> None:
    own = await opened(stage)
    entry = await removed(own, "city")
    own.take_back(entry)
    own.keep(without_mapping(own.current, "city"))
    assert not own.changes
    assert own.current.undoes == 0


async def test_what_was_changed_again_since_is_shown_in_three(stage: Stage) -> None:
    own = await opened(stage)
    for text in ("Anna", "Berta"):
        row = replace(mapping(own.current, "displayName"), kind=Kind.CONSTANT, text=text)
        await own.save(with_mapping(own.current, row))
    first = own.workspace.journal.entries(path_end="/schema")[1]
    found = own.take_back(first)
    assert found is not None
    assert not own.changes
    (row_,) = found.rows
    assert (row_.yours, row_.was, row_.now) == (
        "Direct [displayName], always",
        'Constant "Anna", always',
        'Constant "Berta", always',
    )
    own.rebase(merged(found.draft, found.live, {row_.key}))
    assert mapping(own.current, "displayName").kind is Kind.DIRECT


async def test_the_defaults_are_taken_back_to_the_filters_there_were(stage: Stage) -> None:
    own = await opened(stage)
    await own.restore_defaults()
    await own.read()
    (entry,) = own.workspace.journal.entries(path_end="/schema")
    assert entry.request.method == "DELETE"
    assert own.take_back(entry) is None
    assert [change.part.value for change in own.changes] == ["filter"]


async def test_what_cannot_be_taken_back_says_why(stage: Stage) -> None:
    own = await opened(stage)
    entry = await removed(own, "city")
    own.keep(without_mapping(own.current, "state"))
    with pytest.raises(InvalidInput, match="There is a draft"):
        own.take_back(entry)
    own.forget()
    await own.read()
    own.take_back(entry)
    await own.save(own.current)
    with pytest.raises(InvalidInput, match="Nothing is left to take back"):
        own.take_back(entry)
    elsewhere = replace_path(entry)
    with pytest.raises(InvalidInput, match="of another configuration"):
        own.take_back(elsewhere)


def replace_path(entry: Entry) -> Entry:
    import msgspec

    path = entry.request.path.replace("/servicePrincipals/", "/servicePrincipals/0")
    return msgspec.structs.replace(entry, request=msgspec.structs.replace(entry.request, path=path))
