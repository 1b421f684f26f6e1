"""What a tab of the logs holds, and what the next reading of it asks for."""

from dataclasses import dataclass
from enum import Enum, auto

from xtsync_tui.workspace.logs.lines import LogView


class Look(Enum):
    """What the next reading of a log asks for."""

    NEW = auto()
    AGAIN = auto()
    OLDER = auto()


@dataclass
class Tab:
    """One tab: the rows that are listed, newer ones that are held back, its place and its filter.

    What finds a person in a log finds nothing in that person's timeline: each tab has a filter of its own.
    """

    view: LogView | None = None
    fresh: LogView | None = None
    place: str = ""
    typed: str = ""

    @property
    def waiting(self) -> int:
        """How many rows are new above those that are listed."""
        if self.fresh is None or self.view is None or not self.view.lines:
            return 0
        first = self.view.lines[0].id
        return next(
            (index for index, line in enumerate(self.fresh.lines) if line.id == first), len(self.fresh.lines)
        )

    def follow(self) -> None:
        """List the newest rows."""
        if self.fresh is not None:
            self.view, self.fresh = self.fresh, None
