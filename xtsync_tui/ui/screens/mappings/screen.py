"""The mappings of a configuration: the list with what each makes of one person, and the tabs beside it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Request
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.mappings import text
from xtsync_tui.ui.screens.mappings.actions import ActionsPanel
from xtsync_tui.ui.screens.mappings.doing import Doing
from xtsync_tui.ui.screens.mappings.filters import FiltersPanel
from xtsync_tui.ui.screens.mappings.listing import MappingsPanel
from xtsync_tui.ui.screens.mappings.panel import DraftPanel
from xtsync_tui.ui.screens.mappings.raw import RawPanel, document_text
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widths import WIDE
from xtsync_tui.workspace.mappings.draft import Draft, Row, rows
from xtsync_tui.workspace.mappings.reading import (
    NO_CONFIGURATION,
    MappingsReading,
    SeveralConfigurations,
)
from xtsync_tui.workspace.mappings.saving import planned, reading_requests
from xtsync_tui.workspace.mappings.unfinished import Unfinished
from xtsync_tui.workspace.schema import filter_groups

if TYPE_CHECKING:
    from xtsync_tui.workspace.mappings.changes import Change
    from xtsync_tui.workspace.pair import Workspace

_DRAFT_FIRST = "There is a draft of this configuration: save or undo it first."
UNDO = "undo:"
"""What stands before the number of an entry of the journal that another screen wants taken back."""


class MappingsScreen(Doing):
    """Mappings, filters, actions and the raw document of one configuration, and the draft of all of them."""

    MODE = "mappings"
    READS = "mappings"
    TITLE = "Mappings"
    TABS = (
        ("mappings", "Mappings"),
        ("filters", "Scoping filters"),
        ("actions", "Object actions"),
        ("raw", "Raw JSON"),
    )
    AUTO_FOCUS = "#mapping-rows"
    HELP = """\
# Mappings

What each attribute in TARGET is made of, and what that is for one person.

- **enter** edits the selected mapping, **n** adds one, **d** takes one out, **u** undoes it.
- **f3** chooses the person of the last column.
- **,** and **.** go to the scoping filters, the object actions and the raw document.
- **c** lists what the draft changes, **w** whom a full cycle by it creates and removes. **f2** shows what
  saving does; nothing is sent before.
- **x** writes the whole schema to a file, **I** reads one into the draft. **D** brings back the defaults.

