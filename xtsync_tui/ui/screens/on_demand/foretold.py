"""The base of the dialogs that have people provisioned: who it is, and what would become of each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Label, Static

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.render import facts, muted, people_count, side, state
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.ui.screens.people.names import listed, tell_apart
from xtsync_tui.ui.widgets.form import Press
from xtsync_tui.workspace.on_demand.foreseeing import PHONES, Foreseen
from xtsync_tui.workspace.on_demand.queue import Queued, State
from xtsync_tui.workspace.planned import Planned

Result = TypeVar("Result")

NAMED = 12
"""People who are named in a sentence."""

LISTED = 50
"""People who are listed, one a line."""


class Foretold(Dialog[Result]):
    """Confirms people, once it is known what the service would do with each of them.

    Whoever would be deleted or disabled is named, and has to be confirmed by typing, as has everybody of whom
    that cannot be told: the deletion threshold holds nobody who is provisioned on demand.
    """

    SEND = "Provision"
    NOTHING = "The request is shown as soon as the job was read."

    def __init__(self, title: str, people: Sequence[Queued]) -> None:
        super().__init__(title, Side.TARGET)
        self.people = list(people)
        self.foreseen: tuple[Foreseen, ...] | XtSyncError | None = None
        self._done = 0
        self._send_then = False

    @property
    def held(self) -> list[Queued]:
        """Who was held back: sending goes over that, so each is listed with the reason."""
        return [one for one in self.people if one.state is State.HELD]

    @property
    def removed(self) -> list[Foreseen]:
        """Who would be deleted or disabled, or of whom that cannot be told."""
        found = self.foreseen if isinstance(self.foreseen, tuple) else ()
        return [one for one in found if one.removes is not False]

    def level(self) -> Level:
        """Ask for the word where somebody would be removed, widely for several people."""
        if self.own_word:
            return Level.TYPED
        return Level.PLAIN if len(self.people) <= 1 and not self.held else Level.WIDE

    def form(self) -> Iterable[Widget]:
        """Yield who it is, what is foreseen, what speaks against it, and where the requests go."""
        yield Static(id="who", markup=False, classes="purpose")
        yield Press("Leave them out", "leave-out")
        yield Label(self._way(), classes="purpose")

    def _way(self) -> Content:
        source, target = (side(each, self.xtsync.side_view(each).name) for each in Side)
        words = Content("The job of ") + source + " writes in " + target
        return words + ", as a cycle would: at most 5 people in 10 s."

    def planned(self) -> Sequence[Planned]:
        """Return one request for each person; none before the job was read."""
        on_demand = self.workspace.on_demand
        if on_demand.ground is None:
            if isinstance(self.foreseen, XtSyncError):
                raise InvalidInput(self.foreseen.title, self.foreseen.detail, self.foreseen.hint)
            return ()
        return [on_demand.prepare(one.user_id, one.name) for one in self.people]

    # Foreseeing --------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Find out what the service would do."""
        self.foresee()

    @work(exclusive=True, group="foresee")
    async def foresee(self) -> None:
        """Evaluate the people; who pressed f2 meanwhile is sent, unless more has to be asked by then."""
        self.foreseen, self._done = None, 0
        self._show_people()
        if not self.people:
            return
        try:
            found: tuple[Foreseen, ...] | XtSyncError = await self.workspace.on_demand.foresee(
                self.people, self._evaluated
            )
        except XtSyncError as error:
            found = error
        if self.closing:
            return
        before, self.foreseen = self.level(), found
        self._judge()
        if self._send_then and self.level() is before and not self.off():
            self.action_send()
        self._send_then = False

    def _evaluated(self, count: int) -> None:
        self._done = count
        if not self.closing:
            self._show_people()

    def _judge(self) -> None:
        """Ask for the word that the people and what is foreseen want, and show both."""
        removed, many = len(self.removed), len(self.people)
        if isinstance(self.foreseen, XtSyncError) and self.people:
            removed = many
        over = many > self.workspace.profile.limits.changes
        if (removed or over) and many == 1:
            self.word_is = "name"
            self.ask_for(self.people[0].name, self.people[0].user_id)
        else:
            self.word_is = "number"
            self.ask_for(str(removed or many) if removed or over else "")
        on_button = isinstance(self.focused, Button)
        self._show_people()
        self.refresh_preview()
        if self.word and on_button:
            self.screen.set_focus(self.query_one("#word"))

    def _show_people(self) -> None:
        parts = [_names(self.people), *self._foretold(), *_warnings(self.people, self.held, self.columns)]
        self.query_one("#who", Static).update(Content("\n").join(parts))
        leave = self.query_one("#leave-out", Press)
        leave.display = 0 < len(self.removed) < len(self.people)
        leave.say(f"Leave {people_count(len(self.removed))} out")

    def _foretold(self) -> list[Content]:
        if not self.people:
            return []
        if self.foreseen is None:
            return [muted(f"… evaluating who would be deleted, {self._done:,} of {len(self.people):,}")]
        if isinstance(self.foreseen, XtSyncError):
            return [state(f"? cannot tell who would be deleted: {clean(self.foreseen.title)}")]
        return foretold(self.foreseen, self.columns)

    @on(Button.Pressed, "#leave-out")
    def _leave_out(self) -> None:
        """Go on with those who would not be removed."""
        gone = {one.who.user_id for one in self.removed}
        self.people = [one for one in self.people if one.user_id not in gone]
        if isinstance(self.foreseen, tuple):
            self.foreseen = tuple(one for one in self.foreseen if one.who.user_id not in gone)
        self._judge()
        self.screen.set_focus(self.query_one("#cancel"))

    # Sending -----------------------------------------------------------------------------------------

    def action_send(self) -> None:
        """Send; whoever is faster than the evaluation is sent when it has ended, if nothing more is asked."""
        if self.foreseen is None and self.people and not self.off():
            self._send_then = True
            self.query_one("#send-words", Label).update("▶ as soon as that is known · esc leaves")
        else:
            super().action_send()


