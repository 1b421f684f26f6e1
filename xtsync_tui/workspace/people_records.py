"""People as Graph writes them, as the records that the engine reads: the service uses older names.

The names are those of "customize-application-attributes"; which property of Graph each one is, is not
documented.
"""

from collections.abc import Iterable
from dataclasses import replace

from xtsync_tui.engine.scoping import ScopingFilter
from xtsync_tui.engine.values import Record, Value, to_value
from xtsync_tui.graph.directory import PERSON
from xtsync_tui.model import Json

GRAPH_NAMES = {
    "facsimileTelephoneNumber": "faxNumber",
    "mobile": "mobilePhone",
    "physicalDeliveryOfficeName": "officeLocation",
    "dirSyncEnabled": "onPremisesSyncEnabled",
    "immutableId": "onPremisesImmutableId",
    "userState": "externalUserState",
    "objectId": "id",
}
"""Directory schema name → property of Graph's user, where they differ."""

SELECT = (
    *PERSON,
    *("ageGroup", "consentProvidedForMinor", "employeeHireDate", "employeeType", "faxNumber"),
    *("onPremisesDistinguishedName", "onPremisesExtensionAttributes", "onPremisesImmutableId"),
    *("onPremisesSecurityIdentifier", "onPremisesSyncEnabled", "otherMails", "passwordPolicies"),
    *("proxyAddresses", "usageLocation"),
)
"""What is asked of each person, so that any attribute of the schema can be tried on them."""

UNREADABLE = frozenset(
    {
        *("netId", "appRoleAssignments", "employeeLeaveDateTime"),
        *("employeeOrgData.costCenter", "employeeOrgData.division"),
    }
)
"""Attributes that are not read here: Graph has no such property, or one that needs to be asked for by itself.

What becomes of them cannot be told; they are never taken to be empty.
"""

_SCHEMA_NAMES = {graph: schema for schema, graph in GRAPH_NAMES.items()}
_LEFT_OUT = frozenset(
    {
        *("id", "manager", "businessPhones", "onPremisesExtensionAttributes", "employeeOrgData"),
        *("identities", "creationType", "createdDateTime", "deletedDateTime", "userType"),
    }
)


def selection(schema_attributes: Iterable[str]) -> tuple[str, ...]:
    """Return what to ask of each person, the directory extensions of the schema with it."""
    return (*SELECT, *(name for name in schema_attributes if name.startswith("extension_")))


def honest(scope: ScopingFilter) -> ScopingFilter:
    """Return a filter whose clauses cannot be told where they ask for what was not read."""
    if not scope.attributes & UNREADABLE:
        return scope
    return ScopingFilter(
        tuple(
            replace(
                group,
                clauses=tuple(
                    replace(clause, judge=lambda _: None) if clause.attribute in UNREADABLE else clause
                    for clause in group.clauses
                ),
            )
            for group in scope.groups
        )
    )


def extensions(schema: Json) -> list[str]:
    """Return the directory extensions that a schema names."""
    return [
        name
        for one in schema.get("directories") or ()
        for thing in one.get("objects") or ()
        for attribute in thing.get("attributes") or ()
        if (name := attribute.get("name") or "").startswith("extension_")
    ]


def is_internal(user: Json) -> bool:
    """Return whether the account is at home in its tenant, and a member of it."""
    named = "#EXT#" in (user.get("userPrincipalName") or "")
    return user.get("creationType") != "Invitation" and not named


SMS = "SMS sign-in"
"""What stands in alternativeSecurityIds of who signs in by SMS. Not documented: the service's own text."""


def source_record(user: Json, *, by_sms: bool = False) -> Record:
    """Return a user of the source as the service imports it.

    ``alternativeSecurityIds`` is the text None for an internal user. SMS sign-in shows there too, but only
    the phone methods of each person tell it: ``by_sms`` says that they do.
    """
    record = _flat(user)
    record["IsSoftDeleted"] = "False"
    if by_sms:
        record["alternativeSecurityIds"] = SMS
    elif is_internal(user):
        record["alternativeSecurityIds"] = "None"
    return record


def target_record(user: Json) -> Record:
    """Return a user of the target under the target's directory names."""
    return {**_flat(user), "IsSoftDeleted": "False", "userType": to_value(user.get("userType"))}


def _flat(user: Json) -> dict[str, Value]:
    record: dict[str, Value] = {
        _SCHEMA_NAMES.get(name, name): value
        for name, raw in user.items()
        if name not in _LEFT_OUT and (value := to_value(raw)) is not None
    }
    if phones := user.get("businessPhones"):
        record["telephoneNumber"] = to_value(phones[0])
    for name, raw in (user.get("onPremisesExtensionAttributes") or {}).items():
        record[name] = to_value(raw)
    if manager := (user.get("manager") or {}).get("id"):
        record["manager"] = str(manager)
    record["objectId"] = user["id"]
    return record
