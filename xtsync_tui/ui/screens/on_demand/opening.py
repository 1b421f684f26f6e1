"""The way of other screens to provision on demand."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp
    from xtsync_tui.workspace.setup import Principal


async def provision(app: "XtSyncApp", people: Sequence["Principal"]) -> None:
    """Put people into the queue, go to On demand with the first selected, and show what would be sent.

    Nothing is sent before it is confirmed there.
    """
    from xtsync_tui.ui.screens.on_demand.screen import OnDemandScreen

    app.pair.on_demand.add(people)
    await app.action_mode("on-demand")
    screen = app.screen
    if isinstance(screen, OnDemandScreen) and people:
        screen.come(people[0].id)
