"""The rules of one synchronization job: its schema and settings, compiled once for many users."""

from dataclasses import dataclass
from typing import Any

from xtsync_tui.engine.expressions import Context
from xtsync_tui.engine.mapping import AttributeMapping, compile_mapping
from xtsync_tui.engine.scoping import ScopingFilter, compile_groups, from_portal

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides about a user: scope, mapping and the allowed target object actions.

    ``scope`` deprovisions who falls out of it. ``input_filter`` and ``builtin`` only ignore. ``source`` and
    ``target`` are the names of the two directories as descriptions write them.
    """

    sync_all: bool
    scope: ScopingFilter
    input_filter: ScopingFilter
    builtin: ScopingFilter
    mapping: AttributeMapping
    enabled: bool
    create: bool
    update: bool
    delete: bool
    rule_id: str
    source: str
    target: str


def filter_external_users() -> list[Json]:
    """Return Graph's ``filterGroup`` that keeps out external users and users with SMS sign-in.

    Seen in "cross-tenant-synchronization-configure". Not documented: where the service stores it. It counts
    whether or not a schema holds it.
    """
    clause = {"attribute": "alternativeSecurityIds", "operator": "EQUALS", "value": "None"}
    return from_portal([{"title": "Filter external users", "clauses": [clause]}])


class NoUserMapping(ValueError):
    """The schema has no object mapping from users to users."""


def user_mapping(schema: Json) -> tuple[Json, Json]:
    """Return the synchronization rule and the object mapping of users: from User to User, with a name.

    The schema of cross-tenant synchronization also holds unnamed object mappings
    ("cross-tenant-synchronization-configure-graph"). Raises NoUserMapping.
    """
    for rule in schema.get("synchronizationRules") or ():
        for mapping in rule.get("objectMappings") or ():
            ends = (mapping.get("sourceObjectName"), mapping.get("targetObjectName"))
            if ends == ("User", "User") and mapping.get("name"):
                return rule, mapping
    raise NoUserMapping("The schema has no object mapping from User to User.")


def attribute_definitions(schema: Json, directory: str) -> dict[str, Json]:
    """Return the User attributes that the schema defines for the directory called ``directory``, by name."""
    return {
        attribute["name"]: attribute
        for found in schema.get("directories") or ()
        if found.get("name") == directory
        for item in found.get("objects") or ()
        if item.get("name") == "User"
        for attribute in item.get("attributes") or ()
    }


def compile_rules(
    schema: Json, *, sync_all: bool, context: Context, target_domain: str | None = None
) -> Rules:
    """Compile Graph's ``synchronizationSchema`` document. Raises NoUserMapping.

    ``target_domain`` is the initial domain of the target; see ``mapping.compile_mapping``.
    """
    rule, mapping = user_mapping(schema)
    source, target = rule.get("sourceDirectoryName") or "", rule.get("targetDirectoryName") or ""
    scope = mapping.get("scope") or {}
    actions = {part.strip() for part in (mapping.get("flowTypes") or "").split(",")}
    return Rules(
        sync_all=sync_all,
        scope=compile_groups(scope.get("groups")),
        input_filter=compile_groups(scope.get("inputFilterGroups")),
        builtin=compile_groups(filter_external_users()),
        mapping=compile_mapping(
            mapping.get("attributeMappings") or (),
            attributes=attribute_definitions(schema, target),
            context=context,
            target_domain=target_domain,
        ),
        enabled=bool(mapping.get("enabled", True)),
        create="Add" in actions,
        update="Update" in actions,
        delete="Delete" in actions,
        rule_id=rule.get("id") or "",
        source=source,
        target=target,
    )
