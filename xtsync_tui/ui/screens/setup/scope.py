"""The dialog of step 7: who is in scope, and whom to assign."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.dialog import Level
from xtsync_tui.ui.screens.reach import level_for, word_of
from xtsync_tui.ui.screens.setup.step import StepDialog
from xtsync_tui.ui.widgets.finder import Finder
from xtsync_tui.ui.widgets.form import Choice
from xtsync_tui.workspace.setup import Answers, Principal, ScopeAnswers, StepReading

if TYPE_CHECKING:
    from xtsync_tui.workspace.setup.setup import Setup


class ScopeDialog(StepDialog):
    """Assigned only or all, and a search that adds people and groups."""

    SEND = "Assign"

    def __init__(self, reading: StepReading, setup: "Setup") -> None:
        super().__init__(reading, setup, draft=False)
        self.chosen: dict[str, Principal] = {}
        self.warnings: dict[str, str] = {}
        self.members: dict[str, int] = {}

    def level(self) -> Level:
        """Ask widely for several people, a group, or everyone; for the name when many are assigned."""
        level = level_for(self.chosen.values(), self.members, self.workspace.profile.limits.changes)
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
        """Yield search, list, what is chosen, and the scope."""
        answers = cast("ScopeAnswers", self.defaults)
        scope = [("assigned", "Assigned only"), ("all", "All users and groups")]
        yield Finder("Search", self._search, self.workspace.pause, marked=lambda who: who.id in self.chosen)
        yield Static(id="chosen", markup=False)
        yield Choice("Scope", "scope", scope, "all" if answers.everyone else "assigned")

    def on_mount(self) -> None:
        """Say that nobody is chosen yet."""
        self._show_chosen()

    async def _search(self, text: str) -> Sequence[Principal]:
        found = (*await self.setup.search_people(text), *await self.setup.search_groups(text))
        # Enter takes the first: what is called exactly so must not stand behind what only begins so.
        return sorted(found, key=lambda who: who.name.casefold() != text.casefold())

    @on(Finder.Taken)
    def _taken(self, event: Finder.Taken) -> None:
        who = event.who
        if self.chosen.pop(who.id, None) is None:
            self.chosen[who.id] = who
            self.warnings[who.id] = who.warning
            if who.kind == "Group":
                self._look_into(who)
        self._show_chosen()
        self.refresh_preview()

    @work(group="members")
    async def _look_into(self, who: Principal) -> None:
        try:
            view = await self.setup.members_and_nested(who.id)
        except XtSyncError as error:
            self.warnings[who.id] = f"Its members cannot be read: {error.title}"
        else:
            self.members[who.id] = len(view.people)
            count = f"{len(view.people)} direct members." if view.people else ""
            self.warnings[who.id] = " ".join(part for part in (who.warning, count, view.warning) if part)
        self._show_chosen()
        self.refresh_preview()

    def _show_chosen(self) -> None:
        lines = [Content.styled(f"Chosen ({len(self.chosen)})", "bold")]
        for who in self.chosen.values():
            warning = clean(self.warnings.get(who.id, ""), 300)
            lines.append(Content(f"  {clean(who.name)}  ") + muted(clean(who.detail)))
            if warning:
                lines.append(Content("  ") + state(f"! {warning}"))
        if not self.chosen:
            lines.append(muted("  Nobody yet. Search above; enter takes the first that is found."))
        else:
            lines.append(muted("  Taking somebody again takes him out."))
        self.query_one("#chosen", Static).update(Content("\n").join(lines))

    def asked(self) -> Answers:
        """Return the scope and who is chosen."""
        return ScopeAnswers(self.answers()["scope"] == "all", tuple(self.chosen.values()))
