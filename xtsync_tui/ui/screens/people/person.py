"""One person: the gates in the order of the service, and the attributes in SOURCE, mapped, in TARGET."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Request, Side, exact
from xtsync_tui.text import clean
from xtsync_tui.ui.frame import rule
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.on_demand.running import carried
from xtsync_tui.ui.screens.people import text
from xtsync_tui.ui.screens.reading import ReadingScreen
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widths import HUGE, WIDE
from xtsync_tui.workspace.on_demand.queue import Queued, State
from xtsync_tui.workspace.people.compared import Compared, technical
from xtsync_tui.workspace.people.gates import SHUT, Fix, Gate
from xtsync_tui.workspace.people.service import PersonView
from xtsync_tui.workspace.repairs import Repair
from xtsync_tui.workspace.setup import Principal

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

TALL = 30
"""Rows of a terminal from which there is room for the notes."""

GATES: tuple[Column[Gate], ...] = (
    Column(
        "Gate",
        lambda gate: f"{gate.symbol} {gate.title}",
        lambda gate: state(f"{gate.symbol} {gate.title}"),
        width=20,
    ),
    Column("In the order of the service", lambda gate: gate.words, grow=True, most=90),
    Column("", text.hint, lambda gate: Content(text.hint(gate)), name="fix", priority=2, most=24),
)


def _mapped(row: Compared) -> Content:
    words = clean(row.mapped)
    return state(words) if row.mapped[:1] in "?–✗" else Content(words)


def _side(head: str, value: Callable[[Compared], str], name: str) -> Column[Compared]:
    return Column(head, value, name=name, grow=True, most=34, tint=f"$x-{name}")


def attribute_columns(source: str, target: str, shown: Collection[str] = ()) -> list[Column[Compared]]:
    """Return the columns of the comparison; ``shown`` are those that a narrow terminal has room for.

    The others are exported all the same.
    """
    columns = [
        Column("Attribute", lambda row: row.attribute, most=24),
        _side(f"SOURCE {clean(source, 30)}", lambda row: row.source, "source"),
        Column("Mappings say", lambda row: row.mapped, _mapped, name="mapped", grow=True, most=40),
        _side(f"TARGET {clean(target, 30)}", lambda row: row.target, "target"),
    ]
    hidden = [column for column in columns[1:] if shown and column.id not in shown]
    return [replace(column, priority=4) if column in hidden else column for column in columns]


TURNS = (("source", "mapped"), ("mapped", "target"), ("source", "target"))
"""Which two columns a narrow terminal shows, in the order that tab turns them."""


class PersonScreen(ReadingScreen[PersonView]):
    """Why this person is, or is not, in TARGET."""

    MODE = "people"
    READS = "person"
    AUTO_FOCUS = "#gates"
    TAIL = ("back", "goto", "help")
    HELP = """\
# One person

The nine gates in the order of the service; the first that is shut keeps the person out.

