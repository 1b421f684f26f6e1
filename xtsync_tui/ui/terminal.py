"""The last step before the terminal: nothing that steers it gets through, and ASCII where it needs that."""

import re
from collections.abc import Mapping

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from xtsync_tui.text import clean

ALL = 1_000_000

_SYMBOLS = str.maketrans(
    dict(zip("✓○✗–▶‖■▌█░│─·→›←↑↓×", "vox->:#>#.|-->><^vx", strict=True))
    | dict.fromkeys("┌┐└┘├┤┬┴┼", "+")
    | dict.fromkeys("▔━", "-")
    | dict.fromkeys("▁▂", ".")
    | dict.fromkeys("▃▄", ":")
    | dict.fromkeys("▅▆▇", "#")
    | {"•": "*"}
    | dict.fromkeys("▎▊▕▏┃", "|")
)
_FAULT = re.compile(r"([✗■](?: \S+)*)")
_CUT = re.compile(r"(?<=\S)…|…(?=\S)")


def to_ascii(text: str) -> str:
    """Return ``text`` with each symbol replaced by one ASCII character, so that columns stay."""
    return _CUT.sub("~", text).replace("…", ".").translate(_SYMBOLS)


def needs_ascii(environ: Mapping[str, str], encoding: str) -> bool:
    """Return whether the terminal or the locale cannot show more than ASCII."""
    return environ.get("TERM") in {"linux", "dumb"} or encoding.casefold().replace("-", "") != "utf8"


def safe(text: str) -> str:
    """Return ``text`` without what could steer the terminal, in as many cells as it has been given.

    What has no cell of its own goes, rather than push what stands beside it.
    """
    shown, width = clean(text, ALL), cell_len(text)
    if cell_len(shown) == width:
        return shown
    return set_cell_size(clean("".join(char for char in text if cell_len(char)), ALL), width)


class SafeFilter(LineFilter):
    """Cleans what a screen forgot to clean: a stranger's name must never steer the terminal."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return ``segments`` without control, format and direction characters."""
        return [
            segment if segment.text.isprintable() else Segment(safe(segment.text), *segment[1:])
            for segment in segments
        ]


class FaultFilter(LineFilter):
    """Underlines what is wrong, where there is no colour to say it again."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return ``segments`` with ``✗ failed`` and ``■ held`` underlined."""
        return [part for segment in segments for part in self._parts(segment)]

    def _parts(self, segment: Segment) -> list[Segment]:
        if not _FAULT.search(segment.text):
            return [segment]
        line = (segment.style or Style()) + Style(underline=True)
        parts = enumerate(_FAULT.split(segment.text))
        return [Segment(text, line if place % 2 else segment.style) for place, text in parts if text]


class AsciiFilter(LineFilter):
    """Replaces symbols, keeps widths and styles."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return ``segments`` with their text in ASCII symbols."""
        return [Segment(to_ascii(text), style, control) for text, style, control in segments]
