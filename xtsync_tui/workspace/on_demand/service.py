"""The queue at work: one person after the other, within the limit of the service, and looked at after."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
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
from xtsync_tui.workspace.on_demand.explaining import explain, in_the_bin
from xtsync_tui.workspace.on_demand.ground import WHY, MappingsReading, planned, read_ground, with_sources
from xtsync_tui.workspace.on_demand.lost import found_out
from xtsync_tui.workspace.on_demand.pace import SECONDS, Pace
from xtsync_tui.workspace.on_demand.queue import Queue, Queued, State
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

_OUTAGES = (Cancelled, NoAnswer, SignInFailed, Throttled, Unauthorized, Unreachable)
"""What keeps everything from being read, for a while: whoever is looked at then stays next."""


class OnDemand:
    """Provision on demand for one pair of tenants. ``queue`` is a value; a change of it is a new one.

    ``paused`` says that nobody is sent until ``run`` again, ``stopped_by`` why, when nobody asked for it.
    """

    def __init__(self, workspace: "Workspace") -> None:
        self.workspace = workspace
        self.queue: Queue = ()
        self.ground: MappingsReading | None = None
        self.paused = False
        self.stopped_by: XtSyncError | None = None
        self.pace = Pace(workspace.monotonic)
        self.results = Results(workspace.journal.path, workspace.journal.pair)
        self._running = False
        self._pausing: anyio.CancelScope | None = None
        self._observers: list[Callable[[], None]] = []

    # Reading -----------------------------------------------------------------------------------------

    async def read(self) -> MappingsReading:
        """Read the configuration, its job and its mappings; raises what keeps them from being read."""
        try:
            self.ground = await read_ground(self.workspace)
        except XtSyncError as error:
            # A configuration that is not there yet is no failure.
            self.workspace.mark_read(WHY, failed=not isinstance(error, InvalidInput))
            raise
        self.workspace.mark_read(WHY)
        return self.ground

    def prepare(self, user_id: str) -> Planned:
        """Return the request for one person; raises InvalidInput before the configuration was read."""
        if self.ground is None:
            raise InvalidInput("Step 6 comes first", "No job was read yet.")
        return planned(self.ground, user_id)

    def earlier(self, user_id: str) -> tuple[OnDemandResult, ...]:
        """Return what was kept of a person, the newest first; raises StoreFailed."""
        return self.results.of(user_id)

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

    def add(self, people: Iterable[Principal]) -> None:
        """Put people at the end of the queue; nothing is sent for them before ``release``."""
        self._become(queues.added(self.queue, people))

    def release(self, ids: Collection[str], over: Collection[str] = ()) -> None:
        """Confirm people: ``run`` sends them, also those that had a result before.

        Those in ``over`` are sent although something held them back: somebody was told what, and insists.
        """
        self._become(queues.released(self.queue, ids, over))

    def take_out(self, ids: Collection[str]) -> None:
        """Take people out; the one who is under way stays."""
        self._become(queues.without(self.queue, ids))

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

    def _tell(self) -> None:
        for observer in tuple(self._observers):
            observer()

    # At work -----------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Send who is next, one after the other, until nobody is left or the queue is paused.

        Whoever's answer was lost before is looked at first, and never sent again without being asked for.

        Raises:
            XtSyncError: what paused the queue; it is kept in ``stopped_by``, too.
        """
        if self._running:
            return
        self.paused, self.stopped_by, self._running = False, None, True
        self._tell()
        try:
            await self.look_again()
            while not self.paused and (one := queues.next_of(self.queue)) is not None:
                if not await self._waited():
                    await self._provision(one)
        finally:
            self._running = False
            self._tell()
        if self.stopped_by is not None:
            raise self.stopped_by

    async def look_again(self) -> None:
        """Look once more for everybody whose answer was lost, or who could not be read; nothing is sent."""
        for one in self.queue:
            if one.state is State.UNKNOWN and one.lost is not None:
                await self._look(one)
            elif one.state is State.HELD and not one.in_the_bin:
                await self._look_at_held(one)
            elif one.result is not None and one.result.target and one.result.target.unread:
                looked = await look_for(self.workspace, one.user_id, _target_id(one.result))
                self._put(replace(one, result=replace(one.result, target=looked.target)))

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

    async def _provision(self, one: Queued) -> None:
        began = self.workspace.monotonic()
        one = replace(one, state=State.RUNNING, began=began)
        self._put(one)
        try:
            held = await self._held_back(one)
            if held is not None:
                self._put(held)
                return
            await self._send(one)
        except XtSyncError as error:
            # Nothing was sent: no connection, a read-only profile, or a journal that cannot be written.
            self._put(replace(one, state=State.NEXT))
            self._stop(error)

    async def _held_back(self, one: Queued) -> Queued | None:
        """Return the person as they stay, when sending would do harm or nobody can tell; None to send.

        Raises what keeps everything from being read: nobody is sent, and this one stays next.
        """
        if one.forced:
            return None
        looked = await look_for(self.workspace, one.user_id)
        if looked.error is not None:
            return _cannot_tell(one, looked.error)
        if looked.home is None:
            words = f"{one.name} was not found. Nothing was sent."
            return replace(
                one, state=State.FAILED, cause=Cause("Not in SOURCE", words, "", None, Side.SOURCE)
            )
        if looked.target.people:
            return None
        try:
            cause = await in_the_bin(self.workspace, looked.home)
        except XtSyncError as error:
            return _cannot_tell(one, error)
        return replace(one, state=State.HELD, cause=cause) if cause else None

    async def _look_at_held(self, one: Queued) -> None:
        """Look again at somebody of whom nobody could tell; who can go now has to be confirmed again."""
        try:
            held = await self._held_back(one)
        except XtSyncError:
            return
        self._put(held or replace(one, state=State.TO_DO, cause=None))

    async def _send(self, one: Queued) -> None:
        left = self.workspace.now()
        began = self.workspace.monotonic()
        done = sum(not each.waits for each in self.queue)
        sendable = sum(each.state is State.NEXT for each in self.queue)
        try:
            written = await self.workspace.writer.send(self.prepare(one.user_id), done, done + sendable)
        finally:
            self.pace.note()
        one = replace(one, entry=written.entry.id)
        took = self.workspace.monotonic() - began
        if written.error is None:
            await self._answered(one, written, took)
        elif isinstance(written.error, Unreadable):
            await self._unreadable(one, written, took)
        elif written.entry.fate is Fate.UNKNOWN:
            await self._look(replace(one, state=State.UNKNOWN, lost=left))
            self._stop(written.error)
        else:
            self._refused(one, written, written.error)

    async def _answered(self, one: Queued, written: Written, took: float) -> None:
        result = read_answer(written.answer, one.name, self.workspace.now(), took, None)
        await self._finish(one, result)

    async def _unreadable(self, one: Queued, written: Written, took: float) -> None:
        words = written.error.detail if written.error else ""
        now, raw = self.workspace.now(), written.entry.answer
        await self._finish(one, OnDemandResult(one.name, UNKNOWN, words, (), (), now, took, raw=raw))

    async def _finish(self, one: Queued, result: OnDemandResult) -> None:
        """Read TARGET, explain what did not work, keep the result."""
        looked = await look_for(self.workspace, one.user_id, _target_id(result))
        result = self._complete(one, result, looked)
        cause = await explain(self.workspace, self.ground, result) if self.ground else None
        self._put(
            replace(
                one, state=_state_of(result), result=result, cause=cause, lost=None, account=result.account
            )
        )
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
        self._put(replace(one, cause=_looking(one)))
        result, words = await found_out(self.workspace, self.ground.job.id, one.user_id, one.lost)
        if result is not None:
            self._note(one, Fate.DONE, words)
            await self._finish(one, result)
            return
        looked = await look_for(self.workspace, one.user_id)
        words = f"{words} {seen(looked.target)}"
        self._note(one, Fate.UNKNOWN, words)
        empty = OnDemandResult(one.name, UNKNOWN, "no answer", (), (), self.workspace.now(), 0.0)
        self._put(
            replace(
                one,
                state=State.UNKNOWN,
                result=self._complete(one, empty, looked),
                cause=_not_known(one, words),
            )
        )

    def _note(self, one: Queued, fate: Fate, words: str) -> None:
        journal = self.workspace.journal
        entry = journal.entry(one.entry)
        now = self.workspace.now()
        note = f"{entry.note.partition(' Looked at ')[0]} Looked at {now:%H:%M:%S}: {words}".strip()
        journal.end(msgspec.structs.replace(entry, fate=fate, ended=now, note=note))


