"""Long work in short slices, so that an application in the same process stays responsive."""

import asyncio
import heapq
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

ROWS = 200
"""Rows worked on between two looks at the clock."""

BUDGET = 0.004
"""Seconds of work after which the event loop gets its turn."""


async def in_slices(rows: Sequence[T], size: int = ROWS) -> AsyncIterator[Sequence[T]]:
    """Yield ``rows`` in slices of ``size``, giving way to the event loop every few milliseconds."""
    began = time.perf_counter()
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
        if time.perf_counter() - began > BUDGET:
            await asyncio.sleep(0)
            began = time.perf_counter()


async def select(rows: Sequence[T], keep: Callable[[T], bool]) -> list[T]:
    """Return the rows for which ``keep`` is true."""
    kept: list[T] = []
    async for part in in_slices(rows):
        kept += [row for row in part if keep(row)]
    return kept


async def sort(rows: Sequence[T], key: Callable[[T], Any], *, descending: bool = False) -> list[T]:
    """Return ``rows`` in the order of ``key``; rows with equal keys stay as they were."""
    runs = [sorted(part, key=key, reverse=descending) async for part in in_slices(rows, 2000)]
    merged = heapq.merge(*runs, key=key, reverse=descending)
    if len(runs) < 2:
        return list(merged)
    done: list[T] = []
    began = time.perf_counter()
    for row in merged:
        done.append(row)
        if not len(done) % ROWS and time.perf_counter() - began > BUDGET:
            await asyncio.sleep(0)
            began = time.perf_counter()
    return done
