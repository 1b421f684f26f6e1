"""A decision told as the service tells it: the steps of a provisioning log row, in four stages.

Names, texts and details are those of "provision-on-demand", "cross-tenant-synchronization-configure-graph"
and the provisioning log; where none was seen the nearest form is used: EntryExportDelete and the texts of
deletions.
"""

import json
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from xtsync_tui.engine.decision import Action, Decision, Reason, User
from xtsync_tui.engine.rules import Rules
from xtsync_tui.engine.values import Value


class Stage(IntEnum):
    """The stages that the portal shows for provision on demand."""

    IMPORT = 1
    SCOPE = 2
    MATCH = 3
    ACTION = 4

    @property
    def title(self) -> str:
        """The portal's heading."""
        return _TITLES[self]


_TITLES = {
    Stage.IMPORT: "Import user",
    Stage.SCOPE: "Determine if user is in scope",
    Stage.MATCH: "Match user between source and target system",
    Stage.ACTION: "Perform action",
}


class Step(NamedTuple):
    """One provisioning step; ``type`` (import, scoping, matching, export) and ``status`` as in the log."""

    stage: Stage
    name: str
    type: str
    status: str
    description: str
    details: dict[str, str]


_VERBS = {
    Action.CREATE: ("Add", "will be created", "was created"),
    Action.UPDATE: ("Update", "will be updated", "was updated"),
    Action.DISABLE: ("Update", "will be disabled", "was disabled"),
    Action.RESTORE: ("Update", "will be restored", "was restored"),
    Action.SOFT_DELETE: ("Delete", "will be soft-deleted", "was soft-deleted"),
    Action.HARD_DELETE: ("Delete", "will be deleted", "was deleted"),
}

REASONS = {
    Reason.NOT_ENTITLED: "The User '{name}' is not effectively entitled to be provisioned.",
    Reason.REDUNDANT: "The state of the user in both the source and target systems already match. "
    "No change to the User '{name}' currently needs to be made.",
    Reason.INVALID_VALUE: "A value of the User '{name}' cannot be computed or breaks a rule of the target.",
    Reason.UNRESOLVED_REFERENCE: "A reference of the User '{name}' points to an object not provisioned.",
    Reason.UNSUPPORTED: "The object mapping is disabled.",
    Reason.NO_MATCHING_VALUE: "The User '{name}' has no value for the matching attribute.",
    Reason.DUPLICATE_TARGETS: "More than one user of the target matches the User '{name}'.",
    Reason.TARGET_GONE: "The user that the User '{name}' is linked to no longer exists in the target.",
    Reason.SCOPING_FILTER: "The User '{name}' does not pass a scoping filter.",
    Reason.INPUT_FILTER: "The User '{name}' does not pass an input filter and is left as it is.",
    Reason.BUILTIN_FILTER: "External users and users with SMS sign-in are not synchronized.",
    Reason.INTERNAL_GUEST: "Guests with an account in the source are not synchronized.",
    Reason.CANNOT_TELL: "A clause of the scoping filter cannot be evaluated: User '{name}' is left as it is.",
    Reason.IGNORED: "An expression returned IgnoreObjectFlow for the User '{name}'.",
    Reason.ACTION_OFF: "The target object action is switched off for this mapping.",
    Reason.LEFT_DISABLED: "The User '{name}' was disabled before it lost its assignment and stays as it is.",
    Reason.DELETED_AT_TARGET: "The user was deleted in the target. Restore it there by hand.",
}
"""What each reason means, as a sentence with the user's ``{name}``."""


def steps(rules: Rules, user: User, decision: Decision, *, done: bool = False) -> tuple[Step, ...]:
    """Return the steps of ``decision`` in order; ``done`` says that the write has happened."""
    name = _name(user)
    return (
        _imported(rules, user, decision, name),
        _scoped(rules, user, decision),
        *_matched(rules, decision, name),
        _acted(rules, decision, name, done=done),
    )


def shown(value: Value) -> str:
    """Return a value as the log shows it: several values are counted, as in ``(1 values)``."""
    if isinstance(value, tuple):
        return f"({len(value)} values)"
    return value or ""


def skip_reason(reason: Reason) -> str:
    """Return the service's SkipReason: everything that keeps a user out of scope is NotEffectivelyEntitled.

    Not documented for filters; the details of the scoping step tell which one it was.
    """
    return Reason.NOT_ENTITLED if reason in _NOT_ENTITLED else reason


_NOT_ENTITLED = frozenset(
    {Reason.SCOPING_FILTER, Reason.INPUT_FILTER, Reason.BUILTIN_FILTER, Reason.INTERNAL_GUEST}
)


