"""The tab of the scoping filters: clauses, the form of one of them, and who enters and leaves."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.mappings import effect_text
from xtsync_tui.ui.screens.mappings.clause_form import NEW, ClauseForm
from xtsync_tui.ui.screens.mappings.panel import DraftPanel, stakes
from xtsync_tui.ui.screens.mappings.raw import document_text
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.drawn import Drawn
from xtsync_tui.ui.widgets.form import Suggesting
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widths import WIDE
from xtsync_tui.workspace.mappings.changes import Part
from xtsync_tui.workspace.mappings.filters import (
    ClauseRow,
    clause_rows,
    free_name,
    raw_filter,
    renamed,
    taken,
    undone_filters,
    with_clause,
    with_filter,
    without_clause,
)
from xtsync_tui.workspace.schema import filter_groups, source_attributes
from xtsync_tui.workspace.setup.answers import Clause
from xtsync_tui.workspace.setup.scope import clause_words

if TYPE_CHECKING:
    from xtsync_tui.workspace.mappings.draft import Draft
    from xtsync_tui.workspace.mappings.effects import Effects
    from xtsync_tui.workspace.mappings.reading import MappingsReading

BUILT_IN = "Built in, always: internal member, SMS sign-in off, not deleted"
CLAUSE_KEYS = (("send", "Save"), ("candidates", "What fits"), ("back", "To the list"))
"""The keys while a clause is typed: no letter among them."""


def _and(row: ClauseRow) -> str:
    if row.index:
        return "AND"
    return "OR" if row.group else ""


def _filter_name(row: ClauseRow) -> str:
    return "" if row.index else f"{row.group + 1} {row.name}"


COLUMNS: tuple[Column[ClauseRow], ...] = (
    # The name gives way first: the value is what tells two clauses apart.
    Column("Filter", _filter_name, grow=True, most=24),
    Column("", _and, name="and", width=3),
    Column("Attribute", lambda row: row.clause.attribute, most=20),
    Column("Operator", lambda row: row.clause.operator, most=16),
    Column("Value", lambda row: ", ".join(row.clause.values), grow=True, most=40),
)


class FiltersPanel(DraftPanel):
    """Filters: all clauses of one must hold, any one filter is enough."""

    FOOTER = (
        ("open", "Edit"), ("send", "Save"), ("new", "Clause"), ("new_filter", "Filter"), ("delete", "Remove"),
        ("undo", "Undo all"), ("why", "Who"), ("compare", "Compare"), ("tab_on", "Tab on"),
        ("request", "Request"),
    )  # fmt: skip
    OFF: ClassVar[Mapping[str, str]] = {"person": "The filters are tried on everybody."}

    def __init__(self) -> None:
        super().__init__(id="filters-tab")
        self.effects: Effects | None = None
        self._begun_with: Draft | None = None
        """The draft before the clause that is edited."""

    @property
    def clauses(self) -> Table[ClauseRow]:
        """The list of clauses."""
        return self.query_one("#filter-clauses", Table)

    @property
    def form(self) -> ClauseForm:
        """The form of one clause."""
        return self.query_one(ClauseForm)

    def compose(self) -> ComposeResult:
        """Yield the list and the form at the left, the effect at the right."""
        with Horizontal(id="filters-split"):
            with Vertical(id="filters-left"):
                yield Static(id="filters-scope", markup=False)
                table: Table[ClauseRow] = Table(
                    COLUMNS,
                    lambda row: (row.group, row.index),
                    flag=lambda row: row.mark or " ",
                    id="filter-clauses",
                )
                yield table
                yield Static(id="filters-gone", markup=False)
                yield ClauseForm()
            yield Drawn(self._effect, "effect")

    # Showing -------------------------------------------------------------------------------------------

    def refresh_draft(self) -> None:
        """Show the filters of the draft, and what they do."""
        draft, reading, form = self.now_draft, self.own.reading, self.form
        if draft is None or reading is None:
            return
        whole = "Everybody" if reading.sync_all else "Everyone who is assigned"
        self.query_one("#filters-scope", Static).update(self._scope())
        self.clauses.empty = f"{whole} is in scope. N adds a filter."
        self.clauses.set_rows(clause_rows(draft))
        lines = [state(clean(each)) for each in taken(draft)[:3]] + [muted(BUILT_IN)]
        self.query_one("#filters-gone", Static).update(Content("\n").join(lines))
        form.query_one("#clause-operator", Suggesting).offer([each.name for each in reading.operators])
        form.query_one("#clause-attribute", Suggesting).offer(source_attributes(draft.document))
        if form.editing and not self._is_there(form.place):
            form.leave()
        elif not form.editing:
            form.fill(self.clauses.row)
        self._work_out()

    def _scope(self) -> Content:
        reading = self.own.opened
        if reading.settings_unread is not None:
            why = clean(reading.settings_unread.title)
            return state(f"? In scope: cannot tell if assigned only or all users ({why})")
        who = "all users" if reading.sync_all else "assigned only"
        return muted(f"In scope: {who}, and all clauses of at least one filter hold")

    def _is_there(self, place: tuple[int, int] | None) -> bool:
        """Whether a clause can still be put there: behind the last one of a filter, too."""
        groups = filter_groups(self.own.current.document)
        return place is None or (place[0] < len(groups) and place[1] <= len(groups[place[0]].clauses))

    def _held(self) -> Clause | None:
        """Return the clause that the draft holds where one is edited, None where it is a new one."""
        groups, place = filter_groups(self.own.current.document), self.form.place
        if place is None or not self._is_there(place) or place[1] == len(groups[place[0]].clauses):
            return None
        return groups[place[0]].clauses[place[1]]

    @on(Table.Moved, "#filter-clauses")
    def _moved(self, event: Table.Moved) -> None:
        if not self.form.editing:
            self.form.fill(event.row)

    @work(exclusive=True, group="effect")
    async def _work_out(self) -> None:
        self.effects = await self.own.effects() if self.now_draft is not None else None
        for drawn in self.query(Drawn):  # none any more where the screen was closed meanwhile
            drawn.redraw()

    def _effect(self, width: int, height: int) -> Content:
        reading = self.own.reading if self.xtsync.has_pair else None
        if reading is None:
            return Content("")
        if self.form.unfinished:
            # The draft does not hold what is typed: its numbers must not look like those with it.
            held = self._held()
            what = f"with {clause_words(held)}" if held is not None else "without the clause"
            note = state(f"! Not finished: this is {clean(what, 200)}.").wrap(width)
            return Content("\n").join([*note, self._told(reading, width, height - len(note))])
        return self._told(reading, width, height)

    def _told(self, reading: "MappingsReading", width: int, height: int) -> Content:
        crowd = self.own.crowd
        edited = any(change.part is Part.FILTER for change in self.own.changes)
        hint = "esc, then w lists all" if self.form.editing else "w lists all"
        measured = stakes(reading)
        if self.app.size.width < WIDE:
            return effect_text.strip(self.effects, measured, width, height, hint=hint, edited=edited)
        read = f"read {crowd.at:%H:%M}" if crowd else ""
        return effect_text.panel(self.effects, measured, width, height, read=read, hint=hint, edited=edited)

    # Editing -------------------------------------------------------------------------------------------

    @on(ClauseForm.Changed)
    def _apply(self) -> None:
        """Put a clause that may be saved into the draft."""
        draft, form = self.own.current, self.form
        if form.unfinished:
            self.query_one("#effect", Drawn).redraw()
            return
        name = form.filter_name or free_name(draft)
        if form.place is None:
            edited = with_filter(draft, name, form.typed)
            form.place = (len(filter_groups(draft.document)), 0)
        else:
            edited = renamed(with_clause(draft, *form.place, form.typed), form.place[0], name)
        self.keep(edited)
        self.clauses.select(form.place)

    @on(ClauseForm.Left)
    def _left(self, event: ClauseForm.Left) -> None:
        begun, draft = self._begun_with, self.now_draft
        if event.given_up and begun is not None and draft is not None and begun.base is draft.base:
            # On the way there it may have been one that can be saved: nobody meant that one.
            self.keep(begun)
        self.screen.set_focus(self.clauses)
        self.form.fill(self.clauses.row)
        self._work_out()
        self.post_message(self.Edited())

    @on(Table.Opened, "#filter-clauses")
    def _open(self, event: Table.Opened) -> None:
        event.stop()
        self.edit()

    def edit(self) -> None:
        """Edit the selected clause."""
        row = self.clauses.row
        if row is not None:
            self.form.begin((row.group, row.index), row.name, None, "attribute")
            self._begun()

    def add(self) -> None:
        """Begin one more clause (AND) in the selected filter; without any, a first filter."""
        row, draft = self.clauses.row, self.now_draft
        if row is None or draft is None:
            self.add_filter()
            return
        place = row.group, len(filter_groups(draft.document)[row.group].clauses)
        self.form.begin(place, row.name, NEW, "attribute")
        self._begun()

    def add_filter(self) -> None:
        """Begin one more filter (OR)."""
        self.form.begin(None, "", NEW, "filter")
        self._begun()

    def _begun(self) -> None:
        self._begun_with = self.now_draft
        self.query_one("#effect", Drawn).redraw()
        self.post_message(self.Edited())

    def settle(self) -> None:
        """End the form: the draft holds its clause, and the next key is for the list."""
        if self.form.editing:
            self.form.leave()

    def take_out(self) -> None:
        """Take the selected clause out, in the draft."""
        row, draft = self.clauses.row, self.now_draft
        if row is not None and draft is not None:
            self.keep(without_clause(draft, row.group, row.index))

    async def undo(self) -> None:
        """Bring all filters back as they are saved; several changes are asked about. Only inside a worker."""
        from xtsync_tui.ui.screens.choose import choose

        draft = self.now_draft
        if draft is None:
            return
        count = sum(bool(row.mark) for row in clause_rows(draft)) + len(
            [each for each in taken(draft) if each.startswith("-")]
        )
        ways = [("undo", f"Undo all {count} changes of the filters"), ("keep", "Keep them")]
        title = "Bring the filters back as they are saved?"
        if count < 2 or await choose(self.xtsync, title, ways) == "undo":
            self.keep(undone_filters(draft))

    # Keys ----------------------------------------------------------------------------------------------

    def footer(self) -> Sequence[tuple[str, str]]:
        """Return its keys; while a clause is typed no letter is one."""
        return CLAUSE_KEYS if self.form.editing else self.FOOTER

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        if action == "send" and self.form.unfinished:
            return "f2 is off: the clause is not finished. esc gives it up."
        if action == "candidates":
            return self.form.off()
        if action in {"delete", "edit", "open"} and self.clauses.row is None:
            return "There is no clause. N adds a filter."
        if action == "undo" and not any(each.part is Part.FILTER for each in self.own.changes):
            return "The filters are as they were saved."
        return super().refusal(action)

    def raw(self) -> str:
        """Return the filter of the selected clause as JSON."""
        row, draft = self.clauses.row, self.now_draft
        return document_text(raw_filter(draft, row.group)) if row is not None and draft is not None else ""
