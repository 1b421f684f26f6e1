"""A short list of choices whose cursor is seen without colours, too."""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widgets import OptionList


class Menu(OptionList):
    """Textual's list of options with our cursor: ``▌`` before the row, reversed without colours."""

    DEFAULT_CSS = """
    Menu.-textual-compact > .option-list--option { padding: 0 1 0 2; }
    """

    def __init__(self) -> None:
        super().__init__(compact=True)

    def render_line(self, y: int) -> Strip:
        """Draw a line, with the mark of the cursor before the first line of its option."""
        strip = super().render_line(y)
        at = self.scroll_offset.y + y
        option, line = self._lines[at] if at < len(self._lines) else (-1, 0)
        if option != self.highlighted or not strip.cell_length:
            return strip
        if line == 0:
            strip = Strip([Segment("▌", next(iter(strip)).style), *strip.crop(1)])
        plain = self.app.no_color or self.app.native_ansi_color
        return strip.apply_style(Style(reverse=True)) if plain else strip
