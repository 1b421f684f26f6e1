"""The dialog of a repair: whom it is about, what it changes for them, and the requests."""

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.ui.screens.sending import send_planned
from xtsync_tui.ui.screens.setup.step import outcome_words
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.repairs import Repair
from xtsync_tui.workspace.setup import Cause, Outcome


class RepairDialog(Dialog[Outcome]):
    """A repair with everybody it is about by account, and its effect; ``cause`` is why, None for no word."""

    def __init__(self, repair: Repair, cause: Cause | None = None) -> None:
        self.repair = repair
        self.cause = cause
        super().__init__(clean(repair.title, 60), repair.planned[0].side)

    def verb(self) -> str:
        """Return the word of the button."""
        return self.repair.verb

    def level(self) -> Level:
        """Ask widely for what cannot be taken back, and when more than one object is changed."""
        once = len(self.repair.planned) == 1 and not self.repair.lasting
        return Level.PLAIN if once else Level.WIDE

    def form(self) -> Iterable[Widget]:
        """Yield who it is, why, and what it changes."""
        for one in self.repair.people:
            account = muted(f"  {clean(one.account)}") if one.account != one.name else Content("")
            yield Label(Content.styled(clean(one.name), "bold") + account)
        if self.cause is not None:
            yield Label(Content(clean(f"{self.cause.title}. {self.cause.detail}", 1200)), classes="purpose")
        yield Label(Content(self.repair.effect), classes="purpose")
        if self.repair.warning:
            yield Label(state(f"! {clean(self.repair.warning, 800)}"), classes="purpose")

    def planned(self) -> Sequence[Planned]:
        """Return the requests of the repair."""
        return self.repair.planned

    async def send(self) -> Outcome:
        """Send them; raises what stopped them."""
        written = await send_planned(self.workspace, self.repair.planned)
        number = (self.cause.step if self.cause else None) or 0
        return Outcome(number, done=True, words=self.repair.ended, writes=written)

    def ended(self, result: Outcome) -> str:
        """Return what is true now."""
        return outcome_words(result)
