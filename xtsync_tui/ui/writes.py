"""Writes are carried by the application: one at a time, never cut off by leaving a screen."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from xtsync_tui.errors import XtSyncError

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp

Result = TypeVar("Result")


class Busy(XtSyncError):
    """Another write is running."""


class Writes:
    """The one write that may run, and the failure nobody has looked at yet."""

    def __init__(self, app: "XtSyncApp") -> None:
        self._app = app
        self.words = ""
        self.failed: XtSyncError | None = None
        self._stop: Callable[[], None] | None = None
        self.idle = asyncio.Event()
        self.idle.set()

    async def run(
        self, words: str, job: Callable[[], Awaitable[Result]], *, stop: Callable[[], None] | None = None
    ) -> Result:
        """Run ``job`` in a worker of the application and return its result, or raise its XtSyncError.

        ``stop`` asks a long job to end after what is under way; whoever quits does that.

        When the caller is cancelled, because its screen was left, the job goes on; should it fail then, the
        status line says so until it was looked at. Raises Busy while another write runs.
        """
        if self.words:
            raise Busy("Another write is running", self.words, "Wait until it has ended.")
        self.words, self._stop = words, stop
        self.idle.clear()
        outcome: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._app.run_worker(self._carry(job, outcome), group="write", name=words)
        try:
            return await asyncio.shield(outcome)
        except asyncio.CancelledError:
            outcome.add_done_callback(self._left_behind)
            raise

    def stop(self) -> None:
        """Ask the running write to end early, where it can."""
        if self._stop is not None:
            self._stop()

    async def _carry(self, job: Callable[[], Awaitable[Result]], outcome: "asyncio.Future[Result]") -> None:
        try:
            result = await job()
        except XtSyncError as error:
            outcome.set_exception(error)
        else:
            outcome.set_result(result)
        finally:
            self.words, self._stop = "", None
            self.idle.set()
            self._app.refresh_frames()

    def _left_behind(self, outcome: "asyncio.Future[Result]") -> None:
        error = outcome.exception() if not outcome.cancelled() else None
        if isinstance(error, XtSyncError):
            self.failed = error
            self._app.refresh_frames()
