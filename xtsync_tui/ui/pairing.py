"""The open profile: its pair of tenants from the first connection to the close, and what is said of it."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from typing import TYPE_CHECKING

from xtsync_tui.errors import InvalidInput, NoAnswer, StoreFailed, Unreachable, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.ui.frame import Freshness, SideView

if TYPE_CHECKING:
    from xtsync_tui.settings import Profile
    from xtsync_tui.ui.app import XtSyncApp
    from xtsync_tui.workspace.pair import Workspace
    from xtsync_tui.workspace.sign_in import Need, SignIns

Connect = Callable[[], AbstractAsyncContextManager["Workspace"]]


class Pairing:
    """What is open: at most one profile, its workspace once somebody is signed in.

    ``connect`` opens the workspace; with None there is no profile yet. It is called when a screen first asks
    for the workspace, and again when one asks after it failed.
    """

    def __init__(self, app: "XtSyncApp", connect: Connect | None, profile: str) -> None:
        self.connect = connect
        self.profile = profile if connect is not None else ""
        self.workspace: Workspace | None = None
        self.entering: Workspace | None = None
        """The workspace while somebody signs in to it."""
        self._app = app
        self._opened = AsyncExitStack()
        self._opening: asyncio.Task[Workspace] | None = None
        self._left: dict[Side, SideView] = {}
        """The sides as they were when opening them failed: their names are known by then."""

    async def connected(self) -> "Workspace":
        """Return the workspace as soon as there is one; raises the XtSyncError that prevented it."""
        if self._opening is None or (self._opening.done() and self.workspace is None):
            self._opening = asyncio.create_task(self._open())
        return await asyncio.shield(self._opening)

    async def _open(self) -> "Workspace":
        app = self._app
        if self.connect is None:
            raise XtSyncError("No profile is open", "", "Choose one on the page Profiles.")
        await app.painted()
        workspace = await self._opened.enter_async_context(self.connect())
        self.entering = workspace
        try:
            await self._sign_in(workspace)
            await workspace.introduce()
        except XtSyncError:
            left = {side: self.side_view(side) for side in Side}
            await self.close()
            self._left = left
            raise
        workspace.log.subscribe(lambda _: app.refresh_frames())
        workspace.writer.subscribe(lambda _: app.refresh_frames())
        self.workspace = workspace
        if app.profiles is not None:
            with suppress(StoreFailed):  # a convenience: it keeps nobody out
                app.profiles.opened(self.profile, app.wall())
        app.refresh_frames()
        app.run_worker(self._look_back(workspace), group="look back", exclusive=True)
        return workspace

    async def _look_back(self, workspace: "Workspace") -> None:
        """Say what an earlier run left without an answer, once it was looked at."""
        try:
            unknown = await workspace.look_back()
        except StoreFailed:
            return
        if unknown and self.workspace is workspace:
            what = "1 write" if unknown == 1 else f"{unknown} writes"
            self._app.writes.left = f"? {what} of an earlier run: still unknown whether done · @ Changes"
            self._app.refresh_frames()

    async def close(self) -> None:
        """Close what is open, and stop opening it."""
        opening, self._opening = self._opening, None
        if opening is not None and opening is not asyncio.current_task():
            opening.cancel()
        self.workspace = self.entering = None
        self._left = {}
        opened, self._opened = self._opened, AsyncExitStack()
        await opened.aclose()

    # Signing in ----------------------------------------------------------------------------------------

    @property
    def sign_ins(self) -> "SignIns | None":
        """Who is signed in; None where nobody needs to be, or nothing is open."""
        return self.workspace.sign_ins if self.workspace else None

    @property
    def left_out(self) -> list[Side]:
        """The sides to which nobody is signed in."""
        return [side for side in Side if not self.sign_ins.account(side)] if self.sign_ins else []

    async def _sign_in(self, workspace: "Workspace") -> None:
        """Have somebody signed in to one side at least, where that needs a person or a program at all."""
        sign_ins, app = workspace.sign_ins, self._app
        if sign_ins is None:
            return

        async def ask(need: "Need") -> bool:
            from xtsync_tui.ui.screens.sign_in import ask

            signed_in = await ask(app, sign_ins, need)
            if signed_in and workspace.side(need.side).failure is not None:
                app.run_worker(self._introduce(workspace, need.side))
            app.refresh_frames()
            return signed_in

        sign_ins.ask = ask
        await sign_ins.begin()

    async def _introduce(self, workspace: "Workspace", side: Side) -> None:
        try:
            await workspace.introduce(side)
        except InvalidInput:
            await self.close()  # whoever reads next opens it again, and is told why
        self._app.refresh_frames()

    async def sign_out(self, profile: "Profile", sides: Sequence[Side]) -> None:
        """Forget the tokens of these sides, those in use as well; raises StoreFailed."""
        if self.sign_ins is not None and profile.name == self.profile:
            for side in sides:
                await self.sign_ins.sign_out(side)
        elif self._app.profiles is not None:
            await self._app.profiles.sign_out(profile, sides)

    # What the frame shows ------------------------------------------------------------------------------

    def side_view(self, side: Side) -> SideView:
        """Return what the header says of one side."""
        workspace = self.workspace or self.entering
        if workspace is None:
            words = "connecting…" if self._under_way else "not connected"
            return self._left.get(side) or SideView(side, person=words)
        tenant, sign_ins = workspace.side(side), workspace.sign_ins
        name, domain = tenant.name or tenant.domain, tenant.domain
        person = tenant.person or (
            "not reached" if isinstance(tenant.failure, Unreachable | NoAnswer) else ""
        )
        if sign_ins is not None:
            own = sign_ins.sessions[side].tenant.tenant
            name, domain, person = name or own, domain or own, sign_ins.account(side)
        return SideView(side, name, tenant.tenant_id, domain, person)

    @property
    def name(self) -> str:
        """The profile as the header names it: ``demo ×60`` where time passes faster than here."""
        speed = self.workspace.speed if self.workspace else 1
        return self.profile if speed == 1 else f"{self.profile} ×{speed:g}"

    @property
    def write_state(self) -> str:
        """READ-ONLY, WRITE or PROTECTED; "" before there is a connection."""
        workspace = self.workspace or self.entering
        return workspace.write_state.value if workspace else ""

    def freshness(self, what: str) -> Freshness:
        """Return how old the reading called ``what`` is."""
        if self.workspace is not None:
            return Freshness(self.workspace.last_read(what), self.workspace.read_failed(what))
        if self.entering is not None:
            return Freshness(words="not read yet")
        return Freshness(words="connecting…" if self._under_way else "not connected")

    @property
    def _under_way(self) -> bool:
        return self._opening is not None and not self._opening.done()
