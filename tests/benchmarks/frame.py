"""How the frame keeps up: a table of very many rows, and going from screen to screen.

Run with ``python -m tests.benchmarks.frame``. Prints times on the clock against their goals; asserts nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter

from textual.app import App, ComposeResult
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import DataTable

from tests.ui.demo import Demo
from tests.ui.driver import at_keyboard, lines_of, settled
from xtsync_tui.cli.collector import settle
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.table import Table

SIZE = (120, 36)
MANY, FEW, COMPARED, LOADED = 1_000_000, 1_000, 10_000, 100_000
PAGE = 999
TIMES = 5


def number(row: int) -> int:
    """Return the row, which is its own number."""
    return row


COLUMNS = [Column("Number", number), *(Column(name, number, most=20) for name in ("Name", "Mail", "State"))]


class Tables(App[None]):
    """Our table, or Textual's."""

    def __init__(self, *, textual: bool = False) -> None:
        super().__init__()
        self.textual = textual

    def compose(self) -> ComposeResult:
        """Yield the one table."""
        yield DataTable() if self.textual else Table(COLUMNS, number)


def painted(app: App[None], text: str) -> bool:
    """Return whether a line of the screen begins with ``text``, all of it drawn anew."""
    return any(line.strip(" ▌").startswith(text) for line in lines_of(app))


async def until(pilot: Pilot[None], text: str) -> None:
    """Wait until ``text`` is painted at the start of a line."""
    while not painted(pilot.app, text):
        await pilot.pause()


async def first_paint(rows: Sequence[int]) -> float:
    """Return the seconds from setting the rows to their first paint."""
    async with Tables().run_test(size=SIZE) as pilot:
        table = pilot.app.query_one(Table)
        began = perf_counter()
        table.set_rows(rows)
        await until(pilot, "1 ")
        return perf_counter() - began


async def first_paint_of_textual(rows: Sequence[int]) -> float:
    """Return the same for Textual's table."""
    async with Tables(textual=True).run_test(size=SIZE) as pilot:
        table = pilot.app.query_one(DataTable)
        table.add_columns("Number", "Name", "Mail", "State")
        began = perf_counter()
        table.add_rows((row, row, row, row) for row in rows)
        await until(pilot, "1 ")
        return perf_counter() - began


async def best(measure: Callable[[Sequence[int]], Awaitable[float]], count: int) -> float:
    """Return the shortest of a few measurements with ``count`` rows."""
    return min([await measure(range(1, count + 1)) for _ in range(TIMES)])


async def keys_while_loading() -> list[float]:
    """Return the seconds from key to paint, page after page of 999 rows being set in between."""
    took = []
    async with Tables().run_test(size=SIZE) as pilot:
        table, screen = pilot.app.query_one(Table), pilot.app.screen
        table.set_rows(range(1, PAGE + 1))
        table.focus()
        await until(pilot, "1 ")
        settle()
        loading = asyncio.create_task(_load(table))
        while not loading.done():
            before, began = table.at, perf_counter()
            pilot.app.post_message(Key("down", None))
            while table.at == before:  # noqa: ASYNC110 - what is measured is the loop itself
                await asyncio.sleep(0)
            screen._on_timer_update()
            took.append(perf_counter() - began)
            await asyncio.sleep(0.005)
    return took


async def _load(table: Table[int]) -> None:
    for count in range(PAGE, LOADED + PAGE, PAGE):
        table.set_rows(range(1, count + 1))
        await asyncio.sleep(0.01)


async def switches() -> dict[str, float]:
    """Return the seconds from the digit to the painted screen, each with its data loaded before."""
    found = {}
    async with at_keyboard(Demo("configured").app(), SIZE) as person:
        app = person.app
        for mode in app.modes:
            await app.action_mode(mode.id)
            await person.sees(f"[{mode.digit} {mode.name}]")
            await settled(person.pilot, lambda: not getattr(app.screen, "reading", False))
        for mode in app.modes:
            began = perf_counter()
            await app.action_mode(mode.id)
            await person.sees(f"[{mode.digit} {mode.name}]")
            found[mode.name] = perf_counter() - began
    return found


async def main() -> None:
    """Measure and print."""
    many, few = await best(first_paint, MANY), await best(first_paint, FEW)
    ours, theirs = await best(first_paint, COMPARED), await best(first_paint_of_textual, COMPARED)
    keys = sorted(await keys_while_loading())
    say(f"rows set and painted: {MANY:,} / {FEW:,} rows: {many / few:.2f} (wanted: 2 or less)")
    say(f"{COMPARED:,} rows, Textual's DataTable / ours: {theirs / ours:.0f}")
    median, most = keys[len(keys) // 2], keys[int(len(keys) * 0.99)]
    say(
        f"{len(keys)} keys, {LOADED:,} rows loading: median {ms(median)}, 99 % within {ms(most)} (goal 50 ms)"
    )
    for name, seconds in (await switches()).items():
        say(f"to {name}: {ms(seconds)} (wanted: 150 ms)")


def ms(seconds: float) -> str:
    """Return a time as the figures name it."""
    return f"{seconds * 1000:.1f} ms"


def say(line: str) -> None:
    """Print a line: a benchmark is for reading."""
    print(line)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main())
