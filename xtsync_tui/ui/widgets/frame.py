"""The fixed rows of every screen: header, title row, status line and footer."""

from typing import TYPE_CHECKING, cast

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.keys import REPLACED_KEYS, key_to_character
from textual.widget import Widget

from xtsync_tui import __version__
from xtsync_tui.model import Side
from xtsync_tui.ui.frame import (
    MIDDLE,
    FooterKey,
    fit_footer,
    footer_line,
    mode_line,
    status_line,
    title_line,
)
from xtsync_tui.ui.keys import shown_as
from xtsync_tui.ui.render import muted

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp
    from xtsync_tui.ui.screens.base import FrameScreen


class Part(Widget):
    """A part of the frame: one row that shows what the application and the screen say."""

    @property
    def xtsync(self) -> "XtSyncApp":
        """The application."""
        return cast("XtSyncApp", self.app)

    @property
    def place(self) -> "FrameScreen":
        """The screen this row belongs to."""
        return cast("FrameScreen", self.screen)


class Band(Part):
    """The tenant and the person of one side."""

    def __init__(self, side: Side) -> None:
        super().__init__(classes=f"-{side.value}")
        self.side = side

    def render(self) -> Content:
        """Show the side's name, tenant and person."""
        return Content(self.xtsync.side_view(self.side).band(self.xtsync.size.width, self.size.width))


class WriteLamp(Part):
    """Whether this profile writes, and the direction."""

    def render(self) -> Content:
        """Show READ-ONLY, WRITE or PROTECTED and the arrow."""
        word = self.xtsync.write_state
        style = "bold reverse $x-warning" if word == "PROTECTED" else "bold"
        room = MIDDLE - 1 - len(word)
        left = room // 2
        return Content(" " * left) + Content.styled(word, style) + Content(" " * (room - left) + "▶")


class Bands(Horizontal):
    """Header line 1: source, write state, target."""

    def compose(self) -> ComposeResult:
        """Yield the three parts."""
        yield Band(Side.SOURCE)
        yield WriteLamp()
        yield Band(Side.TARGET)


class ModeLine(Part):
    """Header line 2: the modes, the profile, the age of the oldest answer."""

    def render(self) -> Content:
        """Show the line for this width."""
        app = self.xtsync
        place = self.place
        fresh = app.pairing.freshness(place.reads)
        return mode_line(self.size.width, app.modes, place.mode, app.pairing.name, fresh)

    async def on_click(self, event: events.Click) -> None:
        """Go to the mode that was clicked."""
        from xtsync_tui.ui.frame import WITH_NAMES

        at = 0
        for mode in self.xtsync.modes:
            named = self.size.width >= WITH_NAMES or mode.id == self.place.mode
            at += 1 + (cell_len(mode.name) + 2 if named else 1)
            if event.x <= at:
                await self.xtsync.run_action(f"mode({mode.id!r})")
                return


class TitleRow(Part):
    """Body row 1: where one is, tabs, and the summary."""

    def render(self) -> Content:
        """Show what the screen says of itself."""
        place = self.place
        return title_line(
            self.size.width, place.heading(), place.tab_labels(), place.tab_index, place.shown_summary()
        )


class ProductLine(TitleRow):
    """The program's name and version, where there is no pair of tenants to head the screen."""

    def render(self) -> Content:
        """Show them at both ends of the row."""
        room = max(self.size.width - len(__version__) - 2, 0)
        return Content.styled(" xtsync".ljust(room + 1), "bold") + muted(f"{__version__} ")


class StatusLine(Part):
    """What runs, waits, failed or is not saved; at the right the number of requests."""

    def render(self) -> Content:
        """Show the most urgent of what there is to say."""
        return status_line(self.size.width, self.xtsync.status_text(self.place), self.place.status_right())


class KeyFooter(Part):
    """The keys of the screen, in its order; every one can be clicked."""

    def on_mount(self) -> None:
        """Show the keys again whenever they change."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def keys(self) -> list[FooterKey]:
        """Return the keys that fit this width; while a filter is typed, those that end it."""
        place = self.place
        if place.filtering:
            return [FooterKey("open", "enter", "keeps"), FooterKey("back", "esc", "shows all")]
        active = self._working()
        found = [
            FooterKey(name, shown_as(each), words, bool(place.refusal(each.action)))
            for name, words in place.footer_ids()
            if (each := active.get(name))
        ]
        tail = [key for key in found if key.id in place.TAIL]
        return fit_footer([key for key in found if key.id not in place.TAIL], tail, self.size.width)

    def _working(self) -> dict[str, Binding]:
        """Return the bindings by id: of several keys the first that a field with the focus does not type."""
        field, found = self.screen.focused, dict[str, Binding]()
        for bound in self.screen.active_bindings.values():
            each = bound.binding
            typed = key_to_character(REPLACED_KEYS.get(each.key, each.key))
            if field is None or not field.check_consume_key(each.key, typed):
                found.setdefault(each.id or "", each)
        return found

    def render(self) -> Content:
        """Show the keys."""
        return footer_line(self.keys(), self.xtsync.off_style)

    async def on_click(self, event: events.Click) -> None:
        """Do what the clicked key does."""
        at = 1
        for key in self.keys():
            if at <= event.x < at + key.width - 2:
                await self.place.press(key.id)
                return
            at += key.width
