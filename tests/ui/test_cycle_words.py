"""How cycles are told: the words that Overview, Job and Configs share."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from xtsync_tui.ui.cycle_words import last_cycle, next_cycle, people_in_target, span, users_in_target
from xtsync_tui.workspace.health import Cycle, Ending, State

NOW = datetime(2026, 5, 14, 13, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("state", "due", "more", "words"),
    [
        (State.ACTIVE, NOW + 38 * MINUTE, {}, "about 13:38, in 38 min"),
        (State.ACTIVE, NOW - MINUTE, {}, "due since 12:59, 1 min"),
        (State.ACTIVE, None, {"running": True}, "when this one ends"),
        (State.ACTIVE, NOW + 38 * MINUTE, {"running": True}, "when this one ends, not before 13:38"),
        (State.FIRST, None, {"running": True}, "when this one ends"),
        (State.FIRST, None, {}, "any moment"),
        (State.ACTIVE, NOW + 38 * MINUTE, {"asked": True}, "any moment"),
        (State.ACTIVE, None, {}, "? cannot tell"),
        (State.UNKNOWN, None, {}, "? cannot tell"),
        (State.QUARANTINE, NOW + 318 * MINUTE, {}, "18:18, in 5 h"),
        (State.QUARANTINE, NOW - MINUTE, {}, "due since 12:59, 1 min"),
        (State.PAUSED, None, {}, "– none"),
        (State.NO_JOB, None, {}, "– none"),
        (State.OFF, None, {}, "– none"),
    ],
)
def test_when_the_next_cycle_begins(
    state: State, due: datetime | None, more: dict[str, Any], words: str
) -> None:
    assert next_cycle(state, due, NOW, **more) == words


@pytest.mark.parametrize(
    ("ending", "short", "long"),
    [
        (Ending.SUCCEEDED, "✓ 12:58, 1 min ago", "✓ succeeded 12:58, 1 min ago"),
        (Ending.ERRORS, "! 12:58, 1 min ago", "! with errors 12:58, 1 min ago"),
        (Ending.FAILED, "✗ 12:58, 1 min ago", "✗ failed 12:58, 1 min ago"),
        (Ending.UNKNOWN, "? 12:58, 1 min ago", "? cannot tell 12:58, 1 min ago"),
    ],
)
def test_the_last_cycle_is_told_by_when_it_ended(ending: Ending, short: str, long: str) -> None:
    ended = NOW - 106 * timedelta(seconds=1)
    last = Cycle(ended - 40 * MINUTE, ended, ending)
    assert (last_cycle(last, NOW), last_cycle(last, NOW, whole=True)) == (short, long)
    assert (last_cycle(None, NOW), last_cycle(None, NOW, whole=True)) == ("– none", "not run yet")


@pytest.mark.parametrize(
    ("count", "number", "people"),
    [
        (None, "?", "? people"),
        (0, "0", "0 people"),
        (1, "up to 1", "up to 1 person"),
        (26, "up to 26", "up to 26 people"),
    ],
)
def test_people_in_target_are_a_bound_and_unknown_until_they_were_counted(
    count: int | None, number: str, people: str
) -> None:
    assert (users_in_target(count), people_in_target(count)) == (number, people)


def test_how_long_a_cycle_took_is_told_in_whole_seconds() -> None:
    assert (span(NOW, NOW + timedelta(seconds=14.6)), span(NOW, NOW + 100 * MINUTE)) == ("14 s", "1 h 40 min")
