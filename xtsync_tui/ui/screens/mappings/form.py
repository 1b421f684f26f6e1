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
from textual.widgets import Input, Static, TextArea

from xtsync_tui.engine.expressions import MAX_LENGTH, Candidate, complete, signature_at
from xtsync_tui.errors import XtSyncError
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.screens.mappings import assist, preview, text
from xtsync_tui.ui.screens.mappings.editor import ExpressionEditor
from xtsync_tui.ui.screens.mappings.preview import Preview
from xtsync_tui.ui.widgets.form import Choice, Field, Suggesting
from xtsync_tui.workspace.mappings.changes import changes
from xtsync_tui.workspace.mappings.crowd import Person
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
from xtsync_tui.workspace.mappings.judging import Judged, judge
from xtsync_tui.workspace.mappings.trial import Tally, is_unreadable, shown_value, tally, tried
from xtsync_tui.workspace.schema import ALWAYS, CREATE_ONLY

if TYPE_CHECKING:
    from xtsync_tui.engine.mapping import Row as Compiled
    from xtsync_tui.workspace.mappings.service import Mappings

PATIENCE = 0.03
"""Seconds for which the last preview may stand before it says that it is being worked out."""
COUNT_AFTER = 0.25
"""Seconds without a key after which everybody is counted again."""
WIDE = 100


