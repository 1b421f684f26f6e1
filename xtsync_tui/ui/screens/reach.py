"""How many people an assignment reaches, and how much a dialog asks for that."""

from collections.abc import Collection, Mapping

from xtsync_tui.ui.screens.dialog import Level
from xtsync_tui.workspace.setup import Principal


def reach(chosen: Collection[Principal], members: Mapping[str, int]) -> int | None:
    """Return how many people are chosen, direct members included; None while a group is not counted.

    ``members`` are the counts of the groups that were read, by id. Whoever is in two groups counts twice.
    """
    counts = [members.get(one.id) if one.kind == "Group" else 1 for one in chosen]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def level_for(chosen: Collection[Principal], members: Mapping[str, int], limit: int) -> Level:
    """Return how much to ask: from ``limit`` people on, or an unknown number, for the typed name."""
    count = reach(chosen, members)
    if count is None or count >= limit:
        return Level.TYPED
    return Level.WIDE if len(chosen) > 1 or any(one.kind == "Group" for one in chosen) else Level.PLAIN
