"""The tab of the scoping filters: clauses, the form of one of them, and who enters and leaves."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from xtsync_tui.engine.filter_check import is_valid
from xtsync_tui.engine.operators import OPERATORS, key
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, people_count, state
from xtsync_tui.ui.screens.mappings import effect_text
from xtsync_tui.ui.screens.mappings.panel import DraftPanel
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.form import Field, Suggesting
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.mappings.effects import Effects, effects
from xtsync_tui.workspace.mappings.filters import (
    ClauseRow,
    clause_problems,
    clause_rows,
    renamed,
    taken,
    undone_filters,
    with_clause,
    with_filter,
    without_clause,
)
from xtsync_tui.workspace.schema import filter_groups, source_attributes
from xtsync_tui.workspace.setup import Clause

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp

WIDE = 100
BUILT_IN = "Built in, always: internal member, SMS sign-in off, not deleted"


def _and(row: ClauseRow) -> str:
    if row.index:
        return "AND"
    return "OR" if row.group else ""


def _filter_name(row: ClauseRow) -> str:
    return "" if row.index else f"{row.group + 1} {row.name}"


COLUMNS: tuple[Column[ClauseRow], ...] = (
    Column("Filter", _filter_name, most=24),
    Column("", _and, name="and", width=3),
    Column("Attribute", lambda row: row.clause.attribute, most=20),
    Column("Operator", lambda row: row.clause.operator, most=16),
    Column("Value", lambda row: ", ".join(row.clause.values), grow=True, most=30),
)


class FiltersPanel(DraftPanel):
    """Filters: all clauses of one must hold, any one filter is enough."""

    def __init__(self) -> None:
        super().__init__(id="filters-tab")
        self.place: tuple[int, int] | None = None
        """Filter and clause that the form edits; None for a filter that is not there yet."""
        self.editing = False
        self.effects: Effects | None = None
        self._filling = False

    @property
    def clauses(self) -> Table[ClauseRow]:
        """The list of clauses."""
        return self.query_one("#filter-clauses", Table)

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
                with Vertical(id="clause-form"):
                    yield from self._form()
            yield Static(id="effect", markup=False)

    def _form(self) -> Iterable[Widget]:
        yield Field("Filter", "clause-filter", hint="a name")
        yield Field("Attribute", "clause-attribute", hint="f4 lists what may be used", kind=Suggesting)
        yield Field("Operator", "clause-operator", hint="f4 lists those of the service", kind=Suggesting)
        yield Field("Value", "clause-value")
        yield Static(id="clause-help", markup=False)

    # Showing -------------------------------------------------------------------------------------------

    def refresh_draft(self) -> None:
        """Show the filters of the draft, and what they do."""
        draft, reading = self.now_draft, self.own.reading
        if draft is None or reading is None:
            return
        who = "everybody" if reading.sync_all else "assigned"
        said = muted(f"In scope: {who}, and all clauses of at least one filter hold")
        self.query_one("#filters-scope", Static).update(said)
        whole = "Everybody" if reading.sync_all else "Everyone who is assigned"
        self.clauses.empty = f"{whole} is in scope. N adds a filter."
        self.clauses.set_rows(clause_rows(draft))
        lines = [state(clean(each)) for each in taken(draft)[:3]] + [muted(BUILT_IN)]
        self.query_one("#filters-gone", Static).update(Content("\n").join(lines))
        self.query_one("#clause-operator", Suggesting).offer([each.name for each in reading.operators])
        self.query_one("#clause-attribute", Suggesting).offer(source_attributes(draft.document))
        if not self.editing:
            self._fill(self.clauses.row)
        self._work_out()

    def _input(self, name: str) -> Input:
        return self.query_one(f"#clause-{name}", Input)

    @on(Table.Moved, "#filter-clauses")
    def _moved(self, event: Table.Moved) -> None:
        if not self.editing:
            self._fill(event.row)

    def _fill(self, row: ClauseRow | None) -> None:
        clause = row.clause if row else Clause("", "EQUALS")
        self._set(row.name if row else "", clause)
        self.place = (row.group, row.index) if row else None
        self._help()

    def _set(self, name: str, clause: Clause) -> None:
        self._filling = True
        with self.prevent(Input.Changed):
            self._input("filter").value = name
            self._input("attribute").value = clause.attribute
            self._input("operator").value = clause.operator
            self._input("value").value = ", ".join(clause.values)
        self._filling = False

    @work(exclusive=True, group="effect")
    async def _work_out(self) -> None:
        """Count who enters and leaves, in a thread: a large tenant must not hold up a key."""
        draft, crowd, reading = self.now_draft, self.own.crowd, self.own.reading
        if draft is None or crowd is None or reading is None:
            self.effects = None
        else:
            bench = self.own.bench(draft.document)
            self.effects = await asyncio.to_thread(effects, draft, crowd, bench, sync_all=reading.sync_all)
        self._show_effect()

    def on_resize(self) -> None:
        """Lay out the effect for the new width."""
        if self.now_draft is not None:
            self._show_effect()

    def _show_effect(self) -> None:
        box, reading, crowd = self.query_one("#effect", Static), self.own.reading, self.own.crowd
        if reading is None:
            return
        wide = self.app.size.width >= WIDE
        read = f"read {crowd.at:%H:%M}" if crowd else ""
        width = max(box.size.width - 2, 30)
        box.update(
            effect_text.panel(self.effects, reading.threshold, read, width)
            if wide
            else effect_text.strip(self.effects, reading.threshold, self.app.size.width)
        )

    @property
    def unfinished(self) -> bool:
        """Whether a clause is being typed that may not be saved yet: the draft does not hold it."""
        draft = self.now_draft
        return draft is not None and self.editing and not is_valid(clause_problems(draft, self.typed))

    # Editing -------------------------------------------------------------------------------------------

    @property
    def typed(self) -> Clause:
        """The clause as the form stands."""
        name = self._input("operator").value.strip()
        reading = self.own.reading
        known = {each.name.casefold(): each for each in (reading.operators if reading else ())}
        operator = known.get(name.casefold())
        unary = operator.unary if operator else name.upper().startswith("IS ")
        value = self._input("value").value
        values = () if unary or not value else (value,)
        return Clause(self._input("attribute").value.strip(), operator.name if operator else name, values)

    @on(Input.Changed)
    def _typing(self, event: Input.Changed) -> None:
        event.stop()
        if not self._filling and self.editing:
            self._apply()

    def _apply(self) -> None:
        """Put a clause that may be saved into the draft; else say what is wrong with it."""
        draft, clause, name = self.own.current, self.typed, self._input("filter").value
        if not self._help():
            return
        if self.place is None:
            edited = with_filter(draft, name or "Filter", clause)
            self.place = (len(filter_groups(draft.document)), 0)
        else:
            edited = with_clause(draft, *self.place, clause)
            edited = renamed(edited, self.place[0], name)
        self.own.keep(edited)
        self.refresh_draft()
        self.clauses.select(self.place)
        self.post_message(self.Edited())

    def _help(self) -> bool:
        """Say what is wrong or surprising; return whether the clause may be saved."""
        draft, box = self.now_draft, self.query_one("#clause-help", Static)
        if draft is None or (self.place is None and not self.editing):
            box.update("")
            return False
        found = clause_problems(draft, self.typed)
        good = is_valid(found)
        lines = [state(f"{'✗' if one.severity == 'error' else '!'} {clean(one.message)}") for one in found]
        if good and self.typed.operator.upper() != "IS NULL":
            lines += self._nulls()
        lines.append(muted(self._keys()))
        box.update(Content("\n").join(lines))
        return good

    def _keys(self) -> str:
        if not self.editing:
            return "enter edits it"
        field = self.screen.focused
        grey = field.suggested if isinstance(field, Suggesting) else ""
        return f"enter takes {clean(grey)}" if grey else "enter next field · esc to the list · f4 what fits"

    def _nulls(self) -> list[Content]:
        """Return the hint for people without a value: every operator but IS NULL is false for them."""
        crowd, name = self.own.crowd, self.typed.attribute
        if crowd is None:
            return []
        empty = sum(not person.record.get(name) for person in crowd.people)
        if not empty:
            return []
        have = f"{people_count(empty)} {'has' if empty == 1 else 'have'} no {clean(name)}"
        return [state(f"! {have} and are out. To keep them: a filter with IS NULL.")]

    def edit(self) -> None:
        """Edit the selected clause."""
        if self.clauses.row is not None:
            self._begin("attribute")

    def add_clause(self) -> None:
        """Begin one more clause (AND) in the selected filter; without any, a first filter."""
        row, draft = self.clauses.row, self.now_draft
        if row is None or draft is None:
            self.add_filter()
            return
        self._set(row.name, Clause("", "EQUALS"))
        self.place = (row.group, len(filter_groups(draft.document)[row.group].clauses))
        self._begin("attribute")

    def add_filter(self) -> None:
        """Begin one more filter (OR)."""
        self._set("", Clause("", "EQUALS"))
        self.place = None
        self._begin("filter")

    def _begin(self, field: str) -> None:
        self.editing = True
        self.screen.set_focus(self._input(field))
        self._help()

    def take_out(self) -> None:
        """Take the selected clause out, in the draft."""
        row, draft = self.clauses.row, self.now_draft
        if row is not None and draft is not None:
            self.keep(without_clause(draft, row.group, row.index))

    def undo(self) -> None:
        """Bring all filters back as they are saved."""
        if self.now_draft is not None:
            self.keep(undone_filters(self.now_draft))

    def leave(self) -> None:
        """Go back to the list; a clause that may not be saved is dropped."""
        self.editing = False
        self.screen.set_focus(self.clauses)
        self._fill(self.clauses.row)

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == "clause-value" or (
            event.input.id == "clause-operator" and not self.typed.values and self._help()
        ):
            self.leave()
        else:
            self.screen.focus_next()

    def on_key(self, event: events.Key) -> None:
        """Leave the form with esc."""
        if event.key == "escape" and self.editing:
            event.stop()
            self.leave()

    async def list_candidates(self) -> None:
        """List the attributes or the operators, whichever field has the focus. Only inside a worker."""
        from xtsync_tui.ui.screens.choose import choose

        draft, reading = self.now_draft, self.own.reading
        if draft is None or reading is None:
            return
        app = cast("XtSyncApp", self.app)
        off: list[str] = []
        operators = getattr(self.screen.focused, "id", "") == "clause-operator"
        if operators:
            options = [(one.name, f"{one.name}  {', '.join(one.types)}") for one in reading.operators]
            known = {key(one.name) for one in reading.operators}
            off = [each.name for each in OPERATORS if known and key(each.name) not in known]
            options += [(name, f"{name}  – this service does not list it") for name in off]
        else:
            options = [(name, name) for name in source_attributes(draft.document)]
        chosen = await choose(app, "Operator" if operators else "Attribute", options, off=off)
        if chosen:
            self._input("operator" if operators else "attribute").value = chosen
