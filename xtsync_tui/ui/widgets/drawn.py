"""Text that is laid out for the cells it has, each time it is drawn."""

from collections.abc import Callable
from itertools import zip_longest

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

Draw = Callable[[int, int], Content]
"""Returns the text for a width and a height in cells."""


class Drawn(Widget):
    """Shows what ``draw`` returns for its size, so that no text is laid out for a width that is gone."""

    ALLOW_SELECT = False

    def __init__(self, draw: Draw, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self._draw = draw

    def render(self) -> Content:
        """Draw it for the size of now."""
        width, height = self.content_size
        return self._draw(max(width, 1), max(height, 1))

    def redraw(self) -> None:
        """Draw it anew, and paint the lines that are others now: after a key that is one or two of many."""
        before = self._render_cache
        if self._dirty_regions or before.size != self.size or not (self.size and self.is_mounted):
            self.refresh()
            return
        self._layout_cache.clear()  # it keeps what render returned last
        self._render_content()
        lines = zip_longest(before.lines, self._render_cache.lines)
        width = self.content_size.width
        changed = [Region(0, y, width, 1) for y, (old, new) in enumerate(lines) if old != new]
        if changed:
            self.refresh(*changed)
        self._dirty_regions.clear()  # they are drawn, and only to be painted
