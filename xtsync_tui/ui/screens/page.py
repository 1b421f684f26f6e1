"""A page of text: a request, raw JSON, a whole detail, or what is too long for the clipboard."""

from collections.abc import Collection, Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.model import Request, exact
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.widgets.lines import Lines

ALL = 1_000_000
MANY = 400
"""Lines up to which a page is one text that the mouse can select; more would hold up every key."""
OF_A_ROW = ("fix", "why", "provision", "undo")
"""Keys that a row can have beside those of every page."""


def request_text(request: Request) -> Content:
    """Return method, path and body of a request, whole."""
    head = Content.styled(f"{request.method} ", "bold") + Content(
        clean(f"/{request.version}{request.path}", ALL)
    )
    body = "" if request.body is None else exact.pretty(request.body)
    return head + Content(f"\n\n{clean(body, ALL, lines=True)}" if body else "")


def request_page(requests: Sequence[Request], nothing: str = "") -> "TextPage":
    """Return a page with the requests in their order; ``nothing`` is said where there are none."""
    if not requests:
        return TextPage("Request", muted(nothing or "Nothing would be sent as it is now."))
    many = "request" if len(requests) == 1 else "requests"
    return TextPage(
        "Request", Content("\n\n").join([request_text(each) for each in requests]), f"{len(requests)} {many}"
    )


class TextPage(FrameScreen):
    """Text over the whole body; esc goes back, y copies it, the mouse or shift selects in it."""

    HELP = "A page of text. The arrows scroll, y copies all of it, esc goes back."
    PAGE = True
    AUTO_FOCUS = "VerticalScroll, Lines"
    TAIL = ("back", "goto", "help")
    BINDINGS: ClassVar[list[BindingType]] = [key("copy", "Copy all"), key("copy_as")]

    def __init__(
        self, title: str, text: Content, right: str = "", *, copies: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Make a page; ``copies`` is what else of it can be copied, as name and text."""
        super().__init__()
        self.title = title
        self.text = text
        self.right = right
        self._more = copies

    def footer_ids(self) -> list[tuple[str, str]]:
        """Return the keys; a page that is only text has one way to be copied."""
        return [pair for pair in super().footer_ids() if self._more or pair[0] != "copy_as"]

    def body(self) -> Iterable[Widget]:
        """Yield the text."""
        if self.text.plain.count("\n") > MANY:
            yield Lines(self.text)
        else:
            yield VerticalScroll(Static(self.text, markup=False, classes="page"))

    def summary(self) -> Content:
        """Return how much it is."""
        return muted(self.right)

    def copies(self) -> list[tuple[str, str]]:
        """Return the whole text."""
        return [("text", self.text.plain), *self._more]


class RowPage(TextPage):
    """A row of the screen ``below``, whole; ``keys`` of that screen work here as they do there."""

    HELP = "The selected row, whole. Its keys do what they do in the list; the arrows scroll, esc goes back."
    BINDINGS: ClassVar[list[BindingType]] = [
        key("fix"), key("why"), key("provision"), key("undo"), key("copy", "Copy all"), key("copy_as"),
    ]  # fmt: skip

    def __init__(
        self, below: FrameScreen, keys: Collection[str], title: str, text: Content, right: str = ""
    ) -> None:
        super().__init__(title, text, right)
        self.below = below
        self.keys = keys

    def footer_ids(self) -> list[tuple[str, str]]:
        """Return the keys of the row, and those of a page."""
        return [pair for pair in super().footer_ids() if pair[0] in self.keys or pair[0] not in OF_A_ROW]

    def refusal(self, action: str) -> str:
        """Say what the screen below says."""
        if action in OF_A_ROW:
            return self.below.refusal(action) if action in self.keys else "This row has no such key."
        return super().refusal(action)

    def _do(self, id_: str) -> None:
        self.dismiss()
        self.app.call_later(self.below.press, id_)

    def action_fix(self) -> None:
        """Repair what the row tells."""
        self._do("fix")

    def action_why(self) -> None:
        """Open the person of the row."""
        self._do("why")

    def action_provision(self) -> None:
        """Provision the person of the row."""
        self._do("provision")

    def action_undo(self) -> None:
        """Undo the change of the row."""
        self._do("undo")
