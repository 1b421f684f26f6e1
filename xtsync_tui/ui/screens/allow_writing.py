"""The question before a read-only profile may write for the rest of this run."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Label

from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted
from xtsync_tui.ui.screens.modal import Modal


class AllowWriting(Modal[bool]):
    """Dismissed with whether the name of the profile was typed."""

    BINDINGS: ClassVar[list[BindingType]] = [key("send", show=False)]
    HELP = """
The profile is read-only: it shows each request and sends none. Type its name to let this run of the program
write. The profile itself stays read-only, and `:` then *Read-only* takes it back at once.
"""

    @property
    def name_of_profile(self) -> str:
        """What has to be typed."""
        return self.xtsync.profile_name

    def compose(self) -> ComposeResult:
        """Yield the question and the field."""
        with Vertical(classes="dialog choose"):
            yield Label(Content.styled("Allow writing, for this run only", "bold"))
            yield Label(Content(f"Type the name to go on:  {clean(self.name_of_profile)}"), id="ask-word")
            yield Input(id="word", compact=True)
            yield Label(muted("f2 allows it · esc leaves"), id="send-words")

    @on(Input.Submitted)
    def action_send(self) -> None:
        """Allow it, once the name is right."""
        if self.query_one("#word", Input).value.strip() == self.name_of_profile:
            self.dismiss(True)
        else:
            self.query_one("#send-words", Label).update("f2: off until the name is right · esc leaves")

    def action_back(self) -> None:
        """Leave it as it is."""
        self.dismiss(False)
