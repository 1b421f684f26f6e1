"""Schemas to edit, and what differs between two of them."""

import copy
from typing import Any

from xtsync_tui.engine.default_schema import default_schema
from xtsync_tui.model import Json
from xtsync_tui.workspace.mappings.draft import Draft, Mapping, begin, rows

JOIN = 'Join(", ", [surname], [givenName])'


def strange(value: Json, path: str = "") -> Json:
    """Return a copy with a member that nobody knows in every object."""
    if isinstance(value, dict):
        return {
            **{name: strange(one, f"{path}/{name}") for name, one in value.items()},
            "x": f"kept at {path}",
        }
    if isinstance(value, list):
        return [strange(one, f"{path}/{at}") for at, one in enumerate(value)]
    return value


def schema() -> Json:
    """Return the default schema with a member that nobody knows in every object, and numbers of all kinds."""
    found = strange(default_schema("job"))
    found["numbers"] = [1.0, 10**30, -0.0, 1e-7]
    return found


def draft() -> Draft:
    return begin(schema())


def mapping(of: Draft, target: str) -> Mapping:
    return next(row.mapping for row in rows(of) if row.target == target)


def differing(before: Any, after: Any, path: str = "") -> set[str]:
    """Return the paths of the members in which two documents differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = before.keys() | after.keys()
        return {one for key in keys for one in differing(before.get(key), after.get(key), f"{path}/{key}")}
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return {one for index, (a, b) in pairs for one in differing(a, b, f"{path}/{index}")}
    return set() if before == after else {path}


def untouched(of: Draft) -> Draft:
    """Return a deep copy, to see that an edit changed nothing in place."""
    return copy.deepcopy(of)
