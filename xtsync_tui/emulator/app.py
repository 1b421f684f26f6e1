"""The emulator itself: one ASGI application for both tenants, chosen by the bearer token."""

import asyncio
import importlib
import json
import random
import secrets
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route as HttpRoute
from starlette.types import Receive, Scope, Send

from xtsync_tui.emulator.auth import ALL_SCOPES, grant_of
from xtsync_tui.emulator.clock import Clock
from xtsync_tui.emulator.errors import ConnectionDropped, Refusal, bad_query
from xtsync_tui.emulator.routing import Answer, Context, Query, Request, Route, Router, split_url
from xtsync_tui.emulator.scenarios import build
from xtsync_tui.emulator.service import Service
from xtsync_tui.emulator.state import Grant, World
from xtsync_tui.emulator.transport import EmulatorTransport
from xtsync_tui.emulator.units import HEADER, cost

AREAS = (
    *("batch", "access", "directory", "people", "groups", "configurations", "policies"),
    *("secrets", "synchronization", "schema", "ondemand", "logs", "inviting"),
)
"""The modules of this package that have ``routes()``, in the order in which paths are looked up."""

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
VERSIONS = ("v1.0", "beta")
START = datetime(2026, 5, 14, 13, 0, tzinfo=UTC)
"""When the story of the demo tenants begins."""


def all_routes() -> list[Route]:
    """Return every route of the emulator."""
    modules = [importlib.import_module(f"xtsync_tui.emulator.{area}") for area in AREAS]
    return [route for module in modules for route in module.routes()]


