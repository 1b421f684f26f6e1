"""The only way to write: recorded before and after, sent once, looked at again when the answer is lost."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

import anyio
import msgspec

from xtsync_tui.errors import (
    Cancelled,
    GraphError,
    NoAnswer,
    NotFound,
    ReadOnly,
    ServiceFailed,
    SignInFailed,
    StoreFailed,
    Throttled,
    Unreachable,
    XtSyncError,
)
from xtsync_tui.model import Json, Request, Side
from xtsync_tui.workspace.journal import Entry, Fate, Journal
from xtsync_tui.workspace.planned import Look, Planned

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient

LOOKS = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before each look after a lost answer; together longer than a new configuration is unlisted."""

_NEVER_CARRIED_OUT = (Unreachable, Throttled, Cancelled, SignInFailed)
_MAY_HAVE_HAPPENED = (NoAnswer, ServiceFailed)


class WriteState(Enum):
    """What the header says about writing; PROTECTED asks for the tenant's name before each write."""

    READ_ONLY = "READ-ONLY"
    WRITE = "WRITE"
    PROTECTED = "PROTECTED"


class Phase(Enum):
    """What a running write does."""

    SENDING = "sending"
    LOOKING = "looking whether it arrived"


@dataclass(frozen=True, slots=True)
class Activity:
    """The running write, for the status line; ``began`` is on the monotonic clock that was passed in."""

    side: Side
    tenant: str
    request: Request
    why: str
    number: int
    total: int
    began: float
    phase: Phase = Phase.SENDING


class Author(NamedTuple):
    """Who writes where: the signed-in person and the tenant's name."""

    person: str
    tenant: str


@dataclass(frozen=True, slots=True)
class Written:
    """A write and how it ended; ``answer`` is Graph's answer, or what was found after a lost one.

    ``error`` is why it is not done, None when it is.
    """

    entry: Entry
    answer: Json = None
    error: XtSyncError | None = None
    unrecorded: StoreFailed | None = None
    """Why the end of the write is not in the journal, which then knows it as sent without an answer."""

    @property
    def done(self) -> bool:
        """Whether it is known to have happened."""
        return self.entry.fate is Fate.DONE


