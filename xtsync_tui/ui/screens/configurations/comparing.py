"""Two configurations side by side: only what differs."""

from collections.abc import Callable, Iterator, Sequence

from textual.content import Content

from xtsync_tui.errors import XtSyncError
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.configurations import text
from xtsync_tui.workspace.configurations.reading import Configuration, Whole
from xtsync_tui.workspace.configurations.settings import Setting
from xtsync_tui.workspace.mappings.changes import Part, changes

Pair = tuple[str, str, str]


def differences(
    one: Whole, other: Whole, settings: Callable[[Configuration], Sequence[Setting]]
) -> tuple[Pair, ...]:
    """Return what differs, or cannot be told: the thing, as it is in the one, as it is in the other."""
    pairs = [
        ("State", text.health(one.one), text.health(other.one)),
        ("Target", text.target(one.one), text.target(other.one)),
        ("Scope", text.scope_words(one).plain, text.scope_words(other).plain),
        *_settings(settings(one.one), settings(other.one)),
        *_schemas(one, other),
    ]
    return tuple(pair for pair in pairs if pair[1] != pair[2] or pair[1] == text.CANNOT_TELL)


def _settings(mine: Sequence[Setting], theirs: Sequence[Setting]) -> Iterator[Pair]:
    others = {each.key: each for each in theirs}
    for each in mine:
        if each.key in {"mail", "threshold"}:
            yield each.title, each.value or text.CANNOT_TELL, others[each.key].value or text.CANNOT_TELL


def _schemas(one: Whole, other: Whole) -> Iterator[Pair]:
    mine, theirs = _schema_state(one), _schema_state(other)
    if one.schema is None or other.schema is None or text.CANNOT_TELL in (mine, theirs):
        yield "Mappings and filters", mine, theirs
        return
    for change in changes(one.schema, other.schema):
        part = "" if change.part is Part.ACTIONS else f"{change.part.value} "
        title = f"{part}{change.name}".strip()
        before, after = change.before or "–", change.after or "–"
        if before == after:  # what is told of it is the same, but it is not
            after += ", in another way"
        yield title[:1].upper() + title[1:], before, after


def _schema_state(whole: Whole) -> str:
    if isinstance(whole.schema, XtSyncError) or isinstance(whole.one.job, XtSyncError):
        return text.CANNOT_TELL
    return "– no job, so none" if whole.schema is None else "there"


def comparison(one: Whole, other: Whole, settings: Callable[[Configuration], Sequence[Setting]]) -> Content:
    """Return the differences as a page."""
    found = differences(one, other, settings)
    if not found:
        return state("✓ Nothing differs: settings, mappings, filters and object actions are the same.")
    names = clean(one.one.name, 40), clean(other.one.name, 40)
    blocks = [
        Content.styled(clean(title, 80), "bold")
        + "\n"
        + "\n".join(
            f"  {name:<{max(map(len, names))}}  {clean(value, 200)}"
            for name, value in zip(names, pair, strict=True)
        )
        for title, *pair in found
    ]
    return Content("\n\n").join([muted("Only what differs, or cannot be told, is shown."), *blocks])
