"""Filtering and sorting of tables."""

from datetime import timedelta

import pytest

from tests.ui.pair import NOW
from tests.ui.sample import COLUMNS, Member, members
from xtsync_tui.ui.widgets import query

PEOPLE = [
    Member(1, "Ana Lopes", "✓ active", "Sales", NOW, 3),
    Member(2, "Ben [/b] Stone", "✗ failed", "Legal", NOW - timedelta(days=2), 12),
    Member(3, "Chloé Martin", "✗ failed", "Sales", NOW - timedelta(minutes=5), 1),
]


def found(text: str) -> list[int]:
    test = query.predicate(text, COLUMNS, NOW)
    return [row.id for row in PEOPLE if test is None or test(row)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [1, 2, 3]),
        ("ana", [1]),
        ("sales failed", [3]),
        ("state:failed", [2, 3]),
        ("!department:Sales", [2]),
        ("!failed", [1]),
        ("since:24h", [1, 3]),
        ("!since:24h", [2]),
        ("since:10min state:failed", [3]),
        ('"[/b] stone"', [2]),
        ('name:"ana lopes"', [1]),
        ("12", [2]),
        ("nosuch:thing", []),
        ("since:soon", []),
    ],
)
def test_a_filter_finds(text: str, ids: list[int]) -> None:
    assert found(text) == ids


@pytest.mark.parametrize("text", ["!", ":", '"', "a:", "!:", "since:", "((", "\\"])
def test_half_a_filter_is_no_fault(text: str) -> None:
    found(text)


def test_numbers_sort_as_numbers_text_without_case_and_nothing_last() -> None:
    users = next(column for column in COLUMNS if column.id == "users")
    name = next(column for column in COLUMNS if column.id == "name")
    assert [row.users for row in sorted(PEOPLE, key=query.order(users))] == [1, 3, 12]
    rows = [Member(1, ""), Member(2, "bob"), Member(3, "Ana")]
    assert [row.name for row in sorted(rows, key=query.order(name))] == ["Ana", "bob", ""]


def test_sample_members_differ() -> None:
    assert len({row.name for row in members(50)}) == 50
