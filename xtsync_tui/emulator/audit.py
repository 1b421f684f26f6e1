"""Rows of the directory audit logs: what the service tells in the source, and what the target sees happen."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from xtsync_tui.emulator.clock import fine_stamp
from xtsync_tui.emulator.routing import Context
from xtsync_tui.emulator.state import Document, Tenant, World

PROVISIONING = "Account Provisioning"
CATEGORY = "ProvisioningManagement"
CLOUD_SYNC = "Azure AD Cloud Sync"
SYNC_FABRIC = "Microsoft.Azure.SyncFabric"
B2B_WORKER = "Microsoft B2B Admin Worker"
SUBSTRATE = "Microsoft Substrate Management"

CREATED = (
    ("Invited Users", "Invite external user", SYNC_FABRIC, "Add", 0),
    ("Core Directory", "Add user", B2B_WORKER, "Add", 0),
    ("Core Directory", "Update user", B2B_WORKER, "Update", 0),
    ("Invited Users", "Redeem external user invite", "", "Update", 1),
    ("Invited Users", "Redeem external user invite", "", "Update", 1),
    ("Core Directory", "Update user", SYNC_FABRIC, "Update", 1),
    ("Core Directory", "Update user", SUBSTRATE, "Update", 180),
)
"""What the target's log tells of one new user: service, activity, actor, operation, seconds after the first
[configure cross-tenant synchronization, the portal's pictures]."""

UPDATED = (("Core Directory", "Update user", SYNC_FABRIC, "Update", 0),)
DELETED = (("Core Directory", "Delete user", SYNC_FABRIC, "Delete", 0),)
PURGED = (("Core Directory", "Hard Delete user", SYNC_FABRIC, "Delete", 0),)
RESTORED = (("Core Directory", "Restore user", SYNC_FABRIC, "Update", 0), *UPDATED)
STORIES = {
    "create": CREATED,
    "update": UPDATED,
    "disable": UPDATED,
    "soft-delete": DELETED,
    "hard-delete": PURGED,
    "restore": RESTORED,
}
"""What the target's log tells of each action of the engine."""


def app_actor(name: str) -> Document:
    """Return an initiatedBy of an application; "" for an actor that the log does not name."""
    app = {
        "appId": None,
        "displayName": name or None,
        "servicePrincipalId": None,
        "servicePrincipalName": None,
    }
    return {"user": None, "app": app}


def user_actor(user: Document) -> Document:
    """Return an initiatedBy of a person."""
    person = {
        "id": user["id"],
        "displayName": user.get("displayName"),
        "userPrincipalName": user.get("userPrincipalName"),
        "ipAddress": None,
    }
    return {"user": person, "app": None}


def audit_target(document: Document, kind: str, modified: Iterable[Document] = ()) -> Document:
    """Return one targetResource, ``kind`` as User or ServicePrincipal."""
    return {
        "id": document["id"],
        "displayName": document.get("displayName"),
        "type": kind,
        "userPrincipalName": document.get("userPrincipalName"),
        "groupType": None,
        "modifiedProperties": list(modified),
    }


def record(
    world: World,
    tenant: Tenant,
    activity: str,
    *,
    at: datetime,
    actor: Document,
    targets: list[Document],
    category: str = CATEGORY,
    service: str = PROVISIONING,
    operation: str = "Update",
    failed: bool = False,
    reason: str = "",
    details: dict[str, str] | None = None,
) -> None:
    """Append one row to the audit log of ``tenant``."""
    correlation = world.new_id()
    kind = "Sync" if service == PROVISIONING else "Directory"
    tenant.audit_log.add(
        {
            "id": f"{kind}_{correlation}_L5BFV_161778479",
            "activityDateTime": fine_stamp(at),
            "activityDisplayName": activity,
            "category": category,
            "correlationId": correlation,
            "loggedByService": service,
            "operationType": operation,
            "result": "failure" if failed else "success",
            "resultReason": reason,
            "initiatedBy": actor,
            "targetResources": targets,
            "additionalDetails": [{"key": key, "value": value} for key, value in (details or {}).items()],
        },
    )


def configured(context: Context, principal: Document, activity: str, reason: str = "") -> None:
    """Note a change of the configuration by the person who is signed in."""
    actor = user_actor(context.tenant.users[context.grant.user_id])
    targets = [audit_target(principal, "ServicePrincipal")]
    record(
        context.world,
        context.tenant,
        activity,
        at=context.now,
        actor=actor,
        targets=targets,
        reason=reason,
    )


def target_story(world: World, target: Tenant, user: Document, action: str, at: datetime) -> None:
    """Note in the target what an export with the engine's ``action`` looks like there."""
    for service, activity, actor, operation, later in STORIES.get(action, ()):
        record(
            world,
            target,
            activity,
            at=at + timedelta(seconds=later),
            actor=app_actor(actor),
            targets=[audit_target(user, "User")],
            category="UserManagement",
            service=service,
            operation=operation,
        )


def source_story(world: World, source: Tenant, principal: Document, row: Document, at: datetime) -> None:
    """Note in the source what a row of the provisioning log tells: each step, and how it ended."""
    information = row["provisioningStatusInfo"]["errorInformation"] or {}
    identity = row["sourceIdentity"]
    person = {
        "id": identity["id"],
        "displayName": identity["displayName"],
        "userPrincipalName": identity["details"]["UserPrincipalName"],
    }
    targets = [audit_target(principal, "ServicePrincipal"), audit_target(person, "User")]
    for activity, kind in (
        ("Import", "import"),
        ("Synchronization rule action", "scoping"),
        ("Export", "export"),
    ):
        step = next(
            (s for s in reversed(row["provisioningSteps"]) if s["provisioningStepType"] == kind), None
        )
        if step is None:
            continue
        failed = step["status"] == "failure"
        details = {
            "Details": step["description"],
            "ErrorCode": information.get("errorCode") or "",
            "EventName": step["name"],
        }
        record(
            world,
            source,
            activity,
            at=at,
            actor=app_actor(CLOUD_SYNC),
            targets=targets,
            failed=failed,
            reason=step["description"],
            details=details,
        )
