"""The two sign-ins of a profile, keeping their tokens in one place."""

from collections.abc import Callable
from functools import partial

from xtsync_tui.graph.auth.accounts import Accounts, PassingAccounts
from xtsync_tui.graph.auth.keeper import Keeper
from xtsync_tui.graph.auth.session import TenantSession
from xtsync_tui.graph.auth.stores import open_store
from xtsync_tui.graph.clouds import cloud_named
from xtsync_tui.model import Side
from xtsync_tui.settings import Profile, Settings, state_folder


def open_keeper(settings: Settings, ask_passphrase: Callable[[bool], str] | None = None) -> Keeper:
    """Return the keeper of all sign-ins; its store is opened, and probed, when it is first used."""
    return Keeper(
        partial(open_store, settings.token_store, state_folder() / "tokens", ask_passphrase), Accounts()
    )


def passing_keeper() -> Keeper:
    """Return a keeper of sign-ins that end with the program."""
    return Keeper(partial(open_store, "memory", state_folder() / "tokens"), PassingAccounts())


def open_sessions(
    profile: Profile, settings: Settings, keeper: Keeper, authority: str = ""
) -> dict[Side, TenantSession]:
    """Return the session of each side of ``profile``, nobody signed in yet.

    ``authority`` is the PEM file of an emulator's certificate authority. Raises InvalidInput for a cloud that
    is not known.
    """
    cloud = cloud_named(profile.cloud, authority)
    return {
        side: TenantSession(side, tenant, cloud, keeper, port=settings.redirect_port)
        for side, tenant in ((Side.SOURCE, profile.source), (Side.TARGET, profile.target))
    }
