"""A queue of people of the demo, and the trouble it meets."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.workspace.stage import Stage
from xtsync_tui.emulator import seed
from xtsync_tui.emulator.transport import EmulatorTransport
from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import guests, person
from xtsync_tui.model import User
from xtsync_tui.workspace.on_demand.queue import State
from xtsync_tui.workspace.on_demand.service import OnDemand
from xtsync_tui.workspace.pair import Workspace
from xtsync_tui.workspace.setup import Principal

POST = "/provisionOnDemand"


def principal(stage: Stage, name: str) -> Principal:
    """Return somebody of Contoso by the part of the address before the @."""
    user = seed.person(stage.contoso, name)
    return Principal(user["id"], user["displayName"], "User", user["userPrincipalName"])


def members(stage: Stage, most: int) -> list[Principal]:
    """Return people of Contoso, whoever they are."""
    users = [user for user in stage.contoso.users.values() if user.get("userType") == "Member"]
    return [
        Principal(user["id"], user["displayName"], "User", user["userPrincipalName"]) for user in users[:most]
    ]


def newcomer(stage: Stage) -> Principal:
    """Return somebody of Contoso who is not in Fabrikam, nor in its bin."""
    lena = principal(stage, "lena.fischer")
    there = next(user for user in stage.fabrikam.users.values() if user.get("mail") == lena.detail)
    del stage.fabrikam.users[there["id"]]
    return lena


def blind(monkeypatch: pytest.MonkeyPatch, what: str, error: XtSyncError) -> None:
    """Let a read fail: the person at home, their counterparts in the target, or its bin."""

    async def failing(*_: object) -> None:
        raise error

    async def failing_pages(*_: object) -> AsyncIterator[tuple[User, ...]]:
        pages: tuple[tuple[User, ...], ...] = ()
        for page in pages:
            yield page
        raise error

    places: dict[str, tuple[object, str, object]] = {
        "the person at home": (person, "record", failing),
        "counterparts": (guests, "counterparts", failing),
        "the bin": (guests, "deleted_users", failing_pages),
    }
    monkeypatch.setattr(*places[what])


async def ready(workspace: Workspace, *people: Principal) -> OnDemand:
    """Return the queue with these people confirmed."""
    await workspace.introduce()
    queue = workspace.on_demand
    await queue.read()
    queue.add(people)
    queue.release({one.id for one in people})
    return queue


async def run(queue: OnDemand) -> XtSyncError | None:
    """Let the queue run; return what paused it."""
    try:
        await queue.run()
    except XtSyncError as error:
        return error
    return None


def states(queue: OnDemand) -> list[str]:
    """Return name and words of everybody in the queue."""
    return [f"{one.name}: {one.words}" for one in queue.queue]


def posts(workspace: Workspace) -> list[str]:
    """Return whom requests were sent for, in order, as ids."""
    return [
        one.request.body["parameters"][0]["subjects"][0]["objectId"]
        for one in workspace.log.exchanges
        if one.request.path.endswith(POST)
    ]


POINTS = ("looking", "refused", "dropped before", "dropped after", "answered")


class Killed:
    """The emulator killed at one person of a queue: from then on no connection is made until it is back.

    ``point`` says when: "looking" before the person is looked for, "refused" before the request, "dropped
    before" while it is sent, "dropped after" once it is carried out, "answered" right after the answer,
    "waiting" during the wait for the limit before that person. ``received`` is whom the emulator provisioned.
    """

    def __init__(self, patch: pytest.MonkeyPatch, queue: OnDemand, number: int, point: str) -> None:
        self.dead = False
        self.received: list[str] = []
        self._queue = queue
        self._number = number
        self._point = point
        real = EmulatorTransport.handle_async_request

        async def handle(transport: EmulatorTransport, request: httpx.Request) -> httpx.Response:
            if self._at_person("looking", State.RUNNING):
                self.dead = True
            if self.dead:
                raise httpx.ConnectError("Connection refused", request=request)
            if not request.url.path.endswith(POST):
                return await real(transport, request)
            return await self._provision(transport, request, real)

        patch.setattr(EmulatorTransport, "handle_async_request", handle)
        queue.subscribe(self._changed)

    async def _provision(
        self, transport: EmulatorTransport, request: httpx.Request, real: Any
    ) -> httpx.Response:
        self.dead = len(self.received) == self._number
        if self.dead and self._point == "refused":
            raise httpx.ConnectError("Connection refused", request=request)
        if self.dead and self._point == "dropped before":
            raise httpx.RemoteProtocolError("Server disconnected", request=request)
        body = json.loads(request.content)
        self.received.append(body["parameters"][0]["subjects"][0]["objectId"])
        answer: httpx.Response = await real(transport, request)
        if self.dead and self._point == "dropped after":
            raise httpx.RemoteProtocolError("Server disconnected", request=request)
        return answer

    def _changed(self) -> None:
        if self._queue.pace.seconds_left and self._at_person("waiting", State.NEXT):
            self.dead = True

    def _at_person(self, point: str, state: State) -> bool:
        first = next((at for at, one in enumerate(self._queue.queue) if one.state is state), -1)
        return point == self._point and first == self._number

    def come_back(self) -> None:
        """Answer again."""
        self.dead, self._number = False, -1
