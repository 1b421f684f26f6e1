"""The queue at work: one person after the other, within the limit of the service, and looked at after."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import anyio
import msgspec

from xtsync_tui.errors import (
    Cancelled,
    Forbidden,
    InvalidInput,
    NoAnswer,
    NotFound,
    ReadOnly,
    ServiceFailed,
    SignInFailed,
    StoreFailed,
    Throttled,
    Unauthorized,
    Unreachable,
    Unreadable,
    XtSyncError,
)
from xtsync_tui.model import Side
from xtsync_tui.workspace.journal import Fate
from xtsync_tui.workspace.on_demand import queue as queues
from xtsync_tui.workspace.on_demand.explaining import DELETED, explain
from xtsync_tui.workspace.on_demand.foreseeing import Foreseen, foresee
from xtsync_tui.workspace.on_demand.ground import FRESH, Ground, known_ground, read_ground, with_sources
from xtsync_tui.workspace.on_demand.holding import held_back
from xtsync_tui.workspace.on_demand.lost import found_out, looking_for, not_known
from xtsync_tui.workspace.on_demand.pace import REQUESTS, SECONDS, Pace
from xtsync_tui.workspace.on_demand.queue import Queue, Queued, State
from xtsync_tui.workspace.on_demand.request import WHY, provisioning
from xtsync_tui.workspace.on_demand.results import Results
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import Cause, OnDemandResult, Principal
from xtsync_tui.workspace.setup.arrival import Looked, look_for, seen
from xtsync_tui.workspace.setup.on_demand import FAILURE, SKIPPED, UNCHANGED, UNKNOWN, read_answer
from xtsync_tui.workspace.writing import Written

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

_STOPS = (
    *(Cancelled, Forbidden, NoAnswer, NotFound, ReadOnly, ServiceFailed, SignInFailed, StoreFailed),
    *(Throttled, Unauthorized, Unreachable),
)
"""What would meet the next person, too: the queue pauses and says so."""

LOOKS = (60.0, 120.0, 300.0)
"""Seconds from each look for a lost answer to the next: the log can lag by minutes."""


class OnDemand:
    """Provision on demand for one pair of tenants. ``queue`` is a value; a change of it is a new one.

    ``paused`` says that nobody is sent until ``run`` again, ``stopped_by`` why, when nobody asked for it.
    """

    def __init__(self, workspace: "Workspace") -> None:
        self.workspace = workspace
        self.queue: Queue = ()
        self.ground: Ground | None = None
        self.paused = False
        self.stopped_by: XtSyncError | None = None
        self.pace = Pace(workspace.monotonic)
        self.results = Results(workspace.journal.path, workspace.journal.pair)
        self._running = False
        self._began = 0.0
        self._sent = 0
        self._pausing: anyio.CancelScope | None = None
        self._observers: list[Callable[[], None]] = []

    # Reading -----------------------------------------------------------------------------------------

    async def read(self) -> Ground:
        """Read the configuration, its job and its mappings; raises what keeps them from being read."""
        try:
            self.ground = await read_ground(self.workspace)
        except XtSyncError as error:
            # A configuration that is not there yet is no failure.
            self.workspace.mark_read(WHY, failed=not isinstance(error, InvalidInput))
            raise
        self.workspace.mark_read(WHY)
        return self.ground

    def prepare(self, user_id: str, name: str = "") -> Planned:
        """Return the request for one person; raises InvalidInput before the configuration was read."""
        if self.ground is None:
            raise InvalidInput("Step 6 comes first", "No job was read yet.")
        ground = self.ground
        return provisioning(ground.configuration.id, ground.job.id, ground.schema, user_id, name)

    async def foresee(
        self, people: Sequence[Queued], progress: Callable[[int], None] = lambda _: None
    ) -> tuple[Foreseen, ...]:
        """Return what the service would do with each of them, evaluated here on what both tenants show now.

        The configuration is read again when it is older than a minute. Raises what keeps it from being read.
        """
        ground = self.ground or known_ground(self.workspace)
        if ground is None or (self.workspace.now() - ground.at).total_seconds() > FRESH:
            ground = await self.read()
        self.ground = ground
        return await foresee(self.workspace, ground, people, progress)

    def earlier(self, user_id: str) -> tuple[OnDemandResult, ...]:
        """Return what was kept of a person, the newest first; raises StoreFailed."""
        return self.results.of(user_id)

    def deleted_at(self, user_id: str) -> tuple[datetime, ...]:
        """Return when a person was deleted on demand from here; nothing when the results cannot be read."""
        try:
            return tuple(one.at for one in self.earlier(user_id) if one.words == DELETED)
        except StoreFailed:
            return ()

    def close(self) -> None:
        """Close the file of the results."""
        self.results.close()

    def subscribe(self, observer: Callable[[], None]) -> Callable[[], None]:
        """Call ``observer`` at every change of the queue; returns the way to stop that."""
        self._observers.append(observer)
        return lambda: self._observers.remove(observer)

    # The queue ---------------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether the queue is at work, be it waiting for its turn."""
        return self._running

    @property
    def seconds_left(self) -> float:
        """About how long the queue is still at work, by its pace so far, 0 while nobody waits."""
        waiting = sum(one.state in (State.NEXT, State.RUNNING) for one in self.queue)
        if not (self._running and waiting):
            return 0.0
        each = (self.workspace.monotonic() - self._began) / self._sent if self._sent else 0.0
        return waiting * max(each, SECONDS / REQUESTS)

    @property
    def look_is_due(self) -> bool:
        """Whether it is time to look once more for an answer that was lost."""
        now = self.workspace.monotonic()
        return any(one.state is State.UNKNOWN and 0 < one.look_at <= now for one in self.queue)

    def add(self, people: Iterable[Principal]) -> None:
        """Put people at the end of the queue; nothing is sent for them before ``release``."""
        self._become(queues.added(self.queue, people))

    def release(self, ids: Collection[str], over: Collection[str] = ()) -> None:
        """Confirm people: ``run`` sends them, also those that had a result before.

        Those in ``over`` are sent although something held them back: somebody was told what, and insists.
        """
        self._become(queues.released(self.queue, ids, over))

    def repaired(self, user_id: str, words: str) -> None:
        """Say of somebody that what kept them out was repaired: they can be confirmed again.

        Whoever was deleted and is restored is not: the service would delete them once more.
        """
        one = self.one(user_id)
        if one is not None and one.state is not State.RUNNING:
            state = State.DONE if one.state is State.DONE else State.TO_DO
            self._put(replace(one, state=state, cause=None, repaired=words))

    def take_out(self, ids: Collection[str]) -> None:
        """Take people out; the one who is under way stays."""
        self._become(queues.without(self.queue, ids))

    def go_on(self) -> None:
        """Take a pause back that has not begun yet: the queue is still at work."""
        self.paused = False
        self._tell()

    def pause(self) -> None:
        """Send nobody after the one who is under way."""
        self.paused = True
        if self._pausing is not None:
            self._pausing.cancel()
        self._tell()

    def one(self, user_id: str) -> Queued | None:
        """Return a person of the queue as they stand now."""
        return next((each for each in self.queue if each.user_id == user_id), None)

    def _become(self, queue: Queue) -> None:
        self.queue = queue
        self._tell()

    def _put(self, one: Queued) -> None:
        self._become(queues.with_one(self.queue, one))

    def _put_if(self, before: Queued, now: Queued) -> None:
        """Put somebody as found by a look, unless they were confirmed or taken out while it went on."""
        if self.one(before.user_id) is before:
            self._put(now)

    def _tell(self) -> None:
        for observer in tuple(self._observers):
            observer()

    # At work -----------------------------------------------------------------------------------------

    async def run(self, only: Collection[str] = ()) -> None:
        """Send who is next, one after the other, until nobody is left or the queue is paused.

        ``only`` sends these and leaves the others where they are. Without it, whoever's answer was lost
        before is looked at first. Nobody is sent again without being asked for.

        Raises:
            XtSyncError: what paused the queue; it is kept in ``stopped_by``, too.
        """
        if self._running:
            return
        self.paused, self.stopped_by, self._running = False, None, True
        self._began, self._sent = self.workspace.monotonic(), 0
        self._tell()
        try:
            if not only:
                await self.look_again()
            while not self.paused and (waiting := queues.confirmed(self.queue, only)):
                if not await self._waited():
                    await self._provision(waiting[0], len(waiting), only)
        finally:
            self._running = False
            self._tell()
        if self.stopped_by is not None:
            raise self.stopped_by

    async def provision(self, who: Principal, *, over: bool = False) -> Queued:
        """Send one person now, others of the queue stay where they are; return how they then stand.

        Whoever was not in the queue stays in it only when something is left to do about them.
        ``over`` sends them although something held them back. Raises what kept the request from being sent.
        """
        if self._running:
            raise InvalidInput(
                "On demand is at work",
                f"{who.name} was not sent.",
                "Add them there, or wait until it has ended.",
            )
        self.ground = self.ground or known_ground(self.workspace) or await self.read()
        stranger = self.one(who.id) is None
        self.add([who])
        self.release({who.id}, over={who.id} if over else ())
        stopped: XtSyncError | None = None
        try:
            await self.run({who.id})
        except XtSyncError as error:
            stopped = error
        one = self.one(who.id)
        if one is None or one.state is State.NEXT:
            raise stopped or InvalidInput(f"Not sent: {who.name}", "The queue of On demand was paused.")
        if stranger and one.state is State.DONE:
            # Whoever asked shows the result; the list of On demand is for those who were put there.
            self.take_out({who.id})
        return one

    async def look_again(self) -> None:
        """Look once more for everybody whose answer was lost, or who could not be read; nothing is sent."""
        for user_id in [one.user_id for one in self.queue]:
            one = self.one(user_id)
            if one is None:
                continue
            if one.state is State.UNKNOWN and one.lost is not None:
                await self._look(one)
            elif one.state is State.HELD and not one.in_the_bin:
                await self._look_at_held(one)
            elif one.result is not None and one.result.target and one.result.target.unread:
                looked = await look_for(self.workspace, one.user_id, _target_id(one.result))
                self._put_if(one, replace(one, result=replace(one.result, target=looked.target)))

    async def _waited(self) -> bool:
        """Wait for the limit; return whether there was something to wait for."""
        seconds = self.pace.seconds_left
        if seconds <= 0:
            return False
        with anyio.CancelScope() as self._pausing:
            self._tell()
            await self.workspace.pause(seconds)
        self._pausing = None
        return True

    async def _provision(self, one: Queued, waiting: int, only: Collection[str]) -> None:
        began = self.workspace.monotonic()
        one = replace(one, state=State.RUNNING, began=began)
        self._put(one)
        done = 0 if only else sum(not each.waits for each in self.queue) - 1
        try:
            held = await held_back(self.workspace, self.ground, one)
            if held is not None:
                self._put(held)
                return
            left, began = self.workspace.now(), self.workspace.monotonic()
            written = await self._send(one, done + 1, done + waiting)
        except XtSyncError as error:
            # Nothing was sent: no connection, a read-only profile, or a journal that cannot be written.
            self._put(replace(one, state=State.NEXT))
            self._stop(error)
            return
        self._sent += 1
        # From here on it was sent, or refused: whatever fails now, nobody is put back to "next" for it.
        await self._ended(replace(one, entry=written.entry.id), written, left, began)

    async def _look_at_held(self, one: Queued) -> None:
        """Look again at somebody of whom nobody could tell; who can go now has to be confirmed again."""
        try:
            held = await held_back(self.workspace, self.ground, one)
        except XtSyncError:
            return
        self._put_if(one, held or replace(one, state=State.TO_DO, cause=None))

    async def _send(self, one: Queued, number: int, total: int) -> Written:
        try:
            return await self.workspace.writer.send(self.prepare(one.user_id, one.name), number, total)
        finally:
            self.pace.note()

    async def _ended(self, one: Queued, written: Written, left: datetime, began: float) -> None:
        self.queue = queues.with_one(self.queue, one)
        took = self.workspace.monotonic() - began
        if written.error is None:
            await self._answered(one, written, took)
        elif isinstance(written.error, Unreadable):
            await self._unreadable(one, written, took)
        elif written.entry.fate is Fate.UNKNOWN:
            one = replace(one, state=State.UNKNOWN, lost=left)
            self._put(one)
            await self._look(one)
            self._stop(written.error)
        else:
            self._refused(one, written, written.error)
        if written.unrecorded is not None:
            # What cannot be written down is not sent: the next request would meet the same.
            self._stop(written.unrecorded)

    async def _answered(self, one: Queued, written: Written, took: float) -> None:
        result = read_answer(written.answer, one.name, self.workspace.now(), took, None)
        await self._finish(one, result)

    async def _unreadable(self, one: Queued, written: Written, took: float) -> None:
        words = written.error.detail if written.error else ""
        now, raw = self.workspace.now(), written.entry.answer
        await self._finish(one, OnDemandResult(one.name, UNKNOWN, words, (), (), now, took, raw=raw))

    async def _finish(self, one: Queued, result: OnDemandResult) -> None:
        """Read TARGET, explain what did not work, keep the result. Raises nothing that Graph says."""
        looked = await look_for(self.workspace, one.user_id, _target_id(result))
        result = self._complete(one, result, looked)
        cause = await explain(self.workspace, self.ground, result) if self.ground else None
        self._put_if(
            one,
            replace(
                one, state=_state_of(result), result=result, cause=cause, lost=None, account=result.account
            ),
        )
        self.workspace.mark_read(WHY)
        self.workspace.setup.forget_rows()
        try:
            self.results.keep(result)
        except StoreFailed as error:
            self._stop(error)

    def _complete(self, one: Queued, result: OnDemandResult, looked: Looked) -> OnDemandResult:
        if self.ground is not None:
            result = with_sources(result, self.ground.schema)
        return replace(
            result,
            name=looked.name or one.name,
            user_id=one.user_id,
            account=looked.account or one.account,
            target=looked.target,
        )

    def _refused(self, one: Queued, written: Written, error: XtSyncError) -> None:
        """Nothing happened: who never arrived stays next, who was refused has failed."""
        if written.entry.fate is Fate.NOT_ARRIVED:
            if isinstance(error, Throttled):
                self.pace.hold(error.retry_after or SECONDS)
            self._put(replace(one, state=State.NEXT))
        else:
            self._put(replace(one, state=State.FAILED, result=None, cause=Cause.of(error, Side.SOURCE)))
        if isinstance(error, _STOPS):
            self._stop(error)

    def _stop(self, error: XtSyncError) -> None:
        self.stopped_by = error
        self.pause()

    # A lost answer -----------------------------------------------------------------------------------

    async def _look(self, one: Queued) -> None:
        """Find out what became of a person whose answer was lost, and write it into the journal."""
        if one.lost is None or self.ground is None:
            return
        seconds = LOOKS[min(one.looks, len(LOOKS) - 1)]
        again = self.workspace.monotonic() + seconds if one.looks < len(LOOKS) else 0.0
        looking = replace(one, cause=looking_for(one), looks=one.looks + 1, look_at=again)
        self._put_if(one, looking)
        result, words = await found_out(self.workspace, self.ground.job.id, one.user_id, one.lost)
        if result is not None:
            self._note(one, Fate.DONE, words)
            await self._finish(looking, result)
            return
        looked = await look_for(self.workspace, one.user_id)
        words = f"{words} {seen(looked.target)}"
        self._note(one, Fate.UNKNOWN, words)
        now = self.workspace.now()
        empty = OnDemandResult(one.name, UNKNOWN, "no answer", (), (), now, 0.0)
        self._put_if(
            looking,
            replace(
                looking,
                state=State.UNKNOWN,
                result=self._complete(one, empty, looked),
                cause=not_known(one, f"Looked at {now:%H:%M:%S}: {words}"),
            ),
        )

    def _note(self, one: Queued, fate: Fate, words: str) -> None:
        """Write down what became of a lost answer; a journal that cannot be written pauses the queue."""
        journal = self.workspace.journal
        try:
            entry = journal.entry(one.entry)
            now = self.workspace.now()
            note = f"{entry.note.partition(' Looked at ')[0]} Looked at {now:%H:%M:%S}: {words}".strip()
            journal.end(msgspec.structs.replace(entry, fate=fate, ended=now, note=note))
        except StoreFailed as error:
            self._stop(error)


def _state_of(result: OnDemandResult) -> State:
    if result.code == UNCHANGED:
        return State.DONE
    return {SKIPPED: State.SKIPPED, FAILURE: State.FAILED, UNKNOWN: State.UNKNOWN}.get(
        result.result, State.DONE
    )


def _target_id(result: OnDemandResult) -> str:
    """Return the account in the target that the service named, ``""`` when it named none."""
    return next((value for stage in result.stages for name, value in stage.details if name == "TargetId"), "")
