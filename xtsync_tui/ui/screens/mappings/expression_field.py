"""The field of an expression: the editor, and below it errors, candidates or the help of a function."""

from collections.abc import Mapping, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from xtsync_tui.engine.expressions import MAX_LENGTH, Candidate, complete, signature_at, signatures
from xtsync_tui.ui.screens.mappings import assist
from xtsync_tui.ui.screens.mappings.editor import ExpressionEditor
from xtsync_tui.ui.widgets.drawn import Drawn
from xtsync_tui.workspace.mappings.judging import Judged

MOST = 8
"""Rows that candidates take."""


class ExpressionField(Vertical):
    """An expression with its help, always in the same place: no pop-up hides the error or the preview.

    ``sources`` are Graph's types of the source attributes by name. The lines below the editor are there for
    the other types of a mapping, too: ``shown`` says whether it is an expression.
    """

    class Changed(Message):
        """The text is another one."""

    def __init__(self, text: str, sources: Mapping[str, str]) -> None:
        super().__init__(id="expression-field")
        self.sources = sources
        self.shown = False
        self.judged: Judged | None = None
        self.quiet = True
        """Whether nothing was typed yet, so that nothing is wrong."""
        self.lacking: Sequence[str] = ()
        """What the people in scope lack that the expression reads, a line each."""
        self._first = text
        self._found: tuple[Candidate, ...] = ()
        self._chosen = 0
        self._shut_at = ("", -1)
        """The text and the caret at which candidates are not wanted."""

    def compose(self) -> ComposeResult:
        """Yield the editor and the lines below it."""
        editor = ExpressionEditor(self._first, "expression")
        editor.border_title = "Expression"
        editor.fitting = self._fitting
        yield editor
        yield Drawn(self._lines, "assist")

    @property
    def editor(self) -> ExpressionEditor:
        """The editor."""
        return self.query_one(ExpressionEditor)

    def show(self, shown: bool) -> None:
        """Show the editor, or only the line of errors."""
        self.shown = self.editor.display = shown
        self.refresh_help()

    def tell(self, judged: Judged | None) -> None:
        """Show what is made of the text, None while that is worked out."""
        self.judged = judged
        problem = judged.problem if judged is not None else None
        if judged is not None:
            self.editor.underline((problem.position, max(problem.length, 1)) if problem else None)
        self.refresh_help()

    def refresh_help(self) -> None:
        """Draw the lines below the editor anew."""
        self.editor.border_subtitle = f"{len(self.editor.text):,} of {MAX_LENGTH:,}"
        self.query_one("#assist", Drawn).redraw()

    # The lines below -----------------------------------------------------------------------------------

    def _lines(self, width: int, height: int) -> Content:
        judged, editor = self.judged, self.editor
        position = judged.problem.position if judged is not None and judged.problem else 0
        lines = [assist.errors(judged, editor.where(position), quiet=self.quiet)]
        if not self.shown:
            return lines[0]
        found = self._fitting()
        if found != self._found:
            self._found, self._chosen = found, 0
        if found:
            kinds = "attributes" if found[0].kind.value == "attribute" else "candidates"
            every = len(self.sources) if kinds == "attributes" else len(found)
            total = f"{len(found)} of {every} {kinds} fit{'s' * (len(found) == 1)}"
            rows = min(height - 1, MOST)
            return Content("\n").join([*lines, assist.candidates(found, self._chosen, rows, width, total)])
        lines += assist.warnings(judged, self.lacking, 1 if height < 6 else 3)
        lines.append(assist.help_of(signature_at(editor.text, editor.caret), width))
        return Content("\n").join(lines)

    def _fitting(self) -> tuple[Candidate, ...]:
        """Return what fits at the caret now; a word that is complete already needs no candidates."""
        editor = self.editor
        shut = self._shut_at == (editor.text, editor.caret)
        if not self.shown or editor.read_only or shut or not editor.has_focus:
            return ()
        if not editor.selection.is_empty:
            return ()
        found = complete(editor.text, editor.caret, self.sources)
        alone = len(found) == 1 and found[0].text == editor.text[found[0].start : found[0].end]
        return () if alone else found

    @on(ExpressionEditor.Changed)
    def _text_changed(self, event: ExpressionEditor.Changed) -> None:
        # What a handler of this widget changes is not told beyond it by Textual.
        event.stop()
        self.post_message(self.Changed())

    @on(ExpressionEditor.SelectionChanged)
    def _caret_moved(self) -> None:
        # A caret that moved because of a key in the text is shown with what is made of the text.
        if self.judged is not None and self.judged.mapping.text == self.editor.text:
            self.refresh_help()

    # Candidates ----------------------------------------------------------------------------------------

    @on(ExpressionEditor.Step)
    def _step(self, event: ExpressionEditor.Step) -> None:
        self._chosen = (self._chosen + event.by) % max(len(self._found), 1)
        self.refresh_help()

    @on(ExpressionEditor.Take)
    def _take(self) -> None:
        # Keys can be ahead of what is shown: the chosen one if it still fits, else the best that fits now.
        found, editor = self._fitting(), self.editor
        chosen = self._found[self._chosen].name if self._found else ""
        if found:
            editor.take(next((each for each in found if each.name == chosen), found[0]))
            self._shut_at = (editor.text, editor.caret)
            self.refresh_help()

    @on(ExpressionEditor.Close)
    def _close(self) -> None:
        self._shut_at = (self.editor.text, self.editor.caret)
        self.refresh_help()

    def everything(self) -> list[tuple[str, str]]:
        """Return every function and attribute, what to write and how it is called, to choose from."""
        functions = [(f"{each.name}()", each.signature) for each in signatures()]
        return [
            *functions,
            *((f"[{name}]", f"[{name}]  {kind}") for name, kind in sorted(self.sources.items())),
        ]

    def write(self, text: str) -> None:
        """Write what was chosen at the caret, the caret between the brackets of a function."""
        self._shut_at = ("", -1)
        start, end = self.editor.selection
        self.editor.replace(text, start, end)
        if text.endswith(")"):
            self.editor.move_cursor_relative(columns=-1)
