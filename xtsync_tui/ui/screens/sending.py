"""Sends what a dialog has shown, and raises what stopped it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xtsync_tui.errors import XtSyncError

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace
    from xtsync_tui.workspace.planned import Planned
    from xtsync_tui.workspace.writing import Written


async def send_planned(workspace: "Workspace", planned: Sequence["Planned"]) -> tuple["Written", ...]:
    """Send the requests in order; raises the error of the first that is not known to be done."""
    written = await workspace.writer.send_all(planned)
    failed = next((each for each in written if not each.done), None)
    if failed is not None:
        raise failed.error or XtSyncError(
            "Not known whether it happened", failed.entry.note, "@ shows the request."
        )
    return written
