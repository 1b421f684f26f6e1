"""Scoping filters in a draft: edits of one clause leave everything else of the document as it came."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace

from xtsync_tui.engine.filter_check import FilterProblem, check_filter
from xtsync_tui.engine.operators import find
from xtsync_tui.engine.rules import attribute_definitions
from xtsync_tui.model import Json
from xtsync_tui.workspace.mappings.draft import Draft
from xtsync_tui.workspace.schema import filter_groups, user_mapping, user_rule
from xtsync_tui.workspace.setup.answers import Clause, FilterGroup


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause with its place: the filter's number and name, and its own number, both from 0.

    ``mark`` is ``+`` for a clause that the filter did not have when it was read, ``~`` for one that stands
    where ``was`` stood.
    """

    group: int
    index: int
    name: str
    clause: Clause
    mark: str = ""
    was: Clause | None = None


def clause_rows(draft: Draft) -> tuple[ClauseRow, ...]:
    """Return every clause of every filter, in their order."""
    return _compared(draft)[0]


def taken(draft: Draft) -> tuple[str, ...]:
    """Return the clauses as they were read that the draft changed, then those that it takes out, in words."""
    rows, gone = _compared(draft)
    changed = (f"~ {row.name}: was {_words(row.was)}" for row in rows if row.was is not None)
    return (*changed, *(f"- {name}: {_words(clause)}" for name, clause in gone))


def _words(clause: Clause) -> str:
    return f"{clause.attribute} {clause.operator} {', '.join(clause.values)}".strip()


def _compared(draft: Draft) -> tuple[tuple[ClauseRow, ...], list[tuple[str, Clause]]]:
    """Return every clause with what became of it, and those that are out, with the name of their filter.

    Each filter is compared with one of its name as it was read; names need not differ, so each counts once.
    """
    left, rows, gone = list(filter_groups(draft.base)), [], []
    for at, group in enumerate(filter_groups(draft.document)):
        before = next((each for each in left if each.name == group.name), FilterGroup(group.name, ()))
        if before in left:
            left.remove(before)
        out = [clause for clause in before.clauses if clause not in group.clauses]
        for index, clause in enumerate(group.clauses):
            new = clause not in before.clauses
            was = out.pop(0) if new and out else None
            rows.append(ClauseRow(at, index, group.name, clause, ("~" if was else "+") * new, was))
        gone += [(group.name, clause) for clause in out]
    return tuple(rows), [*((group.name, clause) for group in left for clause in group.clauses), *gone]


def with_clause(draft: Draft, group: int, index: int, clause: Clause) -> Draft:
    """Return the draft with ``clause`` in this place; behind the last one it is added."""

    def edit(groups: list[Json]) -> None:
        clauses = groups[group].setdefault("clauses", [])
        if index < len(clauses):
            clauses[index] = _raw(clause, clauses[index])
        else:
            clauses.append(_raw(clause, {}))

    return _edited(draft, edit)


def with_filter(draft: Draft, name: str, clause: Clause) -> Draft:
    """Return the draft with one more filter, of one clause: who passes any filter is in scope."""
    return _edited(draft, lambda groups: groups.append({"name": name, "clauses": [_raw(clause, {})]}))


def free_name(draft: Draft) -> str:
    """Return a name for a filter that none has: ``Filter``, ``Filter 2``."""
    taken_, number = {group.name for group in filter_groups(draft.document)}, 1
    while (name := f"Filter {number}" if number > 1 else "Filter") in taken_:
        number += 1
    return name


def raw_filter(draft: Draft, group: int) -> Json:
    """Return a filter as the schema has it."""
    return user_mapping(draft.document)["scope"]["groups"][group]


def renamed(draft: Draft, group: int, name: str) -> Draft:
    """Return the draft with another name for a filter."""

    def edit(groups: list[Json]) -> None:
        groups[group]["name"] = name

    return _edited(draft, edit)


def without_clause(draft: Draft, group: int, index: int) -> Draft:
    """Return the draft without a clause; a filter without clauses would let everyone pass, so it goes too."""

    def edit(groups: list[Json]) -> None:
        del groups[group]["clauses"][index]
        if not groups[group]["clauses"]:
            del groups[group]

    return _edited(draft, edit)


def undone_filters(draft: Draft) -> Draft:
    """Return the draft with all filters as they were read."""
    document = copy.deepcopy(draft.document)
    user_mapping(document)["scope"] = copy.deepcopy(user_mapping(draft.base).get("scope"))
    return replace(draft, document=document)


def _edited(draft: Draft, edit: Callable[[list[Json]], None]) -> Draft:
    document = copy.deepcopy(draft.document)
    mapping = user_mapping(document)
    if not mapping.get("scope"):
        mapping["scope"] = {"categoryFilterGroups": [], "groups": [], "inputFilterGroups": []}
    scope = mapping["scope"]
    if scope.get("groups") is None:
        scope["groups"] = []
    edit(scope["groups"])
    return replace(draft, document=document)


def _raw(clause: Clause, before: Json) -> Json:
    return {
        **before,
        "operatorName": clause.operator,
        "sourceOperandName": clause.attribute,
        "targetOperand": _operand(clause, before.get("targetOperand")),
    }


def _operand(clause: Clause, before: Json) -> Json:
    """Return the values of a clause as Graph keeps them; those that nobody edited stay as they came."""
    had = tuple(map(str, (before or {}).get("values") or ()))
    operator = find(clause.operator)
    if operator is not None and operator.arity == "Unary":
        return None if had else before
    return before if had == clause.values else {**(before or {}), "values": list(clause.values)}


def clause_problems(draft: Draft, clause: Clause) -> list[FilterProblem]:
    """Return what is wrong with a clause, or surprising about it."""
    rule = user_rule(draft.document)
    attributes = attribute_definitions(draft.document, rule.get("sourceDirectoryName") or "")
    return check_filter({"groups": [{"name": "", "clauses": [_raw(clause, {})]}]}, attributes or None)


ACTIONS = ("Add", "Update", "Delete")
"""Graph's words for the portal's Create, Update and Delete."""


def allowed(schema: Json) -> frozenset[str]:
    """Return which actions the service may take in TARGET."""
    said = user_mapping(schema).get("flowTypes") or ""
    return frozenset(part.strip() for part in said.split(",") if part.strip())


def with_action(draft: Draft, action: str, *, on: bool) -> Draft:
    """Return the draft with one action allowed or not; words that are not known here stay."""
    document = copy.deepcopy(draft.document)
    mapping = user_mapping(document)
    now = [part.strip() for part in (mapping.get("flowTypes") or "").split(",") if part.strip()]
    wanted = [each for each in now if each != action] + ([action] if on else [])
    order = {each: at for at, each in enumerate(ACTIONS)}
    wanted.sort(key=lambda each: order.get(each, len(order)))
    known = user_mapping(draft.base).get("flowTypes") or ""
    base = {part.strip() for part in known.split(",")}
    mapping["flowTypes"] = known if set(wanted) == base else ",".join(wanted)
    return replace(draft, document=document)
