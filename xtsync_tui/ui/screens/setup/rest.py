"""Doing all that is left: whom it concerns and every request first, then one step after the other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.preview import preview
from xtsync_tui.ui.render import clock, facts, muted, side, state
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.ui.screens.setup.step import not_done
from xtsync_tui.ui.screens.setup.text import state_text
from xtsync_tui.ui.widgets.finder import Finder, principals
from xtsync_tui.ui.widgets.form import LABEL
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import (
    Outcome,
    Principal,
    ScopeAnswers,
    SettingsAnswers,
    StepReading,
    StepState,
)

if TYPE_CHECKING:
    from xtsync_tui.workspace.setup.setup import Setup

ASSIGN, PROVISION, START = 7, 11, 12


class RestDialog(Dialog[Outcome]):
    """What is left, the person it is done with, and the requests; f2 does it with the defaults."""

    SEND = "Do the rest"
    STOPS = "Stop after this step"

    def __init__(self, setup: "Setup") -> None:
        name = setup.facts.name
        super().__init__("Do the rest of the set-up", Side.SOURCE, word=name, word_id=name)
        self.set_classes("-to-both")
        self.setup = setup
        self.person: Principal | None = None
        self.left = {one.number for one in setup.rest() if not one.state.settled}
        self._suggesting = self._needs_person
        self._unsuited: XtSyncError | None = None
        self._stopped = False

    @property
    def _needs_person(self) -> bool:
        return bool(self.left & {ASSIGN, PROVISION})

    @property
    def _everyone(self) -> bool:
        """Whether all users come into scope by it, as it was planned in step 1."""
        answers = self.setup.defaults(ASSIGN)
        return ASSIGN in self.left and isinstance(answers, ScopeAnswers) and answers.everyone

    def level(self) -> Level:
        """Ask for the name where everybody is to be synchronized: nobody has counted them."""
        return Level.TYPED if self._everyone else Level.WIDE

    def form(self) -> Iterable[Widget]:
        """Yield what it comes to, who can be chosen instead, and the steps with their requests."""
        yield Static(id="rest-told", markup=False, classes="purpose")
        if self._needs_person:
            yield principals("Somebody else", self.setup.search_people, self.workspace.pause)

    def on_mount(self) -> None:
        """Look for somebody who fits."""
        self._show()
        if self._needs_person:
            self._suggest()

    @work(exclusive=True, group="suggest")
    async def _suggest(self) -> None:
        try:
            suggested = await self.setup.suggest_person()
        except XtSyncError as error:
            self._unsuited = error
        else:
            self.person = self.person or suggested
        self._suggesting = False
        self._show()
        self.refresh_preview()

    @on(Finder.Taken)
    def _taken(self, event: Finder.Taken) -> None:
        self.person = event.who
        self._show()
        self.refresh_preview()
        self.screen.set_focus(self.query_one("#cancel"))

    def _where(self) -> Content:
        return self.both()

    def _show(self) -> None:
        told = facts(list(self._told()), LABEL, within=self.columns)
        self.query_one("#rest-told", Static).update(told)

    def _told(self) -> Iterator[tuple[str, Content | str]]:
        """Yield what it comes to, the most consequential first."""
        target = clean(self.workspace.side(Side.TARGET).name, 40)
        if self._needs_person:
            yield "Person", self._person(target)
        if self._everyone:
            yield "Scope", state("! All users, as planned: everybody of SOURCE is created in TARGET.")
        if START in self.left:
            yield "Job", "is started: its first cycle reads everyone in scope"
        settings = self.setup.defaults(10)
        if 10 in self.left and isinstance(settings, SettingsAnswers):
            mail = clean(settings.mail, 60) or "nobody"
            yield "Mail on failure", f"{mail} · deletion threshold {settings.threshold or 'off'}"
        yield "Otherwise", "the defaults of each step; the first one that fails ends it"

    def _person(self, target: str) -> Content:
        if self.person is None:
            if self._suggesting:
                return muted("… looking for somebody who fits")
            why = f"{clean(self._unsuited.title)}: search for somebody" if self._unsuited else "nobody yet"
            return state(f"! {why}")
        done = []
        if ASSIGN in self.left and self._assigns:
            done.append("assigned")
        if PROVISION in self.left:
            done.append(f"provisioned in TARGET {target}")
        about = f" · {clean(self.person.detail, 60)}" if self.person.detail else ""
        warning = state(f"\n! {clean(self.person.warning, 200)}") if self.person.warning else Content("")
        name = Content.styled(clean(self.person.name or self.person.id, 60), "bold")
        return name + f"{about}: {' and '.join(done)}" + warning

    @property
    def _assigns(self) -> bool:
        return any(each.request.path.endswith("/appRoleAssignedTo") for each in self._by_step.get(ASSIGN, ()))

    @property
    def _by_step(self) -> Mapping[int, tuple[Planned, ...]]:
        return self.setup.ahead(self.person)

    def off(self) -> str:
        """Say, too, that somebody is looked for."""
        return super().off() or ("off until somebody was found" if self._suggesting else "")

    def planned(self) -> Sequence[Planned]:
        """Return every request in order; an id that Graph gives only then reads as the step that it is of."""
        if self._needs_person and self.person is None and not self._suggesting:
            raise InvalidInput("Person: nobody is chosen", "", "Search for somebody above.")
        return [each for planned in self._by_step.values() for each in planned]

    def refresh_preview(self) -> None:
        """Show the requests below their steps."""
        super().refresh_preview()
        if not self.sending:
            by_step = self._by_step
            lines = [
                line
                for one in self.setup.rest()
                for line in _step_lines(one, by_step.get(one.number, ()), self.columns)
            ]
            self.query_one("#requests", Static).update(Content("\n").join(lines))

    async def send(self) -> Outcome:
        """Do the steps; raises why one was not done."""
        last: Outcome | None = None
        async for outcome in self.setup.do_rest(self.progress, self.person, lambda: self._stopped):
            self.progress(f"step {outcome.number}: {outcome.words}")
            if not outcome.done:
                raise not_done(outcome)
            last = outcome
        if last is None:
            raise XtSyncError("Nothing was done" if self._stopped else "Nothing was left to do")
        return last

    def stop_sending(self) -> None:
        """Do no step after the one that is under way."""
        self._stopped = True

    def ended(self, result: Outcome) -> str:
        """Return how far it came."""
        when = clock(self.xtsync.now())
        if self._stopped:
            return f"‖ stopped after step {result.number} {when} · A goes on"
        return f"✓ the rest of the set-up is done {when}"


def _step_lines(one: StepReading, planned: Sequence[Planned], width: int) -> Iterator[Content]:
    """Yield a step with its requests; one that is left out says why."""
    title = Content.styled(f"{one.number:2}  {one.step.title}", "bold")
    usual = one.state in {StepState.TO_DO, StepState.FAILED, StepState.WAITING}
    if not usual:
        yield title + "  " + state(state_text(one))
    elif not planned:
        yield title + muted("  sends nothing")
    else:
        yield title
        for each in planned:
            lines = preview((each,), width - 12).split("\n")
            yield from (
                (Content("    ") + side(each.side) if at == 0 else Content(" " * 10)) + "  " + line[3:]
                for at, line in enumerate(lines)
            )
