"""Step 11: one person through the service now, the four stages, and the person as found in TARGET."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.model import Side, User
from xtsync_tui.text import clean
from xtsync_tui.ui.render import clock, duration, facts, muted, side, state
from xtsync_tui.ui.screens.page import TextPage
from xtsync_tui.ui.screens.setup.people import Finder
from xtsync_tui.ui.screens.setup.step import StepDialog
from xtsync_tui.ui.screens.setup.text import MARKS
from xtsync_tui.ui.widgets.form import LABEL
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import Answers, OnDemandResult, PersonAnswers, StepReading
from xtsync_tui.workspace.setup.found import ModifiedAttribute, Stage

if TYPE_CHECKING:
    from xtsync_tui.workspace.setup.setup import Setup


class OnDemandDialog(StepDialog):
    """Choose a person; enter provisions the one who is assigned already."""

    SEND = "Provision"

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
        return next(iter(self.query("#send")), None) or super()._first()

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
            self.query_one("#search").focus()
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
            button.focus()

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


def result_page(result: OnDemandResult, target: str) -> TextPage:
    """Return the result as a page: stages, modified attributes, the person in TARGET."""
    text = result_text(result, target)
    return TextPage(
        f"On demand › {clean(result.name)}", text, f"{clock(result.at)} · {duration(result.took)}"
    )


def result_text(result: OnDemandResult, target: str) -> Content:
    """Return what the service did with one person, who is in TARGET now, and the details of each stage."""
    verdict = {"Success": "✓", "Skipped": "–", "Failure": "✗"}.get(result.result, "?")
    parts = [state(f"{verdict} {clean(result.words)}")]
    parts.append(Content("\n").join([_stage(stage) for stage in result.stages]))
    if result.raw:
        told = muted("The answer could not be read; this is it:")
        parts.append(told + "\n" + clean(result.raw, 4000, lines=True))
    parts.append(_found(result.found, target))
    if result.modified:
        parts.append(_modified(result.modified))
    parts += [_details(stage) for stage in result.stages if stage.details]
    return Content("\n\n").join(parts)


def _stage(stage: Stage) -> Content:
    head = Content.styled(f"{stage.number}  ", "bold") + state(f"{MARKS[stage.mark]} {stage.title}".ljust(10))
    return head + Content(f" {clean(stage.words, 400)}")


def _modified(modified: Sequence[ModifiedAttribute]) -> Content:
    rows: list[tuple[str, Content | str]] = [
        ("     " + clean(each.name), f"{clean(each.before) or '–'} → {clean(each.after) or '–'}")
        for each in modified
    ]
    return Content.styled(f"Modified attributes ({len(rows)})", "bold") + "\n" + facts(rows)


def _details(stage: Stage) -> Content:
    rows: list[tuple[str, Content | str]] = [
        ("     " + clean(name), clean(value)) for name, value in stage.details
    ]
    return Content.styled(f"{stage.number}  {stage.title}, in detail", "bold") + "\n" + facts(rows)


def _found(found: User | None, target: str) -> Content:
    head = Content("In ") + side(Side.TARGET, target) + " now"
    if found is None:
        return head + "\n" + state("– nobody was found")
    rows: list[tuple[str, Content | str]] = [
        ("     userPrincipalName", clean(found.user_principal_name)),
        ("     displayName", clean(found.display_name)),
        ("     userType", clean(found.user_type)),
        ("     externalUserState", clean(found.external_user_state or "–")),
        ("     accountEnabled", str(found.account_enabled)),
        ("     object id", clean(found.id)),
    ]
    return head + "\n" + facts(rows)
