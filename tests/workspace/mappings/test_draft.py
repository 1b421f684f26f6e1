"""Edits of a draft: each changes its own part, and what nobody knows survives byte for byte."""

from dataclasses import replace

import msgspec
import pytest

from tests.workspace.mappings.documents import JOIN, differing, draft, mapping, untouched
from xtsync_tui.errors import InvalidInput
from xtsync_tui.workspace.mappings.draft import (
    Draft,
    Kind,
    Mapping,
    imported,
    problems,
    problems_of,
    raw_row,
    rows,
    undone,
    with_mapping,
    without_mapping,
)
from xtsync_tui.workspace.schema import CREATE_ONLY


def names(of: Draft) -> list[str]:
    return [row.target for row in rows(of)]


def test_an_expression_changes_the_source_of_its_own_mapping_and_nothing_else() -> None:
    before = draft()
    kept = untouched(before)
    after = with_mapping(before, replace(mapping(before, "displayName"), kind=Kind.EXPRESSION, text=JOIN))
    assert before == kept
    places = differing(before.document, after.document)
    at = names(before).index("displayName")
    own = f"/synchronizationRules/0/objectMappings/0/attributeMappings/{at}/source/"
    assert places
    assert all(place.startswith(own) for place in places)
    raw, old = raw_row(after.document, "displayName"), raw_row(before.document, "displayName")
    assert raw is not None
    assert old is not None
    assert raw["source"]["expression"] == JOIN
    assert raw["source"]["type"] == "Function"
    assert raw["source"]["x"] == old["source"]["x"]


def test_a_mapping_kept_as_it_is_changes_no_byte() -> None:
    before = draft()
    for row in rows(before):
        after = with_mapping(before, row.mapping)
        assert msgspec.json.encode(after.document) == msgspec.json.encode(before.document)


@pytest.mark.parametrize(
    ("kind", "text", "source"),
    [(Kind.DIRECT, "city", "[city]"), (Kind.CONSTANT, 'a "b"', '"a "b""'), (Kind.EXPRESSION, JOIN, JOIN)],
)
def test_what_the_form_kept_is_what_it_shows_again(kind: Kind, text: str, source: str) -> None:
    after = with_mapping(draft(), Mapping("companyName", kind, text, CREATE_ONLY, "none"))
    shown = mapping(after, "companyName")
    assert (shown.kind, shown.text, shown.apply, shown.default) == (kind, text, CREATE_ONLY, "none")
    assert shown.source == source
    assert rows(after)[-1].mark == "+"


def test_a_mapping_without_a_source_stays_one() -> None:
    after = with_mapping(draft(), replace(mapping(draft(), "city"), kind=Kind.NONE, text=""))
    assert mapping(after, "city").kind is Kind.NONE


def test_a_removed_mapping_stays_in_its_place_until_it_is_saved_and_undo_brings_back_every_byte() -> None:
    before = draft()
    after = without_mapping(before, "city")
    assert names(after) == names(before)
    assert [row.mark for row in rows(after) if row.target == "city"] == ["-"]
    back = undone(after, "city")
    assert msgspec.json.encode(back.document) == msgspec.json.encode(before.document)


def test_undoing_an_added_mapping_takes_it_out() -> None:
    added = with_mapping(draft(), Mapping("companyName", Kind.CONSTANT, "Contoso"))
    assert not undone(added, "companyName").edited


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Mapping("userType", Kind.DIRECT, "city"), "only takes a constant"),
        (Mapping("nothing", Kind.DIRECT, "city"), "no attribute nothing"),
        (Mapping("city", Kind.DIRECT, "City"), "Letter case counts: city"),
        (Mapping("otherMails", Kind.DIRECT, "city"), "cannot be written"),
    ],
)
def test_what_the_service_would_refuse_is_said_before_it_is_kept(wanted: Mapping, words: str) -> None:
    assert words in problems_of(draft(), wanted)[0].message


def test_a_draft_without_a_required_mapping_is_refused() -> None:
    assert [one.where for one in problems(without_mapping(draft(), "displayName"))] == ["displayName"]


def test_an_imported_document_keeps_the_id_and_version_of_the_job() -> None:
    other = {**draft().document, "id": "another", "version": "old", "@odata.context": "x"}
    after = imported(draft(), other)
    assert (after.document["id"], after.document["version"]) == ("job", draft().base["version"])
    assert not after.edited


@pytest.mark.parametrize("document", [[], "text", {}, {"synchronizationRules": []}])
def test_what_is_no_schema_is_not_imported(document: object) -> None:
    with pytest.raises(InvalidInput):
        imported(draft(), document)
