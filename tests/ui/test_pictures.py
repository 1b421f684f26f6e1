"""Pictures of the frame: screenshots/NAME.svg, looked at before they are accepted."""

from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.driver import settled, text_of
from tests.ui.pair import Pair
from tests.ui.sample import SampleApp
from tests.ui.test_requests import journal, log
from xtsync_tui.ui.themes import DARK, LIGHT


async def requests_opened(pilot: Pilot[Any]) -> None:
    """Open the requests and go to the one that was not answered."""
    await settled(pilot, lambda: "Ana Lopes" in text_of(pilot.app))
    await pilot.press("at", *["down"] * 4)
    await settled(pilot, lambda: "none came back" in text_of(pilot.app) or pilot.app.size.width < 100)
    await settled(pilot, lambda: "14:01:21" in text_of(pilot.app))


SIZES = {"requests": (120, 36), "requests-80": (80, 24), "requests-light": (120, 36)}


@pytest.mark.parametrize("name", SIZES)
def test_requests(snap_compare: Any, name: str) -> None:
    theme = LIGHT if name.endswith("light") else DARK
    app = SampleApp(Pair(log=log(), journal=journal()), theme=theme)
    assert snap_compare(app, terminal_size=SIZES[name], run_before=requests_opened)
