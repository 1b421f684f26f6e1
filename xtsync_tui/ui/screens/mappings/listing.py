"""The tab of the attribute mappings: the list with what each makes of one person, and one row in words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, people_count, state
from xtsync_tui.ui.screens.mappings import text
from xtsync_tui.ui.screens.mappings.panel import ELSEWHERE, DraftPanel
from xtsync_tui.ui.screens.mappings.raw import document_text
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.detail import Detail
from xtsync_tui.ui.widgets.split import Split
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widths import HUGE, WIDE
from xtsync_tui.workspace.mappings.crowd import Crowd, Person, example
from xtsync_tui.workspace.mappings.draft import Row, raw_row, rows, undone, without_mapping
from xtsync_tui.workspace.mappings.trial import (
    NOT_TOLD,
    UNKNOWN,
    attributes_of,
    seen,
    shown_value,
    tally,
    there,
)
from xtsync_tui.workspace.people_records import UNREADABLE

if TYPE_CHECKING:
    from xtsync_tui.engine.mapping import Row as Compiled
    from xtsync_tui.workspace.mappings.draft import Draft

MANY = 2000
"""Values of one person are worked out at once; counts of more people than this are left to the save diff."""

ROOMY = 115
"""Columns of a terminal from which most expressions have room."""


class MappingsPanel(DraftPanel):
    """Every mapping of the draft, and what it is for ``person``, one of the ``people`` in scope."""

    FOOTER = (
        ("open", "Edit"), ("send", "Save"), ("new", "Add"), ("delete", "Remove"), ("undo", "Undo"),
        ("person", "Person"), ("compare", "Compare"), ("tab_on", "Tab on"), ("filter", "Filter"),
        ("request", "Request"), ("why", "Who"), ("import", "Import"), ("defaults", "Restore defaults"),
    )  # fmt: skip
    OFF: ClassVar[Mapping[str, str]] = dict.fromkeys(("new_filter", "candidates"), ELSEWHERE)

    def __init__(self) -> None:
        super().__init__(id="mappings-tab")
        self.person: Person | None = None
        self.people: tuple[Person, ...] = ()
        """Who is in scope with the draft."""
        self._inside: frozenset[str] = frozenset()
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
        width = self.app.size.width
        return [
            Column(
                "Source",
                lambda row: row.mapping.source,
                most=60 if width >= HUGE else 44 if width >= ROOMY else 29,
            ),
            Column("Target", lambda row: row.target, most=26),
            Column("Type", lambda row: row.mapping.kind.word, priority=2, width=10),
            Column("Apply", lambda row: row.mapping.apply_words, priority=2, width=13),
            Column(f"For {who} (f3)", self._value, self._shown_value, name="value", grow=True, most=30),
        ]

    @property
    def choice(self) -> tuple[Person, ...]:
        """Who can be the person of the preview: those in scope, everybody read until that is worked out."""
        return self.people or (self.own.crowd.people if self.own.crowd is not None else ())

    # Showing -------------------------------------------------------------------------------------------

    def refresh_draft(self) -> None:
        """Show the mappings of the draft, then work out who is in scope by it."""
        self._show()
        self._work_out_scope()

    @work(exclusive=True, group="scope")
    async def _work_out_scope(self) -> None:
        found = await self.own.effects() if self.now_draft is not None else None
        if found is not None and found.people is not self.people and self.query(Table):
            self.people = found.people
            self._inside = frozenset(person.user.id for person in found.people)
            self._show()

    def _show(self) -> None:
        """Show the mappings of the draft, for the same person while that one is there."""
        draft, crowd = self.now_draft, self.own.crowd
        if draft is None:
            return
        if crowd is not None:
            kept = crowd.person(self.person.user.id) if self.person else None
            self.person = kept or example(self.choice)
        self._work_out(draft)
        self.table.columns = self._columns()
        self.table.set_rows(rows(draft))
        self._show_row(self.table.row)

    def _work_out(self, draft: "Draft") -> None:
        """Work out every value of the person."""
        bench = self.own.bench(draft.document)
        raws = [raw for row in rows(draft) if (raw := raw_row(draft.document, row.target))]
        self._compiled = {row.target: row for row in bench.compile(raws)}
        person, crowd = self.person, self.own.crowd
        self._values = (
            {}
            if person is None or crowd is None
            else {target: seen(row, person, crowd, self._inside) for target, row in self._compiled.items()}
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
        draft, crowd = self.now_draft, self.own.crowd
        if compiled is not None and self.person is not None and draft is not None and crowd is not None:
            lines.append(self._person_line(row, compiled, self.person, crowd))
            if len(self.people) <= MANY:
                old = raw_row(draft.base, row.target) if row.mark else None
                before = self.own.bench(draft.base).compile([old])[0] if old else None
                found = tally(before if row.mark else compiled, compiled, self.people, crowd)
                label = text.padded(muted(f"{people_count(len(self.people))} in scope"))
                words = text.tally_words(found, edited=bool(row.mark))
                lines.append(
                    label
                    + words
                    + muted("    evaluated here, not by the service" if self.app.size.width >= WIDE else "")
                )
        return Content("\n").join(lines)

    def _person_line(self, row: Row, compiled: "Compiled", person: Person, crowd: Crowd) -> Content:
        label = text.padded(Content(clean(person.name, text.LABEL - 2)))
        unread = crowd.target_unread is not None or row.target in NOT_TOLD
        now = "not there" if person.target is None else there(compiled, person, crowd)
        wide = self.app.size.width >= WIDE
        when = f", read {crowd.at:%H:%M}" if not unread and wide else ""
        names = sorted(attributes_of(compiled) - UNREADABLE, key=compiled.source.find)
        read = [shown_value(person.record.get(name)) or "– empty" for name in names]
        source = f"SOURCE {clean(' · '.join(read), 60)} → " if read and wide else ""
        told = UNKNOWN if unread else clean(now or "–")
        return label + Content(f"{source}here {clean(self._value(row))}  ·  in TARGET now {told}{when}")

    # What can be done ----------------------------------------------------------------------------------

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        row = self.table.row
        if action == "delete" and row is not None and text.locked(row):
            return f"{row.target}: {text.locked(row)}."
        if action == "undo" and row is not None and not row.mark:
            return f"{row.target} is as it was saved."
        if action == "person" and self.person is None:
            return "No people were read yet."
        return super().refusal(action)

    @on(Table.Opened)
    def _open(self, event: Table.Opened) -> None:
        event.stop()
        self.edit()

    def edit(self) -> None:
        """Open the form of the selected mapping."""
        if self.table.row is not None:
            self._open_form(self.table.row)

    def add(self) -> None:
        """Open the form of a new mapping."""
        self._open_form(None)

    def _open_form(self, row: Row | None) -> None:
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

    async def undo(self) -> None:
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
