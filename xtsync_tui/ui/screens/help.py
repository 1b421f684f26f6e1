"""The help of a screen or dialog: what it is for, its keys as they are now, and the symbols."""

from collections.abc import Iterable
from dataclasses import dataclass
from inspect import cleandoc
from textwrap import fill
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.keys import format_key
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Markdown, Static

from xtsync_tui.ui.keys import KEYS, key
from xtsync_tui.ui.render import ROLES, muted
from xtsync_tui.ui.screens.base import FrameScreen
from xtsync_tui.ui.screens.choose import Choose
from xtsync_tui.ui.screens.dialog import Dialog

SYMBOLS = (
    ("✓", "done, allowed, succeeded"),
    ("○", "to do, off, next"),
    ("✗", "missing, blocked, failed"),
    ("!", "attention"),
    ("?", "cannot tell, unknown"),
    ("–", "none, not needed, skipped"),
    ("…", "waiting, after step N; also cut text"),
    ("▶", "running, direction"),
    ("‖", "paused"),
    ("■", "quarantine, held"),
    ("~ + -", "changed, added, removed"),
    ("# =", "matching (fixed), required"),
    ("▌ *", "the row of the cursor, a marked row"),
)

KEY, WORDS = 12, 17
"""Cells of the first two columns."""

_NAMES = {"escape": "esc", "enter": "enter", "pagedown": "pgdn", "pageup": "pgup"}


@dataclass
class KeyLine:
    """One line of the table of keys; ``why`` says why it cannot be used now."""

    id: str
    names: list[str]
    words: str
    tooltip: str
    why: str

    def text(self, width: int, off: str) -> Content:
        """Return the line in ``width`` cells, in the style ``off`` when the key cannot be used."""
        name, words = " ".join(sorted(self.names, key=len)).ljust(KEY), self.words.ljust(WORDS - 1) + " "
        said = fill(self.why or self.tooltip, max(width - KEY - WORDS, 20)).replace(
            "\n", "\n" + " " * (KEY + WORDS)
        )
        if self.why:
            return Content.styled(f"{name}{words}{said}", off)
        return Content.styled(name, "bold $x-focus") + words + muted(said)


def _name(name: str) -> str:
    return _NAMES.get(name) or format_key(name)


def key_lines(screen: Screen[Any]) -> tuple[list[KeyLine], list[KeyLine]]:
    """Return the screen's own keys in the order of its footer, and all others."""
    words = dict(screen.footer_ids()) if isinstance(screen, FrameScreen) else {}
    found: dict[str, KeyLine] = {}
    for bound in screen.active_bindings.values():
        binding = bound.binding
        name, shown = binding.id or "", _name(binding.key)
        if name in found:
            found[name].names.append(shown)
        elif name and not name.startswith("mode."):
            said = words.get(name) or binding.description
            found[name] = KeyLine(name, [shown], said, binding.tooltip, _refusal(screen, binding.action))
    own = [found.pop(name) for name in _own(screen) if name in found]
    return own, sorted(found.values(), key=lambda line: _ORDER.get(line.id, len(_ORDER)))


_ORDER = {name: place for place, name in enumerate(KEYS)}


def _own(screen: Screen[Any]) -> list[str]:
    kinds = [kind for kind in type(screen).__mro__ if issubclass(kind, FrameScreen | ModalScreen)]
    bindings = [
        bind for kind in kinds if kind is not FrameScreen for bind in kind.__dict__.get("BINDINGS", ())
    ]
    return [bind.id for bind in bindings if isinstance(bind, Binding) and bind.id]


def _refusal(screen: Screen[Any], action: str) -> str:
    if isinstance(screen, FrameScreen):
        return screen.refusal(action)
    return screen.off() if isinstance(screen, Dialog) and action == "send" else ""


def _title(screen: Screen[Any]) -> str:
    if isinstance(screen, FrameScreen):
        return screen.heading()
    return screen.heading if isinstance(screen, Dialog | Choose) else ""


def _symbol(symbol: str, words: str) -> Content:
    return Content.styled(symbol.ljust(KEY), ROLES.get(symbol, "")) + words


class HelpPage(FrameScreen):
    """Help over the whole body; esc or the key of help closes it."""

    HELP = "The help of the screen below. The arrows scroll, y copies all of it, esc goes back."
    PAGE = True
    AUTO_FOCUS = "#help"
    TAIL = ("back", "goto", "help")
    BINDINGS: ClassVar[list[BindingType]] = [key("copy", "Copy all")]

    def __init__(self, about: Screen[Any]) -> None:
        super().__init__()
        self.title = f"Help › {_title(about)}"
        self.words = cleandoc(about.HELP or "")
        self.own, self.others = key_lines(about)
        self.over_dialog = not isinstance(about, FrameScreen)

    def body(self) -> Iterable[Widget]:
        """Yield the words of the screen, then its keys and the symbols."""
        with VerticalScroll(id="help"):
            yield Markdown(self.words)
            yield Static(id="keys", markup=False)

    def on_resize(self) -> None:
        """Break the lines for this width."""
        self.query_one("#keys", Static).update(self.tables(self.app.size.width - 4))

    def tables(self, width: int) -> Content:
        """Return keys and symbols in lines of ``width`` cells."""
        modes = KeyLine("", ["1…9 0"], "Modes", "Go to the mode with this digit in the header", "")
        off = self.xtsync.off_style
        others = self.others if self.over_dialog else [modes, *self.others]
        parts = [
            ("Keys here", [line.text(width, off) for line in self.own]),
            (
                "In fields" if self.over_dialog else "Keys everywhere",
                [line.text(width, off) for line in others],
            ),
            ("Symbols", [_symbol(*each) for each in SYMBOLS]),
        ]
        tables = [
            Content("\n").join([Content.styled(head, "bold"), *lines]) for head, lines in parts if lines
        ]
        return Content("\n\n").join(tables)

    def copies(self) -> list[tuple[str, str]]:
        """Return all of it."""
        return [("text", f"{self.words}\n\n{self.tables(110).plain}")]
