"""One attempt to sign in: in a thread, telling what happens as events, stopping when nobody waits."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from xtsync_tui.errors import SignInFailed
from xtsync_tui.graph.auth.blocking import in_thread
from xtsync_tui.graph.auth.steps import Failed, SignedIn, Step, Waiting
from xtsync_tui.settings import Way


class Pasted(Protocol):
    """Takes the address that a browser ended at."""

    def paste(self, address: str) -> bool:
        """Return whether the address was the answer to this sign-in."""
        ...


class SignIn:
    """Iterate over ``events`` once; the last one is SignedIn or Failed.

    Cancelling the task that iterates, or closing the iterator, stops the attempt.
    """

    def __init__(self, way: Way, attempt: Callable[["SignIn"], SignedIn]) -> None:
        self.way = way
        self.stop = threading.Event()
        self._attempt = attempt
        self._redirect: Pasted | None = None
        self._steps: asyncio.Queue[Step] = asyncio.Queue()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def events(self) -> AsyncIterator[Step]:
        """Yield what happens, from Waiting to the end."""
        self._loop = asyncio.get_running_loop()
        yield Waiting(self.way)
        running = asyncio.ensure_future(in_thread(self._run))
        try:
            while True:
                step = asyncio.ensure_future(self._steps.get())
                await asyncio.wait({step, running}, return_when=asyncio.FIRST_COMPLETED)
                if not step.done():
                    step.cancel()
                    break
                yield step.result()
            yield running.result()
        finally:
            self.stop.set()
            running.cancel()

    def cancel(self) -> None:
        """Stop the attempt; the last event then is Failed."""
        self.stop.set()

    def paste(self, address: str) -> bool:
        """Take the address that the browser ended at, in place of a port forward, and say whether it fits."""
        return self._redirect is not None and self._redirect.paste(address)

    def report(self, step: Step) -> None:
        """Tell ``step``, from the thread of the attempt."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._steps.put_nowait, step)

    def listening(self, redirect: Pasted) -> None:
        """Let ``paste`` go to ``redirect``."""
        self._redirect = redirect

    def _run(self) -> SignedIn | Failed:
        try:
            return self._attempt(self)
        except SignInFailed as error:
            return Failed(error)
