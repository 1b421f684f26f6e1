"""Signing in, as screens see it: who is in, when a person is asked, and how an attempt goes.

A request that needs a person waits here while the person is asked, and then goes on: nothing on the screen is
lost, and no write is given up. The events of an attempt are re-exported for the screens.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from xtsync_tui.errors import SignInFailed, SignInNeeded
from xtsync_tui.graph.auth import TokenSource
from xtsync_tui.graph.auth.scopes import DEFAULT, read_scopes, reason
from xtsync_tui.graph.auth.steps import BrowserAddress, DeviceCode, Failed, SignedIn, Step, Waiting
from xtsync_tui.model import Side
from xtsync_tui.settings import TenantSettings, Way

__all__ = [
    "Attempt", "BrowserAddress", "DeviceCode", "Failed", "Need", "Session", "SignIns", "SignedIn", "Step",
    "Waiting", "read_scopes", "reason",
]  # fmt: skip


class Attempt(Protocol):
    """One attempt to sign in: iterate over ``events`` once; leaving the iteration stops it."""

    def events(self) -> AsyncIterator[Step]:
        """Yield what happens; the last event is SignedIn or Failed."""
        ...

    def paste(self, address: str) -> bool:
        """Take the address that a browser ended at, and say whether it was the answer."""
        ...


class Session(TokenSource, Protocol):
    """One side's sign-in; ``account`` is empty until somebody is in."""

    side: Side
    tenant: TenantSettings
    way: Way
    account: str

    def sign_in(self, way: Way | None = None, scopes: Sequence[str] = (), claims: str = "") -> Attempt:
        """Return an attempt, not begun yet."""
        ...

    async def sign_out(self) -> None:
        """Forget the tokens of this side."""
        ...


@dataclass(frozen=True, slots=True)
class Need:
    """Why a person has to sign in to ``side``.

    ``tenant`` is the profile's word for it and ``account`` who was in before, ``""`` for nobody. ``scopes``
    (bare names) and ``claims`` go beyond what was asked for at first. ``number`` of ``total`` counts the
    sides when a profile is opened.
    """

    side: Side
    tenant: str
    way: Way
    account: str = ""
    title: str = ""
    detail: str = ""
    scopes: tuple[str, ...] = ()
    claims: str = ""
    number: int = 1
    total: int = 1

    @property
    def reasons(self) -> tuple[tuple[str, str], ...]:
        """Name and reason of each permission beyond reading that is asked for."""
        known = read_scopes(self.side)
        return tuple((name, reason(name)) for name in self.scopes if name not in known)


Ask = Callable[[Need], Awaitable[bool]]


