"""Provision on demand: one person now, with an account of every step [provision-on-demand]."""

from typing import Annotated, Any

import msgspec

from xtsync_tui.errors import Unreadable
from xtsync_tui.graph.decoding import Mismatch, convert, decode
from xtsync_tui.graph.jobs import SCOPES
from xtsync_tui.graph.paths import job, path
from xtsync_tui.model import Json, OnDemandOutcome, Request
from xtsync_tui.model.wire import Read

USER_RULE = "USER_INBOUND_USER"


_Told: Any = dict[str, Json] | Annotated[tuple[dict[str, Json], ...], msgspec.Meta(min_length=1)]


class _Pair(Read, frozen=True):
    value: str
    key: str = ""


class _Result(Read, frozen=True):
    result: str | None = None
    details: dict[str, Json] | None = None


def provision(sp: str, job_id: str, rule_id: str, user_id: str) -> Request:
    """Provision one person now. At most 5 in 10 seconds; it takes up to half a minute."""
    subject = {"objectId": user_id, "objectTypeName": "User"}
    body = {"parameters": [{"ruleId": rule_id, "subjects": [subject]}]}
    return Request(method="POST", path=path(job(sp, job_id).provision_on_demand), body=body, scopes=SCOPES)


def rule_of(schema: Json) -> str:
    """Return the id of the rule that provisions users, ``""`` when the schema has none."""
    rules = schema.get("synchronizationRules") or ()
    named = [rule for rule in rules if rule.get("name") == USER_RULE]
    return next((str(rule.get("id") or "") for rule in (*named, *rules)), "")


def outcome(answer: Json) -> OnDemandOutcome:
    """Return what ``provision`` answered; raises Unreadable.

    Two encodings are documented and both are read: the result beside one object
    [synchronizationJob-provisionOnDemand], and a list of objects under the name of a type
    [cross-tenant-synchronization-configure-graph].
    """
    try:
        pair = convert(answer, _Pair)
        found = decode(pair.value.encode(), _Told)
        steps = found if isinstance(found, dict) else found[0]
        return convert(_with_result(steps, pair.key), OnDemandOutcome)
    except Mismatch as error:
        raise Unreadable(
            "Provision on demand", f"Not the documented answer: {error}", "Look in the provisioning log."
        ) from error


def _with_result(steps: dict[str, Json], key: str) -> Json:
    """Put the result of the first encoding where the second has it."""
    if not key.startswith("{"):
        return steps
    told = steps.get("statusInfo") or {}
    if not isinstance(told, dict):
        return steps
    said = decode(key.encode(), _Result)
    details = said.details or {}
    result = {
        "status": said.result,
        "errorCode": details.get("errorCode"),
        "reason": details.get("errorMessage"),
    }
    return steps | {"statusInfo": result | {name: value for name, value in told.items() if value}}
