"""How values read."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.ui.pair import NOW
from xtsync_tui.model import Side
from xtsync_tui.ui import render


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.088, "88 ms"),
        (4.1, "4.1 s"),
        (30, "30.0 s"),
        (98, "1 min 38 s"),
        (250, "4 min 10 s"),
        (7500, "2 h 5 min"),
    ],
)
def test_a_duration_carries_its_unit(seconds: float, words: str) -> None:
    assert render.duration(seconds) == words


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (NOW - timedelta(minutes=41), "13:21, 41 min ago"),
        (NOW - timedelta(seconds=8), "14:02, 8 s ago"),
        (datetime(2026, 5, 12, 9, 20, tzinfo=UTC), "12 May 09:20, 2 d ago"),
        (datetime(2025, 5, 12, tzinfo=UTC), "12 May 2025"),
        (NOW + timedelta(hours=5, minutes=19), "19:21, in 5 h"),
        (datetime(1, 1, 1, tzinfo=UTC), "never"),
        (None, "never"),
    ],
)
def test_a_time_is_absolute_and_relative(then: datetime | None, words: str) -> None:
    assert render.when(then, NOW) == words


def test_nothing_is_not_zero_and_unknown_is_neither() -> None:
    assert (render.number(1204), render.number(0), render.number(None)) == ("1,204", "0", "?")


def test_a_state_is_coloured_by_its_symbol() -> None:
    assert [str(span.style) for span in render.state("✗ failed").spans] == ["$x-error"]
    assert render.state("plain").spans == []


def test_a_side_is_named_in_capitals_and_its_tenant_is_not_markup() -> None:
    assert render.side(Side.TARGET, "Fab[/red]rikam\x1b").plain == "TARGET Fab[/red]rikam␛"


def test_cut_text_always_says_so() -> None:
    assert render.cut_start("/servicePrincipals/1/jobs/2", 10) == "…/1/jobs/2"
    assert render.cut_end("Lena Fischer", 6) == "Lena …"
    assert render.cut_end("Lena", 6) == "Lena"


def test_facts_align_their_values() -> None:
    assert render.facts([("Now", "off"), ("Read at", "14:02")]).plain == "Now      off\nRead at  14:02"
