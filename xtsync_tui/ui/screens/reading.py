"""The base of screens that show what they read: reading, then the data, or the error in its place."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import work
from textual.content import Content

from xtsync_tui.errors import XtSyncError
from xtsync_tui.ui.frame import STALE
from xtsync_tui.ui.render import muted, rough, state
from xtsync_tui.ui.screens.base import EVERYWHERE, FrameScreen
from xtsync_tui.ui.widgets.trouble import Trouble, report

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

Data = TypeVar("Data")

UNSEEN = 60.0
"""Seconds between two looks while the terminal has not the focus: it may be watched on a second monitor."""

LONGEST = 300.0
"""Seconds between two looks, however many of them failed."""

CONNECTING = "Not connected yet: press it again in a moment."


class ReadingScreen(FrameScreen, Generic[Data]):
    """A screen whose body is read from the workspace: reading, then data, or the error in its place.

    ``read`` runs in an exclusive worker of the screen: reading again drops the older reading. Old data stays
    while it is read again, and when that fails.

    While it is seen it looks again by itself: ``POLL`` seconds after the last look (0 for never), each error
    doubles them; and at once after something was written from here.
    """

    POLL: ClassVar[float] = 0

    data: Data | None = None
    error: XtSyncError | None = None
    reading = False
    wanted = ""
    """What to show once it has been read, because another screen sent the person here for it."""
    _then: Callable[[], Awaitable[None]] | None = None
    _looked = 0.0
    _wait = 0.0
    _changes = 0
    """How many changes had been written when it was read."""

    async def read(self, workspace: "Workspace") -> Data:
        """Read what the screen shows; expected failures are XtSyncError."""
        raise NotImplementedError

    def show(self, data: Data) -> None:
        """Show what was read."""
        raise NotImplementedError

    def come(self, to: str) -> None:
        """Show it, now or as soon as it has been read."""
        self.wanted = "" if self.data is not None else to
        if self.data is not None:
            self.show_wanted(to)

    def once_read(self, do: Callable[[], Awaitable[None]]) -> None:
        """Do it now, or as soon as the first reading has come."""
        if self.data is not None:
            super().once_read(do)
        else:
            self._then = do

    def show_wanted(self, to: str) -> None:
        """Show what another screen sent the person here for; the row whose id reads ``to`` by itself."""
        super().come(to)

    def fix_words(self, error: XtSyncError) -> str:  # noqa: ARG002 - for subclasses
        """Return what ``f`` does about ``error`` here, "" for nothing."""
        return ""

    def pace(self, data: Data | None) -> float:  # noqa: ARG002 - for subclasses
        """Return the seconds from one look to the next, 0 for no other."""
        return self.POLL

    def on_mount(self) -> None:
        """Read for the first time, and each second see whether it is time to look again."""
        self.load()
        self.set_interval(1, self.look_if_due)

    def on_screen_resume(self) -> None:
        """Look at once when something was written meanwhile, also while another write still runs."""
        super().on_screen_resume()
        if self.data is not None and self.overtaken and not self.reading:
            self.load()

    def look_if_due(self) -> None:
        """Look again when it is time or something was written, and somebody looks."""
        if not self.is_current or self.reading:
            return
        if (self.overtaken and not self.xtsync.writes.words) or (self._wait and self.seconds_left <= 0):
            self.load()

    @property
    def overtaken(self) -> bool:
        """Whether something was written since this was read."""
        return self._changes != self._changes_now

    def note_changes(self) -> None:
        """Take what was written so far for known: it does not change what is read here."""
        self._changes = self._changes_now

    @property
    def _changes_now(self) -> int:
        return self.workspace.writer.changes if self.xtsync.has_pair else 0

    @property
    def seconds_left(self) -> float:
        """Seconds until the next look."""
        wait = self._wait if self.app.app_focus else max(self._wait, UNSEEN)
        return self._looked + wait - self.xtsync.monotonic()

    def looks_again(self, words: str) -> Content:
        """Return ``▶ running · looks again in 4 s``, or that it is reading."""
        if not self.reading:
            return state(words) + muted(f" · looks again in {_ahead(max(self.seconds_left, 0))}")
        age = self.xtsync.monotonic() - self._looked
        # What was true long ago must not stand there as if it were so now.
        return (
            muted(f"reading… · {rough(age)} ago: ") + state(words)
            if age > STALE
            else state(words) + muted(" · reading…")
        )

    def shown_summary(self) -> Content:
        """Return the summary; while reading for the first time, that it reads."""
        if self.reading and self.data is None:
            return muted("… reading")
        return super().shown_summary()

    @work(exclusive=True, group="read")
    async def load(self) -> None:
        """Read and show; an expected failure stands in place of the content, or in the status line."""
        self.reading, changes = True, self._changes_now
        self.refresh_frame()
        try:
            data = await self.read(await self.xtsync.connected())
        except XtSyncError as error:
            if self.closing:
                return
            self._fail(error)
        else:
            if self.closing:
                return
            self.data, self.error = data, None
            self.set_class(False, "-failed")
            self.show(data)
            if self.wanted:
                self.come(self.wanted)
            if self._then is not None:
                self.call_after_refresh(self._then)
        self._then = None
        usual = self.pace(self.data)
        self._wait = min(2 * max(usual, self._wait), LONGEST) if self.error is not None else usual
        self._looked, self._changes, self.reading = self.xtsync.monotonic(), changes, False
        self.refresh_frame()
        self.refresh_bindings()

    def _fail(self, error: XtSyncError) -> None:
        self.error = error
        if self.data is None:
            self.query_one(Trouble).tell(error, self.xtsync.now(), fix=self.fix_words(error))
            self.set_class(True, "-failed")
        else:
            self.say(f"✗ {error.title}. r tries again.")

    def refusal(self, action: str) -> str:
        """Say that there is nothing to work on before there is a connection, or while an error stands."""
        if not self.xtsync.has_pair and action in {*self._own_actions, "request", "fix"}:
            return "Nothing was read: r tries again." if self.error is not None else CONNECTING
        if self.error is not None and self.data is None and action in self._own_actions:
            return "Nothing was read: r tries again."
        return super().refusal(action)

    @property
    def _own_actions(self) -> set[str]:
        """The actions of the footer that are this screen's own, but for the one that mends the error."""
        own = {name for name, _ in self.footer_ids()} - {"fix", *EVERYWHERE, *self.AFTER, *self.TAIL}
        return {bound.binding.action for bound in self.active_bindings.values() if bound.binding.id in own}

    def copies(self) -> list[tuple[str, str]]:
        """Return the error while it stands in place of the content."""
        if self.error is not None and self.data is None:
            return [("error", report(self.error, self.xtsync.now()))]
        return super().copies()

    def action_reload(self) -> None:
        """Read again."""
        self.load()


def _ahead(seconds: float) -> str:
    """Return ``4 s`` or ``4 min 10 s``."""
    whole = int(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole > 60 else rough(whole)
