"""What a schema comes to in a few words: mappings, filters, target object actions."""

from dataclasses import dataclass

from xtsync_tui.engine.default_schema import default_schema
from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Json
from xtsync_tui.workspace.schema import filter_groups, mapping_rows, user_mapping

ACTIONS = (("Add", "create"), ("Update", "update"), ("Delete", "delete"))
"""Target object actions: the name in ``flowTypes`` and the word here."""


@dataclass(frozen=True, slots=True)
class SchemaFacts:
    """``changed`` counts mappings that differ from the default; ``actions`` are those that are on."""

    mappings: int
    changed: int
    filters: tuple[str, ...]
    actions: frozenset[str]


def schema_facts(schema: Json) -> SchemaFacts | None:
    """Return what ``schema`` comes to, None for one without a mapping of users."""
    try:
        rows = mapping_rows(schema)
        defaults = {row.target: row for row in mapping_rows(default_schema("job"))}
        on = {part.strip() for part in (user_mapping(schema).get("flowTypes") or "").split(",")}
    except InvalidInput:
        return None
    changed = sum(defaults.get(row.target) != row for row in rows)
    changed += len(defaults.keys() - {row.target for row in rows})
    names = tuple(group.name or "unnamed" for group in filter_groups(schema))
    return SchemaFacts(len(rows), changed, names, frozenset(word for part, word in ACTIONS if part in on))
