"""The form of one mapping: its type, when it applies, its value, and what that makes of people."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.mappings import preview, text
from xtsync_tui.ui.screens.mappings.editor import ExpressionEditor
from xtsync_tui.ui.screens.mappings.expression_field import ExpressionField
from xtsync_tui.ui.screens.mappings.over import NOT_KEPT, FormScreen
from xtsync_tui.ui.screens.mappings.preview import Preview
from xtsync_tui.ui.widgets.drawn import Drawn
from xtsync_tui.ui.widgets.form import Choice, Field, Suggesting
from xtsync_tui.ui.widths import WIDE
from xtsync_tui.workspace.mappings.crowd import Person, example
from xtsync_tui.workspace.mappings.draft import (
    Draft,
    Kind,
    Mapping,
    Row,
    raw_row,
    rows,
    source_types,
    target_types,
    with_mapping,
)
from xtsync_tui.workspace.mappings.judging import Judged, allowed, judge, lacking
from xtsync_tui.workspace.mappings.trial import Tally, is_unreadable, shown_value, tally, tried
from xtsync_tui.workspace.schema import ALWAYS, CREATE_ONLY

if TYPE_CHECKING:
    from xtsync_tui.engine.mapping import Row as Compiled
    from xtsync_tui.workspace.mappings.service import Mappings

PATIENCE = 0.03
"""Seconds for which the last preview may stand before it says that it is being worked out."""
COUNT_AFTER = 0.25
"""Seconds without a key after which everybody is counted again."""
KEEPS = "not kept yet · f2 keeps it in the draft"
VALUES = {Kind.DIRECT: "attribute", Kind.CONSTANT: "constant", Kind.EXPRESSION: "expression"}
"""The field that has the value of each type."""


class MappingForm(FormScreen):
    """One mapping; f2 keeps it in the draft, nothing is sent."""

    AUTO_FOCUS = ""
    AFTER = ()
    HELP = """\
# A mapping