A draft stays until it is saved or undone, also when you leave this screen. Take a save back with **u** under
**@**, Changes: it becomes a draft here.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("open", "Edit"), key("send", "Save"), key("new", "Add"), key("delete", "Remove"), key("undo"),
        key("person"), key("compare"), key("tab_on", "Tab on"), key("filter"), key("request"),
        key("why", "Who"), key("import"), key("defaults", "Restore defaults"), key("edit", show=False),
        key("new_filter", show=False), key("candidates", show=False), key("fix", show=False),
        key("copy", show=False), key("export", show=False), key("restart", "Full cycle", show=False),
        key("configuration", show=False),
    ]  # fmt: skip

    left: Unfinished | None = None
    """What is left of the last save."""
    _read_so_far = 0
    _chosen = ""
    """The configuration that was chosen here, "" for the one of this pair."""
    _undo = 0
    """The entry of the journal that is taken back as soon as the schema was read, 0 for none."""

    @property
    def now_draft(self) -> Draft | None:
        """The draft, None before anything was read."""
        return self.own.draft if self.xtsync.has_pair else None

    @property
    def changes(self) -> "tuple[Change, ...]":
        """What the draft changes."""
        return self.own.changes if self.xtsync.has_pair else ()

    def body(self) -> Iterable[Widget]:
        """Yield the parts behind the tabs."""
        yield MappingsPanel()
        yield FiltersPanel()
        yield ActionsPanel()
        yield RawPanel()

    @property
    def mappings(self) -> MappingsPanel:
        """The tab of the attribute mappings."""
        return self.query_one(MappingsPanel)

    @property
    def filters(self) -> FiltersPanel:
        """The tab of the scoping filters."""
        return self.query_one(FiltersPanel)

    @property
    def mapping_table(self) -> Table[Row]:
        """The list of mappings."""
        return self.mappings.table

    @property
    def panel(self) -> DraftPanel:
        """The tab that is shown."""
        return self.query_one(f"#{self.tab}-tab", DraftPanel)

    @property
    def table(self) -> Table[Any] | None:
        """The list of the tab that is shown."""
        return self.panel.table if self.is_mounted else None

    def show_tab(self, tab: str) -> None:
        """Show one tab, with the focus where its keys work."""
        for name, _ in self.TABS:
            self.query_one(f"#{name}-tab").display = name == tab
        self.refresh_draft()
        self.screen.set_focus(self.table or self.query_one("#raw-text"))

    def footer_ids(self) -> list[tuple[str, str]]:
        """Return the keys of the tab that is shown."""
        found = super().footer_ids()
        if self.is_mounted:
            found = [*self.panel.footer(), *found[-len((*self.AFTER, *self.TAIL)) :]]
        waits = [("restart", "Full cycle")] if self._cycle_waits else []
        several = [("configuration", "Configuration")] if self._others else []
        return [*waits, *several, *found]

    @property
    def _others(self) -> tuple[tuple[str, str], ...]:
        """All configurations, id and name, where there are several."""
        if isinstance(self.error, SeveralConfigurations):
            return self.error.others
        others = self.data.others if self.data is not None else ()
        return others if len(others) > 1 else ()

    @property
    def _cycle_waits(self) -> bool:
        return self.left in {Unfinished.NO_CYCLE, Unfinished.CYCLE_UNKNOWN}

    @on(DraftPanel.Edited)
    def _panel_edited(self) -> None:
        self._tell_draft()
        self.refresh_frame()
        self.refresh_bindings()

    # Reading -------------------------------------------------------------------------------------------

    async def read(self, workspace: "Workspace") -> MappingsReading:
        """Read the configuration in use and its schema."""
        try:
            return await workspace.mappings.read(self._chosen)
        except SeveralConfigurations as several:
            chosen = [part for part in self.wanted.split() if part in dict(several.others)]
            if not chosen:
                raise
            self._chosen = chosen[0]
            return await workspace.mappings.read(self._chosen)

    def come(self, to: str) -> None:
        """Show it; where a configuration has to be chosen, it may be that one.

        ``undo:7`` takes back entry 7 of the journal, of the configuration that is named with it, from the
        schema as it is by then.
        """
        parts = to.split()
        undo = [part for part in parts if part.startswith(UNDO)]
        super().come(" ".join(part for part in parts if part not in undo))
        if undo:
            self._undo = int(undo[0].removeprefix(UNDO))
        if (self.error is not None and self.data is None) or (self.data is not None and self._undo):
            self.load()

    def show_wanted(self, to: str) -> None:
        """Show a tab by its name, a configuration by its object id, or the mapping of an attribute."""
        for part in to.split():
            if part in dict(self.TABS):
                self.tab = part
            elif self.data is not None and part in dict(self.data.others):
                self._choose(part)
            else:
                self.tab = "mappings"
                super().show_wanted(part)

    def _choose(self, configuration: str) -> None:
        """Read the mappings of another configuration, unless that would lose a draft."""
        if self.data is not None and configuration == self.data.configuration.id:
            return
        if self.changes:
            self.say(_DRAFT_FIRST)
            return
        self._chosen = configuration
        self.load()

    def show(self, data: MappingsReading) -> None:  # noqa: ARG002 - the draft holds it
        """Show the mappings, and read the people."""
        self.show_draft()
        self._read_people()
        if self._undo:
            entry, self._undo = self.workspace.journal.entry(self._undo), 0
            self.take_back(entry)

    def _fail(self, error: XtSyncError) -> None:
        self._undo = 0
        super()._fail(error)
        if self.standing:
            # The header says that reading failed; what is left of a save is more urgent.
            self.say(self.standing)

    @work(exclusive=True, group="people")
    async def _read_people(self) -> None:
        try:
            await self.own.read_people(self.progress)
        except XtSyncError as error:
            self.say(f"! People of SOURCE not read: {clean(error.title)}")
            return
        finally:
            self.progress(0)
        self.refresh_draft()

    def progress(self, count: int) -> None:
        """Say how many people were read so far, 0 for none."""
        self._read_so_far = count
        self.refresh_frame()

    def settle(self) -> None:
        """End what is typed in a tab: the draft holds it."""
        self.panel.settle()

    def show_draft(self) -> None:
        """Show the draft, and what is left of the last save."""
        # The journal tells it: slow, and only reading and writing change it, not a key in the draft.
        self.left = self.own.unfinished
        overtaken = self.own.overtaken
        self.standing = text.left(self.left) or (text.overtaken(overtaken) if overtaken is not None else "")
        self.refresh_draft()

    def refresh_draft(self) -> None:
        """Show the draft as it is now."""
        if self.now_draft is None or self.own.reading is None or self.closing:
            return
        self.mappings.refresh_draft()
        self._tell_draft()
        for panel in self.query(DraftPanel):
            if panel.display and panel is not self.mappings:
                panel.refresh_draft()
        self.refresh_frame()
        self.refresh_bindings()

    def _tell_draft(self) -> None:
        count = len(self.changes)
        overtaken = self.own.overtaken is not None
        told = self.standing if overtaken or self.left is Unfinished.SAVE_UNKNOWN else ""
        words = told or "nothing sent · f2 shows what saving does"
        self.draft = f"{text.draft_words(count)}, {words}" if count else ""

    # The frame -----------------------------------------------------------------------------------------

    def heading(self) -> str:
        """Return the mode and the configuration."""
        if self.data is None or self.app.size.width < WIDE:
            return "Mappings"
        return f"Mappings · {clean(self.data.name, 40)}"

    def tab_label(self, tab: str) -> str:
        """Return the words of a tab, with how many there are."""
        label = super().tab_label(tab)
        if self.app.size.width < WIDE:
            label = {"filters": "Filters", "actions": "Actions", "raw": "Raw"}.get(tab, label)
        if self.now_draft is None:
            return label
        if tab == "mappings":
            return f"{label} ({len(rows(self.now_draft))})"
        if tab == "filters":
            return f"{label} ({len(filter_groups(self.now_draft.document))})"
        return label

    def summary(self) -> Content:
        """Return what is being read, or the draft."""
        if self._read_so_far:
            return muted(f"reading… {self._read_so_far:,}")
        if self.reading:
            return muted("reading…")
        return state(text.draft_words(len(self.changes)))

    def fix_words(self, error: XtSyncError) -> str:
        """Return where a configuration is made, or that one is chosen here."""
        if isinstance(error, SeveralConfigurations):
            return "choose one"
        return "make one in Setup" if error.title == NO_CONFIGURATION else ""

    async def action_fix(self) -> None:
        """Choose a configuration where there are several, else go to Setup."""
        if isinstance(self.error, SeveralConfigurations):
            self.action_configuration()
        else:
            await self.xtsync.go("setup")

    @work
    async def action_configuration(self) -> None:
        """Choose the configuration whose mappings are shown."""
        from xtsync_tui.ui.screens.choose import choose

        now = self.data.configuration.id if self.data is not None else ""
        chosen = await choose(self.xtsync, "Mappings of which configuration?", self._others, now)
        if chosen:
            self._choose(chosen)

    @on(Table.Moved)
    def _moved(self) -> None:
        self.refresh_bindings()

    def on_screen_resume(self) -> None:
        """Show the draft as it was left."""
        super().on_screen_resume()
        if self.data is not None:
            self.show_draft()

    # Keys ----------------------------------------------------------------------------------------------

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        if action == "configuration":
            none = "" if self._others else "There is no other configuration."
            return none or (_DRAFT_FIRST if self.changes else "")
        if action == "fix" and self.error is None:
            return "Nothing to repair here."
        if action == "restart" and not self._cycle_waits:
            return "No save waits for its full cycle: 7 starts others."
        if action == "export" and self.now_draft is not None:
            return ""
        there = self.is_mounted and not self.closing and self.xtsync.has_pair
        if there and (why := self.panel.refusal(action)):
            return why
        if action == "send" and not self.changes:
            last = f"{self.saved_words} · nothing is left to save" if self.saved_words else ""
            return last or "Nothing to save: there is no draft."
        if action in {"undo", "compare"} and not self.changes:
            return "Nothing is changed: there is no draft."
        if action == "why" and (not self.xtsync.has_pair or self.own.crowd is None):
            return "No people were read yet."
        return super().refusal(action)

    def requests(self) -> Sequence[Request]:
        """Return what saving the draft would send."""
        reading, draft = self.own.reading, self.now_draft
        if reading is None or draft is None:
            return ()
        looks = reading_requests(reading)
        if not draft.edited:
            return looks
        return [*looks, *(each.request for each in planned(self.workspace, reading, draft).writes)]

    def copies(self) -> list[tuple[str, str]]:
        """Return the row, and the whole document as JSON."""
        draft = self.now_draft
        whole = [("schema as JSON", document_text(draft.document))] if draft is not None else []
        return whole if self.tab == "raw" else [*super().copies(), *whole]

    def raw(self) -> str:
        """Return what is selected as JSON."""
        return self.panel.raw()

    def action_edit(self) -> None:
        """Edit the selected mapping, clause or action."""
        self.panel.edit()

    def action_new(self) -> None:
        """Add a mapping, or a clause."""
        self.panel.add()

    def action_new_filter(self) -> None:
        """Add a scoping filter."""
        self.filters.add_filter()

    @work
    async def action_candidates(self) -> None:
        """List what fits in the field of a clause."""
        await self.filters.form.list_candidates()

    def action_delete(self) -> None:
        """Take the selected mapping or clause out, in the draft."""
        self.panel.take_out()

    @work
    async def action_undo(self) -> None:
        """Bring back what is selected as it is saved."""
        await self.panel.undo()

    @work
    async def action_person(self) -> None:
        """Choose the person of the last column."""
        from xtsync_tui.ui.screens.mappings.person import choose_person

        chosen = await choose_person(self.xtsync, self.mappings.choice, self.mappings.person)
        if chosen is not None:
            self.mappings.show_for(chosen)
