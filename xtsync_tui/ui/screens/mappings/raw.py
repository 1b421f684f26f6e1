"""The tab of the raw document, as the draft would save it; it is only read."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Static, TextArea

from xtsync_tui.model import Json, exact
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.mappings.panel import ELSEWHERE, DraftPanel

ALL = 10_000_000


def document_text(document: Json) -> str:
    """Return a document as indented JSON, every member as it is."""
    return exact.pretty(document)


class RawPanel(DraftPanel):
    """The whole schema as JSON."""

    FOOTER = (
        ("copy", "Copy all"), ("send", "Save"), ("export", "Export"), ("import", "Import"),
        ("defaults", "Restore defaults"), ("compare", "Compare"), ("tab_on", "Tab on"),
    )  # fmt: skip
    OFF: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("person", "new", "delete", "edit"), "Nothing can be added or taken out here."),
        **dict.fromkeys(("new_filter", "candidates"), ELSEWHERE),
        "undo": "Undo on the tab of what was changed: , and . go there.",
    }

    def __init__(self) -> None:
        super().__init__(id="raw-tab")

    def compose(self) -> ComposeResult:
        """Yield what it is, and the text."""
        yield Static(id="raw-what", markup=False)
        yield TextArea(read_only=True, soft_wrap=False, id="raw-text", highlight_cursor_line=False)

    def refresh_draft(self) -> None:
        """Show the draft's document; it is only made into text while it is looked at."""
        draft = self.now_draft
        if draft is None or not self.display:
            return
        what = state("~ the draft: what f2 saves") if draft.edited else muted("as it is saved")
        self.query_one("#raw-what", Static).update(
            what + muted(" · x writes it to a file that I reads · the arrows show what is cut at the edge")
        )
        text = clean(document_text(draft.document), ALL, lines=True)
        area = self.query_one(TextArea)
        if area.text != text:
            area.load_text(text)

    def raw(self) -> str:
        """Return the whole document."""
        return document_text(self.now_draft.document) if self.now_draft is not None else ""
