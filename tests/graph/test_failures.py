import json
from datetime import UTC, datetime

import pytest

from tests.graph.scripted import REQUEST_ID, USERS, Graph, answer, client_of, refused
from xtsync_tui.errors import (
    Conflict,
    Forbidden,
    GraphError,
    NotFound,
    Rejected,
    ServiceFailed,
    Throttled,
    Unauthorized,
    Unreadable,
)
from xtsync_tui.graph.failures import failure, named, title, unwrap
from xtsync_tui.model import Request, Side

pytestmark = pytest.mark.anyio

SP = "7f3c0a51-9b7e-4a6c-8d36-0a4b1f0fb2e4"
NO_ROUTE = (
    "No HTTP resource was found that matches the request URI 'https://syncfabric.windowsazure.com/api/"
    f"servicePrincipals('{SP}')/synchronization/jobs('j')/schema?api-version=2.0'."
)
INVALID_SETTINGS = (
    '{\r\n  "error":{\r\n    "code":"InvalidNotificationSettings","message":null,"target":null,'
    '"details":[\r\n      \r\n    ],"innerError":null\r\n  }\r\n}'
)
B2B = {"code": "AzureDirectoryB2BManagementPolicyCheckFailure", "message": "Policy … not configured."}
TWICE = "Permission being assigned already exists on the object"


def error_of(status: int, code: str, message: str, request: Request = USERS) -> GraphError:
    body = {"error": {"code": code, "message": message, "innerError": {"request-id": REQUEST_ID}}}
    return failure(Side.TARGET, request, status, {}, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("status", "code", "message", "class_"),
    [
        (400, "Request_BadRequest", "Invalid filter", Rejected),
        (400, "Request_BadRequest", TWICE, Conflict),
        (401, "InvalidAuthenticationToken", "expired", Unauthorized),
        (403, "Authorization_RequestDenied", "Insufficient privileges", Forbidden),
        (400, "Authorization_RequestDenied", "Insufficient privileges", Forbidden),
        (404, "Request_ResourceNotFound", "Resource '1' does not exist", NotFound),
        (400, "Directory_ObjectNotFound", "Unable to read the company information", NotFound),
        (404, "", "", NotFound),
        (409, "Request_MultipleObjectsWithSameKeyValue", "exists", Conflict),
        (412, "Precondition", "", Rejected),
        (424, "FailedDependency", "", Rejected),
        (429, "TooManyRequests", "Please retry again later.", Throttled),
        (500, "InternalError", "Requested value 'baseAddress' was not found.", ServiceFailed),
        (502, "", "", ServiceFailed),
        (404, "UnknownError", json.dumps({"Message": NO_ROUTE}), Rejected),
        (400, "UnknownError", INVALID_SETTINGS, Rejected),
    ],
)
def test_each_cause_has_a_class_of_its_own(
    status: int, code: str, message: str, class_: type[GraphError]
) -> None:
    error = error_of(status, code, message)
    assert type(error) is class_
    assert (error.status, error.request_id) == (status, REQUEST_ID)
    assert "TARGET" in error.title
    assert error.detail.startswith("GET /users: ")


@pytest.mark.parametrize(
    ("code", "message", "unwrapped"),
    [
        ("UnknownError", json.dumps({"Message": NO_ROUTE}), ("UnknownError", NO_ROUTE)),
        ("UnknownError", INVALID_SETTINGS, ("InvalidNotificationSettings", "")),
        ("UnknownError", json.dumps({"error": B2B}), (B2B["code"], B2B["message"])),
        (
            "UnknownError",
            json.dumps({"error": {"code": "Outer", "message": json.dumps({"error": B2B})}}),
            (B2B["code"], B2B["message"]),
        ),
        ("BadRequest", "{not json", ("BadRequest", "{not json")),
        ("BadRequest", "", ("BadRequest", "")),
        ("BadRequest", None, ("BadRequest", "")),
        ("UnknownError", '{"other": 1}', ("UnknownError", "")),
        ("UnknownError", "{}", ("UnknownError", "")),
    ],
)
def test_errors_of_the_synchronization_service_are_taken_out_of_their_wrapping(
    code: str, message: str | None, unwrapped: tuple[str, str]
) -> None:
    assert unwrap({"code": code, "message": message}) == unwrapped


