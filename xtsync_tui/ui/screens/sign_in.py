"""Signing in: a screen when a profile is opened, a dialog over the screen when it has to be done again."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static

from xtsync_tui.settings import Way
from xtsync_tui.ui import sign_in_text as text
from xtsync_tui.ui.frame import FooterKey, footer_line
from xtsync_tui.ui.keys import KEYS, key
from xtsync_tui.ui.render import muted, side
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.screens.modal import Modal
from xtsync_tui.ui.screens.page import TextPage
from xtsync_tui.ui.widgets.form import Field
from xtsync_tui.ui.widgets.trouble import report
from xtsync_tui.workspace.sign_in import (
    Attempt,
    BrowserAddress,
    DeviceCode,
    Failed,
    Need,
    SignedIn,
    SignIns,
    Step,
    Waiting,
)

if TYPE_CHECKING:
    from xtsync_tui.errors import SignInFailed
    from xtsync_tui.ui.app import XtSyncApp

_CONSENT = {"AADSTS65001", "AADSTS90094"}
_AS_CONSENTED = "as-consented"
_WAYS = {
    Way.BROWSER.value: "Browser: an address, and a port forward over SSH",
    Way.DEVICE_CODE.value: "Device code: a short code for any browser",
    _AS_CONSENTED: "With what the tenant consented to already",
}


class SignInPanel(Vertical, can_focus=True):
    """One side's sign-in from the first request to its end, and again by other ways.

    ``status`` is what goes on in one line. What the person pastes goes to the attempt.
    """

    @dataclass
    class Changed(Message):
        """Something else is shown."""

    @dataclass
    class Ended(Message):
        """Somebody is signed in."""

    def __init__(self, sign_ins: SignIns, need: Need) -> None:
        super().__init__()
        self.sign_ins = sign_ins
        self.need = need
        self.way = need.way if need.way.is_interactive else Way.DEVICE_CODE
        self.step: Step = Waiting(self.way)
        self.failed: SignInFailed | None = None
        self.status = ""
        self._attempt: Attempt | None = None

    @property
    def xtsync(self) -> "XtSyncApp":
        """The application."""
        return cast("XtSyncApp", self.app)

    def compose(self) -> ComposeResult:
        """Yield what is told, and the field for the address at which the browser ended."""
        yield VerticalScroll(Static(id="told", markup=False), can_focus=False)
        hint = "where the browser ends: http://localhost:8400/?code=…"
        pasted = Field("   Or paste here", "pasted", hint=hint)
        pasted.input.password = True  # It holds a code.
        yield pasted
        yield Static(id="asked-for", markup=False)

    def on_mount(self) -> None:
        """Begin, and count down."""
        self.set_interval(1, self._tell)
        self.begin()

    @work(exclusive=True, group="sign-in")
    async def begin(self, *, as_consented: bool = False) -> None:
        """Sign in by the chosen way; what was under way before is stopped."""
        self._attempt = self.sign_ins.attempt(self.need, self.way, as_consented=as_consented)
        self.failed = None
        async for step in self._attempt.events():
            self.step = step
            if isinstance(step, Failed):
                self.failed = step.error
            if isinstance(step, BrowserAddress) and not step.opened:
                self.xtsync.copy(step.address)
            if isinstance(step, SignedIn):
                self.post_message(self.Ended())
            self._tell()

    # What is shown -----------------------------------------------------------------------------------

    @property
    def _expired(self) -> bool:
        return isinstance(self.step, DeviceCode) and self.step.expires_at <= self.xtsync.wall()

    def _tell(self) -> None:
        if self._expired:
            self.workers.cancel_group(self, "sign-in")
        self.status = self._status()
        told = self.query_one("#told", Static)
        told.set_class(self.failed is not None, "-refused")
        told.update(self._told())
        self.query_one(Field).display = isinstance(self.step, BrowserAddress) and not self.failed
        asked = self.query_one("#asked-for", Static)
        asked.display = self.failed is None and not self.need.reasons
        asked.update(text.asked_for(self.need, self._width))
        self.post_message(self.Changed())

    @property
    def _width(self) -> int:
        return max(self.size.width, 60)

    def _status(self) -> str:
        if self.failed is not None or self._expired:
            return ""
        match self.step:
            case DeviceCode(interval=seconds):
                return f"… waiting for the sign-in, asks every {seconds} s"
            case BrowserAddress():
                return "… waiting for the browser to come back, as long as it takes"
            case SignedIn(account=account):
                return f"✓ {account} is signed in"
        return f"… asking {self.need.side.name} {self.need.tenant}"

    def _told(self) -> Content:
        if self.failed is not None:
            return text.refusal(self.failed)
        advice = self.sign_ins.advice(self.need.side, self.code)
        match self.step:
            case DeviceCode():
                return text.code(self.need, self.step, self.xtsync.wall(), advice, self._width)
            case BrowserAddress():
                return text.browser(self.need, self.step, advice, self._width)
        return muted(f" {self._status()}")

    @property
    def code(self) -> str:
        """The device code, "" without one."""
        return self.step.code if isinstance(self.step, DeviceCode) else ""

    @property
    def address(self) -> str:
        """The address to open, "" while there is none."""
        return self.step.address if isinstance(self.step, DeviceCode | BrowserAddress) else ""

    def on_resize(self) -> None:
        """Lay the text out for the new width."""
        self._tell()

    # What the person does ------------------------------------------------------------------------------

    def copy(self) -> None:
        """Send to the clipboard what is needed next: the code, the command, or the correlation id."""
        if self.failed is not None:
            whole = report(self.failed, self.xtsync.wall())
            self.xtsync.copy(self.failed.correlation_id or whole)
        elif isinstance(self.step, BrowserAddress):
            self.xtsync.copy(self.step.address if self.step.opened else self.step.ssh_command)
        elif self.code:
            self.xtsync.copy(self.code)

    def copy_address(self) -> None:
        """Send the address to the clipboard."""
        if self.address:
            self.xtsync.copy(self.address)

    @work
    async def other_way(self) -> None:
        """Go on by another way; where more than one is left, the person chooses."""
        from xtsync_tui.ui.screens.choose import choose

        ways = [way.value for way in (Way.BROWSER, Way.DEVICE_CODE) if way is not self.way]
        if self.failed is not None and self.failed.code in _CONSENT:
            ways.append(_AS_CONSENTED)
        words = [(way, _WAYS[way]) for way in ways]
        chosen = ways[0] if len(ways) == 1 else await choose(self.xtsync, "Another way", words)
        if chosen:
            self.way = self.way if chosen == _AS_CONSENTED else Way(chosen)
            self.step = Waiting(self.way)
            self.begin(as_consented=chosen == _AS_CONSENTED)

    @on(Input.Submitted, "#pasted")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._paste(event.value)
        event.input.value = ""

    def on_paste(self, event: events.Paste) -> None:
        """Take an address that was pasted anywhere here."""
        self._paste(event.text)

    def _paste(self, address: str) -> None:
        if isinstance(self.step, BrowserAddress) and self._attempt is not None:
            fits = self._attempt.paste(address)
            self.status = "… taken" if fits else "! That is not the answer to this sign-in. Copy it whole."
            self.post_message(self.Changed())


class _SignsIn(Screen[None]):
    """What the screen and the dialog do alike; ``outcome`` is resolved when they close."""

    panel: SignInPanel
    outcome: "asyncio.Future[bool]"

    @on(SignInPanel.Ended)
    def _ended(self) -> None:
        self.leave(signed_in=True)

    def leave(self, *, signed_in: bool) -> None:
        """Close this, and whatever lies over it, and say how it ended."""
        while self.app.screen is not self and self in self.app.screen_stack:
            self.app.pop_screen()
        self.dismiss(None)
        if not self.outcome.done():
            self.outcome.set_result(signed_in)

    def on_unmount(self) -> None:
        """Nobody signed in if this was closed from elsewhere."""
        if not self.outcome.done():
            self.outcome.set_result(False)

    def action_copy(self) -> None:
        """Copy the code, the command or the correlation id."""
        self.panel.copy()

    def action_copy_as(self) -> None:
        """Copy the address."""
        self.panel.copy_address()

    def action_other_way(self) -> None:
        """Sign in by another way."""
        self.panel.other_way()

    def action_new(self) -> None:
        """Begin again."""
        self.panel.begin()

    def action_technical(self) -> None:
        """Show every permission that is asked for, and the whole address."""
        whole = text.technical(self.panel.need, self.panel.address, self.app.size.width - 4)
        self.app.push_screen(TextPage("Sign-in", Content(whole)))

    def action_back(self) -> None:
        """Leave without signing in."""
        self.leave(signed_in=False)


_KEYS = (
    key("copy", "Copy code"), key("copy_as", "Copy address"), key("other_way", "Other way"),
    key("new", "New code"), key("technical", "Technical"), key("back", "Skip"),
)  # fmt: skip
_HELP = """\
# Signing in

