"""Graph and its sign-in service behind one application, as ``xtsync emulate --tls`` serves them."""

import random
import time
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp, Lifespan

from xtsync_tui.emulator.state import Tenant, World
from xtsync_tui.emulator.sts import TokenService
from xtsync_tui.emulator.sts_pages import Guarded, SignInPages
from xtsync_tui.emulator.sts_values import Directory, Issued, Person


def with_sign_in(
    graph: ASGIApp,
    world: World,
    now: Callable[[], float] = time.time,
    dice: random.Random | None = None,
    interval: int = 5,
    key: bytes = b"",
    lifespan: Lifespan[Starlette] | None = None,
) -> tuple[Starlette, TokenService]:
    """Return ``graph`` with a sign-in service for the people of ``world`` who hold a directory role.

    Tokens live in real time, not in emulated time: the client's libraries look at the machine's clock. With
    the ``key`` of an earlier run whoever was signed in then still is. ``lifespan`` runs while it is served.
    """

    def issue(issued: Issued) -> None:
        world.issue(issued.token, world.tenants[issued.tenant], issued.person, issued.scopes)

    people = [_directory(tenant) for tenant in world.tenants.values()]
    service = TokenService(people, issue, now, dice or random.SystemRandom(), interval=interval, key=key)
    routes = [*SignInPages(service).routes(), Mount("/", Guarded(graph, service))]
    return Starlette(routes=routes, lifespan=lifespan), service


def _directory(tenant: Tenant) -> Directory:
    found = (tenant.users[user_id] for user_id in tenant.roles if user_id in tenant.users)
    people = tuple(Person(user["id"], user["userPrincipalName"], user["displayName"]) for user in found)
    return Directory(tenant.id, tenant.name, (tenant.domain, tenant.initial_domain), people)
