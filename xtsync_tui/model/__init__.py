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
    Progress,
    Quarantine,
    SyncError,
    is_never,
)
from xtsync_tui.model.logs import AuditEvent, LogStep, ModifiedProperty, ProvisioningEvent, StatusInfo
from xtsync_tui.model.request import Exchange, Json, Request, Side
from xtsync_tui.model.service import Application, ServicePrincipal

__all__ = [
    "Application",
    "Assignment",
    "AuditEvent",
    "B2BSetting",
    "ConsentSettings",
    "DirectoryRole",
    "Exchange",
    "Execution",
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
    "Organization",
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
    "TenantInformation",
    "User",
    "UserSyncInbound",
    "VerifiedDomain",
    "is_never",
]
