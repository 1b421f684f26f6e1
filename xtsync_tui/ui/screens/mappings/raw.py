"""The tab of the raw document, as the draft would save it; it is only read."""

from textual.app import ComposeResult
from textual.widgets import TextArea

from xtsync_tui.model import Json, exact
from xtsync_tui.text import clean
from xtsync_tui.ui.screens.mappings.panel import DraftPanel

ALL = 10_000_000


def document_text(document: Json) -> str:
    """Return a document as indented JSON, every member as it is."""
    return exact.pretty(document)


class RawPanel(DraftPanel):
    """The whole schema as JSON."""

    def __init__(self) -> None:
        super().__init__(id="raw-tab")

    def compose(self) -> ComposeResult:
        """Yield the text."""
        yield TextArea(read_only=True, soft_wrap=False, id="raw-text", highlight_cursor_line=False)

    def refresh_draft(self) -> None:
        """Show the draft's document; it is only made into text while it is looked at."""
        draft = self.now_draft
        if draft is not None and self.display:
            text = clean(document_text(draft.document), ALL, lines=True)
            area = self.query_one(TextArea)
            if area.text != text:
                area.load_text(text)
