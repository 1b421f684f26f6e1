"""Who enters and who leaves with another scope, by name, in the dialogs that change it."""

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, people_count, state
from xtsync_tui.ui.screens.dialog import Level
from xtsync_tui.ui.screens.mappings.effect_text import Stakes, against, moves, unsettled
from xtsync_tui.ui.screens.mappings.who import COLUMNS, by_loss
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widths import WIDE
from xtsync_tui.workspace.health import State, state_of
from xtsync_tui.workspace.mappings.effects import Effects
from xtsync_tui.workspace.scope_change import Scope, change, members, read_everybody
from xtsync_tui.workspace.setup import Principal

if TYPE_CHECKING:
    from xtsync_tui.workspace.mappings.crowd import Crowd
    from xtsync_tui.workspace.pair import Workspace

SHOWN = 8
"""Rows that are in view at once; the list scrolls."""


class ScopeEffect(Vertical):
    """What the other scope does to people; they are read once it is asked for, and that can take a while.

    Without a job nobody is synchronized, and nothing is told.
    """

    class Changed(Message):
        """It is known what the other scope does, or why it is not."""

    def __init__(self, workspace: "Workspace", scope: Scope | XtSyncError | None) -> None:
        super().__init__(classes="scope-effect")
        self.workspace = workspace
        self.scope = scope if isinstance(scope, Scope) else None
        self.found: Effects | XtSyncError | None = scope if isinstance(scope, XtSyncError) else None
        self.asked = False
        self._joining: tuple[Principal, ...] = ()
        self._many = False
        """Whether so many people move that the name is to be typed; it takes a while to count thousands."""
        self._crowd: Crowd | None = None

    def compose(self) -> ComposeResult:
        """Yield what is told, and everybody who moves."""
        yield Static(id="scope-told", markup=False)
        yield Table(COLUMNS, lambda row: row.id, id="movers")

    def on_mount(self) -> None:
        """Show nothing as long as the scope stays."""
        self.display = False
        self.query_one("#movers").display = False

    @property
    def level(self) -> Level:
        """How much to ask; for the name where many people are concerned, or it is not known how many."""
        if not self.asked:
            return Level.PLAIN
        if isinstance(self.found, XtSyncError):
            return Level.TYPED
        return Level.TYPED if self._many else Level.WIDE

    @property
    def off(self) -> str:
        """Why it cannot be sent yet, "" when it can."""
        waits = self.asked and self.scope is not None and self.found is None
        return "off until it is known who enters and leaves" if waits else ""

    @property
    def waits_for_restart(self) -> bool:
        """Whether the new scope is narrower and its job paused: only a restart lets it count then."""
        scope = self.scope
        if not self.asked or scope is None or not scope.everyone or scope.job.is_active:
            return False
        return state_of(scope.job) is not State.NOT_RUN

    def ask(self, *, other: bool, joining: Collection[Principal] = ()) -> None:
        """Tell what the other scope does; not ``other`` is the scope as it is."""
        joining = tuple(joining)
        if (other, joining) == (self.asked, self._joining):
            return
        self.asked, self._joining = other, joining
        self.display = other
        if other and self.scope is not None and not isinstance(self.found, XtSyncError):
            self.found = None
            self._evaluate(self.scope)
        self._show()

    @work(exclusive=True, group="scope")
    async def _evaluate(self, scope: Scope) -> None:
        people = {one.id for one in self._joining if one.kind == "User"}
        try:
            if self._crowd is None:
                self._crowd = await read_everybody(self.workspace, scope, self._count)
            groups = [one for one in self._joining if one.kind == "Group"]
            joining = people | await members(self.workspace, groups)
            found = await asyncio.to_thread(change, self.workspace, scope, self._crowd, joining)
            self._many = found.exceeds(scope.threshold, self.workspace.profile.limits)
            self.found = found
        except XtSyncError as error:
            self.found = error
        self._show()
        self.post_message(self.Changed())

    def _count(self, people: int) -> None:
        words = f"… reading the people of SOURCE: {people:,} · esc leaves"
        self.query_one("#scope-told", Static).update(muted(words))

    def _show(self) -> None:
        movers = by_loss(self.found.movers) if isinstance(self.found, Effects) else ()
        table = self.query_one("#movers", Table)
        table.display = bool(movers)
        table.styles.height = min(len(movers), SHOWN if self.app.size.width >= WIDE else 4) + 1
        table.set_rows(movers)
        self.query_one("#scope-told", Static).update(Content("\n").join(self._lines()))

    def _lines(self) -> list[Content]:
        found, scope = self.found, self.scope
        if isinstance(found, XtSyncError):
            return [state(f"? Who enters and leaves cannot be told: {clean(found.title)}"), *self._cycle()]
        if scope is None:
            return [muted("There is no job yet: nobody is synchronized.")]
        if found is None:
            return [muted("… reading the people of SOURCE · esc leaves"), *self._cycle()]
        lines = [state(line) for line in _told(found, scope.threshold, self._target)]
        read = f"Evaluated here from {people_count(found.read)} of SOURCE. The service decides."
        return [*lines, *self._cycle(), muted(read)]

    @property
    def _target(self) -> str:
        return f"TARGET {clean(self.workspace.side(Side.TARGET).name, 40)}"

    def _cycle(self) -> list[Content]:
        """Return what lets a narrower scope count: without a restart it has no effect [known-issues]."""
        scope = self.scope
        if scope is None or not scope.everyone:
            return []
        if self.waits_for_restart:
            words = "the narrower scope counts once it is restarted (7 Job, R), not when it is started (S)"
            return [state(f"! The job is paused: {words}.")]
        if scope.job.is_active:
            return [state("! A restart follows, without which it has no effect: it begins a full cycle.")]
        return []


def _told(found: Effects, threshold: int | None, target: str) -> list[str]:
    """Return who leaves and enters, and how the removals stand against the threshold."""
    lines = [*moves(found, target), *(f"{line}." for line in unsettled(found))]
    if found.worst:
        lines.append(f"{against(found, Stakes(threshold))}.")
    return lines or ["✓ Nobody enters or leaves."]
