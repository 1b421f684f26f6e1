"""What a table shows, as a file: CSV, JSON, JSON Lines or Markdown."""

import csv
import io
import json
from collections.abc import Iterable, Sequence

FORMATS = {"csv": "CSV", "json": "JSON", "jsonl": "JSON Lines", "md": "Markdown"}
"""File ending and name of each format."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(cell: str) -> str:
    """Return a CSV cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def export(kind: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return the file's text; ``kind`` is a key of FORMATS."""
    if kind == "csv":
        return _csv(heads, rows)
    if kind == "md":
        return _markdown(heads, rows)
    objects = [dict(zip(heads, row, strict=True)) for row in rows]
    if kind == "json":
        return json.dumps(objects, ensure_ascii=False, indent=2) + "\n"
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in objects)


def _csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def _markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(_one_line(cell) for cell in cells) + " |\n"

    return line(heads) + line("---" for _ in heads) + "".join(line(row) for row in rows)


def _one_line(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("|", "\\|").replace("\r", " ").replace("\n", " ")
