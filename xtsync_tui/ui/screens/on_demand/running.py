"""Lets the queue of On demand run in the application: leaving a screen, or closing it, must not stop it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.screens.on_demand import text

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp

Result = TypeVar("Result")


async def carried(app: "XtSyncApp", job: Callable[[], Awaitable[Result]]) -> Result:
    """Let ``job`` send people through the queue, and say on every screen how far that is.

    Raises what stopped it, and Busy while another write runs.
    """
    service = app.pair.on_demand

    def tell() -> None:
        app.writes.progress(text.progress(service.queue, service.seconds_left))

    async def telling() -> Result:
        stop = service.subscribe(tell)
        try:
            return await job()
        finally:
            stop()

    words = f"provisioning in TARGET {clean(app.side_view(Side.TARGET).name)}"
    return await app.writes.run(words, telling, stop=service.pause)
