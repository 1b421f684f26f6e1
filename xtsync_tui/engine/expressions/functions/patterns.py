r"""Regular expressions of .NET, read by the `regex` package under a timeout.

The two flavours share most of their syntax. Translated are: the anchors \Z and \z, references \k<name>,
Unicode blocks \p{IsName}, [a-z-[aeiou]], braces that are no repeat, and group numbers: .NET counts groups
without a name first. Constructs of `regex` that .NET does not have are refused, so that no pattern works here
only.
"""

import re as plain
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from xtsync_tui.engine.expressions.functions.numbers import MAX_TEXT
from xtsync_tui.engine.expressions.functions.registry import FunctionError

TIMEOUT = 0.25
"""Seconds for one match. Not documented: the service has a limit, its value is unknown."""

MAX_PATTERN = 10_000
"""Characters of a pattern, also with its repeats written out: the length of an expression."""

_TOKEN = plain.compile(
    r"""\\k(?:<(?P<angle>\w+)>|'(?P<quote>\w+)'|\{(?P<brace>\w+)\})|\\(?P<number>[1-9][0-9]?)"""
    r"""|\\(?P<property>[pP])\{(?P<class>\w[\w-]*)\}|\\(?P<escaped>c.|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)"""
    r"""|\(\?\#[^)]*\)|\((?P<special>\?(?:<(?P<name>\w+)>|'(?P<quoted>\w+)'|[:=!>]|<[=!]"""
    r"""|[imnsx-]+[:)]|\((?=\w+\))|(?=\()))|(?P<bad>\([?*].{0,3})|(?P<group>\()"""
    r"""|(?P<repeat>\{(?P<times>[0-9]{1,9})(?:,[0-9]{0,9})?\})|(?P<set>\[\^?\]?)|(?P<other>.)""",
    plain.DOTALL,
)
_SET_TOKEN = plain.compile(
    r"""\\(?P<property>[pP])\{(?P<class>\w[\w-]*)\}|\\(?P<escaped>c.|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)"""
    r"""|-(?P<minus>\[\^?\]?)|(?P<close>\])|(?P<other>.)""",
    plain.DOTALL,
)
_ESCAPES = frozenset("\\.^$|?*+()[]{}#- \t\"'/:;,=<>@!%&~`_dDwWsSbBAGnrtfv0")


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A pattern ready to match; ``numbers`` are .NET's group numbers, ``names`` those of named groups."""

    compiled: "regex.Pattern[str]"
    numbers: dict[int, int]
    names: dict[str, int]

    def group(self, name: str) -> int | None:
        """Return the index of a group given by name or .NET number, None if there is none."""
        return _index(name, self.numbers, self.names)

    def matches(self, text: str) -> "Iterator[regex.Match[str]]":
        """Yield every match in ``text``; more than TIMEOUT seconds are an error."""
        try:
            yield from self.compiled.finditer(text, timeout=TIMEOUT)
        except TimeoutError:
            raise FunctionError("the regular expression takes too long") from None


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> Pattern:
    """Return a .NET regular expression ready to match."""
    if len(pattern) > MAX_PATTERN or _size(pattern) > MAX_PATTERN:
        raise FunctionError("the regular expression is too large")
    names = _groups(pattern)
    numbered = [index for index, name in enumerate(names, 1) if name is None]
    named = {name: index for index, name in enumerate(names, 1) if name is not None}
    numbers = dict(enumerate([0, *numbered, *named.values()]))
    try:
        compiled = regex.compile(_translate(pattern, numbers, named), regex.VERSION1)
    except (regex.error, OverflowError, RecursionError, MemoryError) as error:
        raise FunctionError(f"the regular expression is not valid: {error}") from None
    return Pattern(compiled, numbers, named)


def _tokens(pattern: str) -> "Iterator[plain.Match[str]]":
    """Yield the tokens outside of character classes."""
    at = 0
    while found := _TOKEN.match(pattern, at):
        at = _set_end(pattern, found.end()) if found["set"] else found.end()
        yield found


