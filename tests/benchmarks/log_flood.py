"""A log view that receives 500 rows a second: how long from a key to the picture.

    python -m tests.benchmarks.log_flood

Issue 5 asks for at most 50 ms for 99 of 100 keys, and that the place is never lost. The rows are written by the
emulated service and arrive as in the program: the screen looks, in 4 pages of 500 at most. It looks as often
here as the limit of the logs allows, each time finding more rows than one look takes.
"""

import asyncio
import statistics
import time
from datetime import timedelta
from itertools import cycle
from typing import Any

from textual.events import Key

from tests.arriving import arrive
from tests.ui.demo import Demo
from tests.ui.driver import settled
from xtsync_tui.cli.collector import settle
from xtsync_tui.ui.widgets.table import Table

SECONDS = 20
RATE = 500
LOOKS = 10
"""Seconds of the clock between two looks, which pass in two real ones."""


async def flood(demo: Demo, screen: Any, end: float) -> int:
    """Let rows be written evenly until ``end``, and the screen look; return how many were written."""
    contoso = demo.emulator.world.tenants[demo.profile.source.tenant]
    written, began, looked = 0, time.perf_counter(), 0.0
    while (now := time.perf_counter()) < end:
        due = int((now - began) * RATE)
        since = demo.clock.now()
        arrive(contoso, [since + timedelta(microseconds=number) for number in range(written, due)])
        written = due
        demo.clock.advance(timedelta(milliseconds=20))
        if now - looked > LOOKS / 5:
            looked = now
            demo.seconds += LOOKS
            screen.load()
        await asyncio.sleep(0.02)
    return written


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
        held = table.row.id
        took: list[float] = []
        end = time.perf_counter() + SECONDS
        keys = ("down", "home") if following else ("down", "up")
        written, _ = await asyncio.gather(flood(demo, screen, end), type_keys(app, keys, end, took))
        took.sort()
        name = "following" if following else "place held"
        near = {each.id for each in table.rows[max(table.at - 1, 0) : table.at + 2]}
        kept = "" if following else f", place {'kept' if held in near else 'LOST'}"
        looks = sum(one.request.path.startswith("/auditLogs/") for one in demo.log.exchanges)
        print(  # noqa: T201 - the figures
            f"{name}: {written:,} rows written, {looks} pages read, {len(table.all_rows):,} rows listed, "
            f"{len(took)} keys, median {statistics.median(took) * 1000:.1f} ms, "
            f"99 % {took[int(len(took) * 0.99) - 1] * 1000:.1f} ms, worst {took[-1] * 1000:.1f} ms{kept}"
        )


if __name__ == "__main__":
    asyncio.run(measure(following=False))
    asyncio.run(measure(following=True))
