"""Whether a scoping filter may be saved, and what will surprise about it.

Sources: "define-conditional-rules-for-provisioning-user-accounts", "known-issues".
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from xtsync_tui.engine.operators import Operator, find, is_integer, key, pattern_fault

Json = Mapping[str, Any]

UNSUPPORTED = frozenset({"appRoleAssignments", "userType", "manager", "members", "memberOf"})
"""Attributes that filters may not use, whatever their type."""

DATES = frozenset(
    {
        *("accountExpires", "birthday", "employeeHireDate", "hireDate", "pwdLastSet", "lastLogon"),
        *(
            "lastLogonTimestamp",
            "lastPasswordChangeTimestamp",
            "softDeletionTimestamp",
            "whenCreated",
            "whenChanged",
        ),
        *("lastDirSyncTime", "lastPasswordChangeDateTime", "badPasswordTime", "lockoutTime"),
    }
)
"""Date attributes known by name; without a schema, names that end in Date or DateTime count as well."""

MULTIVALUED = frozenset(
    {
        *("proxyAddresses", "otherMails", "imAddresses", "businessPhones", "otherTelephone", "otherMobile"),
        *("assignedLicenses", "assignedPlans", "provisionedPlans", "directReports", "interests", "skills"),
        *("responsibilities", "schools", "pastProjects", "identities", "url", "otherHomePhone", "otherPager"),
    }
)
"""Multi-valued attributes known by name, when there is no schema."""


@dataclass(frozen=True, slots=True)
class FilterProblem:
    """One thing about a filter. Only an error keeps it from being saved.

    ``group`` and ``clause`` are positions, ``clause`` is None for a problem of the group.
    """

    code: str
    severity: Literal["error", "warning"]
    message: str
    group: int
    clause: int | None = None


def check_filter(scope: Json, attributes: Mapping[str, Json] | None = None) -> list[FilterProblem]:
    """Check Graph's ``filter`` object: its ``groups``, and the ``inputFilterGroups`` counted on behind them.

    ``attributes`` are the source's attribute definitions by name, None when they are not known.
    """
    groups = [*(scope.get("groups") or ()), *(scope.get("inputFilterGroups") or ())]
    return [
        problem for position, group in enumerate(groups) for problem in _group(position, group, attributes)
    ]


def is_valid(problems: Iterable[FilterProblem]) -> bool:
    """Tell whether a filter with these problems may be saved."""
    return all(problem.severity != "error" for problem in problems)


def _group(position: int, group: Json, attributes: Mapping[str, Json] | None) -> Iterator[FilterProblem]:
    clauses = group.get("clauses") or ()
    if not clauses:
        message = "A filter without clauses lets everyone pass."
        yield FilterProblem("emptyGroup", "warning", message, position)
    for number, clause in enumerate(clauses):
        name = clause.get("sourceOperandName") or ""
        operator = find(clause.get("operatorName") or "")
        values = [str(value) for value in (clause.get("targetOperand") or {}).get("values") or ()]
        errors = [
            *_attribute(name, attributes),
            *_operator(clause.get("operatorName") or "", operator, values),
        ]
        for code, message in errors:
            yield FilterProblem(code, "error", message, position, number)
        if operator and not errors:
            for code, message in _surprises(operator, values, (attributes or {}).get(name, {})):
                yield FilterProblem(code, "warning", message, position, number)


def _attribute(name: str, attributes: Mapping[str, Json] | None) -> Iterator[tuple[str, str]]:
    if not name:
        yield "missingAttribute", "Choose an attribute."
        return
    known = (attributes or {}).get(name, {})
    if name in UNSUPPORTED:
        yield "unsupportedAttribute", f"{name} cannot be used in scoping filters."
    elif _is_date(name, known):
        yield "unsupportedAttribute", f"{name} is a date, and dates cannot be used in scoping filters."
    elif known.get("type") == "Reference":
        yield (
            "unsupportedAttribute",
            f"{name} refers to another object and cannot be used in scoping filters.",
        )
    elif known.get("multivalued") or name in MULTIVALUED:
        yield "multivaluedAttribute", f"{name} has several values and cannot be used in scoping filters."
    elif attributes is not None and not known:
        yield "unknownAttribute", f"The schema has no attribute {name}{_nearest(name, attributes)}."


def _is_date(name: str, known: Json) -> bool:
    if name in DATES or known.get("type") == "DateTime":
        return True
    return not known and name.endswith(("DateTime", "Date", "Timestamp"))


def _nearest(name: str, attributes: Mapping[str, Json]) -> str:
    same = [known for known in attributes if known.lower() == name.lower()]
    return f"; did you mean {same[0]}? Letter case counts" if same else ""


def _operator(name: str, operator: Operator | None, values: list[str]) -> Iterator[tuple[str, str]]:
    if operator is None:
        message = (
            "IsMemberOf is not supported." if key(name) == "ISMEMBEROF" else f"Unknown operator {name!r}."
        )
        yield "unknownOperator", message
        return
    if operator.arity == "Unary":
        return
    if not any(values):
        yield "missingValue", f"{operator.name} needs a value."
        return
    for value in values:
        if operator.name.startswith("Greater") and not is_integer(value):
            yield "notAnInteger", f"{operator.name} compares whole numbers; {value!r} is none."
        if operator.name.endswith("REGEX MATCH") and (fault := pattern_fault(value)):
            yield "invalidPattern", f"{value} is not a regular expression: {fault}."


def _surprises(operator: Operator, values: list[str], definition: Json) -> Iterator[tuple[str, str]]:
    kind = definition.get("type")
    if kind and kind not in operator.types:
        yield "unusualType", f"{operator.name} is meant for {' or '.join(operator.types)}, not {kind}."
    if operator.arity == "Unary":
        if values:
            yield "ignoredValue", f"{operator.name} takes no value."
        return
    if any(value != value.strip() for value in values):
        yield "blanks", "The value begins or ends with a blank, which counts."
    anchored = all(value.startswith("^") and value.endswith("$") for value in values)
    if operator.name.endswith("REGEX MATCH") and not anchored:
        yield "unanchored", "The pattern matches anywhere in the value; write ^…$ to mean all of it."
    if operator.name in {"&", "!&"}:
        yield "unclear", f"What {operator.name} compares is hardly documented; prefer REGEX MATCH."
    if operator.name in {"NOT EQUALS", "NOT REGEX MATCH", "!&"}:
        yield "emptyIsOut", "Users without a value do not pass; add a second filter with IS NULL for them."
