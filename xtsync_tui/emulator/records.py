"""Graph's user documents as the engine's records, and back: the provisioning service uses older names.

The names are those of "customize-application-attributes"; their Graph equivalents are not documented.
"""

from collections.abc import Iterable
from typing import Any

from xtsync_tui.emulator.state import Document, Tenant, net_id
from xtsync_tui.engine.decision import TargetUser
from xtsync_tui.engine.expressions.functions.lists import alt_sec_id_from_net_id
from xtsync_tui.engine.values import Record, Value, to_value

GRAPH_NAMES = {
    "facsimileTelephoneNumber": "faxNumber",
    "mobile": "mobilePhone",
    "physicalDeliveryOfficeName": "officeLocation",
    "dirSyncEnabled": "onPremisesSyncEnabled",
    "immutableId": "onPremisesImmutableId",
    "userState": "externalUserState",
}
"""Directory schema name → property of Graph's user, where they differ."""

SCHEMA_NAMES = {graph: schema for schema, graph in GRAPH_NAMES.items()}
BOOLEANS = frozenset({"accountEnabled", "showInAddressList"})
_HIDDEN = frozenset(
    {
        *("id", "businessPhones", "onPremisesExtensionAttributes", "employeeOrgData", "identities"),
        *("assignedLicenses", "assignedPlans", "provisionedPlans", "signInActivity", "passwordProfile"),
        *("createdDateTime", "deletedDateTime", "lastPasswordChangeDateTime"),
        *("creationType", "externalUserState", "externalUserStateChangeDateTime"),
    }
)
"""What a record leaves out, or holds under other names."""

ROLE = "msiam_access"
SMS_READY = "ready"


def alternative_id(guest_net_id: str) -> str:
    """Return the alternative security id made of a netId, as the matching row of the mapping makes it."""
    return str(alt_sec_id_from_net_id(guest_net_id))


def is_internal(user: Document) -> bool:
    """Return whether the account of ``user`` is at home in its tenant."""
    return user.get("creationType") != "Invitation" and "#EXT#" not in user.get("userPrincipalName", "")


def signs_in_by_sms(tenant: Tenant, user_id: str) -> bool:
    """Return whether SMS sign-in is switched on for the person."""
    return any(m.get("smsSignInState") == SMS_READY for m in tenant.phone_methods.get(user_id, ()))


def _flat(user: Document) -> dict[str, Value]:
    """Return what a document says under the directory schema names."""
    record: dict[str, Value] = {
        SCHEMA_NAMES.get(name, name): value
        for name, raw in user.items()
        if name not in _HIDDEN and (value := to_value(raw)) is not None and not isinstance(raw, dict)
    }
    if phones := user.get("businessPhones"):
        record["telephoneNumber"] = to_value(phones[0])
    for name, raw in (user.get("onPremisesExtensionAttributes") or {}).items():
        record[name] = to_value(raw)
    for name, raw in (user.get("employeeOrgData") or {}).items():
        record[f"employeeOrgData.{name}"] = to_value(raw)
    record["objectId"] = user["id"]
    return record


def source_record(tenant: Tenant, user: Document, *, deleted: bool, entitled: bool) -> Record:
    """Return a user of the source as the service imports it.

    ``alternativeSecurityIds`` is the text None for an internal user without SMS sign-in; nothing is known of
    its form for others [cross-tenant-synchronization-configure].
    """
    record = _flat(user)
    user_id = user["id"]
    record.pop("userType", None)
    record["netId"] = net_id(user_id)
    record["IsSoftDeleted"] = str(deleted)
    plain = is_internal(user) and not signs_in_by_sms(tenant, user_id)
    record["alternativeSecurityIds"] = "None" if plain else alternative_id(net_id(user_id))
    if entitled:
        record["appRoleAssignments"] = ROLE
    if manager := tenant.managers.get(user_id):
        record["manager"] = manager
    return record


def target_user(tenant: Tenant, target_id: str) -> TargetUser | None:
    """Return a user of the target, also a soft-deleted one; None when there is no such user."""
    user, deleted = tenant.users.get(target_id), False
    if user is None:
        user, deleted = tenant.deleted_users.get(target_id), True
    if user is None:
        return None
    record = _flat(user)
    record["IsSoftDeleted"] = str(deleted)
    if guest_net_id := tenant.alternative_ids.get(target_id):
        record["alternativeSecurityIds"] = (alternative_id(guest_net_id),)
    if manager := tenant.managers.get(target_id):
        record["manager"] = manager
    return TargetUser(target_id, record, deleted)


def write(user: Document, values: Iterable[tuple[str, Value]]) -> None:
    """Put ``values``, under directory schema names, into a user document of the target."""
    for name, value in values:
        if name.startswith("extensionAttribute"):
            user["onPremisesExtensionAttributes"] = {
                **(user.get("onPremisesExtensionAttributes") or {}),
                name: value,
            }
        elif name.startswith("employeeOrgData."):
            part = name.partition(".")[2]
            user["employeeOrgData"] = {**(user.get("employeeOrgData") or {}), part: value}
        elif name == "telephoneNumber":
            user["businessPhones"] = [value]
        elif name not in _NOT_WRITTEN:
            user[GRAPH_NAMES.get(name, name)] = _graph_value(name, value)


_NOT_WRITTEN = frozenset({"alternativeSecurityIds", "IsSoftDeleted", "manager", "objectId"})


def _graph_value(name: str, value: Value) -> Any:
    if name in BOOLEANS:
        return str(value).lower() == "true"
    return list(value) if isinstance(value, tuple) else value
