"""Names of people in a sentence: two who are called the same can be told apart. Pure."""

from collections import Counter
from collections.abc import Sequence

from xtsync_tui.text import clean, first_visible

Person = tuple[str, str]
"""Display name and account, not cleaned."""


def tell_apart(people: Sequence[Person]) -> list[str]:
    """Return how each is called: the name, with the account where another one has it, or where none is."""
    shown = [clean(first_visible(*person)) for person in people]
    times = Counter(shown)
    return [
        f"{name} ({clean(account)})" if times[name] > 1 and account else name
        for name, (_, account) in zip(shown, people, strict=True)
    ]


def listed(people: Sequence[Person], most: int) -> str:
    """Return the first ``most`` of them in a sentence, and how many more there are."""
    more = f" and {len(people) - most:,} more" if len(people) > most else ""
    return ", ".join(tell_apart(people)[:most]) + more
