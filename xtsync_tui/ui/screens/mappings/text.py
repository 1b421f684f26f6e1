"""What the Mappings screens say: rows, details, previews and the list of changes. All pure."""

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, shown, state
from xtsync_tui.workspace.journal import Fate
from xtsync_tui.workspace.mappings.changes import Change, Part
from xtsync_tui.workspace.mappings.draft import Row
from xtsync_tui.workspace.mappings.saving import Overtaken, Saved
from xtsync_tui.workspace.mappings.trial import Tally
from xtsync_tui.workspace.mappings.unfinished import Unfinished

LABEL = 25
NAMES = 3


def flag(row: Row) -> str:
    """Return the symbol before a row: what the draft does, else why the service keeps it."""
    return row.mark or ("#" if row.mapping.matching else "=" if row.mapping.required else " ")


def locked(row: Row) -> str:
    """Return why a mapping cannot be changed or removed, "" when it can."""
    if row.mapping.matching:
        return "matching: fixed, the service recognises people by it"
    return "required: cannot be removed" if row.mapping.required else ""


def draft_words(count: int) -> str:
    """Return ``draft: 2 changes``, "" for none."""
    return f"draft: {count} change{'s' * (count != 1)}" if count else ""


def legend() -> Content:
    """Return what the symbols mean."""
    return muted("# matching, fixed    = required, cannot be removed    ~ changed    + added    - removed")


def changed(row: Row) -> Content:
    """Return what the draft does to a row."""
    words = {
        "": "as saved",
        "~": "~ changed, not saved",
        "+": "+ added, not saved",
        "-": "- removed, not saved",
    }
    now = clean(row.mapping.source, 300)
    if row.mark == "~" and row.before is not None:
        now = f"{clean(row.before.source, 300)} → {now}"
        if row.before.apply != row.mapping.apply:
            now += f", {row.before.apply_words} → {row.mapping.apply_words}"
    return _line(state(words[row.mark]), Content(now))


def _line(label: Content, value: Content) -> Content:
    return padded(label) + value


def padded(label: Content) -> Content:
    """Return a label as wide as all of them."""
    return label.pad_right(max(LABEL - label.cell_length, 1))


def tally_words(found: Tally, *, edited: bool) -> Content:
    """Return how many people a mapping changes, in one line."""
    if found.unknown:
        return state("? cannot tell: it takes what is not read here")
    stay, have, new = len(found.stay), len(found.stay) + len(found.new), len(found.new)
    comes = f"{new} once created, " if new else ""
    stays = f"{stay} stay{'s' * (stay == 1)}"
    gets = f"{have} {'gets' if have == 1 else 'get'} a value, "
    counts = f"{len(found.change)} change, {stays}, {comes}" if edited else gets
    return Content(f"{counts}{len(found.empty)} empty, {len(found.fail)} fail")


def names(found: Sequence[str], most: int = NAMES) -> str:
    """Return the first names, ``…`` for the rest."""
    first = " · ".join(clean(name, 30) for name in found[:most])
    return f"{first} · …" if len(found) > most else first


def change_lines(found: Sequence[Change], width: int = 0) -> Content:
    """Return the changes of a draft, two lines where a value becomes another.

    ``width`` are the cells there are: a longer value goes on under its beginning.
    """
    lines: list[Content] = []

    def tell(mark: str, value: str) -> None:
        first, *rest = shown(value).wrap(width - 4) if width else [shown(value)]
        lines.extend([muted(mark) + first, *(Content("    ") + row for row in rest)])

    for change in found:
        head = state(f"{change.mark} {change.part:<8}") + shown(change.name)
        lines.append(head)
        if change.part is Part.REST:
            tell("    ", change.after or change.before)
            continue
        if change.before:
            tell("    ", change.before)
        if change.after:
            tell("  → " if change.before else "    ", change.after)
    return Content("\n").join(lines)


def read_at(at: datetime, now: datetime) -> str:
    """Return ``read 14:01:30``: how long ago it was counts in the header."""
    from xtsync_tui.ui.render import moment

    return f"read {moment(at, now)}"


def saved(outcome: Saved, what: str = "saved") -> str:
    """Return how a save ended."""
    if outcome.failed is None:
        return f"✓ {what} · {'full cycle started' if outcome.restarted else 'no cycle was started'}"
    unknown = outcome.failed.entry.fate is Fate.UNKNOWN
    return left(Unfinished.CYCLE_UNKNOWN if unknown else Unfinished.NO_CYCLE)


def overtaken(found: Overtaken) -> str:
    """Return that somebody else saved meanwhile, and the key that compares."""
    return f"! {found.title} · f2 compares the three"


def left(found: Unfinished | None) -> str:
    """Return what is left of a save and the key that does it, "" for nothing."""
    keys = {
        Unfinished.SAVE_UNKNOWN: "r looks",
        Unfinished.CYCLE_UNKNOWN: "R starts it",
        Unfinished.NO_CYCLE: "R starts it",
    }
    if found is None:
        return ""
    return f"{'!' if found is Unfinished.NO_CYCLE else '?'} {found.value} · {keys[found]}"
