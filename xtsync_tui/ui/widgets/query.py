"""The filter and sort of a table: text in, a choice of rows out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from xtsync_tui.ui.widgets.columns import Column, Row

_TERM = re.compile(r'(!?)(?:([^\s":!]+):)?(?:"([^"]*)"?|(\S+))')
_SPAN = re.compile(r"(\d+)\s*(min|m|h|d|w)$")
_UNIT = {"min": "minutes", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

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


def span(text: str) -> timedelta | None:
    """Return ``24h``, ``30min``, ``7d`` or ``2w`` as a span of time, None for anything else."""
    match = _SPAN.match(text.strip())
    return timedelta(**{_UNIT[match[2]]: int(match[1])}) if match else None


def predicate(text: str, columns: Sequence[Column[Row]], now: datetime) -> Test[Row] | None:
    """Return the test that rows must pass, None when ``text`` asks for nothing.

    ``since:`` looks at the first column whose values are times. A word before a colon that names no column
    is text like any other.
    """
    tests = [_test(term, columns, now) for term in terms(text)]
    return (lambda row: all(test(row) for test in tests)) if tests else None


def _test(term: Term, columns: Sequence[Column[Row]], now: datetime) -> Test[Row]:
    chosen = [column for column in columns if column.id.replace(" ", "") == term.column.casefold()]
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


def order(column: Column[Row]) -> Callable[[Row], Any]:
    """Return the sort key of a column: numbers and times as such, text without case, nothing last."""

    def key(row: Row) -> tuple[int, Any]:
        value = column.value(row)
        if value is None or value == "":
            return (2, "")
        return (0, value) if isinstance(value, int | float | datetime) else (1, str(value).casefold())

    return key
