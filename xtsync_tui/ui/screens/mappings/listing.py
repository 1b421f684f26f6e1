"""The tab of the attribute mappings: the list with what each makes of one person, and one row in words."""

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, people_count, state
from xtsync_tui.ui.screens.mappings import text
from xtsync_tui.ui.screens.mappings.panel import DraftPanel
from xtsync_tui.ui.screens.mappings.raw import document_text
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.detail import Detail
from xtsync_tui.ui.widgets.split import Split
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.mappings.crowd import Person, example
from xtsync_tui.workspace.mappings.draft import Row, raw_row, rows, undone, without_mapping
from xtsync_tui.workspace.mappings.trial import is_unreadable, seen, shown_value, tally

if TYPE_CHECKING:
    from xtsync_tui.engine.mapping import Row as Compiled
    from xtsync_tui.workspace.mappings.draft import Draft

WIDE = 100
MANY = 2000
"""Values of one person are worked out at once; counts of more people than this are left to the save diff."""


HUGE = 140
"""Columns of a terminal from which a whole expression has room."""


class MappingsPanel(DraftPanel):
    """Every mapping of the draft, and what it is for ``person``, one of the ``people`` in scope."""

    def __init__(self) -> None:
        super().__init__(id="mappings-tab")
        self.person: Person | None = None
        self.people: tuple[Person, ...] = ()
        """Who is in scope as the schema is now."""
        self._values: dict[str, str] = {}
        self._compiled: dict[str, Compiled] = {}

    def compose(self) -> ComposeResult:
        """Yield the list above the row in words, and the marks."""
        table: Table[Row] = Table(
            self._columns(), lambda row: row.target, empty="No mapping. n adds one.", flag=text.flag,
            id="mapping-rows",
        )  # fmt: skip
        yield Split(table, below=True)
        yield Static(text.legend(), id="mapping-legend", markup=False)

    @property
    def table(self) -> Table[Row]:
        """The list."""
        return self.query_one("#mapping-rows", Table)

    def _columns(self) -> list[Column[Row]]:
        who = clean(self.person.name, 30) if self.person else "nobody yet"
        return [
            Column("Source", lambda row: row.mapping.source, most=60 if self.app.size.width >= HUGE else 29),
            Column("Target", lambda row: row.target, most=26),
            Column("Type", lambda row: row.mapping.kind.word, priority=2, width=10),
            Column("Apply", lambda row: row.mapping.apply_words, priority=2, width=13),
            Column(f"For {who} (f3)", self._value, self._shown_value, name="value", grow=True, most=30),
        ]

    # Showing -------------------------------------------------------------------------------------------

    def refresh_draft(self) -> None:
        """Show the mappings of the draft, for the same person while that one is there."""
        draft, crowd = self.now_draft, self.own.crowd
        if draft is None:
            return
        if crowd is not None:
            kept = crowd.person(self.person.user.id) if self.person else None
            self.person = kept or example(self.people or crowd.people)
        self._work_out(draft)
        self.table.columns = self._columns()
        self.table.set_rows(rows(draft))
        self._show_row(self.table.row)

    def _work_out(self, draft: "Draft") -> None:
        """Work out every value of the person."""
        bench = self.own.bench(draft.document)
        raws = [raw for row in rows(draft) if (raw := raw_row(draft.document, row.target))]
        self._compiled = {row.target: row for row in bench.compile(raws)}
        person = self.person
        self._values = (
            {}
            if person is None
            else {
                target: seen(row, person, bench.names, unreadable=is_unreadable(row))
                for target, row in self._compiled.items()
            }
        )

    def _value(self, row: Row) -> str:
        return "– removed" if row.mark == "-" else self._values.get(row.target, "…")

    def _shown_value(self, row: Row) -> Content:
        value = clean(self._value(row))
        return state(value) if value[:1] in {"–", "?", "✗"} else Content(value)

    @on(Table.Moved)
    def _moved(self, event: Table.Moved) -> None:
        self._show_row(event.row)

    def _show_row(self, row: Row | None) -> None:
        detail = self.query_one(Detail)
        if row is None or self.now_draft is None:
            detail.show("", Content(""))
            return
        title = " · ".join(part for part in (clean(row.target), text.locked(row)) if part)
        detail.show(title, self._row_text(row))

    def on_resize(self) -> None:
        """Lay out the detail for the new width."""
        self._show_row(self.table.row)

    def _row_text(self, row: Row) -> Content:
        lines = [text.changed(row)]
        compiled = self._compiled.get(row.target)
        draft = self.now_draft
        if compiled is not None and self.person is not None and draft is not None:
            lines.append(self._person_line(row))
            if len(self.people) <= MANY:
                old = raw_row(draft.base, row.target) if row.mark else None
                before = self.own.bench(draft.base).compile([old])[0] if old else None
                found = tally(before if row.mark else compiled, compiled, self.people)
                label = text.padded(muted(f"{people_count(len(self.people))} in scope"))
                words = text.tally_words(found, bool(row.mark))
                lines.append(
                    label
                    + words
                    + muted("    evaluated here, not by the service" if self.app.size.width >= WIDE else "")
                )
        return Content("\n").join(lines)

    def _person_line(self, row: Row) -> Content:
        if self.person is None:
            return Content("")
        name = clean(self.person.name, text.LABEL - 2)
        label = text.padded(Content(name))
        now = "not there" if self.person.target is None else shown_value(self.person.target.get(row.target))
        crowd = self.own.crowd
        unread = crowd is not None and crowd.target_unread is not None
        told = "? cannot tell" if unread else now or "–"
        when = f", read {crowd.at:%H:%M}" if crowd and not unread and self.app.size.width >= WIDE else ""
        here = self._value(row)
        return label + Content(f"here {clean(here)}  ·  in TARGET now {clean(told)}{when}")

    # What can be done ----------------------------------------------------------------------------------

    @on(Table.Opened)
    def _open(self, event: Table.Opened) -> None:
        self.edit(event.row)

    def edit(self, row: Row | None) -> None:
        """Open the form of a mapping, None for a new one; come back with what it kept and its person."""
        from xtsync_tui.ui.screens.mappings.form import MappingForm

        def came_back(_: object) -> None:
            self.person = form.person
            self.refresh_draft()
            if form.kept:
                self.table.select(form.kept)
            self.post_message(self.Edited())

        form = MappingForm(row, self.person, self.people)
        self.app.push_screen(form, came_back)

    def take_out(self) -> None:
        """Take the selected mapping out, in the draft."""
        row, draft = self.table.row, self.now_draft
        if row is not None and draft is not None and row.mark != "-":
            self.keep(without_mapping(draft, row.target))

    def undo(self) -> None:
        """Bring the selected mapping back as it is saved."""
        row, draft = self.table.row, self.now_draft
        if row is not None and draft is not None:
            self.keep(undone(draft, row.target))

    def show_for(self, person: Person) -> None:
        """Show what the mappings are for somebody else."""
        self.person = person
        self.refresh_draft()

    def raw(self) -> str:
        """Return the selected mapping as JSON, "" for none."""
        row, draft = self.table.row, self.now_draft
        found = raw_row(draft.document, row.target) if row is not None and draft is not None else None
        return document_text(found) if found else ""
