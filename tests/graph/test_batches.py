import json
from typing import Any

import anyio
import httpx
import pytest

from tests.graph.scripted import Graph, Watch, answer, client_of
from xtsync_tui.errors import Cancelled, NoAnswer, NotFound, Rejected, Throttled, Unreadable
from xtsync_tui.graph.log import Wait
from xtsync_tui.model import Exchange, Request

pytestmark = pytest.mark.anyio


def read(number: int, version: str = "v1.0") -> Request:
    return Request(method="GET", path=f"/users/{number}", version=version)


def write(number: int, **changes: Any) -> Request:
    return Request(method="PATCH", path=f"/users/{number}", body={"n": number}, **changes)


def error(code: str = "x") -> dict[str, Any]:
    return {"error": {"code": code, "message": ""}}


class Batches(Graph):
    """Answers each member with its address; ``statuses`` are taken first, by address, one at a time."""

    def __init__(self, statuses: dict[str, list[int]] | None = None) -> None:
        super().__init__([])
        self.statuses = statuses or {}
        self.batches: list[list[dict[str, Any]]] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        members = json.loads(request.content)["requests"]
        self.batches.append(members)
        answers = [self.member(member) for member in members]
        return answer(200, {"responses": answers[::-1]})

    def member(self, member: dict[str, Any]) -> dict[str, Any]:
        waiting = self.statuses.get(member["url"]) or [200]
        status = waiting.pop(0)
        if status == 429:
            return {"id": member["id"], "status": 429, "headers": {"Retry-After": "3"}, "body": error()}
        return {"id": member["id"], "status": status, "body": error() if status > 299 else member["url"]}


async def test_answers_come_back_in_the_order_of_the_requests() -> None:
    graph = Batches()
    assert await client_of(graph).batch([read(1), read(2), read(3)]) == ["/users/1", "/users/2", "/users/3"]


async def test_at_most_twenty_go_into_one_batch() -> None:
    graph = Batches()
    results = await client_of(graph).batch([read(number) for number in range(45)])
    assert [len(batch) for batch in graph.batches] == [20, 20, 5]
    assert results == [f"/users/{number}" for number in range(45)]


async def test_no_requests_are_no_batch() -> None:
    graph = Batches()
    assert await client_of(graph).batch([]) == []
    assert graph.asked == []


async def test_a_batch_speaks_to_one_version_of_graph() -> None:
    graph = Batches()
    assert await client_of(graph).batch([read(1), read(2, "beta"), read(3)]) == [
        "/users/1",
        "/users/2",
        "/users/3",
    ]
    assert graph.paths == ["/v1.0/$batch", "/beta/$batch"]


async def test_members_carry_headers_and_a_typed_body() -> None:
    graph = Batches()
    await client_of(graph).batch([write(1, headers=(("ConsistencyLevel", "eventual"),)), read(2)])
    assert graph.batches[0] == [
        {
            "id": "0",
            "method": "PATCH",
            "url": "/users/1",
            "headers": {"ConsistencyLevel": "eventual", "Content-Type": "application/json"},
            "body": {"n": 1},
        },
        {"id": "1", "method": "GET", "url": "/users/2"},
    ]


async def test_one_failed_member_leaves_the_others_alone() -> None:
    graph = Batches({"/users/2": [404], "/users/3": [424]})
    first, second, third = await client_of(graph).batch([read(1), read(2), read(3)])
    assert first == "/users/1"
    assert (type(second), type(third)) == (NotFound, Rejected)
    assert isinstance(second, NotFound)
    assert second.detail.startswith("GET /users/2:")


async def test_only_throttled_members_are_waited_for_and_sent_again() -> None:
    graph, watch = Batches({"/users/2": [429, 429]}), Watch()
    results = await client_of(graph, watch).batch([write(1), write(2), write(3)])
    assert results == ["/users/1", "/users/2", "/users/3"]
    assert [[member["url"] for member in batch] for batch in graph.batches] == [
        ["/users/1", "/users/2", "/users/3"],
        ["/users/2"],
        ["/users/2"],
    ]
    assert watch.slept == [3.0, 3.0]


async def test_a_member_that_stays_throttled_ends_as_throttled() -> None:
    graph, watch = Batches({"/users/1": [429] * 9}), Watch()
    (result,) = await client_of(graph, watch).batch([read(1)])
    assert isinstance(result, Throttled)
    assert len(graph.batches) == 4


async def test_reads_of_a_failing_service_are_sent_again_and_writes_are_not() -> None:
    graph = Batches({"/users/1": [503], "/users/2": [503]})
    first, second = await client_of(graph).batch([read(1), write(2)])
    assert first == "/users/1"
    assert not isinstance(second, str)
    assert [len(batch) for batch in graph.batches] == [2, 1]


@pytest.mark.parametrize(("requests", "sent"), [([read(1), write(2)], 1), ([read(1), read(2)], 4)])
async def test_a_lost_batch_is_only_sent_again_when_it_changes_nothing(
    requests: list[Request], sent: int
) -> None:
    graph = Graph([httpx.ReadError("lost")])
    results = await client_of(graph).batch(requests)
    assert [type(result) for result in results] == [NoAnswer, NoAnswer]
    assert len(graph.asked) == sent


async def test_what_was_carried_out_is_told_when_a_later_batch_is_lost() -> None:
    class Breaking(Batches):
        async def __call__(self, request: httpx.Request) -> httpx.Response:
            if len(self.batches) == 1:
                raise httpx.ReadError("lost")
            return await super().__call__(request)

    results = await client_of(Breaking()).batch([write(number) for number in range(22)])
    assert results[:20] == [f"/users/{number}" for number in range(20)]
    assert [type(result) for result in results[20:]] == [NoAnswer, NoAnswer]


async def test_a_member_lost_on_its_second_way_is_lost_and_not_throttled() -> None:
    class Breaking(Batches):
        async def __call__(self, request: httpx.Request) -> httpx.Response:
            if len(self.batches) == 1:
                raise httpx.ReadError("lost")
            return await super().__call__(request)

    results = await client_of(Breaking({"/users/2": [429]})).batch([write(1), write(2)])
    assert results[0] == "/users/1"
    assert type(results[1]) is NoAnswer


async def test_stopping_a_wait_tells_what_was_done_what_was_not_and_what_was_never_sent() -> None:
    graph = Batches({"/users/2": [429]})
    client = client_of(graph, sleep=anyio.sleep)

    def stop(change: Exchange | Wait) -> None:
        if isinstance(change, Wait):
            change.cancel()

    client.log.subscribe(stop)
    results = await client.batch([write(number) for number in range(25)])
    assert (results[1], type(results[2]), type(results[24])) == ("/users/1", Throttled, Cancelled)
    assert len(graph.batches) == 1


async def test_a_member_that_the_answer_leaves_out_is_unreadable() -> None:
    graph = Graph([answer(200, {"responses": []})])
    (result,) = await client_of(graph).batch([read(1)])
    assert isinstance(result, Unreadable)


async def test_a_batch_asks_for_the_permissions_of_its_writes() -> None:
    from tests.graph.test_client import Tokens

    tokens = Tokens()
    writes = [write(1, scopes=("A",)), write(2, scopes=("A", "B"))]
    reading = Request(method="GET", path="/x", scopes=("C",))
    await client_of(Batches(), tokens=tokens).batch([*writes, reading])
    assert tokens.asked == [(("A", "B"), "")]
