"""The base of the steps' dialogs: what is asked becomes the answers of the step, and the step is done."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Label

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted
from xtsync_tui.ui.screens.dialog import Dialog
from xtsync_tui.ui.screens.setup import text
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import Answers, Cause, NoAnswers, Outcome, StepReading

if TYPE_CHECKING:
    from xtsync_tui.workspace.setup.setup import Setup


class StepDialog(Dialog[Outcome]):
    """The dialog of one step. A subclass gives ``fields()`` and ``asked()``."""

    BINDINGS: ClassVar[list[BindingType]] = [key("fix", show=False)]
    NOTHING = "Nothing is left to send."
    KEEPS: ClassVar[bool] = False
    """Whether an answer is kept here although nothing is sent."""

    def __init__(
        self, reading: StepReading, setup: "Setup", *, draft: bool = True, word: str = "", word_id: str = ""
    ) -> None:
        step = reading.step
        kept = f"step {step.number}" if draft else ""
        # The border goes on with "in TARGET Fabrikam".
        title = step.title.removesuffix(" in")
        super().__init__(title, step.side, word=word, word_id=word_id, draft_key=kept)
        self.reading = reading
        self.setup = setup
        self.cause: Cause | None = None
        """Why the step was not done, after it was tried."""
        self.repair: Cause | None = None
        """What is to be repaired instead, once the dialog was left for it."""
        self.defaults = setup.defaults(step.number)

    def fields(self) -> Iterable[Widget]:
        """Yield what the step asks for."""
        return ()

    def asked(self) -> Answers:
        """Return the answers as the form stands; raises InvalidInput naming the field."""
        return NoAnswers()

    def form(self) -> Iterable[Widget]:
        """Yield what the step is for, and the fields."""
        names = {side: self.xtsync.side_view(side).name for side in Side}
        yield Label(muted(text.purpose(self.reading, names)), classes="purpose")
        yield from self.fields()

    def off(self) -> str:
        """Say, too, when there is nothing to send."""
        return super().off() or ("" if self.KEEPS or self.sends() else "off: there is nothing to send")

    def sends(self) -> bool:
        """Return whether anything would be sent, as the form stands."""
        return bool(self.would_send())

    def would_send(self) -> Sequence[Planned]:
        """Return the requests as the form stands, none while a field is wrong."""
        try:
            return self.planned()
        except InvalidInput:
            return ()

    def planned(self) -> Sequence[Planned]:
        """Return the requests of the step; what could not be read stops it as a wrong field would."""
        try:
            return self.setup.prepare(self.reading.number, self.asked())
        except InvalidInput:
            raise
        except XtSyncError as error:
            raise InvalidInput(error.title, error.detail, error.hint) from error

    async def send(self) -> Outcome:
        """Do the step; one that is not done is told as an error, and the dialog stays."""
        self.cause = None
        outcome = await self.setup.do(self.reading.number, self.asked(), self.progress)
        if not outcome.done:
            self.cause = outcome.cause
            raise not_done(outcome)
        return outcome

    def failed(self) -> None:
        """Leave the field where another key than those of text is named as the next step."""
        if self.cause is not None and (self.cause.step or self.cause.fix):
            self.screen.set_focus(self.query_one("#cancel"))

    def action_fix(self) -> None:
        """Leave for what repairs the cause that is told."""
        cause = self.cause
        if (
            cause is not None
            and not self.sending
            and (cause.fix or cause.step not in {None, self.reading.number})
        ):
            self.repair = cause
            self.dismiss(None)

    def ended(self, result: Outcome) -> str:
        """Return what became of the step."""
        return outcome_words(result)


def outcome_words(outcome: Outcome) -> str:
    """Return what became of a step, for the status line: ``✓ step 2 done 14:02:08 · PATCH · 204``."""
    return f"{'✓' if outcome.done else '✗'} {outcome.words}"


def not_done(outcome: Outcome) -> XtSyncError:
    """Return why a step is not done, worded by its cause."""
    cause = outcome.cause
    if cause is None:
        return XtSyncError(outcome.words)
    code = cause.code if cause.code and cause.code not in cause.detail else ""
    return XtSyncError(cause.title, " ".join(part for part in (cause.detail, code) if part), cause.hint)
