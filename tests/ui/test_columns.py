"""Which columns are shown, and how wide."""

import pytest
from textual.content import Content

from tests.ui.sample import COLUMNS, Member, members
from xtsync_tui.ui.widgets.columns import GAP, Column, align, fit, visible, whole


def heads(terminal: int) -> list[str]:
    return [column.head for column in visible(COLUMNS, terminal)]


def test_priorities_come_with_the_width_of_the_terminal() -> None:
    assert heads(80) == ["Name", "State", "Users"]
    assert heads(100) == ["Name", "State", "Department", "Users"]
    assert heads(140) == ["Name", "State", "Department", "Seen", "Users"]


@pytest.mark.parametrize("width", [30, 40, 78, 118, 158, 300])
def test_the_columns_fill_the_width_to_the_cell(width: int) -> None:
    shown = visible(COLUMNS, width)
    widths = fit(shown, [whole(column, members()) for column in shown], width)
    assert sum(widths) + GAP * (len(widths) - 1) == width


def test_a_growing_column_gives_way_first() -> None:
    columns = [
        Column[Member]("Name", lambda row: row.name, grow=True),
        Column[Member]("State", lambda row: row.state),
    ]
    assert fit(columns, [40, 10], 32) == [20, 10]


def test_what_is_spare_goes_to_what_is_cut_before_it_goes_to_what_grows() -> None:
    columns = [
        Column[Member]("Name", lambda row: row.name, grow=True, most=10),
        Column[Member]("Why", lambda row: row.state, most=10),
        Column[Member]("By", lambda row: row.state, most=10),
    ]
    assert fit(columns, [8, 14, 12], 60) == [30, 14, 12]
    assert fit(columns, [8, 14, 12], 2 * GAP + 8 + 10 + 12 + 1) == [8, 11, 12]


def test_without_a_growing_column_the_rest_stays_empty() -> None:
    columns = [Column[Member]("Name", lambda row: row.name), Column[Member]("State", lambda row: row.state)]
    assert fit(columns, [10, 8], 60) == [10, 8]


@pytest.mark.parametrize(
    "text", ["short", "a much longer text than fits", "日本語の名前です長い", "e\u0301a\u0300o\u0302" * 9]
)
@pytest.mark.parametrize("right", [False, True])
def test_a_cell_is_exactly_as_wide_as_its_column(text: str, right: bool) -> None:
    assert align(Content(text), 12, right=right).cell_length == 12


def test_cut_cells_say_so() -> None:
    assert align(Content("Account Manager"), 8).plain == "Account…"


def test_numbers_stand_at_the_right() -> None:
    assert align(Content("1,204"), 8, right=True).plain == "   1,204"


def test_foreign_text_is_cleaned_before_it_is_a_cell() -> None:
    column = Column[Member]("Name", lambda row: row.name)
    cell = column.cell(Member(1, "A\x1b]52;c;x\x07[/red]\u202eB"))
    assert "\x1b" not in cell.plain
    assert "\u202e" not in cell.plain
    assert "[/red]" in cell.plain
    assert cell.spans == []
