"""Pictures of the access settings: the pair, partners, external collaboration, and their dialogs."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person

Keys = Callable[[Person], Awaitable[None]]


async def pair(person: Person) -> None:
    await person.press("3")
    await person.sees("Also here", "Redeem invitations")


def then(*keys: str, sees: str, types: str = "") -> Keys:
    async def pressed(person: Person) -> None:
        await pair(person)
        await person.press(*keys)
        if types:
            await person.types(types)
        await person.sees(sees)

    return pressed


PICTURES: dict[str, tuple[str, tuple[int, int], Keys]] = {
    "access": ("troubled", (120, 36), pair),
    "access-80": ("troubled", (80, 24), pair),
    "access-partners": ("configured", (120, 36), then("tab_on", sees="partner of SOURCE")),
    "access-external": ("troubled", (120, 36), then("tab_on", "tab_on", sees="nobody (none)")),
    "access-edit": ("troubled", (120, 36), then("fix", sees="[ Save ]")),
    "access-remove": ("configured", (120, 36), then("delete", sees="Type the name")),
    "access-add": (
        "fresh",
        (120, 36),
        then("new", types="contoso.com", sees="✓ Contoso · contoso.com"),
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_access_settings_look_as_they_did(snap_compare: Any, name: str) -> None:
    scenario, size, keys = PICTURES[name]

    async def before(pilot: Any) -> None:
        await keys(Person(pilot))
        await pilot.pause()

    assert snap_compare(Demo(scenario).app(), terminal_size=size, run_before=before)
