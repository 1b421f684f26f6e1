"""The dialogs that write to the job: start, pause, restart, and allowing the deletions that are held."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Label, OptionList, Static
from textual.widgets.option_list import Option

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.ui.screens.job.text import suspicion, there_words
from xtsync_tui.ui.widgets.columns import align
from xtsync_tui.workspace.job.actions import RESTARTS, Restart
from xtsync_tui.workspace.job.reading import JobReading
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
        return (Content(f"A cycle begins now, and then one every 40 minutes. {again}"),)

    def planned(self) -> tuple[Planned, ...]:
        """Return the start."""
        return self.actions.start()


class PauseDialog(JobDialog):
    """Pause the job."""

    SEND = "Pause"
    DONE = "paused; a cycle that runs is finished first"

    def told(self) -> Sequence[Content]:
        """Say what pausing does."""
        return (
            Content("The cycle that runs is finished first; no later ones begin until you start it."),
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
        held = len(self.reading.held_people)
        warning = (
            f"! {held} deletions are held. Unless the cause is gone they are held again." if held else ""
        )
        paragraphs = [
            Content.styled(self.kind.title, "bold"),
            Content(self.kind.effect),
            muted(self.kind.keeps),
            state(warning),
        ]
        return [each for each in paragraphs if each]

    def planned(self) -> tuple[Planned, ...]:
        """Return the restart."""
        return self.actions.restart(self.kind)


class HeldDialog(JobDialog):
    """Everybody who is held, and the number to type before they are deleted."""

    SEND = "Delete them"
    DONE = "allowed; the cycle that begins deletes them"
    WORD_IS: ClassVar[str] = "number"

    def __init__(self, workspace: "Workspace", reading: JobReading, stop: "Part[Cause | None]") -> None:
        """Ask about everybody held; ``stop`` is what would stop the cycle before it deletes them."""
        self.people = reading.held_people
        self.stop = stop
        word = str(len(self.people))
        super().__init__(f"Allow {word} deletions in TARGET, sent to the job", workspace, reading, word=word)

    def level(self) -> Level:
        """Ask for the number."""
        return Level.TYPED

    def told(self) -> Sequence[Content]:
        """List the people, and say where they go."""
        now, count = self.workspace.now(), len(self.people)
        room = self.columns - 24
        states = [there_words(one, now) for one in self.people]
        if room - max(map(len, states)) < 24:
            states = [one.there.value for one in self.people]
        why = room - max(map(len, states))
        lines = [
            align(Content(clean(one.name)), 22) + "  " + align(muted(clean(one.why)), why - 2) + f"  {words}"
            for one, words in zip(self.people, states, strict=True)
        ]
        after = f"They lie in the bin of TARGET for 30 days and can be restored there. Type {count} to go on."
        held = self.reading.held
        cause = Content("") if held is None or isinstance(held, XtSyncError) else suspicion(held, now)
        return [each for each in (self._stops(), Content("\n").join(lines), cause, Content(after)) if each]

    def _stops(self) -> Content:
        if self.stop is None:
            return Content("")
        title = clean(self.stop.title)
        if isinstance(self.stop, XtSyncError):
            return state(f"? cannot tell whether the access settings stop the cycle: {title}")
        return state(f"! {title}: the cycle stops before it deletes anybody.")

    def planned(self) -> tuple[Planned, ...]:
        """Return the restart that carries out what is held."""
        return self.actions.allow_deletes()

    async def send(self) -> str:
        """Send it, unless somebody else is held by now."""
        written = await self.desk.allow_deletes(self.reading)
        return f"✓ {self.DONE}" if all(each.done for each in written) else "? not known whether it arrived"


class RestartKinds(ModalScreen[str]):
    """The kinds of restart, each explained, the least first; dismissed with its id, "" when left."""

    BINDINGS: ClassVar[list[BindingType]] = [key("back", show=False), key("help", show=False)]
    HELP = "The kinds of restart, the least first. The arrows choose, enter shows its request. esc leaves."

    def __init__(self, name: str, *, quarantined: bool) -> None:
        super().__init__()
        self.of = name
        self.quarantined = quarantined

    def compose(self) -> ComposeResult:
        """Yield the kinds with what each does."""
        with Vertical(classes="dialog"):
            head = f"Restart {clean(self.of, 40)}: which kind? The least that helps is the best."
            yield Label(Content.styled(head, "bold"), markup=False)
            yield OptionList(
                *(Option(self._told(kind), id=kind.id) for kind in RESTARTS), id="kinds", compact=True
            )
            yield Label(muted("enter shows what is sent · esc leaves"))

    def _told(self, kind: Restart) -> Content:
        scope = ", ".join(kind.scopes) or "QuarantineState, Watermark, Escrows"
        idle = kind.scopes == ("QuarantineState",) and not self.quarantined
        head = Content.styled(kind.title, "bold") + muted(f"  {scope}" + "  · it is in none now" * idle)
        return Content("\n").join([head, Content(f"  {kind.effect}"), muted(f"  {kind.keeps}")])

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id or "")

    def action_back(self) -> None:
        """Leave without a choice."""
        self.dismiss("")