@pytest.mark.parametrize(
    ("status", "body", "class_"),
    [
        (403, b"<html>blocked by the proxy</html>", Unreadable),
        (400, b"", Unreadable),
        (404, b'{"message": "no error member"}', Unreadable),
        (404, b'{"error": "text"}', Unreadable),
        (400, b"[1]", Unreadable),
        (401, b"", Unauthorized),
        (429, b"slow down", Throttled),
        (502, b"<html>bad gateway</html>", ServiceFailed),
        (503, b"", ServiceFailed),
        (304, b"", Unreadable),
    ],
)
def test_an_error_that_graph_did_not_write_is_told_apart(
    status: int, body: bytes, class_: type[GraphError]
) -> None:
    error = failure(Side.SOURCE, USERS, status, {"request-id": "r-1"}, body)
    assert type(error) is class_
    assert (error.status, error.request_id) == (status, "r-1")


def test_a_refusal_names_the_permissions_that_the_request_needs() -> None:
    request = Request(method="GET", path="/x", scopes=("Policy.Read.All",))
    assert "the permission Policy.Read.All," in error_of(403, "", "", request).hint
    assert "permission" in error_of(403, "", "").hint


def test_every_failure_has_a_next_step() -> None:
    for status in (401, 403, 404, 409, 429, 500):
        assert error_of(status, "", "").hint


def test_a_request_is_named_with_its_ids_shortened_and_without_its_query() -> None:
    request = Request(method="PATCH", path=f"/servicePrincipals/{SP}/synchronization?$select=id")
    assert named(request) == "PATCH /servicePrincipals/7f3c0a51…b2e4/synchronization"


@pytest.mark.parametrize(
    ("method", "said"),
    [("GET", "TARGET does not let you read this"), ("PUT", "TARGET does not let you do this")],
)
def test_a_title_says_in_words_what_happened_on_which_side(method: str, said: str) -> None:
    assert title(Side.TARGET, Forbidden, Request(method=method, path="/users")) == said


def test_the_text_of_a_stranger_in_an_error_is_made_safe() -> None:
    error = error_of(400, "\x1b[2J", "name \u202e\x07 [/x]")
    assert not any(ord(char) < 32 or char == "\u202e" for char in str(error))


async def test_status_code_message_and_request_id_reach_the_caller() -> None:
    graph = Graph([refused(409, "Request_MultipleObjectsWithSameKeyValue", "It exists.")])
    with pytest.raises(Conflict) as caught:
        await client_of(graph).send(Request(method="POST", path="/x", body={}))
    assert caught.value.detail == "POST /x: 409 Request_MultipleObjectsWithSameKeyValue It exists."
    assert (caught.value.code, caught.value.request_id) == (
        "Request_MultipleObjectsWithSameKeyValue",
        REQUEST_ID,
    )


async def test_the_request_id_of_the_header_is_used_when_the_body_has_none() -> None:
    graph = Graph([answer(400, {"error": {"code": "x", "message": "y"}}, request_id="r-2")])
    with pytest.raises(Rejected) as caught:
        await client_of(graph).get_json(USERS)
    assert caught.value.request_id == "r-2"


def test_dates_are_read_as_graph_writes_them() -> None:
    from xtsync_tui.graph.decoding import decode
    from xtsync_tui.model import Execution, is_never

    body = b'{"timeBegan":"2026-05-14T12:00:00.1234567Z","timeEnded":"0001-01-01T00:00:00Z"}'
    execution = decode(body, Execution)
    assert execution.time_began == datetime(2026, 5, 14, 12, 0, 0, 123457, UTC)
    assert is_never(execution.time_ended)
