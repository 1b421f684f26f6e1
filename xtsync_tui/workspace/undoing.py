"""Undoing a change of the journal when others may have changed the same since."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import msgspec

from xtsync_tui.errors import NotFound, XtSyncError
from xtsync_tui.model import Json, Request
from xtsync_tui.workspace.journal import Entry, Fate
from xtsync_tui.workspace.planned import Planned

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace


@dataclass(frozen=True, slots=True)
class Undoing:
    """The writes that undo a change, and what is not any more as that change left it, in words.

    ``unread`` is why that could not be looked at, None when it was, or when it leaves nothing to look at.
    ``later`` are the changes from here to the same object since, the newest first.
    """

    writes: tuple[Planned, ...]
    moved: tuple[str, ...] = ()
    later: tuple[Entry, ...] = ()
    unread: XtSyncError | None = None


async def undoing(workspace: "Workspace", entry: Entry) -> Undoing:
    """Read what is there now and return the writes that take back only what ``entry`` changed.

    Not for a schema: taking back a save is a save, which ``Mappings.take_back`` makes a draft of.

    Raises InvalidInput when it cannot be undone.
    """
    writes = workspace.journal.undo(entry)
    later = _later(workspace, entry)
    sent, path = entry.request.body, entry.request.path
    if entry.request.method not in {"PATCH", "PUT"} or path.endswith("/secrets"):
        return Undoing(writes, later=later)
    ask = Request(method="GET", path=path, version=entry.request.version, scopes=entry.request.scopes)
    try:
        live = await workspace.client(entry.side).get_json(ask)
    except NotFound:
        return Undoing(writes, ("It is not there any more.",), later)
    except XtSyncError as error:
        return Undoing(writes, later=later, unread=error)
    moved = tuple(_moved(sent, live))
    return Undoing(tuple(_only(each, entry, live) for each in writes), moved, later)


def _later(workspace: "Workspace", entry: Entry) -> tuple[Entry, ...]:
    return tuple(
        one
        for one in workspace.journal.entries(side=entry.side, fates=(Fate.DONE,))
        if one.id > entry.id and one.request.path == entry.request.path and one.undone is None
    )


def _moved(sent: Json, live: Json) -> list[str]:
    """Return what differs from what was sent: one line each, with the value that it has now."""
    if not isinstance(sent, dict) or not isinstance(live, dict):
        return []
    found = []
    for name, value in sent.items():
        now = live.get(name)
        if isinstance(value, dict) and isinstance(now, dict):
            found += [f"{name}/{line}" for line in _moved(value, now)]
        elif value != now and not name.startswith("@odata."):
            found.append(f"{name} is {_text(now)} now, this change left {_text(value)}.")
    return found


def _only(write: Planned, entry: Entry, live: Json) -> Planned:
    """Return ``write`` without what others changed since in the same complex property.

    Graph replaces a complex property whole [PATCH of a crossTenantAccessPolicyConfigurationPartner], so the
    members that this change did not touch are sent as they are now.
    """
    back, sent, before = write.request.body, entry.request.body, entry.before
    parts = (back, sent, before, live)
    if write.request.method != "PATCH" or not all(isinstance(each, dict) for each in parts):
        return write
    back, sent, before, live = (cast("dict[str, Json]", each) for each in parts)
    body = {
        name: _merged(value, sent.get(name), before.get(name), live.get(name)) for name, value in back.items()
    }
    return replace(write, request=msgspec.structs.replace(write.request, body=body), before=live)


def _merged(back: Json, sent: Json, before: Json, live: Json) -> Json:
    if not isinstance(sent, dict) or not isinstance(live, dict):
        return back
    was = before if isinstance(before, dict) else {}
    ours = {**sent, **(back if isinstance(back, dict) else {})}
    kept = {
        name: was.get(name) if sent.get(name) != was.get(name) else live[name]
        for name in live
        if name in ours
    }
    return kept if back is not None or any(value is not None for value in kept.values()) else None


def _text(value: Json) -> str:
    return "not set" if value is None else msgspec.json.encode(value).decode()
