"""Adding people to the queue: by search, from those who are assigned, from a CSV file with a preview."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Label, Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.match_words import outcome
from xtsync_tui.ui.render import duration, muted, people_count, side, state
from xtsync_tui.ui.screens.modal import Modal
from xtsync_tui.ui.screens.people.names import listed
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.finder import Finder, principals, warning
from xtsync_tui.ui.widgets.form import Choice, Field, Press
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace import people_files
from xtsync_tui.workspace.on_demand import people
from xtsync_tui.workspace.on_demand.pace import REQUESTS, SECONDS
from xtsync_tui.workspace.people_files import Line, Match
from xtsync_tui.workspace.setup import Principal

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

WAYS = (("search", "Search"), ("assigned", "Assigned"), ("file", "CSV file"))

AT_ONCE = 50
"""People who are marked as soon as they are listed; of more nobody is, unless * marks them all."""


class AddPeople(Modal[tuple[Principal, ...]]):
    """Chooses people for the queue; dismissed with them, with nobody when left. Nothing is written."""

    BINDINGS: ClassVar[list[BindingType]] = [key("send", "Add", show=False)]
    HELP = """
Choose who goes into the queue. Nothing is sent: `p` does that afterwards, and shows the requests first.

- **Search**: type a name or an address; `enter` takes the first, `down` goes into the list. Taking somebody
  again takes them out.
- **Assigned**: everybody in scope by assignment. `space` marks, `*` marks all or none.
- **CSV file**: a file with a column userPrincipalName, mail, id or displayName. `enter` reads it. Lines that
  stand for exactly one person are taken; `enter` on one that may be several asks who is meant.

