"""The list of attribute mappings with what each makes of one person, and the tabs beside it."""

import asyncio
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
from xtsync_tui.ui.screens.mappings import effect_text, text
from xtsync_tui.ui.screens.mappings.actions import ActionsPanel
from xtsync_tui.ui.screens.mappings.filters import FiltersPanel
from xtsync_tui.ui.screens.mappings.listing import MappingsPanel
from xtsync_tui.ui.screens.mappings.panel import DraftPanel
from xtsync_tui.ui.screens.mappings.raw import RawPanel, document_text
from xtsync_tui.ui.screens.reading import ReadingScreen
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.mappings.changes import Change, changes
from xtsync_tui.workspace.mappings.draft import Draft, Row, imported, rows
from xtsync_tui.workspace.mappings.effects import effects, in_scope
from xtsync_tui.workspace.mappings.reading import (
    NO_CONFIGURATION,
    MappingsReading,
    SeveralConfigurations,
)
from xtsync_tui.workspace.mappings.saving import Overtaken, planned, reading_request
from xtsync_tui.workspace.mappings.unfinished import Unfinished
from xtsync_tui.workspace.schema import filter_groups

if TYPE_CHECKING:
    from xtsync_tui.workspace.mappings.service import Mappings
    from xtsync_tui.workspace.pair import Workspace

_FILTER_KEYS = [
    ("open", "Edit"), ("new", "Clause"), ("new_filter", "Filter"), ("delete", "Remove"), ("undo", "Undo all"),
    ("why", "Who"), ("send", "Save"), ("compare", "Compare"), ("tab_on", "Tab on"), ("request", "Request"),
]  # fmt: skip
_CLAUSE_KEYS = [("send", "Save"), ("candidates", "What fits"), ("back", "To the list")]
_ACTION_KEYS = [
    ("open", "On or off"),
    ("undo", "Undo"),
    ("compare", "Compare"),
    ("send", "Save"),
    ("tab_on", "Tab on"),
]
_RAW_KEYS = [
    ("copy", "Copy all"), ("export", "Export"), ("import", "Import"), ("defaults", "Restore defaults"),
    ("compare", "Compare"), ("send", "Save"), ("tab_on", "Tab on"),
]  # fmt: skip
_DRAFT_FIRST = "There is a draft of this configuration: save or undo it first."
WIDE = 100


class MappingsScreen(ReadingScreen[MappingsReading]):
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
- **c** lists what the draft changes. **f2** shows what saving does; nothing is sent before.

