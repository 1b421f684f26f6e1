"""An emulator that stands still, and a client for each of its tenants."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from itertools import count

import httpx
import pytest

from xtsync_tui.emulator.app import Emulator
from xtsync_tui.emulator.clock import Clock

START = datetime(2026, 5, 14, 13, 0, tzinfo=UTC)


class Seconds:
    """The client's time, moved by hand."""

    def __init__(self) -> None:
        self.value = 0.0

    def __call__(self) -> float:
        return self.value


def make(scenario: str = "fresh", users: int | None = None, seconds: Seconds | None = None) -> Emulator:
    """Return an emulator whose clock moves only with ``advance``, with tokens token1, token2, …"""
    numbers = count(1)
    clock = Clock(START, 0, seconds or Seconds())
    return Emulator(scenario, users, clock=clock, tokens=lambda: f"token{next(numbers)}")


def client_of(emulator: Emulator, token: str, **headers: str) -> httpx.AsyncClient:
    """Return a client of ``emulator`` for ``token``."""
    return httpx.AsyncClient(
        transport=emulator.transport(),
        base_url="http://emulator/v1.0",
        headers={"Authorization": f"Bearer {token}", **headers},
    )


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def emulator(seconds: Seconds) -> Emulator:
    return make(seconds=seconds)


@pytest.fixture
async def contoso(emulator: Emulator) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(emulator, emulator.tenants[0]["token"]) as client:
        yield client


@pytest.fixture
async def fabrikam(emulator: Emulator) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(emulator, emulator.tenants[1]["token"]) as client:
        yield client


@pytest.fixture
def as_user(emulator: Emulator) -> Callable[..., httpx.AsyncClient]:
    """Return a maker of clients with fewer rights: tenant, scopes in one text, roles."""

    def client(tenant: str, scopes: str, roles: frozenset[str] | None = None) -> httpx.AsyncClient:
        return client_of(emulator, emulator.issue(tenant, frozenset(scopes.split()), roles))

    return client


def code(response: httpx.Response) -> tuple[int, str]:
    """Return status and error code of a refusal."""
    return response.status_code, response.json()["error"]["code"]


def names(response: httpx.Response) -> list[str]:
    """Return the display names of a list."""
    assert response.status_code == 200, response.text
    return [row["displayName"] for row in response.json()["value"]]
