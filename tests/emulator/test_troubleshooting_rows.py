"""The rows that the emulator writes lead to their entries of the troubleshooting table."""

import pytest

from tests.emulator.conftest import make
from xtsync_tui.emulator.seed import CONTOSO
from xtsync_tui.emulator.state import Document
from xtsync_tui.engine.troubleshooting import by_code, by_log_row

FOUND_IN = {
    "configured": {17, 18, 19, 20, 21, 23, 27, 39, 45, 51, 76},
    "troubled": {17, 18, 19, 20, 21, 23, 27, 39, 45, 51, 76, 94},
}
"""Numbers of entries: not assigned, disabled, role, SMS sign-in, filter, equal, Forbidden, and so on."""


def rows(scenario: str) -> list[Document]:
    return list(make(scenario).world.tenants[CONTOSO].provisioning_log)


def entries(row: Document) -> set[int]:
    return {entry.number for entry in by_log_row(row)}


@pytest.mark.parametrize("scenario", FOUND_IN)
def test_every_row_that_is_no_success_is_explained(scenario: str) -> None:
    trouble = [row for row in rows(scenario) if row["provisioningStatusInfo"]["status"] != "success"]
    assert trouble
    assert [row for row in trouble if not entries(row)] == []


@pytest.mark.parametrize(("scenario", "numbers"), FOUND_IN.items())
def test_the_story_of_a_scenario_shows_these_entries(scenario: str, numbers: set[int]) -> None:
    assert set[int]().union(*map(entries, rows(scenario))) == numbers


def test_the_quarantine_of_the_troubled_job_is_explained() -> None:
    jobs = make("troubled").world.tenants[CONTOSO].jobs
    (job,) = (job for by_id in jobs.values() for job in by_id.values())
    assert [entry.number for entry in by_code(job.document()["status"]["quarantine"]["reason"])] == [99]
