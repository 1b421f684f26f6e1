"""Choosing the person of a preview by typing the beginning of a name."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from xtsync_tui.text import clean
from xtsync_tui.ui.render import cut_start, muted
from xtsync_tui.ui.screens.modal import Modal
from xtsync_tui.workspace.mappings.crowd import Person

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp

MOST = 12
NAME, ACCOUNT = 22, 25
"""Columns of a name, and of the account beside it."""


class ChoosePerson(Modal[Person | None]):
    """One of the people who were read; dismissed with None when left."""

    HELP = "Type a part of a name or an account. The arrows and enter choose, esc leaves."

    def __init__(self, people: Sequence[Person], now: Person | None) -> None:
        super().__init__()
        self.people = people
        self.now = now

    def compose(self) -> ComposeResult:
        """Yield the field and the names that fit."""
        with Vertical(classes="dialog choose"):
            yield Label(Content.styled("Preview on", "bold"))
            yield Input(placeholder="a part of name or account", compact=True, id="part")
            yield OptionList(id="names", compact=True)
            yield Label("", id="how-many", markup=False)

    def on_mount(self) -> None:
        """Show everybody, and begin with typing."""
        self._fill("")
        self.screen.set_focus(self.query_one("#part", Input))

    @on(Input.Changed, "#part")
    def _typed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def _fill(self, part: str) -> None:
        wanted = part.casefold()
        self.fitting = [one for one in self.people if wanted in f"{one.name} {one.account}".casefold()]
        names = self.query_one("#names", OptionList)
        names.clear_options()
        names.add_options(Option(_told(one), id=str(at)) for at, one in enumerate(self.fitting[:MOST]))
        names.highlighted = 0 if self.fitting else None
        more = (
            f"{len(self.fitting):,} of {len(self.people):,}" if self.fitting else "Nobody here has that name."
        )
        self.query_one("#how-many", Label).update(muted(f"{more} · enter takes it · esc leaves"))

    def on_key(self, event: events.Key) -> None:
        """Move in the list from the field."""
        names = self.query_one("#names", OptionList)
        if event.key in {"up", "down"} and self.focused is not names:
            event.stop()
            (names.action_cursor_down if event.key == "down" else names.action_cursor_up)()

    @on(Input.Submitted, "#part")
    def _take(self) -> None:
        at = self.query_one("#names", OptionList).highlighted
        if at is not None and self.fitting:
            self.dismiss(self.fitting[at])

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.fitting[int(event.option.id or 0)])

    def action_back(self) -> None:
        """Leave as it was."""
        self.dismiss(None)


def _told(person: Person) -> Content:
    """Return the name with the account: names need not tell people apart, nor be there at all."""
    name = Content(clean(person.name, NAME))
    return name.pad_right(max(NAME - name.cell_length, 0) + 1) + muted(
        cut_start(clean(person.account), ACCOUNT)
    )


async def choose_person(app: "XtSyncApp", people: Sequence[Person], now: Person | None) -> Person | None:
    """Ask for one of ``people``; None when left. Only inside a worker."""
    ordered = sorted(people, key=lambda one: one.name.casefold())
    return await app.push_screen_wait(ChoosePerson(ordered, now))
