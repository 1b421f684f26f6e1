"""Pictures of the requests: screenshots/NAME.svg, looked at before they are accepted."""

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, rest, settled
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.ui.app import XtSyncApp
from xtsync_tui.ui.themes import DARK, LIGHT

SIZES = {"requests": (120, 36), "requests-80": (80, 24), "requests-light": (120, 36)}


async def answer_lost(person: Person, demo: Demo) -> None:
    """Let the answer of step 4 get lost, open the requests, and go to the one that was not answered."""
    await person.sees("next: step")
    setup = demo.workspace.setup
    for number in (1, 2, 3):
        await setup.do(number, await setup.suggest(number))
        await demo.pause(20)
    await person.press("reload")
    await settled(person.pilot, lambda: person.app.screen.data is setup.reading)
    person.app.screen.query_one("#steps").select(4)
    await person.press("open")
    await person.sees("/partners", "f2 Send")
    demo.emulator.world.faults.add(Fault("dropped after", "PATCH"))
    await person.press("send")
    await person.sees("✓ step 4 done")
    await person.press("requests")
    table = person.app.screen.query_one("#requests")
    table.select(next(row.id for row in table.rows if row.request.method == "PATCH" and not row.status))
    await person.sees("none came back" if person.app.size.width >= 100 else "── PATCH in SOURCE")


@pytest.mark.parametrize("name", SIZES)
def test_requests(snap_compare: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    demo = Demo(timed=True)
    dice = random.Random(3)  # noqa: S311 - how long requests take

    async def takes_time() -> None:
        demo.clock.advance(timedelta(milliseconds=dice.randint(40, 160)))

    demo.emulator.world.background.append(takes_time)
    # The title has the number of requests: here the status line says the same one.
    monkeypatch.setattr(XtSyncApp, "request_count", property(lambda _: f"@ {demo.log.count} · 0 waiting"))

    async def before(pilot: Any) -> None:
        await answer_lost(Person(pilot), demo)
        await rest(pilot)

    app = demo.app()
    app.theme = LIGHT if name.endswith("light") else DARK
    assert snap_compare(app, terminal_size=SIZES[name], run_before=before)
