"""``xtsync demo --sign-in``: the two made-up tenants, with a sign-in as real ones have it."""

import asyncio
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import TYPE_CHECKING

from xtsync_tui.cli.compose import Announcement, announcement
from xtsync_tui.errors import InvalidInput
from xtsync_tui.settings import DEMO, Profile, TenantSettings, Way, load_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from xtsync_tui.graph.auth.keeper import Keeper
    from xtsync_tui.model import Side
    from xtsync_tui.ui.pairing import Connect
    from xtsync_tui.workspace.pair import Workspace
    from xtsync_tui.workspace.profiles import Profiles

CLIENT = "0a9e5c1d-7b34-4f0e-8d52-6c1e9ab04f77"
"""The application of the demo: its tenants take any."""

_HEAVY = ("xtsync_tui.graph.client", "xtsync_tui.workspace.setup.setup", "xtsync_tui.graph.auth.interactive")


def demo_profile(url: str, source: str = "contoso.com", target: str = "fabrikam.com") -> Profile:
    """Return how the demo tenants at ``url`` are signed in to."""
    one, other = (
        TenantSettings(tenant=name, client_id=CLIENT, way=Way.DEVICE_CODE) for name in (source, target)
    )
    return Profile(name=DEMO, source=one, target=other, cloud=url)


def demo_profiles(
    found: Announcement | None, scenario: str, users: int | None, speed: float, trouble: str = ""
) -> "Profiles":
    """Return the profiles with a demo that is signed in to: the emulator ``found``, or one in this program.

    Its sign-ins end with the program: they are there to be seen, and stay apart from those of real tenants.
    Raises InvalidInput when ``found`` serves no sign-in.
    """
    from xtsync_tui.cli.real import keeper_of
    from xtsync_tui.cli.sign_in_server import PORT, certificate_of
    from xtsync_tui.cli.start import real

    if found is not None and not found.certificate:
        raise InvalidInput("This emulator serves no sign-in", found.url, "Start it with --tls.")
    settings = load_settings()
    keeper, demo_keeper = cache(lambda: keeper_of(settings)), cache(_passing_keeper)
    place = cache(lambda: found or _serve(scenario, users, speed, trouble))

    @asynccontextmanager
    async def opened() -> "AsyncIterator[Workspace]":
        from xtsync_tui.cli.real import profile_workspace, warm

        await warm(*_HEAVY, "xtsync_tui.emulator.app")
        where = await asyncio.to_thread(place)
        profile = demo_profile(where.url, where.source.domain, where.target.domain)
        advice = partial(_advice, where)
        async with profile_workspace(
            profile, settings, demo_keeper(), where.certificate, advice
        ) as workspace:
            workspace.speed = where.speed
            yield workspace

    def connect(name: str) -> "Connect":
        return opened if name == DEMO else real(name, settings, keeper, "")

    from xtsync_tui.workspace.profiles import Profiles

    url = found.url if found else f"https://localhost:{PORT}"
    certificate = found.certificate if found else str(certificate_of())
    return Profiles(
        connect,
        keeper,
        settings,
        demo=demo_profile(url),
        demo_keeper=demo_keeper,
        authority=certificate,
    )


def _passing_keeper() -> "Keeper":
    from xtsync_tui.graph.auth.pair import passing_keeper

    return passing_keeper()


def _serve(scenario: str, users: int | None, speed: float, trouble: str) -> Announcement:
    from xtsync_tui.cli.sign_in_server import serve_beside
    from xtsync_tui.emulator.app import Emulator

    emulator = Emulator(scenario, users, speed=speed)
    server = serve_beside(emulator, trouble)
    found = announcement(server.url, server.tenants(emulator.tenants), str(server.certificate))
    return found._replace(speed=speed)


def _advice(where: Announcement, side: "Side", code: str) -> str:
    """Return how to sign in to a made-up tenant: nothing outside this machine takes part."""
    account = (where.source if side.value == "source" else where.target).account
    lines = [f"Choose {account} (no password) on this page of this machine."]
    if code:
        lines += [
            "Without a browser here, in another terminal:",
            f"  curl -kd 'code={code}&account={account}' \\",
            f"    {where.url}/devicelogin",
        ]
    return "\n".join(lines)
