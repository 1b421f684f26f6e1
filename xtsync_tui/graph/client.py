"""One client for each tenant: get, pages, send, batch; every wait is visible, every request is logged."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from ipaddress import ip_address
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import msgspec

from xtsync_tui.errors import (
    Cancelled,
    GraphError,
    InvalidInput,
    NotFound,
    SignInFailed,
    Unreadable,
    XtSyncError,
)
from xtsync_tui.graph import batches, paths
from xtsync_tui.graph.auth import TokenSource
from xtsync_tui.graph.decoding import Mismatch, Page, decode
from xtsync_tui.graph.failures import CLOSED, failure, named, unreachable, unreadable
from xtsync_tui.graph.log import RequestLog, Wait
from xtsync_tui.graph.pace import Pace
from xtsync_tui.graph.patience import Patience, may_repeat
from xtsync_tui.model import Json, Request, Side, exact

if TYPE_CHECKING:
    import httpx

    from xtsync_tui.graph.adapter import Adapter, Answer

T = TypeVar("T")


class GraphClient:
    """Speaks to the Graph of one tenant.

    ``base_url`` is the root without a version. ``ids`` makes client request ids, ``sleep`` takes seconds,
    ``jitter`` returns 0 to 1. ``authority`` is a PEM file to trust instead of the machine's own.
    ``service_clock`` is the time at Graph where it is known: an emulator in this process may run faster.
    Nothing of the SDK is imported before the first request; ``warm`` does it ahead of time.

    All calls raise the subclass of GraphError that names the cause, SignInNeeded or SignInFailed when no
    token can be had, and Cancelled when the person stopped a wait.
    """

    def __init__(
        self,
        side: Side,
        base_url: str,
        tokens: TokenSource,
        *,
        log: RequestLog,
        clock: Callable[[], datetime],
        ids: Callable[[], str],
        transport: "httpx.AsyncBaseTransport | None" = None,
        authority: str = "",
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        jitter: Callable[[], float] = random.random,
        service_clock: Callable[[], datetime] | None = None,
    ) -> None:
        _check(base_url)
        self.side = side
        self.base_url = base_url.rstrip("/")
        self.log = log
        self._tokens = tokens
        self._transport = transport
        self._authority = authority
        self._clock = clock
        self._ids = ids
        self._sleep = sleep
        self._jitter = jitter
        self._service_clock = service_clock
        self._ahead = timedelta()
        self._pace = Pace(clock)
        self._closed = False

    def __repr__(self) -> str:
        return f"GraphClient({self.side.name}, {self.base_url})"

    @cached_property
    def _adapter(self) -> "Adapter":
        from xtsync_tui.graph.adapter import Adapter

        proxied = not _is_loopback(urlsplit(self.base_url).hostname or "")
        return Adapter(self._tokens, self._transport, authority=self._authority, proxied=proxied)

    async def warm(self) -> None:
        """Import the SDK in a thread, so that the first request does not hold up the screen."""
        await anyio.to_thread.run_sync(self._warm)

    def _warm(self) -> None:
        paths.warm()
        _ = self._adapter

    async def aclose(self) -> None:
        """Close the connections for good: what still asks then is told that nothing left any more."""
        self._closed = True
        if "_adapter" in self.__dict__:
            await self.__dict__.pop("_adapter").aclose()

    def url(self, request: Request) -> str:
        """Return the whole address of ``request``."""
        return f"{self.base_url}/{request.version}{request.path}"

    def server_time(self) -> datetime:
        """Return the time it is at Graph: its last ``Date`` and what passed since; ours before any answer."""
        return self._service_clock() if self._service_clock else self._clock() + self._ahead

    async def get(self, request: Request, type_: type[T]) -> T:
        """Return the answer as ``type_``; raises Unreadable when it does not fit."""
        return self._decode(request, await self._ask(request, safe=True), type_)

    async def get_json(self, request: Request) -> Json:
        """Return the answer as plain JSON, nothing dropped: it can be sent back as it came."""
        answer = await self._ask(request, safe=True)
        return self._json(request, answer, exact.decode)

    async def pages(self, request: Request, type_: type[T]) -> AsyncIterator[tuple[T, ...]]:
        """Yield a list one page at a time, in Graph's order; the headers go with every page [paging].

        Raises Unreadable for a next page that is elsewhere: the token stays with its host.
        """
        read: set[str] = set()
        following: Request | None = request
        while following is not None:
            answer = await self._ask(following, safe=True)
            page: Page[T] = self._decode(following, answer, Page[type_])  # type: ignore[valid-type]
            yield page.value
            read.add(following.path)
            following = self._next(following, page.next_link, answer)
            if following is not None and following.path in read:
                raise self._unreadable(following, answer, "the next page is one that was read before")

    async def collect(self, request: Request, type_: type[T]) -> tuple[T, ...]:
        """Return the whole of a list that is known to be short."""
        return tuple([item async for page in self.pages(request, type_) for item in page])

    async def find(self, request: Request, type_: type[T]) -> T | None:
        """Return the answer as ``type_``, None when the object is not there."""
        try:
            return await self.get(request, type_)
        except NotFound:
            return None

    async def send(self, request: Request) -> Json | None:
        """Carry out one write, or one test, and return the answer, None without a body.

        A write is sent once: it is repeated only when Graph says that it was not carried out. A lost answer
        is NoAnswer, and then the caller has to look whether it happened.
        """
        answer = await self._ask(request, safe=not request.writes)
        return self._json(request, answer) if answer.body else None

    async def batch(self, requests: Sequence[Request]) -> list[Json | XtSyncError]:
        """Send many requests, 20 at a time, and return answer or error for each, in the same order.

        A member without a body answers None. Throttled members are waited for and sent again. Nothing is
        raised: what was carried out is told even when the rest was lost, or stopped by the person.
        """
        results: dict[int, Json | XtSyncError] = {}
        stopped: XtSyncError | None = None
        for chunk in batches.chunks(requests):
            try:
                await self._batch(requests, chunk, results)
            except (Cancelled, SignInFailed) as error:
                stopped = error
                break
        return [results.get(index, stopped) for index in range(len(requests))]

    async def _batch(
        self, requests: Sequence[Request], indexes: list[int], results: dict[int, Json | XtSyncError]
    ) -> None:
        """Fill in the results of one chunk, in as many rounds as its throttled members need."""
        patience = Patience(self._clock, self._jitter)
        while indexes:
            members = [requests[index] for index in indexes]
            outer = batches.envelope(members)
            try:
                answer = await self._ask(outer, safe=not any(member.writes for member in members))
                answers = self._decode(outer, answer, batches.Answers)
            except GraphError as error:
                results.update(dict.fromkeys(indexes, error))
                return
            results.update(zip(indexes, batches.results(self.side, members, answers), strict=True))
            again = batches.repeatable(indexes, requests, results)
            seconds = patience.seconds_after(batches.slowest(again)) if again else None
            if seconds is None:
                return
            await self._wait(outer, seconds)
            indexes = list(again)

    async def _ask(self, request: Request, *, safe: bool) -> "Answer":
        patience = Patience(self._clock, self._jitter)
        waited = 0.0
        while True:
            if ahead := self._pace.seconds(request):
                await self._wait(request, ahead, asked=False)
            try:
                return await self._once(request, waited)
            except GraphError as error:
                seconds = patience.seconds_after(error) if may_repeat(error, request, safe=safe) else None
                if seconds is None:
                    raise
            await self._wait(request, seconds)
            waited = seconds

    async def _wait(self, request: Request, seconds: float, *, asked: bool = True) -> None:
        until = self._clock() + timedelta(seconds=seconds)
        wait = Wait(self.side, request, until, self._clock, asked=asked)
        self.log.begin_wait(wait)
        try:
            with wait.scope:
                await self._sleep(seconds)
        finally:
            self.log.end_wait(wait)
        if wait.scope.cancelled_caught:
            raise Cancelled(f"Stopped waiting for {self.side.name}", named(request), "It was not sent again.")

    async def _once(self, request: Request, waited: float) -> "Answer":
        if self._closed:  # a connection that is opened now would never be closed
            raise unreachable(self.side, request, CLOSED)
        began, own_id = self._clock(), self._ids()
        at = self.server_time()
        number = self.log.begin(self.side, request, self.url(request), at, waited, own_id)
        status, request_id, body, note = 0, "", b"", "stopped before an answer came"
        try:
            content = None if request.body is None else exact.encode(request.body)
            answer = await self._adapter.send(self.side, request, self.url(request), own_id, content)
            self._note_time(answer)
            status, body, note = answer.status, answer.body, ""
            request_id = answer.headers.get("request-id", "")
        except XtSyncError as error:
            note = error.detail or error.title
            raise
        finally:
            took = (self._clock() - began) / timedelta(seconds=1)
            self.log.end(number, took=took, status=status, request_id=request_id, body=body, note=note)
        if status >= 300:
            raise failure(self.side, request, status, answer.headers, body)
        return answer

    def _note_time(self, answer: "Answer") -> None:
        try:
            self._ahead = parsedate_to_datetime(answer.headers.get("date", "")) - self._clock()
        except (ValueError, TypeError):
            return

    def _next(self, request: Request, link: str, answer: "Answer") -> Request | None:
        if not link:
            return None
        root = f"{self.base_url}/{request.version}"
        if not link.startswith(f"{root}/"):
            raise self._unreadable(request, answer, f"the next page is elsewhere, at {urlsplit(link).netloc}")
        return msgspec.structs.replace(request, path=link.removeprefix(root))

    def _decode(self, request: Request, answer: "Answer", type_: type[T]) -> T:
        try:
            return decode(answer.body, type_)
        except Mismatch as error:
            raise self._unreadable(request, answer, str(error)) from error

    def _json(
        self, request: Request, answer: "Answer", read: Callable[[bytes], Json] = msgspec.json.decode
    ) -> Json:
        try:
            return read(answer.body)
        except msgspec.DecodeError as error:
            raise self._unreadable(request, answer, str(error)) from error

    def _unreadable(self, request: Request, answer: "Answer", cause: str) -> Unreadable:
        request_id = answer.headers.get("request-id", "")
        return unreadable(self.side, request, cause, answer.status, request_id)


def _check(base_url: str) -> None:
    """Refuse an address to which a token must not go."""
    parts = urlsplit(base_url)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        return
    raise InvalidInput(
        "The address of Graph cannot be used",
        f"{base_url} is not https.",
        "A token only goes over https, or to this machine.",
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
