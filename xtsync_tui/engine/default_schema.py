"""The default schema of a cross-tenant synchronization job, as a Graph ``synchronizationSchema`` document.

No full dump is public. Rule, names and the rows that were seen are from
"cross-tenant-synchronization-configure-graph" and the portal's pictures in
"cross-tenant-synchronization-configure"; row order between givenName and preferredLanguage, the group mapping
and the attribute lists are not documented and chosen here.
"""

from typing import Any

from xtsync_tui.engine.expressions.syntax import quote
from xtsync_tui.engine.operators import OPERATORS
from xtsync_tui.engine.rules import filter_external_users

Json = dict[str, Any]

RULE_ID = "df8df8d1-9e6e-40d3-b8df-09bbb402db7e"
SOURCE_DIRECTORY = "Azure Active Directory"
TARGET_DIRECTORY = "Azure Active Directory (target tenant)"
SOURCE_DIRECTORY_ID = "66e4a8cc-1b7b-435e-95f8-f06cea133828"
TARGET_DIRECTORY_ID = "2e5b7c1f-6f0d-4a53-9f3e-5c1d6a0e7b42"  # Not documented.

DIRECT = (
    *("IsSoftDeleted", "accountEnabled", "streetAddress", "city", "state", "postalCode", "country"),
    *("department", "employeeId", "displayName", "givenName", "jobTitle", "mailNickname", "manager"),
    *("physicalDeliveryOfficeName", "preferredLanguage", "surname", "telephoneNumber", "userPrincipalName"),
)
"""The Direct rows up to the first constant, in the order of the portal's list."""

_EXTENSIONS = tuple(f"extensionAttribute{number}" for number in range(1, 16))
_SHARED = {
    **dict.fromkeys((*DIRECT, *_EXTENSIONS), "String"),
    **dict.fromkeys(
        ("companyName", "employeeType", "facsimileTelephoneNumber", "mail", "mobile", "objectId"), "String"
    ),
    **dict.fromkeys(("ageGroup", "consentProvidedForMinor", "usageLocation"), "String"),
    **dict.fromkeys(("employeeOrgData.costCenter", "employeeOrgData.division"), "String"),
    **dict.fromkeys(("employeeHireDate", "employeeLeaveDateTime"), "DateTime"),
    **dict.fromkeys(("IsSoftDeleted", "accountEnabled", "showInAddressList"), "Boolean"),
    "alternativeSecurityIds": "String",
    "manager": "Reference",
    "otherMails": "String",
}
_SOURCE_ONLY = {
    **dict.fromkeys(("appRoleAssignments", "netId", "immutableId", "passwordPolicies"), "String"),
    **dict.fromkeys(
        ("proxyAddresses", "onPremisesDistinguishedName", "onPremisesSecurityIdentifier"), "String"
    ),
    "dirSyncEnabled": "Boolean",
}
_TARGET_ONLY = {"userState": "String", "userType": "String"}
_MULTIVALUED = {"otherMails", "proxyAddresses", "appRoleAssignments"}
_REQUIRED = {"userPrincipalName", "displayName", "mailNickname", "accountEnabled"}


def default_schema(job_id: str) -> Json:
    """Return the schema of a new job, or of the template when ``job_id`` is the template's schema id."""
    return {
        "id": job_id,
        "version": "v1.2",
        "synchronizationRules": [_rule()],
        "directories": [
            _directory(SOURCE_DIRECTORY_ID, SOURCE_DIRECTORY, _SHARED | _SOURCE_ONLY, _MULTIVALUED),
            _directory(
                TARGET_DIRECTORY_ID,
                TARGET_DIRECTORY,
                _SHARED | _TARGET_ONLY,
                {"alternativeSecurityIds", "otherMails"},
            ),
        ],
    }


def filter_operators() -> list[Json]:
    """Return Graph's ``filterOperatorSchema`` list, the answer of ``schema/filterOperators``."""
    return [
        {
            "name": operator.name,
            "arity": operator.arity,
            "multivaluedComparisonType": "All",
            "supportedAttributeTypes": list(operator.types),
        }
        for operator in OPERATORS
    ]


def attribute_source(name: str) -> Json:
    """Return the ``attributeMappingSource`` of a Direct mapping."""
    return {"expression": f"[{name}]", "name": name, "type": "Attribute", "parameters": []}


def constant_source(text: str) -> Json:
    """Return the ``attributeMappingSource`` of a Constant mapping, which Graph stores quoted."""
    return {"expression": quote(text), "name": text, "type": "Constant", "parameters": []}


