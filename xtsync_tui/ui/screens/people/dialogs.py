"""The dialogs about one person: repair a gate, assign or unassign, provision on demand."""

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.ui.screens.setup.step import not_done
from xtsync_tui.workspace.people.service import PersonView
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import Outcome


class WriteDialog(Dialog[bool]):
    """Says what will happen to one person, and sends the writes; True when all are done."""

    def __init__(self, title: str, words: str, planned: Sequence[Planned]) -> None:
        super().__init__(title, planned[0].side)
        self.words = words
        self.writes = tuple(planned)

    def form(self) -> Iterable[Widget]:
        """Yield what will happen."""
        yield Label(Content(clean(self.words, 1000)), classes="purpose")

    def planned(self) -> Sequence[Planned]:
        """Return the writes."""
        return self.writes

    async def send(self) -> bool:
        """Send them; raises what stopped them."""
        written = await self.workspace.writer.send_all(self.writes)
        failed = next((each.error for each in written if each.error is not None), None)
        if failed is not None:
            raise failed
        return True


class AssignDialog(WriteDialog):
    """Assigns the person directly."""

    SEND = "Assign"

    def __init__(self, view: PersonView, planned: Sequence[Planned]) -> None:
        name = clean(view.reading.name, 40)
        words = "comes into scope directly, whatever groups say. The service can need some minutes to notice."
        super().__init__(f"Assign {name}", f"{name} {words}", planned)


class UnassignDialog(WriteDialog):
    """Takes the direct assignment away; ``still`` names what else keeps the person in scope."""

    SEND = "Unassign"

    def __init__(self, view: PersonView, planned: Sequence[Planned], still: str) -> None:
        name = clean(view.reading.name, 40)
        gone = "leaves the scope. The next cycle deletes the account in TARGET softly: 30 days in the bin."
        words = f"stays in scope {clean(still)}." if still else gone
        super().__init__(f"Unassign {name}", f"{name} {words}", planned)


class SmsDialog(WriteDialog):
    """Switches SMS sign-in off; it cannot be taken back from here."""

    SEND = "Switch off"
    LEVEL = Level.WIDE

    def __init__(self, view: PersonView, planned: Sequence[Planned]) -> None:
        name = clean(view.reading.name, 40)
        words = (
            "can no longer sign in by text message and needs another way. The service then stops skipping."
        )
        super().__init__(f"Switch SMS sign-in off for {name}", f"{name} {words}", planned)


OF_SCOPE = ("member", "enabled", "sms", "assigned", "filters")
"""The gates that keep a person out of scope; the others only keep a cycle from running or arriving."""


class RestoreDialog(WriteDialog):
    """Restores the person from the bin of TARGET; it cannot be taken back from here."""

    SEND = "Restore"
    LEVEL = Level.WIDE

    def __init__(self, view: PersonView, planned: Sequence[Planned]) -> None:
        name = clean(view.reading.name, 40)
        words = "comes back with the same account. Provisioning anew instead could make a duplicate."
        shut = ", ".join(gate.title for gate in view.shut if gate.key in OF_SCOPE)
        again = (
            f" Shut as well: {shut}. A cycle deletes the account again until that is open." if shut else ""
        )
        super().__init__(f"Restore {name}", f"{name} {words}{again}", planned)


REPAIRS: dict[str, type[AssignDialog | SmsDialog | RestoreDialog]] = {
    "sms": SmsDialog,
    "assigned": AssignDialog,
    "clash": RestoreDialog,
}
"""The dialog that opens a gate, by the key of the gate."""


class ProvisionDialog(Dialog[Outcome]):
    """Provisions one person now; what the service answers is shown afterwards, also a refusal."""

    SEND = "Provision"

    def __init__(self, view: PersonView) -> None:
        super().__init__(f"Provision {clean(view.reading.name, 40)}", Side.SOURCE)
        self.view = view

    def form(self) -> Iterable[Widget]:
        """Yield what will happen, as evaluated here."""
        outcome = self.view.judged.outcome or "cannot be told before the service is asked"
        yield Label(Content("The service does this person now, as a cycle would."), classes="purpose")
        yield Label(Content(f"Evaluated here: {clean(outcome, 600)}"), classes="purpose")

    def planned(self) -> Sequence[Planned]:
        """Return the request; what could not be read stops it as a wrong field would."""
        try:
            return self.workspace.people.provisioning(self.view.reading)
        except InvalidInput:
            raise
        except XtSyncError as error:
            raise InvalidInput(error.title, error.detail, error.hint) from error

    async def send(self) -> Outcome:
        """Ask the service; only what brought no answer at all stays in the dialog."""
        outcome = await self.workspace.people.provision(self.view.reading, self.progress)
        if outcome.on_demand is None:
            raise not_done(outcome)
        return outcome
