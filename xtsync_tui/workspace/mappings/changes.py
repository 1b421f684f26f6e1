"""What differs between two schemas in the words of an administrator, and between three."""

import copy
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from xtsync_tui.engine.scoping import clause_text
from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Json
from xtsync_tui.text import clean
from xtsync_tui.workspace.mappings.draft import Draft, opened, view
from xtsync_tui.workspace.schema import user_mapping


class Part(StrEnum):
    """A part of the schema that is compared and kept as one."""

    MAPPING = "mapping"
    FILTER = "filter"
    ACTIONS = "actions"
    REST = "rest"


Key = tuple[Part, str]
_THE_REST: Key = (Part.REST, "of the document")
_ACTIONS: Key = (Part.ACTIONS, "object actions")
NOT_THERE = "–"
"""What stands for a part that a schema does not have."""
NAMED = 3
"""Parts that are named where a whole change has to fit into one line."""


@dataclass(frozen=True, slots=True)
class Change:
    """One part that differs; ``mark`` is ``~``, ``+`` or ``-``, ``before`` and ``after`` are in words."""

    part: Part
    name: str
    mark: str
    before: str
    after: str

    @property
    def key(self) -> Key:
        """What is compared as one."""
        return self.part, self.name


def changes(before: Json, after: Json) -> tuple[Change, ...]:
    """Return what differs: mappings first, then filters, actions, and whatever else the document holds."""
    old, new = _parts(before), _parts(after)
    return tuple(
        Change(*key, _mark(old.get(key), new.get(key)), words(key, old.get(key)), words(key, new.get(key)))
        for key in sorted({**old, **new}, key=lambda key: list(Part).index(key[0]))
        if old.get(key) != new.get(key)
    )


def _mark(old: Json, new: Json) -> str:
    return "+" if old is None else "-" if new is None else "~"


def words(key: Key, raw: Json) -> str:
    """Return one part in words, "" when it is not there."""
    if raw is None:
        return ""
    match key[0]:
        case Part.MAPPING:
            mapping = view(raw)
            default = f", default {mapping.default}" if mapping.default else ""
            return f"{mapping.kind.word} {mapping.source}, {mapping.apply_words}{default}"
        case Part.FILTER:
            return " AND ".join(_clause(clause) for clause in raw.get("clauses") or ()) or "no clauses"
        case Part.ACTIONS:
            return raw["flowTypes"] if raw["enabled"] else f"{raw['flowTypes']}, switched off"
        case _:
            return "attributes of the directories, other rules or metadata"


def _clause(clause: Json) -> str:
    values = (clause.get("targetOperand") or {}).get("values") or ()
    name, operator = clause.get("sourceOperandName") or "", clause.get("operatorName") or ""
    return clause_text("", name, operator, map(str, values)).removeprefix(".")


def _parts(schema: Json) -> dict[Key, Json]:
    try:
        mapping = user_mapping(schema)
    except InvalidInput:
        return {_THE_REST: schema}
    found: dict[Key, Json] = {}
    for raw in mapping.get("attributeMappings") or ():
        found[_free(found, Part.MAPPING, raw.get("targetAttributeName") or "")] = raw
    for group in (mapping.get("scope") or {}).get("groups") or ():
        found[_free(found, Part.FILTER, group.get("name") or "")] = group
    return found | {_ACTIONS: _actions(mapping), _THE_REST: _rest(schema)}


def _actions(mapping: Json) -> Json:
    return {"flowTypes": mapping.get("flowTypes") or "", "enabled": bool(mapping.get("enabled", True))}


def _free(found: dict[Key, Json], part: Part, name: str) -> Key:
    """Return a key that is not taken: names of filters need not differ."""
    key, number = (part, name), 1
    while key in found:
        number += 1
        key = (part, f"{name} ({number})")
    return key