def _names(people: Sequence[Queued]) -> Content:
    if len(people) == 1:
        (name,) = tell_apart([(people[0].name, people[0].account)])
        return Content.styled(name, "bold") + muted(f"  {clean(people[0].account)}")
    return Content(listed([(one.name, one.account) for one in people], NAMED))


def foretold(found: Sequence[Foreseen], width: int) -> list[Content]:
    """Return what is foreseen, in lines of ``width``: of one in a sentence, of several in numbers.

    Whoever is removed, held back or cannot be told is named.
    """
    removed = [one for one in found if one.removes]
    unknown = [one for one in found if one.removes is None]
    # Whoever was held back before is sent over that: what it can do is said beside them.
    held = [one for one in found if one.binned and one.who.state is not State.HELD]
    lines: list[Content] = []
    if len(found) == 1:
        mark = "✗ " if removed else "! " if found[0].binned else ""
        end = ": held back, nothing is sent" if held else ""
        lines.append(state(f"{mark}Evaluated here: {clean(found[0].words, 600)}{end}"))
        lines += [_hung("  ", found[0].why, width)] if removed else []
    else:
        counts = Counter(one.kind for one in found)
        lines.append(Content("Evaluated here: " + ", ".join(f"{n:,} {kind}" for kind, n in counts.items())))
        if len(found) > PHONES:
            lines.append(muted("Anyone with SMS sign-in on is skipped instead."))
        lines += _each(f"✗ {people_count(len(removed))} would be removed from TARGET:", removed, width)
        lines += _each(f"? {people_count(len(unknown))} of whom that cannot be told:", unknown, width)
        lines += _each(f"! {people_count(len(held))} held back, nothing is sent for them:", held, width)
    if removed:
        lines.append(state("! The deletion threshold does not hold deletions on demand."))
    return lines


def _hung(edge: str, words: str, width: int) -> Content:
    return facts([(edge, clean(words, 600))], len(edge), within=width)


def _each(head: str, found: Sequence[Foreseen], width: int) -> list[Content]:
    """Return people by name and account, each with what would become of them under it."""
    if not found:
        return []
    lines = [state(head)]
    for one in found[:LISTED]:
        (name,) = tell_apart([(one.who.name, one.who.account)])
        why = (one.why if one.removes else "") or one.words.removeprefix("? ")
        lines.append(Content.styled(f"  {name}", "bold") + muted(f"  {clean(one.who.account)}"))
        lines.append(_hung("    ", why, width))
    more = len(found) - LISTED
    return [*lines, muted(f"  and {more:,} more")] if more > 0 else lines


def _warnings(people: Sequence[Queued], held: Sequence[Queued], width: int) -> list[Content]:
    lines = _listed("! {} held back. Sending them goes over that:", held, width) if held else []
    lost = [one for one in people if one.state is State.UNKNOWN]
    asked = "? {} sent before; how that ended is not known:"
    return [*lines, *(_listed(asked, lost, width) if lost else [])]


def _listed(words: str, people: Sequence[Queued], width: int) -> list[Content]:
    """Return how many there are, and each of them with the reason, in lines of ``width``."""
    lines = [state(words.format("1 was" if len(people) == 1 else f"{len(people):,} were"))]
    for one in people[:LISTED]:
        line = Content.styled(clean(one.name), "bold")
        if one.cause is not None:
            line += f": {clean(one.cause.title).lstrip('? ')}. {clean(one.cause.detail, 1200)}"
        lines.append(facts([("  ", line)], 2, within=width))
    more = len(people) - LISTED
    return [*lines, muted(f"  and {more:,} more")] if more > 0 else lines
