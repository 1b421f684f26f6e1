"""Start-up: the command line against ``import click``, the first frame against an empty Textual application.

Run with ``python -m tests.benchmarks.start_up``. Prints ratios of wall-clock time, the best of several runs
taken in turns; asserts nothing.
"""

import subprocess
import sys
import time

RUNS = 12

EMPTY = """
from textual.app import App
from textual.widgets import Footer, Header

class Empty(App):
    def compose(self):
        yield Header()
        yield Footer()

    def on_mount(self):
        self.call_after_refresh(self.exit)

Empty().run(headless=True)
"""

OURS = """
import xtsync_tui.cli.demo
from xtsync_tui.ui.app import XtSyncApp

def connect():
    raise AssertionError("nothing is opened before the first frame")

class First(XtSyncApp):
    async def on_mount(self):
        self.call_after_refresh(self.exit)

First(connect).run(headless=True)
"""


def seconds(*command: str) -> float:
    """Return how long a fresh interpreter takes for ``command``."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True)  # noqa: S603 - our own text
    return time.perf_counter() - began


def best(*commands: tuple[str, ...]) -> list[float]:
    """Return the best time of each command; they take turns, so that all meet the same machine."""
    runs = [[seconds(*command) for command in commands] for _ in range(RUNS)]
    return [min(run[place] for run in runs) for place in range(len(commands))]


def main() -> None:
    """Measure and print."""
    click, version, help_page = best(
        ("-c", "import click"), ("-m", "xtsync_tui", "--version"), ("-m", "xtsync_tui", "--help")
    )
    print(f"--version / import click: {version / click:.2f} (wanted: 2 or less)")  # noqa: T201
    print(f"--help / import click: {help_page / click:.2f} (wanted: 2 or less)")  # noqa: T201
    empty, ours = best(("-c", EMPTY), ("-c", OURS))
    print(f"first frame / an empty Textual application: {ours / empty:.2f} (wanted: 1.6 or less)")  # noqa: T201


if __name__ == "__main__":
    main()
