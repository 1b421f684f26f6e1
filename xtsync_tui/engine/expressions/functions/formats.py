"""The custom date formats of .NET: exact reading and printing, with invariant names.

The tokens are those of .NET's "custom date and time format strings"; a single letter is a standard format.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from xtsync_tui.engine.expressions.functions.moments import (
    MAX_TEXT,
    MONTHS,
    Moment,
    moment,
    offset_ticks,
    to_24_hours,
)
from xtsync_tui.engine.expressions.functions.registry import FunctionError, excerpt

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LITERAL = "literal"

_STANDARD = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "M": "MMMM dd",
    "m": "MMMM dd",
    "O": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "o": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ssZ",
    "Y": "yyyy MMMM",
    "y": "yyyy MMMM",
}

_TOKEN = re.compile(
    r"""(?P<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|\\(?P<escaped>.)|(?P<percent>%)"""
    r"""|(?P<token>(?P<letter>[dfFghHKmMstyz])(?P=letter)*)|(?P<other>.)""",
    re.DOTALL,
)


@lru_cache(maxsize=256)
def _tokens(pattern: str) -> tuple[tuple[str, str], ...]:
    """Return pairs of token letter (or "literal") and token text."""
    if not pattern:
        raise FunctionError("a date format is needed here")
    if len(pattern) == 1:
        if pattern not in _STANDARD:
            raise FunctionError(f"{pattern} is no date format")
        pattern = _STANDARD[pattern]
    found: list[tuple[str, str]] = []
    for part in _TOKEN.finditer(pattern):
        if part["token"]:
            # K stands for itself once: KK is two of them.
            repeats = [part["token"]] if part["letter"] != "K" else ["K"] * len(part["token"])
            found.extend((part["letter"], text) for text in repeats)
        elif part["percent"] is None:
            quoted = part["quoted"]
            text = re.sub(r"\\(.)", r"\1", quoted[1:-1]) if quoted else part["escaped"] or part["other"]
            found += [(_LITERAL, char) for char in text]
    return tuple(found)


# Printing


def write(value: Moment, pattern: str) -> str:
    """Return the moment in a .NET date format."""
    shown: list[str] = []
    for letter, token in _tokens(pattern):
        if letter == _LITERAL:
            shown.append(token)
            continue
        text = _WRITERS[letter](value, len(token))
        if letter == "F" and not text and shown and shown[-1] == ".":
            shown.pop()
        shown.append(text)
    return "".join(shown)


def _fraction(value: Moment, width: int) -> str:
    if width > 7:
        raise FunctionError("a fraction has 7 digits at most")
    return f"{value.clock[3]:07}"[:width]


def _name_or_number(number: int, name: str, width: int) -> str:
    return f"{number:0{width}}" if width < 3 else name[:3] if width == 3 else name


def _year(value: Moment, width: int) -> str:
    year = value.day.year
    return f"{year % 100:0{width}}" if width < 3 else f"{year:0{width}}"


def _offset(width: int) -> str:
    return ("+0", "+00", "+00:00")[min(width, 3) - 1]


_WRITERS: dict[str, Callable[[Moment, int], str]] = {
    "d": lambda value, width: _name_or_number(value.day.day, _DAY_NAMES[value.day.weekday()], width),
    "M": lambda value, width: _name_or_number(value.day.month, MONTHS[value.day.month - 1], width),
    "y": _year,
    "g": lambda _value, _width: "A.D.",
    "H": lambda value, width: f"{value.clock[0]:0{min(width, 2)}}",
    "h": lambda value, width: f"{value.clock[0] % 12 or 12:0{min(width, 2)}}",
    "m": lambda value, width: f"{value.clock[1]:0{min(width, 2)}}",
    "s": lambda value, width: f"{value.clock[2]:0{min(width, 2)}}",
    "f": _fraction,
    "F": lambda value, width: _fraction(value, width).rstrip("0"),
    "t": lambda value, width: ("PM" if value.clock[0] >= 12 else "AM")[: min(width, 2)],
    "K": lambda value, _width: value.zone,
    "z": lambda _value, width: _offset(width),
}


# Reading


@dataclass(slots=True)
class _Style:
    leading: bool = True
    trailing: bool = True
    inner: bool = False
    today: bool = True
    universal: bool = False
    zone: str = ""


def _style(names: str | None) -> _Style:
    if not names:
        return _Style()
    given = {name.strip() for name in names.split(",")}
    known = {
        "None", "AllowLeadingWhite", "AllowTrailingWhite", "AllowInnerWhite", "AllowWhiteSpaces",
        "NoCurrentDateDefault", "AdjustToUniversal", "AssumeLocal", "AssumeUniversal", "RoundtripKind",
    }  # fmt: skip
    if unknown := given - known:
        raise FunctionError(f"{excerpt(min(unknown))} is no date and time style")
    all_white = "AllowWhiteSpaces" in given
    return _Style(
        leading=all_white or "AllowLeadingWhite" in given,
        trailing=all_white or "AllowTrailingWhite" in given,
        inner=all_white or "AllowInnerWhite" in given,
        today="NoCurrentDateDefault" not in given,
        universal="AdjustToUniversal" in given,
        zone="+00:00" if given & {"AssumeLocal", "AssumeUniversal"} else "",
    )


_READERS = {
    "d": ("(?P<d>[0-9]{1,2})", "(?P<d>[0-9]{2})", "(?P<w>[A-Za-z]{3})", "(?P<w>[A-Za-z]+)"),
    "M": ("(?P<M>[0-9]{1,2})", "(?P<M>[0-9]{2})", "(?P<n>[A-Za-z]{3})", "(?P<n>[A-Za-z]+)"),
    "y": ("(?P<yy>[0-9]{1,2})", "(?P<yy>[0-9]{2})", "(?P<y>[0-9]{3,4})", "(?P<y>[0-9]{4})"),
    "g": ("A\\.?D\\.?",),
    "H": ("(?P<H>[0-9]{1,2})", "(?P<H>[0-9]{2})"),
    # .NET's documentation lets hh read one digit as well.
    "h": ("(?P<h>[0-9]{1,2})", "(?P<h>[0-9]{1,2})"),
    "m": ("(?P<m>[0-9]{1,2})", "(?P<m>[0-9]{2})"),
    "s": ("(?P<s>[0-9]{1,2})", "(?P<s>[0-9]{2})"),
    "t": ("(?P<t>[AP])M?", "(?P<t>[AP]M)"),
    "K": ("(?P<K>Z|[-+][0-9]{2}:[0-9]{2})?",),
    "z": ("(?P<z>[-+][0-9]{1,2})", "(?P<z>[-+][0-9]{2})", "(?P<z>[-+][0-9]{2}:?[0-9]{2})"),
}


def _piece(letter: str, token: str) -> str:
    if letter == _LITERAL:
        return re.escape(token)
    width = len(token)
    if letter in {"f", "F"}:
        if width > 7:
            raise FunctionError("a fraction has 7 digits at most")
        return f"(?P<f>[0-9]{{{width}}})" if letter == "f" else f"(?P<f>[0-9]{{0,{width}}})"
    if letter == "y" and width > 4:
        return f"(?P<y>[0-9]{{{width}}})"
    readers = _READERS[letter]
    return readers[min(width, len(readers)) - 1]


@lru_cache(maxsize=256)
def _reader(pattern: str, inner: bool) -> re.Pattern[str]:
    tokens = _tokens(pattern)
    pieces = [_piece(letter, token) for letter, token in tokens]
    for place, (letter, _) in enumerate(tokens):
        # "." before F may be missing together with the fraction.
        if letter == "F" and place and tokens[place - 1] == (_LITERAL, "."):
            pieces[place - 1 : place + 1] = ["", f"(?:\\.{pieces[place]})?"]
    text = _with_blanks(pieces) if inner else "".join(pieces)
    try:
        return re.compile(text, re.IGNORECASE | re.ASCII)
    except re.error:
        raise FunctionError(f"{excerpt(pattern)} names a part of the date twice") from None


def _with_blanks(pieces: list[str]) -> str:
    """Allow white space around each piece; blanks of the format ask for none then."""
    blanks = r"\s*+"
    return blanks + blanks.join(piece for piece in pieces if piece.strip("\\").strip()) + blanks


def read_exact(text: str, pattern: str, styles: str | None, today: Callable[[], Moment]) -> Moment:
    """Return the moment that ``text`` is in exactly this .NET date format.

    ``styles`` are DateTimeStyles names with commas; None means RoundtripKind with leading and trailing
    blanks. An offset in the text is converted to the service's local time. Not documented: it is UTC.
    ``today`` gives the day for a text that names none.
    """
    style = _style(styles)
    text = text.lstrip() if style.leading else text
    text = text.rstrip() if style.trailing else text
    found = _reader(pattern, style.inner).fullmatch(text) if len(text) <= MAX_TEXT else None
    if not found:
        raise FunctionError(f"{excerpt(text)} does not have the format {excerpt(pattern)}")
    parts = {name: value for name, value in found.groupdict().items() if value}
    wall = _day_and_clock(parts, style, today)
    zone = parts.get("z") or parts.get("K", "")
    shown = "Z" if zone.upper() == "Z" or ((zone or style.zone) and style.universal) else "+00:00"
    return Moment(wall.ticks - offset_ticks(zone), shown if zone or style.zone else "")


def _day_and_clock(parts: dict[str, str], style: _Style, today: Callable[[], Moment]) -> Moment:
    year, month, day = _calendar(parts, style, today)
    fraction = int(parts.get("f", "").ljust(7, "0"))
    clock = (int(parts.get("m", 0)), int(parts.get("s", 0)), fraction)
    wall = moment(year, month, day, _hour(parts), *clock)
    weekday = _DAY_NAMES[wall.day.weekday()].lower()
    if "w" in parts and parts["w"].lower() not in {weekday, weekday[:3]}:
        raise FunctionError(f"that day is no {parts['w']}")
    return wall


def _calendar(parts: dict[str, str], style: _Style, today: Callable[[], Moment]) -> tuple[int, int, int]:
    now = today().day if style.today else Moment(0).day
    if not parts.keys() & {"y", "yy", "M", "n", "d"}:
        return now.year, now.month, now.day
    year = _full_year(int(parts["yy"])) if "yy" in parts else int(parts.get("y", now.year))
    month = _month_number(parts["n"]) if "n" in parts else int(parts.get("M", 1))
    return year, month, int(parts.get("d", 1))


def _full_year(short: int) -> int:
    # .NET's invariant calendar: two digits end in 2049.
    return short + (2000 if short <= 49 else 1900)


def _month_number(name: str) -> int:
    for number, month in enumerate(MONTHS, 1):
        if name.lower() in {month.lower(), month[:3].lower()}:
            return number
    raise FunctionError(f"{name} is no month")


def _hour(parts: dict[str, str]) -> int:
    if "h" in parts:
        return to_24_hours(int(parts["h"]), parts.get("t", "AM"))
    hour, half = int(parts.get("H", 0)), parts.get("t", "").upper()
    if half and (hour >= 12) != half.startswith("P"):
        raise FunctionError("the hour and its AM or PM contradict each other")
    return hour
