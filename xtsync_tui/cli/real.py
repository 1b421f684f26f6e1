"""Puts a workspace together from a profile: who signs in to each side, which cloud, which journal."""

import asyncio
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from xtsync_tui.settings import Profile, Settings, state_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from xtsync_tui.graph.auth.keeper import Keeper
    from xtsync_tui.model import Side
    from xtsync_tui.workspace.pair import Workspace


def keeper_of(settings: Settings) -> "Keeper":
    """Return the keeper of all sign-ins; a store with a passphrase asks for it in the terminal."""
    from xtsync_tui.graph.auth.pair import open_keeper

    return open_keeper(settings, ask_passphrase if sys.stdin.isatty() else None)


def ask_passphrase(new: bool) -> str:
    """Ask for the passphrase of the token file; twice if it is ``new``."""
    prompt = "New passphrase for the token file" if new else "Passphrase of the token file"
    return str(click.prompt(prompt, hide_input=True, confirmation_prompt=new, err=True))


@asynccontextmanager
async def profile_workspace(
    profile: Profile,
    settings: Settings,
    keeper: "Keeper",
    authority: str = "",
    advice: "Callable[[Side, str], str] | None" = None,
) -> "AsyncIterator[Workspace]":
    """Open a workspace on the tenants of ``profile``; nobody is asked to sign in before the first request.

    ``authority`` is the PEM file of an emulator's certificate authority, ``advice`` says how its sign-in page
    is used. Raises InvalidInput for an unknown cloud, StoreFailed when the journal cannot be used.
    """
    from xtsync_tui.graph.auth.pair import open_sessions
    from xtsync_tui.graph.client import GraphClient
    from xtsync_tui.graph.clouds import cloud_named
    from xtsync_tui.graph.log import RequestLog
    from xtsync_tui.model import Side
    from xtsync_tui.workspace.journal import Journal
    from xtsync_tui.workspace.pair import Workspace
    from xtsync_tui.workspace.sign_in import SignIns

    cloud = cloud_named(profile.cloud, authority)
    sign_ins = SignIns(open_sessions(profile, settings, keeper, authority), advice)
    log = RequestLog()
    source, target = (
        GraphClient(
            side,
            cloud.graph,
            sign_ins.tokens(side),
            log=log,
            clock=lambda: datetime.now(UTC),
            ids=lambda: str(uuid4()),
            authority=cloud.authority,
        )
        for side in Side
    )
    pair = f"{profile.cloud} {profile.source.tenant} {profile.target.tenant}"
    journal = Journal(state_folder() / "journal.sqlite3", profile.name, pair)
    workspace = Workspace(profile, source, target, journal, sign_ins=sign_ins)
    try:
        yield workspace
    finally:
        await workspace.close()


@asynccontextmanager
async def without_screen(name: str, authority: str = "") -> "AsyncIterator[Workspace]":
    """Open a workspace on the profile ``name`` for a command: asks nobody, who has to be signed in already.

    Raises SignInNeeded, naming the command that signs in, when nobody is signed in to a side.
    """
    from xtsync_tui.errors import SignInNeeded
    from xtsync_tui.settings import load_profile, load_settings

    profile, settings = load_profile(name), load_settings()
    async with profile_workspace(profile, settings, keeper_of(settings), authority) as workspace:
        await workspace.introduce()
        for side in workspace.clients:
            failure = workspace.side(side).failure
            if isinstance(failure, SignInNeeded):
                hint = f"xtsync auth login --profile {name} signs in."
                raise SignInNeeded(failure.title, failure.detail, hint) from failure
        yield workspace


async def warm(*modules: str) -> None:
    """Import ``modules`` in a thread: the screen is there already and stays quick."""
    import importlib

    def load() -> None:
        for module in modules:
            importlib.import_module(module)

    await asyncio.to_thread(load)