def _rest(schema: Json) -> Json:
    """Return the document without what is compared by itself, its version and the notes of OData."""
    rest = opened(schema)
    mapping = user_mapping(rest)
    for name in ("attributeMappings", "flowTypes", "enabled"):
        mapping.pop(name, None)
    scope = mapping.get("scope") or {"categoryFilterGroups": [], "inputFilterGroups": []}
    mapping["scope"] = {name: value for name, value in scope.items() if name != "groups"}
    return {name: value for name, value in rest.items() if name != "version" and not name.startswith("@")}


def same(one: Json, other: Json) -> bool:
    """Return whether nothing differs but the version."""
    return _parts(one) == _parts(other)


@dataclass(frozen=True, slots=True)
class ThreeWay:
    """A part that somebody changed since it was read: ``yours``, ``was`` and ``now``, each in words.

    ``conflict`` means that both sides changed it, each in another way.
    """

    part: Part
    name: str
    yours: str
    was: str
    now: str
    conflict: bool

    @property
    def key(self) -> Key:
        """What is kept as one."""
        return self.part, self.name

    @property
    def is_yours(self) -> bool:
        """Whether the draft changed it."""
        return self.yours != self.was


def three_ways(draft: Draft, live: Json) -> tuple[ThreeWay, ...]:
    """Return every part that the draft or somebody else changed, and that is not the same by now."""
    yours, was, now = _parts(draft.document), _parts(draft.base), _parts(live)
    found = []
    for key in sorted({**was, **yours, **now}, key=lambda key: list(Part).index(key[0])):
        mine, old, theirs = yours.get(key), was.get(key), now.get(key)
        if mine == theirs:
            continue
        conflict = mine != old and theirs != old
        texts = [words(key, raw) or NOT_THERE for raw in (mine, old, theirs)]
        found.append(ThreeWay(*key, *_told_apart(texts, mine, old, theirs), conflict))
    return tuple(found)


def _told_apart(texts: list[str], mine: Json, old: Json, theirs: Json) -> tuple[str, str, str]:
    """Return the words of three values, marked where different values have the same words."""
    yours, was, now = texts
    return (
        f"{yours} (changed here)" if mine != old and yours == was else yours,
        was,
        f"{now} (changed there)" if theirs != old and now == was else now,
    )


def merged(draft: Draft, live: Json, yours: Collection[Key]) -> Draft:
    """Return a draft on ``live`` that keeps ``yours`` of what differs, and theirs of everything else."""
    document = copy.deepcopy(draft.document if _THE_REST in yours else live)
    for name in ("id", "version"):
        if name in live:
            document[name] = live[name]
    wanted, theirs = _parts(draft.document), _parts(live)
    # What is kept is chosen before anything is put in its place: keys of equal names count from the first.
    kept = {key: (wanted if key in yours else theirs).get(key) for key in {**theirs, **wanted}}
    _put(user_mapping(document), kept)
    return replace(draft, base=live, document=document)


def _put(mapping: Json, kept: dict[Key, Json]) -> None:
    """Make what is kept the rows, filters and actions of ``mapping``; equal lists stay as they are."""
    kept = copy.deepcopy(kept)
    rows, groups = (
        [raw for key, raw in kept.items() if key[0] is part and raw is not None]
        for part in (Part.MAPPING, Part.FILTER)
    )
    if rows != (mapping.get("attributeMappings") or []):
        mapping["attributeMappings"] = rows
    scope = mapping.get("scope") or {}
    if groups != (scope.get("groups") or []):
        empty: Json = {"categoryFilterGroups": [], "groups": [], "inputFilterGroups": []}
        mapping["scope"] = {**empty, **scope, "groups": groups}
    actions = kept.get(_ACTIONS)
    if actions is not None and actions != _actions(mapping):
        mapping.update(actions)


def named(found: Sequence[Change]) -> str:
    """Return the parts that differ in one line: ``mapping city, filter Sales and 2 more``."""
    parts = [
        each.name if each.part is Part.ACTIONS else f"{each.part.value} {clean(each.name, 40)}"
        for each in found[:NAMED]
    ]
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return ", ".join(parts) + more
