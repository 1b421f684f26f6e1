"""Saving the settings that Graph keeps as secrets of a configuration: connection, scope, mail, threshold.

A PUT names all of them, so it is made from what was read, and sent only while just that is still there.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from xtsync_tui.errors import NotFound, XtSyncError
from xtsync_tui.graph import credentials
from xtsync_tui.model import Json, Side
from xtsync_tui.workspace.planned import Planned, Undo

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient

Settings = Mapping[str, str]


class ChangedMeanwhile(XtSyncError):
    """Somebody changed the settings since they were read: nothing was sent."""

    def __init__(self, differences: tuple[str, ...]) -> None:
        super().__init__(
            "Changed elsewhere: nothing was sent",
            f"In SOURCE, since it was read: {'; '.join(differences)}.",
            "esc, then r reads the settings as they are now.",
        )


async def read_settings(client: "GraphClient", sp: str) -> dict[str, str]:
    """Return the settings by key, none as long as the service does not know the configuration."""
    try:
        return await credentials.secrets(client, sp)
    except NotFound:
        return {}


def save_settings(
    clients: "Mapping[Side, GraphClient]",
    sp: str,
    current: Settings,
    changes: Settings,
    why: str,
    undo: Undo,
    arrived: Callable[[Settings], bool] | None = None,
) -> Planned:
    """Return the write that saves ``changes`` over ``current``, the settings as they were read.

    ``arrived`` judges by what is there after a lost answer; without it the changes have to be there as sent.
    """
    client, current = clients[Side.SOURCE], dict(current)

    async def look() -> Json:
        now = await credentials.secrets(client, sp)
        there = arrived(now) if arrived else changes.items() <= now.items()
        return dict(changes) if there else None

    async def check() -> None:
        now = await read_settings(client, sp)
        found = differences(current, now)
        # Whoever did the very same before us took nothing away.
        if found and differences({**current, **changes}, now):
            raise ChangedMeanwhile(found)

    request = credentials.save(sp, current, changes)
    return Planned(Side.SOURCE, request, why, undo, current, look, check)


def differences(before: Settings, now: Settings) -> tuple[str, ...]:
    """Return what is not as it was, one line each: ``SyncAll was false, is true``."""
    return tuple(f"{name} was {_told(was)}, is {_told(is_)}" for name, was, is_ in _compared(before, now))


def taken_back(before: Settings, sent: Settings, live: Settings, never_set: Settings) -> dict[str, str]:
    """Return the settings that take back what a write changed, and leave what others changed since.

    ``before`` and ``sent`` are those of the write, ``live`` what is there now; ``never_set`` has the values
    of keys that were not there before.
    """
    back: dict[str, str] = {}
    for key, value in sent.items():
        if value == before.get(key):
            continue
        ours, theirs = credentials.members(value), credentials.members(live.get(key))
        old = credentials.members(before.get(key))
        if ours is None or theirs is None or old is None:
            back[key] = before.get(key) or never_set.get(key, "")
            continue
        kept = {name: each for name, each in theirs.items() if ours.get(name) == old.get(name)}
        back |= {key: credentials.json_text(kept | {n: v for n, v in old.items() if ours.get(n) != v})}
    return back


def moved(before: Settings, sent: Settings, live: Settings) -> tuple[str, ...]:
    """Return what a write changed and what is not any more as it left it, one line each."""
    changed = {name for name, _, _ in _compared(before, {**before, **sent})}
    return tuple(
        f"{name} is {_told(now)} now, this change left {_told(left)}."
        for name, left, now in _compared(sent, live)
        if name in changed
    )


def _compared(before: Settings, after: Settings) -> Iterator[tuple[str, Json, Json]]:
    """Yield name and both values of what differs; a value that is JSON is compared member by member."""
    for key in dict.fromkeys((*before, *after)):
        was, is_ = before.get(key), after.get(key)
        old, new = credentials.members(was), credentials.members(is_)
        if old is None or new is None:
            if was != is_:
                yield key, was, is_
            continue
        for name in dict.fromkeys((*old, *new)):
            if old.get(name) != new.get(name):
                yield name, old.get(name), new.get(name)


def _told(value: Json) -> str:
    if value in (None, "", credentials.MASKED):
        return "hidden" if value == credentials.MASKED else "not set"
    return str(value).lower() if isinstance(value, bool) else str(value)
