"""The request adapter and middleware of msgraph-sdk, asked for bytes. Heavy to import: only when first used.

The SDK's handlers for retries and redirections are left out: ``patience`` decides, and a token stays with
its host.
"""

import math
import ssl
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import anyio
import httpx
from kiota_abstractions.authentication import AuthenticationProvider
from kiota_abstractions.method import Method
from kiota_abstractions.native_response_handler import NativeResponseHandler
from kiota_abstractions.request_information import RequestInformation
from kiota_abstractions.request_option import RequestOption
from kiota_http.middleware.options import ResponseHandlerOption
from kiota_http.middleware.user_agent_handler import UserAgentHandler
from msgraph_core import BaseGraphRequestAdapter, GraphClientFactory
from msgraph_core.middleware import GraphTelemetryHandler

from xtsync_tui.graph.auth import TokenSource
from xtsync_tui.graph.auth.challenge import claims_of
from xtsync_tui.graph.failures import CLOSED, no_answer, unreachable
from xtsync_tui.model import Request, Side

_TIMEOUT = httpx.Timeout(100, connect=15)
"""As the SDK has it: a write such as provision on demand may take half a minute and more."""
_READ_SECONDS = 30.0
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class Answer(NamedTuple):
    """A complete answer: status, headers (any case) and the body as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Asked(RequestOption):
    """Carries the permissions and the time limit of one request to where its token is asked for."""

    def __init__(self, scopes: tuple[str, ...], limit: anyio.CancelScope) -> None:
        self.scopes = scopes
        self.limit = limit

    @staticmethod
    def get_key() -> str:
        return "xtsync-asked"


class _Bearer(AuthenticationProvider):
    """Puts the token on a request; asked again with claims when Graph challenges it."""

    def __init__(self, tokens: TokenSource) -> None:
        self._tokens = tokens

    async def authenticate_request(
        self,
        request: RequestInformation,
        additional_authentication_context: dict[str, Any] | None = None,
    ) -> None:
        challenge = (additional_authentication_context or {}).get("claims", "")
        # The adapter takes the claims out of the header; they are still encoded.
        claims = claims_of(f'Bearer error="insufficient_claims", claims="{challenge}"') if challenge else ""
        asked = cast("_Asked", request.request_options[_Asked.get_key()])
        request.headers.remove("Authorization")
        # A person who has to sign in first takes her time: it is not that of the answer.
        left, asked.limit.deadline = asked.limit.deadline - anyio.current_time(), math.inf
        # Never in a variable: a crash report shows those.
        request.headers.add("Authorization", f"Bearer {await self._tokens.token(asked.scopes, claims)}")
        asked.limit.deadline = anyio.current_time() + left


class _Opening:
    """Closes the connection of a request that is stopped in the TLS handshake: httpcore leaves it open."""

    _stream: Any = None

    async def __call__(self, event: str, told: Mapping[str, Any]) -> None:
        """Take what httpcore traces of a request."""
        if event.endswith(".connect_tcp.complete"):
            self._stream = told["return_value"]
        elif event.endswith(".start_tls.failed") and self._stream is not None:
            with anyio.CancelScope(shield=True):
                await self._stream.aclose()


async def _watch(request: httpx.Request) -> None:
    request.extensions["trace"] = _Opening()


class Adapter:
    """Sends requests to one Graph; follows no redirection and repeats nothing.

    ``authority`` is a PEM file to trust instead of the machine's own. ``proxied`` False ignores the proxies
    of the environment, which have no business with an emulator on this machine.
    """

    def __init__(
        self,
        tokens: TokenSource,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        authority: str = "",
        proxied: bool = True,
    ) -> None:
        verify = ssl.create_default_context(cafile=authority) if authority else True
        client = httpx.AsyncClient(
            transport=transport,
            timeout=_TIMEOUT,
            verify=verify,
            trust_env=proxied,
            event_hooks={"request": [_watch]},
        )
        # The factory wraps these and its wrapper forgets to close them.
        self._transports = [client._transport, *client._mounts.values()]
        middleware = [UserAgentHandler(), GraphTelemetryHandler()]
        self._http = GraphClientFactory.create_with_custom_middleware(middleware, client=client)
        self._adapter = BaseGraphRequestAdapter(_Bearer(tokens), http_client=self._http)
        self._under_way: dict[anyio.CancelScope, anyio.Event] = {}

    async def send(
        self, side: Side, request: Request, url: str, client_request_id: str, content: bytes | None
    ) -> Answer:
        """Send ``request`` once.

        Raises Unreachable when it never left, NoAnswer when no complete answer came, also because of
        ``aclose``, and what the token source raises.
        """
        try:
            with anyio.fail_after(_READ_SECONDS if request.method == "GET" else None) as limit:
                self._under_way[limit] = anyio.Event()
                try:
                    information = self._information(request, url, client_request_id, content, limit)
                    response: Any = await self._adapter.send_no_response_content_async(information, {})
                finally:
                    self._under_way.pop(limit).set()
        except _NEVER_LEFT as error:
            raise unreachable(side, request, _cause(error)) from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise no_answer(side, request, _cause(error)) from error
        if limit.cancelled_caught:
            raise no_answer(side, request, CLOSED)
        return Answer(response.status_code, response.headers, response.content)

    async def aclose(self) -> None:
        """Stop what is under way and close the connections; one that opens meanwhile would stay open."""
        for limit, ended in list(self._under_way.items()):
            limit.cancel()
            await ended.wait()
        await self._http.aclose()
        for transport in self._transports:
            if transport is not None:
                await transport.aclose()

    @staticmethod
    def _information(
        request: Request,
        url: str,
        client_request_id: str,
        content: bytes | None,
        limit: anyio.CancelScope,
    ) -> RequestInformation:
        information = RequestInformation(Method(request.method))
        information.url = url
        information.headers.add("Accept", "application/json")
        information.headers.add("client-request-id", client_request_id)
        for name, value in request.headers:
            information.headers.add(name, value)
        if content is not None:
            information.set_stream_content(content, "application/json")
        # A read asks for no more than the session has: its token may hold a wider permission instead.
        scopes = () if request.method == "GET" else request.scopes
        information.add_request_options(
            [ResponseHandlerOption(NativeResponseHandler()), _Asked(scopes, limit)]
        )
        return information


def _cause(error: Exception) -> str:
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "nothing came in time"
    return str(error) or type(error).__name__
