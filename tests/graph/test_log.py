import anyio
import httpx
import pytest

from tests.graph.scripted import NOON, TOKEN, USERS, Graph, answer, client_of, refused
from xtsync_tui.errors import Rejected, Unreachable
from xtsync_tui.graph.log import BODY_LIMIT, RequestLog, Wait
from xtsync_tui.model import Exchange, Request, Side

pytestmark = pytest.mark.anyio


async def test_an_exchange_holds_what_was_asked_and_what_came() -> None:
    client = client_of(Graph([answer(200, {"id": "1"}, request_id="r-1")]))
    await client.get_json(USERS)
    assert client.log.exchanges == (
        Exchange(
            id=1,
            side=Side.SOURCE,
            request=USERS,
            url="https://graph.example/v1.0/users",
            began=NOON,
            status=200,
            request_id="r-1",
            client_request_id="own-1",
            answer='{"id":"1"}',
        ),
    )


async def test_a_refusal_is_logged_with_graphs_own_words() -> None:
    client = client_of(Graph([refused(400, "Request_BadRequest", "no such filter")]))
    with pytest.raises(Rejected):
        await client.get_json(USERS)
    assert client.log.exchanges[0].status == 400
    assert "no such filter" in client.log.exchanges[0].answer


async def test_a_request_that_never_left_is_logged_with_its_cause() -> None:
    client = client_of(Graph([httpx.ConnectError("no route to host")]))
    with pytest.raises(Unreachable):
        await client.get_json(USERS)
    (exchange,) = client.log.exchanges
    assert (exchange.status, exchange.done) == (0, True)
    assert "no route to host" in exchange.note


async def test_a_request_that_is_called_off_does_not_stay_open_in_the_log() -> None:
    async def hang(request: httpx.Request) -> httpx.Response:
        scope.cancel()
        await anyio.sleep_forever()
        raise AssertionError(request)

    client = client_of(Graph([]), transport=httpx.MockTransport(hang))
    with anyio.CancelScope() as scope:
        await client.get_json(USERS)
    (exchange,) = client.log.exchanges
    assert (exchange.status, exchange.done) == (0, True)
    assert exchange.note == "stopped before an answer came"


async def test_long_answers_are_cut() -> None:
    client = client_of(Graph([answer(200, {"text": "x" * 10_000})]))
    assert len((await client.get_json(USERS))["text"]) == 10_000
    assert len(client.log.exchanges[0].answer) == BODY_LIMIT


async def test_only_the_last_exchanges_are_kept_and_all_are_counted() -> None:
    client = client_of(Graph([answer(200, {})]), log=RequestLog(kept=2))
    for number in range(5):
        await client.get_json(Request(method="GET", path=f"/{number}"))
    assert [exchange.request.path for exchange in client.log.exchanges] == ["/3", "/4"]
    assert client.log.count == 5


async def test_who_subscribed_is_told_at_the_beginning_and_at_the_end_until_they_leave() -> None:
    client = client_of(Graph([answer(200, {})]))
    told: list[tuple[int, bool]] = []

    def note(change: Exchange | Wait) -> None:
        assert isinstance(change, Exchange)
        told.append((change.id, change.done))

    leave = client.log.subscribe(note)
    await client.get_json(USERS)
    leave()
    await client.get_json(USERS)
    assert told == [(1, False), (1, True)]


async def test_no_exchange_holds_the_token() -> None:
    client = client_of(Graph([answer(200, {})]))
    await client.get_json(USERS)
    assert TOKEN not in repr(client.log.exchanges)
