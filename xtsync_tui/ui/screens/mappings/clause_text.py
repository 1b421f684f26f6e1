"""What the form of a clause says: what its operator asks, what surprises, and what fits. All pure."""

from collections import Counter
from collections.abc import Sequence

from xtsync_tui.engine.operators import OPERATORS, key
from xtsync_tui.text import clean
from xtsync_tui.ui.render import people_count, people_do
from xtsync_tui.workspace.mappings.crowd import Crowd
from xtsync_tui.workspace.setup import Clause, Operator

NAME = 16
"""Columns of most names of operators."""
CASE = "upper and lower case count"
ASKS = {
    "EQUALS": ("the same text", CASE),
    "NOT EQUALS": ("another text", CASE),
    "IS TRUE": ("the value is true", ""),
    "IS FALSE": ("the value is false", ""),
    "IS NULL": ("there is no value", ""),
    "IS NOT NULL": ("there is a value", ""),
    "REGEX MATCH": ("the pattern is found", CASE),
    "NOT REGEX MATCH": ("the pattern is not found", CASE),
    "Greater_Than": ("a greater whole number", ""),
    "Greater_Than_OR_EQUALS": ("this or a greater one", ""),
    "Includes": ("the value has this text", CASE),
    "ENDS_WITH": ("the value ends with this text", ""),
    "&": ("this text has the value", "hardly documented"),
    "!&": ("it has not the value", "hardly documented"),
}
"""When a clause holds, by its operator, and what to know ["define-conditional-rules-for-provisioning-…"]."""
_ASKS = {key(name): words for name, words in ASKS.items()}
MOST = 200
"""Values that are offered of one attribute."""


def asks(operator: str) -> str:
    """Return what an operator asks, "" for one that is not documented."""
    when, note = _ASKS.get(key(operator), ("", ""))
    return f"{operator}: {when}{'; ' if note else ''}{note}." if when else ""


def operators(listed: Sequence[Operator]) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the operators to choose from, each with what it asks, and those that the service does not list.

    Where its list could not be read, all documented ones are offered.
    """
    known = {key(one.name) for one in listed}
    off = [each.name for each in OPERATORS if known and key(each.name) not in known]
    names = [one.name for one in listed] or [each.name for each in OPERATORS]
    options = [(name, f"{name.ljust(NAME)}  {_ASKS.get(key(name), ('',))[0]}".rstrip()) for name in names]
    return [*options, *((name, f"{name}  – this service does not list it") for name in off)], off


def values(crowd: Crowd, attribute: str) -> list[tuple[str, str]]:
    """Return the values of an attribute that the people read have, the commonest first, and how many."""
    found = _values(crowd, attribute).most_common(MOST)
    wide = min(max((len(value) for value, _ in found), default=0), 40)
    return [(value, f"{clean(value, 40).ljust(wide)}  {people_count(count)}") for value, count in found]


def _values(crowd: Crowd, attribute: str) -> Counter[str]:
    return Counter(
        value for person in crowd.people if isinstance(value := person.record.get(attribute), str) and value
    )


def nobody_has(crowd: Crowd, clause: Clause) -> str:
    """Return that nobody read has the value of a clause, and who has it in other letters; "" otherwise."""
    if key(clause.operator) not in {"EQUALS", "NOT EQUALS"} or not clause.values:
        return ""
    found = _values(crowd, clause.attribute)
    if any(value in found for value in clause.values):
        return ""
    wanted = {value.casefold() for value in clause.values}
    other = next((value for value, _ in found.most_common() if value.casefold() in wanted), "")
    value = clean(" or ".join(clause.values), 40)
    told = f"! Nobody of {people_count(len(crowd.people))} read has {clean(clause.attribute)} {value}"
    if not other:
        return f"{told}."
    return f"{told}; {people_do(found[other], 'has', 'have')} {clean(other, 40)}: upper and lower case count."


def without_value(crowd: Crowd, clause: Clause) -> str:
    """Return who has no value and so is out: every operator but IS NULL is false for them; "" for nobody."""
    empty = sum(not person.record.get(clause.attribute) for person in crowd.people)
    if not empty or key(clause.operator) == "IS NULL":
        return ""
    have = f"{people_count(empty)} {'has' if empty == 1 else 'have'} no {clean(clause.attribute)}"
    return f"! {have} and {'is' if empty == 1 else 'are'} out. To keep them: a filter with IS NULL."
