"""The table: its cursor, marks and place, and what it costs."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

from tests.ui.driver import Person, at_keyboard, rest, settled
from tests.ui.pair import NOW
from tests.ui.sample import COLUMNS, Member, members
from xtsync_tui.ui import themes
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.table import Table

pytestmark = pytest.mark.anyio


class TableApp(App[None]):
    """A table and nothing else."""

    def __init__(self, **more: Any) -> None:
        super().__init__()
        self.table = Table[Member](more.pop("columns", COLUMNS), lambda row: row.id, **more)
        self.heard: list[str] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.role_defaults(self.current_theme)

    def compose(self) -> ComposeResult:
        yield self.table

    def on_table_opened(self, event: Table.Opened) -> None:
        self.heard.append(f"opened {event.row.name}")

    def on_table_moved(self, event: Table.Moved) -> None:
        self.heard.append(f"moved {event.row.name if event.row else None}")

    def on_table_marked(self) -> None:
        self.heard.append(f"marked {len(self.table.marks)}")


@pytest.fixture
async def person() -> AsyncIterator[Person]:
    async with at_keyboard(TableApp(), (80, 12)) as person:
        person.app.table.set_rows(members(50))
        person.app.table.focus()
        await person.sees("Ana Lopes")
        yield person


def column_0(person: Person) -> str:
    return "".join(line[0] for line in person.lines)


async def test_the_cursor_is_a_cell_of_its_own(person: Person) -> None:
    assert column_0(person) == " ▌          "
    await person.press("down", "j")
    await settled(person.pilot, lambda: column_0(person) == "   ▌        ")
    await person.press("k")
    await settled(person.pilot, lambda: column_0(person) == "  ▌         ")


async def test_the_ends_and_pages_are_one_key_away(person: Person) -> None:
    table = person.app.table
    await person.press("end")
    assert table.at == 49
    await settled(person.pilot, lambda: column_0(person)[-1] == "▌", "the cursor in the last line")
    await person.press("pageup")
    assert table.at == 39
    await person.press("home")
    assert (table.at, table.scroll_offset.y) == (0, 0)
    await person.press("up")
    assert table.at == 0


async def test_enter_opens_the_row_under_the_cursor(person: Person) -> None:
    await person.press("down", "enter")
    await settled(person.pilot, lambda: "opened Ben Okoro" in person.app.heard)


async def test_marking_goes_on_to_the_next_row(person: Person) -> None:
    await person.press("mark", "mark")
    assert person.app.table.marks == {0, 1}
    assert [row.id for row in person.app.table.chosen] == [0, 1]
    assert [line[:2] for line in person.lines[1:4]] == [" *", " *", "▌ "]
    await person.press("mark_all")
    assert len(person.app.table.marks) == 50
    await person.press("mark_all")
    assert person.app.table.marks == set()
    assert [row.id for row in person.app.table.chosen] == [2]


async def test_reading_again_keeps_cursor_marks_and_place_by_id(person: Person) -> None:
    table = person.app.table
    await person.press("mark", *["down"] * 20)
    row, line = table.row, column_0(person).index("▌")
    table.set_rows([Member(100 + at, f"New {at}") for at in range(5)] + members(50))
    await person.pilot.pause()
    assert table.row == row
    assert table.marks == {0}
    assert column_0(person).index("▌") == line


async def test_when_the_row_is_gone_the_cursor_stays_where_it_was(person: Person) -> None:
    table = person.app.table
    await person.press("down", "mark")
    await person.press("up")
    table.set_rows([row for row in members(50) if row.id != 1])
    await person.pilot.pause()
    assert (table.at, table.row.id, table.marks) == (1, 2, set())
    table.set_rows([])
    await person.sees_no("Ana Lopes")
    assert table.row is None
    await person.press("enter", "mark", "down", "mark_all")
    table.set_rows(members(3))
    await person.sees("Ana Lopes")


async def test_a_filter_and_a_sort_stay_through_a_reload(person: Person) -> None:
    table = person.app.table
    table.filter("department:legal", NOW)
    table.sort("users")
    table.sort("users")
    table.set_rows(members(60))
    assert len(table.rows) == 30
    users = [row.users for row in table.rows]
    assert users == sorted(users, reverse=True)


async def test_a_click_moves_and_a_second_click_opens(person: Person) -> None:
    await person.pilot.click(offset=(5, 3))
    assert person.app.table.row.id == 2
    await person.pilot.click(offset=(5, 3))
    await settled(person.pilot, lambda: "opened Chloé Martin" in person.app.heard)


def sections() -> Sequence[Member]:
    return [
        Member(10, "Needed", "section"),
        *members(2),
        Member(11, "Also", "section"),
        Member(2, "Chloé Martin"),
    ]


async def test_section_heads_are_drawn_across_and_never_under_the_cursor() -> None:
    app = TableApp(heading=lambda row: row.name if row.state == "section" else "")
    async with at_keyboard(app, (80, 12)) as person:
        app.table.set_rows(sections())
        app.table.focus()
        await person.sees("Needed", "Also")
        assert app.table.at == 1
        await person.press("down", "down")
        assert app.table.at == 4
        await person.press("up")
        assert app.table.at == 2
        await person.press("home")
        assert app.table.at == 1
        await person.press("mark_all")
        assert app.table.marks == {0, 1, 2}
        assert len(app.table.exported) == 3


async def test_a_flag_stands_in_column_1_unless_the_row_is_marked() -> None:
    app = TableApp(flag=lambda row: "~" if row.id == 1 else " ")
    async with at_keyboard(app, (80, 12)) as person:
        app.table.set_rows(members(3))
        app.table.focus()
        await person.sees("Ana Lopes")
        assert [line[:3] for line in person.lines[1:4]] == ["▌  ", " ~ ", "   "]
        await person.press("down", "mark")
        assert [line[:3] for line in person.lines[1:4]] == ["   ", " * ", "▌  "]


async def test_a_message_stands_where_rows_would_be() -> None:
    app = TableApp(empty="Nobody. n adds one.")
    async with at_keyboard(app, (80, 12)) as person:
        await person.sees("Nobody. n adds one.")
        app.table.set_message(Content("… reading people"))
        await person.sees("… reading people")
        app.table.filter("ana", NOW)
        await person.pilot.pause()
        await person.sees("… reading people")
        app.table.set_message(Content("✗ " + "the service does not answer " * 5))
        await person.sees("\n  not answer the service does not answer")
        app.table.set_rows(members(1))
        await person.sees("Ana Lopes")


@pytest.mark.parametrize("width", [60, 80, 100, 140, 160])
async def test_every_line_is_as_wide_as_the_terminal_whatever_is_in_it(width: int) -> None:
    names = ["日本語" * 30, "e\u0301" * 80, "x" * 10_000, "", "👩\u200d👩\u200d👧" * 9, "[/b]\n\t\x1b[31m"]
    async with at_keyboard(TableApp(), (width, 12)) as person:
        person.app.table.set_rows([Member(at, name) for at, name in enumerate(names)])
        await person.sees("日本語")
        table = person.app.table
        assert {table.render_line(y).cell_length for y in range(12)} == {table.size.width}
        users = table._widths[-1]
        assert {table.render_line(y).text.rstrip()[-1] for y in range(1, 7)} == {"0"}, users


async def test_only_what_is_in_view_is_rendered() -> None:
    rendered: list[int] = []

    def render(row: Member) -> Content:
        rendered.append(row.id)
        return Content(row.name)

    app = TableApp(columns=[Column[Member]("Name", lambda row: row.name, render, grow=True)])
    async with at_keyboard(app, (80, 12)) as person:
        app.table.set_rows(members(100_000))
        app.table.focus()
        await person.sees("Ana Lopes")
        assert len(set(rendered)) <= 200
        rendered.clear()
        await person.press("end")
        await person.sees("99999")
        assert len(set(rendered)) <= 40


async def test_in_a_scrolled_list_the_lines_that_change_are_drawn_again(person: Person) -> None:
    table = person.app.query_one(Table)
    table.set_rows(members(1_000))
    await person.press("end", "up", "up")
    drawn: list[int] = []
    table.refresh = lambda *regions, **_: drawn.extend(each.y for each in regions)
    top = int(table.scroll_offset.y)
    for key in ("up", "mark", "down"):
        drawn.clear()
        before = table.at
        await person.press(key)
        assert {before - top + 1, table.at - top + 1} <= set(drawn)


async def test_a_message_stays_while_the_rows_before_it_are_still_arranged(person: Person) -> None:
    table = person.app.query_one(Table)
    table.set_rows(members(20_000))
    table.filter("1", NOW)
    assert table.arranging
    table.set_message(Content("… reading the other log"))
    await rest(person.pilot)
    assert not table.arranging
    await person.sees("… reading the other log")
    assert table.rows == ()


async def test_a_filter_that_hid_every_row_for_a_moment_leaves_the_cursor_on_a_row() -> None:
    app = TableApp(heading=lambda row: row.name if row.id < 0 else "")
    async with at_keyboard(app, (80, 12)) as person:
        app.table.set_rows([Member(-1, "Needed"), *members(2), Member(-2, "Also"), Member(7, "Kim Lee")])
        app.table.filter("nobody", NOW)
        app.table.filter("", NOW)
        assert app.table.at == 1
        await person.sees("▌ Ana Lopes")


async def test_a_sorted_list_goes_back_to_how_it_was_read(person: Person) -> None:
    table = person.app.table
    table.sort("name")
    table.sort("name")
    assert table.rows[0].name.startswith("Chloé")
    table.sort("")
    assert (table.sorted_by, table.rows[0].name) == (None, "Ana Lopes")


class TwoTables(App[None]):
    """Two lists on one screen."""

    get_theme_variable_defaults = TableApp.get_theme_variable_defaults

    def compose(self) -> ComposeResult:
        yield Table(COLUMNS, lambda row: row.id, id="one")
        yield Table(COLUMNS, lambda row: row.id, id="two")


async def test_of_two_lists_only_the_one_with_the_focus_has_the_mark_of_the_cursor() -> None:
    async with at_keyboard(TwoTables(), (80, 20)) as person:
        for name in ("#one", "#two"):
            person.app.query_one(name, Table).set_rows(members(2))
        person.app.query_one("#one").focus()
        await settled(person.pilot, lambda: column_0(person).index("▌") == 1)
        assert column_0(person).count("▌") == 1
        person.app.query_one("#two").focus()
        await settled(person.pilot, lambda: column_0(person).index("▌") > 5)
        assert column_0(person).count("▌") == 1