- **f** opens the gate under the cursor, or the first that is shut.
- **enter** shows what was read for a gate.
- **p** has the service do this person now. **a** assigns or unassigns.
- Below: the attributes in SOURCE, what the mappings say (evaluated here; the service decides), and TARGET.
  **tab** goes there; under 100 columns it turns the columns. **i** shows all attributes and the raw JSON.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("fix"), key("provision"), key("assign"), key("panel", "Attributes"), key("logs"),
        key("open", "Evidence"),
        key("why", "Shut gate"), key("technical"), key("filter"), key("request"), key("copy"),
        key("export"), key("reload"),
    ]  # fmt: skip

    def __init__(self, user_id: str, name: str = "", do: str = "", *, visited: bool = False) -> None:
        super().__init__()
        self.visited = visited
        """Whether another mode led here."""
        self.user_id = user_id
        self.shown_name = name
        self.do = do
        self.turn = 0
        self._keep_logs = False
        self._fresh = False
        self._placed = ""
        """The gate that the cursor was put on: from there it follows the first shut one."""

    def body(self) -> Iterable[Widget]:
        """Yield gates, what is known of the selected one, attributes and notes."""
        yield Table(GATES, lambda gate: gate.key, empty="Reading both tenants…", id="gates")
        yield Static(id="evidence", markup=False)
        yield Table(
            attribute_columns("", ""),
            lambda row: row.attribute,
            flag=lambda row: "~" if row.differs else " ",
            id="attributes",
        )
        yield Static(id="notes", markup=False)

    async def read(self, workspace: "Workspace") -> PersonView:
        """Read the person; phones and log rows only when they may have changed."""
        before = self.data.reading if self.data and self._keep_logs else None
        fresh, self._fresh, self._keep_logs = self._fresh, False, False
        # What is read anew leaves the old in view until it is whole.
        so_far = self._show_so_far if self.data is None or self.data.reading.pending else None
        return await workspace.people.person(self.user_id, fresh=fresh, before=before, so_far=so_far)

    def _show_so_far(self, view: PersonView) -> None:
        self.data = view
        self.show(view)
        self.refresh_frame()
        self.refresh_bindings()

    def show(self, data: PersonView) -> None:
        """Show gates and attributes; until it is moved the cursor is on the first gate that is shut."""
        at = self._gates.row.key if self._gates.row else ""
        self._gates.set_rows(data.gates)
        if at == self._placed and data.shut:
            self._placed = data.shut[0].key
            self._gates.select(self._placed)
        elif not at:
            self._placed = data.gates[0].key
        self._show_attributes()
        self._show_evidence()
        if self.do and not data.reading.pending:
            do, self.do = self.do, ""
            self.call_later(self.press, do)

    @property
    def _gates(self) -> Table[Gate]:
        return self.query_one("#gates", Table)

    @property
    def _attributes(self) -> Table[Compared]:
        return self.query_one("#attributes", Table)

    @property
    def table(self) -> Table[Any] | None:
        """The attributes: filter, sort and export are about them."""
        return self._attributes if self.is_mounted else None

    def _tenant(self, side: Side) -> str:
        return self.xtsync.side_view(side).name

    def heading(self) -> str:
        """Return who it is."""
        name = self.data.reading.name if self.data else self.shown_name
        return f"People › {clean(name, 40)}"

    def summary(self) -> Content:
        """Return whether the person is there."""
        if self.data is None:
            return Content("")
        return state(text.unread(self.data)) + text.verdict(self.data, self._tenant(Side.TARGET))

    def on_resize(self) -> None:
        """Show the columns that fit this width."""
        if self.data is not None:
            self._show_attributes()
            self._show_evidence()

    def _show_attributes(self) -> None:
        if self.data is None:
            return
        table = self._attributes
        shown = () if self.app.size.width >= WIDE else TURNS[self.turn]
        names = [self._tenant(each) for each in Side]
        columns = attribute_columns(names[0], names[1], shown)
        # Where there is room the longest value asks for it; else all of them give way alike.
        huge = self.app.size.width >= HUGE
        table.columns = [replace(each, most=60) if huge and each.grow else each for each in columns]
        table.set_rows([row for row in self.data.rows if not row.quiet])
        self._show_notes()

    def _show_notes(self) -> None:
        if self.data is None:
            return
        box, quiet = self.query_one("#notes", Static), sum(row.quiet for row in self.data.rows)
        if self.app.size.width < WIDE or self.app.size.height < TALL:
            # One row, so that the attributes keep theirs; i has the rest.
            more = " · i tells more"
            room = max(self.app.size.width - len(more) - 3, 0)
            box.update(Content(text.evaluated(self.data)).truncate(room, ellipsis=True) + muted(more))
            return
        within = self.app.size.width - 4
        box.update(text.notes(self.data, self.workspace.now(), quiet, self._gates.row, within))

    def refresh_frame(self) -> None:
        """Let the ages go on, too."""
        super().refresh_frame()
        if self.is_mounted and self.is_current:
            self._show_notes()

    @on(Table.Moved, "#gates")
    def _moved(self) -> None:
        self._show_evidence()
        self._show_notes()
        self.refresh_bindings()

    def _show_evidence(self) -> None:
        gate = self._gates.row
        if gate is not None:
            box, width = self.query_one("#evidence", Static), self.app.size.width
            lines = [Content(" ") + line for line in text.strip(gate, width - 2).split("\n")]
            box.update(rule(gate.title, width) + "\n" + Content("\n").join(lines))

    # What can be done ----------------------------------------------------------------------------------

    def footer_ids(self) -> list[tuple[str, str]]:
        """Return the keys; tab turns the columns where not all have room."""
        turn = self.app.size.width < WIDE
        return [
            (name, "Other columns" if turn and name == "panel" else words)
            for name, words in super().footer_ids()
        ]

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        if self.data is None and action in {"fix", "provision", "assign", "logs", "open", "why", "technical"}:
            return "The person is still being read."
        if self.data is not None:
            if action == "fix" and self._fix() is None:
                gate = self._gates.row
                return (gate.advice if gate is not None else "") or "No shut gate can be opened from here."
            if action == "why" and not self.data.shut:
                return "No gate is shut."
            if action == "assign" and self.data.reading.facts.found is None:
                return "There is no configuration to assign to: make it in Setup, step 5."
            if action == "provision" and self.data.reading.facts.job is None:
                return "There is no job yet: Setup, step 6, makes it."
        return super().refusal(action)

    def _fix(self) -> tuple[Gate, Fix] | None:
        """Return the gate that f is about: the selected one while it is shut, else the first that f opens."""
        if self.data is None:
            return None
        selected = self._gates.row
        gates = [selected] if selected is not None and selected.symbol == SHUT else self.data.shut
        return next(((gate, gate.fix) for gate in gates if gate.fix is not None), None)

    @work(exclusive=True, group="dialog")
    async def action_fix(self) -> None:
        """Open the gate: send what does it, or go to the place where it is done."""
        found = self._fix()
        if found is None or self.data is None:
            return
        gate, fix = found
        if fix.place:
            await self._go(fix)
            return
        if fix.repair is not None:
            await self._repair(fix.repair, gate.key)

    async def _repair(self, repair: Repair, key: str) -> None:
        """Send the repair of the gate ``key``; what keeps the person out besides is said before."""
        from xtsync_tui.ui.screens.setup.repair import RepairDialog

        if self.data is not None:
            repair = replace(repair, warning=text.besides(self.data, key))
        if await self.open_dialog(RepairDialog(repair)):
            # What was lent of the log and the phones is still true, unless the phones are what was changed.
            self._read_again(f"✓ {clean(repair.ended)}", keep_logs=key != "sms")

    async def _go(self, fix: Fix) -> None:
        place = fix.place if self.has_mode(fix.place) else "setup"
        await self.xtsync.go(place, "filters" if place == "mappings" else str(fix.step or ""))

    def _read_again(self, words: str, *, keep_logs: bool) -> None:
        self._fresh, self._keep_logs = True, keep_logs
        self.say(words)
        self.load()

    @work(exclusive=True, group="dialog")
    async def action_assign(self) -> None:
        """Assign the person directly, or take the direct assignment away."""
        if self.data is None:
            return
        from xtsync_tui.ui.screens.people.dialogs import UnassignDialog

        people, reading = self.workspace.people, self.data.reading
        if people.direct(reading) is not None:
            planned = people.unassigning(reading)
            if await self.open_dialog(UnassignDialog(self.data, planned, people.still_in(reading))):
                self._read_again(f"✓ {clean(reading.name)} unassigned", keep_logs=True)
        elif (repair := people.assigning(reading)) is not None:
            await self._repair(repair, "assigned")

    @work(exclusive=True, group="dialog")
    async def action_provision(self) -> None:
        """Have the service do this person now, and show what it did."""
        from xtsync_tui.ui.screens.on_demand.sending import ProvisionDialog

        if self.data is None:
            return
        reading, queue = self.data.reading, self.workspace.on_demand
        one = queue.one(reading.id) or Queued(reading.id, reading.name, reading.account)
        if not await self.open_dialog(ProvisionDialog([one])):
            return
        who = Principal(reading.id, reading.name, "User", reading.account)
        over = one.state is State.HELD
        if queue.running:
            queue.add([who])
            queue.release({who.id}, over={who.id} if over else ())
            self.say(f"✓ {clean(reading.name)} is next in 6 On demand, after those who wait")
            return
        try:
            ended = await carried(self.xtsync, partial(queue.provision, who, over=over))
        except XtSyncError as error:
            self.say(f"✗ {clean(error.title)}. {clean(error.detail, 200)}")
            return
        self._tell_result(ended)

    def _tell_result(self, one: Queued) -> None:
        """Say how provisioning ended, show what the service did, and read the person again."""
        from xtsync_tui.ui.screens.on_demand import text as results

        cause = f" · {one.cause.title}" if one.cause else ""
        self._read_again(clean(f"{results.state_text(one, 0)}{cause}", 200), keep_logs=False)
        if one.result is not None and one.state is not State.HELD and self.is_current:
            keys = ("fix",) if one.cause else ()
            target = self._tenant(Side.TARGET)
            self.app.push_screen(results.result_page(self, keys, one.result, target, one.cause))

    def action_logs(self) -> None:
        """Show the newest log rows about the person."""
        from xtsync_tui.ui.screens.page import TextPage

        if self.data is not None:
            body = text.log_rows(self.data, self.workspace.now())
            self.app.push_screen(TextPage(f"{self.heading()} › Log", body, "provisioning log, newest first"))

    def action_why(self) -> None:
        """Go to the first gate that is shut."""
        if self.data is not None and self.data.shut:
            self.screen.set_focus(self._gates)
            self._gates.select(self.data.shut[0].key)

    @on(Table.Opened, "#gates")
    def _open_gate(self, event: Table.Opened) -> None:
        from xtsync_tui.ui.screens.page import RowPage

        gate: Gate = event.row
        keys = ("fix",) if text.hint(gate) else ()
        self.app.push_screen(RowPage(self, keys, f"{self.heading()} › {gate.title}", text.evidence(gate)))

    @on(Table.Opened, "#attributes")
    def _open_attribute(self, event: Table.Opened) -> None:
        from xtsync_tui.ui.screens.page import TextPage

        row: Compared = event.row
        parts = (("SOURCE", row.source), ("Mappings say", row.mapped), ("TARGET", row.target))
        body = Content("\n\n").join(
            [Content.styled(head, "bold") + "\n" + clean(value, 20_000, lines=True) for head, value in parts]
        )
        self.app.push_screen(TextPage(f"{self.heading()} › {row.attribute}", body))

    def action_next_panel(self) -> None:
        """Go between gates and attributes; on a narrow terminal turn the columns."""
        if self.app.size.width < WIDE:
            self.turn = (self.turn + 1) % len(TURNS)
            self._show_attributes()
            return
        self.screen.set_focus(self._attributes if self._gates.has_focus else self._gates)

    def action_previous_panel(self) -> None:
        """Go between gates and attributes, the other way round."""
        self.turn = (self.turn - 2) % len(TURNS)
        self.action_next_panel()

    def action_detail_down(self) -> None:
        """Scroll the attributes down."""
        self._attributes.action_move(1)

    def action_detail_up(self) -> None:
        """Scroll the attributes up."""
        self._attributes.action_move(-1)

    def action_reload(self) -> None:
        """Read everything about the person again."""
        self._fresh = True
        self.load()

    async def action_back(self) -> None:
        """Go back to the search, or to where one came from; a filter goes first."""
        if self.xtsync.stop_waiting() or self._attributes.query_text:
            await super().action_back()
            return
        self.app.pop_screen()
        if self.visited:
            await self.xtsync.come_back()

    # What can be taken along ----------------------------------------------------------------------------

    def requests(self) -> Sequence[Request]:
        """Return what f would send."""
        found = self._fix()
        repair = found[1].repair if found else None
        return [each.request for each in repair.planned] if repair else ()

    def copies(self) -> list[tuple[str, str]]:
        """Return the gates as text, the account and the id."""
        if self.data is None:
            return super().copies()
        reading = self.data.reading
        why = text.report(self.data, self._tenant(Side.TARGET))
        return [("why", why), ("account", clean(reading.account)), ("id", reading.id)]

    def raw(self) -> str:
        """Return all attributes and the users of both tenants as Graph wrote them."""
        if self.data is None:
            return ""
        told = technical(self.data.reading, self.data.rows)
        notes = text.notes(self.data, self.workspace.now(), 0, None, 0).plain
        return f"{notes}\n\n{exact.pretty(told)}"
