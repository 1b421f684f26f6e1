"""What differs in words, and what becomes of three schemas."""

import itertools
from dataclasses import replace

import msgspec
import pytest

from tests.workspace.mappings.documents import JOIN, draft, mapping, schema
from xtsync_tui.model import Json
from xtsync_tui.workspace.mappings.changes import Part, changes, merged, named, same, three_ways
from xtsync_tui.workspace.mappings.draft import Draft, Kind, begin, with_mapping, without_mapping
from xtsync_tui.workspace.mappings.filters import with_action, with_clause, with_filter, without_clause
from xtsync_tui.workspace.schema import filter_groups
from xtsync_tui.workspace.setup import Clause

CITY = Clause("city", "EQUALS", ("Munich",))


def family_first(of: Draft) -> Draft:
    return with_mapping(of, replace(mapping(of, "displayName"), kind=Kind.EXPRESSION, text=JOIN))


def test_changes_are_told_by_part_in_the_words_of_the_list() -> None:
    edited = with_action(
        with_filter(without_mapping(family_first(draft()), "city"), "Munich", CITY), "Delete", on=False
    )
    found = {
        change.key: (change.mark, change.before, change.after)
        for change in changes(edited.base, edited.document)
    }
    assert found == {
        (Part.MAPPING, "displayName"): ("~", "Direct [displayName], always", f"Expression {JOIN}, always"),
        (Part.MAPPING, "city"): ("-", "Direct [city], always", ""),
        (Part.FILTER, "Munich"): ("+", "", "city EQUALS 'Munich'"),
        (Part.ACTIONS, "object actions"): ("~", "Add,Update,Delete", "Add,Update"),
    }


def test_another_version_is_no_change_and_an_unknown_member_is_one() -> None:
    assert same(schema(), {**schema(), "version": "Date: later", "@odata.context": "x"})
    (change,) = changes(schema(), {**schema(), "numbers": []})
    assert change.part is Part.REST


def test_two_filters_of_one_name_are_told_apart() -> None:
    both = with_filter(with_filter(draft(), "Same", CITY), "Same", replace(CITY, attribute="country"))
    assert [change.name for change in changes(both.base, both.document)] == ["Same", "Same (2)"]


def theirs() -> Json:
    """Return a schema in which somebody changed displayName, surname and a filter."""
    of = with_filter(draft(), "Theirs", CITY)
    of = with_mapping(of, replace(mapping(of, "displayName"), kind=Kind.CONSTANT, text="x"))
    of = with_mapping(of, replace(mapping(of, "surname"), default="none"))
    return {**of.document, "version": "theirs", "news": {"added": "there"}}


def yours() -> Draft:
    return with_filter(without_mapping(family_first(draft()), "city"), "Yours", CITY)


def test_the_three_show_only_what_differs_now_and_name_what_both_changed() -> None:
    found = {(row.name): row for row in three_ways(yours(), theirs())}
    assert set(found) == {"displayName", "city", "surname", "Yours", "Theirs", "of the document"}
    assert [row.name for row in found.values() if row.conflict] == ["displayName"]
    assert found["displayName"].now == 'Constant "x", always'
    assert found["city"].yours == "–"


def test_every_choice_keeps_yours_and_theirs_whole_and_loses_nothing() -> None:
    live = theirs()
    keys = [row.key for row in three_ways(yours(), live)]
    for number in range(len(keys) + 1):
        for kept in itertools.combinations(keys, number):
            result = merged(yours(), live, set(kept))
            assert result.base == live
            left = {change.key for change in changes(live, result.document)}
            assert left == set(kept)


def test_keeping_all_of_theirs_changes_no_byte_of_theirs() -> None:
    live = theirs()
    assert msgspec.json.encode(merged(yours(), live, set()).document) == msgspec.json.encode(live)


def test_two_filters_of_one_name_that_you_took_out_stay_out() -> None:
    base = with_filter(
        with_filter(draft(), "Same", CITY), "Same", replace(CITY, attribute="country")
    ).document
    mine = without_clause(without_clause(begin(base), 0, 0), 0, 0)
    live = without_mapping(begin(base), "city").document
    kept = {row.key for row in three_ways(mine, live) if row.is_yours}
    assert filter_groups(merged(mine, live, kept).document) == ()


def test_a_change_is_named_in_one_line() -> None:
    edited = with_action(with_filter(without_mapping(draft(), "city"), "Munich", CITY), "Delete", on=False)
    found = changes(edited.base, edited.document)
    assert named(found) == "mapping city, filter Munich, object actions"
    assert named(found * 2) == "mapping city, filter Munich, object actions and 3 more"


@pytest.mark.parametrize("index", [0, 1])
def test_a_clause_changes_its_own_place_only(index: int) -> None:
    base = with_clause(with_filter(draft(), "A", CITY), 0, 1, replace(CITY, attribute="country"))
    groups = base.document["synchronizationRules"][0]["objectMappings"][0]["scope"]["groups"]
    groups[0]["unknown"] = 1
    groups[0]["clauses"][index]["unknown"] = {"kept": True}
    after = with_clause(begin(base.document), 0, index, Clause("department", "IS NULL"))
    group = after.document["synchronizationRules"][0]["objectMappings"][0]["scope"]["groups"][0]
    assert group["unknown"] == 1
    assert group["clauses"][index] == {
        "operatorName": "IS NULL",
        "sourceOperandName": "department",
        "targetOperand": None,
        "unknown": {"kept": True},
    }
    assert group["clauses"][1 - index] == groups[0]["clauses"][1 - index]