class Dropped(Response):
    """An answer that begins and never ends: the server then closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the head of an answer, and break off."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
        raise ConnectionDropped


class Emulator:
    """Two tenants behind one application, ``app``, in the state of ``scenario``.

    ``users`` is the number of people of the scenario "large". ``seed`` fixes every id and every random
    choice; ``tokens`` makes bearer tokens, unpredictable unless a test passes its own. ``speed`` is how many
    times faster than the client's the emulated time runs. ``tenants`` lists name, tenantId, domain and token.
    """

    def __init__(
        self,
        scenario: str = "fresh",
        users: int | None = None,
        seed: int = 1,
        clock: Clock | None = None,
        speed: float = 1.0,
        tokens: Callable[[], str] = secrets.token_urlsafe,
    ) -> None:
        self.clock = clock or Clock(START, speed)
        self.world = World(self.clock, random.Random(seed))  # noqa: S311 - ids of made-up objects
        self._request_ids = random.Random(f"requests {seed}")  # noqa: S311 - apart: polling changes no id
        self._tokens = tokens
        self._router = Router(all_routes())
        self.service = Service(self.world)
        self.world.background.append(self.service.pump)
        build(scenario, self.world, users)
        self.tenants = [self._sign_in(tenant_id) for tenant_id in self.world.tenants]
        routes = [HttpRoute("/{path:path}", self._serve, methods=METHODS)]
        self.app = Starlette(routes=routes, lifespan=self.working)

    def _sign_in(self, tenant_id: str) -> dict[str, str]:
        tenant = self.world.tenants[tenant_id]
        token = self.issue(tenant_id)
        return {"name": tenant.name, "tenantId": tenant.id, "domain": tenant.domain, "token": token}

    def issue(
        self,
        tenant: str,
        scopes: frozenset[str] = ALL_SCOPES,
        roles: frozenset[str] | None = None,
        user: str = "",
    ) -> str:
        """Return a new token for the tenant with name, domain or id ``tenant``.

        ``user`` is an id or user principal name, by default the first person with a directory role. ``roles``
        None are the roles which that person holds; a set stands in for them.
        """
        found = next(t for t in self.world.tenants.values() if tenant in (t.name, t.domain, t.id))
        person = found.user_named(user or next(iter(found.roles)))
        if person is None:
            raise LookupError(f"{found.name} has no user {user}")
        token = self._tokens()
        self.world.issue(token, found, person["id"], scopes, roles)
        return token

    def transport(self) -> EmulatorTransport:
        """Return a transport with which an ``httpx.AsyncClient`` in this process reaches the emulator."""
        return EmulatorTransport(self.app)

    @asynccontextmanager
    async def working(self, _: object = None) -> AsyncIterator[None]:
        """Let the provisioning service work by itself: for as long as a server serves ``app``.

        Whoever uses ``transport`` enters this; without it the service works only before each answer.
        """
        task = asyncio.create_task(self.service.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _serve(self, http: HttpRequest) -> Response:
        client_id = http.headers.get("client-request-id", "")
        request_id = self._request_id()
        try:
            answer = await self._answer(await http.body(), http)
        except Refusal as refusal:
            answer = self._refused(refusal, request_id, client_id)
        except ConnectionDropped:
            return Dropped()
        return self._response(answer, request_id, client_id)

    def _request_id(self) -> str:
        return str(uuid.UUID(int=self._request_ids.getrandbits(128), version=4))

    async def _answer(self, raw: bytes, http: HttpRequest) -> Answer:
        """Answer one HTTP request; the version is the first part of its path."""
        version, _, path = http.path_params["path"].partition("/")
        grant = grant_of(self.world, http.headers.get("authorization", ""))
        if version not in VERSIONS:
            raise bad_query(f"Invalid version: {version}")
        for catch_up in self.world.background:
            await catch_up()
        headers = dict(http.headers)
        base = f"{http.url.scheme}://{http.url.netloc}/{version}"
        query = Query.parse(http.url.query)
        request = Request(http.method, base, version, f"/{path}", query, headers, _json(raw))
        return await self._perform(grant, request)

    async def _perform(self, grant: Grant, request: Request) -> Answer:
        """Carry out one request, alone or a member of a batch."""
        fault = self.world.faults.take(request.method, request.path, grant.tenant.id)
        if fault is not None:
            await fault.before()
        route, ids = self._router.find(request.method, request.version, request.path)
        route.access.check(grant)
        if route.limit is not None:
            self.world.limiter.admit(route.limit, grant.tenant.id, self.clock.real())

        async def perform(method: str, url: str, headers: Mapping[str, str], body: Any) -> Answer:
            return await self._member(grant, request, method, url, headers, body)

        answer = await route.handler(Context(self.world, grant, request, ids, perform))
        if fault is not None:
            fault.after()
        units = cost(request.method, route.template, request.query)
        return answer if units is None else replace(answer, headers={**answer.headers, HEADER: str(units)})

    async def _member(
        self, grant: Grant, batch: Request, method: str, url: str, headers: Mapping[str, str], body: Any
    ) -> Answer:
        """Carry out a member of ``batch``; a refusal is its answer."""
        try:
            path, query = split_url(url)
            path = "/" + path.lstrip("/")
            return await self._perform(
                grant, Request(method, batch.base, batch.version, path, query, headers, body)
            )
        except Refusal as refusal:
            return self._refused(refusal, self._request_id(), "")

    def _refused(self, refusal: Refusal, request_id: str, client_id: str) -> Answer:
        date = self.clock.now().strftime("%Y-%m-%dT%H:%M:%S")
        body = refusal.body(date, request_id, client_id or request_id)
        return Answer(refusal.status, body, refusal.headers)

    def _response(self, answer: Answer, request_id: str, client_id: str) -> Response:
        headers = {
            "Date": format_datetime(self.clock.now(), usegmt=True),
            "request-id": request_id,
            "client-request-id": client_id or request_id,
            "OData-Version": "4.0",
            "Cache-Control": "no-cache",
            **answer.headers,
        }
        if answer.body is None:
            return Response(status_code=answer.status, headers=headers)
        if isinstance(answer.body, str):
            return Response(answer.body, answer.status, headers, "text/plain")
        body = msgspec.json.encode(answer.body)
        kind = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false"
        return Response(body, answer.status, headers, f"{kind};charset=utf-8")


def _json(raw: bytes) -> Any:
    """Return the body of a request, None for an empty one.

    Raises:
        Refusal: 400, when it is no JSON.
    """
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError as error:
        raise bad_query(
            "Unable to read JSON request payload. Please ensure Content-Type header is set and "
            "payload is of valid JSON format."
        ) from error
