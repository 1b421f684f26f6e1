"""The clipboard of the person's own terminal, reached with OSC 52, also through tmux and screen."""

import base64
from collections.abc import Mapping

LIMIT = 74_000
"""Bytes of text; more than 100,000 characters of base64 are dropped by xterm, kitty and others."""

_SCREEN_CHUNK = 250
"""screen cuts a passed-through string of more than 256 bytes into nothing."""


def fits(text: str) -> bool:
    """Return whether terminals take that much."""
    return len(text.encode()) <= LIMIT


def sequence(text: str, environ: Mapping[str, str]) -> str:
    """Return what to write to the terminal so that ``text`` is in the clipboard.

    tmux takes either form, depending on its ``set-clipboard`` and ``allow-passthrough``: it gets both.
    """
    encoded = base64.b64encode(text.encode()).decode("ascii")
    plain = f"\x1b]52;c;{encoded}\a"
    if "TMUX" in environ:
        return plain + f"\x1bPtmux;{plain.replace(chr(27), chr(27) * 2)}\x1b\\"
    if environ.get("TERM", "").startswith("screen") and "STY" in environ:
        parts = [plain[at : at + _SCREEN_CHUNK] for at in range(0, len(plain), _SCREEN_CHUNK)]
        return "".join(f"\x1bP{part}\x1b\\" for part in parts)
    return plain
