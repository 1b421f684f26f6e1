"""Choosing a file with a schema as JSON, as the export or the portal wrote it."""

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Label, Static

from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Json
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.modal import Modal
from xtsync_tui.workspace.mappings.document_file import read_document


class ImportDialog(Modal[Json]):
    """Asks for a path; dismissed with the document, None when left. It only fills the draft."""

    HELP = (
        "Type the path of a JSON file. It becomes the draft; nothing is sent before f2 showed what it does."
    )

    def __init__(self, replaces: str) -> None:
        """Make the dialog; ``replaces`` says what draft there is, "" for none."""
        super().__init__()
        self.replaces = replaces

    def compose(self) -> ComposeResult:
        """Yield the field and what is wrong with it."""
        with Vertical(classes="dialog choose"):
            yield Label(Content.styled("Import a schema (JSON) into the draft", "bold"))
            yield Input(placeholder="path of the file", compact=True, id="path")
            if self.replaces:
                yield Label(state(f"! It takes the place of this {self.replaces}"))
            yield Static(id="wrong", markup=False)
            yield Label(muted("enter imports · esc leaves · nothing is sent"))

    def on_mount(self) -> None:
        """Begin with the path."""
        self.screen.set_focus(self.query_one(Input))

    @on(Input.Changed)
    def _typed(self) -> None:
        self.query_one("#wrong", Static).update("")

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        try:
            self.dismiss(read_document(Path(event.value.strip())))
        except InvalidInput as error:
            self.query_one("#wrong", Static).update(state(f"✗ {clean(error, 600)}"))

    def action_back(self) -> None:
        """Leave the draft as it is."""
        self.dismiss(None)
