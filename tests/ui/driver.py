"""Drives the application as a person does: keys by their ids, and waiting for what must be seen."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from xtsync_tui.ui.keys import KEYS

PATIENCE = 10.0
"""Seconds of a busy machine, not of the application."""


async def settled(pilot: Pilot[Any], condition: Callable[[], object], what: str = "") -> None:
    """Wait until ``condition`` holds; fail with what was waited for and what the screen showed."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"never: {what or condition}\n{text_of(pilot.app)}")
        await pilot.pause()


def lines_of(app: App[Any]) -> list[str]:
    """Return the screen as lines of text, exactly as wide as the terminal."""
    width, height = app.size
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).ljust(width) for strip in strips[:height]]


def text_of(app: App[Any]) -> str:
    """Return the whole screen as text."""
    return "\n".join(line.rstrip() for line in lines_of(app))


class Person:
    """Somebody at the keyboard."""

    def __init__(self, pilot: Pilot[Any]) -> None:
        self.pilot = pilot
        self.app: Any = pilot.app

    async def press(self, *ids: str) -> None:
        """Press keys by their ids (``open``, ``filter``); other names are keys themselves."""
        await self.pilot.press(*(KEYS[each].keys.partition(",")[0] if each in KEYS else each for each in ids))

    async def types(self, text: str) -> None:
        """Type text into the focused field."""
        await settled(self.pilot, lambda: isinstance(self.app.focused, Input), "a text field with the focus")
        named = {
            " ": "space",
            ":": "colon",
            "!": "exclamation_mark",
            ".": "full_stop",
            "@": "at",
            "-": "minus",
        }
        await self.pilot.press(*(named.get(char, char) for char in text))

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
