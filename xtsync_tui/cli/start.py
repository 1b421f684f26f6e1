"""``xtsync`` without a command: the last profile, or the first page."""

from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING

from xtsync_tui.settings import DEMO, Settings, last_profile, load_profile, load_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from xtsync_tui.graph.auth.keeper import Keeper
    from xtsync_tui.ui.pairing import Connect
    from xtsync_tui.workspace.pair import Workspace
    from xtsync_tui.workspace.profiles import Profiles

_HEAVY = ("xtsync_tui.graph.client", "xtsync_tui.workspace.setup.setup", "xtsync_tui.graph.auth.interactive")


def start(profile: str = "", authority: str = "") -> None:
    """Open ``profile``, else the one used last, else the page on which one is chosen or made.

    ``authority`` is the PEM file of an emulator's certificate authority. Raises InvalidInput for a profile
    that is not there.
    """
    from xtsync_tui.cli.demo import run

    settings = load_settings()
    name = profile or last_profile()
    if name and name != DEMO:
        load_profile(name)
    profiles = all_profiles(settings, authority)
    run(
        profiles.connect(name) if name else None,
        profiles=profiles,
        profile=name,
        theme=settings.theme or "dark",
        ascii=settings.ascii,
        mouse=settings.mouse,
    )


def all_profiles(settings: Settings, authority: str) -> "Profiles":
    """Return the profiles with what opens each: the demo on two made-up tenants, the others on real ones.

    They share one keeper, so that tokens which are in memory only outlive a change of profile.
    """
    from xtsync_tui.cli.real import keeper_of
    from xtsync_tui.workspace.profiles import Profiles

    keeper = cache(lambda: keeper_of(settings))
    if settings.token_store == "passphrase":  # noqa: S105 - the name of a store
        _ = keeper().opened  # asks in the terminal, as long as it is free

    def connect(name: str) -> "Connect":
        if name == DEMO:
            from xtsync_tui.cli.demo import demo

            return demo(None, "fresh", None, speed=1)

        return real(name, settings, keeper, authority)

    return Profiles(connect, keeper, settings, authority=authority)


def real(name: str, settings: Settings, keeper: "Callable[[], Keeper]", authority: str) -> "Connect":
    """Return what opens the profile ``name`` on its real tenants."""

    @asynccontextmanager
    async def opened() -> "AsyncIterator[Workspace]":
        from xtsync_tui.cli.real import profile_workspace, warm

        await warm(*_HEAVY)
        async with profile_workspace(load_profile(name), settings, keeper(), authority) as workspace:
            yield workspace

    return opened
