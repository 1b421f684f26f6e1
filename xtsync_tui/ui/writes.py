"""Writes are carried by the application: one at a time, never cut off by leaving a screen."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from xtsync_tui.errors import XtSyncError

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp

Result = TypeVar("Result")

READABLE = 30.0
"""Seconds for which the status line says how a write ended that nobody waited for."""


class Busy(XtSyncError):
    """Another write is running."""


class Writes:
    """The one write that may run, how the last one ended, and the failure nobody has looked at yet."""

    def __init__(self, app: "XtSyncApp") -> None:
        self._app = app
        self.words = ""
        self.line = ""
        """How far the running write is, between its requests."""
        self.failed: XtSyncError | None = None
        self.left = ""
        """What an earlier run left without an answer."""
        self._ended = ("", 0.0)
        self._stop: Callable[[], None] | None = None
        self._stopping = False
        self.idle = asyncio.Event()
        self.idle.set()

    @property
    def running(self) -> str:
        """What runs and how far it is, "" for nothing."""
        if not self.words:
            return ""
        return " · ".join(filter(None, (self.words, self.line, "stops after this" * self._stopping)))

    @property
    def can_stop(self) -> bool:
        """Whether what runs can be ended early, and nobody asked for that yet."""
        return self._stop is not None and not self._stopping

    @property
    def ended(self) -> str:
        """How a write ended that nobody waited for, as long as that is news."""
        words, at = self._ended
        return words if self._app.monotonic() - at < READABLE else ""

    @property
    def unrecorded(self) -> str:
        """That the journal lacks how the last write ended, "" when it has it."""
        workspace = self._app.pairing.workspace
        error = workspace.writer.unrecorded if workspace is not None else None
        return f"! {error.title}: {error.detail}" if error else ""

    def progress(self, line: str) -> None:
        """Say how far the running write is."""
        self.line = line
        self._app.refresh_frames()

    def tell(self, words: str) -> None:
        """Say how a write ended on whatever screen is open; a hint that stands there makes room."""
        self._ended = (words, self._app.monotonic())
        self._app.clear_hints()
        self._app.refresh_frames()

    def looked_at(self) -> None:
        """Say no more how writes ended: the person looks at them, or left these tenants."""
        self.failed, self._ended, self.left = None, ("", 0.0), ""

    async def run(
        self,
        words: str,
        job: Callable[[], Awaitable[Result]],
        *,
        stop: Callable[[], None] | None = None,
        told: Callable[[Result], str] | None = None,
    ) -> Result:
        """Run ``job`` in a worker of the application and return its result, or raise its XtSyncError.

        ``stop`` asks a long job to end after what is under way; whoever quits does that.

        When the caller is cancelled, because its screen was left, the job goes on. The status line then says
        how it ended: ``told`` has the words for a result, a failure stays until it was looked at. Raises Busy
        while another write runs.
        """
        if self.words:
            raise Busy("Another write is running", self.words, "Wait until it has ended.")
        self.words, self.line, self._stop, self._stopping = words, "", stop, False
        self._ended = ("", 0.0)
        self.idle.clear()
        outcome: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._app.run_worker(self._carry(job, outcome), group="write", name=words)
        try:
            return await asyncio.shield(outcome)
        except asyncio.CancelledError:
            outcome.add_done_callback(partial(self._left_behind, told or (lambda _: f"✓ {words}: done")))
            raise

    def stop(self) -> None:
        """Ask the running write to end early, where it can."""
        if self._stop is not None:
            self._stopping = True
            self._stop()
            self._app.refresh_frames()

    async def _carry(self, job: Callable[[], Awaitable[Result]], outcome: "asyncio.Future[Result]") -> None:
        try:
            result = await job()
        except XtSyncError as error:
            outcome.set_exception(error)
        else:
            outcome.set_result(result)
        finally:
            self.words, self.line, self._stop, self._stopping = "", "", None, False
            self.idle.set()
            self._app.refresh_frames()

    def _left_behind(self, told: Callable[[Result], str], outcome: "asyncio.Future[Result]") -> None:
        if outcome.cancelled():
            return
        error = outcome.exception()
        if error is None:
            self.tell(told(outcome.result()))
        elif isinstance(error, XtSyncError):
            self.failed = error
            self._app.refresh_frames()
