"""The parts of a form: a labelled text field, and a choice that shows all its options in one row."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Button, Input, Label

from xtsync_tui.text import clean

LABEL = 18


class Entry(Input):
    """A text field that shows control and format characters by symbols, and keeps them."""

    @property
    def _value(self) -> Text:
        return Text(self._shown, no_wrap=True, overflow="ignore", end="")

    def _position_to_cell(self, position: int) -> int:
        return cell_len(self._shown[:position])

    @property
    def _shown(self) -> str:
        return clean(self.value, len(self.value))


class SearchInput(Entry):
    """A text field that leaves digits to the modes while it is empty: nobody's name begins with one."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return whether the field types this key instead of leaving it to what is bound to it."""
        return not self._leaves(key) and super().check_consume_key(key, character)

    def _on_key(self, event: events.Key) -> None:  # type: ignore[override]
        if self._leaves(event.key):
            event.prevent_default()

    def _leaves(self, key: str) -> bool:
        return not self.value and key.isdigit() and not self.screen.is_modal


class Suggesting(Entry):
    """A text field that shows in grey how a known name goes on; tab and enter take it, as right does."""

    names: Sequence[str] = ()

    def offer(self, names: Sequence[str]) -> None:
        """Suggest these names from now on."""
        self.names = names
        self.suggester = SuggestFromList(names, case_sensitive=False)

    @property
    def suggested(self) -> str:
        """The name that is shown in grey, "" for none; a name that is complete needs no other."""
        typed = self.value.casefold()
        fitting = [name for name in self.names if typed and name.casefold().startswith(typed)]
        return "" if any(name.casefold() == typed for name in fitting) else next(iter(fitting), "")

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "tab" and self.suggested:
            self.value = self.suggested
        await super()._on_key(event)

    async def action_submit(self) -> None:
        """Take the suggestion, then go on as enter does."""
        self.value = self.suggested or self.value
        await super().action_submit()


class Field(Horizontal):
    """A label and a text field in one row; the input's id is the field's name.

    ``kind`` is what the text field is: SearchInput on a screen that one passes through on the way to others.
    """

    def __init__(
        self, label: str, name: str, value: str = "", *, hint: str = "", kind: type[Input] = Entry
    ) -> None:
        super().__init__(classes="field")
        self.label = label
        self.input = kind(value, placeholder=hint, id=name, compact=True)

    def compose(self) -> ComposeResult:
        """Yield label and input."""
        yield Label(Content(self.label.ljust(LABEL)))
        yield self.input


class Press(Button):
    """A button of one row: ``[ Cancel ]``."""

    def __init__(self, words: str, name: str) -> None:
        super().__init__(id=name, compact=True)
        self.say(words)
        self.styles.line_pad = 0  # The style sheet cannot say 0.

    def say(self, words: str) -> None:
        """Give it these words."""
        self.label = Content(f"[ {clean(words)} ]")


class Choice(Widget, can_focus=True):
    """One of a few options, all in view: ``Type   Direct  [Expression] None``; left and right change it."""

    BINDINGS = [  # noqa: RUF012 - Textual's form
        Binding(
            "left",
            "step(-1)",
            "Previous choice",
            show=False,
            tooltip="Choose the option before",
            id="choice.back",
        ),
        Binding(
            "right", "step(1)", "Next choice", show=False, tooltip="Choose the option after", id="choice.on"
        ),
    ]

    value: reactive[str] = reactive("", init=False)

    @dataclass
    class Changed(Message):
        """Another option was chosen."""

        choice: "Choice"
        value: str

        @property
        def control(self) -> "Choice":
            """The choice, for ``@on(Choice.Changed, "#id")``."""
            return self.choice

    def __init__(self, label: str, name: str, options: Sequence[tuple[str, str]], value: str = "") -> None:
        """Make a choice of ``options`` (value and words); the first is chosen unless ``value`` is one."""
        super().__init__(id=name)
        self.label = label
        self.options = list(options)
        values = [option for option, _ in options]
        self.set_reactive(Choice.value, value if value in values else values[0])

    def watch_value(self, value: str) -> None:
        """Tell that another option was chosen."""
        self.post_message(self.Changed(self, value))

    def action_step(self, by: int) -> None:
        """Choose the next option, round the end."""
        values = [value for value, _ in self.options]
        self.value = values[(values.index(self.value) + by) % len(values)]

    def render(self) -> Content:
        """Show the options, the chosen one in brackets that take the spaces beside it."""
        line = Content(self.label.ljust(LABEL - 1))
        for value, words in self.options:
            chosen = value == self.value
            text = f"[{clean(words)}]" if chosen else f" {clean(words)} "
            line += Content.styled(
                text, "bold reverse" if chosen and self.has_focus else "bold" if chosen else ""
            )
        return line

    def on_click(self, event: events.Click) -> None:
        """Choose the option that was clicked."""
        at = LABEL - 1
        for value, words in self.options:
            at += cell_len(words) + 2
            if event.x < at:
                self.value = value
                return
