"""Choosing people and groups: a search, who is chosen, and how many people that reaches."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.dialog import Level
from xtsync_tui.ui.screens.reach import level_for
from xtsync_tui.ui.widgets.finder import Finder, principals
from xtsync_tui.workspace.setup import Principal

if TYPE_CHECKING:
    from xtsync_tui.workspace.setup.setup import Setup


class Chooser(Vertical):
    """A search in SOURCE over the list of who is chosen; taking somebody again takes them out.

    The direct members of a chosen group are counted. ``pause`` waits. ``there`` are the ids of all who are
    assigned already.
    """

    class Changed(Message):
        """Somebody was chosen or taken out, or a group was counted."""

    def __init__(
        self, setup: "Setup", pause: Callable[[float], Awaitable[None]], there: Collection[str]
    ) -> None:
        super().__init__(classes="chooser")
        self.chosen: dict[str, Principal] = {}
        self._members: dict[str, int] = {}
        self._warnings: dict[str, str] = {}
        self._setup = setup
        self._there = there
        self._pause = pause

    def level(self, limit: int) -> Level:
        """Return how much to ask before all who are chosen are assigned; an unknown number counts as many."""
        return level_for(self.chosen.values(), self._members, limit)

    def compose(self) -> ComposeResult:
        """Yield search and list."""
        yield principals("Search", self._search, self._pause, lambda who: who.id in self.chosen)
        yield Static(id="chosen", markup=False)

    def on_mount(self) -> None:
        """Say that nobody is chosen yet."""
        self._show()

    async def _search(self, text: str) -> Sequence[Principal]:
        found = (*await self._setup.search_people(text), *await self._setup.search_groups(text))
        # Enter takes the first: what is called exactly so must not stand behind what only begins so.
        return sorted(found, key=lambda who: who.name.casefold() != text.casefold())

    @on(Finder.Taken)
    def _taken(self, event: Finder.Taken) -> None:
        event.stop()
        who = event.who
        if self.chosen.pop(who.id, None) is None:
            self.chosen[who.id] = who
            self._warnings[who.id] = who.warning
            if who.kind == "Group":
                self._count(who)
        self._changed()

    @work(group="members")
    async def _count(self, who: Principal) -> None:
        try:
            view = await self._setup.members_and_nested(who.id)
        except XtSyncError as error:
            self._warnings[who.id] = f"Its members cannot be counted: {error.title}"
        else:
            self._members[who.id] = len(view.people)
            self._warnings[who.id] = " ".join(filter(None, (who.warning, view.warning)))
        self._changed()

    def _changed(self) -> None:
        self._show()
        self.post_message(self.Changed())

    def _show(self) -> None:
        lines = [Content.styled(f"Chosen ({len(self.chosen)})", "bold")]
        for who in self.chosen.values():
            count = self._members.get(who.id)
            counted = "" if count is None else f"{count:,} direct member{'' if count == 1 else 's'}"
            already = "assigned already" if who.id in self._there else ""
            about = " · ".join(filter(None, (already, counted, clean(who.detail))))
            lines.append(Content(f"  {clean(who.name)}  ") + muted(about))
            if warning := self._warnings[who.id]:
                lines.append(Content("  ") + state(f"! {clean(warning, 300)}"))
        words = (
            "Taking one again takes it out."
            if self.chosen
            else "Nobody yet. Search above; enter takes the first that is found."
        )
        self.query_one("#chosen", Static).update(Content("\n").join([*lines, muted(f"  {words}")]))
