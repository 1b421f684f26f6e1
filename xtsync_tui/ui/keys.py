"""Every key of the application: one list that bindings, footer, help and README read.

A key has one meaning on every screen. A screen names the ids it uses, and may put its meaning there into its
own words: ``BINDINGS = [key("open", "Do step"), key("test")]``.
"""

from dataclasses import dataclass
from typing import NamedTuple

from textual.binding import Binding
from textual.keys import format_key


@dataclass(frozen=True, slots=True)
class Key:
    """One key: ``keys`` are Textual key names, the first is shown; ``action`` is what it runs."""

    id: str
    keys: str
    action: str
    description: str
    tooltip: str
    shown: str = ""

    @property
    def display(self) -> str:
        """The key as it stands in the footer."""
        return self.shown or self.keys.partition(",")[0]


class _Row(NamedTuple):
    id: str
    keys: str
    description: str
    tooltip: str
    shown: str = ""
    action: str = ""


_ROWS = (
    # Where one is and where one goes.
    _Row(
        "goto", "colon,ctrl+p", "Go to", "Go to a screen or do something, by name", ":", "app.command_palette"
    ),
    _Row("help", "question_mark,f1", "Help", "What this screen is for, and its keys", "?", "app.toggle_help"),
    _Row("requests", "at", "Requests", "Every Graph request, and the changes made", "@", "app.requests"),
    _Row("quit", "Q,ctrl+q", "Quit", "Quit; waits for a running write, asks about a draft", "Q", "app.quit"),
    _Row("open", "enter", "Open", "Open the selected row, or do what it offers"),
    _Row("back", "escape", "Back", "Back to where you came from", "esc"),
    _Row("panel", "tab", "Panel", "Next panel or side", "", "next_panel"),
    _Row("panel_back", "shift+tab", "Panel back", "Previous panel or side", "", "previous_panel"),
    _Row("tab_back", "comma", "Tab back", "Previous tab", ","),
    _Row("tab_on", "full_stop", "Tab on", "Next tab", "."),
    _Row("detail_down", "J", "Detail down", "Scroll the detail down from the list"),
    _Row("detail_up", "K", "Detail up", "Scroll the detail up from the list"),
    # What any list can do.
    _Row("filter", "slash", "Filter", "Filter: text, column:value, !not, since:24h", "/"),
    _Row("sort", "s", "Sort", "Sort by a column; the same column again reverses"),
    _Row("mark", "space", "Mark", "Mark the row"),
    _Row("mark_all", "asterisk", "Mark all", "Mark all rows shown, or none", "*"),
    _Row("copy", "y", "Copy", "Send the row to the clipboard"),
    _Row("copy_as", "Y", "Copy as", "Choose what to send to the clipboard"),
    _Row("export", "x", "Export", "Write what is shown to a file"),
    _Row("reload", "r", "Reload", "Read again what is shown"),
    _Row("request", "v", "Request", "The Graph requests of this row or action"),
    _Row("technical", "i", "Technical", "Ids and raw JSON"),
    # Verbs with one meaning everywhere.
    _Row("new", "n", "New", "Make or add one"),
    _Row("edit", "e", "Edit", "Change the selected setting"),
    _Row("delete", "d", "Delete", "Delete it, or take it out"),
    _Row("undo", "u", "Undo", "Undo this change"),
    _Row("compare", "c", "Compare", "Compare with another"),
    _Row("fix", "f", "Fix", "Go to what repairs this"),
    _Row("why", "w", "Why", "Why this person is, or is not, in TARGET"),
    _Row("provision", "p", "Provision", "Provision this person on demand"),
    _Row("assign", "a", "Assign", "Assign or unassign this person"),
    _Row("logs", "l", "Logs", "Log rows of this"),
    _Row("test", "t", "Test", "Test the connection between the tenants"),
    _Row("pause", "P", "Pause", "Pause what runs, or let it go on"),
    # Whole-object actions: each opens a dialog first.
    _Row("rest", "A", "Do the rest", "Do all steps that remain, each shown first"),
    _Row("start", "S", "Start", "Start the synchronization job"),
    _Row("restart", "R", "Restart", "Restart the synchronization job"),
    _Row("held", "H", "Held", "Deletions that are held, and who they are"),
    _Row("configuration", "C", "Configuration", "Choose the configuration that is shown"),
    _Row("defaults", "D", "Defaults", "Restore the default mappings"),
    _Row("import", "I", "Import", "Import from a file, with a preview", "", "import_file"),
    _Row("new_filter", "N", "Filter", "Add a scoping filter (OR)"),
    _Row("sign_out", "L", "Sign out", "Sign out and forget the tokens"),
    _Row("other_way", "o", "Other way", "Another way to sign in"),
    # Forms and text fields.
    _Row("send", "f2", "Send", "Keep, save or send: the form's main button"),
    _Row("person", "f3", "Person", "Choose the person of the preview"),
    _Row("candidates", "f4", "Complete", "List what fits here"),
    _Row("ask", "f5", "Ask service", "Ask the service; writes nothing"),
)

KEYS = {
    row.id: Key(row.id, row.keys, row.action or row.id, row.description, row.tooltip, row.shown)
    for row in _ROWS
}


def key(id: str, description: str = "", *, show: bool = True) -> Binding:  # noqa: A002 - Textual's word
    """Return the binding of ``id``; ``description`` says in the screen's words what it does there."""
    entry = KEYS[id]
    return Binding(
        entry.keys,
        entry.action,
        description or entry.description,
        show=show,
        key_display=entry.display,
        tooltip=entry.tooltip,
        id=id,
    )


def shown_as(binding: Binding) -> str:
    """Return how the footer writes the key: ``esc``, ``:``, and ``^p`` for the other key of ``:``."""
    entry = KEYS.get(binding.id or "")
    if binding.key_display and (entry is None or entry.keys.partition(",")[0] == binding.key):
        return binding.key_display
    return format_key(binding.key.replace("ctrl+", "^"))


def mode_key(digit: str, mode: str, name: str) -> Binding:
    """Return the binding of a digit that goes to a mode; its id is ``mode.NAME``."""
    return Binding(
        digit,
        f"app.mode({mode!r})",
        name,
        show=False,
        key_display=digit,
        tooltip=f"Go to {name}",
        id=f"mode.{mode}",
    )
