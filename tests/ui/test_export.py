"""Files of what a table shows."""

import csv
import io
import json

import pytest

from xtsync_tui.ui.export import FORMATS, export

HEADS = ["Name", "Note"]
ROWS = [["Ana", "=HYPERLINK(1)"], ["Bob | [/b]", "two\nlines"], ["日本", "-1"]]


def test_a_csv_cell_is_never_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(export("csv", HEADS, ROWS), newline="")))
    assert rows == [HEADS, ["Ana", "'=HYPERLINK(1)"], ["Bob | [/b]", "two\nlines"], ["日本", "'-1"]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_each_start_of_a_formula_is_quoted(start: str) -> None:
    assert list(csv.reader(io.StringIO(export("csv", ["A"], [[f"{start}1"]]), newline="")))[1] == [
        f"'{start}1"
    ]


def test_json_and_json_lines_hold_the_text_as_it_is() -> None:
    objects = [dict(zip(HEADS, row, strict=True)) for row in ROWS]
    assert json.loads(export("json", HEADS, ROWS)) == objects
    assert [json.loads(line) for line in export("jsonl", HEADS, ROWS).splitlines()] == objects


def test_a_markdown_row_is_one_line_with_as_many_cells() -> None:
    lines = export("md", HEADS, ROWS).splitlines()
    assert lines[0] == "| Name | Note |"
    assert lines[1] == "| --- | --- |"
    assert lines[3] == "| Bob \\| [/b] | two lines |"


@pytest.mark.parametrize("kind", FORMATS)
def test_no_rows_still_make_a_file(kind: str) -> None:
    assert export(kind, HEADS, []) is not None
