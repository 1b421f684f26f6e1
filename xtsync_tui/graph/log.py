"""The request log: what was asked of Graph, what came back, and what is being waited for."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from anyio import CancelScope

from xtsync_tui.model import Exchange, Request, Side

KEPT = 500
BODY_LIMIT = 4_000
"""How many characters of an answer the log keeps."""


class Wait:
    """A pause before a request. It can be watched and cut short.

    ``asked`` says that Graph asked for it; else it keeps a known limit, so that Graph need not.
    """

    def __init__(
        self,
        side: Side,
        request: Request,
        until: datetime,
        clock: Callable[[], datetime],
        *,
        asked: bool = True,
    ) -> None:
        self.side = side
        self.request = request
        self.until = until
        self.asked = asked
        self._clock = clock
        self.scope = CancelScope()

    @property
    def seconds_left(self) -> float:
        """How long it still takes, never below zero."""
        return max((self.until - self._clock()) / timedelta(seconds=1), 0.0)

    def cancel(self) -> None:
        """Stop waiting: the request ends with ``Cancelled`` and is not sent again."""
        self.scope.cancel()


class RequestLog:
    """The last exchanges, oldest first, and the waits under way.

    ``count`` is the number of exchanges ever begun. Callbacks get the exchange or the wait that changed: an
    exchange when it begins (``done`` is false) and when it ends, a wait when it begins and when it is over.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self.count = 0
        self.stamp = 0
        """Another number after every change."""
        self._exchanges: deque[Exchange] = deque(maxlen=kept)
        self._waiting: list[Wait] = []
        self._callbacks: list[Callable[[Exchange | Wait], None]] = []

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that are kept, oldest first."""
        return tuple(self._exchanges)

    @property
    def waiting(self) -> tuple[Wait, ...]:
        """What is being waited for now."""
        return tuple(self._waiting)

    def subscribe(self, callback: Callable[[Exchange | Wait], None]) -> Callable[[], None]:
        """Call ``callback`` at every change; returns the function that ends this."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def begin(
        self, side: Side, request: Request, url: str, began: datetime, waited: float, own_id: str
    ) -> int:
        """Note a request that is about to leave; returns the id to end it with."""
        self.count += 1
        exchange = Exchange(
            id=self.count,
            side=side,
            request=request,
            url=url,
            began=began,
            waited=waited,
            client_request_id=own_id,
            done=False,
        )
        self._exchanges.append(exchange)
        self._tell(exchange)
        return exchange.id

    def end(
        self, exchange_id: int, *, took: float, status: int, request_id: str, body: bytes, note: str
    ) -> None:
        """Note what became of it: ``took`` in seconds, ``status`` 0 when no answer came."""
        for index, exchange in enumerate(self._exchanges):
            if exchange.id == exchange_id:
                answer = body[:BODY_LIMIT].decode("utf-8", "replace")
                self._exchanges[index] = msgspec.structs.replace(
                    exchange,
                    took=took,
                    status=status,
                    request_id=request_id,
                    answer=answer,
                    note=note,
                    done=True,
                )
                self._tell(self._exchanges[index])
                return

    def note(self, exchange_id: int, note: str) -> None:
        """Say of an exchange what was found out about it later."""
        for index, exchange in enumerate(self._exchanges):
            if exchange.id == exchange_id and exchange.note != note:
                self._exchanges[index] = msgspec.structs.replace(exchange, note=note)
                self._tell(self._exchanges[index])

    def begin_wait(self, wait: Wait) -> None:
        """Show a wait."""
        self._waiting.append(wait)
        self._tell(wait)

    def end_wait(self, wait: Wait) -> None:
        """Take a wait off the list."""
        self._waiting.remove(wait)
        self._tell(wait)

    def _tell(self, change: Exchange | Wait) -> None:
        self.stamp += 1
        for callback in tuple(self._callbacks):
            callback(change)
