"""Text that is laid out for the cells it has, each time it is drawn."""

from collections.abc import Callable

from textual.content import Content
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
