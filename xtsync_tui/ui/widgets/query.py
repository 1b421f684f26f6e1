"""The filter and sort of a table: text in, a choice of rows out."""

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from operator import itemgetter
from typing import Any

from xtsync_tui.text import clean
from xtsync_tui.ui.widgets.columns import Column, Row
from xtsync_tui.workspace.spans import span

_TERM = re.compile(r'(!?)(?:([^\s":!]+):)?(?:"([^"]*)"?|(\S+))')

STEP = 1000
"""Rows that are looked at in one go: a few milliseconds."""

Test = Callable[[Row], bool]


@dataclass(frozen=True)
class Term:
    """One word of a filter: ``column`` is ``""`` for any column."""

    text: str
    column: str = ""
    negated: bool = False


def terms(text: str) -> list[Term]:
    """Return the terms of a filter: ``ana state:failed !department:Sales since:24h "two words"``."""
    return [Term(quoted or bare, column, bool(bang)) for bang, column, quoted, bare in _TERM.findall(text)]


def predicate(text: str, columns: Sequence[Column[Row]], now: datetime) -> Test[Row] | None:
    """Return the test that rows must pass, None when ``text`` asks for nothing.

    ``since:`` looks at the first column whose values are times. A word before a colon that names no column
    is text like any other.
    """
    tests = [_test(term, columns, now) for term in terms(text)]
    return (lambda row: all(test(row) for test in tests)) if tests else None


def misunderstood(text: str, columns: Sequence[Column[Any]]) -> str:
    """Return what is wrong with the columns a filter names, "" for nothing."""
    known = set().union(*(column.words for column in columns))
    for term in terms(text):
        word = term.column.casefold()
        if word == "since" and span(term.text) is None:
            return "since: takes a time such as 30min, 24h, 7d or 2w."
        if word.isalpha() and word not in known and word != "since":
            heads = dict.fromkeys((column.head or column.id).replace(" ", "") for column in columns)
            return f"No column {clean(word, 20)} here: {', '.join(heads).casefold()}."
    return ""


def _test(term: Term, columns: Sequence[Column[Row]], now: datetime) -> Test[Row]:
    chosen = [column for column in columns if term.column.casefold() in column.words]
    if term.column == "since" and (distance := span(term.text)) is not None:
        found = _since(columns, now - distance)
    elif chosen or not term.column:
        found = _holds(term.text.casefold(), chosen or columns)
    else:
        found = _holds(f"{term.column}:{term.text}".casefold(), columns)
    return (lambda row: not found(row)) if term.negated else found


def _holds(text: str, columns: Sequence[Column[Row]]) -> Test[Row]:
    return lambda row: any(text in column.text(row).casefold() for column in columns)


def _since(columns: Sequence[Column[Row]], earliest: datetime) -> Test[Row]:
    def newer(row: Row) -> bool:
        times = (value for column in columns if isinstance(value := column.value(row), datetime))
        return any(value >= earliest for value in times)

    return newer


def arrange(
    rows: Sequence[Row], test: Test[Row] | None, key: Callable[[Row], Any] | None, *, reverse: bool
) -> Generator[None, None, Sequence[Row]]:
    """Choose and sort rows in steps of a few milliseconds; the generator returns them when it ends.

    Rows that are equal keep their order.
    """
    if test is not None:
        chosen: list[Row] = []
        for start in range(0, len(rows), STEP):
            chosen += [row for row in rows[start : start + STEP] if test(row)]
            yield
        rows = chosen
    if key is None:
        return rows
    runs = []
    for start in range(0, len(rows), STEP):
        run = [(key(row), row) for row in rows[start : start + STEP]]
        runs.append(sorted(run, key=itemgetter(0), reverse=reverse))
        yield
    arranged: list[Row] = []
    for place, (_, row) in enumerate(merge(*runs, key=itemgetter(0), reverse=reverse)):
        arranged.append(row)
        if place % STEP == 0:
            yield
    return arranged


def finish(steps: Generator[None, None, Sequence[Row]]) -> Sequence[Row]:
    """Take all steps at once and return the rows."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            rows: Sequence[Row] = end.value
            return rows


def order(column: Column[Row]) -> Callable[[Row], Any]:
    """Return the sort key of a column: numbers and times as such, text without case, nothing last."""

    def key(row: Row) -> tuple[int, Any]:
        value = column.value(row)
        if value is None or value == "":
            return (2, "")
        return (0, value) if isinstance(value, int | float | datetime) else (1, str(value).casefold())

    return key
