from datetime import timedelta

import pytest

from tests.engine.world import NOW
from xtsync_tui.engine.quarantine import (
    LIMIT,
    QuarantineReason,
    enter,
    next_attempt,
    quarantine_reason,
    too_many,
)


@pytest.mark.parametrize(
    ("failed", "succeeded", "references", "reason"),
    [
        (4_000, 0, 0, None),
        (4_999, 0, 0, None),
        (45_000, 1_000_000, 0, QuarantineReason.BASE),
        (30_000, 5_000, 0, QuarantineReason.PROPORTION),
        (20_000, 80_000, 0, None),
        (40_000, 1_000_000, 21_000, QuarantineReason.TOTAL),
        (40_000, 60_000, 0, None),
        (40_001, 60_000, 0, QuarantineReason.BASE),
        (0, 0, 60_001, QuarantineReason.TOTAL),
        (100, 100, 50_000, None),
    ],
)
def test_the_documented_examples_decide_about_quarantine(
    failed: int, succeeded: int, references: int, reason: QuarantineReason | None
) -> None:
    found = quarantine_reason(failed=failed, succeeded=succeeded, references_failed=references)
    assert found is reason


@pytest.mark.parametrize(
    ("after", "attempt"),
    [(0, 6), (5.9, 6), (6, 12), (12, 24), (24, 48), (30, 48), (48, 72), (24 * 20 + 1, 24 * 21)],
)
def test_attempts_become_rarer_down_to_daily(after: float, attempt: int) -> None:
    assert next_attempt(NOW, NOW + timedelta(hours=after)) == NOW + timedelta(hours=attempt)


def test_a_series_keeps_its_begin_and_counts() -> None:
    first = enter(None, QuarantineReason.PROPORTION, NOW)
    later = NOW + timedelta(hours=6)
    second = enter(first, QuarantineReason.PROPORTION, later)
    assert (second.series_began, second.current_began, second.series_count) == (NOW, NOW, 2)
    assert second.next_attempt == NOW + timedelta(hours=12)
    other = enter(second, QuarantineReason.TOO_MANY_DELETES, later)
    assert (other.series_began, other.current_began, other.series_count) == (NOW, later, 3)


def test_a_quarantine_expires_after_28_days() -> None:
    quarantine = enter(None, QuarantineReason.EXCEPTION, NOW)
    assert not quarantine.expired(NOW + LIMIT - timedelta(seconds=1))
    assert quarantine.expired(NOW + LIMIT)


@pytest.mark.parametrize(
    ("removals", "threshold", "held"),
    [
        (499, 500, False),
        (500, 500, True),
        (501, 500, True),
        (9_999, None, False),
        (0, 0, False),
        (1, 0, True),
    ],
)
def test_a_threshold_of_500_allows_499(removals: int, threshold: int | None, held: bool) -> None:
    assert too_many(removals, threshold) is held
