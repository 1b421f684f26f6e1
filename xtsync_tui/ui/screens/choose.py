"""A small dialog that asks for one of a few things."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp


class Choose(ModalScreen[str]):
    """One of several; dismissed with the id, "" when left."""

    BINDINGS: ClassVar[list[BindingType]] = [key("back", show=False), key("help", show=False)]
    HELP = "Choose with the arrows and enter, or press the first letter. esc leaves."

    def __init__(
        self, title: str, options: Sequence[tuple[str, str]], now: str = "", off: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self.off = off
        self.heading = title
        self.options = list(options)
        self.now = now

    def compose(self) -> ComposeResult:
        """Yield the question and the choices."""
        with Vertical(classes="dialog choose"):
            yield Label(Content.styled(self.heading, "bold"))
            yield OptionList(
                *(
                    Option(Content(clean(words)), id=each, disabled=each in self.off)
                    for each, words in self.options
                ),
                compact=True,
            )
            yield Label(Content.styled("enter takes it · esc leaves", "$x-muted"))

    def on_mount(self) -> None:
        """Put the cursor on the present choice."""
        ids = [each for each, _ in self.options]
        self.query_one(OptionList).highlighted = ids.index(self.now) if self.now in ids else 0

    def on_key(self, event: object) -> None:
        """Go to the next choice that starts with the letter pressed; j and k move."""
        letter = (getattr(event, "character", None) or "").casefold()
        menu = self.query_one(OptionList)
        if letter in {"j", "k"}:
            (menu.action_cursor_down if letter == "j" else menu.action_cursor_up)()
            return
        starts = [
            at for at, (_, words) in enumerate(self.options) if letter and words.casefold().startswith(letter)
        ]
        if starts:
            here = menu.highlighted or 0
            menu.highlighted = next((at for at in starts if at > here), starts[0])

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
