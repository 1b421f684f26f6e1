"""The dialog of step 7: who is in scope, and whom to assign."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from textual import on
from textual.widget import Widget

from xtsync_tui.ui.screens.chooser import Chooser
from xtsync_tui.ui.screens.dialog import Level, word_of
from xtsync_tui.ui.screens.setup.step import StepDialog
from xtsync_tui.ui.widgets.form import Choice
from xtsync_tui.workspace.setup import Answers, ScopeAnswers, StepReading

if TYPE_CHECKING:
    from xtsync_tui.workspace.setup.setup import Setup


class ScopeDialog(StepDialog):
    """Assigned only or all, and a search that adds people and groups."""

    SEND = "Assign"

    def __init__(self, reading: StepReading, setup: "Setup") -> None:
        super().__init__(reading, setup, draft=False)
        self.chooser = Chooser(setup, self.workspace.pause)

    def level(self) -> Level:
        """Ask widely for several people, a group, or everyone; for the name when many are assigned."""
        level = self.chooser.level(self.workspace.profile.limits.changes)
        everyone = self.is_mounted and self.answers().get("scope") == "all"
        return Level.WIDE if everyone and level is Level.PLAIN else level

    @property
    def word(self) -> str:
        """The name of the configuration, when many are assigned."""
        facts = self.setup.facts
        if self.level() is not Level.TYPED or facts.found is None:
            return super().word
        principal = facts.found.service_principal
        return word_of(principal.display_name or "", principal.id)

    def fields(self) -> Iterable[Widget]:
        """Yield search, who is chosen, and the scope."""
        answers = cast("ScopeAnswers", self.defaults)
        scope = [("assigned", "Assigned only"), ("all", "All users and groups")]
        yield self.chooser
        yield Choice("Scope", "scope", scope, "all" if answers.everyone else "assigned")

    @on(Chooser.Changed)
    def _chosen(self) -> None:
        self.refresh_preview()

    def asked(self) -> Answers:
        """Return the scope and who is chosen."""
        return ScopeAnswers(self.answers()["scope"] == "all", tuple(self.chooser.chosen.values()))
