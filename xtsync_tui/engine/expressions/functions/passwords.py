"""Random text that meets a password rule ("functions for customizing application data", RandomString)."""

import string

from xtsync_tui.engine.expressions.functions.registry import (
    Context,
    FunctionError,
    Kind,
    Parameter,
    function,
    optional,
)
from xtsync_tui.engine.values import Value

SPECIAL = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/"
"""The special characters of the Windows password complexity rule."""

MAX_LENGTH = 256


@function(
    "RandomString",
    Parameter("Length", Kind.INTEGER),
    Parameter("MinimumNumbers", Kind.INTEGER),
    Parameter("MinimumSpecialCharacters", Kind.INTEGER),
    Parameter("MinimumCapital", Kind.INTEGER),
    Parameter("MinimumLowerCase", Kind.INTEGER),
    optional("CharactersToAvoid"),
    help=f"Random text, {MAX_LENGTH} characters at most, with at least so many digits, special characters, "
    "capitals and lower-case letters. A new one at each evaluation: map it during object creation only.",
    example="RandomString(6, 3, 0, 0, 3) gives such as 1e7a0c",
    with_context=True,
)
def random_string(
    context: Context, length: int, digits: int, special: int, capitals: int, lower: int, avoid: str | None
) -> Value:
    """Return random text. The minima may not add up to more than the length."""
    minima = (digits, special, capitals, lower)
    if not 0 < length <= MAX_LENGTH or min(minima) < 0 or sum(minima) > length:
        raise FunctionError(f"the length is {MAX_LENGTH} at most and not below the sum of the minima")
    kinds = (string.digits, SPECIAL, string.ascii_uppercase, string.ascii_lowercase)
    allowed = ["".join(char for char in kind if char not in (avoid or "")) for kind in kinds]
    if not any(allowed) or any(wanted and not kind for wanted, kind in zip(minima, allowed, strict=True)):
        raise FunctionError("no character is left to choose from")
    chosen = [context.random.choices(kind, k=n) for n, kind in zip(minima, allowed, strict=True) if n]
    chosen.append(context.random.choices("".join(allowed), k=length - sum(minima)))
    shuffled = [char for chars in chosen for char in chars]
    context.random.shuffle(shuffled)
    return "".join(shuffled)
