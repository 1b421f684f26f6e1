"""Writes that an earlier run left without an answer: what became of them.

The program can end, or be ended, between a request and its answer. The next one looks at what is there.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from xtsync_tui.errors import NotFound, XtSyncError
from xtsync_tui.model import Json, Request
from xtsync_tui.workspace.journal import Entry, Fate

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

FRESH = timedelta(minutes=5)
"""A write that is younger may be on its way, from another run that still goes on."""
LOOKED = "Looked at "
MOST = 20
"""As many are looked at, the newest first: each takes a request."""


async def look_back(workspace: "Workspace") -> int:
    """Look at what an earlier run left without an answer; return how many of these are still unknown.

    Each that is found out ends in the journal as done or as not arrived. Raises StoreFailed.
    """
    found = [
        entry
        for entry in workspace.journal.entries(fates=(Fate.SENT, Fate.UNKNOWN), limit=MOST)
        if LOOKED not in entry.note and workspace.now() - entry.at > FRESH
    ]
    fates = [await _look(workspace, entry) for entry in found]
    return sum(fate is Fate.UNKNOWN for fate in fates)


async def _look(workspace: "Workspace", entry: Entry) -> Fate:
    try:
        fate, words = await _there_now(workspace, entry)
    except XtSyncError as error:
        fate, words = Fate.UNKNOWN, f"it cannot be read: {error.title}."
    now = workspace.now()
    note = f"The program ended before an answer came. {LOOKED}{now:%H:%M:%S}: {words}"
    workspace.journal.end(msgspec.structs.replace(entry, fate=fate, ended=now, note=note))
    return fate


async def _there_now(workspace: "Workspace", entry: Entry) -> tuple[Fate, str]:
    """Return what became of a write, as far as what it wrote to tells, and in which words."""
    sent = entry.request
    ask = Request(method="GET", path=sent.path, version=sent.version, scopes=sent.scopes)
    if sent.method == "DELETE":
        try:
            await workspace.client(entry.side).get_json(ask)
        except NotFound:
            return Fate.DONE, "it arrived."
        return Fate.NOT_ARRIVED, "it did not arrive."
    if sent.method not in {"PATCH", "PUT"}:
        return Fate.UNKNOWN, "this kind of request leaves nothing that could be read."
    live = await workspace.client(entry.side).get_json(ask)
    if is_as(sent.body, live):
        return Fate.DONE, "it arrived."
    if entry.before is not None and is_as(entry.before, live):
        return Fate.NOT_ARRIVED, "it did not arrive."
    return Fate.UNKNOWN, "what is there is neither what was sent nor what was before."


def is_as(sent: Json, live: Json) -> bool:
    """Return whether all that was sent is there; what Graph adds does not count."""
    if isinstance(sent, dict) and isinstance(live, dict):
        return all(is_as(value, live.get(name)) for name, value in sent.items() if "@odata." not in name)
    if isinstance(sent, list) and isinstance(live, list):
        return len(sent) == len(live) and all(map(is_as, sent, live))
    return bool(sent == live)
