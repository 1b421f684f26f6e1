"""The tab of the object actions: what the service may do in TARGET at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from xtsync_tui.ui.render import muted
from xtsync_tui.ui.screens.mappings.panel import ELSEWHERE, DraftPanel
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widgets.table import Table
from xtsync_tui.workspace.mappings.filters import ACTIONS, allowed, with_action
from xtsync_tui.workspace.schema import user_mapping

_WORDS = {
    "Add": ("Create", "people who come into scope are created in TARGET"),
    "Update": ("Update", "changes of people reach TARGET; disabling them too"),
    "Delete": ("Delete", "people who leave scope are soft-deleted in TARGET"),
}


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action, whether the draft allows it, and whether the saved schema does."""

    action: str
    on: bool
    was: bool


def _state(row: ActionRow) -> str:
    return "✓ on" if row.on else "○ off"


COLUMNS: tuple[Column[ActionRow], ...] = (
    Column("Action", lambda row: _WORDS[row.action][0], width=8),
    Column("State", _state, stated=True, width=6),
    Column("What it does", lambda row: _WORDS[row.action][1], grow=True, most=60),
)


class ActionsPanel(DraftPanel):
    """Create, update and delete: each can be left out."""

    FOOTER = (
        ("open", "On or off"), ("send", "Save"), ("undo", "Undo"), ("compare", "Compare"), ("why", "Who"),
        ("tab_on", "Tab on"),
    )  # fmt: skip
    OFF: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("person", "new", "delete"), "Nothing can be added or taken out here."),
        **dict.fromkeys(("new_filter", "candidates"), ELSEWHERE),
    }

    def __init__(self) -> None:
        super().__init__(id="actions-tab")

    def compose(self) -> ComposeResult:
        """Yield the three actions."""
        table: Table[ActionRow] = Table(
            COLUMNS, lambda row: row.action, flag=lambda row: " " if row.on == row.was else "~",
            id="object-actions",
        )  # fmt: skip
        yield table
        yield Static(
            muted("enter turns one on or off, in the draft. Off is not undone by itself: what was missed"
                  " meanwhile comes with the next full cycle."),
            id="actions-note", markup=False,
        )  # fmt: skip

    def refresh_draft(self) -> None:
        """Show the actions of the draft."""
        draft = self.own.draft
        if draft is not None:
            now, was = allowed(draft.document), allowed(draft.base)
            rows = [ActionRow(action, action in now, action in was) for action in ACTIONS]
            self.query_one(Table).set_rows(rows)

    @on(Table.Opened)
    def _turn(self, event: Table.Opened) -> None:
        event.stop()
        self.edit()

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        row = self._row
        if action == "undo" and row is not None and row.on == row.was:
            return f"{_WORDS[row.action][0]} is as it was saved."
        return super().refusal(action)

    @property
    def _row(self) -> ActionRow | None:
        row: ActionRow | None = self.query_one(Table).row
        return row

    def edit(self) -> None:
        """Turn the selected action on or off, in the draft."""
        row, draft = self._row, self.now_draft
        if row is not None and draft is not None:
            self.keep(with_action(draft, row.action, on=not row.on))

    async def undo(self) -> None:
        """Bring the selected action back as it is saved."""
        if self._row is not None and self._row.on != self._row.was:
            self.edit()

    def raw(self) -> str:
        """Return the actions as the schema has them."""
        draft = self.now_draft
        return user_mapping(draft.document).get("flowTypes") or "" if draft is not None else ""
