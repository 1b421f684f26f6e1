"""``$batch``: up to twenty requests in one, each with its own status [json-batching]."""

from typing import Any

from xtsync_tui.emulator.errors import Refusal, bad_query
from xtsync_tui.emulator.routing import Answer, Context, Route

MAXIMUM = 20


def _members(context: Context) -> list[dict[str, Any]]:
    """Return the requests of the batch, checked as a whole."""
    requests = context.document().get("requests")
    if not isinstance(requests, list) or not all(isinstance(member, dict) for member in requests):
        raise bad_query("Invalid batch payload format.")
    if len(requests) > MAXIMUM:
        raise bad_query(f"Number of batch request steps exceeds the maximum value of {MAXIMUM}.")
    seen: set[str] = set()
    for member in requests:
        if not {"id", "method", "url"} <= member.keys() or member["id"] in seen:
            raise bad_query("Batch request steps must have a unique id, a method and a url.")
        if not set(member.get("dependsOn") or ()) <= seen:
            raise bad_query("A batch request step may only depend on steps before it.")
        seen.add(member["id"])
    return requests


def _failed_dependency() -> Answer:
    message = "The dependency of this request failed."
    return Answer(424, Refusal(424, "FailedDependency", message).body("", "", ""))


async def _member(context: Context, member: dict[str, Any]) -> Answer:
    headers = {str(name).lower(): str(value) for name, value in (member.get("headers") or {}).items()}
    return await context.perform(
        str(member["method"]).upper(), str(member["url"]), headers, member.get("body")
    )


async def batch(context: Context) -> Answer:
    """Carry out the members in order; a member whose dependency failed answers 424."""
    responses: list[dict[str, Any]] = []
    failed: set[str] = set()
    for member in _members(context):
        blocked = not failed.isdisjoint(member.get("dependsOn") or ())
        answer = _failed_dependency() if blocked else await _member(context, member)
        if answer.status >= 400:
            failed.add(member["id"])
        response = {"id": member["id"], "status": answer.status, "headers": dict(answer.headers)}
        responses.append(response if answer.body is None else {**response, "body": answer.body})
    return Answer(200, {"responses": responses})


def routes() -> list[Route]:
    """Return the one route."""
    return [Route("POST", "/$batch", batch)]
