"""The refusals of Graph, as exceptions that carry the documented status, code and body."""

import json
from typing import Any


class Refusal(Exception):
    """An answer other than the one asked for: ``{"error": {code, message, innerError, details?}}``.

    ``headers`` are added to those of every response.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: list[dict[str, Any]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.headers = headers or {}

    def body(self, date: str, request_id: str, client_request_id: str) -> dict[str, Any]:
        """Return the error body of the Graph error page, ``date`` without a zone as Graph writes it."""
        inner = {"date": date, "request-id": request_id, "client-request-id": client_request_id}
        if self.status == 429:
            inner |= {"code": "429", "message": "Please retry after", "status": "429"}
        error: dict[str, Any] = {"code": self.code, "message": self.message, "innerError": inner}
        if self.details is not None:
            error["details"] = self.details
        return {"error": error}


class ConnectionDropped(Exception):
    """The connection ends without an answer. It never reaches the client as a response."""


def unauthenticated(message: str) -> Refusal:
    """Return the 401 for a missing or unknown token."""
    return Refusal(401, "InvalidAuthenticationToken", message, headers={"WWW-Authenticate": "Bearer"})


def denied() -> Refusal:
    """Return the 403 for a missing scope or directory role."""
    return Refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def not_found(object_id: str) -> Refusal:
    """Return the 404 for an object that is not there, or has not been replicated yet."""
    return Refusal(
        404,
        "Request_ResourceNotFound",
        f"Resource '{object_id}' does not exist or one of its queried reference-property objects "
        "are not present.",
    )


def no_company() -> Refusal:
    """Return the error for a policy part that is not there (status 404 is not documented)."""
    return Refusal(
        404, "Directory_ObjectNotFound", "Unable to read the company information from the directory."
    )


def no_route(segment: str) -> Refusal:
    """Return the 400 for a path that names no resource."""
    return Refusal(400, "BadRequest", f"Resource not found for the segment '{segment}'.")


def bad_request(message: str) -> Refusal:
    """Return the 400 of the directory for a request it cannot use."""
    return Refusal(400, "Request_BadRequest", message)


def bad_query(message: str) -> Refusal:
    """Return the 400 of the query parser: a clause that is not OData, or names an unknown property."""
    return Refusal(400, "BadRequest", message)


def unsupported(message: str = "Unsupported Query.") -> Refusal:
    """Return the 400 for a query that is well formed and not supported on this resource."""
    return Refusal(400, "Request_UnsupportedQuery", message)


def duplicate(message: str) -> Refusal:
    """Return the 409 for an object whose key is taken."""
    details = [{"code": "ConflictingObjects", "message": message, "target": None}]
    return Refusal(409, "Request_MultipleObjectsWithSameKeyValue", message, details=details)


def too_many(retry_after: float | None) -> Refusal:
    """Return the 429; ``retry_after`` in seconds becomes the header, None leaves it out."""
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
    return Refusal(429, "TooManyRequests", "Please retry again later.", headers=headers)


def wrapped(status: int, code: str, message: str | None, *details: tuple[str, str]) -> Refusal:
    """Return a validation error of the synchronization service: JSON inside the outer message.

    ``details`` are further codes with their sentences.
    """
    error: dict[str, Any] = {"code": code, "message": message, "target": None}
    more = [{"code": code, "message": message, "target": None} for code, message in details]
    inner = {"error": {**error, "details": more, "innerError": None}}
    return Refusal(status, "UnknownError", json.dumps(inner, indent=2).replace("\n", "\r\n"))


def wrapped_no_route(path: str) -> Refusal:
    """Return the 404 of the synchronization service for a route it does not have, JSON in the message.

    ``path`` is below ``/api/``, as ``servicePrincipals('…')/synchronization/jobs('…')/schema``.
    """
    uri = f"https://syncfabric.windowsazure.com/api/{path}?api-version=2.0"
    message = f"No HTTP resource was found that matches the request URI '{uri}'."
    return Refusal(404, "UnknownError", json.dumps({"Message": message}))
