"""5 requests in 10 seconds."""

from xtsync_tui.workspace.on_demand.pace import Pace


def test_the_sixth_request_waits_until_the_first_is_ten_seconds_old() -> None:
    now = 100.0
    pace = Pace(lambda: now)
    for _ in range(5):
        assert pace.seconds_left == 0
        pace.note()
        now += 1
    assert pace.seconds_left == 5
    now += 5
    assert pace.seconds_left == 0


def test_what_the_service_asks_for_is_waited_for_as_well() -> None:
    now = 0.0
    pace = Pace(lambda: now)
    pace.hold(7)
    pace.hold(3)
    assert pace.seconds_left == 7
