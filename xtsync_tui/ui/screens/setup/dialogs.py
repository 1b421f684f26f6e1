"""The dialogs of the steps that ask for little."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side, TenantInformation
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.dialog import Level
from xtsync_tui.ui.screens.notifications import NotificationFields
from xtsync_tui.ui.screens.setup import text
from xtsync_tui.ui.screens.setup.step import StepDialog
from xtsync_tui.ui.widgets.form import Choice, Field
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import (
    Answers,
    ConnectionAnswers,
    LeaveAnswers,
    NameAnswers,
    PartnerAnswers,
    PlanAnswers,
    SettingsAnswers,
    StepReading,
    StepState,
)
from xtsync_tui.workspace.setup.scope import everyone

if TYPE_CHECKING:
    from xtsync_tui.ui.screens.setup.on_demand import OnDemandDialog
    from xtsync_tui.workspace.setup.setup import Setup

YES_NO = (("yes", "Yes"), ("no", "No"))
PAUSE = 0.3
"""Seconds without a key after which a text is looked up."""


def dialog_for(reading: StepReading, setup: "Setup") -> "StepDialog | OnDemandDialog | None":
    """Return the dialog of a step, None for one that only shows something."""
    from xtsync_tui.ui.screens.setup.on_demand import OnDemandDialog
    from xtsync_tui.ui.screens.setup.review import MappingsDialog
    from xtsync_tui.ui.screens.setup.scope import ScopeDialog

    dialogs: dict[int, type[StepDialog | OnDemandDialog]] = {
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
    return made(reading, setup) if made else None


class PlanDialog(StepDialog):
    """Step 1: the shape, who is in scope and what is mapped. Nothing is sent."""

    SEND = "Keep"
    NOTHING = ""  # the purpose says it
    KEEPS = True

    def __init__(self, reading: StepReading, setup: "Setup") -> None:
        super().__init__(reading, setup)
        self.heading = "Plan the set-up"
        self.set_classes("-to-both")

    def _where(self) -> Content:
        return self.both()

    def fields(self) -> Iterable[Widget]:
        """Yield the choices and the note."""
        plan = cast("PlanAnswers", self.defaults)
        shapes = [("one-to-one", "One to one"), ("hub", "Hub and spoke"), ("both-ways", "Both ways")]
        yield Choice("Shape", "shape", shapes, plan.shape)
        yield Static(id="advice", markup=False, classes="hint")
        yield Choice("Who", "who", [("assigned", "Assigned only"), ("all", "All users")], plan.who)
        yield Choice("What is mapped", "what", [("defaults", "Defaults"), ("own", "Own mappings")], plan.what)
        yield Field("Note", "note", plan.note, hint="why, and who agreed")

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


class TenantDialog(StepDialog):
    """A step that asks for a tenant, by id or domain; what that resolves to is shown, and is what counts."""

    NOTHING = ""
    SIDE: ClassVar[Side]
    """The side whose tenant is asked for; the other one looks it up."""

    def __init__(self, reading: StepReading, setup: "Setup") -> None:
        super().__init__(reading, setup)
        self._resolved: tuple[str, str] | None = None
        """The text that was looked up last, and the id of its tenant, "" for none."""

    @property
    def typed(self) -> str:
        """The tenant as it was typed."""
        return self.answers()["tenant"].strip()

    @property
    def tenant(self) -> str:
        """The id of the tenant that was typed, or the text as long as that is not known."""
        known = self.setup.facts.tenant(self.SIDE)
        if self.typed.lower() in {known.id, known.domain.lower()}:
            return known.id
        resolved = self._resolved
        return resolved[1] or self.typed if resolved and resolved[0] == self.typed else self.typed

    def off(self) -> str:
        """Say, too, that the tenant is looked up: only then it is known whether it is the right one."""
        return "off: the tenant is looked up" if self._waits else super().off()

    @property
    def _waits(self) -> bool:
        known = self.tenant == self.setup.facts.tenant(self.SIDE).id
        return not known and (self._resolved is None or self._resolved[0] != self.typed)

    def planned(self) -> Sequence[Planned]:
        """Return the requests, none while the tenant is looked up."""
        return () if self._waits else super().planned()

    def tenant_fields(self, label: str, value: str) -> Iterable[Widget]:
        """Yield the field and what it resolves to."""
        yield Field(label, "tenant", value, hint="tenant id or domain")
        yield Static(id="resolved", markup=False, classes="hint")

    def on_mount(self) -> None:
        """Resolve the tenant of the profile."""
        self._resolve(self.typed)

    @on(Input.Changed, "#tenant")
    def _typed(self, event: Input.Changed) -> None:
        self._resolve(event.value.strip())

    @work(exclusive=True, group="resolve")
    async def _resolve(self, tenant: str) -> None:
        line = self.query_one("#resolved", Static)
        line.update(muted("… looking it up"))
        await self.workspace.pause(PAUSE)
        try:
            found = await self.setup.resolve_tenant(tenant, self.SIDE.other)
        except XtSyncError as error:
            self._resolved = (tenant, "")
            line.update(state(f"✗ {error.title}"))
        else:
            self._resolved = (tenant, found.tenant_id)
            line.update(state(self._found(found)))
        self.refresh_preview()

    def _found(self, found: TenantInformation) -> str:
        parts = (found.display_name, found.default_domain_name, found.tenant_id)
        words = " · ".join(clean(part, 60) for part in parts if part)
        facts = self.setup.facts
        if found.tenant_id == facts.tenant(self.SIDE).id:
            return f"✓ {words}"
        if found.tenant_id == facts.tenant(self.SIDE.other).id:
            return f"✗ {words}: this is {self.SIDE.other.name} itself"
        return f"✗ {words}: another tenant than {self.SIDE.name}"


class PartnerDialog(TenantDialog):
    """Step 2: the source tenant; what it resolves to is shown before it is written."""

    SIDE = Side.SOURCE

    def fields(self) -> Iterable[Widget]:
        """Yield the tenant and, where nobody may invite, the way out."""
        answers = cast("PartnerAnswers", self.defaults)
        yield from self.tenant_fields("Source tenant", answers.tenant)
        if answers.let_invite:
            ways = [("yes", "Let admins invite"), ("no", "Leave as it is")]
            yield Choice("Invitations", "invite", ways, "yes")

    def asked(self) -> Answers:
        """Return the tenant that was typed."""
        return PartnerAnswers(self.tenant, self.answers().get("invite") == "yes")


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


class ConnectionDialog(TenantDialog):
    """Step 6: the tenant to synchronize to."""

    SEND = "Test and save"
    SIDE = Side.TARGET

    def fields(self) -> Iterable[Widget]:
        """Yield the target."""
        yield from self.tenant_fields("Target tenant", cast("ConnectionAnswers", self.defaults).tenant_id)

    def asked(self) -> Answers:
        """Return the tenant that was typed."""
        return ConnectionAnswers(self.tenant)


class SettingsDialog(StepDialog):
    """Step 10: the mail, and the number of deletions that stops a cycle."""

    SEND = "Save"

    def __init__(self, reading: StepReading, setup: "Setup") -> None:
        super().__init__(reading, setup)
        self.settings = NotificationFields(cast("SettingsAnswers", self.defaults))

    def level(self) -> Level:
        """Ask widely before deletions are held no more."""
        return self.settings.level

    def fields(self) -> Iterable[Widget]:
        """Yield address, switch and number."""
        yield self.settings

    def asked(self) -> Answers:
        """Return the settings."""
        return self.settings.answered(self.answers())


class StartDialog(StepDialog):
    """Step 12: start the job; for the first time that begins a full cycle."""

    SEND = "Start"

    def __init__(self, reading: StepReading, setup: "Setup") -> None:
        found = setup.facts.found
        name, id_ = (found.service_principal.display_name, found.service_principal.id) if found else ("", "")
        super().__init__(reading, setup, word=name or id_, word_id=id_)
        self._everyone = bool(found and everyone(found))

    def level(self) -> Level:
        """Ask for the name where everybody is in scope: nobody has counted them."""
        return Level.TYPED if self._everyone else Level.WIDE

    def fields(self) -> Iterable[Widget]:
        """Yield whom the first cycle is about."""
        evidence = (
            {fact.label: fact.value for fact in self.setup.reading[7].facts} if self.setup.reading else {}
        )
        target = clean(self.xtsync.side_view(Side.TARGET).name, 40)
        who = "all users of SOURCE" if self._everyone else evidence.get("Assigned", "who is assigned")
        names = f" ({clean(evidence['Who'], 200)})" if "Who" in evidence and not self._everyone else ""
        filters = self.setup.reading is not None and self.setup.reading[8].state is StepState.DONE
        judged = f" The filters decide who of them is created in TARGET {target}." if filters else ""
        yield Static(state(f"! In scope: {who}{names}.{judged}"), markup=False)


class LeaveDialog(StepDialog):
    """Step 14: whether external users may leave by themselves."""

    NOTHING = "Nothing is sent: the setting stays. Your decision is noted on this machine."
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
