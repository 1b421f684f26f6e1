"""The dialog of step 7: who is in scope, and whom to assign."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from textual import on
from textual.widget import Widget

from xtsync_tui.errors import XtSyncError
from xtsync_tui.ui.screens.chooser import Chooser
from xtsync_tui.ui.screens.dialog import Level
from xtsync_tui.ui.screens.scope_effect import ScopeEffect
from xtsync_tui.ui.screens.setup.step import StepDialog
from xtsync_tui.ui.widgets.form import Choice
from xtsync_tui.workspace.health import threshold
from xtsync_tui.workspace.scope_change import Scope
from xtsync_tui.workspace.setup import Answers, ScopeAnswers, StepReading
from xtsync_tui.workspace.setup.facts import Facts
from xtsync_tui.workspace.setup.scope import everyone

if TYPE_CHECKING:
    from xtsync_tui.workspace.setup.setup import Setup


class ScopeDialog(StepDialog):
    """Assigned only or all, and a search that adds people and groups."""

    SEND = "Assign"

    def __init__(self, reading: StepReading, setup: "Setup") -> None:
        facts = setup.facts
        principal = facts.found.service_principal if facts.found else None
        name, id_ = (principal.display_name, principal.id) if principal else ("", "")
        super().__init__(reading, setup, draft=False, word=name or id_, word_id=id_)
        there = facts.found.principals if facts.found else ()
        self.chooser = Chooser(setup, self.workspace.pause, there)
        self.effect = ScopeEffect(self.workspace, scope_of(facts))
        self._all = bool(everyone(facts.found)) if facts.found else False

    def gathered(self) -> int:
        """Return how many would be assigned."""
        return len(self.chooser.chosen)

    def level(self) -> Level:
        """Ask by how many people are assigned, and by how many the scope concerns."""
        level = self.chooser.level(self.workspace.profile.limits.changes)
        return max(level, self.effect.level, key=list(Level).index)

    def fields(self) -> Iterable[Widget]:
        """Yield search, who is chosen, and the scope with what another one does."""
        answers = cast("ScopeAnswers", self.defaults)
        scope = [("assigned", "Assigned only"), ("all", "All users")]
        yield self.chooser
        yield Choice("Scope", "scope", scope, "all" if answers.everyone else "assigned")
        yield self.effect

    def on_mount(self) -> None:
        """Tell what the planned scope does where it is not the one that is saved."""
        self._tell_effect()

    @on(Chooser.Changed)
    @on(Choice.Changed, "#scope")
    def _tell_effect(self) -> None:
        wanted = self.answers()["scope"] == "all"
        self.effect.ask(other=wanted is not self._all, joining=self.chooser.chosen.values())
        self.refresh_preview()

    @on(ScopeEffect.Changed)
    def _told(self) -> None:
        self.refresh_preview()

    def off(self) -> str:
        """Say, too, that it has to be known first what another scope does to people."""
        return super().off() or self.effect.off

    def asked(self) -> Answers:
        """Return the scope and who is chosen."""
        return ScopeAnswers(self.answers()["scope"] == "all", tuple(self.chooser.chosen.values()))


def scope_of(facts: Facts) -> Scope | XtSyncError | None:
    """Return what the scope is evaluated with, or why it cannot be; None without a job."""
    found = facts.found
    if found is None or found.job is None:
        return None
    job, schema = found.job, found.schema
    if isinstance(job, XtSyncError):
        return job
    if schema is None or isinstance(schema, XtSyncError):
        return schema
    limit = threshold(found.secrets, job)
    return Scope(found.service_principal, job, schema, bool(everyone(found)), limit)
