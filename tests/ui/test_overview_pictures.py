"""Pictures of the overview: a pair that is fine, and one that needs somebody."""

from typing import Any

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person

PICTURES: dict[str, tuple[str, tuple[int, int]]] = {
    "overview": ("configured", (120, 36)),
    "overview-80": ("configured", (80, 24)),
    "overview-troubled": ("troubled", (120, 36)),
    "overview-troubled-80": ("troubled", (80, 24)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_overview_looks_as_it_did(snap_compare: Any, name: str) -> None:
    scenario, size = PICTURES[name]

    async def before(pilot: Any) -> None:
        person = Person(pilot)
        await person.press("2")
        await person.sees("Last 24 hours", "attention")
        await pilot.pause()

    assert snap_compare(Demo(scenario).app(), terminal_size=size, run_before=before)