- **Type**: left and right choose, enter goes to the value.
- In an expression, letters complete functions and **[** completes attributes; **tab** takes one.
- **f3** chooses the person of the preview, **f4** lists everything that fits where the caret is.
- **f5** asks the service about an expression and compares; it writes nothing.
- **f2** keeps the mapping in the draft. **esc** leaves it as it was; after a change it asks once.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("send", "Keep"), key("person"), key("candidates"), key("ask"), key("back", "Back"),
    ]  # fmt: skip

    def __init__(self, row: Row | None, person: Person | None, people: tuple[Person, ...]) -> None:
        super().__init__()
        self.row = row
        self.before = row.mapping if row else Mapping("")
        self.person = person
        self.people = people
        self.judged: Judged | None = None
        self.saved: Compiled | None = None
        self._tally: Tally | None = None
        self._service = ""
        self._placed = False
        self._given_up = self.before
        """The mapping that esc leaves behind without asking."""
        self.kept = ""
        """The target attribute once the mapping was kept in the draft."""

    @property
    def own(self) -> "Mappings":
        """The mappings of the pair."""
        return self.workspace.mappings

    @property
    def now_draft(self) -> Draft:
        """The draft that the form adds to."""
        return self.own.current

    @property
    def locked(self) -> bool:
        """Whether the mapping is only shown."""
        return bool(self.before.matching)

    @property
    def settled(self) -> bool:
        """Whether nothing was typed that is not in the draft."""
        return self.mapping == self._given_up

    def body(self) -> Iterable[Widget]:
        """Yield the fields with the editor and its help, and the preview."""
        self.sources = source_types(self.now_draft.document)
        self.targets = target_types(self.now_draft.document)
        old = raw_row(self.now_draft.base, self.before.target) if self.before.target else None
        if old is not None:
            (self.saved,) = self.own.bench(self.now_draft.base).compile([old])
        with Horizontal(id="mapping-form"):
            with Vertical(id="mapping-fields"):
                yield from self._fields()
            yield Drawn(self._preview, "preview")

    def _fields(self) -> Iterable[Widget]:
        before = self.before
        if self.row is None:
            hint = "the attribute to write, such as companyName"
            yield Field("Target", "target", hint=hint, kind=Suggesting)
        else:
            locked = f" · {text.locked(self.row)}" if text.locked(self.row) else ""
            kind = self.targets.get(before.target, "not in the schema")
            yield Static(
                muted("Target".ljust(18)) + Content(f"{clean(before.target)} · {clean(kind)}{locked}"),
                markup=False,
            )
        yield Choice("Type", "kind", [(kind.value, kind.word) for kind in Kind], before.kind.value)
        applies = [(ALWAYS, "Always"), (CREATE_ONLY, "Creation only")]
        if before.apply not in {ALWAYS, CREATE_ONLY}:
            applies.append((before.apply, before.apply))
        yield Choice("Apply", "apply", applies, before.apply)
        yield Field("Default if null", "default", before.default, hint="none; used on creation only")
        direct = before.target if before.target in self.sources else ""
        known = before.text if before.kind is Kind.DIRECT else direct
        yield Field("Source attribute", "attribute", known, hint="f4 lists them", kind=Suggesting)
        constant = before.text if before.kind is Kind.CONSTANT else ""
        values = allowed(self.now_draft, before.target)
        hint = f"{' or '.join(values)}; f4 lists them" if values else "the text everybody gets"
        yield Field("Constant", "constant", constant, hint=hint)
        first = before.text if before.kind is Kind.EXPRESSION else before.source
        yield ExpressionField("" if first in {"[]", "(none)"} else first, self.sources)

    def on_mount(self) -> None:
        """Begin with the type; with the expression when it is one already."""
        editor = self.expression.editor
        for field in self.query("#kind, #apply, #default, #attribute, #constant, #target"):
            field.disabled = self.locked
        editor.read_only = self.locked
        self.query_one("#attribute", Suggesting).offer(sorted(self.sources))
        self._show_kind()
        if self.row is None:
            self.query_one("#target", Suggesting).offer(self._free)
            self.screen.set_focus(self.query_one("#target"))
        elif self.before.kind is Kind.EXPRESSION:
            self.screen.set_focus(editor)
            editor.move_cursor(editor.document.end)
        else:
            self.screen.set_focus(self.query_one("#kind"))
        self._given_up = self.mapping
        self.judge()
        self._find_people()

    @work(exclusive=True, group="people")
    async def _find_people(self) -> None:
        """Take who is in scope with the draft, also where that was not worked out before the form opened."""
        found = await self.own.effects()
        if found is not None and found.people != self.people:
            self.people = found.people
            self.person = self.person or example(self.people)
            self.judge()

    @property
    def expression(self) -> ExpressionField:
        """The field of the expression, with the lines below it."""
        return self.query_one(ExpressionField)

    @property
    def _free(self) -> list[str]:
        """The attributes of TARGET that are not mapped yet."""
        mapped = {row.target for row in rows(self.now_draft)}
        return sorted(set(self.targets) - mapped, key=str.casefold)

    # What the form says --------------------------------------------------------------------------------

    @property
    def kind(self) -> Kind:
        """The type that is chosen."""
        return Kind(self.query_one("#kind", Choice).value)

    @property
    def mapping(self) -> Mapping:
        """The mapping as the form stands."""
        target = self.query_one("#target", Input).value.strip() if self.row is None else self.before.target
        match self.kind:
            case Kind.DIRECT:
                value = self.query_one("#attribute", Input).value.strip().strip("[]")
            case Kind.CONSTANT:
                value = self.query_one("#constant", Input).value
            case Kind.EXPRESSION:
                value = self.expression.editor.text
            case _:
                value = ""
        return replace(
            self.before,
            target=target,
            kind=self.kind,
            text=value,
            apply=self.query_one("#apply", Choice).value,
            default=self.query_one("#default", Input).value,
        )

    def heading(self) -> str:
        """Return the mode and the attribute."""
        return f"Mappings › {clean(self.before.target) or 'new mapping'}"

    def summary(self) -> Content:
        """Return how much the draft holds."""
        words = text.draft_words(len(self.own.changes))
        return state(f"{words}, nothing sent" if words and self.app.size.width >= WIDE else words)

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        judged = self.judged
        if action == "send" and self.locked:
            return "The service uses it to recognise people and refuses changes (schemaInvalid)."
        if action == "send" and judged is not None and not judged.good:
            if judged.problem is not None:
                return "f2 is off: 1 error in the expression"
            return f"f2 is off: {judged.refusals[0]}"
        if action == "ask" and (self.kind is not Kind.EXPRESSION or self.person is None):
            return "Only an expression can be asked about, on a person."
        if action == "ask" and (judged is None or judged.problem is not None):
            return "There is an error in the expression."
        if action == "person" and not self.people:
            return "No people were read."
        if action == "candidates" and not self._candidates()[1]:
            return "f4 lists what fits in Target, Source attribute, some constants and expressions."
        return super().refusal(action)

    @property
    def _status(self) -> str:
        if self.settled:
            return ""
        return self.refusal("send") if self.judged is not None and not self.judged.good else KEEPS

    # Changes of the form -------------------------------------------------------------------------------

    @on(Choice.Changed)
    @on(Input.Changed)
    def _field_changed(self, event: Choice.Changed | Input.Changed) -> None:
        if isinstance(event, Choice.Changed) and event.choice.id == "kind":
            self._show_kind()
        if self._placed:
            self.judge()

    @on(ExpressionField.Changed)
    def _text_changed(self) -> None:
        self.judge()

    def _show_kind(self) -> None:
        for kind, name in VALUES.items():
            if kind is Kind.EXPRESSION:
                self.expression.show(self.kind is kind)
            elif isinstance(row := self.query_one(f"#{name}", Input).parent, Widget):
                row.display = self.kind is kind

    @work(exclusive=True, group="judge")
    async def judge(self) -> None:
        """Judge the mapping in a thread: a costly constant must not hold up a key."""
        mapping = self.mapping
        bench = self.own.bench(self.now_draft.document)
        work_ = asyncio.create_task(asyncio.to_thread(judge, self.now_draft, mapping, bench, self.sources))
        try:
            judged = await asyncio.wait_for(asyncio.shield(work_), PATIENCE)
        except TimeoutError:
            self.judged = None
            if not self.closing:
                self._show()
            judged = await work_
        if self.closing:
            return
        self._service = ""
        self._tally = None
        # What is only shown is not refused: nobody keeps it.
        self.judged = replace(judged, refusals=()) if self.locked else judged
        self._placed = True
        if not judged.good:
            self.expression.lacking = ()
        self._show()
        self._count(self.judged)

    @work(exclusive=True, group="count")
    async def _count(self, judged: Judged) -> None:
        crowd, row = self.own.crowd, judged.row
        if row is None or not judged.good or crowd is None:
            return
        await asyncio.sleep(COUNT_AFTER)
        self._tally = await asyncio.to_thread(tally, self.saved, row, self.people, crowd)
        self.expression.lacking = lacking(row, self.people)
        self.expression.refresh_help()
        self._redraw()

    def _show(self) -> None:
        self.expression.quiet = self.locked or self.settled
        self.expression.tell(self.judged)
        self._redraw()
        if self._status != self.draft:
            self.draft = self._status
            self.refresh_bindings()
            self.refresh_frame()

    def _redraw(self) -> None:
        if not self.closing:
            self.query_one("#preview", Drawn).redraw()

    def _preview(self, width: int, _height: int) -> Content:
        shown = Preview(
            self.judged, self.saved, self.person, self.own.crowd, self._tally, self.people,
            self._service or ("" if self.kind is Kind.EXPRESSION else preview.NO_EXPRESSION),
        )  # fmt: skip
        now = self.workspace.now()
        wide = self.app.size.width >= WIDE
        return preview.beside(shown, now, width) if wide else preview.below(shown, now, width)

    # Keys ----------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Go to the value with enter on the type, to the next field on any other choice."""
        if event.key == "enter" and isinstance(self.focused, Choice):
            event.stop()
            if self.focused.id == "kind":
                self._to_value()
            else:
                self.focus_next()

    @on(Input.Submitted)
    def _next(self) -> None:
        self.focus_next()

    def _to_value(self) -> None:
        field = self.query_one(f"#{VALUES.get(self.kind, 'default')}")
        self.screen.set_focus(field)
        if isinstance(field, ExpressionEditor) or (isinstance(field, Input) and self.kind in VALUES):
            field.select_all()

    def action_send(self) -> None:
        """Keep the mapping in the draft."""
        mapping = self.mapping
        judged = judge(
            self.now_draft, mapping, self.own.bench(self.now_draft.document), self.sources
        ) if self.judged is None or self.judged.mapping != mapping else self.judged  # fmt: skip
        if not judged.good:
            self.judged = judged
            self._show()
            return
        self.own.keep(with_mapping(self.now_draft, mapping))
        self.kept = mapping.target
        self.dismiss()

    @work
    async def action_person(self) -> None:
        """Choose the person of the preview."""
        from xtsync_tui.ui.screens.mappings.person import choose_person

        chosen = await choose_person(self.xtsync, self.people, self.person)
        if chosen is not None:
            self.person = chosen
            self._service = ""
            self._redraw()

    def _candidates(self) -> tuple[str, list[tuple[str, str]]]:
        """Return what fits in the field that has the focus, under its title; nothing where all text does."""
        match self.focused.id if self.focused is not None else "":
            case "target":
                return "Attributes of TARGET that are not mapped", [(name, name) for name in self._free]
            case "attribute":
                names = sorted(self.sources, key=str.casefold)
                return "Attributes of SOURCE", [(name, f"{name}  {self.sources[name]}") for name in names]
            case "constant":
                values = allowed(self.now_draft, self.mapping.target)
                return "Constant", [(value, value) for value in values]
            case "expression":
                return "Functions, then attributes", self.expression.everything()
            case _:
                return "", []

    @work
    async def action_candidates(self) -> None:
        """List everything that fits where the caret is."""
        from xtsync_tui.ui.screens.choose import choose

        field = self.focused
        title, options = self._candidates()
        now = field.value if isinstance(field, Input) else ""
        chosen = await choose(self.xtsync, title, options, now)
        if not chosen or field is None:
            return
        self.screen.set_focus(field)
        if isinstance(field, Input):
            field.value = chosen
        else:
            self.expression.write(chosen)

    @work(exclusive=True, group="ask")
    async def action_ask(self) -> None:
        """Ask the service what it makes of the expression, and compare."""
        judged, person = self.judged, self.person
        if judged is None or judged.row is None or person is None:
            return
        self._service = "… asking"
        self._redraw()
        try:
            answer, value = await self.own.ask(judged.mapping.text, person.record)
        except XtSyncError as error:
            said = f"✗ {clean(error.title)}"
        else:
            mine = tried(judged.row, person.record)
            if not answer.parsing_succeeded or answer.error is not None:
                why = answer.error.message if answer.error else "it cannot be parsed"
                said = f"✗ refuses it: {clean(why, 200)}"
            elif is_unreadable(judged.row):
                said = "? it was asked without what is not read here"
            else:
                same = value == mine.value and not mine.failed
                said = preview.service_words(shown_value(value) or "nothing", same, self.workspace.now())
        # It is about the expression and the person that were asked about, not about what stands there by now.
        if self.judged is judged and self.person is person:
            self._service = said
            self._redraw()

    async def action_back(self) -> None:
        """Leave; what was typed and not kept is given up only when that was said."""
        if self.settled:
            self.dismiss()
        else:
            self._given_up = self.mapping
            self.say(NOT_KEPT)