def _name(user: User) -> str:
    return shown(user.record.get("userPrincipalName")) or user.id


def _imported(rules: Rules, user: User, decision: Decision, name: str) -> Step:
    kind = "Delete" if user.deleted or user.purged else "Update" if decision.target_id else "Add"
    details = {attribute: shown(value) for attribute, value in user.record.items()}
    text = f"Retrieved User '{name}' from {rules.source}"
    return Step(Stage.IMPORT, f"EntryImport{kind}", "import", "success", text, details)


def _scoped(rules: Rules, user: User, decision: Decision) -> Step:
    gates = decision.gates
    details = {
        "Active in the source system": str(gates.active),
        "Assigned to the application": str(gates.assigned),
        "User has the required role": str(gates.has_role),
        "Scoping filter evaluation passed": str(bool(gates.filtered and gates.input and gates.builtin)),
        "ScopeEvaluationResult": json.dumps(
            evaluation(rules, user), ensure_ascii=False, separators=(",", ":")
        ),
    }
    if rules.sync_all:
        details["Scope sync all"] = "True"
    skipped = not decision.in_scope and decision.action is Action.SKIP
    if skipped and decision.reason:
        details["SkipReason"] = skip_reason(decision.reason)
    text = "Determine if User in scope by evaluating against each scoping filter"
    status = "skipped" if skipped else "success"
    return Step(Stage.SCOPE, "EntrySynchronizationScoping", "scoping", status, text, details)


def evaluation(rules: Rules, user: User) -> dict[str, bool | None]:
    """Return every clause's outcome under its text; the built-in filter only where it keeps the user out."""
    outcomes = rules.input_filter.explain(user.record) | rules.scope.explain(user.record)
    builtin = rules.builtin.explain(user.record)
    shared = {text: outcome for text, outcome in outcomes.items() if text not in builtin}
    return shared | {text: outcome for text, outcome in builtin.items() if not outcome}


def _matched(rules: Rules, decision: Decision, name: str) -> Iterator[Step]:
    if not decision.in_scope and not decision.target_id:
        return
    failed = decision.reason in {Reason.DUPLICATE_TARGETS, Reason.TARGET_GONE}
    found = decision.target_id if decision.reason is not Reason.TARGET_GONE else None
    details = {"TargetId": found} if found else {}
    text = (
        f"Found User '{name}' in {rules.target}" if found else f"No matching User was found in {rules.target}"
    )
    if failed:
        text = reason_text(decision, name)
    yield Step(Stage.MATCH, "EntryImport", "matching", "failure" if failed else "success", text, details)
    if decision.action in _VERBS:
        kind, future, _ = _VERBS[decision.action]
        text = f"User '{name}' {future} in {rules.target} ({_because(rules, decision)})"
        yield Step(Stage.MATCH, f"EntrySynchronization{kind}", "matching", "success", text, {})


def _because(rules: Rules, decision: Decision) -> str:
    match decision.action:
        case Action.CREATE:
            return (
                f"User is active and assigned in {rules.source}, "
                f"but no matching User was found in {rules.target}"
            )
        case Action.SOFT_DELETE:
            return f"User is no longer in scope or was deleted in {rules.source}"
        case Action.HARD_DELETE:
            return f"User was permanently deleted in {rules.source}"
        case Action.DISABLE:
            return f"User was disabled in {rules.source}"
        case Action.RESTORE:
            return f"User is in scope again in {rules.source}"
        case _:
            return "User in both systems, and their values differ"


def _acted(rules: Rules, decision: Decision, name: str, *, done: bool) -> Step:
    if decision.action in _VERBS:
        kind, future, past = _VERBS[decision.action]
        text = f"User '{name}' {past if done else future} in {rules.target}"
        details = {change.attribute: shown(change.new) for change in decision.changes}
        return Step(Stage.ACTION, f"EntryExport{kind}", "export", "success", text, details)
    text = reason_text(decision, name)
    if decision.action is Action.FAIL:
        details = {"ErrorCode": str(decision.reason)}
        return Step(Stage.ACTION, "EntryExport", "export", "failure", text, details)
    details = {"SkipReason": skip_reason(decision.reason)} if decision.reason else {}
    return Step(Stage.ACTION, "EntrySynchronizationSkip", "export", "skipped", text, details)


def reason_text(decision: Decision, name: str) -> str:
    """Return the sentence that explains a skipped, unchanged or failed decision."""
    text = REASONS[decision.reason].replace("{name}", name) if decision.reason else ""
    return f"{text} {decision.detail}".strip()
