"""Provision on demand: the queue at the left, what the service did with the selected person at the right."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import InvalidInput, StoreFailed, XtSyncError
from xtsync_tui.model import Request, Side
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted, people_count, state
from xtsync_tui.ui.screens.on_demand import text
from xtsync_tui.ui.screens.reading import ReadingScreen
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.detail import Detail
from xtsync_tui.ui.widgets.finder import Finder
from xtsync_tui.ui.widgets.split import Split
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.mappings.reading import MappingsReading
from xtsync_tui.workspace.on_demand import people
from xtsync_tui.workspace.on_demand.explaining import FILTERS
from xtsync_tui.workspace.on_demand.queue import Queued, State
from xtsync_tui.workspace.setup import OnDemandResult, Principal

if TYPE_CHECKING:
    from xtsync_tui.workspace.on_demand.service import OnDemand
    from xtsync_tui.workspace.pair import Workspace

WIDE = 100
HUGE = 140


class OnDemandScreen(ReadingScreen[MappingsReading]):
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

    def body(self) -> Iterable[Widget]:
        """Yield the search that an empty queue shows, the queue with hints under it, and the detail."""
        queue: Table[Queued] = Table(self._columns(), lambda one: one.user_id, id="queue")
        finder = Finder("Person", self._search, self._pause)
        nobody = muted("Nobody queued. Type a name; or esc, then n for the assigned or a CSV file.")
        empty = Vertical(Static(nobody, markup=False), finder, id="queue-empty")
        yield Split(Vertical(empty, queue, Static(id="queue-hints", markup=False), id="queue-side"))

    def _columns(self) -> Sequence[Column[Queued]]:
        return (
            Column("Person", lambda one: one.name, grow=True, most=26),
            # Never shown, there is no room beside the detail: for filters and exports.
            Column("Account", lambda one: one.account, priority=4),
            Column("Result", self._state, stated=True, width=16),
        )

    def _state(self, one: Queued) -> str:
        return text.state_text(one, self.workspace.monotonic())

    async def _search(self, words: str) -> Sequence[Principal]:
        return await people.search(self.workspace, words)

    async def _pause(self, seconds: float) -> None:
        await self.workspace.pause(seconds)

    # Reading and listening ---------------------------------------------------------------------------

    @property
    def service(self) -> "OnDemand":
        """The queue of the workspace, which outlives the screen."""
        return self.workspace.on_demand

    async def read(self, workspace: "Workspace") -> MappingsReading:
        """Read the configuration, and look once more for answers that were lost."""
        found = await workspace.on_demand.read()
        if not workspace.on_demand.running:
            await workspace.on_demand.look_again()
        return found

    def fix_words(self, error: XtSyncError) -> str:
        """Say that the set-up makes what is missing."""
        return "open the set-up" if isinstance(error, InvalidInput) else ""

    def show(self, data: MappingsReading) -> None:  # noqa: ARG002 - the queue is what is shown
        """Show the queue, and listen to it from now on."""
        if self._stop_listening is None:
            self._stop_listening = self.service.subscribe(self._changed)
            self.set_interval(1, self._tick)
        self._changed()
        if not self._placed:
            self._placed = True
            if not self.filtering:
                self._focus_first()

    @work(exclusive=True, group="wanted")
    async def show_wanted(self, to: str) -> None:  # type: ignore[override]
        """Select a person by id, queued first if they are not, and show what would be sent for them."""
        if self.service.one(to) is None:
            try:
                (line,) = await people.look_up(self.workspace, [to])
            except XtSyncError as error:
                self.say(f"✗ {error.title}")
                return
            self.service.add(line.people)
        if self.service.one(to) is None:
            self.say("This person is not in SOURCE.")
            return
        self.screen.set_focus(self._queue)
        self._queue.select(to)
        self._queue.marks = set()
        self.action_provision([to])

    def on_unmount(self) -> None:
        """Stop listening to the queue."""
        if self._stop_listening is not None:
            self._stop_listening()

    def _tick(self) -> None:
        if self.service.running and self.is_current:
            self._queue.refresh()

    def _focus_first(self) -> None:
        self.screen.set_focus(self.query_one("#queue" if self.service.queue else "#search"))

    def _changed(self) -> None:
        if not self.is_mounted:
            return
        queue = self.service.queue
        self.set_class(not queue, "-empty")
        self._queue.set_rows(queue)
        self._show_one(self._queue.row)
        self.draft = _draft(queue)
        self.refresh_frame()
        self.refresh_bindings()

    @property
    def _queue(self) -> Table[Queued]:
        return self.query_one("#queue", Table)

    @property
    def _one(self) -> Queued | None:
        return self._queue.row if self.is_mounted and self.data is not None else None

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
            paused=not service.running,
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
        """Lay out the text for the new width."""
        if self.data is not None:
            self._show_one(self._queue.row)

    def _show_one(self, one: Queued | None) -> None:
        stopped = self.service.stopped_by
        why = clean(f"Paused: {stopped.title}") if stopped and not self.service.running else ""
        self.query_one("#queue-hints", Static).update(text.hints(self._earlier(one), why))
        if one is None:
            return
        detail = self.query_one(Detail)
        wide = self.app.size.width >= WIDE
        who = clean(one.name) + (f" · {clean(one.account)}" if one.account and wide else "")
        right = text.verdict(one.result) if one.result else state(self._state(one))
        detail.show(who, self._told(one, detail.size.width - 4), strip=self._strip(one), right=right)

    def _told(self, one: Queued, width: int) -> Content:
        target = self.xtsync.side_view(Side.TARGET).name
        if one.result is not None:
            beside = self.app.size.width >= HUGE
            return text.result_text(one.result, target, one.cause, width=width, beside=beside)
        if one.cause is not None:
            return text.cause_text(one.cause)
        if one.state is State.RUNNING:
            return state("▶ the service is at it; up to half a minute")
        words = (
            "p shows the request and sends it." if one.state is State.TO_DO else "Sent when it is their turn."
        )
        return muted(words)

    def _strip(self, one: Queued) -> Content:
        if one.cause is not None:
            return text.cause_text(one.cause)
        if one.result is None:
            return self._told(one, 60)
        lines = [text.verdict(one.result), *(muted(stage.words) for stage in one.result.stages[-1:])]
        if one.result.found is not None:
            lines.append(Content(clean(one.result.found.user_principal_name)))
        return Content("\n").join(lines)

    def _earlier(self, one: Queued | None) -> tuple[OnDemandResult, ...]:
        """Return the results before the one that is shown."""
        if one is None:
            return ()
        try:
            kept = self.service.earlier(one.user_id)
        except StoreFailed:
            return ()
        return kept[1:] if one.result is not None and kept and kept[0].at == one.result.at else kept

    # What can be done --------------------------------------------------------------------------------

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        if not self.is_mounted or self.data is None:
            return super().refusal(action)
        one, service = self._one, self.service
        needs_one = {"provision", "delete", "fix", "why", "compare", "logs", "open"}
        if one is None and action in needs_one:
            return "Nobody is queued: n adds people."
        if (
            action == "pause"
            and not service.running
            and not any(each.state is State.NEXT for each in service.queue)
        ):
            return "Nothing runs, and nobody waits: p sends."
        if action == "provision" and not self._people_to_send():
            return "They are being sent already."
        if one is None:
            return super().refusal(action)
        if action == "fix" and not _mends(one):
            return "Nothing to repair here: no other setting is named."
        if action == "compare" and (one.result is None or not self._earlier(one)):
            return "No earlier result of this person to compare with."
        if action in {"why", "logs"} and not self._has_mode(_PLACES[action]):
            return f"There is no {_PLACES[action]} here."
        return super().refusal(action)

    def _has_mode(self, mode: str) -> bool:
        return any(each.id == mode for each in self.xtsync.modes)

    def requests(self) -> Sequence[Request]:
        """Return the request of the selected person."""
        one = self._one
        return [self.service.prepare(one.user_id).request] if one else ()

    def copies(self) -> list[tuple[str, str]]:
        """Return the result as text, for a colleague; else the row."""
        one = self._one
        if one is None or one.result is None:
            return super().copies()
        target = self.xtsync.side_view(Side.TARGET).name
        told = text.result_text(one.result, target, one.cause).plain
        ids = [("id", one.user_id), ("change id", one.result.change_id), ("JSON", one.result.raw)]
        head = f"{clean(one.name)} · {text.verdict(one.result).plain}"
        return [("result", f"{head}\n\n{told}"), *(pair for pair in ids if pair[1])]

    def raw(self) -> str:
        """Return ids and the answer of the service, whole."""
        one = self._one
        if one is None:
            return ""
        lines = [f"id in SOURCE  {one.user_id}"]
        if one.entry:
            lines.append(f"change {one.entry} in @ Requests and changes")
        if one.result is not None:
            lines += [f"change id     {one.result.change_id or '–'}", "", one.result.raw]
        return "\n".join(lines)

    async def action_back(self) -> None:
        """Leave the search for the list; else what esc does everywhere."""
        if self.focused is not None and self.focused.id == "search":
            self.set_focus(None)
        else:
            await super().action_back()

    @on(Table.Opened, "#queue")
    def _opened(self, event: Table.Opened) -> None:
        one: Queued = event.row
        if one.result is not None:
            target = self.xtsync.side_view(Side.TARGET).name
            self.app.push_screen(text.result_page(one.result, target, one.cause))
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
            self._queue.select(chosen[0].id)
            self.screen.set_focus(self._queue)

    def action_delete(self) -> None:
        """Take the marked people, or the selected one, out of the list."""
        self.service.take_out({one.user_id for one in self._queue.chosen})
        if not self.service.queue:
            self._focus_first()

    def _people_to_send(self) -> list[Queued]:
        """Return whom p is about: the marked; the selected one who had a turn; else everybody who waits."""
        queue, one = self._queue, self._one
        ready = [each for each in self.service.queue if _can_go(each, running=self.service.running)]
        if queue.marks:
            return [each for each in ready if each.user_id in queue.marks]
        if one is not None and (not one.waits or one.state is State.HELD):
            return [each for each in ready if each.user_id == one.user_id]
        return [each for each in ready if each.state in (State.TO_DO, State.NEXT)]

    @work
    async def action_provision(self, ids: Collection[str] = ()) -> None:
        """Show the requests, for these people or those that are meant; once confirmed, they are sent."""
        from xtsync_tui.ui.screens.on_demand.sending import ProvisionDialog

        ready = [one for one in self.service.queue if one.user_id in ids] if ids else self._people_to_send()
        chosen = [one for one in ready if _can_go(one, running=self.service.running)]
        if not chosen:
            return
        dialog = ProvisionDialog(chosen, self.workspace.profile.limits.changes)
        confirmed = await self.open_dialog(dialog)
        if confirmed:
            self._queue.marks = set()
            self.service.release(confirmed, over={one.user_id for one in dialog.held})
            self._start()

    def action_pause(self) -> None:
        """Pause the queue after who is under way, or let it go on."""
        if self.service.running:
            self.service.pause()
            self.say("‖ The queue pauses. P lets it go on.")
        else:
            self._start()

    def _start(self) -> None:
        if not self.service.running:
            # A worker of the application: leaving the screen, or closing it, must not stop the queue.
            self.app.run_worker(self._work_off(), group="on-demand", name="on demand")

    async def _work_off(self) -> None:
        writes = self.xtsync.writes
        try:
            await writes.run("provisioning on demand", self.service.run, stop=self.service.pause)
        except XtSyncError as error:
            if self.is_current:
                self.say(f"✗ {error.title}. P lets the queue go on.")
            else:
                writes.failed = error
        self.note_changes()
        self._changed()

    @work
    async def action_fix(self) -> None:
        """Open the repair, or go to the step or the filters that repair it."""
        if self.data is None:
            await self.xtsync.go("setup")
            return
        one = self._one
        cause = one.cause if one else None
        if one is None or cause is None:
            return
        if cause.fix:
            from xtsync_tui.ui.screens.setup.repair import RepairDialog

            outcome = await self.open_dialog(RepairDialog(cause))
            if outcome is not None:
                self.say(f"✓ {outcome.words}. p tries {one.name} again.")
        elif cause.code == FILTERS and self._has_mode("mappings"):
            await self.xtsync.go("mappings", FILTERS)
        elif cause.step is not None:
            await self.xtsync.go("setup", str(cause.step))

    async def action_why(self) -> None:
        """Open the person in People."""
        from xtsync_tui.ui.screens.people.opening import open_person

        one = self._one
        if one is not None:
            await open_person(self.xtsync, one.user_id, name=one.name)

    async def action_logs(self) -> None:
        """Show the log rows of the person."""
        one = self._one
        if one is not None:
            await self.xtsync.go("logs", f"person:{one.user_id}")

    @work
    async def action_compare(self) -> None:
        """Choose an earlier result and show what differs."""
        from xtsync_tui.ui.screens.choose import choose
        from xtsync_tui.ui.screens.page import TextPage

        one = self._one
        if one is None or one.result is None:
            return
        earlier = self._earlier(one)
        chosen = "0"
        if len(earlier) > 1:
            ways = [(str(at), _named(each)) for at, each in enumerate(earlier)]
            chosen = await choose(self.xtsync, "Compare with", ways)
        if chosen:
            told = text.comparison(earlier[int(chosen)], one.result, self.workspace.now())
            self.app.push_screen(TextPage(f"On demand › {clean(one.name)} › compared", told))


_PLACES = {"why": "people", "logs": "logs"}


def _named(result: OnDemandResult) -> str:
    return f"{result.at.day} {result.at:%b %H:%M:%S}  {clean(result.words)}"


def _can_go(one: Queued, *, running: bool) -> bool:
    return one.state is not State.RUNNING and not (running and one.state is State.NEXT)


def _mends(one: Queued) -> bool:
    cause = one.cause
    return cause is not None and (bool(cause.fix) or cause.step is not None or cause.code == FILTERS)


def _draft(queue: Sequence[Queued]) -> str:
    waiting = sum(one.waits for one in queue)
    if not waiting:
        return ""
    return f"{people_count(waiting)} in the queue, nothing sent for them"
