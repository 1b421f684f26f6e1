"""The functions of text (all: "functions for customizing application data")."""

import base64
import uuid
from collections.abc import Sequence

from xtsync_tui.engine.expressions.functions import letters, units
from xtsync_tui.engine.expressions.functions.numbers import bounded
from xtsync_tui.engine.expressions.functions.registry import (
    Context,
    Evaluate,
    FunctionError,
    Kind,
    Parameter,
    function,
    lazy_function,
    optional,
    repeating,
)
from xtsync_tui.engine.values import Record, Value

_SOURCE = Parameter("source")
_NUMBER = Kind.INTEGER


@function(
    "Append",
    _SOURCE,
    Parameter("suffix"),
    help="Adds the suffix to the end of the source. Not documented: an absent source counts as empty, "
    "so that the suffix alone comes out.",
    example='Append([userPrincipalName], ".test") gives lena@contoso.com.test',
)
def append(source: str | None, suffix: str | None) -> Value:
    """Return source and suffix behind each other."""
    return (source or "") + (suffix or "")


@lazy_function(
    "Join",
    Parameter("separator"),
    repeating("source", Kind.ANY),
    help="Joins the values with the separator; empty values are left out together with their separator. "
    "A source may hold several values.",
    example='Join(", ", "", [surname], [givenName]) gives Doe, John',
)
def join(arguments: Sequence[Evaluate | None]) -> Evaluate:
    """Return a call that joins what is not empty. Not documented for no value at all: empty text."""
    separator, *sources = [argument for argument in arguments if argument]

    def run(record: Record, context: Context) -> Value:
        parts: list[str] = []
        for source in sources:
            value = source(record, context)
            if value:
                if value.__class__ is str:
                    parts.append(value)
                else:
                    parts.extend(filter(None, value))
        return (separator(record, context) or "").join(parts)  # type: ignore[union-attr]

    return run


@function(
    "Left",
    Parameter("String"),
    Parameter("NumChars", _NUMBER),
    help="The first characters of a text. 0 gives empty text, a negative number the whole text.",
    example='Left("John Doe", 3) gives Joh',
)
def left(source: str | None, count: int) -> Value:
    """Return the first ``count`` characters."""
    if not source:
        return ""
    return source if count < 0 else units.cut(source, 0, count)


@function(
    "Mid",
    _SOURCE,
    Parameter("start", _NUMBER),
    Parameter("length", _NUMBER),
    help="A part of a text. The first character is number 1; a length beyond the end gives what is left.",
    example='Mid("John Doe", 3, 5) gives hn Do',
)
def mid(source: str | None, start: int, length: int) -> Value:
    """Return a part of the text. Not documented for odd numbers: the rules of Connect Sync's Mid."""
    if not source or length == 0:
        return ""
    if length < 0 or start < 1 or start > units.length(source):
        return source
    return units.cut(source, start - 1, start - 1 + length)


@function(
    "Len",
    Parameter("String"),
    result=Kind.INTEGER,
    help="The number of characters; 0 for an absent or empty text.",
    example='Len("John Doe") gives 8',
)
def len_(source: str | None) -> Value:
    """Return the number of characters as text."""
    return str(units.length(source or ""))


@function(
    "InStr",
    Parameter("value1"),
    Parameter("value2"),
    optional("start", _NUMBER),
    optional("compareType"),
    result=Kind.INTEGER,
    help="The position of value2 in value1, from 1; 0 if it is not there. The search begins at start. "
    "vbTextCompare ignores letter case, vbBinaryCompare does not.",
    example='InStr("repEated", "e", 3, vbBinaryCompare) gives 7',
)
def in_str(
    text: str | None, wanted: str | None, start: int | None = None, compare: str | None = None
) -> Value:
    """Return the position as text. Not documented: compares binary if nothing is said."""
    if compare not in {None, "vbTextCompare", "vbBinaryCompare"}:
        raise FunctionError("the comparison is vbTextCompare or vbBinaryCompare")
    if start is not None and start < 1:
        raise FunctionError("the start is 1 or more")
    text, wanted = text or "", wanted or ""
    if compare == "vbTextCompare":
        text, wanted = letters.upper(text), letters.upper(wanted)
    found = text.find(wanted, (start or 1) - 1) if text else -1
    return str(units.length(text[:found]) + 1 if found >= 0 else 0)


@function(
    "Word",
    Parameter("String"),
    Parameter("WordNumber", _NUMBER),
    Parameter("delimiters"),
    help="The word with this number, from 1. Each character of the delimiters separates words. Empty text "
    "if there is no such word or no delimiter in the text.",
    example='Word("The quick brown fox", 3, " ") gives brown',
)
def word(source: str | None, number: int, delimiters: str | None) -> Value:
    """Return one word. A text without any delimiter has none, by the letter of the page."""
    separators = set(delimiters or "")
    if not source or number < 1 or separators.isdisjoint(source):
        return ""
    mark = min(separators)
    words = "".join(mark if char in separators else char for char in source).split(mark)
    filled = [part for part in words if part]
    return filled[number - 1] if number <= len(filled) else ""


