"""A log view that receives 500 rows a second: how long from a key to the picture.

    python -m tests.benchmarks.log_flood

Issue 5 asks for at most 50 ms for 99 of 100 keys, and that the place is never lost.
"""

import asyncio
import statistics
import time
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from typing import Any

from textual.events import Key

from tests.ui.demo import Demo
from tests.ui.driver import settled
from xtsync_tui.cli.collector import settle
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.logs.lines import Line

SECONDS = 20
RATE = 500
KEYS = ("down", "up")


async def flood(screen: Any, model: Line, end: float) -> int:
    """Let rows arrive evenly until ``end``; return how many."""
    sent, began = 0, time.perf_counter()
    while (now := time.perf_counter()) < end:
        due = int((now - began) * RATE)
        screen.arrive(
            [
                replace(model, id=f"new {number}", at=model.at + timedelta(milliseconds=number))
                for number in range(sent, due)
            ]
        )
        sent = due
        await asyncio.sleep(0.02)
    return sent


async def type_keys(app: Any, keys: tuple[str, ...], end: float, took: list[float]) -> None:
    """Press ``keys`` in turn and time each until the cursor is painted elsewhere."""
    table, screen = app.screen.query_one("#rows"), app.screen
    for key in cycle(keys):
        began, before = time.perf_counter(), table.at
        if began > end:
            return
        app.post_message(Key(key, None))
        while table.at == before and time.perf_counter() < end:  # noqa: ASYNC110 - the loop is measured
            await asyncio.sleep(0)
        screen._on_timer_update()
        took.append(time.perf_counter() - began)
        await asyncio.sleep(0.05)


async def measure(*, following: bool) -> None:
    """Measure with the cursor on the newest row, or on a row below whose place is held."""
    demo = Demo("configured", timed=True)
    app = demo.app()
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot, lambda: app.has_pair)
        await pilot.press("8")
        await settled(pilot, lambda: any(table.all_rows for table in app.screen.query(Table)))
        screen: Any = app.screen
        table = screen.query_one("#rows")
        if not following:
            await pilot.press("down", "down")
        settle()
        held, model = table.row.id, table.all_rows[0]
        took: list[float] = []
        end = time.perf_counter() + SECONDS
        keys = ("down", "home") if following else KEYS
        sent, _ = await asyncio.gather(flood(screen, model, end), type_keys(app, keys, end, took))
        took.sort()
        name = "following" if following else "place held"
        near = {each.id for each in table.rows[max(table.at - 1, 0) : table.at + 2]}
        kept = "" if following else f", place {'kept' if held in near else 'LOST'}"
        print(  # noqa: T201 - the figures
            f"{name}: {sent:,} rows, {len(took)} keys, median {statistics.median(took) * 1000:.1f} ms, "
            f"99 % {took[int(len(took) * 0.99) - 1] * 1000:.1f} ms, worst {took[-1] * 1000:.1f} ms{kept}"
        )


if __name__ == "__main__":
    asyncio.run(measure(following=False))
    asyncio.run(measure(following=True))