def _state_of(result: OnDemandResult) -> State:
    if result.code == UNCHANGED:
        return State.DONE
    return {SKIPPED: State.SKIPPED, FAILURE: State.FAILED, UNKNOWN: State.UNKNOWN}.get(
        result.result, State.DONE
    )


def _target_id(result: OnDemandResult) -> str:
    """Return the account in the target that the service named, ``""`` when it named none."""
    return next((value for stage in result.stages for name, value in stage.details if name == "TargetId"), "")


def _cannot_tell(one: Queued, error: XtSyncError) -> Queued:
    """Return the person held back, for want of a look into the bin; raises an outage as it is."""
    if isinstance(error, _OUTAGES):
        raise error
    detail = f"{error.title}. {one.name} may lie in the bin of TARGET; sending could then make a duplicate. "
    hint = "r looks again · p sends all the same"
    title = "? cannot tell whether deleted in TARGET"
    return replace(one, state=State.HELD, cause=Cause(title, f"{detail}Nothing was sent.", hint))


def _looking(one: Queued) -> Cause:
    return Cause("No answer: looking whether it arrived", f"The request for {one.name} got no answer.")


def _not_known(one: Queued, words: str) -> Cause:
    when = f"{one.lost:%H:%M:%S}" if one.lost else ""
    detail = f"The request for {one.name} left at {when}; the connection broke before the answer. {words}"
    hint = "r look again · p send again: it does no more than a cycle would · @ the request"
    return Cause("No answer: not known whether it arrived", detail, hint, None, Side.SOURCE)
