"""The command line: the only place that composes the parts.

Each command lives in a module of its own that is imported when it runs, so that ``--version`` and ``--help``
load nothing but click.
"""

import importlib
from typing import cast

import click

from xtsync_tui import __version__

COMMANDS = {
    "auth": "Sign in and out, and see where the tokens are kept.",
    "demo": "Open the application on two made-up tenants. No sign-in, no network.",
    "emulate": "Serve the emulated Graph on a loopback port, for any Graph client.",
    "expression": "Evaluate and test mapping expressions, without a tenant.",
    "profile": "List, add, show and remove pairs of tenants.",
    "scope": "Test scoping filters, without a tenant.",
    "setup": "The set-up checklist without a screen.",
}


class Commands(click.Group):
    """A group whose commands are modules of this package, imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the command names in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return the command ``cmd_name``, None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", importlib.import_module(f"xtsync_tui.cli.{cmd_name}").command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the command list from COMMANDS, so that help imports no command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="xtsync")
@click.option("--profile", default="", help="The profile to open; the one used last if not given.")
@click.option(
    "--ca",
    "authority",
    type=click.Path(exists=True, dir_okay=False),
    help="PEM file of the certificate authority of xtsync emulate --tls.",
)
@click.pass_context
def cli(ctx: click.Context, profile: str, authority: str | None) -> None:
    """Set up, watch and repair Microsoft Entra cross-tenant synchronization.

    Without a command the application opens: the last profile, or the first-run page.
    """
    if ctx.invoked_subcommand is None:
        from xtsync_tui.cli.failures import reported
        from xtsync_tui.cli.start import start

        with reported():
            start(profile, authority or "")
