"""Files of what a table shows."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from textual.content import Content

from xtsync_tui.ui.export import FORMATS, MARK, csv_text, export
from xtsync_tui.ui.widgets.columns import Column

Cells = tuple[Any, ...]
AT = datetime(2026, 5, 14, 14, 2, 8, 123456, tzinfo=UTC)
COLUMNS = [
    Column[Cells]("Name", lambda row: row[0]),
    Column[Cells]("State", lambda row: row[1], stated=True),
    Column[Cells]("Users", lambda row: row[2], lambda row: Content("?" if row[2] is None else "1,204")),
    Column[Cells]("Seen", lambda row: row[3]),
    Column[Cells]("", lambda _: "no head, no cell"),
]
ROWS: list[Cells] = [("Bob | [/b]", "✓ active", 1204, AT), ("=HYPERLINK(1)", "? cannot tell", None, AT)]


def rows_of(text: str) -> list[list[str]]:
    assert text.startswith(MARK)
    return list(csv.reader(io.StringIO(text.removeprefix(MARK), newline="")))


def test_a_spreadsheet_gets_words_without_symbols_times_with_z_and_no_formula() -> None:
    assert rows_of(export("csv", COLUMNS, ROWS)) == [
        ["Name", "State", "Users", "Seen"],
        ["Bob | [/b]", "active", "1204", "2026-05-14T14:02:08Z"],
        ["'=HYPERLINK(1)", "cannot tell", "?", "2026-05-14T14:02:08Z"],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_each_start_of_a_formula_is_quoted(start: str) -> None:
    assert rows_of(csv_text(["A"], [[f"{start}1"]]))[1] == [f"'{start}1"]


def test_json_keeps_numbers_and_says_null_for_what_is_not_known() -> None:
    first = {"Name": "Bob | [/b]", "State": "active", "Users": 1204, "Seen": "2026-05-14T14:02:08Z"}
    second = {"Name": "=HYPERLINK(1)", "State": "cannot tell", "Users": None, "Seen": "2026-05-14T14:02:08Z"}
    assert json.loads(export("json", COLUMNS, ROWS)) == [first, second]
    lines = export("jsonl", COLUMNS, ROWS).splitlines()
    assert [json.loads(line) for line in lines] == [first, second]


def test_a_markdown_row_is_one_line_with_as_many_cells() -> None:
    lines = export("md", COLUMNS[:2], [("two\nlines | \\", "✓ on")]).splitlines()
    assert lines == ["| Name | State |", "| --- | --- |", "| two lines \\| \\\\ | on |"]


def test_a_blank_that_is_none_does_not_hide_a_formula() -> None:
    assert rows_of(csv_text(["A"], [["\t=1"], ["\r=1"]]))[1:] == [["␉=1"], ["␍=1"]]


@pytest.mark.parametrize("kind", FORMATS)
def test_no_rows_still_make_a_file(kind: str) -> None:
    assert "Bob" not in export(kind, COLUMNS, [])


EVIL = "a\x1b]52;c;x\x07\u202eb\x9bc\x00"


@pytest.mark.parametrize("kind", FORMATS)
def test_no_file_holds_what_steers_a_terminal(kind: str) -> None:
    text = export(kind, COLUMNS[:1], [(EVIL,)]).removeprefix(MARK)
    assert all(char.isprintable() or char in "\r\n" for char in text)
    if kind.startswith("json"):
        (row,) = json.loads(text) if kind == "json" else [json.loads(text)]
        assert row == {"Name": EVIL}
