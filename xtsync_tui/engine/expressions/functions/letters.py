"""Letter case and diacritics as .NET has them: one UTF-16 unit at a time, by culture."""

import re
import unicodedata

from xtsync_tui.engine.expressions.functions.registry import FunctionError, excerpt

_CULTURE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TURKIC = {"tr", "az"}

# .NET maps one character to one, so a character whose Python mapping is longer keeps its form. The invariant
# culture also leaves the Turkish letters alone (.NET casing data: ChangeCaseInvariant).
_DOTLESS, _DOTTED = "\N{LATIN SMALL LETTER DOTLESS I}", "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}"
_INVARIANT = {_DOTLESS: _DOTLESS, _DOTTED: _DOTTED}

_SPECIAL = str.maketrans(
    {
        "ø": "oe",
        "œ": "oe",
        "Ø": "OE",
        "Œ": "OE",
        "æ": "ae",
        "Æ": "AE",
        "ß": "ss",
        "ł": "l",
        "Ł": "L",
        _DOTLESS: "i",
    }
)

_TITLE_BREAKS = frozenset("Zs Zl Zp Cc Cf Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So".split())  # noqa: SIM905


def _exceptions(culture: str | None, turkic: dict[str, str]) -> dict[str, str]:
    if not culture:
        return _INVARIANT
    if not _CULTURE.fullmatch(culture):
        raise FunctionError(f"{excerpt(culture)} is no culture name such as en-US")
    return turkic if culture.split("-")[0].lower() in _TURKIC else {_DOTTED: "i"}


def lower(text: str, culture: str | None = None) -> str:
    """Return ``text`` in lower case, by the rules of ``culture`` (RFC 4646 name, None for invariant)."""
    if not culture and text.isascii():
        return text.lower()
    exceptions = _exceptions(culture, {"I": _DOTLESS, _DOTTED: "i"})
    return "".join(exceptions.get(char) or _one(char, char.lower()) for char in text)


def upper(text: str, culture: str | None = None) -> str:
    """Return ``text`` in upper case, by the rules of ``culture`` (RFC 4646 name, None for invariant)."""
    if not culture and text.isascii():
        return text.upper()
    exceptions = _exceptions(culture, {"i": _DOTTED, _DOTLESS: "I"})
    return "".join(exceptions.get(char) or _one(char, char.upper()) for char in text)


def _one(char: str, mapped: str) -> str:
    return mapped if len(mapped) == 1 else char


def title(text: str) -> str:
    """Return lower-case ``text`` with the first letter of each word in upper case, as ToTitleCase does.

    An apostrophe inside a word is no break, although the function page lists its category.
    """
    shown, inside = [], False
    for char in text:
        category = unicodedata.category(char)
        if inside:
            inside = char == "'" or category not in _TITLE_BREAKS
        elif category[0] == "L":
            inside, char = True, _one(char, char.title())  # noqa: PLW2901 - the letter as it is shown
        shown.append(char)
    return "".join(shown)


def title_between(text: str, separators: str) -> str:
    """Return lower-case ``text`` with the character behind each of ``separators`` in upper case."""
    pairs = zip(separators[:1] + text, text, strict=False)
    return "".join(_one(char, char.title()) if before in separators else char for before, char in pairs)


def plain(text: str) -> str:
    """Return ``text`` without diacritics: the table of NormalizeDiacritics; other letters stay."""
    if text.isascii():
        return text
    marked = unicodedata.normalize("NFD", text)
    kept = "".join(char for char in marked if unicodedata.category(char) != "Mn")
    return unicodedata.normalize("NFC", kept).translate(_SPECIAL)
