"""The dialogs that change access settings: a value, a partner more, a partner less."""

from collections.abc import Iterable, Mapping, Sequence

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.model import Side, TenantInformation
from xtsync_tui.text import clean
from xtsync_tui.ui.render import facts, muted, state
from xtsync_tui.ui.screens.access.text import external_words, named, setting_words
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.ui.screens.sending import send_planned
from xtsync_tui.ui.widgets.form import LABEL, Choice, Field
from xtsync_tui.workspace.access_editing import now, overtaken, plan_addition, plan_edit, plan_removal
from xtsync_tui.workspace.access_reading import AccessReading, PartnerRow
from xtsync_tui.workspace.access_settings import SettingRow
from xtsync_tui.workspace.external import ExternalRow, plan_external
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import Mark

PAUSE = 0.3
"""Seconds without a key after which a tenant is looked up."""

WORDS = {"inherit": "Inherit", "allowed": "Allowed", "blocked": "Blocked", "on": "On", "off": "Off"}


class AccessDialog(Dialog[str]):
    """A dialog of this screen: dismissed with what was done, in words.

    Both tenants are read again before anything is sent: where that would change the requests nothing is sent.
    """

    HELP = """
Shows what would be sent. **f2** reads both tenants again and sends it; where somebody has changed the same
meanwhile, nothing is sent and the difference is shown. **esc** leaves and sends nothing.
"""
    reading: AccessReading

    def done(self) -> str:
        """Return what was done, for the status line."""
        raise NotImplementedError

    def plan(self, reading: AccessReading, values: Mapping[str, str]) -> Sequence[Planned]:
        """Return the requests, given what was read and the values of the form."""
        raise NotImplementedError

    def planned(self) -> Sequence[Planned]:
        """Return the requests as the form stands."""
        return self.plan(self.reading, self.answers())

    def off(self) -> str:
        """Say also that there is nothing to send."""
        if why := super().off():
            return why
        try:
            return "" if self.planned() else "off: nothing is changed"
        except InvalidInput:
            return "off: see above"

    async def send(self) -> str:
        """Send the requests; raises what stopped them."""
        values, done = self.answers(), self.done()
        shown = [each.request for each in self.plan(self.reading, values)]
        before, after = self.reading, await self.workspace.access.read()
        planned = self.plan(after, values)  # raises what could not be read: the form stays as it is then
        self.reading = after
        if [each.request for each in planned] != shown:
            raise overtaken(before, after, self.to)
        await send_planned(self.workspace, planned)
        return done


class ValueDialog(AccessDialog):
    """One setting on one side: its value, what that does, and the requests."""

    SEND = "Save"

    def __init__(
        self, row: SettingRow | ExternalRow, which: Side, reading: AccessReading, choice: str = ""
    ) -> None:
        self.key = row.setting.key if isinstance(row, SettingRow) else row.key
        self.which, self.reading = which, reading
        title = row.setting.title if isinstance(row, SettingRow) else row.title
        super().__init__(title, which, joint=" · ")
        self.first = choice or self.before

    @property
    def row(self) -> SettingRow | ExternalRow:
        """The setting as it was read last."""
        return self.reading.row(self.key)

    @property
    def before(self) -> str:
        """The choice that is in force."""
        if isinstance(self.row, SettingRow):
            return now(self.row.setting, self.reading, self.which)
        value = self.row.values[self.which]
        if isinstance(value, XtSyncError):
            raise value
        return value

    def _mark(self) -> Mark:
        if isinstance(self.row, SettingRow):
            return self.row.cells[self.which].mark
        return self.row.mark(self.which)

    def level(self) -> Level:
        """Ask widely where another value can stop synchronization for everybody."""
        return Level.WIDE if self._mark() is Mark.GOOD else Level.PLAIN

    def form(self) -> Iterable[Widget]:
        """Yield what it is for, the values and what the chosen one does."""
        purpose = self.row.setting.told(self.which) if isinstance(self.row, SettingRow) else self.row.purpose
        names = {each: self.xtsync.side_view(each).name for each in Side}
        yield Static(named(purpose, self.which, names), markup=False, classes="purpose")
        yield Static(id="access-now", markup=False)
        yield Choice("Value", "value", self._options(), self.first)
        yield Static(id="access-effect", markup=False, classes="hint")

    def _options(self) -> list[tuple[str, str]]:
        if isinstance(self.row, ExternalRow):
            return list(self.row.choices.items())
        default = self.row.cells[self.which].default
        words = {**WORDS, "inherit": f"Inherit ({default})"}
        limited = [("limited", "Limited")] if self.before == "limited" else []
        return [*limited, *((each, words[each]) for each in self.row.setting.choices)]

    def refresh_preview(self) -> None:
        """Say also what it is now, and what the chosen value does."""
        super().refresh_preview()
        words = (
            setting_words(self.row, self.which)
            if isinstance(self.row, SettingRow)
            else external_words(self.row, self.which)
        )
        self.query_one("#access-now", Static).update(
            facts([("Now", clean(words, 200))], LABEL, within=self.columns)
        )
        self.query_one("#access-effect", Static).update(self._effect(self.answers()["value"]))

    def _effect(self, choice: str) -> Content:
        if choice == self.before:
            return muted("This is the value now.")
        if self.before == "limited":
            return state(
                "! The people and applications it is limited to are replaced; u under @ brings them back."
            )
        if self._stops(choice):
            return state("! This stops synchronization: nobody new arrives, and changes do not either.")
        if isinstance(self.row, SettingRow) and self.row.setting.opens(self.which) and choice == "allowed":
            here, other = (clean(self.xtsync.side_view(each).name) for each in (self.which, self.which.other))
            return state(f"! This pair does not need it. It lets {other} create and change people in {here}.")
        return Content("")

    def _stops(self, choice: str) -> bool:
        if isinstance(self.row, ExternalRow):
            return self._mark() is not Mark.NONE and choice == "none"
        cell, setting = self.row.cells[self.which], self.row.setting
        taken = cell.default if choice == "inherit" else choice
        return setting.stands_on(self.which) and taken != setting.good

    def plan(self, reading: AccessReading, values: Mapping[str, str]) -> Sequence[Planned]:
        """Return the requests that set the chosen value."""
        choice, row = values["value"], reading.row(self.key)
        if isinstance(row, ExternalRow):
            return plan_external(self.workspace.clients, row, self.which, choice)
        if choice == "limited":
            return ()
        return plan_edit(self.workspace.clients, reading, self.which, row.setting, choice)

    def done(self) -> str:
        """Return what was set."""
        words = dict(self._options())[self.answers()["value"]]
        return f"{self.heading}: {words.lower()} in {self.which.name}"


