"""When a screen that reads looks again: at its pace, more rarely after errors, at once after an own write."""

from collections.abc import Sequence
from typing import Any

import pytest
from textual.events import AppBlur, AppFocus

from tests.ui.driver import Person, at_keyboard, settled
from tests.ui.pair import FAULTS
from tests.ui.sample import Member, OtherScreen, SampleApp, SampleScreen

pytestmark = pytest.mark.anyio


class Counted(SampleApp):
    """Counts the readings; while ``down`` each of them fails."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.readings = 0
        self.down = False
        super().__init__(monotonic=lambda: self.seconds)

    async def answer(self) -> Sequence[Member]:
        self.readings += 1
        if self.down:
            raise FAULTS[0]
        return self.rows


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """One screen looks every 30 seconds, the other only when it is told to."""
    monkeypatch.setattr(SampleScreen, "POLL", 30)
    monkeypatch.setattr(OtherScreen, "POLL", 0)


async def opened(person: Person) -> tuple["Counted", Any]:
    await person.sees("Ana Lopes")
    screen: Any = person.app.screen
    await settled(person.pilot, lambda: not screen.reading)
    app: Any = person.app
    return app, screen


async def looked(person: Person, count: int) -> None:
    """Wait until there were ``count`` readings, and no other one is under way."""
    screen: Any = person.app.screen
    screen.look_if_due()
    await person.pilot.pause()
    app: Any = person.app
    await settled(person.pilot, lambda: not screen.reading and app.readings == count, f"{count} readings")


async def test_it_looks_again_when_it_is_time_and_each_error_doubles_that_up_to_five_minutes() -> None:
    async with at_keyboard(Counted()) as person:
        app, screen = await opened(person)
        app.seconds += 29
        await looked(person, 1)
        app.seconds += 1
        await looked(person, 2)
        app.down = True
        waits = []
        for count in range(3, 9):
            app.seconds += screen.seconds_left
            await looked(person, count)
            waits.append(screen.seconds_left)
        assert waits == [60, 120, 240, 300, 300, 300]
        app.down = False
        app.seconds += 300
        await looked(person, 9)
        assert screen.seconds_left == 30


async def test_a_terminal_without_the_focus_is_looked_at_once_a_minute() -> None:
    async with at_keyboard(Counted()) as person:
        app, screen = await opened(person)
        app.post_message(AppBlur())
        await settled(person.pilot, lambda: not app.app_focus)
        assert screen.seconds_left == 60
        app.post_message(AppFocus())
        await settled(person.pilot, lambda: screen.seconds_left == 30)


async def test_after_an_own_write_the_screen_reads_at_once_and_the_others_when_they_are_come_back_to() -> (
    None
):
    async with at_keyboard(Counted()) as person:
        app, _ = await opened(person)
        await person.press("1")
        await person.sees("[1 Setup]", "Ana Lopes")
        await looked(person, 2)
        app.pair.writer.changes += 1
        await looked(person, 3)
        await looked(person, 3)
        await person.press("9")
        await person.sees("[9 People]")
        await looked(person, 4)
        await looked(person, 4)


async def test_while_several_writes_are_sent_nobody_reads_before_the_last() -> None:
    async with at_keyboard(Counted()) as person:
        app, _ = await opened(person)
        app.writes.words = "provisioning on demand"
        app.pair.writer.changes += 1
        await looked(person, 1)
        app.writes.words = ""
        await looked(person, 2)


async def test_a_write_during_a_reading_has_it_read_once_more() -> None:
    class Writing(Counted):
        async def answer(self) -> Sequence[Member]:
            self.pair.writer.changes += not self.readings
            return await super().answer()

    async with at_keyboard(Writing()) as person:
        await opened(person)
        await looked(person, 2)


async def test_a_reading_that_fails_after_an_own_write_is_not_tried_every_second() -> None:
    async with at_keyboard(Counted()) as person:
        app, _ = await opened(person)
        app.down = True
        app.pair.writer.changes += 1
        await looked(person, 2)
        await looked(person, 2)


async def test_while_an_error_stands_in_place_of_the_rows_their_keys_say_so_and_reload_mends_it() -> None:
    app = Counted()
    app.down = True
    async with at_keyboard(app) as person:
        await person.sees(FAULTS[0].title)
        screen: Any = app.screen
        assert not screen.refusal("request")
        await person.press("open")
        await person.sees("Nothing was read: r tries again.")
        app.down = False
        await person.press("reload")
        await person.sees("Ana Lopes")
        assert not screen.refusal("open")