@function(
    "StripSpaces",
    _SOURCE,
    help="Removes every space, also those between words.",
    example='StripSpaces("John Doe") gives JohnDoe',
)
def strip_spaces(source: str | None) -> Value:
    """Return the text without U+0020."""
    return source and source.replace(" ", "")


@function(
    "ToLower",
    _SOURCE,
    optional("culture"),
    help="Lower case, by the rules of a culture such as tr-TR if one is given. A change of letter case only "
    "is written when the target attribute is caseExact.",
    example='ToLower("TITLE") gives title',
)
def to_lower(source: str | None, culture: str | None = None) -> Value:
    """Return the text in lower case."""
    return source and letters.lower(source, culture)


@function(
    "ToUpper",
    _SOURCE,
    optional("culture"),
    help="Upper case, by the rules of a culture such as tr-TR if one is given. A change of letter case only "
    "is written when the target attribute is caseExact.",
    example='ToUpper("title") gives TITLE',
)
def to_upper(source: str | None, culture: str | None = None) -> Value:
    """Return the text in upper case."""
    return source and letters.upper(source, culture)


@function(
    "PCase",
    _SOURCE,
    optional("wordSeparators"),
    help="The first letter of each word in upper case, the rest in lower case. With wordSeparators only "
    "those characters separate words.",
    example='PCase("PINTO-DE\'SILVA", " \'-") gives Pinto-De\'Silva',
)
def p_case(source: str | None, separators: str | None = None) -> Value:
    """Return the text with capitals at the start of words."""
    if not source:
        return source
    lowered = letters.lower(source)
    return letters.title_between(lowered, separators) if separators else letters.title(lowered)


@function(
    "NormalizeDiacritics",
    _SOURCE,
    help="Replaces letters with diacritics by plain ones: ä gives a, ø gives oe, ß gives ss.",
    example='NormalizeDiacritics("Jürgen Müller") gives Jurgen Muller',
)
def normalize_diacritics(source: str | None) -> Value:
    """Return the text without diacritics."""
    return source and letters.plain(source)


@function(
    "ConvertToBase64",
    _SOURCE,
    help="The Base64 form of the UTF-16 bytes of a text.",
    example='ConvertToBase64("Hello world!") gives SABlAGwAbABvACAAdwBvAHIAbABkACEA',
)
def convert_to_base64(source: str | None) -> Value:
    """Return Base64 of UTF-16LE."""
    return source and bounded(base64.b64encode(source.encode("utf-16-le", "surrogatepass")).decode())


@function(
    "ConvertToUTF8Hex",
    _SOURCE,
    help="The UTF-8 bytes of a text as hexadecimal digits in upper case.",
    example='ConvertToUTF8Hex("Hello world!") gives 48656C6C6F20776F726C6421',
)
def convert_to_utf8_hex(source: str | None) -> Value:
    """Return the hexadecimal digits."""
    return source and bounded(units.well_formed(source).encode().hex().upper())


@function(
    "CStr",
    Parameter("value"),
    help="The value as text: a number, a truth value, or a reference such as a distinguished name.",
    example="CStr([manager])",
)
def c_str(value: str | None) -> Value:
    """Return the value: everything is text already."""
    return value


@function(
    "Redact",
    Parameter("value", Kind.ANY),
    result=Kind.ANY,
    help="Shows [Redact] in the provisioning log instead of the value. The value itself flows unchanged.",
    example="Redact([userPrincipalName])",
)
def redact(value: Value) -> Value:
    """Return the value."""
    return value


@function(
    "Guid",
    help="A new random GUID at each evaluation: map it during object creation only.",
    example="Guid() gives 7f3c0a51-6b1d-4e02-9c6f-20a4d3f1b2e4",
    with_context=True,
)
def guid(context: Context) -> Value:
    """Return a random GUID in lower case."""
    return str(uuid.UUID(int=context.random.getrandbits(128), version=4))


@function(
    "DefaultDomain",
    help="The default verified domain of the tenant. Not documented which of the two tenants it is: here "
    "the source, where the job runs.",
    example='Join("@", [mailNickname], DefaultDomain()) gives lena@contoso.com',
    with_context=True,
)
def default_domain(context: Context) -> Value:
    """Return the domain; there is an error without one."""
    if not context.default_domain:
        raise FunctionError("the tenant has no default verified domain")
    return context.default_domain