class SignIns:
    """The sign-ins of one pair of tenants.

    ``ask`` shows a Need to the person and returns whether somebody is in; without it SignInNeeded goes to
    whoever sent the request. One question at a time; whoever waits for the same side shares the answer. A
    person who declined is not asked again by reads until ``forgive``; a write always asks.
    ``advice`` says for a side and a code how an emulator's sign-in page is used.
    """

    def __init__(
        self, sessions: Mapping[Side, Session], advice: Callable[[Side, str], str] | None = None
    ) -> None:
        self.sessions = dict(sessions)
        self.ask: Ask | None = None
        self._advice = advice
        self._turn = asyncio.Lock()
        self._times = dict.fromkeys(Side, 0)
        self._declined: set[Side] = set()
        self._opening: list[Side] = []

    def tokens(self, side: Side) -> TokenSource:
        """Return where the requests of ``side`` get their tokens."""
        return _Asking(self, side)

    def account(self, side: Side) -> str:
        """Return who is signed in to ``side``, "" for nobody."""
        return self.sessions[side].account

    def is_person(self, side: Side) -> bool:
        """Return whether a person is signed in, and not a program."""
        return self.sessions[side].way.is_interactive

    def advice(self, side: Side, code: str = "") -> str:
        """Return how to use the sign-in page of an emulator, "" with real tenants."""
        return self._advice(side, code) if self._advice else ""

    async def begin(self) -> None:
        """Sign in silently, else ask, the source first, until one side is in.

        The other side is asked for when it is first read. Raises SignInFailed when the person left both.
        """
        self._declined.clear()
        found = await asyncio.gather(*(self._resume(side) for side in Side))
        needed = {side: need for side, need in zip(Side, found, strict=True) if need is not None}
        self._opening = list(needed)
        if len(needed) < len(Side):
            return
        for side, need in needed.items():
            if await self._ask_for(side, need, self._times[side]):
                return
        raise SignInFailed("Nobody is signed in", "Neither SOURCE nor TARGET was read.", "r signs in.")

    def attempt(self, need: Need, way: Way, *, as_consented: bool = False) -> Attempt:
        """Return an attempt to sign in as ``need`` says, by ``way``.

        ``as_consented`` takes what the tenant consented to before, whatever that is.
        """
        scopes = (DEFAULT,) if as_consented else need.scopes
        return self.sessions[need.side].sign_in(way, scopes, need.claims)

    def forgive(self) -> None:
        """Ask again where the person declined: they pressed a key that reads."""
        self._declined.clear()

    async def sign_in(self, side: Side) -> bool:
        """Ask for ``side`` because the person wants it; return whether somebody is in."""
        self._declined.discard(side)
        return await self._ask_for(side, SignInNeeded(""), self._times[side])

    async def sign_out(self, side: Side) -> None:
        """Forget the tokens of ``side``; raises StoreFailed when the store does not."""
        self._declined.add(side)
        await self.sessions[side].sign_out()

    async def _resume(self, side: Side) -> SignInNeeded | None:
        try:
            await self.sessions[side].token()
        except SignInNeeded as needed:
            return needed
        except SignInFailed:
            return None  # whoever reads is told why
        return None

    async def token(self, side: Side, scopes: Sequence[str], claims: str) -> str:
        """Return a token of ``side``, asking the person if one is needed."""
        session, before = self.sessions[side], self._times[side]
        try:
            return await session.token(scopes, claims)
        except SignInNeeded as needed:
            if not await self._ask_for(side, needed, before):
                if needed.scopes and self.ask is not None:
                    raise self._left(side, needed) from needed
                raise
        return await session.token(scopes)

    def _left(self, side: Side, needed: SignInNeeded) -> SignInNeeded:
        """Return that the person left the question: no tenant refused anything."""
        title = f"You left the sign-in to {side.name} {self.sessions[side].tenant.tenant}"
        missing = ", ".join(needed.scopes)
        return SignInNeeded(
            title,
            f"Without {missing} nothing was sent.",
            "Send it again to be asked again.",
            scopes=needed.scopes,
        )

    async def _ask_for(self, side: Side, needed: SignInNeeded, before: int) -> bool:
        """Ask, unless somebody signed in to ``side`` since it was ``before`` times, or declined to."""
        async with self._turn:
            if self._times[side] != before:
                return True
            if self.ask is None or (side in self._declined and not needed.scopes):
                return False
            if not await self.ask(self._need(side, needed)):
                self._declined.add(side)
                return False
            self._times[side] += 1
            self._declined.discard(side)
            return True

    def _need(self, side: Side, needed: SignInNeeded) -> Need:
        session = self.sessions[side]
        again = bool(session.account)
        counted = side in self._opening and not again
        return Need(
            side,
            session.tenant.tenant,
            session.way,
            session.account,
            needed.title if again else "",
            needed.detail if again else "",
            needed.scopes,
            needed.claims,
            self._opening.index(side) + 1 if counted else 1,
            len(self._opening) if counted else 1,
        )


class _Asking:
    """The TokenSource of one side."""

    def __init__(self, sign_ins: SignIns, side: Side) -> None:
        self._sign_ins = sign_ins
        self._side = side

    async def token(self, scopes: Sequence[str] = (), claims: str = "") -> str:
        """Return a token, after asking the person when one is needed."""
        return await self._sign_ins.token(self._side, scopes, claims)
