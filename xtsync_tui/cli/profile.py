"""``xtsync profile``: the pairs of tenants."""

import click

from xtsync_tui.cli.failures import reported
from xtsync_tui.settings import (
    DEMO,
    Profile,
    TenantSettings,
    Way,
    last_used,
    load_profile,
    load_profiles,
    remove_profile,
    save_profile,
)

_WAYS = [way.value for way in Way]


@click.group()
def command() -> None:
    """List, add, show and remove profiles: one source and one target tenant each."""


@command.command("list")
@reported()
def list_() -> None:
    """List the profiles, the built-in demo first."""
    used = last_used()
    rows = [(DEMO, "Contoso", "Fabrikam", "write", "built in")]
    for profile in load_profiles().values():
        moment = used.get(profile.name)
        when = f"used {moment:%Y-%m-%d %H:%M}" if moment else "never used"
        rows.append((profile.name, profile.source.tenant, profile.target.tenant, _writing(profile), when))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        click.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


@command.command()
@click.argument("name")
@click.option("--source", required=True, help="Source tenant: its id or one of its domains.")
@click.option("--target", required=True, help="Target tenant: its id or one of its domains.")
@click.option("--client-id", default="", help="Application (client) id in both tenants.")
@click.option("--source-client-id", default="", help="Application (client) id in the source, if another one.")
@click.option("--target-client-id", default="", help="Application (client) id in the target, if another one.")
@click.option("--way", type=click.Choice(_WAYS), default=Way.BROWSER.value, show_default=True)
@click.option("--cloud", default="public", show_default=True, help="public, usgov, dod or china.")
@click.option("--read-only", is_flag=True, help="Send no writes.")
@click.option("--protected", is_flag=True, help="Ask for the tenant's name before each write.")
@reported()
def add(
    name: str,
    source: str,
    target: str,
    client_id: str,
    source_client_id: str,
    target_client_id: str,
    way: str,
    cloud: str,
    read_only: bool,
    protected: bool,
) -> None:
    """Add the profile NAME, or replace it."""
    from xtsync_tui.graph.clouds import cloud_named

    cloud_named(cloud)
    known = name in load_profiles()
    save_profile(
        Profile(
            name=name,
            source=TenantSettings(tenant=source, client_id=source_client_id or client_id, way=Way(way)),
            target=TenantSettings(tenant=target, client_id=target_client_id or client_id, way=Way(way)),
            cloud=cloud,
            read_only=read_only,
            protected=protected,
        )
    )
    done = "replaced" if known else "kept"
    click.echo(f"Profile {name} is {done}. Next: xtsync auth login --profile {name}")


@command.command()
@click.argument("name")
@reported()
def show(name: str) -> None:
    """Show the profile NAME."""
    profile = load_profile(name)
    lines = [("Name", profile.name)]
    for side, tenant in (("Source", profile.source), ("Target", profile.target)):
        application = tenant.client_id or "no application id"
        lines.append((side, f"{tenant.tenant}, {application}, {tenant.way}"))
    removals = profile.limits.removals
    threshold = "the deletion threshold of the job" if removals is None else f"{removals} people"
    lines += [
        ("Cloud", profile.cloud),
        ("Writing", _writing(profile)),
        ("Asks from", f"{threshold} removed, {profile.limits.changes} people changed"),
    ]
    for label, text in lines:
        click.echo(f"{label.ljust(10)} {text}")


@command.command()
@click.argument("name")
@reported()
def remove(name: str) -> None:
    """Remove the profile NAME. It stays signed in: xtsync auth logout ends that."""
    remove_profile(name)
    click.echo(f"Profile {name} is removed.")


def _writing(profile: Profile) -> str:
    if profile.read_only:
        return "read-only"
    return "PROTECTED" if profile.protected else "write"
