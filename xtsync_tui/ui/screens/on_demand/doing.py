"""What can be done with the people of the queue: provision, pause, repair, compare, go elsewhere."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from textual import work

from xtsync_tui.errors import StoreFailed, XtSyncError
from xtsync_tui.model import Request, Side
from xtsync_tui.text import clean
from xtsync_tui.ui.screens.on_demand import text
from xtsync_tui.ui.screens.on_demand.detail import earlier
from xtsync_tui.ui.screens.on_demand.running import carried
from xtsync_tui.ui.screens.reading import ReadingScreen
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.on_demand.explaining import FILTERS
from xtsync_tui.workspace.on_demand.ground import Ground
from xtsync_tui.workspace.on_demand.queue import Queued, State
from xtsync_tui.workspace.setup import OnDemandResult

if TYPE_CHECKING:
    from xtsync_tui.workspace.on_demand.service import OnDemand


class Doing(ReadingScreen[Ground]):
    """A screen over the queue with one selected person, and the keys that are about both."""

    _starting = False
    """Whether the queue was asked to run, and does not yet: a second key must not ask once more."""
    _earlier: tuple[Queued, Sequence[OnDemandResult]] | None = None
    """The results before the one that was last shown; the file is not read again for each second of it."""

    @property
    def service(self) -> "OnDemand":
        """The queue of the workspace, which outlives the screen."""
        return self.workspace.on_demand

    @property
    def queue(self) -> Table[Queued]:
        """The list of people."""
        return self.query_one("#queue", Table)

    @property
    def one(self) -> Queued | None:
        """The selected person."""
        return self.queue.row if self.is_mounted and self.data is not None else None

    @property
    def target(self) -> str:
        """The name of TARGET."""
        return self.xtsync.side_view(Side.TARGET).name

    def before(self, one: Queued | None) -> Sequence[OnDemandResult]:
        """Return the results before the one that is shown."""
        if one is None:
            return ()
        if self._earlier is None or self._earlier[0] is not one:
            try:
                self._earlier = one, earlier(one, self.service.earlier(one.user_id))
            except StoreFailed:
                return ()
        return self._earlier[1]

    def changed(self) -> None:
        """Show the queue as it is now."""
        raise NotImplementedError

    @property
    def table(self) -> Table[Any] | None:
        """The queue that is filtered, sorted and exported; not what a search over an empty one found."""
        return self.queue if self.is_mounted and self.data is not None and self.service.queue else None

    def footer_ids(self) -> list[tuple[str, str]]:
        """Return the keys; p says whom it is about, P which way it goes."""
        said = {"provision": self.sends, "pause": "Go on" if self._stands else "Pause"}
        return [(name, said.get(name, words)) for name, words in super().footer_ids()]

    @property
    def _stands(self) -> bool:
        """Whether somebody waits in a queue that is paused or was stopped."""
        if not self.xtsync.has_pair:
            return False
        idle = self.service.paused or not self.service.running
        return idle and any(one.state is State.NEXT for one in self.service.queue)

    @property
    def sends(self) -> str:
        """What p does, in the words of the footer."""
        if not self.is_mounted or self.data is None or not self.service.queue:
            return "Provision"
        people = self._people_to_send()
        again = len(people) == 1 and not people[0].waits
        return "Again" if again else f"Provision {len(people):,}" if len(people) > 1 else "Provision"

    # What can be done --------------------------------------------------------------------------------

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        if not self.is_mounted or self.data is None:
            return super().refusal(action)
        one, service = self.one, self.service
        needs_one = {"provision", "delete", "fix", "why", "compare", "logs", "open"}
        if one is None and action in needs_one:
            return "Nobody is queued: n adds people."
        if action == "pause" and not service.running and not self._stands:
            return "Nothing runs, and nobody waits: p sends."
        if action == "provision" and not self._people_to_send():
            return "They are being sent already."
        if one is None:
            return super().refusal(action)
        if action == "fix" and not mends(one):
            return "Nothing to repair here: no other setting is named."
        if action == "compare" and (one.result is None or not self.before(one)):
            return "No earlier result of this person to compare with."
        if action in {"why", "logs"} and not self.has_mode(_PLACES[action]):
            return f"There is no {_PLACES[action]} here."
        return super().refusal(action)

    def requests(self) -> Sequence[Request]:
        """Return the request of the selected person."""
        one = self.one
        return [self.service.prepare(one.user_id).request] if one else ()

    def copies(self) -> list[tuple[str, str]]:
        """Return the result as text, for a colleague; else the row."""
        one = self.one
        if one is None or one.result is None:
            return super().copies()
        said = text.result_text(one.result, self.target, one.cause).plain
        ids = [("id", one.user_id), ("change id", one.result.change_id), ("JSON", one.result.raw)]
        head = f"{clean(one.name)} · {text.verdict(one.result).plain}"
        return [("result", f"{head}\n\n{said}"), *(pair for pair in ids if pair[1])]

    def raw(self) -> str:
        """Return ids and the answer of the service, whole."""
        one = self.one
        if one is None:
            return ""
        lines = [f"id in SOURCE  {one.user_id}"]
        if one.entry:
            lines.append(f"change {one.entry} in @ Requests and changes")
        if one.result is not None:
            lines += [f"change id     {one.result.change_id or '–'}", "", one.result.raw]
        return "\n".join(lines)

    def _people_to_send(self) -> list[Queued]:
        """Return whom p is about: the marked; the selected one who had a turn; else everybody who waits."""
        queue, one = self.queue, self.one
        ready = [each for each in self.service.queue if _can_go(each, running=self.service.running)]
        if marked := {each.user_id for each in queue.marked}:
            return [each for each in ready if each.user_id in marked]
        if one is not None and (not one.waits or one.state is State.HELD or one.repaired):
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
        dialog = ProvisionDialog(chosen)
        confirmed = await self.open_dialog(dialog)
        if confirmed:
            self.queue.marks = set()
            self.service.release(confirmed, over={one.user_id for one in dialog.held})
            self._start()

    def action_pause(self) -> None:
        """Pause the queue after who is under way, or let it go on; pressed again it takes the pause back."""
        if self.service.running and not self.service.paused:
            self.service.pause()
        elif self.service.running:
            self.service.go_on()
        else:
            self._start()

    def _start(self) -> None:
        if not (self.service.running or self._starting):
            self._starting = True
            # A worker of the application: leaving the screen, or closing it, must not stop the queue.
            self.app.run_worker(self._work_off(), group="on-demand", name="on demand")

    async def _run(self) -> None:
        self._starting = False
        await self.service.run()

    async def _work_off(self) -> None:
        writes = self.xtsync.writes
        try:
            await carried(self.xtsync, self._run)
        except XtSyncError as error:
            self._starting = False
            if self.is_current:
                self.say(f"✗ {error.title}. P lets the queue go on.")
            else:
                writes.failed = error
        self.note_changes()
        self.changed()

    @work
    async def action_fix(self) -> None:
        """Open the repair, or go to the step or the filters that repair it."""
        if self.data is None:
            await self.xtsync.go("setup")
            return
        one = self.one
        cause = one.cause if one else None
        if one is None or cause is None:
            return
        if cause.repair is not None:
            from xtsync_tui.ui.screens.setup.repair import RepairDialog

            if await self.open_dialog(RepairDialog(cause.repair, cause)):
                self.service.repaired(one.user_id, cause.repair.ended)
                now = self.service.one(one.user_id)
                again = " · p tries again" if now is not None and now.waits else ""
                self.say(f"✓ {clean(cause.repair.ended)}{again}")
        elif cause.code == FILTERS and self.has_mode("mappings"):
            await self.xtsync.go("mappings", FILTERS)
        elif cause.step is not None:
            await self.xtsync.go("setup", str(cause.step))

    async def action_why(self) -> None:
        """Open the person in People."""
        from xtsync_tui.ui.screens.people.opening import open_person

        one = self.one
        if one is not None:
            await open_person(self.xtsync, one.user_id, name=one.name)

    async def action_logs(self) -> None:
        """Show the log rows of the person."""
        one = self.one
        if one is not None:
            await self.xtsync.go("logs", f"person:{one.user_id}")

    @work
    async def action_compare(self) -> None:
        """Choose an earlier result and show what differs."""
        from xtsync_tui.ui.screens.choose import choose
        from xtsync_tui.ui.screens.on_demand.comparison import comparison
        from xtsync_tui.ui.screens.page import TextPage

        one = self.one
        if one is None or one.result is None:
            return
        before = self.before(one)
        chosen = "0"
        if len(before) > 1:
            ways = [(str(at), _named(each)) for at, each in enumerate(before)]
            chosen = await choose(self.xtsync, "Compare with", ways)
        if chosen:
            within = self.app.size.width - 4
            said = comparison(before[int(chosen)], one.result, self.workspace.now(), within)
            self.app.push_screen(TextPage(f"On demand › {clean(one.name)} › compared", said))


_PLACES = {"why": "people", "logs": "logs"}


def _named(result: OnDemandResult) -> str:
    return f"{result.at.day} {result.at:%b %H:%M:%S}  {clean(result.words)}"


def _can_go(one: Queued, *, running: bool) -> bool:
    return one.state is not State.RUNNING and not (running and one.state is State.NEXT)


def mends(one: Queued) -> bool:
    """Whether f does something about what keeps somebody out."""
    cause = one.cause
    return cause is not None and (cause.repair is not None or cause.step is not None or cause.code == FILTERS)
