"""Trouble on request: throttling, a failing service, dropped connections and slow answers."""

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from xtsync_tui.emulator.errors import ConnectionDropped, Refusal, too_many

Kind = Literal["throttled", "unavailable", "refused", "dropped before", "dropped after", "slow"]


@dataclass(slots=True)
class Fault:
    """One kind of trouble for the next ``times`` requests that fit.

    ``method`` (any case), ``path`` (contained in the path) and ``tenant`` (its id) choose the requests; an
    empty text fits all. "dropped before" carries nothing out; "dropped after" carries the request out and
    loses the answer. ``seconds`` is ``Retry-After`` (None: no header) or how long a slow answer takes; a slow
    answer with ``release`` waits for that event instead. ``message`` is what a refusal says.
    """

    kind: Kind
    method: str = ""
    path: str = ""
    tenant: str = ""
    times: int = 1
    seconds: float | None = None
    release: asyncio.Event | None = None
    message: str = "The request is refused."

    def fits(self, method: str, path: str, tenant: str) -> bool:
        """Return whether this request is one to disturb."""
        return (
            self.times > 0
            and self.method.upper() in ("", method)
            and self.path in path
            and self.tenant in ("", tenant)
        )

    async def before(self) -> None:
        """Disturb the request before it is carried out."""
        match self.kind:
            case "throttled":
                raise too_many(self.seconds)
            case "unavailable":
                headers = {} if self.seconds is None else {"Retry-After": f"{self.seconds:g}"}
                raise Refusal(503, "serviceNotAvailable", "The service is unavailable.", headers=headers)
            case "refused":
                raise Refusal(400, "Request_BadRequest", self.message)
            case "dropped before":
                raise ConnectionDropped
            case "slow":
                if self.release is not None:
                    await self.release.wait()
                else:
                    await asyncio.sleep(self.seconds or 0)

    def after(self) -> None:
        """Disturb the answer after the request was carried out."""
        if self.kind == "dropped after":
            raise ConnectionDropped


@dataclass(slots=True)
class Faults:
    """The faults waiting for their requests."""

    waiting: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Disturb the next requests that fit ``fault``."""
        self.waiting.append(fault)

    def take(self, method: str, path: str, tenant: str) -> Fault | None:
        """Return the first fault for this request and count it, None if there is none."""
        for fault in self.waiting:
            if fault.fits(method, path, tenant):
                fault.times -= 1
                return fault
        return None
