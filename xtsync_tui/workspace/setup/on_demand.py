"""Step 11: one person through the service now: the four stages, and the person as found in TARGET."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import ondemand
from xtsync_tui.model import Json, OnDemandOutcome, OnDemandStep, ProvisioningEvent, Side, User
from xtsync_tui.workspace import repairs
from xtsync_tui.workspace.on_demand.request import provisioning
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup.answers import PersonAnswers
from xtsync_tui.workspace.setup.facts import Clients, Facts
from xtsync_tui.workspace.setup.found import InTarget, ModifiedAttribute, OnDemandResult, Stage
from xtsync_tui.workspace.setup.reading import Cause, Fact, Mark, StepReading, StepState
from xtsync_tui.workspace.setup.scope import somebody_in_scope
from xtsync_tui.workspace.setup.verdict import after, verdict

SUCCESS, SKIPPED, FAILURE, UNKNOWN = "Success", "Skipped", "Failure", "Unknown"
UNCHANGED = "RedundantExport"

_TITLES = ("Import", "Scope", "Match", "Action")
_STAGE_OF = {"import": 1, "scoping": 2, "matching": 3, "processing": 3, "export": 4}
_MARKS = {"success": Mark.GOOD, "skipped": Mark.NONE, "failure": Mark.BAD, "warning": Mark.UNKNOWN}
_ARRIVING = {"create", "update"}


def read_on_demand(facts: Facts) -> StepReading:
    """Return step 11: done once somebody arrived, by the log of the service or as noted here."""
    if facts.job is None:
        return after(facts, 11, 6)
    stay = _stay_deleted(facts)
    cause = _in_the_bin(facts, stay) if stay else None
    more = f", {len(stay)} in the bin" if stay else ""
    arrived = _arrived(facts)
    if arrived is None and not somebody_in_scope(facts):
        return after(facts, 11, 7)
    if arrived is None:
        return verdict(facts, 11, StepState.TO_DO, Fact("Now", "nobody provisioned yet"), cause=cause)
    words = f"done{more}" if more else ""
    return verdict(facts, 11, StepState.DONE, arrived, words=words, cause=cause)


def _arrived(facts: Facts) -> Fact | None:
    note = facts.notes.person
    if note is not None:
        return Fact("Provisioned", f"{note.value['name']}, here {note.at:%H:%M}")
    rows = facts.found.rows if facts.found else ()
    if isinstance(rows, XtSyncError):
        return None
    for row in rows:
        status = row.provisioning_status_info.status if row.provisioning_status_info else ""
        if (status or "").casefold() == "success" and (row.provisioning_action or "").casefold() in _ARRIVING:
            name = row.source_identity.display_name if row.source_identity else ""
            return Fact("Provisioned", f"{name}, {row.activity_date_time:%H:%M}, says the service's log")
    return None


def _stay_deleted(facts: Facts) -> tuple[User, ...]:
    """Return who in scope lies in the bin of TARGET and is not restored by the next cycle."""
    if isinstance(facts.deleted, XtSyncError):
        return ()
    rows = facts.found.rows if facts.found else ()
    known = () if isinstance(rows, XtSyncError) else rows
    return tuple(user for user in facts.deleted if not repairs.deleted_by_cycle(user, _about(user, known), 0))


def _about(user: User, rows: Iterable[ProvisioningEvent]) -> tuple[ProvisioningEvent, ...]:
    return tuple(row for row in rows if row.target_identity and row.target_identity.id == user.id)


def _in_the_bin(facts: Facts, gone: tuple[User, ...]) -> Cause:
    """Return the cause for people in scope who lie in the bin of TARGET."""
    repair = repairs.restoring(gone)
    return Cause(
        "Deleted in TARGET, not restored by the service",
        f"In the bin of {facts.target.label}: {repair.names}. Provisioning them again can make a duplicate.",
        f"f restore {repair.names}",
        None,
        Side.TARGET,
        repair=repair,
    )


def prepare_on_demand(_: Clients, facts: Facts, answers: PersonAnswers) -> tuple[Planned, ...]:
    """Return the request of step 11."""
    found = facts.found
    if found is None or facts.job is None or found.schema is None:
        raise InvalidInput("Step 6 comes first", "There is no job yet.")
    if isinstance(found.schema, XtSyncError):
        raise found.schema
    if not answers.user_id:
        raise InvalidInput("Person: nobody is chosen", "", "Search for a person.")
    sp = found.service_principal.id
    return (provisioning(sp, facts.job.id, found.schema, answers.user_id, answers.name),)


def read_answer(
    answer: Json, name: str, at: datetime, took: float, target: InTarget | None
) -> OnDemandResult:
    """Return the answer of the service as four stages; an answer nobody can read keeps its raw text."""
    raw = _pretty(answer)
    try:
        outcome = ondemand.outcome(answer)
    except XtSyncError as error:
        return OnDemandResult(name, UNKNOWN, error.detail, (), (), at, took, target, raw=raw)
    return replace(told(outcome, name, at, took), target=target, raw=raw)


def _pretty(answer: Json) -> str:
    """Return the answer as JSON with the JSON inside its texts opened."""
    opened = answer
    if isinstance(answer, dict):
        opened = {key: _opened(value) for key, value in answer.items()}
    return msgspec.json.format(msgspec.json.encode(opened)).decode()


def _opened(value: Json) -> Json:
    try:
        return msgspec.json.decode(value) if isinstance(value, str) and value[:1] in ("{", "[") else value
    except msgspec.DecodeError:
        return value


def told(outcome: OnDemandOutcome, name: str, at: datetime, took: float) -> OnDemandResult:
    """Return what the service told as four stages."""
    return OnDemandResult(
        name=name,
        result=outcome.result or UNKNOWN,
        words=_words(outcome),
        stages=_stages(outcome.provisioning_steps),
        modified=tuple(
            ModifiedAttribute(one.display_name or "", one.old_value or "", one.new_value or "")
            for one in outcome.modified_properties
        ),
        at=at,
        took=took,
        code=outcome.status_info.error_code or _skip_reason(outcome.provisioning_steps),
        change_id=outcome.change_id or "",
    )


_DID = {"create": "created", "update": "updated", "delete": "deleted", "disable": "disabled"}


def _words(outcome: OnDemandOutcome) -> str:
    match outcome.result:
        case "Success":
            return _DID.get((outcome.action or "").lower(), "no change needed")
        case "Skipped":
            reason = outcome.status_info.error_code or _skip_reason(outcome.provisioning_steps)
            return "no change needed" if reason == UNCHANGED else "skipped"
        case "":
            return "unknown"
        case _:
            return "failed"


def _skip_reason(steps: Iterable[OnDemandStep]) -> str:
    reasons = (str((step.details or {}).get("SkipReason") or "") for step in steps)
    return next(filter(None, reasons), "")


def _stages(steps: tuple[OnDemandStep, ...]) -> tuple[Stage, ...]:
    return tuple(
        _stage(number, [step for step in steps if _stage_of(step) == number]) for number in range(1, 5)
    )


def _stage_of(step: OnDemandStep) -> int:
    # The target lookup is an EntryImport of type Matching: the type decides, not the name.
    return _STAGE_OF.get((step.type or "").lower(), 4)


def _stage(number: int, steps: list[OnDemandStep]) -> Stage:
    title = _TITLES[number - 1]
    if not steps:
        return Stage(number, title, Mark.NONE, "not reached")
    marks = [_MARKS.get((step.status or "").lower(), Mark.UNKNOWN) for step in steps]
    worst = next(mark for mark in (Mark.BAD, Mark.UNKNOWN, Mark.NONE, Mark.GOOD) if mark in marks)
    words = " ".join(step.description for step in steps if step.description)
    details = tuple(pair for step in steps for pair in _details(step.details or {}))
    return Stage(number, title, worst, words, details)


def _details(details: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    return ((str(name), "" if value is None else str(value)) for name, value in details.items())
