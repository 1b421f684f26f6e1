"""Provision on demand: one person at once, told stage by stage [provision-on-demand]."""

import json
from datetime import datetime
from typing import Any, Literal

from xtsync_tui.emulator.clock import fine_stamp, stamp
from xtsync_tui.emulator.connection import refusal
from xtsync_tui.emulator.errors import wrapped
from xtsync_tui.emulator.export import Exporter, Occasion
from xtsync_tui.emulator.job import Job
from xtsync_tui.emulator.limits import ON_DEMAND
from xtsync_tui.emulator.provisioning_log import ProvisioningLog, error_information
from xtsync_tui.emulator.routing import Answer, Context, Route
from xtsync_tui.emulator.rules import rules_of
from xtsync_tui.emulator.run import Logs, exporter_of
from xtsync_tui.emulator.sides import FOREVER, Assignments, SourceSide
from xtsync_tui.emulator.state import Document, World
from xtsync_tui.emulator.synchronization import BASE, WRITE, job_of
from xtsync_tui.engine.cycle import Done, Failed, Halt
from xtsync_tui.engine.decision import EXPORTS, Action, Decision, Reason, User
from xtsync_tui.engine.job import note_link
from xtsync_tui.engine.on_demand import decide_on_demand
from xtsync_tui.engine.quarantine import JobError
from xtsync_tui.engine.references import decide_references
from xtsync_tui.engine.rules import Rules, user_mapping

Encoding = Literal[1, 2]
STATUS_INFO = "Microsoft.Identity.Health.CPP.Common.DataContracts.SyncFabric.StatusInfo"
RESULTS = {"success": "Success", "skipped": "Skipped", "failure": "Failure"}
TYPES = {"import": "Import", "scoping": "Scoping", "matching": "Matching", "export": "Export"}
ACTIONS = {"stagedDelete": "Delete"}


def routes() -> list[Route]:
    """Return the routes of this area."""
    return [Route("POST", f"{BASE}/jobs/{{job}}/provisionOnDemand", provision, WRITE, ON_DEMAND)]


async def provision(context: Context) -> Answer:
    """Provision the person in the body now, as a cycle would, and tell how that went."""
    job = job_of(context)
    user_id = _subject(context, job)
    error = refusal(context.world, context.tenant, job.secrets)
    exporter = exporter_of(context.world, job)
    if error is not None or exporter is None:
        return _answer(context, _not_connected(context, job, user_id, error))
    return _answer(context, OneUser(context.world, job, exporter, context.now).provision(user_id))


class OneUser:
    """What is needed to provision one person outside a cycle."""

    def __init__(self, world: World, job: Job, exporter: Exporter, now: datetime) -> None:
        self._now = now
        self._job = job
        self._exporter = exporter
        self._rules: Rules = rules_of(world, job, exporter.target)
        late = stamp(now - world.assignment_delay) if world.assignment_delay else FOREVER
        assignments = Assignments(job.source, job.service_principal_id, late)
        self._source = SourceSide(job.source, assignments, job.state.links)
        log = ProvisioningLog(world, job, exporter.target, self._rules, world.new_id())
        self._logs = Logs(world, job, exporter.target, log)

    def provision(self, user_id: str) -> Document:
        """Provision the person; return the row of the log, with all modified properties in one."""
        user = self._source.get(user_id)
        if user is None or user.deleted:
            raise _not_found(user_id)
        decision = decide_on_demand(self._rules, user, self._job.state.links, self._exporter.side)
        if decision.action not in EXPORTS:
            self._note(user, decision)
            rows = self._logs.noted(user, decision, self._now)
        else:
            rows = self._export(user, decision)
        if decision.references:
            rows += self._refer(user, decision)
        return {**rows[0], "modifiedProperties": [p for row in rows for p in row["modifiedProperties"]]}

    def _export(self, user: User, decision: Decision) -> list[Document]:
        outcome = self._exporter.apply(user, decision, self._now, Occasion.ON_DEMAND)
        if isinstance(outcome, Halt):
            outcome = Failed(outcome.error.code, outcome.error.message)
        state = self._job.state
        if isinstance(outcome, Done):
            note_link(state.links, user, decision, outcome.target_id, on_demand=True)
            state.escrows.pop(user.id, None)
            state.held.discard(user.id)
        return self._logs.exported(user, decision, outcome, self._now)

    def _note(self, user: User, decision: Decision) -> None:
        links = self._job.state.links
        if decision.action is Action.NONE:
            note_link(links, user, decision, str(decision.target_id))
        elif decision.reason is Reason.TARGET_GONE:
            del links[user.id]

    def _refer(self, user: User, decision: Decision) -> list[Document]:
        found = decide_references(user, decision.references, self._job.state.links, self._exporter.side)
        return self._export(user, found) if found.action in EXPORTS else []


