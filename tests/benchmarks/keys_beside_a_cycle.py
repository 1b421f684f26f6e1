"""How long a key takes in the demo while its service runs a cycle in the same process.

Run with ``python -m tests.benchmarks.keys_beside_a_cycle [USERS]``. Prints times on the clock, from the key
to the painted cursor, against their goal; asserts nothing.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

from textual.events import Key

from tests.benchmarks.emulator_cycle import START, started
from tests.ui.driver import settled
from xtsync_tui.cli.collector import settle
from xtsync_tui.cli.compose import IN_PROCESS, announcement, demo_workspace
from xtsync_tui.emulator.app import Emulator
from xtsync_tui.emulator.clock import Clock
from xtsync_tui.emulator.seed import CONTOSO
from xtsync_tui.ui.app import XtSyncApp
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.pair import Workspace

SPEEDS = (1.0, 60.0)
KEYS = 200
GOAL = 0.05


async def measure(emulator: Emulator) -> list[float]:
    """Return the seconds of each key on the list of mappings, the fastest first."""

    @asynccontextmanager
    async def connect() -> AsyncIterator[Workspace]:
        found = announcement(IN_PROCESS, emulator.tenants)
        async with (
            emulator.working(),
            demo_workspace(found, emulator.transport, ":memory:", emulator.clock.now) as workspace,
        ):
            yield workspace

    app, took = XtSyncApp(connect), list[float]()
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot, lambda: app.has_pair)
        await pilot.press("5")
        screen: Any = app.screen
        await settled(pilot, lambda: any(table.all_rows for table in screen.query(Table)))
        table = screen.query(Table).first()
        settle()
        for number in range(KEYS):
            began, before = perf_counter(), table.at
            app.post_message(Key("up" if number % 20 >= 10 else "down", None))
            while table.at == before:  # noqa: ASYNC110 - what is measured is the loop itself
                await asyncio.sleep(0)
            screen._on_timer_update()
            took.append(perf_counter() - began)
            await asyncio.sleep(0.05)
    return sorted(took)


def pages_of(emulator: Emulator) -> str:
    """Return how far the one job has got."""
    jobs = emulator.world.tenants[CONTOSO].jobs.values()
    [job] = [job for found in jobs for job in found.values()]
    done = job.progress or {"completedUnits": 0, "totalUnits": 0}
    return f"{done['completedUnits']} of {done['totalUnits']} pages"


def main() -> None:
    """Measure and print."""
    users = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    for speed in SPEEDS:
        emulator = started(users, Clock(START, speed))
        took = asyncio.run(measure(emulator))
        median, most, worst = (took[place] * 1000 for place in (len(took) // 2, int(len(took) * 0.99), -1))
        print(  # noqa: T201 - a benchmark is for reading
            f"{users:,} people, clock x{speed:g}, {pages_of(emulator)}: "
            f"{len(took)} keys, median {median:.1f} ms, 99 % within {most:.1f} ms, worst {worst:.1f} ms, "
            f"goal {GOAL * 1000:.0f} ms"
        )


if __name__ == "__main__":
    main()
