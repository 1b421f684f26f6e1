"""The connection, the scope and the notification settings of a configuration, which Graph keeps as "secrets".

None of the keys of cross-tenant synchronization is a secret; a key that is one reads as ``*``.
"""

from collections.abc import Mapping

import msgspec

from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.jobs import SCOPES, TEMPLATE
from xtsync_tui.graph.paths import job, path, synchronization
from xtsync_tui.model import Json, NotificationSettings, Request
from xtsync_tui.model.wire import Read

MASKED = "*"
TARGET = "CompanyId"
SYNC_ALL = "SyncAll"
NOTIFICATIONS = "SyncNotificationSettings"
_MAIL, _THRESHOLD = "Enabled", "DeleteThresholdEnabled"


class _Secret(Read, frozen=True):
    key: str
    value: str = ""


async def secrets(client: GraphClient, sp: str) -> dict[str, str]:
    """Return the settings by key; a real secret reads as ``*``."""
    request = Request(method="GET", path=path(synchronization(sp).secrets), scopes=SCOPES)
    return {secret.key: secret.value for secret in await client.collect(request, _Secret)}


def save(sp: str, current: Mapping[str, str], changes: Mapping[str, str]) -> Request:
    """Write ``changes`` over what was read.

    Not documented: whether a key that is left out stays, so all are sent. A masked value is never sent back.
    """
    settings = {**{key: value for key, value in current.items() if value != MASKED}, **changes}
    return Request(
        method="PUT", path=path(synchronization(sp).secrets), body={"value": _pairs(settings)}, scopes=SCOPES
    )


def pairs(request: Request) -> dict[str, str]:
    """Return the settings that ``save`` put into a request."""
    return {each["key"]: each["value"] for each in (request.body or {}).get("value") or ()}


def connection(target_tenant: str) -> dict[str, str]:
    """Return the settings that connect a configuration to its target."""
    return {"AuthenticationType": "SyncPolicy", TARGET: target_tenant}


def scope(*, sync_all: bool) -> dict[str, str]:
    """Return the setting for all users, or for assigned users and groups only."""
    return {SYNC_ALL: "true" if sync_all else "false"}


def sync_all(settings: Mapping[str, str]) -> bool | None:
    """Whether all users are in scope; None when the value is masked.

    Never set means the assigned only [synchronization-configure-with-custom-target-attributes].
    """
    said = settings.get(SYNC_ALL, "")
    return None if said == MASKED else said.casefold() == "true"


def validate(sp: str, target_tenant: str) -> Request:
    """Test the connection to a target, nothing saved; refused as long as automatic redemption is not on."""
    body = {
        "useSavedCredentials": False,
        "templateId": TEMPLATE,
        "credentials": _pairs({TARGET: target_tenant, "AuthenticationType": "SyncPolicy"}),
    }
    address = path(synchronization(sp).jobs.validate_credentials)
    return Request(method="POST", path=address, body=body, scopes=SCOPES)


def validate_saved(sp: str, job_id: str) -> Request:
    """Test the connection that is saved."""
    address = path(job(sp, job_id).validate_credentials)
    return Request(method="POST", path=address, body={"useSavedCredentials": True}, scopes=SCOPES)


def notifications(settings: Mapping[str, str]) -> NotificationSettings:
    """Return the notification settings, the defaults where there are none or where they cannot be read."""
    try:
        return msgspec.json.decode(settings.get(NOTIFICATIONS) or "{}", type=NotificationSettings)
    except msgspec.DecodeError:
        return NotificationSettings()


def said_notifications(settings: Mapping[str, str]) -> NotificationSettings | None:
    """Return the notification settings, None where Graph does not say them: missing, masked, or in part.

    Not documented: what a switch that is left out stands for.
    """
    return _said(settings, _MAIL, _THRESHOLD)


def deletion_threshold(settings: Mapping[str, str]) -> int | None:
    """Return at how many deletions a cycle stops: 0 for never, None where Graph does not say it."""
    said = _said(settings, _THRESHOLD)
    if said is None:
        return None
    return said.delete_threshold_value if said.delete_threshold_enabled else 0


def _said(settings: Mapping[str, str], *switches: str) -> NotificationSettings | None:
    said = members(settings.get(NOTIFICATIONS)) or {}
    if not said.keys() >= set(switches):
        return None
    try:
        return msgspec.convert(said, NotificationSettings)
    except msgspec.ValidationError:
        return None


def notification_changes(settings: Mapping[str, str], wanted: NotificationSettings) -> dict[str, str]:
    """Return the setting to save for ``wanted``; members that are not known here are kept."""
    document = (members(settings.get(NOTIFICATIONS)) or {}) | msgspec.to_builtins(wanted)
    return {NOTIFICATIONS: json_text(document)}


def members(text: str | None) -> dict[str, Json] | None:
    """Return the members of a setting that is JSON in a text, None for any other text."""
    try:
        return msgspec.json.decode(text or "", type=dict[str, Json])
    except msgspec.DecodeError:
        return None


def json_text(document: Mapping[str, Json]) -> str:
    """Return the text of a setting that is JSON in a text."""
    return msgspec.json.encode(document).decode()


def _pairs(settings: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in settings.items()]