def _subject(context: Context, job: Job) -> str:
    """Return the id of the person to provision.

    Not documented: how a wrong request is refused; the forms and codes here are ours.
    """
    parameters: Any = context.document().get("parameters")
    match parameters:
        case [{"ruleId": rule_id, "subjects": [{"objectId": str(user_id), "objectTypeName": kind}]}]:
            if rule_id != user_mapping(job.schema)[0]["id"]:
                raise wrapped(400, "InvalidParameter", f"There is no synchronization rule '{rule_id}'.")
            if kind != "User":
                raise wrapped(400, "EntityTypeNotSupported", "Only users can be provisioned on demand.")
            return user_id
        case _:
            raise wrapped(400, "InvalidParameter", "Exactly one rule with one subject was expected.")


def _not_found(user_id: str) -> Exception:
    return wrapped(404, "ObjectNotFound", f"The user '{user_id}' was not found in the source directory.")


def _not_connected(context: Context, job: Job, user_id: str, error: JobError | None) -> Document:
    code, message = (error.code, error.message) if error else ("InvalidCredentials", "")
    identity = {"id": user_id, "displayName": "", "identityType": "User", "details": {}}
    return {
        "changeId": context.world.new_id(),
        "activityDateTime": fine_stamp(context.now),
        "provisioningAction": "other",
        "provisioningSteps": [],
        "modifiedProperties": [],
        "provisioningStatusInfo": {
            "status": "failure",
            "errorInformation": error_information(code, message),
        },
        "sourceIdentity": identity,
        "targetIdentity": {**identity, "id": ""},
        "sourceSystem": {"id": job.service_principal_id, "displayName": "", "details": {}},
        "targetSystem": {"id": job.service_principal_id, "displayName": "", "details": {}},
    }


def _answer(context: Context, row: Document) -> Answer:
    """Return ``row`` of the log in the encoding that the world is set to.

    Encoding 2 is the one documented for cross-tenant synchronization; 1 is that of the API page.
    """
    told = _told(row, context.now)
    if context.world.on_demand_encoding == 2:
        pair = {"key": STATUS_INFO, "value": json.dumps([told], ensure_ascii=False)}
    else:
        info = told["statusInfo"]
        details = {} if info["status"] == "Success" else _details(row, info)
        key = json.dumps({"result": info["status"], "details": details}, ensure_ascii=False)
        pair = {"key": key, "value": json.dumps(told, ensure_ascii=False)}
    return context.entity("microsoft.graph.stringKeyStringValuePair", pair)


def _details(row: Document, info: Document) -> Document:
    skips = [step["details"].get("SkipReason") for step in row["provisioningSteps"]]
    code = info.get("errorCode") or next((reason for reason in reversed(skips) if reason), "")
    return {"errorCode": code, "errorMessage": info.get("reason") or ""}


def _told(row: Document, now: datetime) -> Document:
    """Return a row of the log as provision on demand spells it: other names, and capitals."""
    moment = fine_stamp(now)
    action = str(row["provisioningAction"])
    return {
        "action": ACTIONS.get(action, action.capitalize()),
        "changeId": row["changeId"],
        "startTime": row["activityDateTime"],
        "endTime": moment,
        "reportableIdentifier": row["sourceIdentity"]["details"].get("UserPrincipalName")
        or row["sourceIdentity"]["id"],
        "provisioningSteps": [_step(step, moment) for step in row["provisioningSteps"]],
        "modifiedProperties": row["modifiedProperties"],
        "statusInfo": _status_info(row),
        "sourceIdentity": _identity(row["sourceIdentity"]),
        "targetIdentity": _identity(row["targetIdentity"]),
        "sourceSystem": _system(row["sourceSystem"]),
        "targetSystem": _system(row["targetSystem"]),
    }


def _step(step: Document, moment: str) -> Document:
    return {
        "name": step["name"],
        "type": TYPES[step["provisioningStepType"]],
        "status": RESULTS[step["status"]],
        "description": step["description"],
        "timestamp": moment,
        "details": step["details"],
    }


def _status_info(row: Document) -> Document:
    status = row["provisioningStatusInfo"]
    information = status["errorInformation"] or {}
    last = row["provisioningSteps"][-1]["description"] if row["provisioningSteps"] else ""
    skipped = status["status"] == "skipped"
    return {
        "status": RESULTS[status["status"]],
        "errorCode": information.get("errorCode"),
        "reason": information.get("reason") or (last if skipped else None),
        "additionalDetails": information.get("additionalDetails"),
        "errorCategory": information.get("errorCategory"),
        "recommendedAction": information.get("recommendedAction"),
    }


def _identity(identity: Document) -> Document:
    return {
        "id": identity["id"],
        "type": identity["identityType"],
        "displayName": identity["displayName"],
        "details": identity["details"],
    }


def _system(system: Document) -> Document:
    return {"id": system["id"], "name": system["displayName"], "details": system["details"]}
