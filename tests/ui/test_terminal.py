"""What reaches the terminal."""

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from xtsync_tui.ui.terminal import SafeFilter, needs_ascii, to_ascii


@pytest.mark.parametrize(
    ("shown", "plain"),
    [
        ("✓ done", "v done"),
        ("… after step 6", ". after step 6"),
        ("7f3c0a51…b2e4", "7f3c0a51~b2e4"),
        ("▶ TARGET", "> TARGET"),
        ("── 3 ──", "-- 3 --"),
        ("▌* ■ ‖ ○ ✗ –", ">* # : o x -"),
        ("█░│", "#.|"),
        ("Chloé 日本", "Chloé 日本"),
    ],
)
def test_symbols_have_a_twin(shown: str, plain: str) -> None:
    assert to_ascii(shown) == plain


def test_widths_stay() -> None:
    text = "✓○✗!?–…▶‖■~+-▌*█░│─┌┐└┘·→›"
    assert len(to_ascii(text)) == len(text)
    assert to_ascii(text).isascii()


def test_what_a_screen_forgot_to_clean_is_cleaned_and_keeps_its_style_and_its_cells() -> None:
    bold = Style(bold=True)
    line = SafeFilter().apply(
        [Segment("ok", bold), Segment("A\x1b]52;c;x\x07\u202eB\x9b", bold)], Color(0, 0, 0)
    )
    assert line == [Segment("ok", bold), Segment("A]52;c;xB", bold)]


@pytest.mark.parametrize(
    ("environ", "encoding", "needed"),
    [
        ({"TERM": "xterm-256color"}, "UTF-8", False),
        ({"TERM": "xterm"}, "utf8", False),
        ({"TERM": "linux"}, "UTF-8", True),
        ({"TERM": "dumb"}, "UTF-8", True),
        ({"TERM": "xterm"}, "ANSI_X3.4-1968", True),
        ({}, "ISO-8859-1", True),
    ],
)
def test_ascii_is_chosen_where_nothing_else_shows(
    environ: dict[str, str], encoding: str, needed: bool
) -> None:
    assert needs_ascii(environ, encoding) is needed