def _groups(pattern: str) -> list[str | None]:
    """Return the capturing groups in the order of their opening brackets, by name, None without one.

    A name that is used twice is one group.
    """
    groups: list[str | None] = []
    for found in _tokens(pattern):
        name = _name(found) or None
        if found["group"] or (name and name not in groups):
            groups.append(name)
    return groups


def _index(group: str, numbers: dict[int, int], names: dict[str, int]) -> int | None:
    """Return the index of a group given by name or .NET number, None if there is none."""
    if group.isdecimal() and len(group) < 10:
        return numbers.get(int(group))
    return names.get(group)


def _size(pattern: str) -> int:
    """Return the length of the shortest text that matches, roughly: `regex` unrolls repeats of repeats."""
    sizes, last = [0], 0
    for found in _tokens(pattern):
        if found["repeat"]:
            added = last * (int(found["times"]) - 1)
            last += added
            sizes[-1] += added
        elif found["group"] or (found["special"] and not found[0].endswith(")")):
            sizes.append(0)
        else:
            last = sizes.pop() if found[0] == ")" and len(sizes) > 1 else 1
            sizes[-1] += last
    return sum(sizes)


def _set_end(pattern: str, at: int) -> int:
    depth = 1
    while depth and (found := _SET_TOKEN.match(pattern, at)):
        at = found.end()
        depth += 1 if found["minus"] else -1 if found["close"] else 0
    return at


def _translate(pattern: str, numbers: dict[int, int], names: dict[str, int]) -> str:
    pieces: list[str] = []
    at = 0
    while found := _TOKEN.match(pattern, at):
        at = found.end()
        if found["set"]:
            piece, at = _set(pattern, found["set"], at)
        else:
            piece = _token(found, numbers, names)
        pieces.append(piece)
    return "".join(pieces)


def _token(found: "plain.Match[str]", numbers: dict[int, int], names: dict[str, int]) -> str:
    kind = found.lastgroup
    if found["bad"] or (found["special"] and "n" in found["special"] and not _name(found)):
        raise FunctionError(f"{found[0]} is not supported in a regular expression")
    if reference := found["angle"] or found["quote"] or found["brace"]:
        return _reference(reference, numbers, names)
    if found["number"]:
        return _reference(found["number"], numbers, names)
    if found["property"]:
        return _property(found)
    if found["escaped"]:
        return {"z": r"\Z", "Z": r"(?=\n?\Z)", "e": r"\x1b", "a": r"\x07"}.get(found["escaped"]) or _escape(
            found
        )
    if name := _name(found):
        return f"(?P<{name}>"
    return f"\\{found[0]}" if kind == "other" and found[0] in "{}" else found[0]


def _name(found: "plain.Match[str]") -> str:
    return found["name"] or found["quoted"] or ""


def _reference(group: str, numbers: dict[int, int], names: dict[str, int]) -> str:
    index = _index(group, numbers, names)
    if index is None:
        raise FunctionError(f"there is no group {group} in the regular expression")
    return f"(?:\\g<{index}>)"


def _property(found: "plain.Match[str]") -> str:
    name = found["class"]
    block = f"In{name[2:]}" if name.startswith("Is") else name
    return f"\\{found['property']}{{{block}}}"


def _escape(found: "plain.Match[str]") -> str:
    escaped = found["escaped"]
    if escaped[0] == "c":
        return plain.escape(chr(ord(escaped[1].upper()) ^ 0x40)) if escaped[1].isascii() else ""
    if len(escaped) > 1 or escaped in _ESCAPES:
        return found[0]
    if escaped.isalnum():
        raise FunctionError(f"\\{escaped} is not known in a regular expression")
    return plain.escape(escaped)


