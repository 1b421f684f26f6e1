"""The application: modes, the connection to a pair of tenants, and what every screen shares."""

import asyncio
import io
import os
import signal
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from platformdirs import user_downloads_path
from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.dom import DOMNode
from textual.events import DeliveryComplete, DeliveryFailed, Event, Key
from textual.filter import LineFilter
from textual.screen import Screen

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui import clipboard, status, themes
from xtsync_tui.ui.commands import commands
from xtsync_tui.ui.frame import SideView
from xtsync_tui.ui.key_order import KeyOrder
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.modes import MODES, PROFILES, Mode
from xtsync_tui.ui.pairing import Connect, Pairing
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.terminal import AsciiFilter, FaultFilter, SafeFilter
from xtsync_tui.ui.widths import HUGE, WIDE
from xtsync_tui.ui.writes import Writes

if TYPE_CHECKING:
    from textual.command import Provider

    from xtsync_tui.workspace.pair import Workspace
    from xtsync_tui.workspace.profiles import Profiles

DIGITS = "1234567890"


def _digit(digit: str) -> Binding:
    words = f"Go to the mode with the digit {digit}"
    return Binding(digit, f"mode_at({digit!r})", words, show=False, tooltip=words, id=f"mode.{digit}")


def _palette() -> "type[Provider]":
    from xtsync_tui.ui.palette import InOrder

    return InOrder


