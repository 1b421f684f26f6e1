"""The profiles as the first page shows them: list, change, open, sign out, and what this machine can do."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Side
from xtsync_tui.settings import (
    DEMO,
    Profile,
    Settings,
    last_used,
    load_profiles,
    mark_used,
    remove_profile,
    save_profile,
    state_folder,
)

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from xtsync_tui.graph.auth.keeper import Keeper
    from xtsync_tui.workspace.pair import Workspace

Connect = Callable[[], "AbstractAsyncContextManager[Workspace]"]


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One profile of the list; ``profile`` is None for the demo that needs no sign-in."""

    name: str
    source: str
    target: str
    writing: str
    used: datetime | None
    profile: Profile | None

    @property
    def is_demo(self) -> bool:
        """Whether it is the built-in one."""
        return self.name == DEMO


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something of this machine that matters: its name, what was found, and whether it asks for attention."""

    name: str
    text: str
    fine: bool = True


def writing(profile: Profile) -> str:
    """Return how a profile writes: ``read-only``, ``PROTECTED`` or ``write``."""
    if profile.read_only:
        return "read-only"
    return "PROTECTED" if profile.protected else "write"


class Profiles:
    """The profiles of this machine.

    ``connect`` makes, for a profile's name, what opens its workspace. ``keeper`` is the one of all sign-ins,
    but for those of the demo, which are ``demo_keeper``'s. ``demo`` is how the demo is signed in to, None
    when it needs no sign-in. ``authority`` is the PEM file of an emulator's certificate authority.
    """

    def __init__(
        self,
        connect: Callable[[str], Connect],
        keeper: "Callable[[], Keeper]",
        settings: Settings,
        *,
        demo: Profile | None = None,
        demo_keeper: "Callable[[], Keeper] | None" = None,
        authority: str = "",
    ) -> None:
        self.connect = connect
        self._keeper = keeper
        self._demo_keeper = demo_keeper or keeper
        self._settings = settings
        self._demo = demo
        self._authority = authority

    def rows(self) -> tuple[ProfileRow, ...]:
        """Return the profiles, the demo first; raises InvalidInput when the file cannot be used."""
        used = last_used()
        demo = ProfileRow(DEMO, "Contoso", "Fabrikam", "write", used.get(DEMO), self._demo)
        return (demo, *(_row(profile, used.get(profile.name)) for profile in load_profiles().values()))

    def add(self, profile: Profile) -> None:
        """Keep a new profile; raises InvalidInput if there is one of its name, or it cannot be used."""
        if profile.name in load_profiles():
            raise InvalidInput(f"There is a profile {profile.name} already", "", "Choose another name.")
        self.save(profile)

    def save(self, profile: Profile) -> None:
        """Keep ``profile`` in place of the one of its name; raises InvalidInput and StoreFailed."""
        from xtsync_tui.graph.clouds import cloud_named

        cloud_named(profile.cloud, self._authority)
        save_profile(profile)

    def remove(self, name: str) -> None:
        """Take a profile out of the list; it stays signed in. Raises InvalidInput and StoreFailed."""
        remove_profile(name)

    def opened(self, name: str, now: datetime) -> None:
        """Remember that a profile was opened; raises StoreFailed."""
        mark_used(name, now)

    def accounts(self, profile: Profile) -> dict[Side, str]:
        """Return who signed in to each side before, "" for nobody."""
        from xtsync_tui.graph.auth.accounts import account_key
        from xtsync_tui.graph.clouds import cloud_named

        cloud, known = cloud_named(profile.cloud, self._authority), self._keeper_of(profile).accounts.all()
        sides = {Side.SOURCE: profile.source, Side.TARGET: profile.target}
        found = {side: known.get(account_key(tenant, cloud)) for side, tenant in sides.items()}
        return {side: account.username if account else "" for side, account in found.items()}

    async def sign_out(self, profile: Profile, sides: Iterable[Side]) -> None:
        """Forget the tokens of ``sides``; profiles that share one lose it too. Raises StoreFailed."""
        from xtsync_tui.graph.auth.pair import open_sessions

        sessions = open_sessions(profile, self._settings, self._keeper_of(profile), self._authority)
        for side in sides:
            await sessions[side].sign_out()

    def _keeper_of(self, profile: Profile) -> "Keeper":
        return self._demo_keeper() if profile.name == DEMO else self._keeper()

    async def machine(self) -> tuple[Noticed, ...]:
        """Return what of this machine matters to a sign-in; asks the secret store, at most some seconds."""
        from xtsync_tui.graph.auth.blocking import in_thread

        return await in_thread(self._machine)

    def _machine(self) -> tuple[Noticed, ...]:
        from xtsync_tui.graph.auth import doctor

        tokens = doctor.tokens(self._settings.token_store, state_folder() / "tokens")
        memory = tokens.text.startswith("memory only")
        store = "memory only: no secret store here. Sign in at each start." if memory else tokens.text
        terminal, clipboard = doctor.terminal(os.environ), doctor.clipboard(os.environ)
        # One row of 80 columns.
        colours = "up to 256 colours" if "fewer" in terminal.text else terminal.text.rpartition(", ")[2]
        return (
            Noticed("Tokens", store, tokens.fine),
            Noticed("Browser", doctor.browser(os.environ).text),
            Noticed("Terminal", f"{colours} · clipboard {clipboard.text}", terminal.fine),
        )


def _row(profile: Profile, used: datetime | None) -> ProfileRow:
    return ProfileRow(
        profile.name, profile.source.tenant, profile.target.tenant, writing(profile), used, profile
    )