def _set(pattern: str, opening: str, at: int) -> tuple[str, int]:
    """Return a character class from behind its opening bracket, and where it ends."""
    pieces = [opening.replace("]", r"\]")]
    while found := _SET_TOKEN.match(pattern, at):
        at = found.end()
        if found["minus"]:
            inner, at = _set(pattern, found["minus"], at)
            pieces.append(f"--{inner}")
        elif found["property"]:
            pieces.append(_property(found))
        elif found["escaped"]:
            pieces.append(_set_escape(found))
        elif found["close"]:
            return "".join([*pieces, "]"]), at
        else:
            # `regex` would read [ and doubled signs inside a class as set operations.
            special = found[0] in "[&|~" or (found[0] == pieces[-1] == "-")
            pieces.append(f"\\{found[0]}" if special else found[0])
    raise FunctionError("the regular expression is not valid: a [ is not closed")


def _set_escape(found: "plain.Match[str]") -> str:
    escaped = found["escaped"]
    return {"b": r"\x08", "e": r"\x1b", "a": r"\x07"}.get(escaped) or _escape(found)


_REPLACEMENT = plain.compile(r"\$(?:(?P<sign>[$&`'+_])|(?P<number>[0-9]+)|\{(?P<name>\w+)\})")

_BEFORE, _AFTER, _ALL, _LAST = -1, -2, -3, -4
_SIGNS: dict[str, str | int] = {"$": "$", "&": 0, "`": _BEFORE, "'": _AFTER, "_": _ALL, "+": _LAST}
_AROUND: dict[int, Callable[["regex.Match[str]"], tuple[int, int]]] = {
    _BEFORE: lambda match: (0, match.start()),
    _AFTER: lambda match: (match.end(), len(match.string)),
    _ALL: lambda match: (0, len(match.string)),
    _LAST: lambda match: match.span(len(match.groups())),
}
"""Parts of the text around a match, by the sign that stands for them."""


@lru_cache(maxsize=256)
def _template(replacement: str, pattern: Pattern) -> tuple[str | int, ...]:
    """Return a replacement as pieces of text and group indexes; what names no group stays text."""
    pieces: list[str | int] = []
    at = 0
    for found in _REPLACEMENT.finditer(replacement):
        piece: str | int | None
        sign = found["sign"]
        piece = _SIGNS[sign] if sign else pattern.group(found["number"] or found["name"])
        pieces += [replacement[at : found.start()], found[0] if piece is None else piece]
        at = found.end()
    return (*pieces, replacement[at:])


def _piece(match: "regex.Match[str]", piece: str | int) -> str:
    if isinstance(piece, str):
        return piece
    if piece >= 0:
        return match[piece] or ""
    start, end = _AROUND[piece](match)
    return match.string[start:end]


def replace_matches(pattern: Pattern, replacement: str, text: str) -> str:
    """Return ``text`` with every match replaced, ``${name}`` and ``$1`` standing for groups."""
    template = _template(replacement, pattern)
    spans = (
        (match.start(), match.end(), "".join([_piece(match, piece) for piece in template]))
        for match in pattern.matches(text)
    )
    return _rebuilt(text, spans)


def replace_group(pattern: Pattern, group: str, replacement: str, text: str) -> str:
    """Return ``text`` with what ``group`` captured in each match replaced; without a capture it stays."""
    index = pattern.group(group)
    if index is None:
        raise FunctionError(f"there is no group {group} in the regular expression")
    spans = ((*match.span(index), replacement) for match in pattern.matches(text) if match[index] is not None)
    return _rebuilt(text, spans)


def _rebuilt(text: str, spans: Iterator[tuple[int, int, str]]) -> str:
    pieces: list[str] = []
    at = size = 0
    for start, end, new in spans:
        # Look-ahead can capture what an earlier match has replaced already.
        if start < at:
            continue
        pieces += [text[at:start], new]
        size += start - at + len(new)
        if size > MAX_TEXT:
            raise FunctionError(f"the result is longer than {MAX_TEXT:,} characters")
        at = end
    return "".join([*pieces, text[at:]])


def captured(pattern: Pattern, group: str, text: str) -> str | None:
    """Return what ``group`` captured in the first match, None without a match."""
    index = pattern.group(group)
    if index is None:
        raise FunctionError(f"there is no group {group} in the regular expression")
    first = next(pattern.matches(text), None)
    return first[index] if first else None
