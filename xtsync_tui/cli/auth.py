"""``xtsync auth``: who is signed in, and where the tokens are."""

import asyncio
from typing import TYPE_CHECKING

import click

from xtsync_tui.cli.failures import reported
from xtsync_tui.cli.real import keeper_of
from xtsync_tui.errors import InvalidInput, StoreFailed, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.settings import (
    DEMO,
    Profile,
    Way,
    last_profile,
    load_profile,
    load_settings,
    save_settings,
    state_folder,
)
from xtsync_tui.text import clean

if TYPE_CHECKING:
    from xtsync_tui.graph.auth.keeper import Keeper
    from xtsync_tui.graph.auth.session import TenantSession
    from xtsync_tui.graph.auth.steps import Step

_profile = click.option("--profile", "name", default="", help="The profile; the one used last if not given.")
_authority = click.option(
    "--ca",
    "authority",
    type=click.Path(exists=True, dir_okay=False),
    help="PEM file of the certificate authority of xtsync emulate --tls.",
)


@click.group()
def command() -> None:
    """Sign in and out, and see where the tokens are kept."""


@command.command()
@reported()
def status() -> None:
    """Show who is signed in, and where the tokens are kept. Asks no network."""
    keeper = keeper_of(load_settings())
    _tell_store(keeper)
    accounts = keeper.accounts.all().values()
    if not accounts:
        click.echo("Nobody is signed in. xtsync auth login signs in.")
    for account in accounts:
        kept = keeper.tokens(account) is not None
        click.echo(
            f"{'✓' if kept else '○'} {clean(account.username)}, tenant {account.tenant_id}, {account.cloud}"
        )
        click.echo(f"  by {account.way}; {'signed in' if kept else 'has to sign in again'}")
        click.echo(f"  {', '.join(account.scopes)}")


@command.command()
@_profile
@_authority
@click.option("--side", type=click.Choice([side.value for side in Side]), help="Only this side.")
@click.option("--way", type=click.Choice([way.value for way in Way]), help="Another way than the profile's.")
@click.option("--insecure-storage", is_flag=True, help="Keep tokens in a plain file from now on.")
@reported()
def login(
    name: str, authority: str | None, side: str | None, way: str | None, insecure_storage: bool
) -> None:
    """Sign in to both tenants of a profile, one after the other, for reading."""
    from xtsync_tui.graph.auth.pair import open_sessions

    profile, settings = _chosen(name), load_settings()
    if insecure_storage:
        import msgspec

        settings = msgspec.structs.replace(settings, token_store="plaintext")  # noqa: S106 - not a password
        save_settings(settings)
    keeper = keeper_of(settings)
    _tell_store(keeper)
    sessions = open_sessions(profile, settings, keeper, authority or "")
    wanted = [sessions[Side(side)]] if side else list(sessions.values())
    failed = asyncio.run(_sign_in_all(wanted, Way(way) if way else None))
    if keeper.problem is not None:
        click.echo("! Signed in, but the tokens are in memory only:", err=True)
        click.echo(f"  {keeper.problem}", err=True)
    if failed is not None:
        raise failed


@command.command()
@_profile
@click.option("--tenant", default="", help="Only this tenant: its id, or as the profile names it.")
@click.option("--all", "everybody", is_flag=True, help="Every account of every profile.")
@reported()
def logout(name: str, tenant: str, everybody: bool) -> None:
    """Forget tokens on this machine. What the tenant gave out is revoked in its portal, not here."""
    keeper = keeper_of(load_settings())
    keys = list(keeper.accounts.all()) if everybody else _keys(_chosen(name), keeper, tenant)
    gone = [account for key in keys if (account := keeper.forget(key)) is not None]
    for account in gone:
        click.echo(f"Signed out: {clean(account.username)}, tenant {account.tenant_id}")
    if not gone:
        click.echo("Nobody was signed in.")


