"""A small dialog that asks for one of several things; a long list is searched by typing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted
from xtsync_tui.ui.screens.modal import Modal
from xtsync_tui.ui.widgets.menu import Menu

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp

FEW = 12
"""Options up to which a letter goes to the next one that begins so; more are searched."""


class Choose(Modal[str]):
    """One of several; dismissed with the id, "" when left."""

    HELP = """
The arrows choose, **enter** takes it, **esc** leaves. In a short list a letter goes to the next choice that
begins with it; in a long one what is typed is looked for.
"""

    def __init__(
        self, title: str, options: Sequence[tuple[str, str]], now: str = "", off: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self.off = off
        self.heading = title
        self.options = list(options)
        self.now = now

    @property
    def _is_long(self) -> bool:
        return len(self.options) > FEW

    @property
    def _menu(self) -> Menu:
        return self.query_one(Menu)

    def compose(self) -> ComposeResult:
        """Yield the question, the search of a long list, and the choices."""
        with Vertical(classes="dialog choose"):
            yield Label(Content.styled(self.heading, "bold"))
            if self._is_long:
                yield Input(placeholder="a part of the name", compact=True, id="part")
            yield Menu()
            yield Label("", id="how-many", markup=False)

    def on_mount(self) -> None:
        """Put the cursor on the present choice, and begin with typing in a long list."""
        self._fill(self.options)
        ids = [each for each, _ in self.options]
        self._menu.highlighted = ids.index(self.now) if self.now in ids else 0
        self.set_focus(self.query_one("#part") if self._is_long else self._menu)

    def _fill(self, options: Sequence[tuple[str, str]]) -> None:
        self._menu.clear_options()
        self._menu.add_options(
            Option(Content(clean(words)), id=each, disabled=each in self.off) for each, words in options
        )
        self._menu.highlighted = 0 if options else None
        count = f"{len(options):,} of {len(self.options):,} · " if self._is_long else ""
        words = f"{count}enter takes it · esc leaves" if options else "Nothing has that in its name."
        self.query_one("#how-many", Label).update(muted(words))

    @on(Input.Changed, "#part")
    def _typed(self, event: Input.Changed) -> None:
        part = event.value.strip().casefold()
        fitting = [pair for pair in self.options if part in pair[1].casefold()]
        self._fill(sorted(fitting, key=lambda pair: not pair[1].casefold().startswith(part)))

    def on_key(self, event: events.Key) -> None:
        """Move in the list from the search; in a short list j, k and the first letters move, too."""
        if self._is_long:
            if event.key in {"up", "down"} and not self._menu.has_focus:
                event.stop()
                self._move(event.key == "down")
            return
        letter = (event.character or "").casefold()
        if letter in {"j", "k"}:
            self._move(letter == "j")
        elif letter:
            self._go_to(letter)

    def _move(self, down: bool) -> None:
        (self._menu.action_cursor_down if down else self._menu.action_cursor_up)()

    def _go_to(self, letter: str) -> None:
        starts = [at for at, (_, words) in enumerate(self.options) if words.casefold().startswith(letter)]
        if starts:
            here = self._menu.highlighted or 0
            self._menu.highlighted = next((at for at in starts if at > here), starts[0])

    @on(Input.Submitted, "#part")
    def _submitted(self) -> None:
        self._menu.action_select()

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id or "")

    def action_back(self) -> None:
        """Leave without a choice."""
        self.dismiss("")


async def choose(
    app: "XtSyncApp",
    title: str,
    options: Sequence[tuple[str, str]],
    now: str = "",
    off: Sequence[str] = (),
) -> str:
    """Ask for one of ``options`` (id and words); return its id, "" when left. Only inside a worker.

    Those in ``off`` are dimmed and cannot be taken; their words say why.
    """
    return await app.push_screen_wait(Choose(title, options, now, off)) or ""
