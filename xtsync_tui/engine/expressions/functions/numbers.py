"""Numbers of the language: text that reads as one."""

import re

from xtsync_tui.engine.expressions.functions.registry import FunctionError, excerpt

MAX_TEXT = 1_000_000
"""Characters of one value. Not documented: keeps an expression that doubles its input from eating memory."""

_NUMBER = re.compile(r"[-+]?[0-9]{1,30}(\.[0-9]{1,30})?")
_FIRST = frozenset("+-0123456789")
_HEX = re.compile(r"&H[0-9A-Fa-f]{1,16}")


def number_or_none(text: str) -> int | float | None:
    """Return the number that ``text`` is, decimal only, None if it is none."""
    # Most text is told apart by its first character, at a tenth of the price.
    found = _NUMBER.fullmatch(text) if text[:1] in _FIRST else None
    if not found:
        return None
    return float(text) if found[1] else int(text)


def integer(value: object) -> int:
    """Return the whole number that ``value`` is, decimal or ``&H`` hexadecimal; a fraction is cut off."""
    if isinstance(value, str):
        if _HEX.fullmatch(value):
            return int(value.replace("&H", "0x"), 0)
        number = number_or_none(value)
        if number is not None:
            return int(number)
    raise FunctionError(
        "a number is needed here" if value in {None, ""} else f"{excerpt(value)} is no number"
    )


def bounded(text: str) -> str:
    """Return ``text`` unless it is longer than MAX_TEXT."""
    if len(text) > MAX_TEXT:
        raise FunctionError(f"the result is longer than {MAX_TEXT:,} characters")
    return text
