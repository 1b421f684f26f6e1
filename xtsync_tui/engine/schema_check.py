"""Whether a changed schema may replace the one before: the checks behind ``schemaInvalid``.

Sources: "cross-tenant-synchronization-configure", "cross-tenant-synchronization-directory-extensions",
"user-provisioning-sync-attributes-for-mapping", "known-issues".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xtsync_tui.engine.expressions import Problem, compile_expression
from xtsync_tui.engine.filter_check import check_filter
from xtsync_tui.engine.mapping import kind_of, source_text
from xtsync_tui.engine.rules import NoUserMapping, attribute_definitions, user_mapping

Json = dict[str, Any]

REQUIRED_TARGETS = frozenset(
    {
        *("alternativeSecurityIds", "IsSoftDeleted", "accountEnabled", "displayName"),
        *("preferredLanguage", "surname", "userPrincipalName"),
    }
)
"""The rows whose Delete button the portal disables (read off its pictures; not documented otherwise)."""

NO_SOURCES = frozenset({"userType", "sAMAccountName"})
NO_TARGETS = frozenset({"proxyAddresses", "otherMails", "targetAddress"})
CONSTANT_TARGETS = frozenset({"userType"})


@dataclass(frozen=True, slots=True)
class SchemaProblem:
    """One reason why the service refuses a schema.

    ``where`` is the target attribute, or the part of the schema. ``problem`` is set for an expression that
    cannot be compiled; it has the position.
    """

    where: str
    message: str
    problem: Problem | None = None
    code: str = "schemaInvalid"


def check_schema(old: Json, new: Json) -> list[SchemaProblem]:
    """Return why ``new`` may not replace ``old``; an empty list when it may."""
    try:
        _, before = user_mapping(old)
        rule, after = user_mapping(new)
    except NoUserMapping as error:
        return [SchemaProblem("objectMappings", str(error))]
    sources = attribute_definitions(new, rule.get("sourceDirectoryName") or "")
    targets = attribute_definitions(new, rule.get("targetDirectoryName") or "")
    rows = list(after.get("attributeMappings") or ())
    return [
        *_matching(before.get("attributeMappings") or (), rows),
        *_presence(rows),
        *(problem for row in rows for problem in _row(row, sources, targets)),
        *(
            SchemaProblem("scope", problem.message)
            for problem in check_filter(after.get("scope") or {}, sources or None)
            if problem.severity == "error"
        ),
    ]


def matching_key(row: Json) -> tuple[str, str, int]:
    """Return what may not change about a matching row: its target, source and precedence."""
    return row["targetAttributeName"], source_text(row.get("source")), row.get("matchingPriority") or 0


def _matching(before: Any, after: Any) -> Iterator[SchemaProblem]:
    fixed = sorted(matching_key(row) for row in before if row.get("matchingPriority"))
    wanted = sorted(matching_key(row) for row in after if row.get("matchingPriority"))
    if fixed != wanted:
        where = next((key[0] for key in (*wanted, *fixed) if (key in fixed) != (key in wanted)), "")
        yield SchemaProblem(where, "The matching attribute is fixed, and there cannot be a second one.")


def _presence(rows: list[Json]) -> Iterator[SchemaProblem]:
    names = [row["targetAttributeName"] for row in rows]
    for name in sorted(REQUIRED_TARGETS.difference(names)):
        yield SchemaProblem(name, f"The mapping of {name} is required and cannot be removed.")
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield SchemaProblem(name, f"{name} is mapped more than once.")


def _row(row: Json, sources: Mapping[str, Json], targets: Mapping[str, Json]) -> Iterator[SchemaProblem]:
    target, source = row["targetAttributeName"], row.get("source")
    kind, text = kind_of(source), source_text(source)
    if target in NO_TARGETS:
        yield SchemaProblem(target, f"{target} cannot be written in the target.")
    elif targets and target not in targets:
        yield SchemaProblem(target, _unknown(target, targets, "target"))
    if target in CONSTANT_TARGETS and kind not in {"Constant", "None"}:
        yield SchemaProblem(target, f"{target} only takes a constant: Member or Guest.")
    if kind not in {"Attribute", "Function"}:
        return
    compiled = compile_expression(text)
    if isinstance(compiled, Problem):
        yield SchemaProblem(target, compiled.message, compiled)
        return
    for name in sorted(compiled.attributes):
        if name in NO_SOURCES:
            yield SchemaProblem(target, f"{name} is not available as a source attribute.")
        elif sources and name not in sources:
            yield SchemaProblem(target, _unknown(name, sources, "source"))


def _unknown(name: str, known: Mapping[str, Json], side: str) -> str:
    same = next((other for other in known if other.lower() == name.lower()), None)
    hint = f" Letter case counts: {same}." if same else ""
    return f"The {side} schema has no attribute {name}.{hint}"