class AddPartnerDialog(AccessDialog):
    """A tenant by id or domain; who it is is shown before it is added."""

    SEND = "Add"

    def __init__(self, which: Side, reading: AccessReading) -> None:
        super().__init__("Add partner", which, draft_key=f"partner of {which.name}")
        self.which, self.reading = which, reading
        self.found: TenantInformation | None = None

    def form(self) -> Iterable[Widget]:
        """Yield the tenant and what it resolves to."""
        yield Field("Tenant", "tenant", hint="a tenant id, or a domain such as contoso.com")
        yield Static("", id="access-found", markup=False, classes="hint")
        yield Static(
            muted("Everything is left to the default until it is set."), markup=False, classes="hint"
        )

    @on(Input.Changed, "#tenant")
    @work(exclusive=True, group="resolve")
    async def _resolve(self, event: Input.Changed) -> None:
        self.found = None
        line = self.query_one("#access-found", Static)
        if event.value.strip():
            line.update(muted("… looking it up"))
            await self.workspace.pause(PAUSE)
            try:
                self.found = await self.workspace.access.resolve(self.which, event.value)
            except XtSyncError as error:
                line.update(state(f"✗ {clean(error.title)}"))
            else:
                line.update(self._found_words(self.found))
        else:
            line.update("")
        self.refresh_preview()

    def _found_words(self, found: TenantInformation) -> Content:
        try:
            self.planned()
        except InvalidInput:
            return Content(_who(found))
        return state(f"✓ {_who(found)}")

    def plan(self, reading: AccessReading, values: Mapping[str, str]) -> Sequence[Planned]:  # noqa: ARG002
        """Return the request, once it is known who the tenant is."""
        if self.found is None:
            return ()
        return plan_addition(self.workspace.clients, reading, self.which, self.found.tenant_id)

    def off(self) -> str:
        """Say that the tenant has to be known first."""
        return super().off() if self.found is not None else "off until the tenant is found"

    def done(self) -> str:
        """Return who was added."""
        return f"{_who(self.found)} is a partner of {self.which.name}" if self.found else ""


class RemovePartnerDialog(AccessDialog):
    """A partner less: what it may synchronize in first, then the entry; its name is typed."""

    LEVEL = Level.TYPED
    SEND = "Remove"

    def __init__(self, row: PartnerRow, reading: AccessReading) -> None:
        super().__init__(
            f"Remove partner {row.label}", row.side, word=row.label, word_id=row.partner.tenant_id
        )
        self.row, self.reading = row, reading

    def form(self) -> Iterable[Widget]:
        """Yield what becomes of it."""
        partner, here = clean(self.row.label, 60), self._where().plain
        lines = [
            Content(f"{partner} gets the default settings of {here} again. To undo: @, Changes, u."),
        ]
        if self.row.partner.identity_synchronization is not None:
            lines.append(
                state(f"! Its right to synchronize users in is removed first. People already in {here} stay.")
            )
        if self.row.of_pair:
            lines.append(state("! It is the other side of this profile: synchronization stops."))
        yield Static(Content("\n").join(lines), markup=False, classes="purpose")

    def plan(self, reading: AccessReading, values: Mapping[str, str]) -> Sequence[Planned]:  # noqa: ARG002
        """Return the requests, in the order that Graph wants; none for a partner that is gone."""
        listed = reading.sides[self.row.side].partners
        if isinstance(listed, XtSyncError):
            raise listed
        row = next((each for each in reading.partners() if each.id == self.row.id), None)
        return plan_removal(self.workspace.clients, row.side, row.partner) if row is not None else ()

    def done(self) -> str:
        """Return who was removed."""
        return f"{clean(self.row.label)} is no partner of {self.row.side.name} any more"


def _who(found: TenantInformation) -> str:
    parts = (found.display_name, found.default_domain_name, found.tenant_id)
    return " · ".join(clean(part) for part in parts if part)
