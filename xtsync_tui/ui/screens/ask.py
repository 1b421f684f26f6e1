"""A small dialog that asks for one line of text."""

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Label, Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.ui.screens.modal import Modal
from xtsync_tui.ui.widgets.form import Field
from xtsync_tui.ui.widgets.trouble import sentences

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp


class Ask(Modal[str]):
    """One line of text; dismissed with it, "" when left."""

    HELP = "Type, then enter. esc leaves."

    def __init__(
        self, title: str, label: str, value: str = "", hint: str = "", fault: XtSyncError | None = None
    ) -> None:
        super().__init__()
        self.heading = title
        self.fault = fault
        self.field = Field(label, "answer", value, hint=hint)

    def compose(self) -> ComposeResult:
        """Yield the question and the field."""
        with Vertical(classes="dialog ask"):
            yield Label(Content.styled(self.heading, "bold"))
            yield self.field
            if self.fault is not None:
                yield Static(Content("\n").join(sentences(self.fault)), markup=False)
            yield Label(Content.styled("enter goes on · esc leaves", "$x-muted"))

    def on_mount(self) -> None:
        """Go to the field."""
        self.screen.set_focus(self.field.input)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.dismiss(event.value.strip())

    def action_back(self) -> None:
        """Leave without an answer."""
        self.dismiss("")


async def ask(
    app: "XtSyncApp",
    title: str,
    label: str,
    value: str = "",
    hint: str = "",
    fault: XtSyncError | None = None,
) -> str:
    """Ask for one line of text; return it, "" when left. Only inside a worker.

    ``fault`` is what was wrong with ``value``, when it is asked for again.
    """
    return await app.push_screen_wait(Ask(title, label, value, hint, fault)) or ""
