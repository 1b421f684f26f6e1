"""A long text: only the rows in view are laid out, so that ten thousand lines cost what fifty do."""

from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

EDGE = 2
"""Columns that stay free at the left and at the right."""


class Lines(ScrollView, can_focus=True):
    """Text over the whole body, wrapped to its width; the keys of any scrolling view move in it."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Lines { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; }
    """

    def __init__(self, text: Content) -> None:
        super().__init__()
        self._text = text.split("\n", allow_blank=True)
        self._rows: list[Content] = self._text

    def on_resize(self) -> None:
        """Wrap the lines that are longer than the new width."""
        width = max(self.size.width - 2 * EDGE, 10)
        self._rows = [
            row for line in self._text for row in ([line] if line.cell_length <= width else line.wrap(width))
        ]
        self.virtual_size = Size(self.size.width, len(self._rows))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw line ``y`` of the view."""
        at = y + self.scroll_offset.y
        row = self._rows[at] if at < len(self._rows) else Content("")
        width = self.size.width
        line = (Content(" " * EDGE) + row).truncate(width, ellipsis=True, pad=True)
        strips = Visual.to_strips(self, line, width, 1, self.visual_style, apply_selection=False)
        return (strips[0] if strips else Strip.blank(width)).adjust_cell_length(width)
