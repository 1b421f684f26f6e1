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
    for mode in app.modes:
        yield SystemCommand(mode.name, f"Go to {mode.name} ({mode.digit})", partial(app.action_mode, mode.id))
    if isinstance(screen, FrameScreen):
        yield from _keys(screen)
    yield SystemCommand("Requests", "Every Graph request, and the changes made (@)", app.action_requests)
    for name, words in _THEMES.items():
        yield SystemCommand(f"Theme: {words}", "Change the colours", partial(setattr, app, "theme", name))
    yield SystemCommand("Quit", "Quit; waits for a running write (Q)", app.action_quit)


def _keys(screen: FrameScreen) -> Iterator[SystemCommand]:
    bindings = {bound.binding.id: bound.binding for bound in screen.active_bindings.values()}
    for name, description in screen.footer_ids():
        if name in bindings and name not in {"goto", "requests"}:
            why = screen.refusal(bindings[name].action)
            yield SystemCommand(description, why or bindings[name].tooltip, partial(screen.press, name))
