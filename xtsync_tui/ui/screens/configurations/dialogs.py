"""The dialogs that change a configuration: new, rename, scope, notifications, assign, take out, delete."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
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
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.ui.screens.notifications import NotificationFields
from xtsync_tui.ui.screens.scope_effect import ScopeEffect
from xtsync_tui.ui.widgets.form import Choice, Field
from xtsync_tui.workspace.configurations.deleting import Deletion
from xtsync_tui.workspace.configurations.reading import Assigned, Configuration, Whole
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.scope_change import Scope

if TYPE_CHECKING:
    from xtsync_tui.workspace.configurations.service import Configurations


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
    """A form whose writes are sent in order; True when all are done. ``one`` is what it is about."""

    def __init__(
        self, title: str, one: Configuration, configurations: "Configurations", draft_key: str = ""
    ) -> None:
        super().__init__(title, Side.SOURCE, word=one.name, word_id=one.id, draft_key=draft_key, joint=" · ")
        self.one = one
        self.configurations = configurations

    def saved(self, what: str) -> str:
        """Return what to say once ``what`` is saved."""
        return f"✓ {what} saved"

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
        super().__init__(f"Rename {clean(whole.one.name, 40)}", whole.one, configurations)
        self.whole = whole

    def form(self) -> Iterable[Widget]:
        """Yield the name."""
        yield Field("Name", "name", self.one.name)

    def writes(self) -> Sequence[Planned]:
        """Return the requests."""
        return self.configurations.renaming(self.whole, self.answers()["name"])


class ScopeDialog(WriteDialog):
    """Who is in scope: the assigned only, or everybody; who enters and leaves by that, by name."""

    SEND = "Save"

    def __init__(self, whole: Whole, configurations: "Configurations") -> None:
        one = whole.one
        super().__init__(f"Change who is in scope of {clean(one.name, 40)}", one, configurations)
        self.effect = ScopeEffect(self.workspace, scope_of(whole))

    def level(self) -> Level:
        """Ask by how many people it concerns."""
        return max(Level.WIDE, self.effect.level, key=list(Level).index)

    def form(self) -> Iterable[Widget]:
        """Yield the choice and what it does."""
        ways = [("assigned", "Assigned only"), ("all", "All users")]
        yield Choice("Scope", "scope", ways, "all" if self.one.health.everyone else "assigned")
        yield self.effect

    @on(Choice.Changed, "#scope")
    def _chosen(self, event: Choice.Changed) -> None:
        self.effect.ask(other=(event.value == "all") is not bool(self.one.health.everyone))

    @on(ScopeEffect.Changed)
    def _told(self) -> None:
        self.refresh_preview()

    def off(self) -> str:
        """Say, too, that it has to be known first what it does to people."""
        return super().off() or self.effect.off

    def saved(self, what: str) -> str:
        """Say, too, what the narrower scope of a paused job waits for."""
        waits = " · paused: it counts once the job is restarted (7 Job, R)"
        return super().saved(what) + (waits if self.effect.waits_for_restart else "")

    def writes(self) -> Sequence[Planned]:
        """Return the requests; a running job restarts when the scope narrows."""
        planned = self.configurations.scoping(self.one, everyone=self.answers()["scope"] == "all")
        if not planned:
            raise InvalidInput("Scope: as it was", "", "Choose the other with left and right.")
        return planned


def scope_of(whole: Whole) -> Scope | XtSyncError | None:
    """Return what the scope of a configuration is evaluated with, or why it cannot be; None without a job."""
    one = whole.one
    if isinstance(one.job, XtSyncError):
        return one.job
    if isinstance(whole.schema, XtSyncError):
        return whole.schema
    if one.job is None or whole.schema is None:
        return None
    everyone, threshold = bool(one.health.everyone), one.health.threshold
    return Scope(one.service_principal, one.job, whole.schema, everyone, threshold)


class NotificationsDialog(WriteDialog):
    """The mail on failure, and the number of deletions that stops a cycle."""

    SEND = "Save"

    def __init__(self, one: Configuration, configurations: "Configurations") -> None:
        name = clean(one.name, 40)
        kept = f"mail and threshold of {name} ({one.id[:8]})"
        super().__init__(f"Mail and threshold of {name}", one, configurations, draft_key=kept)
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
        super().__init__(f"Assign to {clean(whole.one.name, 40)}", whole.one, configurations)
        self.whole = whole
        self.chooser = Chooser(self.workspace.setup, self.workspace.pause, whole.principals)

    def level(self) -> Level:
        """Ask more the more people it reaches."""
        return self.chooser.level(self.workspace.profile.limits.changes)

    def form(self) -> Iterable[Widget]:
        """Yield search and who is chosen."""
        yield self.chooser

    def gathered(self) -> int:
        """Return how many would be assigned."""
        return len(self.chooser.chosen)

    @on(Chooser.Changed)
    def _chosen(self) -> None:
        self.refresh_preview()

    def writes(self) -> Sequence[Planned]:
        """Return one request for each who is not assigned."""
        if not self.chooser.chosen:
            raise InvalidInput("Assign: nobody is chosen", "", "Search for somebody.")
        planned = self.configurations.assigning(self.whole, self.chooser.chosen.values())
        if not planned:
            raise InvalidInput("Assign: all of them are assigned already")
        return planned


SHOWN = 8
"""Rows that a dialog names."""


class TakeOutDialog(WriteDialog):
    """Takes assignments away; where many people go, or it is not known how many, the name is typed."""

    SEND = "Take out"

    def __init__(
        self, one: Configuration, rows: Sequence[Assigned], of: int, configurations: "Configurations"
    ) -> None:
        """Ask about ``rows`` of the ``of`` assignments that there are."""
        super().__init__(f"Take out of {clean(one.name, 40)}", one, configurations)
        self.rows = rows
        self.of = of
        counts = [row.people if row.is_group else 1 for row in rows]
        self.people = None if None in counts else sum(count or 0 for count in counts)
        # Made once: the form asks at each key, and thousands take most of a second.
        self._writes = configurations.unassigning(one, rows)

    @property
    def _removes(self) -> bool:
        """Whether anybody can be removed by it: somebody is synchronized, and only the assigned are."""
        return self.one.has_job and self.one.health.everyone is not True

    def level(self) -> Level:
        """Ask more the more people it concerns."""
        limits = self.workspace.profile.limits
        least = min(limits.changes, limits.removals or self.one.health.threshold or limits.changes)
        if self._removes and (self.people is None or self.people >= least):
            return Level.TYPED
        return Level.PLAIN if self.people == 1 else Level.WIDE

    def form(self) -> Iterable[Widget]:
        """Yield who goes and what that means."""
        goes = "is" if len(self.rows) == 1 else "are"
        yield Label(Content(f"{len(self.rows):,} of {self.of:,} assignments {goes} taken away:"))
        for row in self.rows[:SHOWN]:
            people = f"  group, {people_count(row.people)}" if row.is_group else f"  {clean(row.account, 60)}"
            yield Label(Content.styled(clean(row.name, 60), "bold") + muted(people))
        if len(self.rows) > SHOWN:
            yield Label(muted(f"and {len(self.rows) - SHOWN:,} more"))
        yield Static(Content("\n").join([Content(""), *map(state, self._meaning())]), markup=False)

    def _meaning(self) -> Iterable[str]:
        """Yield what taking them out leads to."""
        if not self.one.has_job:
            yield "There is no job: nobody is in TARGET by this configuration."
        elif self.one.health.everyone is True:
            yield "All users are in scope: nobody is removed by this."
        else:
            people = "people of groups that could not be counted" if self.people is None else ""
            people = people or f"up to {people_count(self.people)}"
            yield f"✗ Who is not in scope otherwise is soft-deleted in TARGET by the next cycle: {people}."
            yield f"{self._held()} They lie in the bin of TARGET for 30 days."

    def _held(self) -> str:
        threshold = self.one.health.threshold
        if threshold is None:
            return "Graph does not say at how many a cycle stops."
        if not threshold:
            return "No threshold holds them."
        return f"A cycle stops at {threshold:,}, the deletion threshold."

    def writes(self) -> Sequence[Planned]:
        """Return one request for each."""
        return self._writes


class DeleteDialog(Dialog[bool]):
    """Deletes a configuration, once its name was typed; after a stop half-way it goes on with the rest."""

    SEND = "Delete"
    LEVEL = Level.TYPED

    def __init__(self, plan: Deletion, target: str) -> None:
        one = plan.one
        super().__init__("Delete a configuration", Side.SOURCE, word=one.name, word_id=one.id)
        self.plan = plan
        self.target = clean(target, 40)

    def form(self) -> Iterable[Widget]:
        """Yield what goes, what stays behind, and what to do first."""
        name = Content.styled(clean(self.plan.one.name, 80), "bold")
        kind = (
            "job, application and service principal"
            if self.plan.one.has_job
            else "application and service principal"
        )
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
                f"Up to {stay} in TARGET {self.target}, enabled and managed by nobody.",
                f"({people:,} is the job's count; it does not fall on deletes.)",
                "To take them out first: unassign all, let a cycle run, then delete.",
            ]
        job = "The job and its state are gone; the" if self.plan.one.has_job else "The"
        gone = f"{job} application lies in the bin of SOURCE for 30 days."
        if any(each.request.path.startswith("/servicePrincipals/") for each in self.planned()[-1:]):
            gone += " The service principal goes with it; the last request is sent only if it did not."
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
            # What kept it from going on may keep this from being read, too: how far it came is told anyway.
            with suppress(XtSyncError):
                self.plan = await configurations.plan_deletion(self.plan.one)
            raise
        return True
