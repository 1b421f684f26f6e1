"""The fixed rows as pure text: the two header lines, the title row, the status line and the footer."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from xtsync_tui.model import Side
from xtsync_tui.text import clean, shorten_id
from xtsync_tui.ui.modes import Mode
from xtsync_tui.ui.render import cut_end, muted, rough, state

MIDDLE = 12
"""Cells between the bands: the write state and the arrow."""

PROFILE = 12
STALE = 300.0
"""Seconds after which an answer is marked as old."""

WITH_IDS = 140
WITH_NAMES = 110
WITH_DOMAIN = 100


@dataclass(frozen=True, slots=True)
class SideView:
    """One side as the header shows it; an empty ``person`` is nobody signed in."""

    side: Side
    name: str = ""
    tenant_id: str = ""
    domain: str = ""
    person: str = ""

    def band(self, terminal: int, width: int) -> str:
        """Return the band's text in exactly ``width`` cells."""
        person = self._person(terminal)
        parts = [f"{self.side.name} {clean(self.name)}".rstrip()]
        if not self.person:  # that nobody is signed in is never cut
            room = width - cell_len(person) - 2
            if cell_len(parts[0]) in {room - 1, room}:  # the name is whole without the dot
                return f" {parts[0]} {person}".ljust(width)
            parts = [cut_end(parts[0], room - 2)]
        if terminal >= WITH_IDS and self.tenant_id:
            parts.append(shorten_id(self.tenant_id))
        parts.append(person)
        return Content(" " + " · ".join(parts)).truncate(width, ellipsis=True, pad=True).plain

    def _person(self, terminal: int) -> str:
        person = clean(self.person) or "not signed in"
        own = f"@{clean(self.domain)}"
        return person.removesuffix(own) if terminal < WITH_DOMAIN and self.domain else person


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the oldest answer shown is, in seconds; ``failed`` when reading it again did not work."""

    age: float | None = None
    failed: bool = False
    limit: float = STALE
    words: str = ""

    def text(self, *, short: bool = False) -> str:
        """Return ``read 8 s ago``, ``! 6 min ago`` or ``! read failed, 6 min old``."""
        if self.words:
            return self.words
        if self.age is None:
            return "! read failed" if self.failed else "not read yet"
        if self.failed:
            return f"! read failed, {rough(self.age)} old"
        if self.age > self.limit:
            return f"! {rough(self.age)} ago"
        return f"{rough(self.age)} ago" if short else f"read {rough(self.age)} ago"


def modes_text(modes: Sequence[Mode], active: str, *, names: bool) -> str:
    """Return ``1 Setup[2 Overview]3 Access``: brackets take the cells of the spaces beside the mode."""
    text, after = "", " "
    for mode in modes:
        chosen = mode.id == active
        label = f"{mode.digit} {mode.name}" if names or chosen else mode.digit
        text += ("[" if chosen else after) + label
        after = "]" if chosen else " "
    return text + after


def mode_line(width: int, modes: Sequence[Mode], active: str, profile: str, fresh: Freshness) -> Content:
    """Return the second header line: modes at the left, profile and age at the right."""
    left = modes_text(modes, active, names=width >= WITH_NAMES)
    name = clean(profile, PROFILE)
    for right in (f"{name} · {fresh.text()}", f"{name} · {fresh.text(short=True)}", fresh.text(short=True)):
        if cell_len(left) + cell_len(right) + 1 <= width:
            break
    gap = " " * max(width - cell_len(left) - cell_len(right) - 1, 1)
    start, bracket, rest = left.partition("[")
    chosen, end, others = rest.partition("]")
    bold = Content.styled(bracket + chosen + end, "bold $x-focus") if bracket else Content("")
    warning = "$x-warning" if "!" in right else "$x-muted"
    return muted(start) + bold + muted(others) + Content(gap) + Content.styled(right + " ", warning)


TITLE = 20
"""Cells of the title that are kept, whatever the summary says."""


def title_line(width: int, title: str, tabs: Sequence[str], active: int, summary: Content) -> Content:
    """Return the title row: where one is, the tabs, and at the right the summary.

    When there is no room for all, the end of where one is goes first: the summary says how things are.
    """
    taken = sum(cell_len(tab) + 2 for tab in tabs) + (2 if tabs else 0) + summary.cell_length + 4
    line = Content.styled(f" {title}", "bold").truncate(max(width - taken, TITLE) + 1, ellipsis=True)
    if tabs:
        line += "  "
    for index, tab in enumerate(tabs):
        line += Content.styled(f"[{tab}]", "bold $x-focus") if index == active else muted(f" {tab} ")
    room = width - line.cell_length - 3
    if room < 4 or not summary:
        return line.truncate(width, ellipsis=True, pad=True)
    right = summary.truncate(min(room, summary.cell_length), ellipsis=True)
    return line.pad_right(width - line.cell_length - right.cell_length - 1) + right + " "


def status_line(width: int, text: str, right: str) -> Content:
    """Return the status line: what happens at the left, the requests at the right."""
    room = width - cell_len(right) - 4
    left = state(clean(text)).truncate(max(room, 0), ellipsis=True)
    return (
        Content(" ")
        + left.pad_right(max(width - left.cell_length - cell_len(right) - 2, 0))
        + muted(right + " ")
    )


@dataclass(frozen=True, slots=True)
class FooterKey:
    """One key of the footer; ``off`` is one that cannot be used now."""

    id: str
    display: str
    description: str
    off: bool = False

    @property
    def width(self) -> int:
        """Cells with the gap before it."""
        return cell_len(self.display) + 1 + cell_len(self.description) + 2


def fit_footer(keys: Sequence[FooterKey], tail: Sequence[FooterKey], width: int) -> list[FooterKey]:
    """Return the keys that fit from the left, and the ``tail`` that never drops out."""
    room = width + 1 - sum(key.width for key in tail)
    kept: list[FooterKey] = []
    for key in keys:
        room -= key.width
        if room < 0:
            break
        kept.append(key)
    return [*kept, *tail]


def footer_line(keys: Sequence[FooterKey], off: str) -> Content:
    """Return the footer; keys that cannot be used now have the style ``off``."""
    parts = [
        Content.styled(f"{key.display} {key.description}", off)
        if key.off
        else Content.styled(key.display, "bold $x-focus") + f" {key.description}"
        for key in keys
    ]
    return Content(" ") + Content("  ").join(parts)


def rule(title: str, width: int) -> Content:
    """Return ``── Title ─────``: the head of a strip."""
    if not title:
        return Content.styled("─" * width, "$x-rule")
    head = Content.styled("── ", "$x-rule") + Content.styled(clean(title), "bold") + " "
    line = head.truncate(max(width - 1, 0), ellipsis=True)
    return line + Content.styled("─" * (width - line.cell_length), "$x-rule")