Your password is typed on the page of your tenant, never here.

- **o** goes on by another way: a device code, or the browser with a port forward over SSH.
- **n** asks for a new code. **y** and **Y** send code and address to the clipboard.
- **i** lists every permission that is asked for, with its reason.
- **esc** leaves this side out. The other side works without it.
"""


class SignInScreen(_SignsIn, FrameScreen):  # type: ignore[misc] # its copy_as is no worker
    """The sign-in of one side while a profile is opened."""

    HELP = _HELP
    AUTO_FOCUS = "SignInPanel"
    AFTER = ()
    TAIL = ()
    BINDINGS: ClassVar[list[BindingType]] = list(_KEYS)

    def __init__(self, sign_ins: SignIns, need: Need, outcome: "asyncio.Future[bool]") -> None:
        super().__init__()
        self.outcome = outcome
        self.panel = SignInPanel(sign_ins, need)

    def body(self) -> Iterable[Widget]:
        """Yield the sign-in."""
        yield self.panel

    def heading(self) -> str:
        """Return which side it is."""
        need = self.panel.need
        return text.heading(need, self.xtsync.pair.side(need.side).name if self.xtsync.has_pair else "")

    def summary(self) -> Content:
        """Return which of the sides that are asked for it is."""
        need = self.panel.need
        return muted(f"{need.number} of {need.total}" if need.total > 1 else "")

    def footer_ids(self) -> list[tuple[str, str]]:
        """Return the keys of what is shown."""
        shown = text.keys(self.panel.step, self.panel.failed)
        return [*shown, ("technical", "Technical"), ("back", "Skip")]

    def status_right(self) -> str:
        """Return nothing: no request can be sent yet."""
        return ""

    def refusal(self, action: str) -> str:
        """Keep the person here until the side is signed in to, or left out."""
        name = action.partition("(")[0].rpartition(".")[2]
        return "First sign in; esc leaves this side out." if name == "mode_at" else super().refusal(action)

    @on(SignInPanel.Changed)
    def _changed(self) -> None:
        self.standing = self.panel.status
        self.refresh_frame()


class SignInDialog(Modal[None], _SignsIn):
    """The sign-in of a side that was signed in to before, over whatever is on the screen."""

    HELP = _HELP
    AUTO_FOCUS = "SignInPanel"
    BINDINGS: ClassVar[list[BindingType]] = list(_KEYS)

    def __init__(self, sign_ins: SignIns, need: Need, outcome: "asyncio.Future[bool]") -> None:
        super().__init__(classes=f"-to-{need.side.value}")
        self.outcome = outcome
        self.panel = SignInPanel(sign_ins, need)

    def compose(self) -> ComposeResult:
        """Yield why, the sign-in, and its keys."""
        need = self.panel.need
        with Vertical(classes="dialog sign-in") as box:
            name = self.xtsync.side_view(need.side).name or need.tenant
            what = "One more permission in " if need.reasons else "Sign in again to "
            box.border_title = Content(what) + side(need.side, name)
            yield Static(text.why(need), id="why", markup=False)
            yield self.panel
            yield Static(id="going-on", markup=False)
            yield Static(id="keys", markup=False)

    @on(SignInPanel.Changed)
    def _changed(self) -> None:
        status = self.panel.status
        stays = f"{status} · what is on the screen stays" if status else "What is on the screen stays."
        self.query_one("#going-on", Static).update(muted(stays))
        shown = [
            *text.keys(self.panel.step, self.panel.failed),
            ("technical", "Technical"),
            ("back", "Cancel"),
        ]
        keys = [FooterKey(name, KEYS[name].display, words) for name, words in shown]
        self.query_one("#keys", Static).update(footer_line(keys, off=""))


async def ask(app: "XtSyncApp", sign_ins: SignIns, need: Need) -> bool:
    """Show the sign-in that ``need`` is about and return whether somebody is in."""
    outcome: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    again = bool(need.account)
    await app.push_screen((SignInDialog if again else SignInScreen)(sign_ins, need, outcome))
    return await outcome
