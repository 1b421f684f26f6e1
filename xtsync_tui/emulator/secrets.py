"""Credentials and settings of a configuration: ``synchronization/secrets``."""

import json
from typing import Any

from xtsync_tui.emulator.audit import configured
from xtsync_tui.emulator.auth import CONFIGURES, needs
from xtsync_tui.emulator.configurations import service_principal_of
from xtsync_tui.emulator.errors import Refusal, bad_request, wrapped
from xtsync_tui.emulator.routing import NO_CONTENT, Answer, Context, Route

READ = needs("Synchronization.Read.All Synchronization.ReadWrite.All Directory.ReadWrite.All", CONFIGURES)
WRITE = needs("Synchronization.ReadWrite.All Directory.ReadWrite.All", CONFIGURES)

PLAIN = frozenset(
    {
        *(
            "AuthenticationType",
            "CompanyId",
            "SyncAll",
            "SyncNotificationSettings",
            "SkipOutOfScopeDeletions",
        ),
        *("ApplicationTemplateIdentifier", "BaseAddress", "ConnectionString", "Domain", "EnforceDomain"),
        *("HardDeletesEnabled", "InstanceName", "Sandbox", "SingleSignOnType"),
        *("Oauth2AuthorizationUri", "Oauth2ClientId", "Oauth2RedirectUri", "Oauth2TokenExchangeUri"),
        *("PerformInboundEntitlementGrants", "SandboxName", "Server", "SyncAgentADContainer"),
        *("SyncAgentCompatibilityKey", "SynchronizationSchedule", "SystemOfRecord", "TestReferences"),
        *("UpdateKeyOnSoftDelete", "Url", "UserName", "ValidateDomain"),
    }
)
"""Keys whose value comes back in clear."""

HIDDEN = frozenset(
    {
        *("AppKey", "ClientSecret", "ConsumerKey", "ConsumerSecret", "Oauth2AccessToken"),
        *("Oauth2AccessTokenCreationTime", "Oauth2AuthorizationCode", "Oauth2ClientSecret"),
        *("Oauth2RefreshToken", "Password", "SecretToken", "TokenExpiration", "TokenKey"),
    }
)
"""Keys whose value comes back as an asterisk."""

KEYS = PLAIN | HIDDEN | {"None", "ClientIdentifier"}
SETTINGS = "SyncNotificationSettings"
TYPES = {
    "Enabled": bool,
    "DeleteThresholdEnabled": bool,
    "HumanResourcesLookaheadQueryEnabled": bool,
    "DeleteThresholdValue": int,
    "Recipients": str,
}
"""Members of the notification settings and what they hold [cross-tenant-synchronization-configure-graph]."""


def routes() -> list[Route]:
    """Return the routes of this area."""
    path = "/servicePrincipals/{sp}/synchronization/secrets"
    return [Route("GET", path, read, READ), Route("PUT", path, put, WRITE)]


async def read(context: Context) -> Answer:
    """Return the secrets; what is really secret is an asterisk."""
    principal = service_principal_of(context)
    stored = context.tenant.secrets.get(principal["id"], {})
    rows = [{"key": key, "value": "*" if key in HIDDEN else value} for key, value in stored.items()]
    return context.collection(f"servicePrincipals('{principal['id']}')/synchronization/secrets", rows)


async def put(context: Context) -> Answer:
    """Merge the given keys into the stored ones; an empty value takes a key away.

    Not documented for sure: one page tells that PUT replaces everything, a report that a key only goes with
    "". An asterisk is stored as it is, so that a client that writes a masked value back does harm here too.
    """
    principal = service_principal_of(context)
    given = checked(context.document().get("value"))
    stored = context.tenant.secrets.setdefault(principal["id"], {})
    for key, value in given.items():
        if value == "":
            stored.pop(key, None)
        else:
            stored[key] = value
    configured(context, principal, "Update provisioning setting or credentials", ", ".join(given))
    return NO_CONTENT


def checked(rows: Any) -> dict[str, str]:
    """Return the pairs of a request as a dictionary.

    Raises:
        Refusal: 400 for a body of another form; 500 ``InternalError`` for a key in another spelling, since
            keys are case-sensitive; 400 ``InvalidNotificationSettings``, wrapped.
    """
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise bad_request("The property 'value' must be a collection of key and value.")
    given: dict[str, str] = {}
    for row in rows:
        key, value = row.get("key"), row.get("value")
        if key not in KEYS:
            raise Refusal(500, "InternalError", f"Requested value '{key}' was not found.")
        if not isinstance(value, str):
            raise bad_request(f"The value of '{key}' must be a string.")
        if key == SETTINGS and not _valid_settings(value):
            raise wrapped(400, "InvalidNotificationSettings", None)
        given[key] = value
    return given


def _valid_settings(text: str) -> bool:
    try:
        settings = json.loads(text)
    except ValueError:
        return False
    if not isinstance(settings, dict):
        return False
    kinds = [(settings[name], kind) for name, kind in TYPES.items() if settings.get(name) is not None]
    return all(type(value) is kind for value, kind in kinds)