def row(target: str, source: Json, *, matching: int = 0, flow_type: str = "Always") -> Json:
    """Return one ``attributeMapping`` without a default value."""
    return {
        "defaultValue": None,
        "exportMissingReferences": False,
        "flowBehavior": "FlowWhenChanged",
        "flowType": flow_type,
        "matchingPriority": matching,
        "targetAttributeName": target,
        "source": source,
    }


def _rule() -> Json:
    return {
        "containerFilter": None,
        "editable": True,
        "groupFilter": None,
        "id": RULE_ID,
        "name": "USER_INBOUND_USER",
        "priority": 1,
        "sourceDirectoryName": SOURCE_DIRECTORY,
        "targetDirectoryName": TARGET_DIRECTORY,
        "metadata": [
            {"key": "defaultSourceObjectMappings", "value": "[]"},
            {"key": "supportsProvisionOnDemand", "value": "true"},
        ],
        "objectMappings": [
            _object_mapping("Provision Azure Active Directory Users", "User", _user_rows(), enabled=True),
            _object_mapping("Provision Azure Active Directory Groups", "Group", _group_rows(), enabled=False),
            # The documented dump has unnamed mappings behind the first one; a client has to pass over them.
            _object_mapping("", "User", [], enabled=False),
        ],
    }


def _user_rows() -> list[Json]:
    match = {
        "expression": "AltSecIdFromNetId([netId])",
        "name": "AltSecIdFromNetId",
        "type": "Function",
        "parameters": [{"key": "source", "value": attribute_source("netId")}],
    }
    return [
        row("alternativeSecurityIds", match, matching=1),
        *(row(name, attribute_source(name)) for name in DIRECT),
        row("showInAddressList", constant_source("true")),
        row("mail", attribute_source("mail")),
        row("userType", constant_source("Member"), flow_type="ObjectAddOnly"),
    ]


def _group_rows() -> list[Json]:
    return [
        row("objectId", attribute_source("objectId"), matching=1),
        *(
            row(name, attribute_source(name))
            for name in ("displayName", "description", "mailNickname", "members")
        ),
    ]


def _object_mapping(name: str, kind: str, rows: list[Json], *, enabled: bool) -> Json:
    values = {
        "IsCustomerDefined": "false",
        "DisableMonitoringForChanges": "false",
        "Disposition": '"Normal"',
        "ExcludeFromReporting": "false",
        "EscrowBehavior": '"Default"',
        "Unsynchronized": "false",
        "OriginalJoiningProperty": "alternativeSecurityIds",
    }
    users = enabled and kind == "User"
    return {
        "enabled": enabled,
        "flowTypes": "Add,Update,Delete",
        "name": name,
        "sourceObjectName": kind,
        "targetObjectName": kind,
        "scope": {
            "categoryFilterGroups": [],
            "groups": [],
            "inputFilterGroups": filter_external_users() if users else [],
        },
        "metadata": [{"key": key, "value": value} for key, value in values.items()],
        "attributeMappings": rows,
    }


def _directory(directory_id: str, name: str, attributes: dict[str, str], multivalued: set[str]) -> Json:
    return {
        "id": directory_id,
        "name": name,
        "discoverabilities": "None",
        "discoveryDateTime": None,
        "readOnly": False,
        "version": None,
        "objects": [
            {
                "name": "User",
                "supportedApis": [],
                "metadata": [
                    {"key": "PropertyNameAccountEnabled", "value": "accountEnabled"},
                    {"key": "PropertyNameSoftDeleted", "value": "IsSoftDeleted"},
                ],
                "attributes": [
                    attribute_definition(attribute, kind, multivalued=attribute in multivalued)
                    for attribute, kind in sorted(attributes.items())
                ],
            }
        ],
    }


def attribute_definition(name: str, kind: str = "String", *, multivalued: bool = False) -> Json:
    """Return one ``attributeDefinition``; also what an added directory extension looks like."""
    referenced = [{"referencedObjectName": "User", "referencedProperty": "objectId"}]
    return {
        "anchor": name == "objectId",
        "apiExpressions": [],
        "caseExact": False,
        "defaultValue": None,
        "flowNullValues": False,
        "metadata": [],
        "multivalued": multivalued,
        "mutability": "ReadWrite",
        "name": name,
        "referencedObjects": referenced if kind == "Reference" else [],
        "required": name in _REQUIRED,
        "type": kind,
    }
