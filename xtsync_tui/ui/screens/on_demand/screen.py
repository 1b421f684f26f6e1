"""Provision on demand: the queue at the left, what the service did with the selected person at the right."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted, people_count, state
from xtsync_tui.ui.screens.on_demand import text
from xtsync_tui.ui.screens.on_demand.detail import told
from xtsync_tui.ui.screens.on_demand.doing import Doing, mends
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.detail import Detail
from xtsync_tui.ui.widgets.finder import Finder, principals
from xtsync_tui.ui.widgets.split import Split
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widths import HUGE, WIDE
from xtsync_tui.workspace.on_demand import people
from xtsync_tui.workspace.on_demand.ground import Ground
from xtsync_tui.workspace.on_demand.queue import Queued, State
from xtsync_tui.workspace.setup import Principal

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace


class OnDemandScreen(Doing):
    """The queue with its results; reads the configuration, never the people who are not in the queue."""

    MODE = "on-demand"
    READS = "on demand"
    TITLE = "On demand"
    HELP = """\
# Provision on demand

Has the service provision people at once, one after the other, and shows everything it says about each.

- **n** adds people: by search, from those assigned, from a CSV file. Nothing is sent by that.
- **p** shows the requests and sends them: for the marked people, else for everybody who waits. On a person
  with a result it sends that person again.
- **P** pauses the queue and lets it go on. It keeps to 5 requests in 10 seconds.
- **f** goes to what repairs a skip or a failure. **c** compares with an earlier result of this person.
- **d** takes people out of the list. What was sent stays in the journal, results are kept.

Before anything is sent each person is evaluated here: whoever the service would delete in TARGET is named,
and has to be confirmed by typing. The deletion threshold does not hold deletions on demand.

