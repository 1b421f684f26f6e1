"""Why a row of the provisioning log is as it is, in the few words that a column has room for. Pure."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from xtsync_tui.engine.troubleshooting import by_log_row
from xtsync_tui.model import Json, ProvisioningEvent
from xtsync_tui.workspace.logs.explaining import Way, explain, is_external
from xtsync_tui.workspace.logs.lines import Line, Outcome, details_of

NOT_IN_SCOPE = "NotEffectivelyEntitled"
"""The service's one word for several causes, which only the steps of the row tell apart."""
WORDS = {
    NOT_IN_SCOPE: "not in scope",
    "RedundantExport": "nothing to change",
    "UnableToResolveReferenceAttributeValue": "manager is not synchronized",
    "AzureActiveDirectoryForbidden": "guest invitations not allowed",
    "InvitationCreationFailureAmbiguousUser": "another user in TARGET has the address",
    "Conflict": "address or name is taken in TARGET",
    "DuplicateTargetEntries": "matches several users in TARGET",
    "DeletedAtTarget": "deleted in TARGET",
    "InvalidAnchor": "the account in TARGET is gone",
}
"""Short sentences for the service's words that are met most."""

_CLAUSE = re.compile(r"(?:.*?\.)?([A-Za-z]\w*) ([A-Z][A-Z_ ]*[A-Z])(?: '(.*)')?", re.DOTALL)
"""A clause as the log writes it: ``Germany.country EQUALS 'Germany'``."""
_SMS = "alternativeSecurityIds"
CANNOT_TELL = "? cannot tell"


def why(line: Line) -> str:
    """Return why a row is as it is, "" when there is nothing to say; the text is not cleaned."""
    event = line.event
    if not isinstance(event, ProvisioningEvent):
        return line.why
    if line.outcome is Outcome.HELD:
        return "delete held: threshold"
    if line.outcome in {Outcome.SUCCESS, Outcome.WARNING}:
        return _gone(event) if line.what == "delete" else _changed(event)
    if line.code == NOT_IN_SCOPE and (told := explain(line)):
        if told.way is Way.FILTERS:
            return leaving(event).words.removeprefix("no longer ").replace("assigned", "not assigned")
        title = told.title.removeprefix("Skipped: ")
        return title if title[1:2].isupper() else title[:1].lower() + title[1:]
    error = event.provisioning_status_info.error_information if event.provisioning_status_info else None
    return WORDS.get(line.code) or (error.reason if error else "") or line.code


def _gone(event: ProvisioningEvent) -> str:
    words = leaving(event).words
    return "" if words == CANNOT_TELL else words


def _changed(event: ProvisioningEvent) -> str:
    names = ", ".join(change.display_name or "" for change in event.modified_properties)
    return f"changed: {names}" if names else ""


class Leaving(NamedTuple):
    """Why somebody is deleted, and the step of the set-up that can bring the person back, 0 for none."""

    words: str
    step: int = 0


def leaving(event: ProvisioningEvent) -> Leaving:
    """Return why somebody is, or would be, deleted in TARGET."""
    gates = details_of(event)
    if _deleted_at_home(event):
        return Leaving("deleted in SOURCE")
    if gates.get("Assigned to the application", gates.get("Assigned")) == "False":
        return Leaving("no longer assigned", 7)
    passed = gates.get("Scoping filter evaluation passed", "").casefold() == "true"
    if not passed and "false" in gates.get("ScopeEvaluationResult", "").lower():
        return Leaving(_outside(gates), 8)
    if gates.get("Active in the source system", gates.get("IsActive")) == "False":
        return Leaving("disabled in SOURCE")
    entries = by_log_row(msgspec.to_builtins(event))
    return Leaving(entries[0].cause if entries else CANNOT_TELL)


def _deleted_at_home(event: ProvisioningEvent) -> bool:
    """Tell whether the import says so; the export of every deletion does."""
    details = (step.details or {} for step in event.provisioning_steps)
    return any(part.get("objectId") and part.get("IsSoftDeleted") == "True" for part in details)


def _outside(gates: Mapping[str, str]) -> str:
    """Return which clause is false, with the person's value where the row holds it."""
    clause = failed_clause(gates["ScopeEvaluationResult"])
    match = _CLAUSE.fullmatch(clause)
    if match is None:
        return f"filter: {clause}"
    attribute, operator, wanted = match.groups()
    asked = clause[match.start(1) :]
    if attribute == _SMS:
        return "external user" if is_external(gates.get("userPrincipalName", "")) else "SMS sign-in is on"
    if attribute not in gates:
        return f"filter: {attribute} is not {wanted}" if operator == "EQUALS" else f"filter: {asked}"
    value = gates[attribute] or "empty"
    if operator == "EQUALS":
        return f"filter: {attribute} is {value}, not {wanted}"
    return f"filter: {attribute} is {value}; {asked}"


def failed_clause(result: str) -> str:
    """Return the first clause that is false of a ScopeEvaluationResult, with its filter's name."""
    try:
        clauses: Json = msgspec.json.decode(result)
    except msgspec.DecodeError:
        return result
    failed = [name for name, passed in clauses.items() if not passed] if isinstance(clauses, dict) else []
    return str(failed[0]) if failed else result