`f2` adds everybody who was chosen, whichever way; `left` and `right` change the way while it has the focus;
`esc` leaves.
"""
    AUTO_FOCUS = ""

    def __init__(self, workspace: "Workspace", sp: str) -> None:
        super().__init__()
        self.pair = workspace
        self.sp = sp
        self.chosen: dict[str, Principal] = {}
        self.here = {one.user_id for one in workspace.on_demand.queue}

    def compose(self) -> ComposeResult:
        """Yield the ways, what each one needs, who was chosen, and the buttons."""
        with Vertical(classes="dialog") as box:
            name = self.pair.side(Side.SOURCE).name
            box.border_title = Content("Add people of ") + side(Side.SOURCE, name)
            with Vertical(id="add-form"):
                yield Choice("From", "way", WAYS)
                yield principals("Person", self._search, self.pair.pause, lambda who: who.id in self.chosen)
                yield Field("File", "file", hint="a CSV file; enter reads it")
                yield Table(
                    self._people_columns(),
                    lambda row: row.id,
                    empty="Reading who is assigned…",
                    flag=lambda row: "✓" if row.id in self.here else " ",
                    id="assigned",
                )
                yield Table(
                    self._line_columns(), lambda row: row.number, empty="Name a file above.", id="lines"
                )
                yield Static(id="how", markup=False)
                yield Static(id="chosen", markup=False)
            with Horizontal(id="buttons"):
                yield Press("Cancel", "cancel")
                yield Press("Add", "add")
                yield Label("f2 Add", id="send-words", markup=False)

    def _people_columns(self) -> Sequence[Column[Principal]]:
        return (
            Column("Name", lambda row: row.name, most=28),
            Column("Account", lambda row: row.detail, grow=True, most=44),
            Column("State", self._said, stated=True, name="state", width=20),
        )

    def _said(self, row: Principal) -> str:
        if row.id in self.here:
            return "✓ in the queue"
        return warning(row)

    def _line_columns(self) -> Sequence[Column[Line]]:
        return (
            Column("In the file", lambda row: row.text, grow=True, most=40),
            Column("Preview", lambda row: outcome(row, "in the queue"), stated=True, width=19),
            Column("Person", self._person, grow=True),
        )

    def _person(self, row: Line) -> str:
        if row.match is Match.AMBIGUOUS:
            return f"enter chooses: {row.words}"
        return " ".join(filter(None, (who.name for who in row.found)))

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
        self.query_one("#how", Static).update(muted(_HOW[way]))
        self._tell()

    @work(exclusive=True, group="assigned")
    async def _read_assigned(self) -> None:
        table = self.query_one("#assigned", Table)

        def read(count: int) -> None:
            table.set_message(muted(f"… reading who is assigned: {count:,} so far · esc leaves"))

        read(0)
        try:
            found = await people.assigned(self.pair, self.sp, read)
        except XtSyncError as error:
            table.set_message(_failed(error))
            return
        table.empty = "Nobody is assigned. The set-up's step 7 does that."
        table.set_rows(found)
        if len(found) <= AT_ONCE:
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

        def looked_up(count: int, total: int) -> None:
            table.set_message(muted(f"… looking up in SOURCE: {count:,} of {total:,} · esc leaves"))

        try:
            names = people_files.names_in(await people_files.read_file(path))
            looked_up(0, len(names))
            client = self.pair.client(Side.SOURCE)
            lines = await people_files.match(client, names, self.here, looked_up, groups=False)
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

    @on(Table.Opened, "#lines")
    @work(exclusive=True, group="choose")
    async def _choose(self, event: Table.Opened) -> None:
        """Ask who is meant by a line that may be several people."""
        from xtsync_tui.ui.screens.choose import choose

        line: Line = event.row
        if line.match is not Match.AMBIGUOUS:
            return
        ways = [(who.id, f"{clean(who.name)}  {clean(who.detail)}") for who in line.found]
        chosen = await choose(self.xtsync, f"Who is {clean(line.text, 40)}?", ways)
        who = next((each for each in line.found if each.id == chosen), None)
        if who is not None:
            table = self.query_one("#lines", Table)
            meant = replace(line, match=Match.MATCH, who=who, found=(who,))
            table.set_rows([meant if each is line else each for each in table.all_rows])
            self._tell()

    @on(Table.Marked)
    def _marked(self) -> None:
        self._tell()

    # Adding ------------------------------------------------------------------------------------------

    def _wanted(self) -> tuple[Principal, ...]:
        """Return who would be added now: whoever was chosen, whichever way, each once."""
        assigned, lines = self.query_one("#assigned", Table), self.query_one("#lines", Table)
        wanted = dict(self.chosen)
        wanted |= {one.id: one for one in assigned.all_rows if one.id in assigned.marks}
        wanted |= {line.who.id: line.who for line in lines.all_rows if line.who is not None}
        return tuple(one for one in wanted.values() if one.id not in self.here)

    def _tell(self) -> None:
        wanted = self._wanted()
        names = listed([(one.name, one.detail) for one in wanted], NAMED)
        parts = [Content.styled(f"Chosen ({len(wanted):,})  ", "bold") + Content(names)]
        if len(wanted) > AT_ONCE:
            took = duration(len(wanted) / REQUESTS * SECONDS)
            parts.append(state(f"! {people_count(len(wanted))}: about {took} at 5 in 10 s"))
        warned = [one for one in wanted if one.warning]
        parts += [state(f"! {clean(one.name)} is {_lower(clean(one.warning))}") for one in warned[:WARNED]]
        if len(warned) > WARNED:
            parts.append(state(f"! and {len(warned) - WARNED:,} more with a warning in the list"))
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
    @work(exclusive=True, group="leave")
    async def action_back(self) -> None:
        """Leave; nobody is added. Who were chosen one after the other are not dropped without a question."""
        from xtsync_tui.ui.screens.choose import choose

        if len(self.chosen) > 1:
            ways = [("drop", "Leave them: nobody is added"), ("stay", "Go on choosing")]
            if await choose(self.xtsync, f"Leave the {len(self.chosen)} who are chosen?", ways) != "drop":
                return
        self.dismiss(())


def _failed(error: XtSyncError) -> Content:
    return Content("\n").join(
        [state(f"✗ {clean(error.title)}"), Content(clean(error.detail)), muted(clean(error.hint))]
    )


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


NAMED = 6
"""People who are named as chosen."""
WARNED = 3
"""People of whom it is said what speaks against them."""

_HOW = {
    "search": "enter takes the first · taking somebody again takes them out",
    "assigned": "space marks · * marks all or none",
    "file": "lines that stand for one person are taken · enter on ! asks who is meant",
}
