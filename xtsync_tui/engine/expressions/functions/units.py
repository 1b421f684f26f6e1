"""Counting and cutting text in UTF-16 units, as .NET does.

Not documented whether Len, Mid and Left count units or characters: units, the way of a .NET string. They
differ for characters beyond U+FFFF only, such as emoji.
"""


def _wide(text: str) -> bool:
    return not text.isascii() and max(text) > "\uffff"


def length(text: str) -> int:
    """Return the number of UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 if _wide(text) else len(text)


def cut(text: str, start: int, end: int) -> str:
    """Return the units from ``start`` to ``end``; half a character becomes U+FFFD."""
    if not _wide(text):
        return text[start:end]
    return text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le", "replace")


def well_formed(text: str) -> str:
    """Return ``text`` with lone surrogates as U+FFFD, so that it can be encoded."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
