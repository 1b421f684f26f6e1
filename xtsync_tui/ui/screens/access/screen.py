"""Access settings of both tenants: default, partner and effective value, partners, external collaboration."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Request, Side
from xtsync_tui.text import clean
from xtsync_tui.ui.keys import key
from xtsync_tui.ui.render import state
from xtsync_tui.ui.screens.access import columns, text
from xtsync_tui.ui.screens.reading import ReadingScreen
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.detail import Detail
from xtsync_tui.ui.widgets.split import Split
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.ui.widths import WIDE
from xtsync_tui.workspace.access_editing import plan_edit
from xtsync_tui.workspace.access_reading import AccessReading, PartnerRow
from xtsync_tui.workspace.access_settings import SettingRow
from xtsync_tui.workspace.asked import asked_about
from xtsync_tui.workspace.external import ExternalRow, plan_external, requirement
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import Mark
from xtsync_tui.workspace.setup.needs import needs_of

if TYPE_CHECKING:
    from xtsync_tui.ui.screens.access.dialogs import AccessDialog
    from xtsync_tui.workspace.pair import Workspace


NEEDED = "Synchronization needs these"
ALSO = "Also here"
GAP = "\u00a0"
"""A section without a name: an empty row."""


class AccessScreen(ReadingScreen[AccessReading]):
    """What each tenant lets the other one do, and what comes of it."""

    MODE = "access"
    READS = "access"
    TITLE = "Access settings"
    TABS = (("pair", "Pair"), ("partners", "Partners"), ("external", "External collaboration"))
    AUTO_FOCUS = "#pair"
    HELP = """\
# Access settings

What the two tenants let each other do: the **default** for everybody, what is set for the **partner**, and
the value that takes **effect**. Settings that synchronization needs come first.

- **tab** changes the side, which the line under the list names.
- **enter** or **e** changes the setting on that side; the requests are shown before they are sent.
- **f** repairs the setting, or goes to the next one that stops synchronization.
- **n** adds a partner by id or domain, **d** removes one.
- **,** and **.** go to the partners of both tenants and to who may invite and leave.

