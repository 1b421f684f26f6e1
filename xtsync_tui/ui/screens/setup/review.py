"""The dialogs of steps 8 and 9: scoping filters and attribute mappings, as far as a set-up needs them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from textual import on, work
from textual.containers import Horizontal
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.model import Request
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.dialog import Level
from xtsync_tui.ui.screens.setup.step import StepDialog
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.form import Choice, Field
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import (
    Answers,
    Clause,
    FilterAnswers,
    FilterGroup,
    MappingAnswers,
    MappingRow,
    Operator,
)

MAPPING_COLUMNS: tuple[Column[MappingRow], ...] = (
    Column("Source", lambda row: row.source, most=28),
    Column("Target", lambda row: row.target, grow=True, most=28),
    Column("Type", lambda row: row.kind, width=10),
    Column("Apply", lambda row: row.apply, width=13),
)


class SchemaDialog(StepDialog):
    """A step that saves the schema: it is read again first, and a job that runs starts a full cycle."""

    def planned(self) -> Sequence[Planned]:
        """Return the look at the schema, the save, and the start of a full cycle where the job runs."""
        writes = super().planned()
        if not writes:
            return ()
        put = writes[0].request
        look = Request(method="GET", path=put.path, scopes=put.scopes)
        return (Planned(writes[0].side, look, writes[0].why), *writes)

    def level(self) -> Level:
        """Ask widely where saving starts a full cycle."""
        return Level.WIDE if self.is_mounted and self._starts_cycle() else Level.PLAIN

    def _starts_cycle(self) -> bool:
        return any(each.request.path.endswith("/restart") for each in self.would_send())

    def refresh_preview(self) -> None:
        """Show the requests, and above them what saving does."""
        super().refresh_preview()
        for line in self.query("#saving").results(Static):
            line.update(state(self._saving()) if self.sends() else "")

    def _saving(self) -> str:
        cycle = (
            "! Saving starts a full cycle: everyone in scope is evaluated again."
            if self._starts_cycle()
            else "! The job is paused: a full cycle begins when it is started."
        )
        return f"{cycle} {self.falls_out()}".strip()

    def falls_out(self) -> str:
        """Return what that full cycle does to people who are no longer in scope."""
        return ""


class MappingsDialog(SchemaDialog):
    """Step 9: the list to read, and the two choices that decide as what people arrive."""

    SEND = "Reviewed"
    NOTHING = "Nothing will be sent: that you reviewed the mappings is kept here."
    KEEPS = True

    def verb(self) -> str:
        """Save what was changed, or keep that it was reviewed."""
        return "Save" if self.sends() else self.SEND

    def fields(self) -> Iterable[Widget]:
        """Yield the choices on top, then the list."""
        answers = cast("MappingAnswers", self.defaults)
        kinds = [("", "As it is"), ("Member", "Member"), ("Guest", "Guest")]
        applies = [("", "As it is"), ("only when created", "Only when created"), ("always", "Always")]
        shows = [("", "As it is"), ("yes", "Show"), ("no", "Do not show")]
        shown = {None: "", True: "yes", False: "no"}[answers.show_in_address_list]
        yield Choice("People arrive as", "kind", kinds, answers.user_type)
        yield Choice("Applies", "apply", applies, answers.apply)
        yield Choice("Address list", "show", shows, shown)
        table: Table[MappingRow] = Table(
            MAPPING_COLUMNS,
            lambda row: row.target,
            empty="… reading the mappings",
            flag=lambda row: "#" if row.matching else "=" if row.locked else " ",
            id="mappings",
        )
        yield table
        yield Static(muted("# matching, fixed    = required, cannot be removed"), markup=False)
        yield Static(id="saving", markup=False)

    def on_mount(self) -> None:
        """Read the mappings."""
        self._read()

    @work(exclusive=True, group="mappings")
    async def _read(self) -> None:
        table = self.query_one("#mappings", Table)
        try:
            table.set_rows(await self.setup.mappings())
        except XtSyncError as error:
            table.set_message(state(f"✗ {clean(error.title)}"))

    def asked(self) -> Answers:
        """Return the choices; what is as it is stays."""
        answers = self.answers()
        show = {"": None, "yes": True, "no": False}[answers["show"]]
        return MappingAnswers(answers["kind"], answers["apply"], show)


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause with the place it has in the filters."""

    group: int
    index: int
    name: str
    clause: Clause


MOST_CLAUSES = 6
"""Clauses in view at once; more are scrolled."""

