"""``$search`` of directory objects: ``"property:words"`` joined by AND and OR."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from xtsync_tui.emulator.entities import EntityType
from xtsync_tui.emulator.errors import bad_query

Predicate = Callable[[Any], bool]

_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|\(|\)|AND\b|OR\b)')
_WORD = re.compile(r"\w+")
_BY_WORDS = frozenset({"displayName", "description"})
"""Properties that are searched by the beginnings of their words; all others by their own beginning."""


def _tokens(text: str) -> Iterator[str]:
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _syntax(text, position)
        yield match.group(1)
        position = match.end()


def _syntax(text: str, position: int) -> Exception:
    character = text[position : position + 1]
    return bad_query(
        f"Syntax error: character '{character}' is not valid at position {position} in '{text}'."
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _clause(token: str, entity: EntityType) -> Predicate:
    """Return the test for one quoted ``"property:words"``."""
    name, colon, text = re.sub(r"\\(.)", r"\1", token[1:-1]).partition(":")
    if not colon or name not in entity.searchable:
        raise bad_query(f"Unsupported property '{name}' for $search on type '{entity.name}'.")
    if name in _BY_WORDS:
        wanted = _words(text)
        return lambda row: _begins_words((row.get(name) or "").casefold(), wanted)
    start = text.casefold()
    if entity.properties[name] == "many":
        return lambda row: any(value.casefold().startswith(start) for value in row.get(name) or ())
    return lambda row: (row.get(name) or "").casefold().startswith(start)


def _begins_words(text: str, wanted: list[str]) -> bool:
    """Return whether each of ``wanted`` begins a word of ``text``; most texts do not even contain it."""
    if not all(start in text for start in wanted):
        return False
    words = _WORD.findall(text)
    return all(any(word.startswith(start) for word in words) for start in wanted)


def compile_search(text: str, entity: EntityType) -> Predicate:
    """Return the test for ``$search``; AND binds tighter than OR.

    Raises:
        Refusal: 400, when a clause is not quoted or its property cannot be searched.
    """
    tokens = [*_tokens(text), ""]
    at = 0

    def term() -> Predicate:
        nonlocal at
        found = tokens[at]
        at += 1
        if found == "(":
            inner = either()
            if tokens[at] != ")":
                raise _syntax(text, len(text))
            at += 1
            return inner
        if not found.startswith('"'):
            raise _syntax(text, 0)
        return _clause(found, entity)

    def both() -> Predicate:
        nonlocal at
        tests = [term()]
        while tokens[at] == "AND" or tokens[at].startswith('"') or tokens[at] == "(":
            at += tokens[at] == "AND"
            tests.append(term())
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def either() -> Predicate:
        nonlocal at
        tests = [both()]
        while tokens[at] == "OR":
            at += 1
            tests.append(both())
        return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)

    test = either()
    if tokens[at]:
        raise _syntax(text, len(text))
    return test
