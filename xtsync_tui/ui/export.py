"""What a table shows, as a file: CSV, JSON, JSON Lines or Markdown."""

import csv
import io
import json
from collections.abc import Iterable, Sequence

from xtsync_tui.model import Json
from xtsync_tui.text import clean
from xtsync_tui.ui.widgets.columns import Column, Row

FORMATS = {"csv": "CSV", "json": "JSON", "jsonl": "JSON Lines", "md": "Markdown"}
"""File ending and name of each format."""

MARK = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of the machine."""

ALL = 1_000_000
_FORMULA = ("=", "+", "-", "@")


def safe(cell: str) -> str:
    """Return a CSV cell that no spreadsheet runs as a formula and no terminal as a command."""
    cell = clean(cell, ALL)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def export(kind: str, columns: Sequence[Column[Row]], rows: Iterable[Row]) -> str:
    """Return the file's text; ``kind`` is a key of FORMATS. Columns without any head are left out."""
    named = [column for column in columns if column.title]
    heads = [column.title for column in named]
    if kind in {"csv", "md"}:
        cells = ([column.text(row) for column in named] for row in rows)
        return csv_text(heads, cells) if kind == "csv" else _markdown(heads, cells)
    objects = [{column.title: column.plain(row) for column in named} for row in rows]
    if kind == "json":
        return json_text(objects, indent=2) + "\n"
    return "".join(json_text(each) + "\n" for each in objects)


def json_text(value: Json, indent: int | None = None) -> str:
    """Return JSON in which no character steers a terminal: whatever cannot be seen is escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return "".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text)


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a CSV file for a spreadsheet: no cell is a formula."""
    out = io.StringIO()
    out.write(MARK)
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def _markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(_one_line(cell) for cell in cells) + " |\n"

    return line(heads) + line("---" for _ in heads) + "".join(line(row) for row in rows)


def _one_line(cell: str) -> str:
    return clean(cell, ALL).replace("\\", "\\\\").replace("|", "\\|").replace("␤", " ")
