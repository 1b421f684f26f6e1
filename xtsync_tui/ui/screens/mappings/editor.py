"""The editor of an expression: highlighting, the underlined error, and the caret as the engine counts it."""

import re
from typing import TYPE_CHECKING, ClassVar, cast

from rich.style import Style
from rich.text import Span, Text
from textual import events
from textual.binding import BindingType
from textual.color import Color
from textual.document._document import Document
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme

from xtsync_tui.engine.expressions import MAX_LENGTH, Candidate

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKENS = re.compile(
    r'(?P<constant>"(?:[^"\\]|\\.)*"?)|(?P<attribute>\[[^\]\n]*\]?)|(?P<function>[^\W\d]\w*)(?=\s*\()',
    re.DOTALL,
)
_THEME = "xtsync-expression"


class ExpressionEditor(TextArea):
    """An expression on as many lines as it needs; tab takes a candidate while some are shown."""

    BINDINGS: ClassVar[list[BindingType]] = []

    class Step(Message):
        """Another candidate is wanted: the next one, or the one before."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    class Take(Message):
        """The chosen candidate is wanted."""

    class Close(Message):
        """The candidates are not wanted."""

    def __init__(self, text: str, name: str) -> None:
        self.fitting: Callable[[], tuple[Candidate, ...]] = tuple
        """Gives the candidates of this moment; while there are some, tab, up, down and esc are for them."""
        self._error: tuple[int, int] | None = None
        self._spans: list[list[Span]] = []
        self._shown = (0, 0)
        """The part of its line that is drawn now."""
        super().__init__(text, id=name, highlight_cursor_line=False, soft_wrap=True, tab_behavior="focus")

    def on_mount(self) -> None:
        """Colour it, now and when the theme changes."""
        self._colour()
        self.app.theme_changed_signal.subscribe(self, lambda _: self._colour())

    def _colour(self) -> None:
        def style(role: str, *, bold: bool = False, underline: bool = False) -> Style:
            value = Color.parse(self.app.get_css_variables()[role])
            return Style(color=value.rich_color, bold=bold, underline=underline)

        styles = {
            "function": style("x-focus", bold=True),
            "attribute": style("x-source"),
            "constant": style("x-ok"),
            "error": style("x-error", underline=True, bold=True),
        }
        self.register_theme(TextAreaTheme(_THEME, syntax_styles=styles))
        self.theme = "css"
        self.theme = _THEME
        self._build_highlight_map()

    # The text as the engine counts it ------------------------------------------------------------------

    @property
    def caret(self) -> int:
        """The caret as an index into the text."""
        return self._plain.get_index_from_location(self.cursor_location)

    @property
    def _plain(self) -> Document:
        return cast("Document", self.document)

    def take(self, candidate: Candidate) -> None:
        """Put a candidate in the place of what was typed, the caret where it wants it."""
        place = self._plain.get_location_from_index
        self.replace(candidate.text, place(candidate.start), place(candidate.end))
        self.move_cursor(self._plain.get_location_from_index(candidate.caret))

    def underline(self, place: tuple[int, int] | None) -> None:
        """Underline from a place in the text for a length; None for nothing."""
        if place != self._error:
            self._error = place
            self._build_highlight_map()
            self.refresh()

    def where(self, position: int) -> str:
        """Return a place in the text as ``line:column``, both from 1."""
        row, column = self._plain.get_location_from_index(min(position, len(self.text)))
        return f"{row + 1}:{column + 1}"

    def _render_line(self, y: int) -> Strip:
        # The base takes the whole line apart for each row that it wraps to, with all its colours.
        self._shown = self._part_in(y + self.scroll_offset.y)
        return super()._render_line(y)

    def _part_in(self, row: int) -> tuple[int, int]:
        """Return from where to where the row of the wrapped text is in its line."""
        rows = self.wrapped_document._offset_to_line_info
        if row >= len(rows):
            return 0, 0
        line, section = rows[row]
        places = [0, *self.wrapped_document.get_offsets(line), MAX_LENGTH + 1]
        return places[section], places[section + 1]

    def get_line(self, line_index: int) -> Text:
        """Return a line with the colours of the part that is drawn."""
        first, last = self._shown
        spans = [span for span in self._spans[line_index] if span.end > first and span.start < last]
        return Text(self.document.get_line(line_index), end="", no_wrap=True, spans=spans)

    def _build_highlight_map(self) -> None:
        # The base asks a grammar; an expression needs three kinds of tokens only.
        self._line_cache.clear()
        self._spans = []
        theme = self._themes.get(_THEME)
        styles = theme.syntax_styles if theme else {}
        start = 0
        for line in self.document.lines:
            found = [
                (*match.span(), match.lastgroup or "") for match in _TOKENS.finditer(line) if match.lastgroup
            ]
            if self._error:
                first, last = self._error[0] - start, sum(self._error) - start
                if first <= len(line) and last > 0:
                    found.append((max(first, 0), max(last, 1), "error"))
            self._spans.append(
                [Span(begin, end, styles[kind]) for begin, end, kind in found if kind in styles]
            )
            start += len(line) + len(self.document.newline)

    # Keys ----------------------------------------------------------------------------------------------

    async def _on_key(self, event: events.Key) -> None:
        if event.key in {"tab", "up", "down", "escape"} and self.fitting():
            event.stop()
            event.prevent_default()
            steps = {"up": -1, "down": 1}
            if event.key in steps:
                self.post_message(self.Step(steps[event.key]))
            else:
                self.post_message(self.Take() if event.key == "tab" else self.Close())
            return
        if event.is_printable and len(self.text) >= MAX_LENGTH and not self.selected_text:
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)
