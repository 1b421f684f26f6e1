"""Adding people to the queue: by search, from those who are assigned, from a CSV file with a preview."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted, side, state
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.finder import Finder
from xtsync_tui.ui.widgets.form import Choice, Field, Press
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.on_demand import people
from xtsync_tui.workspace.on_demand.people import Line, Match
from xtsync_tui.workspace.setup import Principal

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp
    from xtsync_tui.workspace.pair import Workspace

WAYS = (("search", "Search"), ("assigned", "Assigned"), ("file", "CSV file"))
_MARKS = {Match.MATCH: "✓", Match.AMBIGUOUS: "!", Match.NOT_FOUND: "✗"}


class AddPeople(ModalScreen[tuple[Principal, ...]]):
    """Chooses people for the queue; dismissed with them, with nobody when left. Nothing is written."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("send", "Add", show=False),
        key("back", show=False),
        key("help", show=False),
    ]
    HELP = """
Choose who goes into the queue. Nothing is sent: `p` does that afterwards, and shows the requests first.

- **Search**: type a name or an address; `enter` takes the first, `down` goes into the list.
- **Assigned**: everybody in scope by assignment. `space` marks, `*` marks all or none.
- **CSV file**: a file with a column userPrincipalName, mail, id or displayName. `enter` reads it. Only lines
  that stand for exactly one person are taken.

`f2` adds who was chosen; `left` and `right` change the way while it has the focus; `esc` leaves.
"""
    AUTO_FOCUS = ""

    def __init__(self, workspace: "Workspace", sp: str) -> None:
        super().__init__()
        self.pair = workspace
        self.sp = sp
        self.chosen: dict[str, Principal] = {}
        self.here = {one.user_id for one in workspace.on_demand.queue}

    @property
    def xtsync(self) -> "XtSyncApp":
        """The application."""
        return cast("XtSyncApp", self.app)

    def compose(self) -> ComposeResult:
        """Yield the ways, what each one needs, who was chosen, and the buttons."""
        with Vertical(classes="dialog") as box:
            name = self.pair.side(Side.SOURCE).name
            box.border_title = Content("Add people of ") + side(Side.SOURCE, name)
            with Vertical(id="add-form"):
                yield Choice("From", "way", WAYS)
                yield Finder(
                    "Person", self._search, self.pair.pause, marked=lambda who: who.id in self.chosen
                )
                yield Field("File", "file", hint="a CSV file; enter reads it")
                yield Table(
                    self._people_columns(),
                    lambda row: row.id,
                    empty="Reading who is assigned…",
                    flag=lambda row: "✓" if row.id in self.here else " ",
                    id="assigned",
                )
                yield Table(
                    self._line_columns(), lambda row: row.named, empty="Name a file above.", id="lines"
                )
                yield Static(id="chosen", markup=False)
            with Horizontal(id="buttons"):
                yield Press("Cancel", "cancel")
                yield Press("Add", "add")
                yield Label("f2 Add", id="send-words", markup=False)

    def _people_columns(self) -> Sequence[Column[Principal]]:
        return (
            Column("Name", lambda row: row.name, most=28),
            Column("Account", lambda row: row.detail, grow=True, most=44),
            Column("", self._said, stated=True, name="state", width=20),
        )

    def _said(self, row: Principal) -> str:
        if row.id in self.here:
            return "✓ in the queue"
        return f"! {row.warning.partition(':')[0]}" if row.warning else ""

    def _line_columns(self) -> Sequence[Column[Line]]:
        return (
            Column("In the file", lambda row: row.named, grow=True, most=34),
            Column("Preview", self._outcome, stated=True, width=14),
            Column(
                "Person", lambda row: " or ".join(f"{who.name} {who.detail}" for who in row.people), grow=True
            ),
        )

    def _outcome(self, row: Line) -> str:
        if row.match is Match.MATCH and row.people[0].id in self.here:
            return "– in the queue"
        return f"{_MARKS[row.match]} {row.match.value}"

    def on_mount(self) -> None:
        """Begin with the search."""
        self._show_way("search")
        self.screen.set_focus(self.query_one("#search"))

    async def _search(self, text: str) -> Sequence[Principal]:
        return await people.search(self.pair, text)

    # The three ways ----------------------------------------------------------------------------------

    @on(Choice.Changed, "#way")
    def _way_changed(self, event: Choice.Changed) -> None:
        self._show_way(event.value)
        if event.value == "assigned" and not self.query_one("#assigned", Table).all_rows:
            self._read_assigned()

    def _show_way(self, way: str) -> None:
        self.query_one(Finder).display = way == "search"
        self.query_one("#assigned").display = way == "assigned"
        self.query_one("#lines").display = way == "file"
        for field in self.query(Field).results(Field):
            if field.input.id == "file":
                field.display = way == "file"
        self._tell()

    @work(exclusive=True, group="assigned")
    async def _read_assigned(self) -> None:
        table = self.query_one("#assigned", Table)
        try:
            found = await people.assigned(self.pair, self.sp)
        except XtSyncError as error:
            table.set_message(_failed(error))
            return
        table.empty = "Nobody is assigned. The set-up's step 7 does that."
        table.set_rows(found)
        table.marks = {one.id for one in found if one.id not in self.here}
        table.refresh()
        self._tell()

    @on(Input.Submitted, "#file")
    def _file(self, event: Input.Submitted) -> None:
        event.stop()
        self._read_file(event.value.strip())

    @work(exclusive=True, group="file")
    async def _read_file(self, path: str) -> None:
        table = self.query_one("#lines", Table)
        table.set_message(muted("… looking the lines up in SOURCE"))
        try:
            lines = await people.look_up(self.pair, people.names_in(people.read_file(path)))
        except XtSyncError as error:
            table.set_message(_failed(error))
            return
        table.empty = "The file names nobody."
        table.set_rows(lines)
        self.screen.set_focus(table)
        self._tell()

    @on(Finder.Taken)
    def _taken(self, event: Finder.Taken) -> None:
        who = event.who
        if who.id in self.chosen:
            del self.chosen[who.id]
        else:
            self.chosen[who.id] = who
        self._tell()

    @on(Table.Opened, "#assigned")
    def _opened(self) -> None:
        self.query_one("#assigned", Table).action_mark()

    @on(Table.Marked)
    def _marked(self) -> None:
        self._tell()

    # Adding ------------------------------------------------------------------------------------------

    def _wanted(self) -> tuple[Principal, ...]:
        """Return who would be added now: the way that is shown, with those chosen by search."""
        way = self.query_one("#way", Choice).value
        wanted = dict(self.chosen)
        if way == "assigned":
            table = self.query_one("#assigned", Table)
            wanted |= {one.id: one for one in table.rows if one.id in table.marks}
        if way == "file":
            lines = self.query_one("#lines", Table).rows
            wanted |= {line.people[0].id: line.people[0] for line in lines if line.match is Match.MATCH}
        return tuple(one for one in wanted.values() if one.id not in self.here)

    def _tell(self) -> None:
        wanted = self._wanted()
        names = ", ".join(clean(one.name) for one in wanted[:6])
        more = f" and {len(wanted) - 6} more" if len(wanted) > 6 else ""
        parts = [Content.styled(f"Chosen ({len(wanted)})  ", "bold") + Content(names + more)]
        parts += [state(f"! {clean(one.name)}: {clean(one.warning)}") for one in wanted if one.warning][:3]
        self.query_one("#chosen", Static).update(Content("\n").join(parts))
        add = self.query_one("#add", Button)
        add.disabled = not wanted
        self.query_one("#send-words", Label).update("f2 Add" if wanted else "f2 Add: off, nobody is chosen")

    @on(Button.Pressed, "#add")
    def action_send(self) -> None:
        """Add who was chosen."""
        wanted = self._wanted()
        if wanted:
            self.dismiss(wanted)

    @on(Button.Pressed, "#cancel")
    def action_back(self) -> None:
        """Leave; nobody is added."""
        self.dismiss(())


def _failed(error: XtSyncError) -> Content:
    return Content("\n").join(
        [state(f"✗ {clean(error.title)}"), Content(clean(error.detail)), muted(clean(error.hint))]
    )
