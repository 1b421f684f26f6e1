"""The dialog that confirms people: it shows their requests, and lets the queue go on with them."""

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label

from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, side, state
from xtsync_tui.ui.screens.dialog import Dialog, Level
from xtsync_tui.workspace.on_demand.queue import Queued, State
from xtsync_tui.workspace.planned import Planned

NAMED = 12


class ProvisionDialog(Dialog[tuple[str, ...]]):
    """Confirms people; dismissed with their ids. The dialog itself sends nothing: the queue does."""

    SEND = "Provision"

    def __init__(self, people: Sequence[Queued], most: int) -> None:
        """Make a dialog for ``people``; more than ``most`` have to be confirmed by their number."""
        many = len(people)
        title = f"Provision {people[0].name if many == 1 else f'{many} people'}"
        super().__init__(title, Side.TARGET, word=str(many) if many > most else "")
        self.people = people

    @property
    def held(self) -> list[Queued]:
        """Who was held back: sending goes over that, so each is listed with the reason."""
        return [one for one in self.people if one.state is State.HELD]

    def level(self) -> Level:
        """Ask widely for more than one person, and for somebody who was held back."""
        if self.own_word:
            return Level.TYPED
        return Level.PLAIN if len(self.people) == 1 and not self.held else Level.WIDE

    def form(self) -> Iterable[Widget]:
        """Yield who it is, what speaks against it, and where the requests go."""
        yield Label(self._names(), classes="purpose")
        lost = [one for one in self.people if one.state is State.UNKNOWN]
        if self.held:
            yield Label(_listed("! {} held back. Sending them goes over that:", self.held), classes="purpose")
        if lost:
            yield Label(_listed("? {} sent before; how that ended is not known:", lost), classes="purpose")
        yield Label(self._way(), classes="purpose")

    def _names(self) -> Content:
        first = self.people[0]
        if len(self.people) == 1:
            return Content.styled(clean(first.name), "bold") + muted(f"  {clean(first.account)}")
        names = ", ".join(clean(one.name) for one in self.people[:NAMED])
        more = f" and {len(self.people) - NAMED} more" if len(self.people) > NAMED else ""
        return Content(names + more)

    def _way(self) -> Content:
        source, target = (side(each, self.xtsync.side_view(each).name) for each in Side)
        words = Content("The job of ") + source + " writes in " + target
        return words + ", as a cycle would: at most 5 people in 10 s."

    def planned(self) -> Sequence[Planned]:
        """Return one request for each person."""
        return [self.workspace.on_demand.prepare(one.user_id) for one in self.people]

    async def send(self) -> tuple[str, ...]:
        """Return whom to send; the queue takes its time for it."""
        return tuple(one.user_id for one in self.people)


def _listed(words: str, people: Sequence[Queued]) -> Content:
    """Return how many there are, and each of them with the reason."""
    count = "1 was" if len(people) == 1 else f"{len(people)} were"
    lines = [state(words.format(count))]
    for one in people:
        lines.append(Content.styled(f"  {clean(one.name)}", "bold"))
        if one.cause is not None:
            lines[-1] += f": {clean(one.cause.title).lstrip('? ')}. {clean(one.cause.detail, 1200)}"
    return Content("\n").join(lines)
