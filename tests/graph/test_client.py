import asyncio
import contextlib
import math
import subprocess
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import anyio.abc
import anyio.lowlevel
import httpx
import pytest

from tests.graph.scripted import NOON, TOKEN, USERS, Graph, Watch, answer, client_of, refused
from xtsync_tui.errors import (
    Forbidden,
    InvalidInput,
    NotFound,
    SignInNeeded,
    Unauthorized,
    Unreachable,
    Unreadable,
)
from xtsync_tui.graph import directory
from xtsync_tui.graph.auth import FixedToken
from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.log import RequestLog
from xtsync_tui.model import Organization, Request, Side, User

pytestmark = pytest.mark.anyio

ALICE = {"id": "1", "displayName": "Alice"}


async def test_an_answer_becomes_the_struct_asked_for() -> None:
    graph = Graph([answer(200, ALICE)])
    user = await client_of(graph).get(Request(method="GET", path="/users/1"), User)
    assert user == User(id="1", display_name="Alice")


async def test_the_version_is_part_of_the_address() -> None:
    graph = Graph([answer(200, {})])
    await client_of(graph).get_json(Request(method="GET", path="/policies/x", version="beta"))
    assert str(graph.asked[0].url) == "https://graph.example/beta/policies/x"


async def test_each_request_carries_token_accept_and_an_id_of_its_own() -> None:
    graph = Graph([answer(200, {})])
    client = client_of(graph)
    await client.get_json(USERS)
    await client.get_json(USERS)
    headers = [request.headers for request in graph.asked]
    assert [header["authorization"] for header in headers] == [f"Bearer {TOKEN}"] * 2
    assert [header["client-request-id"] for header in headers] == ["own-1", "own-2"]
    assert headers[0]["accept"] == "application/json"


async def test_a_write_sends_its_body_as_it_is() -> None:
    graph = Graph([answer(204)])
    body = {"inboundTrust": None, "name": "é [x]"}
    assert await client_of(graph).send(Request(method="PATCH", path="/x", body=body)) is None
    assert graph.asked[0].content.decode() == '{"inboundTrust":null,"name":"é [x]"}'
    assert graph.asked[0].headers["content-type"] == "application/json"


async def test_a_write_without_a_body_sends_none() -> None:
    graph = Graph([answer(204)])
    await client_of(graph).send(Request(method="POST", path="/start"))
    assert graph.asked[0].content == b""


async def test_the_answer_of_a_write_is_returned() -> None:
    assert await client_of(Graph([answer(201, {"id": "9"})])).send(
        Request(method="POST", path="/x", body={})
    ) == {"id": "9"}


async def test_pages_follow_the_next_link_with_the_same_headers() -> None:
    following = "https://graph.example/v1.0/users?$skiptoken=a%20b"
    graph = Graph([answer(200, {"value": [ALICE], "@odata.nextLink": following}), answer(200, {"value": []})])
    request = Request(method="GET", path="/users", headers=directory.EVENTUAL)
    pages = [page async for page in client_of(graph).pages(request, User)]
    assert pages == [(User(id="1", display_name="Alice"),), ()]
    assert graph.paths == ["/v1.0/users", "/v1.0/users?$skiptoken=a%20b"]
    assert [request.headers.get("consistencylevel") for request in graph.asked] == ["eventual"] * 2


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v1.0/users?$skiptoken=2",
        "http://graph.example/v1.0/users?$skiptoken=2",
        "https://graph.example.evil.example/v1.0/users",
        "https://graph.example/v1.0@evil.example/users",
        "//evil.example/users",
    ],
)
async def test_a_next_page_elsewhere_is_refused_and_never_asked_for(link: str) -> None:
    graph = Graph([answer(200, {"value": [], "@odata.nextLink": link})])
    with pytest.raises(Unreadable, match="elsewhere"):
        [page async for page in client_of(graph).pages(USERS, User)]
    assert len(graph.asked) == 1


