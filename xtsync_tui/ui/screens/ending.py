"""The end of a screen: its workers first."""

from typing import TypeVar

from textual.await_remove import AwaitRemove
from textual.screen import Screen

Result = TypeVar("Result")


class Ending(Screen[Result]):
    """A screen whose workers end before its widgets: none finds those gone that it was about to change."""

    def remove(self) -> AwaitRemove:
        """Stop what this screen and its widgets still work on, and remove it."""
        for worker in list(self.workers):
            if worker.node is self or self in worker.node.ancestors:
                worker.cancel()
        return super().remove()
