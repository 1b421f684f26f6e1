"""Pictures of the set-up: the checklist and each dialog, as the README shows them."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.ui.demo import Demo
from tests.ui.driver import Person, settled
from xtsync_tui.workspace.setup import Outcome

Keys = Callable[[Person], Awaitable[None]]


async def ready(person: Person) -> None:
    """Wait until the checklist is there."""
    await person.sees("next: step")


async def do_until(person: Person, number: int) -> None:
    """Do the steps before ``number`` and put the cursor on it."""
    setup = person.app.pair.setup
    async for outcome in setup.do_rest():
        assert isinstance(outcome, Outcome)
        if outcome.number >= number - 1:
            break
    await person.press("reload")
    table = person.app.screen.query_one("#steps")
    await settled(person.pilot, lambda: setup.reading is not None and person.app.screen.data is setup.reading)
    table.select(number)
    await person.pilot.pause()


def opened(number: int, *seen: str, done: int | None = None) -> Keys:
    """Return the keys that open the dialog of a step."""

    async def keys(person: Person) -> None:
        await ready(person)
        await do_until(person, number if done is None else done + 1)
        person.app.screen.query_one("#steps").select(number)
        await person.press("open")
        await person.sees(*seen)

    return keys


async def middle(person: Person) -> None:
    await ready(person)
    await do_until(person, 7)
    person.app.screen.query_one("#steps").select(7)
    await person.sees("7  Scope and assignments" if person.app.size.width >= 100 else "7 in SOURCE")


async def failed(person: Person) -> None:
    await ready(person)
    setup = person.app.pair.setup
    for number in (1, 2, 5):
        await setup.do(number, await setup.suggest(number))
    await setup.do(6, await setup.suggest(6))
    await person.press("reload")
    await person.sees("✗ failed: step")
    person.app.screen.query_one("#steps").select(6)
    await person.sees("does not redeem invitations")


async def chosen(person: Person) -> None:
    await opened(7, "Chosen (0)")(person)
    await person.types("sales")
    await person.press("enter")
    await person.sees("Chosen (1)", "Nested groups are not followed")


async def provisioned(person: Person) -> None:
    await opened(11, "POST")(person)
    await person.press("send")
    await person.sees("On demand ›", "✓ created")


async def rest(person: Person) -> None:
    await ready(person)
    await person.press("rest")
    await person.sees("f2 Do the rest")


PICTURES: dict[str, tuple[tuple[int, int], Keys]] = {
    "setup": ((120, 36), middle),
    "setup-80": ((80, 24), middle),
    "setup-160": ((160, 50), middle),
    "setup-failed": ((120, 36), failed),
    "setup-plan": ((120, 36), opened(1, "Hub and spoke")),
    "setup-partner": ((120, 36), opened(2, "✓ Contoso · contoso.com")),
    "setup-redemption": ((120, 36), opened(3, "inboundAllowed")),
    "setup-name": ((120, 36), opened(5, "Contoso to Fabrikam")),
    "setup-connection": ((120, 36), opened(6, "validateCredentials")),
    "setup-scope": ((120, 36), chosen),
    "setup-scope-80": ((80, 24), chosen),
    "setup-mappings": ((120, 36), opened(9, "AltSecIdFromNetId")),
    "setup-settings": ((120, 36), opened(10, "Threshold")),
    "setup-on-demand": ((120, 36), provisioned),
    "setup-start": ((120, 36), opened(12, "Start provisioning in", "/start")),
    "setup-leave": ((120, 36), opened(14, "May leave", done=1)),
    "setup-rest": ((120, 36), rest),
}


@pytest.mark.parametrize("name", PICTURES)
def test_setup_looks_as_it_did(snap_compare: Any, name: str) -> None:
    size, keys = PICTURES[name]

    async def before(pilot: Any) -> None:
        await keys(Person(pilot))
        await pilot.pause()

    assert snap_compare(Demo().app(), terminal_size=size, run_before=before)