async def test_a_list_that_names_itself_as_its_next_page_ends() -> None:
    link = "https://graph.example/v1.0/users"
    graph = Graph([answer(200, {"value": [], "@odata.nextLink": link})])
    with pytest.raises(Unreadable, match="was read before"):
        [page async for page in client_of(graph).pages(USERS, User)]
    assert len(graph.asked) == 1


async def test_collect_returns_all_pages_in_one() -> None:
    first = {"value": [ALICE], "@odata.nextLink": "https://graph.example/v1.0/users?$skiptoken=2"}
    graph = Graph([answer(200, first), answer(200, {"value": [{"id": "2"}]})])
    assert [user.id for user in await client_of(graph).collect(USERS, User)] == ["1", "2"]


async def test_find_answers_none_only_when_the_object_is_not_there() -> None:
    request = Request(method="GET", path="/users/1")
    assert await client_of(Graph([refused(404, "Request_ResourceNotFound")])).find(request, User) is None
    with pytest.raises(Forbidden):
        await client_of(Graph([refused(403)])).find(request, User)
    with pytest.raises(NotFound):
        await client_of(Graph([refused(404)])).get(request, User)


@pytest.mark.parametrize("body", [b"<html>sign in</html>", b'{"id": 7}', b'{"displayName": "x"}', b""])
async def test_an_answer_that_is_not_the_documented_one_is_unreadable_with_its_request_id(
    body: bytes,
) -> None:
    graph = Graph([httpx.Response(200, content=body, headers={"request-id": "r-1"})])
    with pytest.raises(Unreadable) as caught:
        await client_of(graph).get(Request(method="GET", path="/users/1"), User)
    assert caught.value.request_id == "r-1"
    assert "GET /users/1" in caught.value.detail


async def test_a_write_with_an_unreadable_answer_may_have_been_carried_out() -> None:
    graph = Graph([httpx.Response(201, content=b"<html>")])
    with pytest.raises(Unreadable) as caught:
        await client_of(graph).send(Request(method="POST", path="/x", body={}))
    assert caught.value.hint.startswith("It may have been done.")


@pytest.mark.parametrize("target", ["https://evil.example/users", "/v1.0/elsewhere"])
async def test_a_redirection_is_not_followed(target: str) -> None:
    graph = Graph([answer(302, location=target)])
    with pytest.raises(Unreadable, match="redirection"):
        await client_of(graph).get_json(USERS)
    assert len(graph.asked) == 1


async def test_the_time_at_graph_is_its_last_date_and_what_passed_since() -> None:
    watch = Watch()
    client = client_of(Graph([answer(200, {}, date="Thu, 14 May 2026 12:05:00 GMT")]), watch)
    assert client.server_time() == NOON
    await client.get_json(USERS)
    watch.now += timedelta(seconds=30)
    assert client.server_time() == NOON + timedelta(minutes=5, seconds=30)


async def test_a_wrong_date_of_graph_changes_nothing() -> None:
    client = client_of(Graph([answer(200, {}, date="yesterday")]))
    await client.get_json(USERS)
    assert client.server_time() == NOON


@pytest.mark.parametrize("url", ["http://graph.example", "ftp://graph.example", "graph.example", ""])
def test_a_token_never_goes_over_an_open_connection(url: str) -> None:
    with pytest.raises(InvalidInput, match="address of Graph"):
        GraphClient(
            Side.SOURCE, url, FixedToken(TOKEN), log=RequestLog(), clock=lambda: NOON, ids=lambda: "1"
        )


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
async def test_an_emulator_on_this_machine_needs_no_tls(url: str) -> None:
    client = GraphClient(
        Side.SOURCE, url, FixedToken(TOKEN), log=RequestLog(), clock=lambda: NOON, ids=lambda: "1"
    )
    assert client.url(USERS) == f"{url}/v1.0/users"


