"""Sign-ins that say what the test tells them, and keep no secret: for screens, without a service."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.ui.pair import CONTOSO, FABRIKAM, Pair
from xtsync_tui.errors import SignInFailed, SignInNeeded
from xtsync_tui.model import Side
from xtsync_tui.settings import Profile, Settings, TenantSettings, Way
from xtsync_tui.workspace.profiles import Noticed, Profiles
from xtsync_tui.workspace.sign_in import (
    BrowserAddress,
    DeviceCode,
    Failed,
    SignedIn,
    SignIns,
    Step,
    Waiting,
)

TODAY = datetime(2026, 5, 14, 14, 2, 16, tzinfo=UTC)
CODE = DeviceCode(
    "EK749QM23", "https://microsoft.com/devicelogin", TODAY + timedelta(minutes=13, seconds=42), 5
)
PAGE = (
    "https://login.microsoftonline.com/7f3c0a51-6d2e-4b18-9c47-d05a8e91b2e4/oauth2/v2.0/authorize?"
    "client_id=11111111-2222-4333-8444-555555555555&response_type=code&redirect_uri=http%3A%2F%2Flocalhost"
    "%3A8400&scope=https%3A%2F%2Fgraph.microsoft.com%2FPolicy.Read.All&state=x&code_challenge=y"
)
ADDRESS = BrowserAddress(PAGE, 8400, "ssh -L 8400:localhost:8400 ana@10.0.0.5", opened=False)
BLOCKED = SignInFailed(
    "Device code is blocked in TARGET fabrikam.com",
    "A Conditional Access rule does not allow this way to sign in. Trying again does not help. (AADSTS53003)",
    "Use browser sign-in: ssh -L 8400:localhost:8400 ana@10.0.0.5",
    code="AADSTS53003",
    correlation_id="8f6f0f1c-3c1b-4f5e-9d7a-2b6c8e1077d3",
    ways=("browser",),
)
PEOPLE = {Side.SOURCE: "ana.lopes@contoso.com", Side.TARGET: "ben.okoro@fabrikam.com"}
TENANTS = {Side.SOURCE: "contoso.com", Side.TARGET: "fabrikam.com"}


class Attempt:
    """Tells ``steps``, and then waits until ``finish``."""

    def __init__(self, session: "Session", way: Way, steps: Sequence[Step]) -> None:
        self.session = session
        self.way = way
        self.steps = steps
        self.pasted: list[str] = []
        self.end: asyncio.Future[Step] = asyncio.get_running_loop().create_future()
        self.stopped = False

    async def events(self) -> AsyncIterator[Step]:
        try:
            yield Waiting(self.way)
            for step in self.steps:
                yield step
            if not self.steps or not isinstance(self.steps[-1], Failed):
                yield await self.end
        finally:
            self.stopped = True

    def paste(self, address: str) -> bool:
        self.pasted.append(address)
        return "state=x" in address

    def finish(self) -> None:
        """Let the person have signed in."""
        self.session.account = PEOPLE[self.session.side]
        self.end.set_result(SignedIn(self.session.account, "tenant", ("Policy.Read.All",)))


class Session:
    """One side; ``refusals`` are raised by ``token`` before it gives one."""

    def __init__(self, side: Side, way: Way = Way.DEVICE_CODE, *, signed_in: bool = False) -> None:
        self.side = side
        self.way = way
        self.tenant = TenantSettings(tenant=TENANTS[side], way=way)
        self.account = PEOPLE[side] if signed_in else ""
        self.refusals: list[SignInNeeded] = []
        self.attempts: list[Attempt] = []
        self.asked: list[tuple[tuple[str, ...], str]] = []
        self.script: dict[Way, Sequence[Step]] = {Way.DEVICE_CODE: [CODE], Way.BROWSER: [ADDRESS]}

    async def token(self, scopes: Sequence[str] = (), claims: str = "") -> str:
        if self.refusals:
            raise self.refusals.pop()
        if not self.account:
            raise SignInNeeded(
                f"Nobody is signed in to {self.side.name}", scopes=tuple(scopes), claims=claims
            )
        return f"token of {self.side.name}"

    def sign_in(self, way: Way | None = None, scopes: Sequence[str] = (), claims: str = "") -> Attempt:
        self.asked.append((tuple(scopes), claims))
        self.attempts.append(Attempt(self, way or self.way, self.script[way or self.way]))
        return self.attempts[-1]

    async def sign_out(self) -> None:
        self.account = ""


@dataclass
class SignedInPair(Pair):
    """A pair whose sides are read only with a token, as a workspace reads them."""

    sessions: dict[Side, Session] = field(default_factory=lambda: {side: Session(side) for side in Side})

    def __post_init__(self) -> None:
        self.known = {Side.SOURCE: CONTOSO, Side.TARGET: FABRIKAM}
        self.tenants = {side: type(CONTOSO)(side) for side in Side}
        self.sign_ins = SignIns(self.sessions)

    async def introduce(self, *sides: Side) -> None:
        for side in sides or Side:
            try:
                await self.sign_ins.tokens(side).token()
            except SignInNeeded as failure:
                self.tenants[side] = type(CONTOSO)(side, failure=failure)
            else:
                self.tenants[side] = self.known[side]


class Book(Profiles):
    """Profiles on pairs of the tests, on a machine without a secret store."""

    def __init__(self, pairs: dict[str, Any]) -> None:
        self.pairs = pairs
        self.signed_out: list[tuple[str, Side]] = []
        self.people: dict[Side, str] = {}
        super().__init__(self.opener, self._nobody, Settings())

    def _nobody(self) -> Any:
        raise AssertionError("no keeper is asked")

    def opener(self, name: str) -> Any:
        @asynccontextmanager
        async def opened() -> AsyncIterator[Any]:
            yield self.pairs[name]
            await self.pairs[name].close()

        return opened

    def accounts(self, profile: Profile) -> dict[Side, str]:  # noqa: ARG002 - the same in each
        return {side: self.people.get(side, "") for side in Side}

    async def sign_out(self, profile: Profile, sides: Any) -> None:
        self.signed_out += [(profile.name, side) for side in sides]

    async def machine(self) -> tuple[Noticed, ...]:
        return (
            Noticed("Tokens", "memory only: no secret store here. Sign in at each start.", fine=False),
            Noticed("Browser", "none: SSH login. Sign-in shows an address or a code."),
            Noticed("Terminal", "256 colours · clipboard through the terminal, not confirmed"),
        )
