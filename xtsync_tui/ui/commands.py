"""What ``:`` offers: modes, the screen's keys, what has no key. Entries run the keys' own actions."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from xtsync_tui.ui import themes
from xtsync_tui.ui.keys import KEYS, shown_as
from xtsync_tui.ui.screens.base import EVERYWHERE, FrameScreen

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
    if not stays:
        yield from _elsewhere(app, screen)
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
    """Yield what the keys of the screen do: those of the footer in its words, then all others."""
    bindings = {bound.binding.id: bound.binding for bound in screen.active_bindings.values()}
    words = dict(screen.footer_ids())
    others = {name: KEYS[name].description for name in bindings if name in KEYS and name not in words}
    for name, description in (words | others).items():
        if name in bindings and name not in {"goto", "requests", "quit"}:
            why = screen.refusal(bindings[name].action) or bindings[name].tooltip
            yield SystemCommand(
                description, f"{shown_as(bindings[name])} · {why}", partial(screen.press, name)
            )


def _elsewhere(app: "XtSyncApp", screen: Screen[Any]) -> Iterator[SystemCommand]:
    """Yield what the screens of the other modes do."""
    here = screen.mode if isinstance(screen, FrameScreen) else ""
    for mode in app.modes:
        for bind in mode.kind().__dict__.get("BINDINGS", ()) if mode.id != here else ():
            if isinstance(bind, Binding) and bind.show and bind.id not in EVERYWHERE and bind.id != "open":
                words, tip = f"{mode.name}: {bind.description}", f"{shown_as(bind)} there · {bind.tooltip}"
                yield SystemCommand(words, tip, partial(app.do_in, mode.id, bind.id or ""))
