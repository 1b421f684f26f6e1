"""A request's body in a few lines: whole where it fits, else its size and what it changes."""

import json
import re
from collections.abc import Iterator

from xtsync_tui.model import Json, exact
from xtsync_tui.text import clean
from xtsync_tui.ui.render import cut_end

ROWS = 3
"""Rows of the screen that a body, or one change of it, may take."""

MOST = 4
"""Changes that are shown of a long body."""

WHOLE = "v on a button shows it whole"
NAMES = ("name", "targetAttributeName", "key", "id")
"""Members by which Graph's lists tell their objects apart, the most telling first."""

_ALL = 1_000_000
_PARTS = re.compile(r"[^ ,]*[ ,]+|[^ ,]+")


def body_lines(body: Json, before: Json, width: int) -> list[str]:
    """Return ``body`` whole where it fits into rows of ``width``, else its size and what it changes.

    ``before`` is what it replaces. Where that was nothing, or nothing differs, a long body is cut at its end.
    """
    flat = clean(_text(body), _ALL)
    if len(flat) <= width * ROWS:
        return [flat]
    size = f"{len(exact.encode(body)):,} bytes, {WHOLE}"
    found = changed(before, body) if before is not None else []
    if not found:
        return [size, cut_end(flat, width * ROWS)]
    lines = [
        f"{size}; what it changes:",
        *(cut_end(clean(line, _ALL), width * ROWS) for line in found[:MOST]),
    ]
    return [*lines, f"and {len(found) - MOST} more"] if len(found) > MOST else lines


def fold(line: str, width: int) -> list[str]:
    """Return ``line`` in rows of ``width``, broken after a blank or a comma; only a longer word is cut."""
    rows, row = [], ""
    for part in _PARTS.findall(line):
        if row and len(row) + len(part.rstrip()) > width:
            rows.append(row.rstrip())
            row = ""
        row += part
        while len(row.rstrip()) > width:
            rows.append(row[:width])
            row = row[width:]
    return [*rows, row.rstrip()] if row.strip() else rows


def changed(before: Json, after: Json) -> list[str]:
    """Return what differs, one line each: ``~ …/User/scope: {…}``; ``+`` is new, ``-`` went."""
    if (pairs := _pairs(after)) is not None and isinstance(before, dict):
        # Secrets: a key that is left out of the body is masked, not removed.
        kept = {name: _opened(value) for name, value in before.items() if name in pairs}
        opened = {name: _opened(value) for name, value in pairs.items()}
        return [_line(*each) for each in _differences((), kept, opened)]
    return [_line(*each) for each in _differences((), before, after)]


def _pairs(body: Json) -> dict[str, Json] | None:
    """Return the settings of ``{"value": [{"key": …, "value": …}]}``, None for another body."""
    rows = body.get("value") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "key" in row for row in rows):
        return None
    return {row["key"]: row.get("value") for row in rows}


def _opened(value: Json) -> Json:
    """Return the object whose JSON a setting holds as a text; any other value as it is."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value
    return found if isinstance(found, dict) else value


def _differences(
    path: tuple[str, ...], before: Json, after: Json
) -> Iterator[tuple[str, tuple[str, ...], Json]]:
    if before == after:
        return
    members = _members(before, after)
    if members is None:
        yield "~", path, after
        return
    ours, theirs = members
    for name, value in theirs.items():
        if name in ours:
            yield from _differences((*path, name), ours[name], value)
        else:
            yield "+", (*path, name), value
    for name in ours:
        # Graph's answers carry @odata members, which are never sent back.
        if name not in theirs and not name.startswith("@odata."):
            yield "-", (*path, name), ours[name]


def _members(before: Json, after: Json) -> tuple[dict[str, Json], dict[str, Json]] | None:
    """Return the members of two objects, or of two lists by what tells theirs apart, else None."""
    if isinstance(before, dict) and isinstance(after, dict):
        return before, after
    if not (isinstance(before, list) and isinstance(after, list)):
        return None
    for name in NAMES:
        if _tells_apart(name, before) and _tells_apart(name, after):
            return {str(row[name]): row for row in before}, {str(row[name]): row for row in after}
    return _by_place(before), _by_place(after)


def _tells_apart(name: str, rows: list[Json]) -> bool:
    found = [row.get(name) for row in rows if isinstance(row, dict)]
    return len(rows) == len({str(each) for each in found if each})


def _by_place(rows: list[Json]) -> dict[str, Json]:
    return {str(at): row for at, row in enumerate(rows)}


def _line(mark: str, path: tuple[str, ...], value: Json) -> str:
    where = "/".join(path[-2:])
    return (
        f"{mark} {'…/' if len(path) > 2 else ''}{where}: {value if isinstance(value, str) else _text(value)}"
    )


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
