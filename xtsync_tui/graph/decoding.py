"""From bytes to structs, forgiving what Graph is known to leave out, strict about everything else."""

from functools import cache
from typing import Any, Generic, TypeVar

import msgspec

from xtsync_tui.model import Json

T = TypeVar("T")

MARK = b"\xef\xbb\xbf"
"""The byte order mark, which a bare number (``/$count``) may begin with and no reader of JSON expects."""


class Mismatch(Exception):
    """The bytes are not JSON, or not of the documented type."""


class Page(msgspec.Struct, Generic[T], frozen=True):
    """One page of a list."""

    value: tuple[T, ...]
    next_link: str = msgspec.field(default="", name="@odata.nextLink")


def decode(body: bytes, type_: type[T]) -> T:
    """Return ``body`` as ``type_``; raises Mismatch."""
    wanted: Any = type_
    body = body.removeprefix(MARK)
    try:
        decoded: T = _decoder(wanted).decode(body)
    except msgspec.ValidationError:
        return _forgiving(msgspec.json.decode(body), type_)
    except msgspec.DecodeError as error:
        raise Mismatch(str(error)) from error
    return decoded


def convert(document: Json, type_: type[T]) -> T:
    """Return JSON that was decoded already as ``type_``; raises Mismatch.

    Graph writes "" for a date that is not set, and null where the documentation has a value. Only where
    nothing else fits are all such members read as left out.
    """
    try:
        return msgspec.convert(document, type_)
    except msgspec.ValidationError:
        return _forgiving(document, type_)


def _forgiving(document: Json, type_: type[T]) -> T:
    try:
        return msgspec.convert(_without_blanks(document), type_)
    except msgspec.ValidationError as error:
        raise Mismatch(str(error)) from error


@cache
def _decoder(type_: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(type_)


def _without_blanks(document: Json) -> Any:
    match document:
        case dict():
            return {
                name: _without_blanks(value) for name, value in document.items() if value not in (None, "")
            }
        case list():
            return [_without_blanks(value) for value in document]
        case _:
            return document
