"""Clauses of a draft, each with what became of it since it was read."""

from dataclasses import replace

from tests.workspace.mappings.documents import draft
from xtsync_tui.workspace.mappings.draft import Draft
from xtsync_tui.workspace.mappings.filters import (
    clause_rows,
    free_name,
    taken,
    with_clause,
    with_filter,
    without_clause,
)
from xtsync_tui.workspace.schema import filter_groups, user_mapping
from xtsync_tui.workspace.setup import Clause

COUNTRY = Clause("country", "EQUALS", ("Germany",))
SALES = Clause("department", "EQUALS", ("Sales",))
LEGAL = Clause("department", "EQUALS", ("Legal",))


def saved(*filters: tuple[str, tuple[Clause, ...]]) -> Draft:
    """Return a draft that changes nothing yet of these filters."""
    made = draft()
    for at, (name, (first, *more)) in enumerate(filters):
        made = with_filter(made, name, first)
        for index, clause in enumerate(more, 1):
            made = with_clause(made, at, index, clause)
    return replace(made, base=made.document)


def marks(of: Draft) -> list[tuple[str, str]]:
    return [(row.mark, row.clause.attribute) for row in clause_rows(of)]


def test_what_was_read_has_no_marks() -> None:
    before = saved(("Germany", (COUNTRY, SALES)), ("Germany", (LEGAL,)))
    assert marks(before) == [("", "country"), ("", "department"), ("", "department")]
    assert taken(before) == ()


def test_a_changed_clause_is_one_change_and_says_what_it_was() -> None:
    after = with_clause(saved(("Germany", (COUNTRY, SALES))), 0, 1, LEGAL)
    assert marks(after) == [("", "country"), ("~", "department")]
    assert clause_rows(after)[1].was == SALES
    assert taken(after) == ("~ Germany: was department EQUALS Sales",)


def test_clauses_that_come_and_go_are_told_as_such() -> None:
    before = saved(("Germany", (COUNTRY, SALES)))
    assert marks(with_clause(before, 0, 2, LEGAL)) == [
        ("", "country"),
        ("", "department"),
        ("+", "department"),
    ]
    without = without_clause(before, 0, 1)
    assert marks(without) == [("", "country")]
    assert taken(without) == ("- Germany: department EQUALS Sales",)


def test_one_of_two_filters_alike_that_is_taken_out_is_said() -> None:
    before = saved(("Germany", (COUNTRY,)), ("Germany", (COUNTRY,)))
    assert taken(without_clause(before, 1, 0)) == ("- Germany: country EQUALS Germany",)


def test_a_filter_under_another_name_is_a_new_one() -> None:
    before = saved(("Germany", (COUNTRY,)))
    after = with_filter(without_clause(before, 0, 0), "France", COUNTRY)
    assert marks(after) == [("+", "country")]
    assert taken(after) == ("- Germany: country EQUALS Germany",)


def test_a_schema_without_scope_gets_one() -> None:
    before = draft()
    user_mapping(before.document)["scope"] = None
    after = with_filter(before, "Germany", COUNTRY)
    assert [group.clauses for group in filter_groups(after.document)] == [(COUNTRY,)]


def test_a_new_filter_gets_a_name_that_none_has() -> None:
    before = draft()
    assert free_name(before) == "Filter"
    assert free_name(with_filter(with_filter(before, "Filter", SALES), "Filter 2", SALES)) == "Filter 3"
