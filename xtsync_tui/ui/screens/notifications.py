"""The fields of mail on failure and deletion threshold: one form, in Setup and in Configs."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from xtsync_tui.errors import InvalidInput
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.dialog import Level
from xtsync_tui.ui.widgets.form import Choice, Field
from xtsync_tui.workspace.setup import SettingsAnswers

NOT_CHOSEN = ("", "not chosen")
ON_OFF = (("on", "On"), ("off", "Off"))
HOLDS = "A cycle that would delete or disable this many people stops, and asks."
NOTHING_HOLDS = "! Off: nothing holds a cycle that deletes or disables hundreds of people."
UNKNOWN = "? Graph does not say how these are set: each one is asked for, and replaces what is there."


class NotificationFields(Vertical):
    """Address, switch and number; where Graph does not say what is set, nothing is chosen beforehand."""

    def __init__(self, begin: SettingsAnswers) -> None:
        super().__init__(classes="notifications")
        self.begin = begin

    def compose(self) -> ComposeResult:
        """Yield the fields, and what the switch means."""
        begin = self.begin
        hold = "off" if begin.threshold is None else "on"
        hint = "one address, of a person or a group"
        if begin.known:
            yield Field("Mail on failure", "mail", begin.mail, hint=f"{hint}; empty for none")
            yield Choice("Hold deletions", "hold", ON_OFF, hold)
            yield Field("Threshold", "threshold", str(begin.threshold or 500))
        else:
            yield Static(state(UNKNOWN), markup=False, classes="purpose")
            yield Choice("Mail on failure", "mailed", [NOT_CHOSEN, *ON_OFF])
            yield Field("Address", "mail", hint=hint)
            yield Choice("Hold deletions", "hold", [NOT_CHOSEN, *ON_OFF])
            yield Field("Threshold", "threshold", hint="how many; 500 is the service's default")
        yield Static(muted(HOLDS), id="holds", markup=False, classes="hint")

    @on(Choice.Changed, "#hold")
    def _switched(self, event: Choice.Changed) -> None:
        words = state(NOTHING_HOLDS) if event.value == "off" else muted(HOLDS)
        self.query_one("#holds", Static).update(words)

    @property
    def level(self) -> Level:
        """How much to ask: widely before deletions are held no more."""
        was_off = self.begin.known and self.begin.threshold is None
        off = self.is_mounted and self.query_one("#hold", Choice).value == "off"
        return Level.WIDE if off and not was_off else Level.PLAIN

    def answered(self, values: dict[str, str]) -> SettingsAnswers:
        """Return the settings of a form with these ``values``; raises InvalidInput naming the field."""
        if "" in (values.get("mailed", "on"), values["hold"]):
            what = "Mail on failure" if values.get("mailed") == "" else "Hold deletions"
            raise InvalidInput(f"{what}: not chosen", "", "Choose On or Off with left and right.")
        mail = "" if values.get("mailed") == "off" else values["mail"].strip()
        if values.get("mailed") == "on" and not mail:
            raise InvalidInput("Address: nothing typed", "", "Type one address, of a person or a group.")
        threshold = None if values["hold"] == "off" else _whole_number(values["threshold"])
        return SettingsAnswers(mail, threshold)


def _whole_number(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise InvalidInput("Threshold: a whole number above 0", f"{clean(text, 40) or 'Nothing'} is none.")
    return int(text)
