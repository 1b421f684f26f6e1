"""Rows of the provisioning log, as the service writes them [provisioningobjectsummary]."""

from collections.abc import Sequence
from datetime import datetime

from xtsync_tui.emulator.clock import fine_stamp
from xtsync_tui.emulator.job import Job
from xtsync_tui.emulator.state import Document, Tenant, World
from xtsync_tui.engine.cycle import Failed
from xtsync_tui.engine.decision import Action, Decision, User
from xtsync_tui.engine.mapping import Change
from xtsync_tui.engine.rules import Rules
from xtsync_tui.engine.steps import Step, reason_text, shown, steps
from xtsync_tui.engine.values import Value

SYSTEM_ID = "66e4a8cc-1b7b-435e-95f8-f06cea133828"
INITIATOR = {"id": "", "displayName": "Azure AD Provisioning Service", "initiatorType": "system"}
ACTIONS = {
    Action.CREATE: "create",
    Action.UPDATE: "update",
    Action.RESTORE: "update",
    Action.DISABLE: "disable",
    Action.SOFT_DELETE: "delete",
    Action.HARD_DELETE: "delete",
}
"""provisioningAction of each action; everything else is "other". Not documented for restoring."""

INVITED = frozenset(
    {
        *("IsSoftDeleted", "accountEnabled", "alternativeSecurityIds", "displayName", "mail", "mailNickname"),
        *("preferredLanguage", "showInAddressList", "userPrincipalName", "userType"),
    }
)
"""What the row "create" of a new user holds; the other values follow in a row "update" of the same second
[cross-tenant-synchronization-configure-graph]. Not documented: which value is in which."""

ADVICE = {
    "AzureActiveDirectoryForbidden": "Relax the guest invite settings of the target tenant.",
    "Conflict": "Remove the contact or user with the same address from the target tenant.",
    "InvalidAnchor": "Restart the job so that the user is matched again.",
    "AttributeValidationFailed": "Correct the value in the source tenant, or the attribute mapping.",
}
SUCCESS: Document = {"status": "success", "errorInformation": None}
SKIPPED: Document = {"status": "skipped", "errorInformation": None}
HELD = SKIPPED  # Not documented: the status of a stagedDelete, of which nothing was carried out.


class ProvisioningLog:
    """Writes the rows of one cycle, or of one run on demand, of ``job``."""

    def __init__(self, world: World, job: Job, target: Tenant, rules: Rules, cycle_id: str) -> None:
        self._world = world
        self._job = job
        self._target = target
        self._rules = rules
        principal = job.source.service_principals.get(job.service_principal_id, {})
        name = principal.get("displayName", "")
        details = {
            "ApplicationId": principal.get("appId", ""),
            "ServicePrincipalId": job.service_principal_id,
            "ServicePrincipalDisplayName": name,
        }
        self._shared: Document = {
            "tenantId": target.id,
            "jobId": job.id,
            "cycleId": cycle_id,
            "servicePrincipal": {"id": job.service_principal_id, "displayName": name},
            "sourceSystem": {"id": SYSTEM_ID, "displayName": rules.source, "details": {}},
            "targetSystem": {"id": job.service_principal_id, "displayName": rules.target, "details": details},
            "initiatedBy": INITIATOR,
        }

    def write(
        self,
        user: User,
        decision: Decision,
        at: datetime,
        *,
        target_id: str | None = None,
        failure: Failed | None = None,
        staged: bool = False,
    ) -> list[Document]:
        """Write what became of ``decision``: one row, two for a new user. Return them."""
        acted = failure is None and not staged and decision.action in ACTIONS
        told = steps(self._rules, user, decision, done=acted)
        if failure is not None:
            told = (*told[:-1], told[-1]._replace(status="failure", description=failure.message))
        status = HELD if staged else _status(user, decision, failure)
        action = "stagedDelete" if staged else ACTIONS.get(decision.action, "other")
        changes = list(decision.changes) if failure is None and not staged else []
        parts = [(action, changes)]
        later = [change for change in changes if change.attribute not in INVITED]
        if action == "create" and later and decision.target_id is None:
            parts = [("create", [c for c in changes if c.attribute in INVITED]), ("update", later)]
        target = target_id or decision.target_id
        return [self._row(user, name, part, told, status, target, at) for name, part in parts]

    def _row(
        self,
        user: User,
        action: str,
        changes: Sequence[Change],
        told: Sequence[Step],
        status: Document,
        target_id: str | None,
        at: datetime,
    ) -> Document:
        row = {
            "id": self._world.new_id(),
            "activityDateTime": fine_stamp(at),
            **self._shared,
            "changeId": self._world.new_id(),
            "provisioningAction": action,
            "durationInMilliseconds": self._world.random.randint(90, 1900),
            "sourceIdentity": _source_identity(user),
            "targetIdentity": _target_identity(target_id),
            "provisioningStatusInfo": status,
            "provisioningSteps": [step_document(step) for step in told],
            "modifiedProperties": [modified(change) for change in changes],
        }
        self._job.source.provisioning_log.add(row)
        return row


def step_document(step: Step) -> Document:
    """Return one provisioningStep as the log spells it."""
    return {
        "name": step.name,
        "provisioningStepType": step.type,
        "status": step.status,
        "description": step.description,
        "details": step.details,
    }


def modified(change: Change) -> Document:
    """Return one modifiedProperty."""
    old = _logged(change.attribute, change.old) or None
    return {
        "displayName": change.attribute,
        "oldValue": old,
        "newValue": _logged(change.attribute, change.new),
    }


def _logged(attribute: str, value: Value) -> str:
    """Return a value as the log shows it; alternativeSecurityIds is a list, of which it tells the length."""
    return "(1 values)" if value and attribute == "alternativeSecurityIds" else shown(value)


def error_information(code: str, reason: str) -> Document:
    """Return the errorInformation of a failed row."""
    return {
        "errorCode": code,
        "reason": reason,
        "additionalDetails": None,
        "errorCategory": "failure",
        "recommendedAction": ADVICE.get(code),
    }


def _status(user: User, decision: Decision, failure: Failed | None) -> Document:
    name = shown(user.record.get("userPrincipalName")) or user.id
    if failure is not None:
        return {"status": "failure", "errorInformation": error_information(failure.code, failure.message)}
    if decision.action is Action.FAIL:
        information = error_information(str(decision.reason), reason_text(decision, name))
        return {"status": "failure", "errorInformation": information}
    return SKIPPED if decision.action in (Action.SKIP, Action.NONE) else SUCCESS


def _source_identity(user: User) -> Document:
    name = shown(user.record.get("displayName"))
    details = {
        "id": user.id,
        "odatatype": "User",
        "DisplayName": name,
        "UserPrincipalName": shown(user.record.get("userPrincipalName")),
    }
    return {"id": user.id, "displayName": name, "identityType": "User", "details": details}


def _target_identity(target_id: str | None) -> Document:
    return {"id": target_id or "", "displayName": "", "identityType": "User", "details": {}}
