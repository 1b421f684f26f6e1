"""Pictures of configurations and people, as the README shows them."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, rest, settled

Keys = Callable[[Person], Awaitable[None]]


async def configurations(person: Person) -> None:
    await person.press("4")
    await person.sees("Contoso to Fabrikam")
    await settled(person.pilot, lambda: getattr(person.app.screen, "whole", None) is not None)


async def deletion(person: Person) -> None:
    await configurations(person)
    await person.press("delete")
    await person.types("Contoso to Fab")


async def users(person: Person) -> None:
    await configurations(person)
    await person.press("tab_on", "open")
    await person.sees("Users and groups (4)")


async def found(person: Person) -> None:
    await person.press("9")
    await person.types("pri")
    await person.sees("2 matches")


async def priya(person: Person) -> None:
    await found(person)
    await person.press("enter")
    await person.sees("✗ assigned", "✓ job")


async def lena(person: Person) -> None:
    await person.press("9")
    await person.types("marta")
    await person.press("enter")
    await person.sees("✓ job")


PICTURES: dict[str, tuple[tuple[int, int], Keys]] = {
    "configurations": ((120, 36), configurations),
    "configurations-80": ((80, 24), configurations),
    "configurations-delete": ((120, 36), deletion),
    "configurations-users": ((120, 36), users),
    "people": ((120, 36), priya),
    "people-80": ((80, 24), priya),
    "people-search": ((120, 36), found),
    "people-160": ((160, 50), lena),
}


@pytest.mark.parametrize("name", PICTURES)
def test_configurations_and_people_look_as_they_did(snap_compare: Any, name: str) -> None:
    size, keys = PICTURES[name]
    demo = Demo("configured")
    demo.emulator.world.limiter.enabled = False

    async def before(pilot: Any) -> None:
        await keys(Person(pilot))
        await rest(pilot)

    assert snap_compare(demo.app(), terminal_size=size, run_before=before)
