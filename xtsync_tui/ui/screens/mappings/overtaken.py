"""Three columns where two changes meet: yours, was, now; each row keeps yours or theirs."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import facts, muted, shown, state
from xtsync_tui.ui.screens.mappings.over import FormScreen
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.detail import Detail
from xtsync_tui.ui.widgets.split import Split
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.mappings.changes import NOT_THERE, Key, ThreeWay, merged
from xtsync_tui.workspace.mappings.saving import Overtaken

GONE = "– removed"


class OvertakenScreen(FormScreen):
    """What differs between a draft, what it began with and what is saved now; f2 makes one draft of it."""

    MODE = "mappings"
    HELP = """\
# Two changes of the same mappings

Somebody saved after you had read the mappings, or after the change that you take back. Nothing was saved, and
nothing is sent here.

Each row is a mapping, a filter or the object actions: **yours** is what your draft holds, **was** what it
began with, **now** what is saved at present.

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
        self.kept = False

    def body(self) -> Iterable[Widget]:
        """Yield the rows, and the selected one whole below them."""
        table: Table[ThreeWay] = Table(
            (
                Column("What", lambda row: f"{row.part} {row.name}", most=26),
                Column("Yours", lambda row: _words(row.yours, row.was), grow=True, most=40),
                Column("Was", lambda row: row.was, grow=True, most=40, priority=2),
                Column("Now", lambda row: _words(row.now, row.was), grow=True, most=40),
                Column("Keep", self._kept, stated=True, width=8),
            ),
            lambda row: row.key,
            flag=lambda row: "!" if row.conflict else " ",
            id="three",
        )
        yield Split(table, below=True)
        yield Static(
            muted(
                "f2 puts your choice into the draft. Only f2 in Mappings sends, after showing what it does."
            ),
            id="three-note",
            markup=False,
        )

    def on_mount(self) -> None:
        """Show the rows."""
        self.query_one("#three", Table).set_rows(self.overtaken.rows)
        self.draft = "" if self.takes_back else f"{self.overtaken.title}: your draft is kept"
        self.say(self.overtaken.detail)

    @property
    def takes_back(self) -> bool:
        """Whether a change is taken back, not a draft saved."""
        return bool(self.overtaken.draft.undoes)

    @property
    def settled(self) -> bool:
        """Whether leaving loses nothing: the draft stays as it is."""
        return True

    def _kept(self, row: ThreeWay) -> str:
        return "~ yours" if row.key in self.yours else "✓ theirs"

    def heading(self) -> str:
        """Return what happened, and where."""
        name = clean(self.workspace.mappings.opened.name, 40)
        what = "take back a change" if self.takes_back else "changed elsewhere"
        return f"Mappings › {what} · SOURCE, {name}"

    def summary(self) -> Content:
        """Return how many rows both sides changed."""
        both = sum(row.conflict for row in self.overtaken.rows)
        return state(f"! {both} changed by both" if both else "✓ no row was changed by both")

    @on(Table.Moved)
    def _moved(self, event: Table.Moved) -> None:
        row: ThreeWay | None = event.row
        if row is None:
            return
        yours, was, now = (
            ("before it", "as it left it", "now") if self.takes_back else ("yours", "was", "now")
        )
        body = facts(
            [
                (yours, _value(row.yours, row.was, "removed here")),
                (was, shown(row.was)),
                (now, _value(row.now, row.was, "removed by somebody else since")),
                ("f2 keeps", state(self._kept(row))),
            ]
        )
        self.query_one(Detail).show(f"{row.part} {clean(row.name)}", body, about=row.key)

    @on(Table.Opened)
    def _toggle(self, event: Table.Opened) -> None:
        self.yours ^= {event.row.key}
        event.table.refresh()
        self._moved(Table.Moved(event.table, event.row))

    async def action_back(self) -> None:
        """Leave the draft as it is."""
        self.dismiss()

    def action_send(self) -> None:
        """Make one draft of yours and theirs, on what is saved now."""
        own = self.workspace.mappings
        own.rebase(merged(self.overtaken.draft, self.overtaken.live, self.yours))
        self.kept = True
        self.dismiss()


def _words(value: str, was: str) -> str:
    """Return a value; where it is not there and was, that it was removed."""
    return GONE if value == NOT_THERE and was != NOT_THERE else value


def _value(value: str, was: str, gone: str) -> Content:
    return Content.styled(f"– {gone}", "$x-error") if _words(value, was) == GONE else shown(value)
