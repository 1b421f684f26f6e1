"""Keys one after the other: each waits for what the one before it opened.

Over a slow line keys come in bunches. Textual hands all of them to whatever has the focus now and looks at
bindings only later, so that ``/ d i s p`` would open a filter, take a row out and show raw JSON.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING

from textual.dom import DOMNode
from textual.events import Key
from textual.message_pump import MessagePump

from xtsync_tui.ui.screens.modal import Modal

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp

TURNS = 4
"""Turns of the event loop in which the worker of a key opens its dialog, if it asks nobody before."""
PATIENCE = 1.0
"""Seconds after which the next key does not wait any longer."""


class KeyOrder:
    """Lets keys through one by one; ``deal`` hands a key to Textual."""

    def __init__(self, app: "XtSyncApp", deal: Callable[[Key], Awaitable[None]]) -> None:
        self._app = app
        self._deal = deal
        self._keys: asyncio.Queue[Key] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def put(self, key: Key) -> None:
        """Take a key that was pressed."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="keys in their order")
        self._keys.put_nowait(key)

    def stop(self) -> None:
        """Take no more keys."""
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        while True:
            key = await self._keys.get()
            await _at_most(self._screen_is_whole())
            first = self._app.focused or self._app.screen
            if isinstance(self._app.screen, Modal) and not self._app.screen.takes(key):
                continue
            await self._deal(key)
            await _at_most(_passed(key, first))

    async def _screen_is_whole(self) -> None:
        """Wait until the screen in front has its widgets and its focus."""
        for _ in range(TURNS):
            await asyncio.sleep(0)
        screen: MessagePump = self._app.screen
        mounted: asyncio.Event = screen._mounted_event
        await mounted.wait()
        await _turn(screen)


async def _passed(key: Key, first: DOMNode) -> None:
    """Wait until a key was handled by its widget, by those around it, or at last by a binding."""
    for node in first.ancestors_with_self:
        if key._stop_propagation or not await _turn(node):
            return


async def _turn(node: MessagePump) -> bool:
    """Wait until a part of the program has handled all that was sent to it; False when it is closing."""
    done = asyncio.Event()
    if not node.call_later(done.set):
        return False
    await done.wait()
    return True


async def _at_most(waiting: Coroutine[None, None, None]) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(waiting, PATIENCE)