CLAUSE_COLUMNS: tuple[Column[ClauseRow], ...] = (
    Column("Filter", lambda row: row.name, most=24),
    Column("Attribute", lambda row: row.clause.attribute, most=24),
    Column("Operator", lambda row: row.clause.operator, most=22),
    Column("Value", lambda row: ", ".join(row.clause.values), grow=True, most=30),
)


class FiltersDialog(SchemaDialog):
    """Step 8: filters and their clauses; all clauses of one filter must hold, one filter is enough."""

    SEND = "Save"

    def fields(self) -> Iterable[Widget]:
        """Yield the clauses, and the fields of one more."""
        self.groups = list(cast("FilterAnswers", self.defaults).groups)
        self.operators: tuple[Operator, ...] = ()
        table: Table[ClauseRow] = Table(
            CLAUSE_COLUMNS,
            lambda row: (row.group, row.index),
            empty="No filter: everyone who is assigned is in scope.",
            id="clauses",
        )
        yield Field("Filter", "name", hint="a name; the same name adds a clause to that filter (AND)")
        yield Field("Attribute", "attribute", hint="department")
        yield Field("Operator", "operator", "EQUALS")
        yield Field("Value", "value")
        yield Horizontal(
            Button(Content("[ Add clause ]"), id="add", compact=True),
            Button(Content("[ Take out the selected one ]"), id="out", compact=True),
            classes="row",
        )
        yield table
        yield Static(id="warn", markup=False)
        yield Static(id="saving", markup=False)

    def on_mount(self) -> None:
        """Show the clauses and read what the service offers."""
        self._show_clauses()
        self._offer()

    @work(exclusive=True, group="offer")
    async def _offer(self) -> None:
        try:
            self.operators = await self.setup.operators()
            attributes = await self.setup.filter_attributes()
        except XtSyncError as error:
            self.query_one("#warn", Static).update(
                state(f"! The service's lists cannot be read: {error.title}")
            )
            return
        names = [operator.name for operator in self.operators]
        self.query_one("#operator", Input).suggester = SuggestFromList(names, case_sensitive=False)
        self.query_one("#attribute", Input).suggester = SuggestFromList(attributes, case_sensitive=False)

    def _rows(self) -> Sequence[ClauseRow]:
        return [
            ClauseRow(at, index, group.name, clause)
            for at, group in enumerate(self.groups)
            for index, clause in enumerate(group.clauses)
        ]

    def _show_clauses(self) -> None:
        table, rows = self.query_one("#clauses", Table), self._rows()
        table.set_rows(rows)
        # As high as its rows: what saving changes has to be in view below it.
        table.styles.height = min(max(len(rows), 2), MOST_CLAUSES) + 1
        self.query_one("#warn", Static).update("")
        self.refresh_preview()

    @on(Button.Pressed, "#add")
    def _add(self) -> None:
        try:
            name, clause = self._typed_clause()
        except InvalidInput as error:
            self.query_one("#warn", Static).update(state(f"✗ {error.title}"))
            return
        for at, group in enumerate(self.groups):
            if group.name == name:
                self.groups[at] = replace(group, clauses=(*group.clauses, clause))
                break
        else:
            self.groups.append(FilterGroup(name, (clause,)))
        for field in ("attribute", "value"):
            self.query_one(f"#{field}", Input).value = ""
        self._show_clauses()

    def _typed_clause(self) -> tuple[str, Clause]:
        answers = {field: value.strip() for field, value in self.answers().items()}
        for field in ("name", "attribute", "operator"):
            if not answers[field]:
                raise InvalidInput(f"{field.capitalize()}: fill it in")
        known = {operator.name.casefold(): operator for operator in self.operators}
        operator = known.get(answers["operator"].casefold())
        if known and operator is None:
            raise InvalidInput(f"Operator: {answers['operator']} is none of the service's")
        unary = operator.unary if operator else answers["operator"].startswith("IS ")
        if not unary and not answers["value"]:
            raise InvalidInput("Value: fill it in")
        name = operator.name if operator else answers["operator"]
        return answers["name"], Clause(answers["attribute"], name, () if unary else (answers["value"],))

    @on(Button.Pressed, "#out")
    def _take_out(self) -> None:
        row = self.query_one("#clauses", Table).row
        if row is None:
            return
        group = self.groups[row.group]
        left = tuple(clause for index, clause in enumerate(group.clauses) if index != row.index)
        self.groups[row.group : row.group + 1] = [replace(group, clauses=left)] if left else []
        self._show_clauses()

    def falls_out(self) -> str:
        """Return what happens to people whom the filters no longer let pass."""
        return "People who fall out are deleted softly in TARGET."

    def asked(self) -> Answers:
        """Return the filters as they shall be."""
        return FilterAnswers(tuple(self.groups))
