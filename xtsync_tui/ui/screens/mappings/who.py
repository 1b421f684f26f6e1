"""Everybody whom the full cycle of a draft moves, with what becomes of the account in TARGET and why."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import state
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.screens.mappings.effect_text import Stakes, against
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.mappings.effects import Effects, Fate, Move, Mover

SYMBOLS = {
    Fate.REMOVED: "✗",
    Fate.PERHAPS_REMOVED: "✗",
    Fate.CREATED: "!",
    Fate.BINNED: "!",
    Fate.UNKNOWN: "?",
}
"""The symbols of what becomes of somebody; where nothing does there is none to see."""


def _fate(row: Mover) -> str:
    return f"{SYMBOLS.get(row.fate, '–')} {row.fate.value}"


COLUMNS: tuple[Column[Mover], ...] = (
    Column("Person", lambda row: clean(row.name), most=24),
    Column("Account", lambda row: clean(row.account), grow=True, most=40),
    Column("Scope", lambda row: row.move.value, most=30, priority=2),
    Column("TARGET", _fate, stated=True, most=24),
    Column("Why", lambda row: clean(row.why), grow=True, most=40),
)


def by_loss(movers: Iterable[Mover]) -> list[Mover]:
    """Return people with those first who lose something."""
    order = {move: at for at, move in enumerate(Move)}
    return sorted(movers, key=lambda row: (order[row.move], row.fate is not Fate.REMOVED))


class WhoScreen(FrameScreen):
    """The people behind the numbers; enter opens one of them."""

    PAGE = True
    TITLE = "Mappings › who"
    AFTER: ClassVar[tuple[str, ...]] = ()
    TAIL = ("back", "goto", "help")
    HELP = """\
# Whom the full cycle moves

Everybody whom saving the draft lets leave, enter, be created or removed, and everybody of whom that cannot be
told. **TARGET** is what becomes of the account there, **Why** the attribute that decides it.

- **enter** or **w** opens the person with every gate, **/** filters, **x** exports the list.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("open", "Open person"), key("why", "Open person", show=False), key("filter"), key("sort"),
        key("export"), key("copy", show=False),
    ]  # fmt: skip

    def __init__(self, effects: Effects, stakes: Stakes) -> None:
        super().__init__()
        self.effects = effects
        self.stakes = stakes

    def body(self) -> Iterable[Widget]:
        """Yield the list."""
        yield Table(
            COLUMNS,
            lambda row: row.id,
            empty="Nobody leaves, enters or waits to be created.",
            id="who",
        )

    def on_mount(self) -> None:
        """Show everybody, those who lose something first."""
        self.query_one("#who", Table).set_rows(by_loss(self.effects.movers))

    def summary(self) -> Content:
        """Return how the removals stand against the threshold."""
        return state(against(self.effects, self.stakes))

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        if action in {"open", "why"} and (self.table is None or self.table.row is None):
            return "Nobody is listed."
        return super().refusal(action)

    @on(Table.Opened)
    async def _open(self) -> None:
        await self.action_why()

    async def action_why(self) -> None:
        """Open the person of the row, with every gate."""
        from xtsync_tui.ui.screens.people.opening import open_person

        row: Mover | None = self.table.row if self.table is not None else None
        if row is not None:
            await open_person(self.xtsync, row.id, name=clean(row.name))
