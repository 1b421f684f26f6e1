"""Three columns after somebody else saved: yours, was, now; each row keeps yours or theirs."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import facts, shown, state
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.detail import Detail
from xtsync_tui.ui.widgets.split import Split
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.mappings.changes import Key, ThreeWay, merged
from xtsync_tui.workspace.mappings.saving import Overtaken


class OvertakenScreen(FrameScreen):
    """What differs between the draft, what was read and what is saved now; f2 makes one draft of it."""

    MODE = "mappings"
    HELP = """\
# The mappings were changed elsewhere

Somebody saved after you had read the mappings. Nothing was saved, your draft is kept.

Each row is a mapping, a filter or the object actions: **yours** is your draft, **was** what you had read,
**now** what is saved at present.

- **enter** keeps yours or theirs.
- **f2** makes that the draft. Saving it shows again what it does.
- **esc** leaves the draft as it is; saving it stops here again.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("open", "Yours or theirs"), key("send", "Keep as chosen"), key("copy"), key("back", "Back"),
    ]  # fmt: skip

    def __init__(self, overtaken: Overtaken) -> None:
        super().__init__()
        self.overtaken = overtaken
        self.yours: set[Key] = {row.key for row in overtaken.rows if row.is_yours}

    def body(self) -> Iterable[Widget]:
        """Yield the rows, and the selected one whole below them."""
        table: Table[ThreeWay] = Table(
            (
                Column("What", lambda row: f"{row.part} {row.name}", most=26),
                Column("Yours", lambda row: row.yours, grow=True, most=28),
                Column("Was", lambda row: row.was, most=24, priority=2),
                Column("Now", lambda row: row.now, grow=True, most=28),
                Column("Keep", self._kept, stated=True, width=8),
            ),
            lambda row: row.key,
            flag=lambda row: "!" if row.conflict else " ",
            id="three",
        )
        yield Split(table, below=True)

    def on_mount(self) -> None:
        """Show the rows."""
        self.query_one("#three", Table).set_rows(self.overtaken.rows)
        self.draft = f"{self.overtaken.title}: your draft is kept"
        self.say(self.overtaken.detail)

    def _kept(self, row: ThreeWay) -> str:
        return "~ yours" if row.key in self.yours else "✓ theirs"

    def heading(self) -> str:
        """Return what happened."""
        return "Mappings › changed elsewhere"

    def summary(self) -> Content:
        """Return how many rows both sides changed."""
        both = sum(row.conflict for row in self.overtaken.rows)
        return state(f"! {both} changed by both" if both else "✓ no row was changed by both")

    @on(Table.Moved)
    def _moved(self, event: Table.Moved) -> None:
        row: ThreeWay | None = event.row
        if row is not None:
            body = facts([("yours", shown(row.yours)), ("was", shown(row.was)), ("now", shown(row.now))])
            self.query_one(Detail).show(f"{row.part} {clean(row.name)}", body)

    @on(Table.Opened)
    def _toggle(self, event: Table.Opened) -> None:
        self.yours ^= {event.row.key}
        event.table.refresh()

    async def action_back(self) -> None:
        """Leave the draft as it is."""
        self.app.pop_screen()

    def action_send(self) -> None:
        """Make one draft of yours and theirs, on what is saved now."""
        own = self.workspace.mappings
        own.rebase(merged(own.current, self.overtaken.live, self.yours))
        self.app.pop_screen()