class XtSyncApp(App[None]):
    """xtsync: one pair of tenants, one mode a question.

    ``connect`` opens the workspace, which stays open until another profile is opened. It is called after the
    first frame, and again on each reload after it failed. With None the page of ``profiles`` is opened first.
    ``ascii`` replaces every symbol; ``keymap`` gives ids other keys. ``wall`` is the time here.
    """

    TITLE = "xtsync"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {_palette}  # noqa: RUF012 - Textual's form
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's form
        (0, "-tiny"), (60, "-slim"), (80, "-narrow"), (WIDE, "-wide"), (HUGE, "-huge"),
    ]  # fmt: skip
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's form
        (0, "-flat"), (16, "-low"), (24, "-short"), (30, "-tall"),
    ]  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        key("goto"), key("help"), key("requests"), key("quit"), *(_digit(digit) for digit in DIGITS),
    ]  # fmt: skip

    def __init__(
        self,
        connect: Connect | None,
        *,
        profile: str = "demo",
        profiles: "Profiles | None" = None,
        modes: Sequence[Mode] = MODES,
        theme: str = themes.DARK,
        ascii: bool = False,  # noqa: A002 - the flag's word
        keymap: Mapping[str, str] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        # Without this NO_COLOR gives greys, and black on black after a change of theme.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.animation_level = "none"
        for each in themes.THEMES:
            self.register_theme(each)
        self.theme = theme
        self.modes = tuple(modes)
        for mode in self.modes:
            self.add_mode(mode.id, partial(self._load, mode))
        self.profiles = profiles
        if profiles is not None:
            self.add_mode(PROFILES.id, partial(self._load, PROFILES))
        self.pairing = Pairing(self, connect, profile)
        self.drafts: dict[str, dict[str, str]] = {}
        self._trail: list[str] = []
        """The modes that led here by a row or a key of theirs: esc goes back along them."""
        self.writes = Writes(self)
        self._key_order = KeyOrder(self, super().on_event)
        self.monotonic = monotonic
        self.wall = wall
        faults = [FaultFilter()] if "NO_COLOR" in os.environ else []
        self._last = [SafeFilter(), *faults, *([AsciiFilter()] if ascii else [])]
        self._painted = asyncio.Event()
        self.set_keymap(keymap or {})

    def _load(self, mode: Mode) -> Screen[Any]:
        screen = mode.load()
        # A new screen is styled when it is mounted. Textual counts it as styled before the last change of
        # theme and would parse every style sheet twice more for it.
        screen._css_update_count = self._css_update_count
        return screen

    # The pair of tenants -----------------------------------------------------------------------------

    @property
    def pair(self) -> "Workspace":
        """The workspace; only after ``connected``."""
        if self.pairing.workspace is None:
            raise XtSyncError("Not connected yet", hint="r tries again.")
        return self.pairing.workspace

    @property
    def has_pair(self) -> bool:
        """Whether there is a connection."""
        return self.pairing.workspace is not None

    @property
    def profile_name(self) -> str:
        """The open profile, "" while there is none."""
        return self.pairing.profile

    async def connected(self) -> "Workspace":
        """Return the workspace as soon as there is one; raises the XtSyncError that prevented it."""
        return await self.pairing.connected()

    async def painted(self) -> None:
        """Wait until the first frame was drawn: what is heavy or slow comes after."""
        await self._painted.wait()

    @work(exclusive=True, group="sign-in")
    async def action_sign_in(self, side: Side) -> None:
        """Sign in to a side that was left out, and read again."""
        sign_ins = self.pairing.sign_ins
        if sign_ins and await sign_ins.sign_in(side) and isinstance(self.screen, FrameScreen):
            self.screen.action_reload()

    @work(exclusive=True, group="profile")
    async def open_profile(self, name: str) -> None:
        """Close what is open, asking about what is not saved, and open the profile ``name``."""
        if self.profiles is None or not await self._may_leave("Leave and lose it"):
            return
        await self.switch_mode(PROFILES.id)
        await self.pairing.close()
        for mode in self.modes:
            await self.remove_mode(mode.id)
            self.add_mode(mode.id, partial(self._load, mode))
        self.drafts.clear()
        self._trail.clear()
        self.writes.looked_at()
        self.pairing.connect, self.pairing.profile = self.profiles.connect(name), name
        await self.switch_mode(self.modes[0].id)

    def now(self) -> datetime:
        """Return the time at Graph; this machine's until there is a connection."""
        workspace = self.pairing.workspace
        return workspace.now() if workspace else self.wall()

    # Life ----------------------------------------------------------------------------------------------

    async def on_mount(self) -> None:
        """Open the first mode and start the seconds that ages and running times count."""
        if self.pairing.connect is None:
            await self.switch_mode(PROFILES.id)
        elif self.modes:
            await self.switch_mode(self.modes[0].id)
        self.call_after_refresh(self._painted.set)
        self.set_interval(1, self.refresh_frames)
        self._leave_on(signal.SIGHUP, signal.SIGTERM)

    def _leave_on(self, *signals: int) -> None:
        # A closed terminal must end the program: Textual itself does not listen for it.
        try:
            for each in signals:
                asyncio.get_running_loop().add_signal_handler(each, self.exit)
        except (NotImplementedError, RuntimeError, ValueError):
            return

    async def on_unmount(self) -> None:
        """Close what was opened."""
        self._key_order.stop()
        self.workers.cancel_all()  # else one that reads would open again what is closed here
        await self.pairing.close()

    def _fatal_error(self) -> None:
        """End with the traceback of a bug, without values: they can be tokens, or people's names."""
        from rich.segment import Segments
        from rich.traceback import Traceback

        self.bell()
        traceback = Traceback(show_locals=False, suppress=["textual"])
        self._exit_renderables.append(Segments(self.console.render(traceback, self.console.options)))
        self._close_messages_no_wait()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's filters and ours, which come last."""
        return [*super().get_line_filters(), *self._last]

    @property
    def off_style(self) -> str:
        """The style of what cannot be done now; where there are few colours, dimmed."""
        return "dim $x-muted" if self.no_color or self.native_ansi_color else "$x-muted"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give every theme a colour for each of our roles."""
        return themes.role_defaults(self.current_theme)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Return what ``:`` offers on ``screen``."""
        return commands(self, screen)

    async def run_action(
        self,
        action: Any,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action, or say why the screen refuses it."""
        if isinstance(action, str) and isinstance(self.screen, FrameScreen):
            self.screen.hint = ""
            if why := self.screen.refusal(action):
                self.screen.say(why)
                return True
            if action.endswith("reload") and self.pairing.sign_ins:
                self.pairing.sign_ins.forgive()
        return await super().run_action(action, default_namespace, namespaces)

    async def on_event(self, event: Event) -> None:
        """Let keys through one by one, and none once the screens are closed."""
        if isinstance(event, Key) and not self.screen_stack:
            return  # typed behind the one that ended the program
        if isinstance(event, Key) and not event.is_forwarded:
            self._key_order.put(event)
        else:
            await super().on_event(event)

    # What the frame shows ------------------------------------------------------------------------------

    def refresh_frames(self) -> None:
        """Draw the rows of the frame again, on every screen in view."""
        for screen in self.screen_stack if self.is_running else ():
            if isinstance(screen, FrameScreen) and screen.is_mounted:
                screen.refresh_frame()

    def clear_hints(self) -> None:
        """Take away what the screens in view said at the last key."""
        for screen in self.screen_stack if self.is_running else ():
            if isinstance(screen, FrameScreen) and screen.is_mounted:
                screen.hint = ""

    def side_view(self, side: Side) -> SideView:
        """Return what the header says of one side."""
        return self.pairing.side_view(side)

    @property
    def write_state(self) -> str:
        """READ-ONLY, WRITE or PROTECTED; "" before there is a connection."""
        return self.pairing.write_state

    @property
    def request_count(self) -> str:
        """How many requests were sent, and how many wait: ``@ 61 · 0 waiting``."""
        if self.pairing.workspace is None:
            return "@ 0 · 0 waiting"
        log = self.pairing.workspace.log
        return f"@ {log.count:,} · {len(log.waiting)} waiting"

    def status_text(self, screen: FrameScreen) -> str:
        """Return the most urgent thing to say: write, wait, failure, hint, how a write ended, draft."""
        failed = self.writes.failed
        return (
            status.writing(self.pairing.workspace, self.writes.running, self.monotonic())
            or status.waiting(self.pairing.workspace)
            or (f"✗ {failed.title} · not looked at yet · @ the request" if failed else "")
            or self.writes.unrecorded
            or self.writes.left
            or screen.hint
            or self.writes.ended
            or screen.draft
            or (f"draft kept: {', '.join(self.drafts)} · open it again to go on" if self.drafts else "")
            or screen.standing
        )

    def stop_waiting(self) -> bool:
        """Stop every wait that Graph asked for; return whether there was one."""
        waits = self.pairing.workspace.log.waiting if self.pairing.workspace else ()
        for wait in waits:
            wait.cancel()
        return bool(waits)

    # Actions of every screen ---------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the digits behind which there is no mode."""
        if action == "mode_at":
            return any(mode.digit == parameters[0] for mode in self.modes)
        return True

    async def action_mode_at(self, digit: str) -> None:
        """Go to the mode with this digit."""
        for mode in self.modes:
            if mode.digit == digit:
                await self.action_mode(mode.id)

    async def action_mode(self, mode: str) -> None:
        """Go to a mode, to the screen that is open in it; pages that lie over it are closed."""
        self._trail.clear()
        await self._show_mode(mode)

    async def _show_mode(self, mode: str) -> None:
        await self.switch_mode(mode)
        while isinstance(self.screen, FrameScreen) and self.screen.PAGE and len(self.screen_stack) > 1:
            await self.pop_screen()

    async def action_profiles(self) -> None:
        """Go to the page of all profiles."""
        await self.switch_mode(PROFILES.id)

    async def go(self, mode: str, to: str = "") -> None:
        """Go to a mode and show ``to`` there: the id of a row, or what its screen understands.

        Unlike whoever takes a digit, the person can come back from there with esc.
        """
        if mode != self.current_mode:
            self._trail.append(self.current_mode)
        await self._show_mode(mode)
        if to and isinstance(self.screen, FrameScreen):
            self.screen.come(to)

    async def do_in(self, mode: str, key_id: str) -> None:
        """Go to a mode and do what a key of its screen does, as soon as that has read."""
        await self.go(mode)
        if isinstance(self.screen, FrameScreen):
            self.screen.once_read(partial(self.screen.press, key_id))

    @property
    def came(self) -> bool:
        """Whether another mode led here."""
        return bool(self._trail)

    async def come_back(self) -> bool:
        """Go back to the mode that led here, as it was left; return whether there was one."""
        if not self._trail:
            return False
        await self.switch_mode(self._trail.pop())
        return True

    def action_help_quit(self) -> None:
        """Say which key ends the program, instead of Textual's own."""
        if isinstance(self.screen, FrameScreen):
            self.screen.say("Q quits.")

    def action_requests(self) -> None:
        """Open the requests and changes."""
        from xtsync_tui.ui.screens.requests import RequestsScreen

        self.writes.looked_at()
        if not isinstance(self.screen, RequestsScreen):
            self.push_screen(RequestsScreen())

    def action_toggle_help(self) -> None:
        """Open the help of the screen or dialog in front, or close it."""
        from xtsync_tui.ui.screens.help import HelpPage

        if isinstance(self.screen, HelpPage):
            self.pop_screen()
        else:
            self.push_screen(HelpPage(self.screen))

    @work(exclusive=True, group="quit")
    async def action_allow_writing(self) -> None:
        """Let a read-only profile write for the rest of this run, after asking for its name."""
        from xtsync_tui.ui.screens.allow_writing import AllowWriting

        if await self.push_screen_wait(AllowWriting()):
            self.pair.writer.read_only = False
            self.refresh_frames()

    def action_read_only(self) -> None:
        """Send nothing from now on."""
        self.pair.writer.read_only = True
        self.refresh_frames()

    @work(exclusive=True, group="quit")
    async def action_quit(self) -> None:  # type: ignore[override]
        """Quit, after a running write and after asking about what is not saved."""
        if await self._may_leave("Quit and lose it"):
            self.exit()

    async def _may_leave(self, words: str) -> bool:
        """Wait for a running write, ask about what is not saved, and say whether it may be left."""
        from xtsync_tui.ui.screens.choose import choose

        drafts = [screen.draft for screen in self._all_screens() if screen.draft] + [
            f"the form {each}" for each in self.drafts
        ]
        if drafts:
            ways = [("stay", "Stay"), ("leave", words)]
            if await choose(self, f"Not saved: {drafts[0]}", ways) != "leave":
                return False
        return await self._writes_ended()

    async def _writes_ended(self) -> bool:
        """Wait for a running write; return whether the person still wants to go when it has ended."""
        from xtsync_tui.ui.screens.quitting import Quitting

        if not self.writes.words:
            return True
        self.writes.stop()
        return await self.push_screen_wait(Quitting())

    def _all_screens(self) -> list[FrameScreen]:
        stacks = self._screen_stacks.values()
        return [screen for stack in stacks for screen in stack if isinstance(screen, FrameScreen)]

    # Clipboard and files -------------------------------------------------------------------------------

    def copy(self, text: str) -> None:
        """Send ``text`` to the clipboard of the person's terminal; too much of it opens as a page.

        What is pasted into a shell must not hold what nobody saw: only line breaks and tabs go along.
        """
        text = "".join(char if char.isprintable() or char in "\n\t" else clean(char) for char in text)
        if not clipboard.fits(text):
            from xtsync_tui.ui.screens.page import TextPage

            self.push_screen(TextPage("Too long for the clipboard: select it here", Content(text)))
            return
        self.copy_to_clipboard(text)
        self.notify("Sent to clipboard", timeout=3, markup=False)

    def copy_to_clipboard(self, text: str) -> None:
        """Write the terminal's clipboard sequence, wrapped for tmux and screen."""
        self._clipboard = text
        if self._driver is not None:
            self._driver.write(clipboard.sequence(text, os.environ))

    def save(self, text: str, name: str) -> None:
        """Write an export to the downloads, or send it to the browser.

        A server often has no such folder: then it is written where the application was started.
        """
        downloads = user_downloads_path()
        folder = downloads if downloads.is_dir() else Path()
        self.deliver_text(io.StringIO(text), save_directory=folder, save_filename=name)

    def on_delivery_complete(self, event: DeliveryComplete) -> None:
        """Say where the export is."""
        where = f" to {event.path.absolute()}" if event.path else ""
        self.notify(f"Exported{where}", timeout=6, markup=False)

    def on_delivery_failed(self, event: DeliveryFailed) -> None:
        """Say why there is no file."""
        self.notify(f"Not exported: {clean(event.exception)}", severity="error", timeout=12, markup=False)
