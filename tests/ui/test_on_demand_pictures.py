"""Pictures of provisioning on demand, as the README shows them."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person
from tests.ui.queueing import POST, put
from tests.ui.test_on_demand import at_queue, over
from xtsync_tui.emulator.seed import person as seeded
from xtsync_tui.emulator.state import Document

Keys = Callable[[Person, Demo], Awaitable[None]]


def changed(demo: Demo, name: str, **values: str) -> Document:
    """Change somebody at home, so that there is something to update."""
    source = demo.emulator.world.tenants[demo.profile.source.tenant]
    user = seeded(source, name)
    user.update(values)
    source.touch(user["id"])
    return user


async def mixed(person: Person, demo: Demo) -> None:
    """Somebody updated, somebody unchanged, somebody skipped, the next one under way."""
    changed(demo, "lena.fischer", displayName="Fischer, Lena", jobTitle="Director")
    screen = await at_queue(person)
    ids = put(demo, "lena.fischer", "tom.baker", "kim.lee", "aiko.tanaka", "emil.novak")
    screen.query_one("#queue").focus()
    demo.workspace.on_demand.release(set(ids[:3]))
    screen._start()
    await person.sees("3 of 5 done")
    await over(person)
    demo.hold("POST", POST)
    demo.workspace.on_demand.release(set(ids[3:]))
    screen._start()
    await person.sees("▶ 1 running")


async def updated(person: Person, demo: Demo) -> None:
    await mixed(person, demo)
    await person.press("home")
    await person.sees("Modified attributes (2)" if person.app.size.width >= 100 else "✓ updated, 2")


async def skipped(person: Person, demo: Demo) -> None:
    await mixed(person, demo)
    person.app.screen.query_one("#queue").select(demo.workspace.on_demand.queue[1].user_id)
    await person.sees("Skipped: SMS sign-in is on")


async def adding(person: Person, demo: Demo) -> None:
    put(demo, "lena.fischer")
    await at_queue(person)
    await person.press("new")
    await person.sees("Add people")
    person.app.screen.query_one("#way").value = "assigned"
    await person.sees("Chosen (30)")


PICTURES: dict[str, tuple[tuple[int, int], Keys]] = {
    "on-demand": ((120, 36), updated),
    "on-demand-80": ((80, 24), skipped),
    "on-demand-160": ((160, 50), updated),
    "on-demand-add": ((120, 36), adding),
}


@pytest.mark.parametrize("name", PICTURES)
def test_on_demand_looks_as_it_did(snap_compare: Any, name: str) -> None:
    size, keys = PICTURES[name]
    demo = Demo("configured", timed=True)

    async def before(pilot: Any) -> None:
        await keys(Person(pilot), demo)
        await pilot.pause()

    assert snap_compare(demo.app(), terminal_size=size, run_before=before)