class Tokens:
    """A token source that remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[str, ...], str]] = []

    async def token(self, scopes: Sequence[str] = (), claims: str = "") -> str:
        self.asked.append((tuple(scopes), claims))
        return f"token-{len(self.asked)}"


async def test_a_claims_challenge_asks_for_one_other_token_and_repeats_once() -> None:
    claims = "eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="
    challenge = f'Bearer realm="", error="insufficient_claims", claims="{claims}"'
    graph = Graph([refused(401, "InvalidAuthenticationToken", www_authenticate=challenge), answer(200, {})])
    tokens = Tokens()
    await client_of(graph, tokens=tokens).get_json(USERS)
    assert tokens.asked == [((), ""), ((), '{"access_token":{}}')]
    assert [request.headers["authorization"] for request in graph.asked] == [
        "Bearer token-1",
        "Bearer token-2",
    ]


async def test_a_second_challenge_in_a_row_is_the_end() -> None:
    challenge = 'Bearer error="insufficient_claims", claims="e30="'
    graph = Graph([refused(401, "InvalidAuthenticationToken", www_authenticate=challenge)])
    with pytest.raises(Unauthorized):
        await client_of(graph).get_json(USERS)
    assert len(graph.asked) == 2


async def test_a_write_names_its_permissions_and_a_read_takes_the_session_as_it_is() -> None:
    tokens = Tokens()
    client = client_of(Graph([answer(200, {})]), tokens=tokens)
    await client.get_json(Request(method="GET", path="/x", scopes=("Policy.Read.All",)))
    await client.send(Request(method="POST", path="/x", scopes=("Application.ReadWrite.All",)))
    assert tokens.asked == [((), ""), (("Application.ReadWrite.All",), "")]


async def test_a_token_is_in_no_log_no_error_and_no_repr() -> None:
    graph = Graph([refused(403, "Authorization_RequestDenied", "no"), httpx.ReadError("lost")])
    client = client_of(graph)
    shown = [repr(client)]
    for request in (USERS, Request(method="POST", path="/x", body={})):
        try:
            await client.send(request)
        except Exception as error:  # noqa: BLE001 - whatever it is must not hold the token
            trace = traceback.TracebackException.from_exception(error, capture_locals=True)
            shown += [str(error), repr(error), *trace.format()]
    shown += [repr(exchange) for exchange in client.log.exchanges]
    assert len(client.log.exchanges) == 2
    assert [text for text in shown if TOKEN in text] == []


async def test_a_closed_client_asks_nothing_any_more() -> None:
    graph = Graph([answer(200, {})])
    client = client_of(graph)
    await client.get_json(USERS)
    await client.aclose()
    with pytest.raises(Unreachable, match="SOURCE"):
        await client.get_json(USERS)
    await client.aclose()
    assert len(client.log.exchanges) == 1


async def client_at(listener: anyio.abc.Listener[anyio.abc.SocketStream], scheme: str) -> GraphClient:
    """Return a client that opens connections of its own to a listener here."""
    port = listener.extra(anyio.abc.SocketAttribute.local_port)  # noqa: S610 - not of Django
    client = client_of(Graph([]), base_url=f"{scheme}://127.0.0.1:{port}", transport=None)
    await client.warm()
    return client


@pytest.mark.parametrize("turns", range(1, 21))
async def test_closing_leaves_no_connection_open_that_was_just_being_opened(turns: int) -> None:
    opened, ended = 0, 0

    async def serve(stream: anyio.abc.SocketStream) -> None:
        nonlocal opened, ended
        opened += 1
        async with stream:
            with contextlib.suppress(anyio.BrokenResourceError):
                async for _ in stream:
                    await stream.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        ended += 1

    async def ask() -> None:
        with contextlib.suppress(Unreachable):
            await client.get_json(USERS)

    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener:
        client = await client_at(listener, "http")
        async with anyio.create_task_group() as server:
            server.start_soon(listener.serve, serve)
            async with anyio.create_task_group() as asking:
                for _ in range(4):
                    asking.start_soon(ask)
                for _ in range(turns):
                    await anyio.lowlevel.checkpoint()
                await client.aclose()
            with anyio.fail_after(10):
                while ended < opened:
                    await anyio.lowlevel.checkpoint()
            server.cancel_scope.cancel()


@pytest.mark.parametrize("closing", [False, True])
async def test_a_request_that_is_stopped_in_the_tls_handshake_leaves_no_connection_open(
    *, closing: bool
) -> None:
    greeted, ended = anyio.Event(), anyio.Event()

    async def serve(stream: anyio.abc.SocketStream) -> None:
        async with stream:
            await stream.receive()
            greeted.set()
            with contextlib.suppress(anyio.EndOfStream, anyio.BrokenResourceError):
                await stream.receive()
            ended.set()

    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener:
        client = await client_at(listener, "https")
        serving = asyncio.create_task(listener.serve(serve))
        asking = asyncio.create_task(client.get_json(USERS))
        with anyio.fail_after(10):
            await greeted.wait()
            if closing:
                await client.aclose()
            else:
                asking.cancel()
            await asyncio.wait([asking])
            assert asking.cancelled() is not closing
            await ended.wait()
        if closing:
            assert isinstance(asking.exception(), Unreachable)
        else:
            await client.aclose()
        serving.cancel()


def test_the_door_loads_nothing_heavy_before_its_first_request() -> None:
    program = (
        "import sys, xtsync_tui.graph.client, xtsync_tui.graph.access, xtsync_tui.graph.directory\n"
        "heavy = ('msgraph', 'kiota', 'httpx', 'azure', 'msal', 'opentelemetry', 'keyring')\n"
        "print([name for name in sys.modules if name.startswith(heavy)])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.strip() == "[]"


async def test_warming_up_loads_the_builders_without_a_typed_model() -> None:
    program = (
        "import anyio, sys\n"
        "from xtsync_tui.graph import paths\n"
        "paths.warm()\n"
        "print('msgraph.generated.users.users_request_builder' in sys.modules,\n"
        "      [name for name in sys.modules if 'generated.models' in name])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: ASYNC221, S603
    assert run.stdout.strip() == "True []"


async def test_a_request_without_a_token_is_logged_with_the_reason() -> None:
    class SignedOut:
        async def token(self, scopes: Sequence[str] = (), claims: str = "") -> str:
            raise SignInNeeded("Contoso is signed out", scopes=tuple(scopes), claims=claims)

    graph = Graph([answer(200, {})])
    client = client_of(graph, tokens=SignedOut())
    with pytest.raises(SignInNeeded):
        await client.get_json(USERS)
    assert graph.asked == []
    assert client.log.exchanges[0].note == "Contoso is signed out"


@pytest.mark.parametrize(("proxied", "transports"), [(True, 2), (False, 1)])
async def test_an_emulator_on_this_machine_is_not_reached_through_a_proxy(
    proxied: bool, transports: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xtsync_tui.graph.adapter import Adapter

    for name in ("http_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    adapter = Adapter(FixedToken(TOKEN), proxied=proxied)
    used = [transport for transport in adapter._transports if transport is not None]
    await adapter.aclose()
    assert len(used) == transports


async def test_an_organization_list_without_a_member_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        await directory.organization(client_of(Graph([answer(200, {"value": []})])))
    graph = Graph([answer(200, {"value": [{"id": "t-1"}]})])
    assert await directory.organization(client_of(graph)) == Organization(id="t-1")


async def test_a_person_who_signs_in_meanwhile_takes_no_time_of_the_answer() -> None:
    limits: list[float] = []

    class Slow:
        async def token(self, scopes: Sequence[str] = (), claims: str = "") -> str:  # noqa: ARG002
            limits.append(anyio.current_effective_deadline())
            return TOKEN

    async def graph(_: httpx.Request) -> httpx.Response:
        limits.append(anyio.current_effective_deadline() - anyio.current_time())
        return answer(200, {"value": []})

    await client_of(Graph([]), tokens=Slow(), transport=httpx.MockTransport(graph)).get_json(USERS)
    while_signing_in, while_answering = limits
    assert while_signing_in == math.inf
    assert 20 < while_answering <= 30


async def test_a_known_clock_of_the_service_is_the_time_at_graph() -> None:
    moment = datetime(2026, 5, 14, 13, 0, tzinfo=UTC)
    client = client_of(Graph([answer(200, {})]), service_clock=lambda: moment)
    await client.get_json(USERS)
    assert client.server_time() == moment
