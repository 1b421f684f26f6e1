"""Two configurations side by side: only what differs."""

from collections.abc import Callable, Sequence

from textual.content import Content

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.text import clean
from xtsync_tui.ui.render import muted, state
from xtsync_tui.ui.screens.configurations import text
from xtsync_tui.workspace.configurations.reading import Configuration, Whole
from xtsync_tui.workspace.configurations.settings import Setting
from xtsync_tui.workspace.schema import filter_groups, mapping_rows

Pair = tuple[str, str, str]


def differences(
    one: Whole, other: Whole, settings: Callable[[Configuration], Sequence[Setting]]
) -> tuple[Pair, ...]:
    """Return what differs: the thing, as it is in the one, as it is in the other."""
    pairs = [
        ("State", text.health(one.one), text.health(other.one)),
        ("Target", text.target(one.one), text.target(other.one)),
        ("Scope", text.scope_words(one).plain, text.scope_words(other).plain),
    ]
    theirs = {each.key: each.value for each in settings(other.one)}
    pairs += [
        (each.title, each.value or "unknown", theirs.get(each.key, "") or "unknown")
        for each in settings(one.one)
        if each.key in {"mail", "threshold"}
    ]
    mine, yours = _schema(one), _schema(other)
    pairs += [
        (name, mine.get(name, "–"), yours.get(name, "–")) for name in sorted(mine.keys() | yours.keys())
    ]
    return tuple(pair for pair in pairs if pair[1] != pair[2])


def _schema(whole: Whole) -> dict[str, str]:
    if whole.schema is None or isinstance(whole.schema, XtSyncError):
        return {}
    try:
        rows = mapping_rows(whole.schema)
        filters = filter_groups(whole.schema)
    except InvalidInput:
        return {}
    found = {f"Mapping {row.target}": f"{row.kind} {row.source} · {row.apply}" for row in rows}
    for group in filters:
        clauses = (" ".join((one.attribute, one.operator, *one.values)) for one in group.clauses)
        found[f"Filter {group.name}"] = " and ".join(clauses)
    return found


def comparison(one: Whole, other: Whole, settings: Callable[[Configuration], Sequence[Setting]]) -> Content:
    """Return the differences as a page."""
    found = differences(one, other, settings)
    if not found:
        return state("✓ Nothing differs: settings, mappings and filters are the same.")
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
    return Content("\n\n").join([muted("Only what differs is shown."), *blocks])