After each answer the person is read in TARGET. When an answer is lost, both tenants are looked at; nothing is
sent twice without you.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("provision"),
        key("new", "Add people"),
        key("pause", "Pause"),
        key("delete", "Take out"),
        key("fix"),
        key("why"),
        key("compare"),
        key("logs"),
        key("open", "Open"),
    ]
    AUTO_FOCUS = ""

    _placed = False
    _stop_listening: Callable[[], None] | None = None
    _shared: Collection[str] = frozenset()
    """Names that several people of the queue have: those are told apart by what is seen first."""

    def body(self) -> Iterable[Widget]:
        """Yield the search that an empty queue shows, the queue with hints under it, and the detail."""
        queue: Table[Queued] = Table(self._columns(), lambda one: one.user_id, id="queue")
        finder = principals("Person", self._search, self._pause)
        nobody = muted("Nobody queued. Type a name; or esc, then n for the assigned or a CSV file.")
        empty = Vertical(Static(nobody, markup=False), finder, id="queue-empty")
        yield Split(Vertical(empty, queue, Static(id="queue-hints", markup=False), id="queue-side"))

    def _columns(self) -> Sequence[Column[Queued]]:
        narrow = self.is_attached and self.app.size.width < WIDE
        return (
            Column("Person", self._called_here, grow=not narrow, most=26),
            # Beside the detail there is no room: then for filters and exports, and in a name that is not one.
            Column("Account", lambda one: one.account, grow=True, priority=1 if narrow else 4),
            Column("Result", self._state, stated=True, width=16),
        )

    def _called_here(self, one: Queued) -> str:
        narrow = self.app.size.width < WIDE
        return one.name if narrow or one.name not in self._shared else f"{one.account} ({one.name})"

    def _state(self, one: Queued) -> str:
        return text.state_text(one, self.workspace.monotonic())

    async def _search(self, words: str) -> Sequence[Principal]:
        return await people.search(self.workspace, words)

    async def _pause(self, seconds: float) -> None:
        await self.workspace.pause(seconds)

    # Reading and listening ---------------------------------------------------------------------------

    async def read(self, workspace: "Workspace") -> Ground:
        """Read the configuration, and look once more for answers that were lost."""
        found = await workspace.on_demand.read()
        if not workspace.on_demand.running:
            await workspace.on_demand.look_again()
        return found

    def fix_words(self, error: XtSyncError) -> str:
        """Say that the set-up makes what is missing."""
        return "open the set-up" if isinstance(error, InvalidInput) else ""

    def show(self, data: Ground) -> None:  # noqa: ARG002 - the queue is what is shown
        """Show the queue, and listen to it from now on."""
        if self._stop_listening is None:
            self._stop_listening = self.service.subscribe(self.changed)
            self.set_interval(1, self._tick)
        self.changed()
        if not self._placed:
            self._placed = True
            if not self.filtering:
                self._focus_first()

    @work(exclusive=True, group="wanted")
    async def show_wanted(self, to: str) -> None:  # type: ignore[override]
        """Select a person by id, queued first if they are not, and show what would be sent for them."""
        if self.service.one(to) is None:
            try:
                who = await people.one(self.workspace, to)
            except XtSyncError as error:
                self.say(f"✗ {error.title}")
                return
            if who is None:
                self.say("This person is not in SOURCE.")
                return
            self.service.add([who])
            to = who.id
        self.screen.set_focus(self.queue)
        self.queue.select(to)
        self.queue.marks = set()
        self.action_provision([to])

    def on_unmount(self) -> None:
        """Stop listening to the queue."""
        if self._stop_listening is not None:
            self._stop_listening()

    def _tick(self) -> None:
        if self.service.running and self.is_current:
            self.queue.refresh()
        elif self.service.look_is_due and not self.reading:
            self._look_again()

    @work(exclusive=True, group="look")
    async def _look_again(self) -> None:
        """Look once more for answers that were lost: the log of the service can lag by minutes."""
        try:
            await self.service.look_again()
        except XtSyncError as error:
            self.say(f"✗ {error.title}")

    def _focus_first(self) -> None:
        self.screen.set_focus(self.query_one("#queue" if self.service.queue else "#search"))

    def changed(self) -> None:
        """Show the queue as it is now, and what is told of the selected person."""
        if not self.is_mounted:
            return
        queue = self.service.queue
        self.set_class(not queue, "-empty")
        times = Counter(one.name for one in queue)
        self._shared = {name for name, many in times.items() if many > 1}
        self.queue.set_rows(queue)
        self._show_one(self.queue.row)
        self.draft = _draft(queue)
        self.refresh_frame()
        self.refresh_bindings()

    def heading(self) -> str:
        """Return the configuration."""
        return f"On demand · {clean(self.data.name)}" if self.data else "On demand"

    def summary(self) -> Content:
        """Return how far the queue is, and its limit."""
        if self.data is None:
            return Content("")
        service = self.service
        words = text.summary(
            service.queue,
            service.pace.seconds_left,
            running=service.running,
            pausing=service.paused,
            narrow=self.app.size.width < WIDE,
        )
        quarantined = self.data.job.status is not None and self.data.job.status.quarantine is not None
        return (state("■ in quarantine · ") if quarantined else Content("")) + words

    # The selected person -----------------------------------------------------------------------------

    @on(Table.Moved, "#queue")
    def _moved(self, event: Table.Moved) -> None:
        self._show_one(event.row)
        self.refresh_bindings()

    def on_resize(self) -> None:
        """Lay out list and text once the new width is known."""
        if self.data is not None:
            self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        if not self.closing:
            self.queue.columns = list(self._columns())
            self.changed()

    def _show_one(self, one: Queued | None) -> None:
        stopped = self.service.stopped_by
        why = clean(f"Paused: {stopped.title}") if stopped and not self.service.running else ""
        self.query_one("#queue-hints", Static).update(text.hints(self.before(one), why))
        if one is None:
            return
        detail, terminal = self.query_one(Detail), self.app.size.width
        said = told(
            one,
            self.target,
            self.workspace.monotonic(),
            width=detail.size.width - 4,
            wide=terminal >= WIDE,
            beside=terminal >= HUGE,
        )
        detail.show(said.title, said.body, strip=said.strip, right=said.right, about=one.user_id)

    async def action_back(self) -> None:
        """Leave the search for the list; else what esc does everywhere."""
        if self.focused is not None and self.focused.id == "search":
            self.set_focus(None)
        else:
            await super().action_back()

    @on(Table.Opened, "#queue")
    def _opened(self, event: Table.Opened) -> None:
        from xtsync_tui.ui.screens.page import RowPage

        one: Queued = event.row
        keys = ["why", "provision", *(["fix"] if mends(one) else [])]
        if one.result is not None:
            self.app.push_screen(text.result_page(self, keys, one.result, self.target, one.cause))
        elif one.cause is not None:
            title = f"On demand › {clean(one.name)}"
            self.app.push_screen(RowPage(self, keys, title, text.cause_text(one.cause)))
        else:
            self.action_request()

    @on(Finder.Taken)
    def _taken(self, event: Finder.Taken) -> None:
        self._add((event.who,))

    @work
    async def action_new(self) -> None:
        """Choose people and put them into the queue."""
        from xtsync_tui.ui.screens.on_demand.adding import AddPeople

        if self.data is not None:
            chosen = await self.open_dialog(AddPeople(self.workspace, self.data.configuration.id))
            self._add(chosen or ())

    def _add(self, chosen: Sequence[Principal]) -> None:
        if chosen:
            self.service.add(chosen)
            self.queue.select(chosen[0].id)
            self.screen.set_focus(self.queue)
            who = clean(chosen[0].name) if len(chosen) == 1 else people_count(len(chosen))
            self.say(f"✓ {who} added · p sends · n adds others")

    def action_delete(self) -> None:
        """Take the marked people, or the selected one, out of the list."""
        self.service.take_out({one.user_id for one in self.queue.chosen})
        if not self.service.queue:
            self._focus_first()


def _draft(queue: Sequence[Queued]) -> str:
    waiting = sum(one.state in (State.TO_DO, State.NEXT) for one in queue)
    return f"{people_count(waiting)} in the queue, not sent" if waiting else ""
