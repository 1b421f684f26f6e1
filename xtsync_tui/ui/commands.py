"""What ``:`` offers: modes, the screen's keys, what has no key. Entries run the keys' own actions."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.screen import Screen

from xtsync_tui.ui import themes
from xtsync_tui.ui.screens.base import FrameScreen

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp

_THEMES = {themes.DARK: "dark", themes.LIGHT: "light", themes.ANSI: "the terminal's own 16 colours"}


def commands(app: "XtSyncApp", screen: Screen[Any]) -> Iterator[SystemCommand]:
    """Yield the commands for ``screen``, the screen under the palette."""
    stays = isinstance(screen, FrameScreen) and bool(screen.refusal("mode_at"))
    for mode in () if stays else app.modes:
        yield SystemCommand(f"Go to {mode.name}", f"Mode {mode.digit}", partial(app.action_mode, mode.id))
    if isinstance(screen, FrameScreen):
        yield from _keys(screen)
    yield SystemCommand("Requests", "Every Graph request, and the changes made (@)", app.action_requests)
    if app.writes.can_stop:
        yield SystemCommand("Stop the running write", "After the request under way", app.writes.stop)
    if app.write_state == "READ-ONLY":
        words = "For this run only; asks for the name of the profile"
        yield SystemCommand("Allow writing", words, app.action_allow_writing)
    elif app.has_pair:
        yield SystemCommand("Read-only", "Send nothing from now on", app.action_read_only)
    for name, words in _THEMES.items():
        yield SystemCommand(f"Theme: {words}", "Change the colours", partial(setattr, app, "theme", name))
    for side in app.pairing.left_out:
        words = f"Sign in to {side.name}"
        yield SystemCommand(words, "Nobody is signed in there", partial(app.action_sign_in, side))
    if app.profiles is not None:
        yield SystemCommand("Profiles", "Open another pair of tenants, or sign out", app.action_profiles)
    yield SystemCommand("Quit", "Quit; waits for a running write (Q)", app.action_quit)


def _keys(screen: FrameScreen) -> Iterator[SystemCommand]:
    bindings = {bound.binding.id: bound.binding for bound in screen.active_bindings.values()}
    for name, description in screen.footer_ids():
        if name in bindings and name not in {"goto", "requests"}:
            why = screen.refusal(bindings[name].action)
            yield SystemCommand(description, why or bindings[name].tooltip, partial(screen.press, name))