@command.command()
@_profile
@_authority
@reported()
def doctor(name: str, authority: str | None) -> None:
    """Look at what of this machine matters to a sign-in."""
    from xtsync_tui.graph.auth.doctor import examine
    from xtsync_tui.graph.clouds import CLOUDS, cloud_named

    settings = load_settings()
    cloud = CLOUDS["public"]
    if name:
        profile = _chosen(name)
        cloud = cloud_named(profile.cloud, authority or "")
    for finding in examine(settings.token_store, state_folder() / "tokens", settings.redirect_port, cloud):
        click.echo(f"{'✓' if finding.fine else '!'} {finding.name.ljust(15)} {clean(finding.text)}")
        if finding.hint:
            click.echo(f"  {' ' * 15} {clean(finding.hint)}")


def _chosen(name: str) -> Profile:
    name = name or last_profile()
    if name == DEMO:
        title = "The demo keeps no sign-in"
        raise InvalidInput(
            title, "xtsync demo --sign-in asks for one at each start.", "--profile takes another."
        )
    if not name:
        raise InvalidInput(
            "No profile is chosen",
            "None was used before.",
            "xtsync profile add makes one; --profile takes it.",
        )
    return load_profile(name)


def _tell_store(keeper: "Keeper") -> None:
    try:
        opened = keeper.opened
    except StoreFailed as error:
        click.echo(f"! Tokens: {error}")
        return
    worth_it = opened.name not in {"memory", "plaintext"}
    click.echo(
        f"{'✓' if worth_it else '!'} Tokens: {opened.title}{'. ' + opened.reason if opened.reason else ''}"
    )


def _keys(profile: Profile, keeper: "Keeper", tenant: str) -> list[str]:
    from xtsync_tui.graph.auth.accounts import account_key
    from xtsync_tui.graph.clouds import cloud_named

    cloud = cloud_named(profile.cloud)
    sides = {account_key(side, cloud): side.tenant for side in (profile.source, profile.target)}
    if not tenant:
        return list(sides)
    known = keeper.accounts.all()
    found = [
        key
        for key, named in sides.items()
        if tenant.casefold() in {named.casefold(), known[key].tenant_id if key in known else ""}
    ]
    if not found:
        raise InvalidInput(
            f"{tenant} is no tenant of {profile.name}", f"Its tenants are {', '.join(sides.values())}."
        )
    return found


async def _sign_in_all(sessions: "list[TenantSession]", way: Way | None) -> XtSyncError | None:
    """Sign in to each tenant and return the first failure: one side is of use without the other."""
    failed = None
    for session in sessions:
        error = await _sign_in(session, way)
        if error is not None:
            click.echo(f"✗ {session.side.name} {session.tenant.tenant}: {error.title}", err=True)
            failed = failed or error
    return failed


async def _sign_in(session: "TenantSession", way: Way | None) -> XtSyncError | None:
    from xtsync_tui.graph.auth.steps import Failed, SignedIn

    click.echo(f"{session.side.name} {session.tenant.tenant}")
    async for step in session.sign_in(way).events():
        if isinstance(step, Failed):
            return step.error
        if isinstance(step, SignedIn):
            click.echo(f"  ✓ {clean(step.account)}, tenant {step.tenant_id}")
        else:
            _tell(step)
    return None


def _tell(step: "Step") -> None:
    from xtsync_tui.graph.auth.steps import BrowserAddress, DeviceCode

    if isinstance(step, DeviceCode):
        click.echo(f"  Open {clean(step.address)} in any browser and enter the code {clean(step.code)}")
        click.echo(
            f"  Valid until {step.expires_at.astimezone():%H:%M}. Never enter a code from somebody else."
        )
    elif isinstance(step, BrowserAddress) and step.opened:
        click.echo("  Sign in in the browser that was opened.")
    elif isinstance(step, BrowserAddress):
        click.echo(f"  On the computer with your browser, run:  {step.ssh_command}")
        click.echo(f"  Then open:  {step.address}")
