"""The dialog that confirms people for the queue of On demand, wherever they were chosen."""

from collections.abc import Sequence

from xtsync_tui.ui.render import people_count
from xtsync_tui.ui.screens.on_demand.foretold import Foretold
from xtsync_tui.workspace.on_demand.queue import Queued


class ProvisionDialog(Foretold[tuple[str, ...]]):
    """Confirms people; dismissed with their ids. The dialog itself sends nothing: the queue does."""

    def __init__(self, people: Sequence[Queued]) -> None:
        name = people[0].name if len(people) == 1 else people_count(len(people))
        super().__init__(f"Provision {name}", people)

    def running(self) -> str:
        """Return the write that has to end first: not the queue's own, it takes people on."""
        return "" if self.workspace.on_demand.running else super().running()

    def confirm(self) -> None:
        """Dismiss with whom to send: the queue takes its time for it."""
        self.dismiss(tuple(one.user_id for one in self.people))
