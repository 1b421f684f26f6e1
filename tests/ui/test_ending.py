"""Screens that go while something still works for them."""

import asyncio
from collections.abc import Iterable

import pytest
from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from tests.ui.driver import Person, at_keyboard, settled
from tests.ui.sample import SampleApp
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.screens.modal import Modal

pytestmark = pytest.mark.anyio


class Late(Vertical):
    """Widgets that are changed by a worker which gets to it only when one of them goes."""

    def __init__(self) -> None:
        super().__init__()
        self.gone = asyncio.Event()
        self.changed = False

    def compose(self) -> ComposeResult:
        """Yield what is changed."""
        yield Going(self.gone)

    def on_mount(self) -> None:
        """Begin to work."""
        self._change()

    @work
    async def _change(self) -> None:
        await self.gone.wait()
        self.changed = True
        self.query_one(Going).update("changed")


class Going(Static):
    """Says that it goes."""

    def __init__(self, gone: asyncio.Event) -> None:
        super().__init__("here")
        self._gone = gone

    def on_unmount(self) -> None:
        """Say so."""
        self._gone.set()


class LatePage(FrameScreen):
    """A page with such widgets."""

    TITLE = "Late"

    def body(self) -> Iterable[Widget]:
        """Yield them."""
        yield Late()


class LateQuestion(Modal[None]):
    """A question with such widgets."""

    def compose(self) -> ComposeResult:
        """Yield them."""
        yield Late()


@pytest.mark.parametrize("kind", [LatePage, LateQuestion])
async def test_what_a_screen_still_works_on_is_stopped_before_its_widgets_go(
    kind: type[LatePage | LateQuestion],
) -> None:
    async with at_keyboard(SampleApp()) as person:
        await person.sees("Ana Lopes")
        late = await shown(person, kind())
        person.app.pop_screen()
        await settled(person.pilot, late.gone.is_set, "the widgets go")
        await person.sees("Ana Lopes")
        assert not late.changed


async def shown(person: Person, screen: LatePage | LateQuestion) -> Late:
    """Show a screen and wait until it is there; return its widgets."""
    person.app.push_screen(screen)
    await settled(person.pilot, lambda: bool(screen.query(Late)), "its widgets")
    return screen.query_one(Late)
