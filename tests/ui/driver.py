"""Drives the application as a person does: keys by their ids, and waiting for what must be seen."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from rich.cells import cell_len
from textual.app import App
from textual.events import Key
from textual.keys import _character_to_key, key_to_character
from textual.pilot import Pilot
from textual.widgets import Input

from xtsync_tui.ui.keys import KEYS

PATIENCE = 30.0
"""Seconds of a busy machine, not of the application."""

RESTLESS = 0.5
"""Seconds after which a program that always has something to do counts as at rest."""

THREADS = 0.005
"""Seconds between two looks while nothing is left to do but for a thread or a timer."""


async def rest(pilot: Pilot[Any]) -> None:
    """Wait until the event loop has nothing left to do and the screen is drawn.

    Textual's own pilot waits for a processor that idles, at least 40 ms for each key. The loop's queue says
    at once that everything was handled, and says it also on a busy machine.
    """
    ready: Any = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    end = time.monotonic() + RESTLESS
    for _ in range(2):
        calm = 0
        while calm < 3 and time.monotonic() < end:
            await asyncio.sleep(0)
            calm = 0 if ready else calm + 1
        if pilot.app.is_running:
            pilot.app.screen._on_timer_update()


async def settled(pilot: Pilot[Any], condition: Callable[[], object], what: str = "") -> None:
    """Wait until ``condition`` holds; fail with what was waited for and what the screen showed."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"never: {what or condition}\n{text_of(pilot.app)}")
        await rest(pilot)
        if not condition():
            await asyncio.sleep(THREADS)


def lines_of(app: App[Any]) -> list[str]:
    """Return the screen as lines of text, exactly as wide as the terminal."""
    width, height = app.size
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).ljust(width) for strip in strips[:height]]


def text_of(app: App[Any]) -> str:
    """Return the whole screen as text."""
    return "\n".join(line.rstrip() for line in lines_of(app))


def terminal_faults(app: App[Any]) -> Iterator[str]:
    """Yield what is wrong with what the terminal gets: control characters, and lines of another width."""
    for strip in app.screen._compositor.render_strips():
        line = "".join(segment.text for segment in strip)
        if not line.replace("\xa0", " ").isprintable():
            yield f"control byte: {line!r}"
        if cell_len(line) != app.size.width:
            yield f"{cell_len(line)} cells: {line!r}"


class Person:
    """Somebody at the keyboard."""

    def __init__(self, pilot: Pilot[Any]) -> None:
        self.pilot = pilot
        self.app: Any = pilot.app

    async def press(self, *ids: str) -> None:
        """Press keys by their ids (``open``, ``filter``); other names are keys themselves."""
        for each in ids:
            await self._key(KEYS[each].keys.partition(",")[0] if each in KEYS else each)

    async def bursts(self, *keys: str) -> None:
        """Press keys faster than the program can follow, as a slow line delivers them: all at once."""
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 else key
            self.app._driver.send_message(Key(name, key if len(key) == 1 else key_to_character(key)))
        await rest(self.pilot)

    async def types(self, text: str) -> None:
        """Type text into the focused field."""
        await settled(self.pilot, lambda: isinstance(self.app.focused, Input), "a text field with the focus")
        for char in text:
            await self._key(char)

    async def chooses(self, *names: str) -> None:
        """Search for these in an open dialog that counts who is chosen, and take each."""
        for count, name in enumerate(names, 1):
            await self.types(name)
            await self._key("enter")
            await self.sees(f"Chosen ({count})")

    async def _key(self, key: str) -> None:
        name, char = (_character_to_key(key), key) if len(key) == 1 else (key, key_to_character(key))
        self.app._driver.send_message(Key(name, char))
        await rest(self.pilot)

    async def sees(self, *texts: str) -> None:
        """Wait until all ``texts`` are on the screen."""
        for text in texts:
            await settled(self.pilot, partial(self._shows, text), f"{text!r} on the screen")

    async def sees_no(self, text: str) -> None:
        """Wait until ``text`` is not on the screen."""
        await settled(self.pilot, lambda: text not in text_of(self.app), f"{text!r} gone from the screen")

    def _shows(self, text: str) -> bool:
        return text in text_of(self.app)

    @property
    def lines(self) -> list[str]:
        """The screen, line by line."""
        return lines_of(self.app)


@asynccontextmanager
async def at_keyboard(app: App[Any], size: tuple[int, int] = (120, 36)) -> AsyncIterator[Person]:
    """Run ``app`` in a terminal of ``size``."""
    async with app.run_test(size=size, notifications=True) as pilot:
        yield Person(pilot)
