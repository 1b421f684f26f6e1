"""The form of one clause: filter, attribute, operator and value, and what is wrong or surprising about it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from xtsync_tui.engine.filter_check import FilterProblem, is_valid
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.mappings import clause_text
from xtsync_tui.ui.widgets.drawn import Drawn
from xtsync_tui.ui.widgets.form import Field, Suggesting
from xtsync_tui.workspace.mappings.filters import ClauseRow, clause_problems
from xtsync_tui.workspace.schema import source_attributes
from xtsync_tui.workspace.setup import Clause

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp
    from xtsync_tui.workspace.mappings.service import Mappings

FIELDS = ("filter", "attribute", "operator", "value")
NEW = Clause("", "EQUALS")


class ClauseForm(Vertical):
    """Shows the selected clause; after ``begin`` it edits one, and tells of every change."""

    class Changed(Message):
        """The form holds another clause, which may be one that cannot be saved yet."""

    class Left(Message):
        """The form is not edited any more; a clause that was not finished is given up."""

        def __init__(self, *, given_up: bool) -> None:
            super().__init__()
            self.given_up = given_up

    def __init__(self) -> None:
        super().__init__(id="clause-form")
        self.border_title = " Clause "
        self.place: tuple[int, int] | None = None
        """Filter and clause that the form edits; None for a filter that is not there yet."""
        self.editing = False
        self._values: tuple[str, ...] = ()
        """The values that the field was filled with: those that nobody edits stay as they are."""
        self._unasked = ""
        """The value that was typed before an operator that takes none was chosen."""
        self._touched = False
        self._said = ""
        """What esc or enter said last about a clause that is not finished."""

    def compose(self) -> ComposeResult:
        """Yield the fields and the lines below them."""
        yield Field("Filter", "clause-filter", hint="a name")
        yield Field("Attribute", "clause-attribute", hint="f4 lists what may be used", kind=Suggesting)
        yield Field("Operator", "clause-operator", hint="f4 lists those of the service", kind=Suggesting)
        yield Field("Value", "clause-value")
        yield Drawn(self._help, "clause-help")

    @property
    def own(self) -> "Mappings":
        """The mappings of the pair."""
        return cast("XtSyncApp", self.app).pair.mappings

    def field(self, name: str) -> Input:
        """Return the text field of one of FIELDS."""
        return self.query_one(f"#clause-{name}", Input)

    @property
    def focused_field(self) -> str:
        """Which of FIELDS has the focus, "" for none."""
        focused = self.screen.focused.id if self.screen.focused is not None else None
        return next((name for name in FIELDS if focused == f"clause-{name}"), "")

    # What it holds -------------------------------------------------------------------------------------

    @property
    def filter_name(self) -> str:
        """The name of the filter as the form stands."""
        return self.field("filter").value.strip()

    @property
    def typed(self) -> Clause:
        """The clause as the form stands."""
        name = self.field("operator").value.strip()
        reading = self.own.reading
        known = {each.name.casefold(): each for each in (reading.operators if reading else ())}
        operator = known.get(name.casefold())
        unary = operator.unary if operator else name.upper().startswith("IS ")
        return Clause(
            self.field("attribute").value.strip(),
            operator.name if operator else name,
            () if unary else self._typed_values,
        )

    @property
    def _typed_values(self) -> tuple[str, ...]:
        """The values; several are shown with commas between, and are several as long as they were."""
        value = self.field("value").value
        if value == _shown(self._values):
            return self._values
        if len(self._values) > 1:
            return tuple(part for part in value.split(", ") if part)
        return (value,) if value else ()

    @property
    def problems(self) -> list[FilterProblem]:
        """What is wrong with the clause, or surprising about it."""
        return clause_problems(self.own.current, self.typed)

    @property
    def unfinished(self) -> bool:
        """Whether a clause is edited that may not be saved yet: the draft does not hold it."""
        return self.editing and not is_valid(self.problems)

    def fill(self, row: ClauseRow | None) -> None:
        """Show a clause of the list, nothing for none."""
        self._set(row.name if row else "", row.clause if row else NEW)
        self.place = (row.group, row.index) if row else None

    def _set(self, name: str, clause: Clause) -> None:
        self._values, self._unasked, self._touched, self._said = clause.values, "", False, ""
        with self.prevent(Input.Changed):
            self.field("filter").value = name
            self.field("attribute").value = clause.attribute
            self.field("operator").value = clause.operator
            self.field("value").value = _shown(clause.values)
        self._show()

    def on_mount(self) -> None:
        """Only show the clause until somebody edits it."""
        self._edit(False)

    def _edit(self, editing: bool) -> None:
        """Let the focus into the fields only while they are edited: else what is typed there is lost."""
        self.editing = editing
        for name in FIELDS:
            self.field(name).can_focus = editing

    def begin(self, place: tuple[int, int] | None, name: str, clause: Clause | None, field: str) -> None:
        """Edit the clause at ``place``, from ``field`` on: the one that is shown, or ``clause``."""
        if clause is not None:
            self._set(name, clause)
        self.place = place
        self._edit(True)
        self.screen.set_focus(self.field(field))
        self._show()

    def leave(self) -> None:
        """Edit no more; a clause that is not finished is given up."""
        given_up = self.unfinished
        self._edit(False)
        self.post_message(self.Left(given_up=given_up))

    # What is typed -------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _typing(self, event: Input.Changed) -> None:
        event.stop()
        if not self.editing:
            return
        self._touched = True
        self._said = ""
        self._show()
        self.post_message(self.Changed())

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        last = self.focused_field == "value" or (
            self.focused_field == "operator" and self.field("value").disabled
        )
        if not last:
            self.screen.focus_next()
        elif self.unfinished:
            self._say(f"✗ {self._first_problem} esc gives the clause up.")
        else:
            self.leave()

    def on_key(self, event: events.Key) -> None:
        """Leave the form with esc; what is not finished is given up only when that was said."""
        if event.key != "escape" or not self.editing:
            return
        event.stop()
        if self._touched and self.unfinished and not self._said:
            self._say("! Not finished: esc again gives the clause up.")
        else:
            self.leave()

    @property
    def _first_problem(self) -> str:
        return next(clean(one.message) for one in self.problems if one.severity == "error")

    def _say(self, words: str) -> None:
        self._said = words
        self._show()

    def _show(self) -> None:
        value, operator = self.field("value"), self.typed.operator
        unary = operator.upper().startswith("IS ")
        value.placeholder = f"none: {operator} takes no value" if unary else ""
        if unary != value.disabled:
            value.disabled = unary
            with self.prevent(Input.Changed):
                kept, value.value = value.value, "" if unary else self._unasked or value.value
            self._unasked = kept if unary else ""
        self.query_one("#clause-help", Drawn).redraw()

    # What it says --------------------------------------------------------------------------------------

    def _help(self, width: int, height: int) -> Content:
        """Return what is wrong or surprising, then the keys, in the rows there are."""
        if not self.editing and self.place is None:
            return Content("")
        lines = [state(words) for words in self._words()]
        rows = [row for line in lines for row in line.wrap(width)][: height - 1]
        return Content("\n").join([*rows, muted(self._keys())])

    def _words(self) -> Iterable[str]:
        if self._said:
            yield self._said
            return
        clause, problems = self.typed, self.problems
        if (self._touched or not self.editing) and not self._grey:
            for one in problems:
                if one.severity == "error":
                    yield f"✗ {clean(one.message)}"
        crowd = self.own.crowd
        if not is_valid(problems) or crowd is None:
            return
        people = (clause_text.nobody_has(crowd, clause), clause_text.without_value(crowd, clause))
        yield from filter(None, people)
        yield from (f"! {clean(one.message)}" for one in problems)
        if asks := clause_text.asks(clause.operator):
            yield f"  {asks}"

    @property
    def _grey(self) -> str:
        """How the name that is typed goes on, "" when it is complete or none."""
        focused = self.screen.focused
        return focused.suggested if self.editing and isinstance(focused, Suggesting) else ""

    def _keys(self) -> str:
        if not self.editing:
            return "enter edits it"
        if self._grey:
            return f"tab or enter takes {clean(self._grey)}"
        return "enter next field · esc to the list · f4 what fits"

    # What fits -----------------------------------------------------------------------------------------

    def off(self) -> str:
        """Return why f4 lists nothing now, "" when it does."""
        match self.focused_field:
            case "":
                return "enter edits the clause: in its fields f4 lists what fits."
            case "filter":
                return "The name of a filter is free text: f4 has nothing to list."
            case "value" if self.own.crowd is None:
                return "No people were read: f4 lists the values that they have."
            case "value" if not self._offered:
                return "Nobody read has a value of this attribute."
        return ""

    @property
    def _offered(self) -> list[tuple[str, str]]:
        crowd = self.own.crowd
        return clause_text.values(crowd, self.typed.attribute) if crowd is not None else []

    async def list_candidates(self) -> None:
        """List what fits in the field that has the focus. Only inside a worker."""
        from xtsync_tui.ui.screens.choose import choose

        name, reading = self.focused_field, self.own.reading
        if reading is None or not name:
            return
        title, off, now = name.capitalize(), list[str](), self.field(name).value
        if name == "operator":
            options, off = clause_text.operators(reading.operators)
            now = self.typed.operator
        elif name == "attribute":
            options = [(each, each) for each in source_attributes(self.own.current.document)]
        else:
            title, options = f"Values of {clean(self.typed.attribute)}", self._offered
        chosen = await choose(cast("XtSyncApp", self.app), title, options, now=now, off=off)
        if chosen:
            self.field(name).value = chosen


def _shown(values: tuple[str, ...]) -> str:
    return ", ".join(values)