class Writer:
    """Sends writes one at a time and knows how each one ended.

    ``author`` names who writes to a side. ``read_only`` may be switched while the program runs. ``monotonic``
    and ``pause`` are in seconds.
    """

    def __init__(
        self,
        clients: Mapping[Side, "GraphClient"],
        journal: Journal,
        *,
        read_only: bool,
        author: Callable[[Side], Author],
        pause: Callable[[float], Awaitable[None]],
        monotonic: Callable[[], float],
    ) -> None:
        self.activity: Activity | None = None
        self.changes = 0
        """How many writes have ended that may have changed something: what was read before may be old."""
        self.unrecorded: StoreFailed | None = None
        """Why the end of the last write is not in the journal."""
        self._clients = clients
        self._journal = journal
        self.read_only = read_only
        self._author = author
        self._pause = pause
        self._monotonic = monotonic
        self._lock = anyio.Lock()
        self._observers: list[Callable[[Activity | None], None]] = []

    def subscribe(self, observer: Callable[[Activity | None], None]) -> Callable[[], None]:
        """Call ``observer`` whenever the running write changes; returns the way to stop that."""
        self._observers.append(observer)
        return lambda: self._observers.remove(observer)

    async def send_all(self, writes: Iterable[Planned]) -> tuple[Written, ...]:
        """Send the writes in order and stop after the first that is not done.

        Raises:
            ReadOnly: the profile does not write; nothing was sent.
            StoreFailed: the journal cannot be written; nothing was sent that is not in it.
            XtSyncError: what a write was made from is not there any more; it was not sent.
        """
        planned, written = tuple(writes), list[Written]()
        for number, write in enumerate(planned, 1):
            first = written[0].entry.id if written else 0
            written.append(await self.send(write, number, len(planned), first=first))
            if not written[-1].done:
                break
        return tuple(written)

    async def send(self, write: Planned, number: int = 1, total: int = 1, *, first: int = 0) -> Written:
        """Send one write, write down how it ended, and return that.

        ``first`` is the entry of the first of ``total`` writes that belong together.

        Raises:
            ReadOnly: the profile does not write; nothing was sent.
            StoreFailed: the journal cannot be written; nothing was sent that is not in it.
            XtSyncError: what the write was made from is not there any more; it was not sent.
        """
        if self.read_only:
            raise self._refusal()
        async with self._lock:
            if write.check is not None:
                await write.check()
            author = self._author(write.side)
            began = self._monotonic()
            with self._showing(
                Activity(write.side, author.tenant, write.request, write.why, number, total, began)
            ):
                return await self._record(write, author, first)

    def _refusal(self) -> ReadOnly:
        return ReadOnly(
            "Read-only: nothing was sent",
            f"Profile {self._journal.profile} is read-only. This is the request it would have been.",
            "y copy · : then Allow writing",
        )

    async def _record(self, write: Planned, author: Author, first: int) -> Written:
        client = self._clients[write.side]
        begun = self._journal.begin(write, client.server_time(), author.person, author.tenant, first)
        ended = Ended(Fate.UNKNOWN, note="The program stopped before an answer came.")
        try:
            ended = await self._carry_out(client, write)
        finally:
            self.changes += ended.fate is not Fate.NOT_ARRIVED
            found, at = _exchange(client, write.request, ended.note), client.server_time()
            entry = msgspec.structs.replace(
                begun, fate=ended.fate, ended=at, note=ended.note, **found._asdict()
            )
            self.unrecorded = self._end(entry)
        return Written(entry, ended.answer, ended.error, self.unrecorded)

    def _end(self, entry: Entry) -> StoreFailed | None:
        """Write down how a write ended; return what kept that out of the journal: it was sent anyway."""
        try:
            self._journal.end(entry)
        except StoreFailed as error:
            what = "The write went out, but not how it ended into the journal"
            return StoreFailed(what, error.detail, "Look at what was changed; free the disk or the file.")
        return None

    async def _carry_out(self, client: "GraphClient", write: Planned) -> "Ended":
        try:
            return Ended(Fate.DONE, await client.send(write.request))
        except _NEVER_CARRIED_OUT as error:
            return Ended(Fate.NOT_ARRIVED, error=error, note=error.detail)
        except _MAY_HAVE_HAPPENED as error:
            return await self._look(client, write.look, error)
        except XtSyncError as error:
            return Ended(Fate.FAILED, error=error, note=error.detail)

    async def _look(self, client: "GraphClient", look: Look | None, error: GraphError) -> "Ended":
        """Find out what became of a write without an answer: done, did not arrive, or unknown."""
        if look is None:
            fate = Fate.UNKNOWN if isinstance(error, NoAnswer) else Fate.FAILED
            return Ended(fate, error=error, note=error.detail)
        self._show(self.activity and replace(self.activity, phase=Phase.LOOKING))
        seen = False
        for seconds in LOOKS:
            await self._pause(seconds)
            try:
                found = await look()
            except NotFound:
                found = None
            except XtSyncError:
                continue
            seen = True
            if found is not None:
                when = client.server_time()
                return Ended(Fate.DONE, found, note=f"Looked at {when:%H:%M:%S}: it arrived. {error.detail}")
        if not seen:
            return Ended(Fate.UNKNOWN, error=error, note=f"Nothing could be read afterwards. {error.detail}")
        when = client.server_time()
        fate = Fate.NOT_ARRIVED if isinstance(error, NoAnswer) else Fate.FAILED
        return Ended(fate, error=error, note=f"Looked at {when:%H:%M:%S}: it did not arrive. {error.detail}")

    @contextmanager
    def _showing(self, activity: Activity) -> Iterator[None]:
        self._show(activity)
        try:
            yield
        finally:
            self._show(None)

    def _show(self, activity: Activity | None) -> None:
        self.activity = activity
        for observer in tuple(self._observers):
            observer(activity)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a request ended, before it is written down."""

    fate: Fate
    answer: Json = None
    error: XtSyncError | None = None
    note: str = ""


class Trace(NamedTuple):
    """What the request log knows of a request; the names are those of ``Journal.end``."""

    status: int = 0
    request_id: str = ""
    answer: str = ""


def _exchange(client: "GraphClient", request: Request, note: str) -> Trace:
    """Return what the log holds of a write, after telling there what was found out later."""
    for exchange in reversed(client.log.exchanges):
        if exchange.request is request:
            if note and not 0 < exchange.status < 500:
                client.log.note(exchange.id, note)
            return Trace(exchange.status, exchange.request_id, exchange.answer)
    return Trace()
