"""What is wrong with an expression, as values that an editor can show at the caret."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an expression cannot be used, found before it is evaluated.

    ``position`` and ``length`` are in characters from the start of the text. ``expected`` names what may
    stand there and ``nearest`` the closest name there is; both are "" when there is nothing to say.
    """

    position: int
    length: int
    message: str
    code: str
    expected: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        hints = [f"nearest: {self.nearest}"] if self.nearest else []
        hints += [f"expected {self.expected}"] if self.expected else []
        return " · ".join([self.message, *hints])


class EvaluationError(ValueError):
    """The expression has no result for this object: the service fails the object and tries it again later.

    Not documented whether one attribute or the object fails: the whole object.
    """

    def __init__(self, message: str, position: int = 0, length: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.length = length


def nearest_name(name: str, names: "Iterable[str]") -> str:
    """Return the name closest to ``name``: the same in another letter case first, "" if none is close."""
    candidates = {candidate.lower(): candidate for candidate in names}
    close = get_close_matches(name.lower(), candidates, n=1, cutoff=0.6)
    return candidates[close[0]] if close else ""
