"""Starts the command line."""


def main() -> None:
    """Run ``xtsync``."""
    from xtsync_tui.cli import cli

    cli()


if __name__ == "__main__":
    main()
