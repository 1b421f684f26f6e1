"""A bug ends the application with a traceback, and shows nothing that was in memory."""

import pytest
from rich.console import Console

from tests.ui.sample import SampleApp

pytestmark = pytest.mark.anyio

SECRET = "secret"


def stumble(token: str) -> int:
    return 1 // (len(token) - len(token))


async def test_the_traceback_of_a_bug_names_the_place_and_no_value() -> None:
    app = SampleApp()
    console = Console(width=200)
    async with app.run_test():
        try:
            stumble(f"eyJ0{SECRET}")
        except ZeroDivisionError:
            app._fatal_error()
        with console.capture() as capture:
            for renderable in app._exit_renderables:
                console.print(renderable)
        app._exit_renderables.clear()
    assert "in stumble" in capture.get()
    assert SECRET not in capture.get()
