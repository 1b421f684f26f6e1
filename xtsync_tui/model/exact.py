"""JSON that is written back as it came: a number keeps its digits, ``1.10`` does not become ``1.1``."""

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class Number(float):
    """A number with a point or an exponent, and the digits it was written with."""

    __slots__ = ("digits",)

    def __init__(self, digits: str) -> None:
        self.digits = digits

    def __deepcopy__(self, _: object) -> "Number":
        """Return itself: a number is never changed."""
        return self


def decode(data: bytes | str, type_: type[T] | Any = Any) -> T | Any:
    """Return JSON as ``type_``; raises msgspec.DecodeError."""
    return msgspec.json.Decoder(type_, float_hook=Number).decode(data)


def encode(value: Any, *, ordered: bool = False) -> bytes:
    """Return ``value`` as JSON, numbers as they came; ``ordered`` puts members by name."""
    return msgspec.json.encode(value, enc_hook=_digits, order="sorted" if ordered else None)


def pretty(value: Any) -> str:
    """Return ``value`` as indented JSON, numbers as they came."""
    return msgspec.json.format(encode(value), indent=2).decode()


def _digits(value: Any) -> msgspec.Raw:
    if isinstance(value, Number):
        return msgspec.Raw(value.digits.encode())
    raise TypeError(f"{type(value).__name__} is not JSON")
