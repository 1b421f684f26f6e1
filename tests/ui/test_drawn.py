"""Text that is laid out when it is drawn."""

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

from tests.ui.driver import lines_of, rest
from xtsync_tui.ui.widgets.drawn import Drawn

pytestmark = pytest.mark.anyio


class Page(App[None]):
    """Shows lines that a test changes."""

    CSS = "Drawn { padding: 1 2; color: $warning; }"

    def __init__(self) -> None:
        super().__init__()
        self.lines = ["one", "two", "three"]
        self.drawn = 0

    def compose(self) -> ComposeResult:
        """Yield the lines."""
        yield Drawn(self._text, "drawn")

    def _text(self, width: int, _height: int) -> Content:
        self.drawn += 1
        return Content("\n").join([Content(line[:width]) for line in self.lines])

    @property
    def shown(self) -> list[str]:
        """What stands on the screen, without empty lines."""
        return [line.strip() for line in lines_of(self) if line.strip()]


@pytest.mark.parametrize(
    ("lines", "painted"),
    [
        (["one", "TWO", "three"], {2}),
        (["one", "two", "three", "four"], {4}),
        (["one"], {2, 3}),
        (["one", "two", "three"], set()),
    ],
)
async def test_only_the_lines_that_are_others_now_are_painted_anew(
    lines: list[str], painted: set[int]
) -> None:
    app = Page()
    async with app.run_test(size=(40, 12)) as pilot:
        await rest(pilot)
        drawn, before = app.query_one(Drawn), app.drawn
        app.lines = lines
        drawn.redraw()
        assert {region.y for region in drawn._repaint_regions} == painted
        await rest(pilot)
        assert app.shown == lines
        assert app.drawn == before + 1


async def test_what_has_no_lines_yet_is_drawn_as_a_whole() -> None:
    app = Page()
    async with app.run_test(size=(40, 12)) as pilot:
        await rest(pilot)
        drawn = app.query_one(Drawn)
        drawn.display = False
        await rest(pilot)
        app.lines = ["four"]
        drawn.redraw()
        drawn.display = True
        await rest(pilot)
        assert app.shown == ["four"]


async def test_another_size_or_theme_draws_it_as_a_whole() -> None:
    app = Page()
    async with app.run_test(size=(40, 12)) as pilot:
        await rest(pilot)
        drawn = app.query_one(Drawn)
        app.lines = ["a line that is too long for it"]
        await pilot.resize_terminal(12, 12)
        drawn.redraw()
        await rest(pilot)
        assert app.shown == ["a line t"]
        colour = drawn.render_line(0)._segments[0].style
        app.theme = "textual-light"
        await rest(pilot)
        assert drawn.render_line(0)._segments[0].style != colour
        app.lines = ["other"]
        drawn.redraw()
        await rest(pilot)
        assert app.shown == ["other"]
