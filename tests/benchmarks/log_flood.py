"""A log view that receives 500 rows a second: how long from a key to the picture.

    python -m tests.benchmarks.log_flood

Issue 5 asks for at most 50 ms for 99 of 100 keys, and that the place is never lost. The rows are written by
an emulator in a process of its own and arrive as in the program: the screen looks, and Graph answers in 4
pages of 500 rows at most. It looks every 8 s here, which is all that the limit of the logs allows, and each
time there are more new rows than one look takes.
"""

import asyncio
import json
import multiprocessing
import socket
import statistics
import time
from contextlib import closing
from datetime import timedelta
from itertools import count, cycle
from multiprocessing.connection import Connection
from typing import Any

from textual.events import Key

from tests.arriving import arrive
from tests.ui.driver import settled
from xtsync_tui.cli.collector import settle
from xtsync_tui.cli.compose import Announcement, announcement, demo_workspace
from xtsync_tui.emulator.app import Emulator
from xtsync_tui.ui.app import XtSyncApp
from xtsync_tui.ui.widgets.table import Table

SECONDS = 24
RATE, BURST = 500, 0.05
EVERY = 8.0
"""Seconds between two looks."""


def serve(listener: socket.socket, told: Connection) -> None:
    """Run the emulator, and let rows be written evenly, each at its own time."""
    import uvicorn

    emulator = Emulator("configured")
    port = listener.getsockname()[1]
    told.send(json.dumps({"url": f"http://127.0.0.1:{port}", "tenants": emulator.tenants}))
    server = uvicorn.Server(uvicorn.Config(emulator.app, log_level="error", date_header=False))

    async def write() -> None:
        contoso = next(one for one in emulator.world.tenants.values() if one.name == "Contoso")
        began = time.monotonic()
        written = 0
        while True:
            await asyncio.sleep(BURST)
            due = int((time.monotonic() - began) * RATE)
            now = emulator.clock.now()
            steps = range(due - written, 0, -1)
            arrive(contoso, [now - timedelta(microseconds=step) for step in steps])
            written = due

    async def both() -> None:
        writing = asyncio.create_task(write())
        await server.serve(sockets=[listener])
        writing.cancel()

    asyncio.run(both())


async def look(screen: Any, end: float) -> int:
    """Look again and again until ``end``; return how often."""
    for looks in count():
        if time.perf_counter() > end:
            return looks
        screen.load()
        await asyncio.sleep(EVERY)
    return 0


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


async def measure(found: Announcement, *, following: bool) -> None:
    """Measure with the cursor on the newest row, or on a row below whose place is held."""
    app = XtSyncApp(lambda: demo_workspace(found, journal=":memory:"))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot, lambda: app.has_pair)
        await pilot.press("8")
        await settled(pilot, lambda: any(table.all_rows for table in app.screen.query(Table)))
        screen: Any = app.screen
        table = screen.query_one("#rows")
        if not following:
            await pilot.press("down", "down")
        settle()
        held, first = table.row.id, table.all_rows[0].id
        took: list[float] = []
        end = time.perf_counter() + SECONDS
        keys = ("down", "home") if following else ("down", "up")
        looks, _ = await asyncio.gather(look(screen, end), type_keys(app, keys, end, took))
        took.sort()
        near = {each.id for each in table.rows[max(table.at - 1, 0) : table.at + 2]}
        kept = "LOST" if not following and held not in near else "kept"
        came = "came" if following and table.all_rows[0].id != first else "waited above"
        print(  # noqa: T201 - the figures
            f"{'following' if following else 'place held'}: {looks} looks, newer rows {came}, "
            f"{len(table.all_rows):,} rows listed, place {kept}; {len(took)} keys, "
            f"median {statistics.median(took) * 1000:.1f} ms, "
            f"99 % {took[int(len(took) * 0.99) - 1] * 1000:.1f} ms, worst {took[-1] * 1000:.1f} ms"
        )


def main() -> None:
    """Measure both against one emulator."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        ours, theirs = multiprocessing.Pipe()
        service = multiprocessing.Process(target=serve, args=(listener, theirs), daemon=True)
        service.start()
        said = json.loads(ours.recv())
        found = announcement(said["url"], said["tenants"])
        try:
            asyncio.run(measure(found, following=False))
            asyncio.run(measure(found, following=True))
        finally:
            service.terminate()


if __name__ == "__main__":
    main()
