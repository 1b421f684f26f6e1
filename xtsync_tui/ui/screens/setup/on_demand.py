"""Step 11: one person through the service now, and the person as found in TARGET."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, Static

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted
from xtsync_tui.ui.screens.on_demand.foretold import Foretold
from xtsync_tui.ui.screens.setup.step import not_done, outcome_words
from xtsync_tui.ui.widgets.finder import Finder, principals
from xtsync_tui.ui.widgets.form import LABEL
from xtsync_tui.workspace.on_demand.queue import Queued, State
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import Outcome, PersonAnswers, StepReading

if TYPE_CHECKING:
    from xtsync_tui.workspace.setup.setup import Setup


class OnDemandDialog(Foretold[Outcome]):
    """Choose a person; enter provisions the one who is assigned already."""

    NOTHING = ""

    def __init__(self, reading: StepReading, setup: "Setup") -> None:
        super().__init__(reading.step.title, ())
        self.reading = reading
        self.setup = setup
        self._suggesting = True
        self._send_soon = False

    def form(self) -> Iterable[Widget]:
        """Yield what the step is for, who it is, and a search for somebody else."""
        yield Label(muted(clean(self.reading.step.purpose, 600)), classes="purpose")
        yield Static(id="person", markup=False)
        yield from super().form()
        yield principals("Somebody else", self.setup.search_people, self.workspace.pause)

    def on_mount(self) -> None:
        """Look for somebody who is assigned."""
        self._show_person()
        self._suggest()

    def _first(self) -> Widget:
        return next((button for button in self.query("#send") if button.display), None) or super()._first()

    @work(exclusive=True, group="suggest")
    async def _suggest(self) -> None:
        try:
            answers = cast("PersonAnswers", await self.setup.suggest(self.reading.number))
        except XtSyncError:
            # Nobody fits, or nobody can be read: the search below is there for that.
            answers = PersonAnswers("")
        self._suggesting = False
        if answers.user_id and not self.people:
            self._choose(Queued(answers.user_id, answers.name or answers.user_id, answers.account))
        self._show_person()
        self.refresh_preview()
        if not self.people:
            self.screen.set_focus(self.query_one("#search"))
        elif self._send_soon:
            self.action_send()

    def _choose(self, one: Queued) -> None:
        queued = self.workspace.on_demand.one(one.user_id)
        self.people = [queued or one]
        self._show_person()
        self.foresee()

    def _show_person(self) -> None:
        nobody = "… looking for somebody who is assigned" if self._suggesting else "nobody yet: search below"
        name = "" if self.people else nobody
        person = self.query_one("#person", Static)
        person.update(Content("Person".ljust(LABEL)) + name)
        person.display = not self.people

    @on(Finder.Taken)
    def _taken(self, event: Finder.Taken) -> None:
        self._choose(Queued(event.who.id, event.who.name, event.who.detail))
        for button in self.query("#send"):
            self.screen.set_focus(button)

    def off(self) -> str:
        """Say, too, that nobody is chosen."""
        chosen = self.people or self._suggesting
        return super().off() or ("" if chosen else "off: nobody is chosen")

    def planned(self) -> Sequence[Planned]:
        """Return the request, none while nobody is known yet."""
        if not self.people:
            if self._suggesting:
                return ()
            raise InvalidInput("Person: nobody is chosen", "Assign somebody in step 7, or search here.")
        return super().planned()

    def action_send(self) -> None:
        """Provision; enter can be faster than the search for a person, and then waits for it."""
        if self._suggesting and not self.people:
            self._send_soon = True
        else:
            super().action_send()

    async def send(self) -> Outcome:
        """Do the step; the dialog stays while the service was not asked, and says why."""
        one = self.people[0]
        answers = PersonAnswers(one.user_id, one.name, one.account, over=bool(self.held))
        outcome = await self.setup.do(self.reading.number, answers, self.progress)
        if outcome.done or outcome.on_demand is not None:
            return outcome
        one = self.workspace.on_demand.one(one.user_id) or one
        if one.state is State.HELD:
            # Listed with the reason from here on: sending again goes over that.
            self._choose(one)
            raise XtSyncError(f"Not sent: {one.name}", hint="f2 sends them over what is said above.")
        raise not_done(outcome)

    def ended(self, result: Outcome) -> str:
        """Return what became of the step."""
        return outcome_words(result)
