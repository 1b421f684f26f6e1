"""The detail beside or under a list."""

from collections.abc import Hashable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.text import clean
from xtsync_tui.ui.frame import rule
from xtsync_tui.ui.widths import WIDE


class Heading(Widget):
    """The head of a detail: a bold line beside the list, a ruled line under it."""

    title = ""
    right = Content("")

    def render(self) -> Content:
        """Show the title, with what stands at its right where there is room for it."""
        width = self.size.width
        below = (
            self.parent is not None
            and self.parent.parent is not None
            and self.parent.parent.has_class("-below")
        )
        if below or self.app.size.width < WIDE:
            return rule(self.title, width)
        title = Content.styled(clean(self.title), "bold").truncate(
            max(width - self.right.cell_length - 2, 0), ellipsis=True
        )
        return title.pad_right(max(width - title.cell_length - self.right.cell_length - 1, 0)) + self.right


class Detail(VerticalScroll, can_focus=True):
    """One thing told in full: beside its list from 100 columns, a strip of a few rows under it below that."""

    @dataclass
    class Resized(Message):
        """It has another width: text that was laid out for the old one has to be laid out anew."""

        detail: "Detail"

    def allow_focus(self) -> bool:
        """Take the focus only for scrolling: else nothing shows where it is."""
        return super().allow_focus() and self.max_scroll_y > 0

    def on_resize(self) -> None:
        """Tell that the width is another one."""
        self.post_message(self.Resized(self))

    def compose(self) -> ComposeResult:
        """Yield the head and the text."""
        yield Heading()
        yield Static(classes="full", markup=False)
        yield Static(classes="strip", markup=False)

    _about: Hashable = None

    def show(
        self,
        title: str,
        body: Content,
        *,
        strip: Content | None = None,
        right: Content | None = None,
        about: Hashable = None,
    ) -> None:
        """Show ``body``; ``strip`` is what the narrow strip shows of it (its start when not given).

        ``about`` is whatever tells one thing from another: as long as it is the same the place is kept.
        """
        heading = self.query_one(Heading)
        heading.title, heading.right = title, right or Content("")
        heading.refresh()
        for name, content in ((".full", body), (".strip", body if strip is None else strip)):
            place = self.query_one(name, Static)
            if place.content != content:
                place.update(content)
        if about is None or about != self._about:
            self.scroll_home(animate=False)
        self._about = about
