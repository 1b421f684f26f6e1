"""Which properties each entity type has, and what may be asked of them, by the resource pages of Graph."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from xtsync_tui.emulator.odata import Kind

Shape = Literal["one", "many"]


@dataclass(frozen=True, slots=True)
class EntityType:
    """One entity type as data.

    ``properties`` says of each property whether it is a collection ("many": absent reads as an empty list).
    ``defaults`` are those returned without ``$select``, empty for all. ``filters`` has the path and type of
    what ``$filter`` knows, an element's as the collection's (``identities/issuer``); ``collections`` those
    that know ``any``. ``operators`` are free, ``advanced_operators`` and the properties ``advanced`` need
    ``ConsistencyLevel: eventual`` with ``$count=true``. ``page`` and ``maximum`` are page sizes.
    """

    name: str
    properties: Mapping[str, Shape]
    filters: Mapping[str, Kind] = field(default_factory=dict)
    collections: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    advanced_operators: frozenset[str] = frozenset()
    advanced: frozenset[str] = frozenset()
    defaults: tuple[str, ...] = ()
    sortable: frozenset[str] = frozenset()
    searchable: frozenset[str] = frozenset()
    page: int = 100
    maximum: int = 999
    case_sensitive: bool = False

    @property
    def directory_object(self) -> bool:
        """Whether the advanced query rules of directory objects hold."""
        return bool(self.advanced_operators)


def _shapes(one: str, many: str = "") -> dict[str, Shape]:
    return {**dict.fromkeys(one.split(), "one"), **dict.fromkeys(many.split(), "many")}


def _kinds(string: str = "", bool_: str = "", date: str = "", guid: str = "") -> dict[str, Kind]:
    kinds: dict[str, Kind] = dict.fromkeys(string.split(), "string")
    kinds |= dict.fromkeys(bool_.split(), "bool")
    kinds |= dict.fromkeys(date.split(), "date")
    return kinds | dict.fromkeys(guid.split(), "guid")


_FREE = frozenset({"eq", "in", "ge", "le", "and", "or", "startswith", "any"})
_ADVANCED = frozenset({"ne", "not", "endswith"})

USER = EntityType(
    "microsoft.graph.user",
    _shapes(
        "id accountEnabled ageGroup city companyName consentProvidedForMinor country createdDateTime "
        "creationType deletedDateTime department displayName employeeHireDate employeeId employeeType "
        "externalUserState externalUserStateChangeDateTime faxNumber givenName isResourceAccount jobTitle "
        "lastPasswordChangeDateTime legalAgeGroupClassification mail mailNickname mobilePhone officeLocation "
        "onPremisesDistinguishedName onPremisesDomainName onPremisesExtensionAttributes "
        "onPremisesImmutableId onPremisesLastSyncDateTime onPremisesSamAccountName "
        "onPremisesSecurityIdentifier onPremisesSyncEnabled onPremisesUserPrincipalName passwordPolicies "
        "postalCode preferredDataLocation preferredLanguage securityIdentifier showInAddressList "
        "signInActivity signInSessionsValidFromDateTime state streetAddress surname usageLocation "
        "userPrincipalName userType",
        "assignedLicenses assignedPlans businessPhones identities imAddresses otherMails "
        "onPremisesProvisioningErrors provisionedPlans proxyAddresses",
    ),
    filters=_kinds(
        "id city companyName country creationType department displayName employeeId employeeType "
        "externalUserState faxNumber givenName jobTitle mail mailNickname mobilePhone officeLocation "
        "onPremisesImmutableId onPremisesSamAccountName postalCode preferredLanguage state streetAddress "
        "surname usageLocation userPrincipalName userType identities/issuer identities/issuerAssignedId "
        "identities/signInType otherMails proxyAddresses businessPhones "
        + " ".join(f"onPremisesExtensionAttributes/extensionAttribute{number}" for number in range(1, 16)),
        "accountEnabled onPremisesSyncEnabled",
        "createdDateTime employeeHireDate signInActivity/lastSignInDateTime",
    ),
    collections=frozenset({"identities", "otherMails", "proxyAddresses", "businessPhones"}),
    operators=_FREE,
    advanced_operators=_ADVANCED,
    advanced=frozenset(
        _shapes(
            "city companyName country faxNumber employeeId employeeType mobilePhone officeLocation "
            "onPremisesSamAccountName postalCode preferredLanguage state streetAddress "
            "onPremisesExtensionAttributes"
        )
    ),
    defaults=tuple(
        _shapes(
            "businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage "
            "surname userPrincipalName id"
        )
    ),
    sortable=frozenset({"displayName", "userPrincipalName"}),
    searchable=frozenset(
        {"displayName", "userPrincipalName", "mail", "givenName", "surname", "mailNickname", "otherMails"}
    ),
)

GROUP = EntityType(
    "microsoft.graph.group",
    _shapes(
        "id classification createdDateTime deletedDateTime description displayName expirationDateTime "
        "isAssignableToRole mail mailEnabled mailNickname membershipRule membershipRuleProcessingState "
        "onPremisesDomainName onPremisesLastSyncDateTime onPremisesNetBiosName onPremisesSamAccountName "
        "onPremisesSecurityIdentifier onPremisesSyncEnabled preferredDataLocation preferredLanguage "
        "renewedDateTime securityEnabled securityIdentifier theme uniqueName visibility",
        "groupTypes onPremisesProvisioningErrors proxyAddresses resourceBehaviorOptions "
        "resourceProvisioningOptions serviceProvisioningErrors",
    ),
    filters=_kinds(
        "id description displayName mail mailNickname groupTypes proxyAddresses classification "
        "membershipRuleProcessingState",
        "securityEnabled mailEnabled isAssignableToRole onPremisesSyncEnabled",
        "createdDateTime",
    ),
    collections=frozenset({"groupTypes", "proxyAddresses"}),
    operators=_FREE,
    advanced_operators=_ADVANCED,
    advanced=frozenset({"description"}),
    sortable=frozenset({"displayName"}),
    searchable=frozenset({"displayName", "description", "mail", "mailNickname"}),
)

SERVICE_PRINCIPAL = EntityType(
    "microsoft.graph.servicePrincipal",
    _shapes(
        "id accountEnabled appDescription appDisplayName appId appOwnerOrganizationId "
        "appRoleAssignmentRequired applicationTemplateId deletedDateTime description "
        "disabledByMicrosoftStatus displayName homepage info loginUrl logoutUrl notes "
        "preferredSingleSignOnMode preferredTokenSigningKeyThumbprint samlSingleSignOnSettings "
        "servicePrincipalType signInAudience tokenEncryptionKeyId verifiedPublisher",
        "addIns alternativeNames appRoles keyCredentials notificationEmailAddresses oauth2PermissionScopes "
        "passwordCredentials replyUrls resourceSpecificApplicationPermissions servicePrincipalNames tags",
    ),
    filters=_kinds(
        "id appId applicationTemplateId displayName servicePrincipalType servicePrincipalNames tags "
        "alternativeNames homepage",
        "accountEnabled",
        guid="appOwnerOrganizationId",
    ),
    collections=frozenset({"tags", "servicePrincipalNames", "alternativeNames"}),
    operators=_FREE,
    advanced_operators=_ADVANCED,
    advanced=frozenset({"homepage"}),
    sortable=frozenset({"displayName"}),
    searchable=frozenset({"displayName", "description"}),
)

APPLICATION = EntityType(
    "microsoft.graph.application",
    _shapes(
        "id api appId applicationTemplateId certification createdDateTime defaultRedirectUri deletedDateTime "
        "description disabledByMicrosoftStatus displayName groupMembershipClaims info "
        "isDeviceOnlyAuthSupported isFallbackPublicClient notes optionalClaims parentalControlSettings "
        "publicClient publisherDomain requestSignatureVerification samlMetadataUrl "
        "serviceManagementReference servicePrincipalLockConfiguration signInAudience spa "
        "tokenEncryptionKeyId uniqueName verifiedPublisher web",
        "addIns appRoles identifierUris keyCredentials passwordCredentials requiredResourceAccess tags",
    ),
    filters=_kinds("id appId applicationTemplateId displayName signInAudience tags", date="createdDateTime"),
    collections=frozenset({"tags"}),
    operators=_FREE,
    advanced_operators=_ADVANCED,
    sortable=frozenset({"displayName", "createdDateTime"}),
    searchable=frozenset({"displayName", "description"}),
)

APP_ROLE_ASSIGNMENT = EntityType(
    "microsoft.graph.appRoleAssignment",
    _shapes(
        "id deletedDateTime appRoleId createdDateTime principalDisplayName principalId principalType "
        "resourceDisplayName resourceId"
    ),
    filters=_kinds("principalDisplayName", guid="resourceId"),
    operators=frozenset({"eq", "startswith", "and"}),
)

DIRECTORY_ROLE = EntityType(
    "microsoft.graph.directoryRole",
    _shapes("id deletedDateTime description displayName roleTemplateId"),
    filters=_kinds("displayName roleTemplateId"),
    operators=frozenset({"eq"}),
)

ORGANIZATION = EntityType(
    "microsoft.graph.organization",
    _shapes(
        "id city country countryLetterCode createdDateTime defaultUsageLocation deletedDateTime displayName "
        "onPremisesLastSyncDateTime onPremisesSyncEnabled partnerTenantType postalCode preferredLanguage "
        "privacyProfile state street tenantType",
        "assignedPlans businessPhones marketingNotificationEmails provisionedPlans "
        "securityComplianceNotificationMails securityComplianceNotificationPhones technicalNotificationMails "
        "verifiedDomains",
    ),
)

SUBSCRIBED_SKU = EntityType(
    "microsoft.graph.subscribedSku",
    _shapes(
        "id accountId accountName appliesTo capabilityStatus consumedUnits prepaidUnits skuId skuPartNumber",
        "servicePlans subscriptionIds",
    ),
)

ROLE_ASSIGNMENT = EntityType(
    "microsoft.graph.unifiedRoleAssignment",
    _shapes("id principalId roleDefinitionId directoryScopeId"),
    filters=_kinds("principalId roleDefinitionId"),
    operators=frozenset({"eq", "and"}),
)

CONTACT = EntityType(
    "microsoft.graph.orgContact",
    _shapes(
        "id companyName deletedDateTime department displayName givenName jobTitle mail mailNickname "
        "onPremisesLastSyncDateTime onPremisesSyncEnabled surname",
        "addresses onPremisesProvisioningErrors phones proxyAddresses serviceProvisioningErrors",
    ),
    filters=_kinds("id displayName mail givenName surname companyName proxyAddresses"),
    collections=frozenset({"proxyAddresses"}),
    operators=_FREE,
    advanced_operators=_ADVANCED,
    sortable=frozenset({"displayName"}),
    searchable=frozenset({"displayName", "mail"}),
)

PHONE_METHOD = EntityType(
    "microsoft.graph.phoneAuthenticationMethod",
    _shapes("id createdDateTime phoneNumber phoneType smsSignInState"),
)

DIRECTORY_OBJECT = EntityType(
    "microsoft.graph.directoryObject",
    {**USER.properties, **GROUP.properties, **DIRECTORY_ROLE.properties},
    filters=_kinds("id displayName"),
    operators=_FREE,
    advanced_operators=_ADVANCED,
    sortable=frozenset({"displayName"}),
    searchable=frozenset({"displayName"}),
)
"""What a list of mixed objects may be asked; each object shows the properties of its own type."""

PROVISIONING_ROW = EntityType(
    "microsoft.graph.provisioningObjectSummary",
    _shapes(
        "id activityDateTime tenantId jobId cycleId changeId provisioningAction durationInMilliseconds "
        "servicePrincipal sourceSystem targetSystem initiatedBy sourceIdentity targetIdentity "
        "provisioningStatusInfo",
        "provisioningSteps modifiedProperties",
    ),
    filters=_kinds(
        "id jobId cycleId changeId provisioningAction tenantId servicePrincipal/id "
        "servicePrincipal/displayName sourceIdentity/id sourceIdentity/displayName targetIdentity/id "
        "targetIdentity/displayName provisioningStatusInfo/status "
        "provisioningStatusInfo/errorInformation/errorCode sourceSystem/displayName targetSystem/displayName",
        date="activityDateTime",
    ),
    operators=frozenset({"eq", "gt", "lt", "contains", "tolower", "and", "or"}),
    sortable=frozenset({"activityDateTime"}),
    page=100,
    maximum=1000,
    case_sensitive=True,
)
"""[provisioningobjectsummary-list]. Not documented: the page sizes, and which nested properties filter."""

DIRECTORY_AUDIT = EntityType(
    "microsoft.graph.directoryAudit",
    _shapes(
        "id activityDateTime activityDisplayName category correlationId initiatedBy loggedByService "
        "operationType result resultReason",
        "additionalDetails targetResources",
    ),
    filters=_kinds(
        "id activityDisplayName category correlationId loggedByService operationType result "
        "targetResources/id targetResources/displayName initiatedBy/user/id initiatedBy/user/displayName "
        "initiatedBy/user/userPrincipalName initiatedBy/app/appId initiatedBy/app/displayName",
        date="activityDateTime",
    ),
    collections=frozenset({"targetResources"}),
    operators=frozenset({"eq", "ge", "le", "startswith", "any", "and", "or"}),
    sortable=frozenset({"activityDateTime"}),
    page=100,
    maximum=1000,
    case_sensitive=True,
)
"""[directoryaudit-list]. Not documented: the page sizes, and filtering by the app that acted."""
