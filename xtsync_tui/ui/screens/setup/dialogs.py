"""The dialogs of the steps that ask for little."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.dialog import Dialog
from xtsync_tui.ui.screens.setup import text
from xtsync_tui.ui.screens.setup.step import StepDialog
from xtsync_tui.ui.widgets.form import Choice, Field
from xtsync_tui.workspace.setup import (
    Answers,
    ConnectionAnswers,
    LeaveAnswers,
    NameAnswers,
    Outcome,
    PartnerAnswers,
    PlanAnswers,
    SettingsAnswers,
    StepReading,
)

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace
    from xtsync_tui.workspace.setup.setup import Setup

YES_NO = (("yes", "Yes"), ("no", "No"))
PAUSE = 0.3
"""Seconds without a key after which a text is looked up."""


def dialog_for(reading: StepReading, workspace: "Workspace") -> Dialog[Outcome] | None:
    """Return the dialog of a step, None for one that only shows something."""
    from xtsync_tui.ui.screens.setup.on_demand import OnDemandDialog
    from xtsync_tui.ui.screens.setup.review import MappingsDialog
    from xtsync_tui.ui.screens.setup.scope import ScopeDialog

    dialogs: dict[int, type[StepDialog]] = {
        1: PlanDialog,
        2: PartnerDialog,
        3: RedemptionDialog,
        4: RedemptionDialog,
        5: NameDialog,
        6: ConnectionDialog,
        7: ScopeDialog,
        9: MappingsDialog,
        10: SettingsDialog,
        11: OnDemandDialog,
        12: StartDialog,
        14: LeaveDialog,
    }
    made = dialogs.get(reading.number)
    return made(reading, workspace.setup) if made else None


class PlanDialog(StepDialog):
    """Step 1: the shape, who is in scope and what is mapped. Nothing is sent."""

    SEND = "Keep"
    NOTHING = ""  # the purpose says it
    KEEPS = True

    def __init__(self, reading: StepReading, setup: "Setup") -> None:
        super().__init__(reading, setup)
        self.heading = "Plan the set-up"

    def _where(self) -> Content:
        return self.both()

    def fields(self) -> Iterable[Widget]:
        """Yield the choices and the note."""
        plan = cast("PlanAnswers", self.defaults)
        shapes = [("one-to-one", "One to one"), ("hub", "Hub and spoke"), ("both-ways", "Both ways")]
        yield Choice("Shape", "shape", shapes, plan.shape)
        yield Choice("Who", "who", [("assigned", "Assigned only"), ("all", "All users")], plan.who)
        yield Choice("What is mapped", "what", [("defaults", "Defaults"), ("own", "Own mappings")], plan.what)
        yield Field("Note", "note", plan.note, hint="why, and who agreed")
        yield Static(id="advice", markup=False, classes="hint")

    def on_mount(self) -> None:
        """Say what the first choice means."""
        self._advise()

    @on(Choice.Changed)
    def _advise(self) -> None:
        shape = {
            "one-to-one": "One configuration in SOURCE, one partner in TARGET.",
            "hub": "One configuration and one profile for each target; this one is the first.",
            "both-ways": "Two configurations, one in each tenant: this profile does one way.",
        }[self.answers()["shape"]]
        self.query_one("#advice", Static).update(muted(shape))

    def asked(self) -> Answers:
        """Return the plan."""
        answers = cast("Any", self.answers())
        return PlanAnswers(
            shape=answers["shape"],
            who=answers["who"],
            what=answers["what"],
            note=answers["note"],
            reviewed=cast("PlanAnswers", self.defaults).reviewed,
        )


class PartnerDialog(StepDialog):
    """Step 2: the source tenant, by id or domain; what it resolves to is shown before it is written."""

    def fields(self) -> Iterable[Widget]:
        """Yield the tenant, what it resolves to and, where nobody may invite, the way out."""
        answers = cast("PartnerAnswers", self.defaults)
        yield Field("Source tenant", "tenant", answers.tenant, hint="tenant id or domain")
        yield Static(id="resolved", markup=False, classes="hint")
        if answers.let_invite:
            yield Choice("Let admins invite", "invite", YES_NO, "yes")

    def on_mount(self) -> None:
        """Resolve the tenant of the profile."""
        self._resolve(self.answers()["tenant"])

    @on(Input.Changed, "#tenant")
    def _typed(self, event: Input.Changed) -> None:
        self._resolve(event.value)

    @work(exclusive=True, group="resolve")
    async def _resolve(self, tenant: str) -> None:
        line = self.query_one("#resolved", Static)
        line.update(muted("… looking it up"))
        await self.workspace.pause(PAUSE)
        try:
            found = await self.setup.resolve_tenant(tenant)
        except XtSyncError as error:
            line.update(state(f"✗ {error.title}"))
            return
        words = " · ".join(
            clean(part) for part in (found.display_name, found.default_domain_name, found.tenant_id) if part
        )
        line.update(state(f"✓ {words}"))

    def asked(self) -> Answers:
        """Return the tenant as typed."""
        answers = self.answers()
        return PartnerAnswers(answers["tenant"].strip(), answers.get("invite") == "yes")


class RedemptionDialog(StepDialog):
    """Steps 3 and 4: one half of the handshake, with the other half in view."""

    def fields(self) -> Iterable[Widget]:
        """Yield the handshake as it is."""
        reading = self.setup.reading
        names = {side: self.xtsync.side_view(side).name for side in Side}
        if reading is not None:
            yield Static(text.handshake(reading.agreed, names, self.columns), markup=False)


class NameDialog(StepDialog):
    """Step 5: the name of the configuration."""

    SEND = "Create"

    def fields(self) -> Iterable[Widget]:
        """Yield the name."""
        yield Field("Name", "name", cast("NameAnswers", self.defaults).name)

    def asked(self) -> Answers:
        """Return the name."""
        return NameAnswers(self.answers()["name"].strip())


class ConnectionDialog(StepDialog):
    """Step 6: the tenant to synchronize to."""

    SEND = "Test and save"

    def fields(self) -> Iterable[Widget]:
        """Yield the id of the target."""
        yield Field("Target tenant id", "target", cast("ConnectionAnswers", self.defaults).tenant_id)

    def asked(self) -> Answers:
        """Return the id."""
        return ConnectionAnswers(self.answers()["target"].strip())


class SettingsDialog(StepDialog):
    """Step 10: the mail, and the number of deletions that stops a cycle."""

    SEND = "Save"

    def fields(self) -> Iterable[Widget]:
        """Yield address, switch and number."""
        answers = cast("SettingsAnswers", self.defaults)
        on_off = [("on", "On"), ("off", "Off")]
        yield Field("Quarantine mail", "mail", answers.mail, hint="one address, of a person or a group")
        yield Choice("Hold deletions", "hold", on_off, "off" if answers.threshold is None else "on")
        yield Field("Threshold", "threshold", str(answers.threshold or 500))
        yield Static(
            muted("A cycle that would delete or disable this many people stops, and asks."),
            markup=False,
            classes="hint",
        )

    def asked(self) -> Answers:
        """Return the settings; the threshold is a whole number above 0."""
        answers = self.answers()
        if answers["hold"] == "off":
            return SettingsAnswers(answers["mail"].strip(), None)
        number = answers["threshold"].strip()
        if not (number.isascii() and number.isdigit() and int(number) > 0):
            raise InvalidInput("Threshold: a whole number above 0", f"{number or 'Nothing'} is none.")
        return SettingsAnswers(answers["mail"].strip(), int(number))


class StartDialog(StepDialog):
    """Step 12: start the job."""

    SEND = "Start"


class LeaveDialog(StepDialog):
    """Step 14: whether external users may leave by themselves."""

    NOTHING = "Nothing will be sent: the setting stays, and that you decided so is kept here."
    KEEPS = True

    def fields(self) -> Iterable[Widget]:
        """Yield the switch."""
        allowed = cast("LeaveAnswers", self.defaults).allowed
        yield Choice("May leave", "leave", YES_NO, "yes" if allowed else "no")

    def verb(self) -> str:
        """Keep what is, or send what is to be."""
        return "Send" if self.sends() else "Keep"

    def asked(self) -> Answers:
        """Return the choice."""
        return LeaveAnswers(self.answers()["leave"] == "yes")
