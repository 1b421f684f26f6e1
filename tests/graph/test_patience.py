from datetime import timedelta

import anyio
import httpx
import pytest

from tests.graph.scripted import NOON, USERS, Graph, Watch, answer, client_of, refused
from xtsync_tui.errors import Cancelled, GraphError, NoAnswer, ServiceFailed, Throttled, Unreachable
from xtsync_tui.graph.log import Wait
from xtsync_tui.model import Exchange, Request, Side

pytestmark = pytest.mark.anyio

GET = USERS
POST = Request(method="POST", path="/applicationTemplates/x/instantiate", body={})
PATCH = Request(method="PATCH", path="/policies/x", body={})
TEST = Request(method="POST", path="/synchronization/jobs/validateCredentials", body={})
OK = answer(200, {})
LOST = httpx.ReadError("the connection was closed")
BUSY = refused(429, "TooManyRequests", "Please retry again later.", retry_after="2.128")
AWAY = refused(503, "serviceNotAvailable", "away", retry_after="1")
AWAY_UNTOLD = refused(503, "serviceNotAvailable", "away")
LATE = refused(504, "gatewayTimeout", "late")


@pytest.mark.parametrize(
    ("request_", "trouble", "sent", "waits"),
    [
        (GET, BUSY, 2, [2.128]),
        (GET, AWAY, 2, [1.0]),
        (GET, AWAY_UNTOLD, 2, [1.0]),
        (GET, LATE, 2, [1.0]),
        (GET, LOST, 2, [1.0]),
        (TEST, LOST, 2, [1.0]),
        (POST, BUSY, 2, [2.128]),
        (PATCH, BUSY, 2, [2.128]),
        (PATCH, AWAY, 2, [1.0]),
    ],
)
async def test_what_was_not_carried_out_or_changes_nothing_is_sent_again(
    request_: Request, trouble: httpx.Response | Exception, sent: int, waits: list[float]
) -> None:
    graph, watch = Graph([trouble, OK]), Watch()
    assert await client_of(graph, watch).send(request_) == {}
    assert (len(graph.asked), watch.slept) == (sent, waits)


@pytest.mark.parametrize(
    ("request_", "trouble", "error"),
    [
        (POST, LOST, NoAnswer),
        (POST, httpx.ReadTimeout("too long"), NoAnswer),
        (POST, httpx.WriteError("half sent"), NoAnswer),
        (POST, httpx.RemoteProtocolError("closed in the middle"), NoAnswer),
        (POST, AWAY, ServiceFailed),
        (POST, LATE, ServiceFailed),
        (POST, refused(500, "InternalError"), ServiceFailed),
        (PATCH, LOST, NoAnswer),
        (PATCH, AWAY_UNTOLD, ServiceFailed),
        (PATCH, LATE, ServiceFailed),
        (GET, refused(500, "InternalError"), ServiceFailed),
        (GET, httpx.ConnectError("no route"), Unreachable),
        (POST, httpx.ConnectError("no route"), Unreachable),
        (POST, httpx.ConnectTimeout("nobody there"), Unreachable),
        (POST, httpx.ProxyError("407"), Unreachable),
        (POST, httpx.PoolTimeout("all busy"), Unreachable),
    ],
)
async def test_what_may_have_been_carried_out_is_never_sent_twice(
    request_: Request, trouble: httpx.Response | Exception, error: type[GraphError]
) -> None:
    graph, watch = Graph([trouble, OK]), Watch()
    with pytest.raises(error) as caught:
        await client_of(graph, watch).send(request_)
    assert type(caught.value) is error
    assert (len(graph.asked), watch.slept) == (1, [])


async def test_a_read_is_repeated_three_times_with_growing_waits_and_no_more() -> None:
    graph, watch = Graph([LOST]), Watch()
    with pytest.raises(NoAnswer):
        await client_of(graph, watch).get_json(GET)
    assert (len(graph.asked), watch.slept) == (4, [1.0, 2.0, 4.0])


@pytest.mark.parametrize(("jitter", "waits"), [(0.0, [3.0, 6.0, 12.0]), (1.0, [5.0, 10.0, 20.0])])
async def test_waits_without_an_order_are_spread_and_outlast_the_ten_seconds_of_a_limit(
    jitter: float, waits: list[float]
) -> None:
    watch = Watch()
    with pytest.raises(Throttled):
        await client_of(Graph([refused(429)]), watch, jitter=lambda: jitter).get_json(GET)
    assert watch.slept == waits


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("0", [0.0]),
        ("0.5", [0.5]),
        ("59", [59.0]),
        ("Thu, 14 May 2026 12:00:07 GMT", [7.0]),
        ("-5", [4.0]),
        ("nan", [4.0]),
        ("soon", [4.0]),
    ],
)
async def test_retry_after_is_read_in_every_form(said: str, waits: list[float]) -> None:
    watch = Watch()
    busy = refused(429, retry_after=said, date="Thu, 14 May 2026 12:00:00 GMT")
    await client_of(Graph([busy, OK]), watch).get_json(GET)
    assert watch.slept == waits


async def test_more_than_a_minute_of_waiting_is_not_done_but_said() -> None:
    watch = Watch()
    with pytest.raises(Throttled) as caught:
        await client_of(Graph([refused(429, retry_after="61")]), watch).get_json(GET)
    assert (caught.value.retry_after, watch.slept) == (61.0, [])


async def test_the_minute_counts_all_waits_of_a_request() -> None:
    watch = Watch()
    with pytest.raises(Throttled):
        await client_of(Graph([refused(429, retry_after="25")]), watch).get_json(GET)
    assert watch.slept == [25.0, 25.0]


async def test_a_read_that_hangs_is_given_up_and_the_minute_counts_what_it_took(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("xtsync_tui.graph.adapter._READ_SECONDS", 0.0)
    watch, asked = Watch(), 0

    async def hang(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        watch.now += timedelta(seconds=30)
        await anyio.sleep_forever()
        raise AssertionError(request)

    with pytest.raises(NoAnswer):
        await client_of(Graph([]), watch, transport=httpx.MockTransport(hang)).get_json(GET)
    assert asked == 2


async def test_a_wait_is_shown_while_it_lasts_and_then_gone() -> None:
    seen: list[tuple[Side, Request, float]] = []
    watch = Watch()
    client = client_of(Graph([BUSY, OK]), watch)

    def look(change: Exchange | Wait) -> None:
        if isinstance(change, Wait):
            seen.extend((wait.side, wait.request, wait.seconds_left) for wait in client.log.waiting)

    client.log.subscribe(look)
    await client.get_json(GET)
    assert seen == [(Side.SOURCE, GET, 2.128)]
    assert client.log.waiting == ()


async def test_a_wait_can_be_cut_short_and_nothing_is_sent_again() -> None:
    graph = Graph([refused(429, retry_after="50"), OK])
    client = client_of(graph, sleep=anyio.sleep)

    def stop(change: Exchange | Wait) -> None:
        if isinstance(change, Wait) and client.log.waiting:
            change.cancel()

    client.log.subscribe(stop)
    with pytest.raises(Cancelled, match="Stopped waiting for SOURCE · GET /users"):
        await client.get_json(GET)
    assert (len(graph.asked), client.log.waiting) == (1, ())


async def test_the_log_says_how_long_each_attempt_had_to_wait() -> None:
    client = client_of(Graph([BUSY, OK]))
    await client.get_json(GET)
    assert [(exchange.status, exchange.waited) for exchange in client.log.exchanges] == [
        (429, 0.0),
        (200, 2.128),
    ]
    assert client.log.exchanges[0].began == NOON
