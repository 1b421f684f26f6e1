"""What is read from Graph and what is asked of it, as values.

Structs carry Graph's own names (camel case on the wire, snake case here). A member that Graph left out is
None, which means "not said", never "off".
"""

from xtsync_tui.model.access import (
    B2BSetting,
    ConsentSettings,
    IdentitySynchronization,
    InboundTrust,
    Partner,
    TenantInformation,
    UserSyncInbound,
)
from xtsync_tui.model.directory import (
    Assignment,
    DirectoryRole,
    Group,
    Organization,
    PhoneMethod,
    ServicePlan,
    SubscribedSku,
    User,
    VerifiedDomain,
)
from xtsync_tui.model.jobs import (
    Execution,
    Job,
    JobSchedule,
    JobSetting,
    JobStatus,
    NotificationSettings,
    Progress,
    Quarantine,
    SyncError,
    SynchronizationTemplate,
    is_never,
)
from xtsync_tui.model.logs import AuditEvent, LogStep, ModifiedProperty, ProvisioningEvent, StatusInfo
from xtsync_tui.model.ondemand import OnDemandOutcome, OnDemandStep
from xtsync_tui.model.policies import AuthorizationPolicy, ExternalIdentitiesPolicy
from xtsync_tui.model.request import Exchange, Json, Request, Side
from xtsync_tui.model.schema import FilterOperator, FunctionDefinition, ParsedExpression
from xtsync_tui.model.service import Application, ServicePrincipal

__all__ = [
    "Application",
    "Assignment",
    "AuditEvent",
    "AuthorizationPolicy",
    "B2BSetting",
    "ConsentSettings",
    "DirectoryRole",
    "Exchange",
    "Execution",
    "ExternalIdentitiesPolicy",
    "FilterOperator",
    "FunctionDefinition",
    "Group",
    "IdentitySynchronization",
    "InboundTrust",
    "Job",
    "JobSchedule",
    "JobSetting",
    "JobStatus",
    "Json",
    "LogStep",
    "ModifiedProperty",
    "NotificationSettings",
    "OnDemandOutcome",
    "OnDemandStep",
    "Organization",
    "ParsedExpression",
    "Partner",
    "PhoneMethod",
    "Progress",
    "ProvisioningEvent",
    "Quarantine",
    "Request",
    "ServicePlan",
    "ServicePrincipal",
    "Side",
    "StatusInfo",
    "SubscribedSku",
    "SyncError",
    "SynchronizationTemplate",
    "TenantInformation",
    "User",
    "UserSyncInbound",
    "VerifiedDomain",
    "is_never",
]
