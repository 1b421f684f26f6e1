"""The base of all dialogs that write: the form, the requests it would send, and how they are sent."""

import math
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Static

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.model import Request, Side
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.preview import Sendable, preview
from xtsync_tui.ui.render import ROLES, clock, muted, side
from xtsync_tui.ui.screens.modal import Modal
from xtsync_tui.ui.widgets.form import Choice, Press
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widgets.trouble import brief, whole
from xtsync_tui.ui.widths import WIDE

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

Result = TypeVar("Result")

KEPT = 7
"""Rows that the form leaves: the border, the buttons, and four for what is wrong."""


class Level(Enum):
    """How much a dialog asks before it sends."""

    PLAIN = "plain"
    """One object, can be undone: enter on Send, or f2."""
    WIDE = "wide"
    """A full cycle, or more than one person: focus on Cancel, f2 only."""
    TYPED = "typed"
    """Deletes and the like: f2 once the word is typed."""


LONGEST_WORD = 60


def word_of(name: str, id_: str) -> str:
    """Return what has to be typed to confirm: the name, or the start of the id where nobody can type it."""
    name = name.strip()
    typed = name == clean(name, LONGEST_WORD) and name.isprintable()
    return name if name and typed else id_[:8] or "yes"


class Dialog(Modal[Result | None], Generic[Result]):
    """A dialog that shows what it would send, and sends it.

    A subclass gives ``form()`` (its widgets), ``planned()`` (the requests as the form stands; InvalidInput
    names the field that is wrong) and ``send()`` (runs in a worker of the application). It is dismissed with
    what ``send`` returns, or with None when it was left. Every Input and Choice with an id is kept as a draft
    under ``draft_key`` when the person wants that.
    """

    HELP = """
This dialog shows the Graph requests before they are sent, and the side they go to.

`f2` sends them; `enter` on the send button does, too, where only one object changes and it can be undone.
`esc` leaves and sends nothing. Leaving does not stop what is on its way: the status line says how it ends.
`pgup` and `pgdn` scroll a dialog that is longer than the screen.
"""
    LEVEL: ClassVar[Level] = Level.PLAIN
    SEND: ClassVar[str] = "Send"
    NOTHING: ClassVar[str] = ""
    """What stands where the requests would, when there are none."""
    STOPS: ClassVar[str] = ""
    """What ending early is called, of a dialog whose sending can be stopped between two requests."""
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("send", show=False), key("request", show=False), key("copy", show=False),
    ]  # fmt: skip

    def __init__(
        self,
        title: str,
        to: Side,
        *,
        word: str = "",
        word_id: str = "",
        draft_key: str = "",
        joint: str = " in ",
    ) -> None:
        """Make a dialog called ``title`` that writes to the side ``to``.

        ``word`` must be typed to send while the level is TYPED. ``word_id`` is the id of what is called so:
        its start is typed where nobody can type the name.
        ``joint`` stands between title and side in the dialog's head.
        """
        super().__init__(classes=f"-to-{to.value}")
        self.heading = title
        self.to = to
        self.word_is = "name"
        """What is to be typed: a name, or a number."""
        self.ask_for(word, word_id)
        self.draft_key = draft_key
        self.joint = joint
        self.sending = False
        self._fault: XtSyncError | None = None
        self._touched = False
        self._results: list[Result] = []
        self._since = math.inf
        self._before: dict[str, str] = {}

    def ask_for(self, word: str, word_id: str = "") -> None:
        """Let ``word`` be typed before sending from now on, "" for nothing."""
        self.own_word = word_of(word, word_id) if word else ""
        self._own_name = word

    # What a subclass says ----------------------------------------------------------------------------

    def form(self) -> Iterable[Widget]:
        """Yield the widgets above the requests."""
        return ()

    def planned(self) -> Sequence[Sendable]:
        """Return the requests that sending would make, as the form stands. No I/O."""
        return ()

    async def send(self) -> Result:
        """Write. Runs in a worker of the application and may outlive the dialog."""
        raise NotImplementedError

    def stop_sending(self) -> None:
        """End sending after the request that is under way."""

    def failed(self) -> None:
        """Do what follows sending that stopped, once its error is told."""

    def gathered(self) -> int:
        """Return how many people and groups were chosen, one after the other, that leaving drops."""
        return 0

    def verb(self) -> str:
        """Return what sending is called, as the form stands."""
        return self.SEND

    def level(self) -> Level:
        """Return how much this dialog asks, as the form stands."""
        return self.LEVEL

    def ended(self, result: Result) -> str:
        """Return how sending ended, in the words of the status line: the dialog was left before it did.

        A result that has such words is said as it is. Only what can end in one way is said to be done.
        """
        if isinstance(result, str) and result[:1] in ROLES:
            return result
        what, when = f"{clean(self.heading)}{self.joint}{self._where().plain}", clock(self.xtsync.now())
        return f"✓ {what}: done {when}" if result is True else f"{what}: ended {when} · @ shows how"

    # What it offers ----------------------------------------------------------------------------------

    @property
    def workspace(self) -> "Workspace":
        """The pair of tenants."""
        return self.xtsync.pair

    @property
    def closing(self) -> bool:
        """Whether its widgets go or are gone: sending can outlive the dialog."""
        return not self.is_attached

    def progress(self, line: str) -> None:
        """Say how far sending is, here and, once the dialog was left, in the status line."""
        self.xtsync.writes.progress(line)
        self._say_running(Content(f"▶ {clean(line)}"))

    def _say_running(self, words: Content) -> None:
        leaving = "esc leaves or stops it" if self.STOPS else "esc leaves, it goes on"
        for place in self.query("#progress").results(Static):
            place.update(words + f" · {leaving}")
            place.display = True

    @property
    def columns(self) -> int:
        """The columns that a form has."""
        return min(self.app.size.width, 96) - 4

    @property
    def word(self) -> str:
        """What has to be typed before sending, "" for nothing: the own word, or a PROTECTED tenant's name."""
        own = self.own_word if self.level() is Level.TYPED else ""
        if own or self.xtsync.write_state != "PROTECTED":
            return own
        tenant = self.xtsync.side_view(self.to)
        return word_of(tenant.name, tenant.tenant_id)

    @property
    def _word_is(self) -> str:
        own = bool(self.own_word) and self.word == self.own_word
        name, kind = (self._own_name, self.word_is) if own else (self.xtsync.side_view(self.to).name, "name")
        return kind if self.word == name.strip() else "start of its id"

    def off(self) -> str:
        """Return why it cannot be sent now, "" when it can."""
        if self.xtsync.write_state == "READ-ONLY":
            return "off: read-only · esc, then : Allow writing"
        if self.sending:
            return "off: it is being sent"
        if running := self.running():
            return f"off until this has ended: {clean(running)}"
        if self.word and self.query_one("#word", Input).value.strip() != self.word:
            return f"off until the {self._word_is} is right"
        return "off: see above" if isinstance(self._fault, InvalidInput) else ""

    def running(self) -> str:
        """Return the write that has to end before this can be sent, "" for none."""
        return self.xtsync.writes.words

    def answers(self) -> dict[str, str]:
        """Return the values of all fields and choices by their ids."""
        fields = {field.id or "": field.value for field in self.query(Input) if field.id != "word"}
        return fields | {choice.id or "": choice.value for choice in self.query(Choice)}

    def refresh_preview(self) -> None:
        """Show the requests as the form stands now, or what is wrong with the form."""
        if self.sending or not self.query("#requests"):
            return  # what is shown is what is being sent, or the dialog was closed while something was read
        box = self.query_one("#requests", Static)
        try:
            planned = self.planned()
        except XtSyncError as error:
            box.update(muted("Will send: – see below"))
            self._tell(error, quiet=not self._touched)
            return
        self._tell(None)
        to = planned[0].side if planned else self.to
        where = side(to, self.xtsync.side_view(to).name)
        head = Content("Will send to ") + where + (", in this order" if len(planned) > 1 else "")
        box.update(head + "\n" + preview(planned, self.columns) if planned else muted(self.NOTHING))

    # The dialog itself -------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Yield form, requests, fault and buttons in a bordered box."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content.assemble(f"{clean(self.heading)}{self.joint}", self._where())
            with VerticalScroll(id="form", can_focus=False):
                yield from self.form()
                yield Static(id="requests", markup=False)
            # Outside of what scrolls: what is asked for must not be out of view.
            yield Label("", id="ask-word", markup=False)
            yield Input(id="word", compact=True, placeholder="")
            yield Static(id="fault", markup=False)
            yield Static(id="progress", markup=False)
            with Horizontal(id="buttons"):
                yield Press("Cancel", "cancel")
                yield Press(self.SEND, "send")
                yield Label("", id="send-words", markup=False)

    def _where(self) -> Content:
        return side(self.to, self.xtsync.side_view(self.to).name)

    def both(self) -> Content:
        """Return both sides, for a dialog that is about either."""
        names = [side(each, self.xtsync.side_view(each).name) for each in Side]
        return names[0] + " and " + names[1]

    @property
    def _enter_sends(self) -> bool:
        return self.level() is Level.PLAIN and not self.word

    def takes(self, key: events.Key) -> bool:
        """Refuse a key that would send and was pressed before anybody could see what it sends."""
        bound = self.active_bindings.get(key.key)
        sends = bound is not None and bound.binding.action == "send"
        return not sends or self.level() is Level.PLAIN or key.time > self._since

    @on(events.Mount)
    def _note_when(self, event: events.Mount) -> None:
        self._since = event.time

    def on_mount(self) -> None:
        """Bring back the draft, show the requests and put the focus where the level wants it."""
        self.watch(self.query_one("#form"), "show_vertical_scrollbar", self._say_more)
        self._before = self.answers()
        self._restore(self.xtsync.drafts.get(self.draft_key, {}))
        self.refresh_preview()
        self.screen.set_focus(self._first())
        self._wait_for_others()

    @work(exclusive=True, group="idle")
    async def _wait_for_others(self) -> None:
        """Offer sending as soon as the write that runs has ended."""
        if not self.xtsync.writes.idle.is_set():
            await self.xtsync.writes.idle.wait()
            self.refresh_preview()

    def on_screen_resume(self) -> None:
        """Go, when sending ended while something lay over the dialog."""
        if self._results:
            self.dismiss(self._results.pop())

    def on_resize(self) -> None:
        """Leave whole rows for what is wrong and for the buttons, and cut the requests for the new width."""
        self._leave_rows()
        self.refresh_preview()

    def _leave_rows(self) -> None:
        kept = KEPT + (3 if self.word else 0)
        whole = self.size.width < WIDE
        self.query_one("#form").styles.max_height = None if whole else self.size.height - kept

    def _first(self) -> Widget:
        fields = [each for each in self.query("#form Input, #form Choice") if each.display]
        if self.word:
            return fields[0] if fields else self.query_one("#word")
        fields += [each for each in self.query("#form Table, #form OptionList") if each.display]
        if self.level() is Level.WIDE:
            return self.query_one("#cancel")
        send = self.query_one("#send")
        return fields[0] if fields else self.query_one("#cancel") if send.disabled else send

    def _restore(self, kept: dict[str, str]) -> None:
        for name, value in kept.items():
            for field in self.query(f"#{name}"):
                cast("Any", field).value = value

    @on(Input.Changed)
    @on(Choice.Changed)
    def _changed(self, event: Input.Changed | Choice.Changed) -> None:
        self._touched = self._touched or self.answers() != self._before
        if isinstance(event, Input.Changed) and event.input.id == "word":
            # The requests are the same at each letter of the word, and there can be thousands.
            self._tell(self._fault)
        else:
            self.refresh_preview()

    @on(Input.Submitted)
    def _next_field(self) -> None:
        self.focus_next()

    def _tell(self, error: XtSyncError | None, *, quiet: bool = False) -> None:
        """Say what is wrong; ``quiet`` while nothing was typed yet: then nothing is wrong, only not done."""
        self._fault = error
        told = brief(error) if error and quiet else whole(error, self.xtsync.now()) if error else []
        self.query_one("#fault", Static).update(Content("\n").join(told))
        off = self.off()
        words = f"f2 {self.verb()}" + (f" is {off}" if off else "")
        self.query_one("#send-words", Label).update(Content(words))
        send = self.query_one("#send", Press)
        send.say(self.verb())
        send.display, send.disabled = self._enter_sends, bool(off)
        word = self.query_one("#ask-word", Label)
        word.update(Content(f"Type the {self._word_is} to go on:  {clean(self.word)}"))
        word.display = self.query_one("#word").display = bool(self.word)
        self._leave_rows()

    @on(Button.Pressed, "#send")
    def _pressed(self) -> None:
        # The form may ask for more than it did when the button came into view.
        if self._enter_sends:
            self.action_send()
        else:
            self.refresh_preview()

    def action_send(self) -> None:
        """Send, unless something is in the way; then say what. A dialog that was left sends nothing."""
        if not self.is_current:
            return
        self._touched = True
        self.refresh_preview()
        if not self.off():
            self.confirm()
        elif self.word:
            self.screen.set_focus(self.query_one("#word"))

    def confirm(self) -> None:
        """Send what was confirmed; a dialog that only chooses is dismissed with that instead."""
        self._send()

    @work(exclusive=True, group="send")
    async def _send(self) -> None:
        focused = self._lock()
        self._say_running(Content("▶ sending to ") + self._where())
        stop = self.stop_sending if self.STOPS else None
        try:
            result = await self.xtsync.writes.run(self.heading, self.send, stop=stop, told=self.ended)
        except XtSyncError as error:
            self._unlock(focused)
            self.refresh_preview()
            self._tell(error)
            self.failed()
            if not self.is_active:
                self.xtsync.writes.failed = error
        else:
            self.xtsync.drafts.pop(self.draft_key, None)
            if self.is_active:
                self.dismiss(result)
            else:  # a page lies over it, and perhaps another mode
                self._results.append(result)
                self.xtsync.writes.tell(self.ended(result))

    def _lock(self) -> Widget | None:
        """Take the form out of reach: it shows what is being sent. Return what had the focus."""
        focused, self.sending = self.focused, True
        self._tell(None)
        self.query_one("#form").disabled = self.query_one("#word").disabled = True
        self.screen.set_focus(self.query_one("#cancel"))
        return focused

    def _unlock(self, focused: Widget | None) -> None:
        self.sending = False
        self.query_one("#form").disabled = self.query_one("#word").disabled = False
        self.query_one("#progress").display = False
        self.screen.set_focus(focused)

    @on(Button.Pressed, "#cancel")
    def action_back(self) -> None:
        """Leave without sending; ask once whether to keep an edited form, or to stop what can be stopped."""
        if self.sending and self.STOPS:
            self._ask("It is being sent", leave="Leave: it goes on", stop=self.STOPS, stay="Stay here")
        elif self.draft_key and not self.sending and self.answers() != self._before:
            self._ask("Keep the draft?", keep="Keep the draft", drop="Throw it away", stay="Go on editing")
        elif (chosen := self.gathered()) > 1 and not self.sending:
            question = f"Leave the {chosen:,} who are chosen?"
            self._ask(question, drop="Leave them: nothing is sent", stay="Go on choosing")
        else:
            self.dismiss(None)

    @work
    async def _ask(self, question: str, **ways: str) -> None:
        from xtsync_tui.ui.screens.choose import choose

        way = await choose(self.xtsync, question, list(ways.items()))
        if way == "stop":
            self.xtsync.writes.stop()
        elif way == "keep":
            self.xtsync.drafts[self.draft_key] = self.answers()
        elif way == "drop":
            self.xtsync.drafts.pop(self.draft_key, None)
        if way in {"leave", "keep", "drop"} and self.is_active and not self._results:
            self.dismiss(None)

    def _shown(self) -> list[Request]:
        """Return the requests as the form stands; none, and why, while something is wrong with it."""
        try:
            return [each.request for each in self.planned()]
        except InvalidInput as error:
            self._touched = True
            self._tell(error)
            return []

    def action_request(self) -> None:
        """Show the requests whole."""
        from xtsync_tui.ui.screens.page import request_page

        shown = self._shown()
        if shown or self._fault is None:
            self.app.push_screen(request_page(shown, nothing=self.NOTHING))

    def action_copy(self) -> None:
        """Send the requests to the clipboard."""
        from xtsync_tui.ui.screens.page import request_text

        if shown := self._shown():
            self.xtsync.copy("\n\n".join(request_text(each).plain for each in shown))

    def on_key(self, event: events.Key) -> None:
        """Move between the buttons with the arrows, as well as with tab; scroll a form that is long."""
        form = self.query_one("#form", VerticalScroll)
        if self.word and not self.sending and event.is_printable and self._is_for_word(event):
            word = self.query_one("#word", Input)
            word.select_on_focus = False  # else the next letter takes the place of this one
            self.screen.set_focus(word)
            word.insert_text_at_cursor(event.character or "")
            event.stop()
        elif isinstance(self.focused, Button) and event.key in {"left", "right"}:
            (self.focus_next if event.key == "right" else self.focus_previous)()
        elif event.key in {"pageup", "pagedown"}:
            scroll = form.scroll_page_up if event.key == "pageup" else form.scroll_page_down
            scroll(animate=False)

    def _is_for_word(self, event: events.Key) -> bool:
        """Whether somebody types the word where nothing else takes letters."""
        takes = isinstance(self.focused, Input | Table) or event.key in self.active_bindings
        return not takes and event.character not in {None, " "}

    def _say_more(self, more: bool) -> None:
        """Say at the edge that the form is longer than what is in view."""
        self.query_one(".dialog").border_subtitle = "pgup, pgdn: there is more" if more else ""
