"""A queue of people of the demo, and the trouble it meets."""

from collections.abc import AsyncIterator
from typing import cast

import pytest

from tests.workspace.stage import Stage
from xtsync_tui.emulator import seed
from xtsync_tui.emulator.faults import Fault, Kind
from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import guests, person
from xtsync_tui.model import User
from xtsync_tui.workspace.on_demand.queue import State
from xtsync_tui.workspace.on_demand.service import OnDemand
from xtsync_tui.workspace.pair import Workspace
from xtsync_tui.workspace.setup import Principal
from xtsync_tui.workspace.writing import Activity

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


class Outage:
    """The emulator killed at the request for one person: from then on nothing answers until it is back.

    ``kind`` says whether that request is carried out ("dropped after"), not ("dropped before"), or even still
    answered ("answered").
    """

    def __init__(self, stage: Stage, queue: OnDemand, number: int, kind: str) -> None:
        self._faults = stage.emulator.world.faults
        self._queue = queue
        self._number = number
        self._kind = kind
        queue.workspace.writer.subscribe(self._seen)

    def _seen(self, activity: Activity | None) -> None:
        number = next((at for at, one in enumerate(self._queue.queue) if one.state is State.RUNNING), -1)
        if number != self._number or (activity is None) != (self._kind == "answered"):
            return
        if self._kind != "answered":
            kind = cast("Kind", self._kind)
            self._faults.add(Fault(kind, "POST", POST))
        self._faults.add(Fault("dropped before", times=100_000))

    def end(self) -> None:
        """Be back."""
        self._number = -1
        self._faults.waiting.clear()
