"""The synchronization schema as the raw document: typed views of it, and edits that change nothing else.

``PUT`` replaces the whole document, so whatever this program does not know has to survive an edit
[synchronization-synchronizationschema-update].
"""

import copy
import hashlib
from collections.abc import Iterator

from xtsync_tui.engine.schema_check import REQUIRED_TARGETS
from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Json, exact
from xtsync_tui.workspace.setup.answers import Clause, FilterGroup
from xtsync_tui.workspace.setup.found import MappingRow

ALWAYS = "Always"
CREATE_ONLY = "ObjectAddOnly"
_APPLY = {ALWAYS: "always", CREATE_ONLY: "creation only"}
_KINDS = {"Attribute": "Direct", "Constant": "Constant", "Function": "Expression"}


def user_rule(schema: Json) -> Json:
    """Return the rule that has the user mapping; raises InvalidInput when there is none."""
    return _found(schema)[0]


def user_mapping(schema: Json) -> Json:
    """Return the object mapping of users: User to User, with a name; raises InvalidInput without one."""
    return _found(schema)[1]


def _found(schema: Json) -> tuple[Json, Json]:
    for rule in schema.get("synchronizationRules") or ():
        for mapping in rule.get("objectMappings") or ():
            ends = (mapping.get("sourceObjectName"), mapping.get("targetObjectName"))
            if ends == ("User", "User") and mapping.get("name"):
                return rule, mapping
    raise InvalidInput("SOURCE: the schema has no mapping of users", "It cannot be edited from here.")


def mapping_rows(schema: Json) -> tuple[MappingRow, ...]:
    """Return the attribute mappings of users, in the order of the service."""
    return tuple(_row(mapping) for mapping in user_mapping(schema).get("attributeMappings") or ())


def _row(mapping: Json) -> MappingRow:
    source = mapping.get("source") or {}
    target = mapping.get("targetAttributeName") or ""
    matching = mapping.get("matchingPriority") or 0
    locked = "The service recognises people by it." if matching else ""
    if target in REQUIRED_TARGETS and not matching:
        locked = "The service needs it: it can be changed, not removed."
    kind = source.get("type") or ""
    flow = mapping.get("flowType") or ""
    return MappingRow(
        target=target,
        kind=_KINDS.get(kind, kind),
        source=source.get("expression") or source.get("name") or "",
        default=mapping.get("defaultValue") or "",
        apply=_APPLY.get(flow, flow),
        matching=matching,
        locked=locked,
    )


def mapping_of(schema: Json, target: str) -> Json | None:
    """Return the raw attribute mapping of ``target``, None when it is not mapped."""
    mappings = user_mapping(schema).get("attributeMappings") or ()
    return next((one for one in mappings if one.get("targetAttributeName") == target), None)


def constant(schema: Json, target: str) -> str | None:
    """Return the constant that flows into ``target``, None when it is not a constant."""
    source = (mapping_of(schema, target) or {}).get("source") or {}
    return source.get("name") if source.get("type") == "Constant" else None


def with_constant(schema: Json, target: str, value: str, flow: str) -> Json:
    """Return the schema with ``target`` mapped to a constant, added at the end if it is not mapped."""
    changed = copy.deepcopy(schema)
    mapping = mapping_of(changed, target)
    if mapping is None:
        mapping = {
            "defaultValue": None,
            "exportMissingReferences": False,
            "flowBehavior": "FlowWhenChanged",
            "matchingPriority": 0,
            "targetAttributeName": target,
        }
        user_mapping(changed)["attributeMappings"].append(mapping)
    mapping["flowType"] = flow
    # Constants are stored as an expression in quotes too [cross-tenant-synchronization-configure-graph].
    mapping["source"] = {"expression": f'"{value}"', "name": value, "type": "Constant", "parameters": []}
    return changed


def filter_groups(schema: Json) -> tuple[FilterGroup, ...]:
    """Return the scoping filters whose loss deprovisions; the built-in ones are not among them."""
    scope = user_mapping(schema).get("scope") or {}
    return tuple(_group(group) for group in scope.get("groups") or ())


def _group(group: Json) -> FilterGroup:
    clauses = tuple(
        Clause(
            clause.get("sourceOperandName") or "",
            clause.get("operatorName") or "",
            tuple(map(str, (clause.get("targetOperand") or {}).get("values") or ())),
        )
        for clause in group.get("clauses") or ()
    )
    return FilterGroup(group.get("name") or "", clauses)


def source_attributes(schema: Json) -> tuple[str, ...]:
    """Return the names of the user attributes that a scoping filter may ask about, in alphabetical order.

    Multi-valued and reference attributes, dates and userType cannot be used
    [define-conditional-rules-for-provisioning-user-accounts].
    """
    wanted = user_rule(schema).get("sourceDirectoryName")
    found = {
        attribute.get("name") or ""
        for attribute in _attributes(schema, wanted)
        if not attribute.get("multivalued") and attribute.get("type") not in ("Reference", "DateTime")
    }
    return tuple(sorted(found - {"", "userType", "appRoleAssignments", "manager"}, key=str.casefold))


def _attributes(schema: Json, directory: str | None) -> Iterator[Json]:
    for one in schema.get("directories") or ():
        if one.get("name") == directory:
            for thing in one.get("objects") or ():
                if thing.get("name") == "User":
                    yield from thing.get("attributes") or ()


def fingerprint(schema: Json) -> str:
    """Return a short text that differs when mappings or scope differ, whatever the version says."""
    rules = schema.get("synchronizationRules")
    return hashlib.sha256(exact.encode(rules, ordered=True)).hexdigest()[:16]
