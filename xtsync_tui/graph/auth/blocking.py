"""Calls that block, kept off the event loop and out of the way of the program's end.

``asyncio.to_thread`` would do for the first half. But the event loop waits for its threads when it ends, and
a secret service that hangs, or a person who never enters the code, would keep the program from quitting.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_thread(call: Callable[[], T]) -> T:
    """Return what ``call`` returns, run in a thread; a cancelled wait leaves the thread to itself."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[T] = loop.create_future()

    def settle(value: T | None, failure: BaseException | None) -> None:
        if result.done():
            return
        if failure is None:
            result.set_result(value)  # type: ignore[arg-type]  # None only where the call returns None
        else:
            result.set_exception(failure)

    def run() -> None:
        try:
            value, failure = call(), None
        except BaseException as error:  # noqa: BLE001 - handed on, not handled
            value, failure = None, error
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, value, failure)

    threading.Thread(target=run, name="xtsync sign-in", daemon=True).start()
    return await result


def within(seconds: float, call: Callable[[], T]) -> T:
    """Return what ``call`` returns; raises TimeoutError if it takes longer than ``seconds``."""
    answers: queue.SimpleQueue[tuple[T | None, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put((call(), None))
        except BaseException as error:  # noqa: BLE001 - handed on, not handled
            answers.put((None, error))

    threading.Thread(target=run, name="xtsync secret store", daemon=True).start()
    try:
        value, failure = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if failure is not None:
        raise failure
    return value  # type: ignore[return-value]  # None only where the call returns None
