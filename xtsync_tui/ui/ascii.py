"""Shows every symbol of the screens in ASCII, for terminals and locales that cannot show more."""

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_SYMBOLS = str.maketrans(
    dict(zip("✓○✗–▶‖■▌█░│─·→›←↑↓", "vox->:#>#.|-->><^v", strict=True))  # noqa: RUF001 - the symbol itself
    | dict.fromkeys("┌┐└┘├┤┬┴┼", "+")
    | dict.fromkeys("▔▁━", "-")
    | dict.fromkeys("▎▊▕▏┃", "|")
)
_CUT = re.compile(r"(?<=[^\s])…")


def to_ascii(text: str) -> str:
    """Return ``text`` with each symbol replaced by one ASCII character, so that columns stay."""
    return _CUT.sub("~", text).replace("…", ".").translate(_SYMBOLS)


class AsciiFilter(LineFilter):
    """The last step before the terminal: replaces symbols, keeps widths and styles."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return ``segments`` with their text in ASCII symbols."""
        return [Segment(to_ascii(text), style, control) for text, style, control in segments]
