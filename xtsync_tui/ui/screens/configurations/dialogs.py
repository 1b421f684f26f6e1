"""The dialogs that change a configuration: new, rename, scope, notifications, assign, take out, delete."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, Static

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.render import clock, muted, people_count, people_do, state
from xtsync_tui.ui.screens.chooser import Chooser
from xtsync_tui.ui.screens.dialog import Dialog, Level, word_of
from xtsync_tui.ui.screens.notifications import NotificationFields
from xtsync_tui.ui.widgets.form import Choice, Field
from xtsync_tui.workspace.configurations.deleting import Deletion
from xtsync_tui.workspace.configurations.reading import Assigned, Configuration, Whole
from xtsync_tui.workspace.planned import Planned

if TYPE_CHECKING:
    from xtsync_tui.workspace.configurations.service import Configurations


def word_for(one: Configuration) -> str:
    """Return what has to be typed to confirm."""
    return word_of(one.name, one.id)


def planned_or_wrong(plan: Callable[[], Sequence[Planned]]) -> Sequence[Planned]:
    """Return what ``plan`` gives; what could not be read stops a form as a wrong field does."""
    try:
        return plan()
    except InvalidInput:
        raise
    except XtSyncError as error:
        raise InvalidInput(error.title, error.detail, error.hint) from error


class NewDialog(Dialog[str]):
    """Makes a configuration; its result is the object id."""

    SEND = "Create"

    def __init__(self, configurations: "Configurations") -> None:
        super().__init__("Make a configuration", Side.SOURCE, draft_key="new configuration")
        self.configurations = configurations

    def form(self) -> Iterable[Widget]:
        """Yield the name."""
        words = "An application made from the cross-tenant template. Setup, step 6, then connects it."
        yield Label(muted(words), classes="purpose")
        yield Field("Name", "name", self.configurations.suggested_name())

    def planned(self) -> Sequence[Planned]:
        """Return the request."""
        return planned_or_wrong(lambda: self.configurations.creating(self.answers()["name"]))

    async def send(self) -> str:
        """Make it and wait until it is listed."""
        return await self.configurations.create(self.answers()["name"], self.progress)

    def ended(self, result: str) -> str:  # noqa: ARG002 - the base's signature
        """Return that it is there, and what comes next."""
        when = clock(self.xtsync.now())
        return f"✓ configuration created in {self._where().plain} {when} · Setup, step 6, connects it"


class WriteDialog(Dialog[bool]):
    """A form whose writes are sent in order; True when all are done."""

    def __init__(self, title: str, configurations: "Configurations", word: str = "") -> None:
        super().__init__(title, Side.SOURCE, word=word)
        self.configurations = configurations

    def writes(self) -> Sequence[Planned]:
        """Return the writes as the form stands."""
        raise NotImplementedError

    def planned(self) -> Sequence[Planned]:
        """Return the writes; raises InvalidInput."""
        return planned_or_wrong(self.writes)

    async def send(self) -> bool:
        """Send them; raises what stopped them."""
        await self.configurations.send(self.writes())
        return True


class RenameDialog(WriteDialog):
    """Gives application and service principal another name."""

    SEND = "Rename"

    def __init__(self, whole: Whole, configurations: "Configurations") -> None:
        super().__init__("Rename a configuration", configurations)
        self.whole = whole

    def form(self) -> Iterable[Widget]:
        """Yield the name."""
        yield Field("Name", "name", self.whole.one.name)

    def writes(self) -> Sequence[Planned]:
        """Return the requests."""
        return self.configurations.renaming(self.whole, self.answers()["name"])


class ScopeDialog(WriteDialog):
    """Who is in scope: the assigned only, or everybody. It concerns more than one person."""

    SEND = "Save"
    LEVEL = Level.WIDE

    def __init__(self, one: Configuration, configurations: "Configurations") -> None:
        super().__init__("Change who is in scope", configurations)
        self.one = one

    def form(self) -> Iterable[Widget]:
        """Yield the choice and what it means."""
        ways = [("assigned", "Assigned only"), ("all", "All users")]
        yield Choice("Scope", "scope", ways, "all" if self.one.health.everyone else "assigned")
        words = "Everybody who is no longer in scope is deleted softly in TARGET by the next full cycle."
        yield Static(muted(words), markup=False, classes="hint")

    def writes(self) -> Sequence[Planned]:
        """Return the requests; a running job restarts when the scope narrows."""
        planned = self.configurations.scoping(self.one, everyone=self.answers()["scope"] == "all")
        if not planned:
            raise InvalidInput("Scope: as it was", "", "Choose the other with left and right.")
        return planned


class NotificationsDialog(WriteDialog):
    """The mail on failure, and the number of deletions that stops a cycle."""

    SEND = "Save"

    def __init__(self, one: Configuration, configurations: "Configurations") -> None:
        super().__init__("Mail and deletion threshold", configurations)
        self.one = one
        self.settings = NotificationFields(configurations.notifications(one))

    def level(self) -> Level:
        """Ask widely before deletions are held no more."""
        return self.settings.level

    def form(self) -> Iterable[Widget]:
        """Yield address, switch and number."""
        yield self.settings

    def writes(self) -> Sequence[Planned]:
        """Return the request."""
        answers = self.settings.answered(self.answers())
        planned = self.configurations.notifying(self.one, answers.mail, answers.threshold)
        if not planned:
            raise InvalidInput("Nothing was changed", "These are the settings as they are saved.")
        return planned


class AssignDialog(WriteDialog):
    """Assigns people and groups that are searched for."""

    SEND = "Assign"

    def __init__(self, whole: Whole, configurations: "Configurations") -> None:
        super().__init__("Assign people and groups", configurations)
        self.whole = whole
        self.chooser = Chooser(self.workspace.setup, self.workspace.pause)

    def level(self) -> Level:
        """Ask more the more people it reaches."""
        return self.chooser.level(self.workspace.profile.limits.changes)

    @property
    def word(self) -> str:
        """The name of the configuration, when many are assigned."""
        return word_for(self.whole.one) if self.level() is Level.TYPED else super().word

    def form(self) -> Iterable[Widget]:
        """Yield search and who is chosen."""
        yield self.chooser

    @on(Chooser.Changed)
    def _chosen(self) -> None:
        self.refresh_preview()

    def writes(self) -> Sequence[Planned]:
        """Return one request for each who is not assigned."""
        if not self.chooser.chosen:
            raise InvalidInput("Assign: nobody is chosen")
        planned = self.configurations.assigning(self.whole, self.chooser.chosen.values())
        if not planned:
            raise InvalidInput("Assign: all of them are assigned already")
        return planned


class TakeOutDialog(WriteDialog):
    """Takes assignments away; above the limits the name of the configuration has to be typed."""

    SEND = "Take out"

    def __init__(
        self,
        one: Configuration,
        rows: Sequence[Assigned],
        configurations: "Configurations",
        limit: int | None,
    ) -> None:
        self.people = sum(row.people or 0 if row.is_group else 1 for row in rows)
        self.limit = limit
        super().__init__(
            "Take out of the scope", configurations, word=word_for(one) if self._is_over() else ""
        )
        self.one = one
        self.rows = rows

    def _is_over(self) -> bool:
        return self.limit is not None and self.people >= self.limit

    def level(self) -> Level:
        """Ask more the more people it concerns."""
        if self._is_over():
            return Level.TYPED
        return Level.WIDE if self.people > 1 else Level.PLAIN

    def form(self) -> Iterable[Widget]:
        """Yield who goes and what that means."""
        for row in self.rows[:8]:
            people = f"  group, {people_count(row.people)}" if row.is_group else f"  {clean(row.account, 60)}"
            yield Label(Content.styled(clean(row.name, 60), "bold") + muted(people))
        if len(self.rows) > 8:
            yield Label(muted(f"and {len(self.rows) - 8} more"))
        words = (
            "Who is not in scope otherwise is deleted softly in TARGET by the next cycle: 30 days in the bin."
        )
        yield Label(Content(f"\n{words}"), classes="purpose")
        if self._is_over():
            yield Label(state(f"! up to {self.people:,} removals; the threshold is {self.limit}"))

    def writes(self) -> Sequence[Planned]:
        """Return one request for each."""
        return self.configurations.unassigning(self.one, self.rows)


class DeleteDialog(Dialog[bool]):
    """Deletes a configuration, once its name was typed; after a stop half-way it goes on with the rest."""

    SEND = "Delete"
    LEVEL = Level.TYPED

    def __init__(self, plan: Deletion, target: str) -> None:
        super().__init__("Delete a configuration", Side.SOURCE, word=word_for(plan.one))
        self.plan = plan
        self.target = clean(target, 40)

    def form(self) -> Iterable[Widget]:
        """Yield what goes, what stays behind, and what to do first."""
        name = Content.styled(clean(self.plan.one.name, 80), "bold")
        kind = "job, application and principal" if self.plan.one.has_job else "application and principal"
        yield Static(name + f" will be deleted: {kind}.", markup=False)
        yield Label(Content("\n" + self._behind()), classes="purpose")

    def _behind(self) -> str:
        people = self.plan.people
        lines = ["Nobody was synchronized by it: nobody stays behind."]
        if people is None and self.plan.one.has_job:
            lines = [
                f"It cannot be told how many people stay in TARGET {self.target}; nobody would manage them."
            ]
        elif people:
            stay = people_do(people, "stays", "stay")
            lines = [
                f"Up to {stay} in TARGET {self.target}, enabled, and nobody manages them:",
                "it is the job's count, which does not fall when it deletes people.",
                "To take them out first: unassign all, let a cycle run, then delete.",
            ]
        gone = "The job and its state are gone; the application lies in the bin of SOURCE for 30 days."
        return "\n".join([*lines, f"This cannot be undone from here. {gone}"])

    def planned(self) -> Sequence[Planned]:
        """Return what is left to delete."""
        return self.plan.planned

    async def send(self) -> bool:
        """Delete; after a stop the dialog shows what is left."""
        configurations = self.workspace.configurations
        try:
            await configurations.delete(self.plan.one)
        except XtSyncError:
            self.plan = await configurations.plan_deletion(self.plan.one)
            if not self.closing:
                self.refresh_preview()
            raise
        return True
