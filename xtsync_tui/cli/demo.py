"""``xtsync demo``: the application on two made-up tenants."""

import asyncio
import importlib
import locale
import os
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import click

from xtsync_tui.cli import options
from xtsync_tui.cli.collector import settle
from xtsync_tui.cli.compose import Announcement, demo_workspace, opened, read_announcement
from xtsync_tui.cli.failures import reported
from xtsync_tui.cli.sign_in_server import TROUBLES
from xtsync_tui.errors import InvalidInput
from xtsync_tui.settings import DEMO

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from xtsync_tui.ui.pairing import Connect
    from xtsync_tui.workspace.pair import Workspace
    from xtsync_tui.workspace.profiles import Profiles

THEMES = {"dark": "xtsync-dark", "light": "xtsync-light", "ansi": "xtsync-ansi"}

_HEAVY = ("xtsync_tui.graph.client", "xtsync_tui.workspace.setup.setup", "xtsync_tui.emulator.app")
"""Imported in a thread after the first frame, so that the screen is there at once and stays quick."""


@click.command()
@options.tenants
@click.option(
    "--emulator", "file", metavar="FILE", help="Use the running emulator announced in FILE (- stdin)."
)
@click.option("--sign-in", is_flag=True, help="Sign in to them, as to real tenants, on a page served here.")
@click.option(
    "--trouble",
    type=click.Choice(TROUBLES),
    help="With --sign-in: what goes wrong in TARGET, to see how it reads.",
)
@click.option(
    "--theme", default="dark", help="dark, light, ansi (the terminal's colours), or one of Textual's."
)
@click.option("--ascii", is_flag=True, help="Draw with ASCII only.")
@click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal.")
@reported()
def command(
    *,
    scenario: str,
    users: int | None,
    speed: float,
    file: str | None,
    sign_in: bool,
    trouble: str | None,
    theme: str,
    ascii: bool,  # noqa: A002 - the flag's word
    no_mouse: bool,
) -> None:
    """Open the application on two made-up tenants. No sign-in, no network."""
    found = read_announcement(file) if file else None
    if file == "-":
        _keyboard_from_terminal()
    if sign_in:
        from xtsync_tui.cli.sign_in_demo import demo_profiles

        profiles = demo_profiles(found, scenario, users, speed, trouble or "")
        run(profiles.connect(DEMO), profiles=profiles, theme=theme, ascii=ascii, mouse=not no_mouse)
    elif trouble:
        raise InvalidInput("--trouble is about the sign-in", "", "Add --sign-in.")
    else:
        run(demo(found, scenario, users, speed), theme=theme, ascii=ascii, mouse=not no_mouse)


def demo(found: Announcement | None, scenario: str, users: int | None, speed: float) -> "Connect":
    """Return what opens the demo: the emulator ``found``, or a new one in this process."""

    @asynccontextmanager
    async def connect() -> "AsyncIterator[Workspace]":
        await asyncio.to_thread(_warm)
        async with demo_workspace(found) if found else opened(None, scenario, users, speed) as workspace:
            yield workspace

    return connect


def run(
    connect: "Connect | None",
    *,
    theme: str,
    ascii: bool,  # noqa: A002 - the flag's word
    mouse: bool,
    profile: str = DEMO,
    profiles: "Profiles | None" = None,
) -> None:
    """Run the application until the person leaves it; a failure of it becomes the exit code."""
    from textual.theme import BUILTIN_THEMES

    from xtsync_tui.settings import config_folder
    from xtsync_tui.ui.app import XtSyncApp
    from xtsync_tui.ui.keymap import FILE, read_keymap
    from xtsync_tui.ui.terminal import needs_ascii

    chosen = THEMES.get(theme, theme)
    if theme not in THEMES and theme not in BUILTIN_THEMES:
        raise InvalidInput(
            f"--theme {theme} is unknown", hint=f"Choose {', '.join([*THEMES, *BUILTIN_THEMES])}."
        )
    if not sys.stdin.isatty():
        raise InvalidInput(
            "The application needs a terminal", "Standard input is not one.", "Try xtsync setup --demo."
        )
    app = XtSyncApp(
        connect,
        profile=profile,
        profiles=profiles,
        theme=chosen,
        ascii=ascii or needs_ascii(os.environ, locale.getencoding()),
        keymap=read_keymap(config_folder() / FILE),
    )
    settle()
    app.run(mouse=mouse)
    raise SystemExit(app.return_code or 0)


def _warm() -> None:
    for module in _HEAVY:
        importlib.import_module(module)


def _keyboard_from_terminal() -> None:
    """Take the keys from the terminal, standard input having been the announcement."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError as error:
        raise InvalidInput(
            "--emulator - needs a terminal for the keys", str(error), "Write it to a file."
        ) from None
    os.dup2(terminal, 0)
    os.close(terminal)