class MappingForm(FrameScreen):
    """One mapping; f2 keeps it in the draft, nothing is sent."""

    AUTO_FOCUS = ""
    MODE = "mappings"
    AFTER = ()
    HELP = """\
# A mapping

- **Type**: left and right choose, enter goes to the value.
- In an expression, letters complete functions and **[** completes attributes; **tab** takes one.
- **f3** chooses the person of the preview, **f4** lists everything that fits.
- **f5** asks the service and compares; it writes nothing.
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
        self.found: tuple[Candidate, ...] = ()
        self.chosen = 0
        self._shut_at = ("", -1)
        """The text and the caret at which candidates are not wanted."""
        self._tally: Tally | None = None
        self._service = ""
        self._placed = False
        self._changed = 0
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

    def body(self) -> Iterable[Widget]:
        """Yield the fields with the editor and its help, and the preview."""
        self.sources = source_types(self.now_draft.document)
        self.targets = target_types(self.now_draft.document)
        old = raw_row(self.now_draft.base, self.before.target) if self.before.target else None
        self.saved: Compiled | None = (
            self.own.bench(self.now_draft.base).compile([old])[0] if old is not None else None
        )
        self._changed = len(changes(self.now_draft.base, self.now_draft.document))
        with Horizontal(id="mapping-form"):
            with Vertical(id="mapping-fields"):
                yield from self._fields()
            yield Static(id="preview", markup=False)

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
        applies = [(ALWAYS, "Always"), (CREATE_ONLY, "Only during object creation")]
        if before.apply not in {ALWAYS, CREATE_ONLY}:
            applies.append((before.apply, before.apply))
        yield Choice("Apply", "apply", applies, before.apply)
        yield Field("Default if null", "default", before.default, hint="none; used on creation only")
        direct = before.text if before.kind is Kind.DIRECT else before.target
        known = direct if direct in self.sources else ""
        yield Field("Source attribute", "attribute", known, kind=Suggesting)
        constant = before.text if before.kind is Kind.CONSTANT else ""
        yield Field("Constant", "constant", constant, hint="the text everybody gets")
        first = before.text if before.kind is Kind.EXPRESSION else before.source
        editor = ExpressionEditor("" if first in {"[]", "(none)"} else first, "expression")
        editor.border_title = "Expression"
        editor.fitting = self._fitting
        yield editor
        yield Static(id="assist", markup=False)

    def on_mount(self) -> None:
        """Begin with the type; with the expression when it is one already."""
        editor = self.query_one(ExpressionEditor)
        for field in self.query("#kind, #apply, #default, #attribute, #constant, #target"):
            field.disabled = self.locked
        editor.read_only = self.locked
        self.query_one("#attribute", Suggesting).offer(sorted(self.sources))
        self._show_kind()
        if self.row is None:
            free = sorted(set(self.targets) - {row.target for row in rows(self.now_draft)}, key=str.casefold)
            self.query_one("#target", Suggesting).offer(free)
            self.screen.set_focus(self.query_one("#target"))
        elif self.before.kind is Kind.EXPRESSION:
            self.screen.set_focus(editor)
            editor.move_cursor(editor.document.end)
        else:
            self.screen.set_focus(self.query_one("#kind"))
        self._given_up = self.mapping
        self.judge()

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
                value = self.query_one(ExpressionEditor).text
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
        words = text.draft_words(self._changed)
        return state(f"{words}, nothing sent" if words and self.app.size.width >= WIDE else words)

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        if self.locked and action == "send":
            return "The service uses it to recognise people and refuses changes (schemaInvalid)."
        if action == "send" and self.judged is not None and not self.judged.good:
            if self.judged.problem is not None:
                return "f2 is off: 1 error in the expression"
            return f"f2 is off: {self.judged.refusals[0]}"
        if action == "ask" and (self.kind is not Kind.EXPRESSION or self.person is None):
            return "Only an expression can be asked about, on a person."
        if action == "ask" and (self.judged is None or self.judged.problem is not None):
            return "There is an error in the expression."
        if action == "person" and not self.people:
            return "No people were read."
        return super().refusal(action)

    @property
    def _status(self) -> str:
        off = self.refusal("send") if self.judged is not None else ""
        return off or ("not kept yet · f2 keeps it in the draft" if self.mapping != self.before else "")

    # Changes of the form -------------------------------------------------------------------------------

    @on(Choice.Changed)
    @on(Input.Changed)
    def _field_changed(self, event: Choice.Changed | Input.Changed) -> None:
        if isinstance(event, Choice.Changed) and event.choice.id == "kind":
            self._show_kind()
        if self._placed:
            self.judge()

    @on(TextArea.Changed)
    def _text_changed(self) -> None:
        self.judge()

    @on(TextArea.SelectionChanged)
    def _caret_moved(self) -> None:
        # A caret that moved because of a key in the text is shown with what is made of the text.
        if self.judged is not None and self.judged.mapping.text == self.query_one(ExpressionEditor).text:
            self._show_assist()

    def _show_kind(self) -> None:
        kind = self.kind
        shown = {"#attribute": Kind.DIRECT, "#constant": Kind.CONSTANT, "#expression": Kind.EXPRESSION}
        for selector, of in shown.items():
            field = self.query_one(selector)
            place = field.parent if isinstance(field, Input) else field
            if isinstance(place, Widget):
                place.display = kind is of

    @work(exclusive=True, group="judge")
    async def judge(self) -> None:
        """Judge the mapping in a thread: a costly constant must not hold up a key."""
        mapping = self.mapping
        types = self.sources
        work_ = asyncio.create_task(
            asyncio.to_thread(judge, self.now_draft, mapping, self.own.bench(self.now_draft.document), types)
        )
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
        self.judged = judged
        problem = judged.problem
        self.query_one(ExpressionEditor).underline(
            (problem.position, max(problem.length, 1)) if problem else None
        )
        self._placed = True
        self._show()
        self._count(judged)

    @work(exclusive=True, group="count")
    async def _count(self, judged: Judged) -> None:
        if judged.row is None or not judged.good:
            return
        await asyncio.sleep(COUNT_AFTER)
        self._tally = await asyncio.to_thread(tally, self.saved, judged.row, self.people)
        self._show_preview()

    def _show(self) -> None:
        self._show_assist()
        self._show_preview()
        if self._status != self.draft:
            self.draft = self._status
            self.refresh_bindings()
            self.refresh_frame()

    def on_resize(self) -> None:
        """Lay out for the new width."""
        if self._placed:
            self._show()

    def _show_preview(self) -> None:
        if self.closing:
            return
        box = self.query_one("#preview", Static)
        shown = Preview(
            self.judged, self.saved, self.person, self.own.crowd, self._tally, len(self.people), self._service
        )
        width = max(box.size.width - 2, 40)
        now = self.workspace.now()
        wide = self.app.size.width >= WIDE
        box.update(
            preview.beside(shown, now, width) if wide else preview.below(shown, now, self.app.size.width),
            layout=False,
        )

    # The editor's help ---------------------------------------------------------------------------------

    def _show_assist(self) -> None:
        editor, box = self.query_one(ExpressionEditor), self.query_one("#assist", Static)
        editor.border_subtitle = f"{len(editor.text):,} of {MAX_LENGTH:,}"
        position = self.judged.problem.position if self.judged and self.judged.problem else 0
        lines = [assist.errors(self.judged, editor.where(position))]
        if self.kind is Kind.EXPRESSION:
            lines.append(self._complete(editor, box))
        else:
            self.found = ()
        box.update(Content("\n").join(lines), layout=False)

    def _fitting(self) -> tuple[Candidate, ...]:
        """Return what fits at the caret now; a word that is complete already needs no candidates."""
        editor = self.query_one(ExpressionEditor)
        shut = self._shut_at == (editor.text, editor.caret)
        if self.kind is not Kind.EXPRESSION or editor.read_only or shut or not editor.has_focus:
            return ()
        if not editor.selection.is_empty:
            return ()
        found = complete(editor.text, editor.caret, self.sources)
        alone = len(found) == 1 and found[0].text == editor.text[found[0].start : found[0].end]
        return () if alone else found

    def _complete(self, editor: ExpressionEditor, box: Static) -> Content:
        """Return the candidates, or else warnings, signature and help."""
        width, rows_ = max(self.query_one("#mapping-fields").size.width - 2, 40), max(box.size.height - 1, 3)
        found = self._fitting()
        if found != self.found:
            self.found, self.chosen = found, 0
        if found:
            kinds = "attributes" if found[0].kind.value == "attribute" else "candidates"
            every = len(self.sources) if kinds == "attributes" else len(found)
            total = f"{len(found)} of {every} {kinds} fit{'s' * (len(found) == 1)}"
            return assist.candidates(found, self.chosen, min(rows_, 8), width, total)
        warnings = assist.warnings(self.judged, 1 if rows_ < 5 else 3)
        return Content("\n").join([*warnings, assist.help_of(signature_at(editor.text, editor.caret), width)])

    @on(ExpressionEditor.Step)
    def _step(self, event: ExpressionEditor.Step) -> None:
        self.chosen = (self.chosen + event.by) % max(len(self.found), 1)
        self._show_assist()

    @on(ExpressionEditor.Take)
    def _take(self) -> None:
        # Keys can be ahead of what is shown: the chosen one if it still fits, else the best that fits now.
        found = self._fitting()
        chosen = self.found[self.chosen].name if self.found else ""
        if found:
            editor = self.query_one(ExpressionEditor)
            editor.take(next((each for each in found if each.name == chosen), found[0]))
            self._shut_at = (editor.text, editor.caret)
            self._show_assist()

    @on(ExpressionEditor.Close)
    def _close(self) -> None:
        editor = self.query_one(ExpressionEditor)
        self._shut_at = (editor.text, editor.caret)
        self._show_assist()

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
        places = {Kind.DIRECT: "#attribute", Kind.CONSTANT: "#constant", Kind.EXPRESSION: "#expression"}
        if self.kind not in places:
            self.screen.set_focus(self.query_one("#default"))
            return
        field = self.query_one(places[self.kind])
        self.screen.set_focus(field)
        if isinstance(field, ExpressionEditor | Input):
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
            self._show_preview()

    def action_candidates(self) -> None:
        """List everything that fits here: functions, or attributes behind a bracket."""
        self._shut_at = ("", -1)
        editor = self.query_one(ExpressionEditor)
        if self.kind is Kind.EXPRESSION and editor.has_focus:
            self._show_all(editor)

    @work
    async def _show_all(self, editor: ExpressionEditor) -> None:
        from xtsync_tui.engine.expressions import signatures
        from xtsync_tui.ui.screens.choose import choose

        functions = [(f"{each.name}()", each.signature) for each in signatures()]
        attributes = [(f"[{name}]", f"[{name}]  {kind}") for name, kind in sorted(self.sources.items())]
        chosen = await choose(self.xtsync, "Functions, then attributes", functions + attributes)
        if chosen:
            self.screen.set_focus(editor)
            start, end = editor.selection
            editor.replace(chosen, start, end)
            if chosen.endswith(")"):
                editor.move_cursor_relative(columns=-1)

    @work(exclusive=True, group="ask")
    async def action_ask(self) -> None:
        """Ask the service what it makes of the expression, and compare."""
        judged, person = self.judged, self.person
        if judged is None or judged.row is None or person is None:
            return
        self._service = "… asking"
        self._show_preview()
        try:
            answer, value = await self.own.ask(judged.mapping.text, person.record)
        except XtSyncError as error:
            self._service = f"✗ {clean(error.title)}"
        else:
            mine = tried(judged.row, person.record)
            if not answer.parsing_succeeded or answer.error is not None:
                said = answer.error.message if answer.error else "it cannot be parsed"
                self._service = f"✗ refuses it: {clean(said, 200)}"
            elif is_unreadable(judged.row):
                self._service = "? it was asked without what is not read here"
            else:
                same = value == mine.value and not mine.failed
                self._service = preview.service_words(
                    shown_value(value) or "nothing", same, self.workspace.now()
                )
        self._show_preview()

    async def action_back(self) -> None:
        """Leave; what was typed and not kept is given up only when that was said."""
        if self.mapping == self._given_up:
            self.dismiss()
        else:
            self._given_up = self.mapping
            self.say("Not kept yet: f2 keeps it, esc again gives it up.")
