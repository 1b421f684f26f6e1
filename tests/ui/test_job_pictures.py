"""Pictures of the job and of the logs, as the README shows them."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, settled
from xtsync_tui.workspace.job.actions import RESTARTS

Keys = Callable[[Person, Demo], Awaitable[None]]


async def _open(person: Person, key: str) -> None:
    await person.sees("Setup")
    await settled(person.pilot, lambda: person.app.has_pair and person.app.pair.setup.reading is not None)
    await person.press(key)


async def running(person: Person, demo: Demo) -> None:
    await _open(person, "7")
    await person.sees("✓ active")
    desk = demo.workspace.job
    await desk.send(desk.actions(person.app.screen.data).restart(RESTARTS[2]))
    await demo.pause(70)
    demo.emulator.service.settle()
    await person.press("reload")
    await person.sees("▶ running", "from the pace so far")
    person.app.screen.query_one("#cycles").select("running")
    await settled(person.pilot, lambda: not person.app.screen.reading)


async def quarantined(person: Person, demo: Demo) -> None:  # noqa: ARG001
    await _open(person, "7")
    await person.sees("Held deletions (14)")


async def restarts(person: Person, demo: Demo) -> None:  # noqa: ARG001
    await _open(person, "7")
    await person.sees("✓ active")
    await person.press("restart")
    await person.sees("which kind?")


async def held(person: Person, demo: Demo) -> None:
    await quarantined(person, demo)
    await person.press("held")
    await person.sees("Type the number")


async def timeline(person: Person, demo: Demo) -> None:  # noqa: ARG001
    await _open(person, "8")
    await person.sees("7 rows")
    await person.press("filter")
    await person.types("since:3d")
    await person.press("enter")
    await person.sees("Emil Novák")
    rows = person.app.screen.query_one("#rows")
    rows.select(next(row.id for row in rows.rows if row.person == "Emil Novák" and row.what == "create"))
    await person.press("tab_back")
    await person.sees("[Timeline: Emil Novák]", "target audit up to")
    rows.select(next(row.id for row in rows.rows if row.what == "other"))
    await person.sees("since then: created 13 May 10:58")


async def provisioning(person: Person, demo: Demo) -> None:  # noqa: ARG001
    await _open(person, "8")
    await person.sees("Tom Baker")
    await person.press("down")


async def modified(person: Person, demo: Demo) -> None:
    await provisioning(person, demo)
    await person.press("filter")
    await person.types("since:2d update")
    await person.press("enter", "end")


PICTURES: dict[str, tuple[str, tuple[int, int], Keys]] = {
    "job": ("configured", (120, 36), running),
    "job-80": ("configured", (80, 24), running),
    "job-quarantine": ("troubled", (120, 36), quarantined),
    "job-quarantine-80": ("troubled", (80, 24), quarantined),
    "job-restart": ("configured", (120, 36), restarts),
    "job-held": ("troubled", (120, 36), held),
    "logs": ("configured", (120, 36), timeline),
    "logs-80": ("configured", (80, 24), provisioning),
    "logs-160": ("configured", (160, 50), modified),
}


@pytest.mark.parametrize("name", PICTURES)
def test_job_and_logs_look_as_they_did(snap_compare: Any, name: str) -> None:
    scenario, size, keys = PICTURES[name]
    demo = Demo(scenario, timed=True)

    async def before(pilot: Any) -> None:
        await keys(Person(pilot), demo)
        await pilot.pause()

    assert snap_compare(demo.app(), terminal_size=size, run_before=before)
