"""The dialogs that write to the job: start, pause, restart, and allowing the deletions that are held."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, OptionList, Static
from textual.widgets.option_list import Option

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean, first_visible
from xtsync_tui.ui.render import muted, side, state
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.ui.screens.job.cycles_text import suspicion, there_words, what_goes
from xtsync_tui.ui.screens.modal import Modal
from xtsync_tui.ui.widgets.columns import align
from xtsync_tui.workspace.job.actions import RESTARTS, Restart
from xtsync_tui.workspace.job.reading import Held, HeldReading, JobReading, running
from xtsync_tui.workspace.planned import Planned

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace
    from xtsync_tui.workspace.setup.facts import Part
    from xtsync_tui.workspace.setup.reading import Cause


class JobDialog(Dialog[str]):
    """The base: says what follows, and sends the requests; dismissed with what was done, in words."""

    DONE: ClassVar[str] = ""

    def __init__(self, title: str, workspace: "Workspace", reading: JobReading, *, word: str = "") -> None:
        super().__init__(title, Side.SOURCE, word=word, word_id=reading.sp)
        self.reading = reading
        self.desk = workspace.job
        self.actions = workspace.job.actions(reading)

    def told(self) -> Sequence[Content]:
        """Return what follows from sending, one paragraph each."""
        return ()

    def deletions(self) -> Content:
        """Return what becomes of deletions that are held, or were allowed; nothing when there are none."""
        if self.reading.allowed_still is not None:
            return state("! Deletions were allowed before. The cycle that begins carries them out.")
        if not self.reading.held_people:
            return Content("")
        many = self.reading.held_number
        return state(f"! {many} deletions are held. Unless the cause is gone they are held again.")

    def form(self) -> Iterable[Widget]:
        """Yield the configuration and what follows."""
        yield Label(Content.styled(clean(self.reading.name), "bold"))
        for paragraph in self.told():
            yield Static(paragraph, markup=False, classes="purpose")

    async def send(self) -> str:
        """Send the requests; raises what stopped them."""
        written = await self.desk.send(tuple(self.planned()))
        if not all(each.done for each in written):
            return f"? {self.DONE}: not known whether it arrived · @ shows the request"
        return f"✓ {self.DONE}"

    def planned(self) -> tuple[Planned, ...]:
        """Return the requests."""
        raise NotImplementedError


class StartDialog(JobDialog):
    """Start the job, or go on."""

    SEND = "Start"
    DONE = "started"

    def told(self) -> Sequence[Content]:
        """Say what starting does."""
        again = "It goes on from where it stopped, and leaves the quarantine if it is in one."
        told = Content(f"A cycle begins now, and then one every 40 minutes. {again}")
        return [each for each in (told, self.deletions()) if each]

    def planned(self) -> tuple[Planned, ...]:
        """Return the start."""
        return self.actions.start()


class PauseDialog(JobDialog):
    """Pause the job."""

    SEND = "Pause"
    DONE = "paused; a cycle that runs is finished first"

    def told(self) -> Sequence[Content]:
        """Say what pausing does."""
        runs = "The cycle that runs is finished first; no later ones begin until you start it."
        return (
            Content(runs if running(self.reading) else "No cycle begins until you start it."),
            muted("People in TARGET stay as they are. Nobody new arrives, and nobody who left is taken out."),
        )

    def planned(self) -> tuple[Planned, ...]:
        """Return the pause."""
        return self.actions.pause()


class RestartDialog(JobDialog):
    """One kind of restart: it begins a cycle, so it is wide; one that breaks links is typed."""

    SEND = "Restart"
    DONE = "restarted; a cycle begins"

    def __init__(self, workspace: "Workspace", reading: JobReading, kind: Restart) -> None:
        word = reading.name if kind.typed else ""
        super().__init__("Restart provisioning", workspace, reading, word=word)
        self.kind = kind

    def level(self) -> Level:
        """Ask for the name when links are broken."""
        return Level.TYPED if self.kind.typed else Level.WIDE

    def told(self) -> Sequence[Content]:
        """Say what is forgotten, and what stays."""
        paragraphs = [
            Content.styled(self.kind.title, "bold"),
            Content(self.kind.effect),
            muted(self.kind.keeps),
            self.deletions(),
        ]
        return [each for each in paragraphs if each]

    def planned(self) -> tuple[Planned, ...]:
        """Return the restart."""
        return self.actions.restart(self.kind)


class HeldDialog(JobDialog):
    """Everybody who is held, and the number to type before they are deleted.

    Where the log does not tell how many they are, the name of the configuration is typed.
    """

    SEND = "Delete them"

    def __init__(self, workspace: "Workspace", reading: JobReading, stop: "Part[Cause | None]") -> None:
        """Ask about everybody held; ``stop`` is what would stop the cycle before it deletes them."""
        self.people = reading.held_people
        self.stop = stop
        self.known = not reading.more_held
        word = str(len(self.people)) if self.known else reading.name
        super().__init__(f"Allow {reading.held_number} deletions", workspace, reading, word=word)
        self.word_is = "number" if self.known else "name"
        # The request goes to SOURCE, people are lost in TARGET.
        self.set_classes(f"-to-{Side.TARGET.value}")

    def _where(self) -> Content:
        target, source = (side(each, self.xtsync.side_view(each).name) for each in (Side.TARGET, Side.SOURCE))
        return target + " · job of " + source

    def level(self) -> Level:
        """Ask for the number, or for the name."""
        return Level.TYPED

    def told(self) -> Sequence[Content]:
        """List the people, and say where they go."""
        held, now = self.reading.held, self.workspace.now()
        bin_ = "They lie in the bin of TARGET for 30 days and can be restored there."
        parts = [
            self._stops(),
            state("" if self.known else MORE),
            state("" if self.reading.quarantine else "! The job is paused: this starts it again."),
            Content(f"When allowed, {what_goes(self.reading)}. {bin_}"),
            suspicion(held, now) if isinstance(held, HeldReading) else Content(""),
            Content("\n").join(self._people()),
        ]
        return [each for each in parts if each]

    def _people(self) -> list[Content]:
        """Return who is held, with heads; whoever shares a name, or has none to see, with the account."""
        now, room = self.workspace.now(), self.columns
        states = [there_words(one, now) for one in self.people]
        shared = Counter(clean(one.name) for one in self.people)
        names = [_named(one, alone=shared[clean(one.name)] == 1) for one in self.people]
        width = min(max(map(cell_len, names)), NAME)
        if room - width - max(map(len, states)) < WHY:
            states = [one.there.value for one in self.people]
        why = room - width - max(map(len, [*states, HEADS[2]])) - 4
        heads = muted(f"{HEADS[0]:<{width}}  {HEADS[1]:<{why}}  {HEADS[2]}")
        return [
            heads,
            *(
                align(Content(name), width) + "  " + align(muted(clean(one.why)), why) + f"  {words}"
                for one, name, words in zip(self.people, names, states, strict=True)
            ),
        ]

    def _stops(self) -> Content:
        if self.stop is None:
            return Content("")
        title = clean(self.stop.title)
        if isinstance(self.stop, XtSyncError):
            return state(f"? cannot tell whether the access settings stop the cycle: {title}")
        turned_on = f"Step {self.stop.step} of Setup turns it on."
        return state(f"! Nothing happens yet: {title}, so every cycle stops before it deletes. {turned_on}")

    def planned(self) -> tuple[Planned, ...]:
        """Return the restart that carries out what is held."""
        return self.actions.allow_deletes()

    async def send(self) -> str:
        """Send it, unless somebody else is held by now."""
        written = await self.desk.allow_deletes(self.reading)
        if not all(each.done for each in written):
            return "? not known whether it arrived · @ shows the request"
        if self.stop is not None and not isinstance(self.stop, XtSyncError):
            return f"✓ allowed; the cycle stops before it deletes: {clean(self.stop.title)}"
        return "✓ allowed; the cycle that begins deletes them"


MORE = "! The log was not read to its end: everybody held is deleted, also who is not listed here."
NAME, WHY = 34, 30
"""Cells for the name of somebody held at most, and for the reason at least."""
HEADS = ("Person", "Why", "In TARGET now")


def _named(held: Held, *, alone: bool) -> str:
    """Return the name, and the account of whoever shares the name or has none that can be seen."""
    name = clean(held.name) if first_visible(held.name) else ""
    return name if alone and name else " · ".join(part for part in (name, clean(held.account)) if part)


class RestartKinds(Modal[str]):
    """The kinds of restart, each explained, the least first; dismissed with its id, "" when left."""

    HELP = "The kinds of restart, the least first. The arrows choose, enter shows its request. esc leaves."

    def __init__(self, tenant: str, *, quarantined: bool) -> None:
        super().__init__(classes=f"-to-{Side.SOURCE.value}")
        self.tenant = tenant
        self.quarantined = quarantined

    def compose(self) -> ComposeResult:
        """Yield the kinds with what each does."""
        with Vertical(classes="dialog") as box:
            where = side(Side.SOURCE, self.tenant)
            box.border_title = Content.assemble("Restart in ", where, ": which kind?")
            box.border_subtitle = "enter shows what is sent · esc leaves"
            yield Label("Take the least that helps.")
            yield OptionList(*(Option("", id=kind.id) for kind in RESTARTS), id="kinds", compact=True)

    def on_mount(self) -> None:
        """Begin at the least that does something, with the first in view."""
        kinds = self.query_one(OptionList)
        kinds.highlighted = 0 if self.quarantined else 1
        self.call_after_refresh(kinds.scroll_home, animate=False)

    @on(OptionList.OptionHighlighted)
    def on_resize(self) -> None:
        """Lay the kinds out for the width, and mark the one that is chosen."""
        kinds = self.query_one(OptionList)
        # The scroll bar's column stays free.
        width = min(self.app.size.width, 96) - 6
        for at, kind in enumerate(RESTARTS):
            kinds.replace_option_prompt_at_index(at, self._told(kind, width, chosen=at == kinds.highlighted))

    def _told(self, kind: Restart, width: int, *, chosen: bool) -> Content:
        scope = ", ".join(kind.scopes) or "QuarantineState, Watermark, Escrows"
        idle = kind.scopes == ("QuarantineState",) and not self.quarantined
        head = Content.styled(kind.title, "bold") + f"  {scope}" + "  (not in quarantine now)" * idle
        told = [row for words in (kind.effect, kind.keeps) for row in Content(words).wrap(width - 3)]
        rows = [*head.wrap(width - 1), *(Content("  ") + row for row in told)]
        return Content("\n").join([Content("▌" if chosen else " ") + row for row in rows])

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id or "")

    def action_back(self) -> None:
        """Leave without a choice."""
        self.dismiss("")
