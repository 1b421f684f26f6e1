"""The base of screens that show what they read: reading, then the data, or the error in its place."""

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import work
from textual.content import Content

from xtsync_tui.errors import XtSyncError
from xtsync_tui.ui.render import muted
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.widgets.trouble import Trouble, report

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

Data = TypeVar("Data")


class ReadingScreen(FrameScreen, Generic[Data]):
    """A screen whose body is read from the workspace: reading, then data, or the error in its place.

    ``read`` runs in an exclusive worker of the screen: reading again drops the older reading. Old data stays
    while it is read again, and when that fails. ``POLL`` is the number of seconds between readings while the
    screen is visible, 0 for none.
    """

    POLL: ClassVar[float] = 0

    data: Data | None = None
    error: XtSyncError | None = None
    reading = False
    wanted = ""
    """What to show once it has been read, because another screen sent the person here for it."""

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

    def show_wanted(self, to: str) -> None:
        """Show what another screen sent the person here for; the row whose id reads ``to`` by itself."""
        super().come(to)

    def fix_words(self, error: XtSyncError) -> str:  # noqa: ARG002 - for subclasses
        """Return what ``f`` does about ``error`` here, "" for nothing."""
        return ""

    def on_mount(self) -> None:
        """Read for the first time, and from then on while visible."""
        self.load()
        if self.POLL:
            self.set_interval(self.POLL, self._poll)

    def _poll(self) -> None:
        if self.is_current and not self.reading:
            self.load()

    def shown_summary(self) -> Content:
        """Return the summary; while reading for the first time, that it reads."""
        if self.reading and self.data is None:
            return muted("… reading")
        return super().shown_summary()

    @work(exclusive=True, group="read")
    async def load(self) -> None:
        """Read and show; an expected failure stands in place of the content, or in the status line."""
        self.reading = True
        self.refresh_frame()
        try:
            data = await self.read(await self.xtsync.connected())
        except XtSyncError as error:
            self._fail(error)
        else:
            self.data, self.error = data, None
            self.set_class(False, "-failed")
            self.show(data)
            if self.wanted:
                self.come(self.wanted)
        self.reading = False
        self.refresh_frame()
        self.refresh_bindings()

    def _fail(self, error: XtSyncError) -> None:
        self.error = error
        if self.data is None:
            self.query_one(Trouble).tell(error, self.xtsync.now(), fix=self.fix_words(error))
            self.set_class(True, "-failed")
        else:
            self.say(f"✗ {error.title}. r tries again.")

    def copies(self) -> list[tuple[str, str]]:
        """Return the error while it stands in place of the content."""
        if self.error is not None and self.data is None:
            return [("error", report(self.error, self.xtsync.now()))]
        return super().copies()

    def action_reload(self) -> None:
        """Read again."""
        self.load()