A draft stays until it is saved or undone, also when you leave this screen.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("open", "Edit"), key("new", "Add"), key("delete", "Remove"), key("undo"), key("compare"),
        key("person"), key("send", "Save"), key("tab_on", "Tab on"), key("filter"), key("request"),
        key("import"), key("defaults", "Restore defaults"), key("edit", show=False),
        key("new_filter", show=False), key("candidates", show=False), key("why", show=False),
        key("fix", show=False), key("copy", show=False), key("export", show=False),
        key("restart", "Full cycle", show=False), key("configuration", show=False),
    ]  # fmt: skip

    left: Unfinished | None = None
    """What is left of the last save."""
    _read_so_far = 0
    _wanted = ""
    """The configuration that was chosen here, "" for the one of this pair."""

    @property
    def own(self) -> "Mappings":
        """The mappings of the pair."""
        return self.workspace.mappings

    @property
    def now_draft(self) -> Draft | None:
        """The draft, None before anything was read."""
        return self.own.draft if self.xtsync.has_pair else None

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
    def actions(self) -> ActionsPanel:
        """The tab of the object actions."""
        return self.query_one(ActionsPanel)

    @property
    def table(self) -> Table[Any] | None:
        """The list of the tab that is shown."""
        if not self.is_mounted or self.tab == "raw":
            return None
        tables = {"filters": "#filter-clauses", "actions": "#object-actions"}
        return self.query_one(tables.get(self.tab, "#mapping-rows"), Table)

    def show_tab(self, tab: str) -> None:
        """Show one tab, with the focus where its keys work."""
        for name, _ in self.TABS:
            self.query_one(f"#{name}-tab").display = name == tab
        self.refresh_draft()
        self.screen.set_focus(self.table or self.query_one("#raw-text"))

    def footer_ids(self) -> list[tuple[str, str]]:
        """Return the keys of the tab that is shown."""
        filter_keys = _CLAUSE_KEYS if self.is_mounted and self.filters.editing else _FILTER_KEYS
        own = {"filters": filter_keys, "actions": _ACTION_KEYS, "raw": _RAW_KEYS}.get(self.tab)
        found = super().footer_ids()
        if own is not None:
            found = [*own, *found[-len((*self.AFTER, *self.TAIL)) :]]
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
            return await workspace.mappings.read(self._wanted)
        except SeveralConfigurations as several:
            chosen = [part for part in self.wanted.split() if part in dict(several.others)]
            if not chosen:
                raise
            self._wanted = chosen[0]
            return await workspace.mappings.read(self._wanted)

    def come(self, to: str) -> None:
        """Show it; where a configuration has to be chosen, it may be that one."""
        super().come(to)
        if self.error is not None and self.data is None:
            self.load()

    def show_wanted(self, to: str) -> None:
        """Show a tab by its name, a configuration by its object id, both, or the mapping of an attribute."""
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
        self._wanted = configuration
        self.load()

    def show(self, data: MappingsReading) -> None:  # noqa: ARG002 - the draft holds it
        """Show the mappings, and read the people if that was not done."""
        self._tell_left()
        self.refresh_draft()
        self._read_people()

    def _fail(self, error: XtSyncError) -> None:
        super()._fail(error)
        if self.standing:
            # The header says that reading failed; what is left of a save is more urgent.
            self.say(self.standing)

    @work(exclusive=True, group="people")
    async def _read_people(self) -> None:
        own = self.own
        try:
            crowd = await own.read_people(self._progress)
            base, sync_all = own.opened.schema, own.opened.sync_all
            self.mappings.people = await asyncio.to_thread(
                in_scope, base, crowd, own.bench(base), sync_all=sync_all
            )
        except XtSyncError as error:
            self.say(f"! People of SOURCE not read: {clean(error.title)}")
            return
        finally:
            self._read_so_far = 0
        self.refresh_draft()

    def _progress(self, count: int) -> None:
        self._read_so_far = count
        self.refresh_frame()

    def refresh_draft(self) -> None:
        """Show the draft as it is now."""
        if self.now_draft is None or self.own.reading is None or self.closing:
            return
        self.mappings.refresh_draft()
        self._tell_draft()
        for panel in (self.filters, self.actions, self.query_one(RawPanel)):
            if panel.display:
                panel.refresh_draft()
        self.refresh_frame()
        self.refresh_bindings()

    def _tell_left(self) -> None:
        # The journal tells it: slow, and only reading and writing change it, not a key in the draft.
        self.left = self.own.unfinished
        self.standing = text.left(self.left)

    def _tell_draft(self) -> None:
        count = len(self.changes)
        unknown = self.standing if self.left is Unfinished.SAVE_UNKNOWN else ""
        words = unknown or "nothing sent · f2 shows what saving does"
        self.draft = f"{text.draft_words(count)}, {words}" if count else ""

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the draft changes."""
        draft = self.now_draft
        return changes(draft.base, draft.document) if draft is not None and draft.edited else ()

    # The frame -----------------------------------------------------------------------------------------

    @property
    def mapping_table(self) -> Table[Row]:
        """The list of mappings."""
        return self.mappings.table

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

    @on(Table.Moved, "#mapping-rows")
    def _moved(self) -> None:
        self.refresh_bindings()

    def on_screen_resume(self) -> None:
        """Show the draft as it was left."""
        super().on_screen_resume()
        if self.data is not None:
            self.refresh_draft()

    # What can be done ----------------------------------------------------------------------------------

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        ready = self.is_mounted and not self.closing
        row = self.mapping_table.row if ready else None
        if ready and self.tab != "mappings" and action in {"person", "new", "delete", "edit", "why"}:
            elsewhere = self._refusal_elsewhere(action)
            if elsewhere:
                return elsewhere
        if action in {"new_filter", "candidates", "why"} and self.tab != "filters":
            return "This belongs to the scoping filters: . goes there."
        if action == "configuration":
            none = "" if self._others else "There is no other configuration."
            return none or (_DRAFT_FIRST if self.changes else "")
        if action == "export" and self.tab == "raw" and self.now_draft is not None:
            return ""
        if action == "send" and (off := self._refusal_to_save()):
            return off
        if action in {"undo", "compare"} and not self.changes:
            return "Nothing is changed: there is no draft."
        if self.tab == "mappings" and action == "delete" and row is not None and text.locked(row):
            return f"{row.target}: {text.locked(row)}."
        if self.tab == "mappings" and action == "undo" and row is not None and not row.mark:
            return f"{row.target} is as it was saved."
        if action == "restart" and not self._cycle_waits:
            return "No save waits for its full cycle: 7 starts others."
        if action == "person" and not self.mappings.people:
            return "No people were read yet."
        return super().refusal(action)

    def _refusal_to_save(self) -> str:
        if self.is_mounted and not self.closing and self.filters.unfinished:
            return "f2 is off: the clause is not finished. esc leaves it."
        return "" if self.changes else "Nothing to save: there is no draft."

    def _refusal_elsewhere(self, action: str) -> str:
        if self.tab == "filters":
            if action == "person":
                return "The filters are tried on everybody."
            if action in {"delete", "edit"} and self.filters.clauses.row is None:
                return "There is no clause. N adds a filter."
            return ""
        if self.tab == "actions" and action == "edit":
            return ""
        return "Nothing can be added or taken out here."

    def requests(self) -> Sequence[Request]:
        """Return what saving the draft would send."""
        reading, draft = self.own.reading, self.now_draft
        if reading is None or draft is None:
            return ()
        if not draft.edited:
            return [reading_request(reading)]
        writes = planned(self.workspace, reading, draft).writes
        return [reading_request(reading), *(each.request for each in writes)]

    def copies(self) -> list[tuple[str, str]]:
        """Return the row, and the whole document as JSON."""
        draft = self.now_draft
        whole = [("schema as JSON", document_text(draft.document))] if draft is not None else []
        return whole if self.tab == "raw" else [*super().copies(), *whole]

    @work
    async def action_export(self) -> None:
        """Write the document to a file on the raw tab; else export the list."""
        draft = self.now_draft
        if self.tab == "raw" and draft is not None:
            stamp = self.workspace.now().strftime("%Y%m%d-%H%M%S")
            self.xtsync.save(document_text(draft.document), f"xtsync-schema-{stamp}.json")
        else:
            super().action_export()

    def raw(self) -> str:
        """Return the raw mapping."""
        return self.mappings.raw()

    @on(Table.Opened, "#filter-clauses")
    def _open_clause(self) -> None:
        self.filters.edit()

    def action_edit(self) -> None:
        """Edit the selected mapping, clause or action."""
        if self.tab == "filters":
            self.filters.edit()
            return
        if self.tab == "actions":
            self.actions.turn(self.actions.query_one(Table).row)
            return
        row = self.mapping_table.row
        if row is not None:
            self.mappings.edit(row)

    def action_new(self) -> None:
        """Add a mapping, or a clause."""
        if self.tab == "filters":
            self.filters.add_clause()
        else:
            self.mappings.edit(None)

    def action_new_filter(self) -> None:
        """Add a scoping filter."""
        self.filters.add_filter()

    @work
    async def action_candidates(self) -> None:
        """List what fits in the field of a clause."""
        await self.filters.list_candidates()

    def action_why(self) -> None:
        """List everybody whom the draft moves, with the reason."""
        from xtsync_tui.ui.screens.page import TextPage

        found = self.filters.effects
        if found is not None:
            self.app.push_screen(TextPage("Who leaves and enters", effect_text.everybody(found)))

    def action_delete(self) -> None:
        """Take the selected mapping or clause out, in the draft."""
        (self.filters if self.tab == "filters" else self.mappings).take_out()

    def action_undo(self) -> None:
        """Bring back what is selected as it is saved."""
        if self.tab == "filters":
            self.filters.undo()
        elif self.tab == "actions":
            self.actions.undo()
        else:
            self.mappings.undo()

    @work
    async def action_person(self) -> None:
        """Choose the person of the last column."""
        from xtsync_tui.ui.screens.mappings.person import choose_person

        chosen = await choose_person(self.xtsync, self.mappings.people, self.mappings.person)
        if chosen is not None:
            self.mappings.show_for(chosen)

    def action_compare(self) -> None:
        """List what the draft changes."""
        from xtsync_tui.ui.screens.page import TextPage

        found = self.changes
        self.app.push_screen(
            TextPage("Changes, not saved", text.change_lines(found), text.draft_words(len(found)))
        )

    @work
    async def action_send(self) -> None:
        """Show what saving does, and save."""
        from xtsync_tui.ui.screens.mappings.save import SaveDialog

        own, draft = self.own, self.own.current
        found = None
        if own.crowd is not None:
            bench, sync_all = own.bench(draft.document), own.opened.sync_all
            found = await asyncio.to_thread(effects, draft, own.crowd, bench, sync_all=sync_all)
        outcome = await self.open_dialog(SaveDialog(own, self.changes, found))
        if isinstance(outcome, Overtaken):
            from xtsync_tui.ui.screens.mappings.overtaken import OvertakenScreen

            await self.app.push_screen(OvertakenScreen(outcome))
            return
        self._tell_left()
        self.refresh_draft()
        if outcome is not None:
            self.load()
            self.say(text.saved(outcome))

    @work
    async def action_restart(self) -> None:
        """Begin the full cycle that a save did not begin."""
        from xtsync_tui.ui.screens.mappings.cycle import CycleDialog

        outcome = await self.open_dialog(CycleDialog())
        if outcome is not None:
            self._tell_left()
            self.refresh_draft()
            self.say("✓ full cycle started")

    @work
    async def action_import_file(self) -> None:
        """Put a document from a file into the draft; what it changes is shown before it is saved."""
        from xtsync_tui.ui.screens.mappings.importing import ImportDialog

        document = await self.open_dialog(ImportDialog(text.draft_words(len(self.changes))))
        draft = self.now_draft
        if document is not None and draft is not None:
            self.own.keep(imported(draft, document))
            self.refresh_draft()
            told = "Imported into the draft: c lists what it changes, nothing was sent."
            self.say(told if self.changes else "The file is the same as what is saved.")

    @work
    async def action_defaults(self) -> None:
        """Bring back the service's default mappings, filters with them."""
        from xtsync_tui.ui.screens.mappings.defaults import DefaultsDialog

        if self.own.reading is None:
            return
        outcome = await self.open_dialog(DefaultsDialog(self.own.reading))
        self._tell_left()
        self.refresh_draft()
        if outcome is not None:
            self.load()
            self.say(text.saved(outcome, "defaults restored"))
