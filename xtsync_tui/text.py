"""Makes text that somebody else wrote safe to show.

A display name in another tenant is chosen by a stranger: it may hold terminal escape sequences, direction
overrides, line breaks or ten thousand characters. Textual and Rich pass most of these on to the terminal.
"""

import unicodedata

CUT = "…"
MAX_LENGTH = 400

_VISIBLE = {code: chr(0x2400 + code) for code in range(0x20)}
_VISIBLE |= {0x7F: "␡", 0x0A: "␤", 0x0D: "␍", 0x09: "␉"}
_VISIBLE |= dict.fromkeys(range(0x80, 0xA0), "\ufffd")
_KEEP_LINES = _VISIBLE | {0x0A: "\n", 0x09: "    ", 0x0D: None}


def _shown(char: str) -> str:
    # Format characters (bidi controls, zero-width, tags), surrogates and separators have no width or change
    # the order of what is around them: a stranger could make one name look like another.
    # Selectors of a character's variant do so too: terminals do not agree on its width then.
    odd = unicodedata.category(char) in {"Cf", "Cs", "Co", "Zl", "Zp"} or "\ufe00" <= char <= "\ufe0f"
    return "\ufffd" if odd else char


def clean(value: object, limit: int = MAX_LENGTH, *, lines: bool = False) -> str:
    """Return ``value`` as text without control, format or direction characters, cut to ``limit`` characters.

    Control characters become visible symbols and format characters U+FFFD. ``lines`` keeps line breaks, for
    places that show several lines.
    """
    text = "" if value is None else str(value)
    if len(text) > limit:
        text = text[: max(limit - 1, 0)] + CUT
    if text.isascii() and text.isprintable():
        return text
    text = text.translate(_KEEP_LINES if lines else _VISIBLE)
    return "".join(_shown(char) for char in text)


def first_visible(*names: str) -> str:
    """Return the first name of which something can be seen: one may be of blanks and format characters."""
    return next((name for name in names if clean(name).replace("\ufffd", "").strip()), "")


def shorten_id(value: str) -> str:
    """Return an id with its middle cut out, as ``7f3c0a51…b2e4``; short text is returned as it is."""
    return clean(value) if len(value) <= 14 else f"{clean(value[:8])}{CUT}{clean(value[-4:])}"
