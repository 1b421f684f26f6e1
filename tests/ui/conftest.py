"""Pictures: the snapshot files are screenshots/NAME.svg, the same that the README shows."""

from pathlib import Path
from typing import Any

import pytest
import pytest_textual_snapshot as snapshots  # type: ignore[import-untyped]
from textual.widgets import Button, Input, TextArea

from xtsync_tui.ui.app import XtSyncApp
from xtsync_tui.ui.screens.reading import ReadingScreen

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"


class Screenshots(snapshots.SVGImageExtension):  # type: ignore[misc] # the plugin is not typed
    """Keeps a picture as screenshots/NAME.svg, NAME being the test's parameter."""

    @classmethod
    def dirname(cls, *, test_location: Any) -> str:  # noqa: ARG003 - the base's signature
        return str(SCREENSHOTS)

    @classmethod
    def get_snapshot_name(cls, *, test_location: Any, index: Any = 0) -> str:  # noqa: ARG003
        name: str = test_location.snapshot_name
        return name.partition("[")[2].rstrip("]")


snapshots.SVGImageExtension = Screenshots


@pytest.fixture(autouse=True)
def steady(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what differs from run to run: blinking cursors, flashes, the time zone; and in pictures more.

    How many requests were sent, and whether a screen is just looking again, depends on the machine's pace.
    """
    monkeypatch.setattr(Input, "cursor_blink", False)
    monkeypatch.setattr(TextArea, "cursor_blink", False)
    monkeypatch.setattr(Button, "_start_active_affect", lambda button: None)  # noqa: ARG005
    monkeypatch.setenv("TZ", "UTC")
    if "snap_compare" in request.fixturenames:
        monkeypatch.setattr(XtSyncApp, "request_count", "@ 61 · 0 waiting")
        monkeypatch.setattr(ReadingScreen, "look_if_due", lambda screen: None)  # noqa: ARG005
