"""Step 11: one person through the service now, the four stages, and the person as found in TARGET."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.text import clean
from xtsync_tui.ui.screens.setup.step import StepDialog
from xtsync_tui.ui.widgets.finder import Finder
from xtsync_tui.ui.widgets.form import LABEL
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import Answers, PersonAnswers, StepReading

if TYPE_CHECKING:
    from xtsync_tui.workspace.setup.setup import Setup


class OnDemandDialog(StepDialog):
    """Choose a person; enter provisions the one who is assigned already."""

    SEND = "Provision"
    NOTHING = ""
    KEEPS = True  # while somebody is looked for there is nothing to send yet

    def __init__(self, reading: StepReading, setup: "Setup") -> None:
        super().__init__(reading, setup, draft=False)
        self.person: PersonAnswers | None = None
        self._suggesting = True
        self._send_then = False

    def fields(self) -> Iterable[Widget]:
        """Yield who it is, and a search for somebody else."""
        yield Static(id="person", markup=False)
        yield Finder("Somebody else", self.setup.search_people, self.workspace.pause)

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
        if answers.user_id and self.person is None:
            self.person = answers
        self._show_person()
        self.refresh_preview()
        if self.person is None:
            self.screen.set_focus(self.query_one("#search"))
        elif self._send_then:
            self.action_send()

    def _show_person(self) -> None:
        nobody = "… looking for somebody who is assigned" if self._suggesting else "nobody yet: search below"
        name = clean(self.person.name or self.person.user_id) if self.person else nobody
        self.query_one("#person", Static).update(Content.assemble("Person".ljust(LABEL), (name, "bold")))

    @on(Finder.Taken)
    def _taken(self, event: Finder.Taken) -> None:
        self.person = PersonAnswers(event.who.id, event.who.name)
        self._show_person()
        self.refresh_preview()
        for button in self.query("#send"):
            self.screen.set_focus(button)

    def planned(self) -> Sequence[Planned]:
        """Return the request, none while nobody is known yet."""
        return () if self._suggesting and self.person is None else super().planned()

    def action_send(self) -> None:
        """Provision; enter can be faster than the search for a person, and then waits for it."""
        if self._suggesting and self.person is None:
            self._send_then = True
        else:
            super().action_send()

    def asked(self) -> Answers:
        """Return the person."""
        if self.person is None:
            raise InvalidInput("Person: nobody is chosen", "Assign somebody in step 7, or search here.")
        return self.person
