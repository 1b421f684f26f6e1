"""A page of text: a request, raw JSON, a whole detail, or what is too long for the clipboard."""

import json
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.model import Request
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted
from xtsync_tui.ui.screens.base import FrameScreen

ALL = 1_000_000


def request_text(request: Request) -> Content:
    """Return method, path and body of a request, whole."""
    head = Content.styled(f"{request.method} ", "bold") + Content(
        clean(f"/{request.version}{request.path}", ALL)
    )
    body = "" if request.body is None else json.dumps(request.body, indent=2, ensure_ascii=False)
    return head + Content(f"\n\n{clean(body, ALL, lines=True)}" if body else "")


def request_page(requests: Sequence[Request]) -> "TextPage":
    """Return a page with the requests, in the order they are sent."""
    many = "request" if len(requests) == 1 else "requests"
    return TextPage(
        "Request", Content("\n\n").join([request_text(each) for each in requests]), f"{len(requests)} {many}"
    )


class TextPage(FrameScreen):
    """Text over the whole body; esc goes back, y copies it, the mouse or shift selects in it."""

    HELP = "A page of text. The arrows scroll, y copies all of it, esc goes back."
    PAGE = True
    AUTO_FOCUS = "VerticalScroll"
    TAIL = ("back", "goto", "help")
    BINDINGS: ClassVar[list[BindingType]] = [key("copy", "Copy all")]

    def __init__(self, title: str, text: Content, right: str = "") -> None:
        super().__init__()
        self.title = title
        self.text = text
        self.right = right

    def body(self) -> Iterable[Widget]:
        """Yield the text."""
        yield VerticalScroll(Static(self.text, markup=False, classes="page"))

    def summary(self) -> Content:
        """Return how much it is."""
        return muted(self.right)

    def copies(self) -> list[tuple[str, str]]:
        """Return the whole text."""
        return [("text", self.text.plain)]
