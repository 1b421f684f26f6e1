"""``xtsync scope``: scoping filters without a tenant."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xtsync_tui.cli.casefile import Outcome, Row, read_rows, report
from xtsync_tui.cli.failures import reported
from xtsync_tui.errors import InvalidInput

if TYPE_CHECKING:
    from xtsync_tui.engine.decision import User
    from xtsync_tui.engine.rules import Rules

ALL_USERS = "Sync all users and groups"
ASSIGNED_USERS = "Sync only assigned users and groups"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Test scoping filters, without a tenant."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@reported()
def test(file: Path, as_json: bool) -> None:
    """Judge each row of FILE and compare with what it expects.

    FILE has one JSON object a line. "type" is one of filter (filter, user → in_scope), decision (the whole
    gate: scope, direct_assignments, groups, user_id, user, filter → in_scope) and validation (filter →
    valid). Exit code 1: a row failed. 2: FILE cannot be used.
    """
    report([_judge(row) for row in read_rows(file)], as_json=as_json)


def _judge(row: Row) -> Outcome:
    kinds = {"filter": _filter, "decision": _decision, "validation": _validation}
    kind = row.get("type")
    if kind not in kinds:
        raise InvalidInput(
            f"Row {row['id']}: unknown type {kind!r}.", "", "Types are filter, decision and validation."
        )
    try:
        actual, note = kinds[kind](row)
    except (AttributeError, KeyError, TypeError) as error:
        detail = f"{type(error).__name__}: {error}"
        raise InvalidInput(f"Row {row['id']} does not have the form of a {kind} row.", detail) from error
    told = "valid" if kind == "validation" else "in_scope"
    if told not in row:
        raise InvalidInput(f"Row {row['id']} does not say what it expects.", "", f"Give it {told!r}.")
    expected = row[told]
    accepted = [expected] if row.get("strict", True) else row.get("accept", [True, False, None])
    if given := row.get("skip_reason"):
        note = f"skip reason: expected {given!r}, actual {str(note)!r}"
    return Outcome(row["id"], actual in accepted, expected, actual, note)


def _filter(row: Row) -> tuple[bool | None, str]:
    from xtsync_tui.engine.scoping import compile_groups

    scope = _scope(row)
    record = _record(row)
    judged = [compile_groups(scope[part]).judge(record) for part in ("groups", "inputFilterGroups")]
    return False if False in judged else None if None in judged else True, ""


def _validation(row: Row) -> tuple[bool, str]:
    from xtsync_tui.engine.filter_check import check_filter, is_valid

    problems = check_filter(_scope(row))
    return is_valid(problems), " ".join(problem.message for problem in problems)


def _decision(row: Row) -> tuple[bool | None, str]:
    from xtsync_tui.engine.decision import Reason, gates, outside

    rules, user = _rules(row), _user(row)
    passed = gates(rules, user)
    reason = outside(rules, user, passed)
    if reason is None and not passed.active:
        reason = Reason.NOT_ENTITLED
    details = f"IsActive {passed.active}, Assigned {passed.assigned}"
    note = f"{reason} ({details})" if reason is Reason.NOT_ENTITLED else reason or ""
    return (None if reason is Reason.CANNOT_TELL else reason is None), note


def _scope(row: Row) -> dict[str, Any]:
    from xtsync_tui.engine.scoping import from_portal

    given = row.get("filter") or {}
    return {part: from_portal(given.get(part) or ()) for part in ("groups", "inputFilterGroups")}


def _record(row: Row) -> dict[str, Any]:
    from xtsync_tui.engine.values import to_value

    return {name: to_value(value) for name, value in (row.get("user") or {}).items()}


def _rules(row: Row) -> "Rules":
    import random
    from datetime import UTC, datetime

    from xtsync_tui.engine.default_schema import default_schema
    from xtsync_tui.engine.expressions import Context
    from xtsync_tui.engine.rules import compile_rules, user_mapping

    if row["scope"] not in {ALL_USERS, ASSIGNED_USERS}:
        hint = f"It is {ALL_USERS!r} or {ASSIGNED_USERS!r}."
        raise InvalidInput(f"Row {row['id']}: unknown scope {row['scope']!r}.", "", hint)
    schema = default_schema("case")
    user_mapping(schema)[1]["scope"].update(_scope(row))
    context = Context(now=lambda: datetime.now(UTC), random=random.SystemRandom())
    return compile_rules(schema, sync_all=row["scope"] == ALL_USERS, context=context)


def _user(row: Row) -> "User":
    from xtsync_tui.engine.decision import User

    user_id, record = row["user_id"], _record(row)
    groups = row.get("groups") or {}
    holding = {name for name, group in groups.items() if user_id in (group.get("members") or ())}
    assigned = [name for name, group in groups.items() if group.get("assigned")]
    usable = [name for name in assigned if name in holding and groups[name].get("securityEnabled", True)]
    return User(
        id=user_id,
        record=record,
        direct=user_id in (row.get("direct_assignments") or ()),
        groups=usable,
        nested=not usable and any(_children(groups, name) & holding for name in assigned),
        member=record.get("userType") != "Guest",
        deleted=record.get("IsSoftDeleted") == "True",
    )


def _children(groups: dict[str, Any], name: str) -> set[str]:
    """Return the groups inside ``name``, at any depth; groups may contain each other in a ring."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for child in groups.get(waiting.pop(), {}).get("child_groups") or ():
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found
