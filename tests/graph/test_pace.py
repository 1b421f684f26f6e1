"""How fast logs may be asked: five requests in ten seconds, in the order in which they are wanted."""

import pytest

from tests.graph.scripted import Watch
from xtsync_tui.graph.pace import Pace
from xtsync_tui.model import Request

pytestmark = pytest.mark.anyio

LOG = Request(method="GET", path="/auditLogs/provisioning?$top=500")
PHONES = Request(method="GET", path="/users/1/authentication/phoneMethods")
USERS = Request(method="GET", path="/users?$top=999")


def test_five_requests_go_at_once_and_the_next_ones_wait_for_their_turn() -> None:
    pace = Pace(Watch())
    asked = [LOG, PHONES, LOG, LOG, PHONES, LOG, LOG]
    assert [pace.seconds(each) for each in asked] == [0, 0, 0, 0, 0, 10, 10]


async def test_who_asks_later_has_a_later_turn() -> None:
    watch = Watch()
    pace = Pace(watch)
    for _ in range(5):
        pace.seconds(LOG)
        await watch.sleep(1)
    assert [pace.seconds(LOG) for _ in range(6)] == [5, 6, 7, 8, 9, 15]


def test_other_requests_have_no_limit() -> None:
    pace = Pace(Watch())
    assert {pace.seconds(USERS) for _ in range(10)} == {0}