A value that cannot be read says **? cannot tell** and why.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        key("open", "Edit"),
        key("edit", show=False),
        key("new", "Add partner"),
        key("delete", "Remove"),
        key("fix"),
        key("request"),
        key("panel", "Side"),
        key("tab_on"),
        key("export"),
    ]

    which = Side.TARGET
    """The side under the cursor."""
    _placed = False

    # The body ------------------------------------------------------------------------------------------

    def body(self) -> Iterable[Widget]:
        """Yield the lists of the three tabs over one detail."""
        lists = Vertical(
            Static("", id="sides", markup=False),
            Table(
                columns.pair_columns(WIDE, tuple(Side)),
                _pair_id,
                heading=_head,
                empty="Reading both tenants…",
                id="pair",
            ),
            Table(
                columns.partner_columns(WIDE),
                _partner_id,
                heading=_side_head,
                empty="No partner. n adds one by domain or id.",
                id="partners",
            ),
            Table(columns.external_columns(WIDE, {}), lambda row: row.key, id="external"),
            id="access-lists",
        )
        yield Split(lists, below=True)

    def on_mount(self) -> None:
        """Show the first tab."""
        self.show_tab(self.tab)

    async def read(self, workspace: "Workspace") -> AccessReading:
        """Read both sides."""
        return await workspace.access.read()

    def show(self, data: AccessReading) -> None:
        """Show the rows; the cursor starts on the first setting that stops synchronization, on its side."""
        self._lay_out()
        rows: list[SettingRow | str] = [NEEDED, *(row for row in data.rows if row.setting.needed)]
        if self.size.width >= WIDE:
            rows.append(GAP)
        rows += [ALSO, *(row for row in data.rows if not row.setting.needed)]
        self._list("pair").set_rows(rows)
        self._list("partners").set_rows(self._partner_rows(data))
        self._list("external").set_rows(data.external)
        if not self._placed:
            self._placed = True
            self._go_to_stopping()
        self._show_detail()

    def _partner_rows(self, data: AccessReading) -> list[PartnerRow | str]:
        rows: list[PartnerRow | str] = []
        for side in Side:
            part = data.sides[side].partners
            rows.append(f"{side.name} {self.names[side]}" + _failed(part))
            rows += [row for row in data.partners() if row.side is side]
        return rows if any(isinstance(row, PartnerRow) for row in rows) else []

    def _list(self, name: str) -> Table[Any]:
        return self.query_one(f"#{name}", Table)

    @property
    def _shown(self) -> tuple[Side, ...]:
        return tuple(Side) if self.app.size.width >= WIDE else (self.which,)

    def _lay_out(self) -> None:
        """Give the lists the columns for this width and this side."""
        terminal = self.app.size.width
        self._list("pair").columns = columns.pair_columns(terminal, self._shown)
        self._list("partners").columns = columns.partner_columns(terminal)
        self._list("external").columns = columns.external_columns(
            terminal, {side: self.names[side] for side in self._shown}
        )
        heads = self.query_one("#sides", Static)
        title, block = columns.block(terminal)
        heads.update(text.heads(self.names, self._shown, title + 4, block))
        heads.display = self.tab == "pair"
        for table in self.query(Table):
            table.on_resize()

    def on_resize(self) -> None:
        """Lay out the lists and the detail for the new width."""
        if self.data is not None:
            self.show(self.data)

    # Where the cursor is -------------------------------------------------------------------------------

    @property
    def _row(self) -> Any:
        return self._list(self.tab).row

    def show_tab(self, tab: str) -> None:
        """Show the list of the tab."""
        for name, _ in self.TABS:
            self._list(name).display = name == tab
        stopping = {side for name, _, side in self._stopping() if name == tab}
        if stopping and self.which not in stopping:
            self.which = next(iter(stopping))
        self._lay_out()
        self.screen.set_focus(self._list(tab))
        self._show_detail()

    def tab_label(self, tab: str) -> str:
        """Return the words of a tab, with the number of partners."""
        label = super().tab_label(tab)
        if tab == "partners" and self.data is not None:
            return f"{label} ({len(self.data.partners())})"
        return (
            f"{label} ✗" if tab != self.tab and any(name == tab for name, *_ in self._stopping()) else label
        )

    def show_wanted(self, to: str) -> None:
        """Show ``target:redeem-in``: a side and a setting."""
        side, _, setting = to.partition(":")
        self.which = Side(side)
        self.tab = "external" if setting in {"invite", "leave"} else "pair"
        self._lay_out()
        self._list(self.tab).select(setting)
        self._show_detail()

    def action_next_panel(self) -> None:
        """Go to the other side."""
        self._go_side(self.which.other)

    def action_previous_panel(self) -> None:
        """Go to the other side."""
        self._go_side(self.which.other)

    def _go_side(self, side: Side) -> None:
        self.which = side
        if self.tab == "partners" and self.data is not None:
            first = next((row for row in self.data.partners() if row.side is side), None)
            if first is not None:
                self._list("partners").select(first.id)
        self._lay_out()
        self._show_detail()
        self.refresh_bindings()

    def _go_to_stopping(self) -> bool:
        """Put the cursor on the next setting that stops synchronization, on its side."""
        for tab, id_, side in self._stopping():
            self.which, self.tab = side, tab
            self._lay_out()
            self._list(tab).select(id_)
            return True
        return False

    def _stopping(self) -> Iterable[tuple[str, str, Side]]:
        data = self.data
        for row in data.rows if data else ():
            for side in Side:
                if row.cells[side].mark is Mark.BAD:
                    yield "pair", row.setting.key, side
        for one in data.external if data else ():
            for side in Side:
                if one.mark(side) is Mark.BAD:
                    yield "external", one.key, side

    @on(Table.Moved)
    def _moved(self, event: Table.Moved) -> None:
        if event.table.id != self.tab:
            return
        if isinstance(event.row, PartnerRow):
            self.which = event.row.side
        self._show_detail()
        self.refresh_bindings()

    def _show_detail(self) -> None:
        if self.data is None:
            return
        detail, row = self.query_one(Detail), self._row
        now, width = self.workspace.now(), max(self.app.size.width - 6, 40)
        match row:
            case SettingRow():
                words = text.setting_words(row, self.which)
                body = text.setting_detail(row, self.which, self.data, self.names, self._repair(), now, width)
                mark = row.cells[self.which].mark
                strip = text.strip(words, mark, self._repair(), self._refused_edit(), self.data, now)
            case ExternalRow():
                needs = needs_of(requirement(row, self.which), self.data.tenant(self.which))
                body = text.external_detail(
                    row, self.which, needs, self.names, self._repair(), self.data, now, width
                )
                words = text.external_words(row, self.which)
                mark = row.mark(self.which)
                strip = text.strip(words, mark, self._repair(), self._refused_edit(), self.data, now)
            case PartnerRow():
                values = columns.partner_values(row)
                body = text.partner_detail(row, self.names, values)
                detail.show(
                    f"{row.label} · partner of {row.side.name} {self.names[row.side]}",
                    body,
                    strip=text.partner_strip(row, values),
                    about=row.id,
                )
                return
            case _:
                detail.show(
                    f"{self.which.name} {self.names[self.which]}",
                    Content("n adds a partner by domain or id."),
                )
                return
        title = text.setting_title(row, self.which, self.names[self.which])
        detail.show(title, body, strip=strip, about=title)

    def refresh_frame(self) -> None:
        """Let the ages go on, too."""
        super().refresh_frame()
        if self.is_mounted and self.is_current:
            self._show_detail()

    def _repair(self) -> tuple[Planned, ...]:
        """Return what repairs the setting under the cursor, nothing when it does not stop synchronization."""
        row = self._row
        if self.data is None or _mark(row, self.which) is not Mark.BAD:
            return ()
        if isinstance(row, ExternalRow):
            return plan_external(self.workspace.clients, row, self.which, _good(row))
        return plan_edit(self.workspace.clients, self.data, self.which, row.setting, _good(row))

    def summary(self) -> Content:
        """Return whether a setting stops synchronization."""
        if self.data is None:
            return Content("")
        return state(text.summary(self.data, narrow=self.app.size.width < WIDE))

    # What can be done ----------------------------------------------------------------------------------

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        if self.data is not None and self.is_mounted:
            if action in {"open", "edit"}:
                return self._refused_edit()
            if action == "fix" and not self._repair() and not any(True for _ in self._stopping()):
                return "No setting stops synchronization."
            if action == "delete" and self._removable() is None:
                return "No partner to remove here."
        return super().refusal(action)

    def _refused_edit(self) -> str:
        row, side = self._row, self.which
        if isinstance(row, PartnerRow):
            return (
                ""
                if row.of_pair
                else "Only the partner of this pair is edited here: open its profile for another."
            )
        if isinstance(row, SettingRow) and row.setting.beta and side is Side.SOURCE:
            return "Groups do not come into SOURCE."
        failure: object = None
        if isinstance(row, SettingRow):
            failure = row.cells[side].failure
        elif isinstance(row, ExternalRow):
            failure = row.values[side]
        return f"Cannot tell what it is: {failure.title}" if isinstance(failure, XtSyncError) else ""

    def _removable(self) -> PartnerRow | None:
        if isinstance(self._row, PartnerRow):
            return self._row
        if self.data is None or self.tab != "pair":
            return None
        own = (row for row in self.data.partners() if row.side is self.which and row.of_pair)
        return next(own, None)

    @on(Table.Opened)
    def _opened(self) -> None:
        if isinstance(self._row, PartnerRow):
            self.tab = "pair"
        else:
            self._edit("")

    def action_edit(self) -> None:
        """Change the setting on the side under the cursor."""
        self._opened()

    @work
    async def _edit(self, choice: str) -> None:
        from xtsync_tui.ui.screens.access.dialogs import ValueDialog

        row = self._row
        if self.data is None or not isinstance(row, SettingRow | ExternalRow):
            return
        chosen = choice or (_good(row) if _mark(row, self.which) is Mark.BAD else "")
        await self._ask(ValueDialog(row, self.which, self.data, chosen))

    def action_fix(self) -> None:
        """Repair the setting, or go to the first one that stops synchronization."""
        if self._repair():
            self._edit("")
        else:
            self._go_to_stopping()
            self._show_detail()

    @work
    async def action_new(self) -> None:
        """Add a partner to the side under the cursor."""
        from xtsync_tui.ui.screens.access.dialogs import AddPartnerDialog

        row, data = self._row, self.data
        if data is None:
            return
        none = all(each.side is not self.which for each in data.partners())
        which = row.side if isinstance(row, PartnerRow) and not none else self.which
        await self._ask(AddPartnerDialog(which, data))

    @work
    async def action_delete(self) -> None:
        """Remove the selected partner, or the one of the pair."""
        from xtsync_tui.ui.screens.access.dialogs import RemovePartnerDialog

        row = self._removable()
        if row is not None and self.data is not None:
            await self._ask(RemovePartnerDialog(row, self.data))

    async def _ask(self, dialog: "AccessDialog") -> None:
        done = await self.open_dialog(dialog)
        if done:
            self.say(f"✓ {done}")
        if done or dialog.reading is not self.data:
            self.load()

    def requests(self) -> Sequence[Request]:
        """Return what the repair, or the removal of a partner, would send; else how it was read."""
        row = self._row
        if isinstance(row, PartnerRow):
            from xtsync_tui.workspace.access_editing import plan_removal

            return [each.request for each in plan_removal(self.workspace.clients, row.side, row.partner)]
        repair = tuple(each.request for each in self._repair())
        return repair or asked_about(self.workspace.log.exchanges, "/policies/")

    def export_columns(self, table: Table[Any]) -> Sequence[Column[Any]]:
        """Return the columns of both sides, whichever is shown."""
        wide = columns.ROOMY
        every: dict[str, Sequence[Column[Any]]] = {
            "pair": columns.pair_columns(wide, tuple(Side)),
            "external": columns.external_columns(wide, self.names),
        }
        return every.get(self.tab, table.columns)

    def copies(self) -> list[tuple[str, str]]:
        """Return the setting with both sides, for a colleague."""
        row = self._row
        if not isinstance(row, SettingRow):
            return super().copies()
        lines = [f"{side.name} {clean(self.names[side])}: {text.setting_words(row, side)}" for side in Side]
        return [("setting", "\n".join([row.setting.title, *lines])), *super().copies()]

    def raw(self) -> str:
        """Return what the side under the cursor says, as JSON."""
        return self.data.raw(self.which) if self.data else ""


def _failed(part: object) -> str:
    return f" · ? cannot tell: {part.title}" if isinstance(part, XtSyncError) else ""


def _mark(row: Any, side: Side) -> Mark:
    if isinstance(row, SettingRow):
        return row.cells[side].mark
    return row.mark(side) if isinstance(row, ExternalRow) else Mark.NONE


def _good(row: SettingRow | ExternalRow) -> str:
    """Return the value that lets people arrive: the least that does where there are several."""
    return row.setting.good if isinstance(row, SettingRow) else "adminsAndGuestInviters"


def _pair_id(row: SettingRow | str) -> str:
    return row if isinstance(row, str) else row.setting.key


def _partner_id(row: PartnerRow | str) -> str:
    return row if isinstance(row, str) else row.id


def _head(row: SettingRow | str) -> str:
    return row if isinstance(row, str) else ""


def _side_head(row: PartnerRow | str) -> str:
    return clean(row) if isinstance(row, str) else ""
