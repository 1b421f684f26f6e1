"""From an answer that is not the one asked for to the error that says so: one class for each cause."""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from math import isfinite

import msgspec

from xtsync_tui.errors import (
    Conflict,
    Forbidden,
    GraphError,
    NoAnswer,
    NotFound,
    Rejected,
    ServiceFailed,
    Throttled,
    Unauthorized,
    Unreachable,
    Unreadable,
)
from xtsync_tui.model import Json, Request, Side
from xtsync_tui.text import clean, shorten_id

_WRAPPINGS = 3
_GUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)

_BY_CODE: dict[str, type[GraphError]] = {
    "Directory_ObjectNotFound": NotFound,
    "Request_ResourceNotFound": NotFound,
    "Request_MultipleObjectsWithSameKeyValue": Conflict,
    "Authorization_RequestDenied": Forbidden,
}
_BY_STATUS: dict[int, type[GraphError]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    429: Throttled,
}
# Not documented: assigning the same person twice answers 400 with this sentence.
_ALREADY_THERE = "Permission being assigned already exists on the object"
# The synchronization service has no such address: 404, but no object is missing [msgraph-sdk-python#820].
_NO_ADDRESS = "No HTTP resource was found"

_HINTS: dict[type[GraphError], str] = {
    Unauthorized: "Sign in again.",
    NotFound: "Check the name or id. Something just made can take up to 15 seconds to appear.",
    Conflict: "Read again: it is there already.",
    Throttled: "Wait, then try again.",
    ServiceFailed: "Try again later; the request id finds it at Microsoft support.",
    Unreachable: "Nothing was sent. Check the network and the proxy, then try again.",
    NoAnswer: "It may have been done. Read again before you repeat it.",
    Unreadable: "Something between here and Graph, such as a proxy, may have answered instead.",
}


_TITLES: dict[type[GraphError], str] = {
    Unauthorized: "{side} asks to sign in again",
    Forbidden: "{side} does not let you do this",
    NotFound: "Not found in {side}",
    Conflict: "It is there already in {side}",
    Rejected: "{side} refuses the request",
    Throttled: "Graph asks {side} to wait",
    ServiceFailed: "The service has a fault in {side}",
    Unreachable: "{side} cannot be reached",
    NoAnswer: "No answer from {side}",
    Unreadable: "{side} gave an answer that cannot be read",
}


def title(side: Side, class_: type[GraphError], request: Request) -> str:
    """Return what happened on which side: ``TARGET does not let you read this``."""
    said = _TITLES[class_].format(side=side.name)
    return said.replace("do this", "read this") if request.method == "GET" else said


def named(request: Request) -> str:
    """Return a request in one line, ids shortened: ``GET /users/7f3c0a51…b2e4``."""
    path = _GUID.sub(lambda found: shorten_id(found.group()), request.path.partition("?")[0])
    return clean(f"{request.method} {path}")


def failure(side: Side, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> GraphError:
    """Return the error for an answer with ``status`` 300 or above."""
    document = _json(body)
    error = document.get("error") if isinstance(document, dict) else None
    if not isinstance(error, dict):
        return _not_from_graph(side, request, status, headers, body)
    return refusal(side, request, status, headers, error)


def refusal(side: Side, request: Request, status: int, headers: Mapping[str, str], error: Json) -> GraphError:
    """Return the error for the ``error`` member of an answer of Graph [errors]."""
    code, message = unwrap(error)
    class_ = _class(status, code, message)
    said = " ".join(part for part in (str(status), clean(code), clean(message)) if part)
    return class_(
        title(side, class_, request),
        f"{named(request)}: {said}",
        _needs(request) if class_ is Forbidden else _HINTS.get(class_, ""),
        status=status,
        code=clean(code),
        message=clean(message),
        request_id=clean(_request_id(error) or headers.get("request-id", "")),
        retry_after=retry_after(headers),
    )


def unreachable(side: Side, request: Request, cause: str) -> Unreachable:
    """Return the error for a request that never left."""
    told = f"{named(request)} did not leave: {clean(cause)}"
    return Unreachable(title(side, Unreachable, request), told, _HINTS[Unreachable])


CLOSED = "the connection was closed"
"""The cause for what is asked of a client that is closed, or under way while it closes."""


def no_answer(side: Side, request: Request, cause: str) -> NoAnswer:
    """Return the error for a request that left and was not answered."""
    hint = _HINTS[NoAnswer] if request.writes else "Try again."
    told = f"{named(request)} was sent; the answer was lost: {clean(cause).rstrip('.')}."
    return NoAnswer(title(side, NoAnswer, request), told, hint)


def unreadable(side: Side, request: Request, cause: str, status: int, request_id: str) -> Unreadable:
    """Return the error for an answer that is not what the documentation promises."""
    return Unreadable(
        title(side, Unreadable, request),
        f"{named(request)}: {status}, but not the documented answer: {clean(cause)}",
        _HINTS[NoAnswer] if request.writes and 200 <= status < 300 else _HINTS[Unreadable],
        status=status,
        request_id=clean(request_id),
    )


def unwrap(error: Json) -> tuple[str, str]:
    """Return code and message, taken out of the JSON that the synchronization service puts into the message.

    Sources: msgraph-sdk-python#820 (``{"Message": …}``), msgraph-metadata#347 (``{"error": {…}}``).
    """
    code, message = _texts(error)
    for _ in range(_WRAPPINGS):
        inner = _json(message.encode()) if message.lstrip().startswith("{") else None
        if not isinstance(inner, dict):
            break
        if isinstance(inner.get("error"), dict):
            inner_code, message = _texts(inner["error"])
            code = inner_code or code
        else:
            message = str(inner.get("Message") or inner.get("message") or "")
    return code, message


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that ``Retry-After`` asks for: a number, perhaps fractional, or a date."""
    said = headers.get("retry-after", "")
    try:
        seconds = float(said)
    except ValueError:
        return _until(said, headers.get("date", ""))
    return seconds if isfinite(seconds) and seconds >= 0 else None


def _until(moment: str, now: str) -> float | None:
    try:
        return max((parsedate_to_datetime(moment) - parsedate_to_datetime(now)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _texts(error: Json) -> tuple[str, str]:
    return str(error.get("code") or ""), str(error.get("message") or "")


def _request_id(error: Json) -> str:
    inner = error.get("innerError")
    return str(inner.get("request-id") or "") if isinstance(inner, dict) else ""


def _json(body: bytes) -> Json:
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None


def _class(status: int, code: str, message: str) -> type[GraphError]:
    if message.startswith(_NO_ADDRESS):
        return Rejected
    if message.startswith(_ALREADY_THERE):
        return Conflict
    fallback = ServiceFailed if status >= 500 else Rejected
    return _BY_CODE.get(code) or _BY_STATUS.get(status, fallback)


def _needs(request: Request) -> str:
    scopes = " and ".join(request.scopes)
    permission = (
        f"Needs the permission {scopes}, agreed to by an administrator, " if scopes else "Needs a permission "
    )
    return f"{permission}and a directory role that may do this."


def _not_from_graph(
    side: Side, request: Request, status: int, headers: Mapping[str, str], body: bytes
) -> GraphError:
    request_id = headers.get("request-id", "")
    if 300 <= status < 400:
        return unreadable(side, request, "a redirection, which is not followed", status, request_id)
    if status < 500 and status not in {401, 429}:
        shown = body[:200].decode("utf-8", "replace")
        return unreadable(side, request, f"no Graph error in it: {shown}", status, request_id)
    return refusal(side, request, status, headers, {})
