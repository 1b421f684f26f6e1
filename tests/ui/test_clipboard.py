"""The clipboard of the terminal."""

import base64
import re

from xtsync_tui.ui.clipboard import LIMIT, fits, sequence

PLAIN = f"\x1b]52;c;{base64.b64encode('é'.encode()).decode()}\a"


def test_a_bare_terminal_gets_one_sequence() -> None:
    assert sequence("é", {"TERM": "xterm-256color"}) == PLAIN


def test_tmux_gets_it_bare_and_wrapped_with_its_escapes_doubled() -> None:
    wrapped = "\x1bPtmux;" + PLAIN.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    assert sequence("é", {"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "tmux-256color"}) == PLAIN + wrapped  # noqa: S108


def test_screen_gets_chunks_it_passes_through() -> None:
    sent = sequence("x" * 1000, {"STY": "1.pts", "TERM": "screen"})
    chunks = re.findall(r"\x1bP(.*?)\x1b\\", sent, re.DOTALL)
    assert "".join(chunks) == f"\x1b]52;c;{base64.b64encode(b'x' * 1000).decode()}\a"
    assert max(len(chunk) for chunk in chunks) <= 256


def test_a_hostile_text_cannot_end_the_sequence() -> None:
    assert sequence("\x07\x1b\\evil", {}).count("\x1b") == 1


def test_the_limit_counts_bytes() -> None:
    assert fits("x" * LIMIT)
    assert not fits("é" * (LIMIT // 2 + 1))
