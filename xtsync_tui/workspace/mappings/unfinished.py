"""A save that did not come to its end, as the journal and the schema that was read last tell it."""

from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from xtsync_tui.graph import jobs
from xtsync_tui.graph import schema as schemas
from xtsync_tui.workspace.job.cycles import cycles_of
from xtsync_tui.workspace.journal import Entry, Fate, Journal
from xtsync_tui.workspace.mappings.changes import same
from xtsync_tui.workspace.setup.service import people

if TYPE_CHECKING:
    from xtsync_tui.workspace.mappings.reading import MappingsReading

_MAY_BE_DONE = (Fate.DONE, Fate.UNKNOWN, Fate.SENT)
_EVERYONE = {"Watermark", "Full"}
"""What a restart forgets when it evaluates everyone; so does one that names nothing [synchronizationJob]."""

_EXACT = timedelta(seconds=1)
"""How exactly the time at the service is known: its answers tell whole seconds."""


class Unfinished(Enum):
    """What is left of a save."""

    SAVE_UNKNOWN = "not known whether it was saved"
    CYCLE_UNKNOWN = "saved, no answer if the full cycle began"
    NO_CYCLE = "saved, but the full cycle was not started"


def unfinished(journal: Journal, reading: "MappingsReading") -> Unfinished | None:
    """Return what is left of the last save of this configuration, None for nothing.

    It needs no memory but the journal, so it is known also when the program ended in the middle of a save.
    """
    if not reading.runs:
        return None
    sp, job = reading.configuration.id, reading.job.id
    cycles = [
        entry
        for request in (jobs.restart(sp, job), jobs.start(sp, job))
        for entry in journal.entries(path_end=request.path, fates=_MAY_BE_DONE, limit=10)
        if _evaluates_everyone(entry)
    ]
    for entry in journal.entries(path_end=schemas.put_schema(sp, job, {}).path, fates=_MAY_BE_DONE, limit=3):
        later = {cycle.fate for cycle in cycles if cycle.id > entry.id}
        if Fate.DONE in later or _evaluated_since(entry, reading):
            return None
        if (found := _of_schema(entry, reading)) is not None:
            return Unfinished.CYCLE_UNKNOWN if later and found is Unfinished.NO_CYCLE else found
    return None


def _evaluated_since(entry: Entry, reading: "MappingsReading") -> bool:
    """Return whether a cycle that began after the save read at least as many people as are synchronized.

    The service makes the next cycle a full one when mappings were saved ["how-provisioning-works"]; any
    other cycle reads only who changed. Not documented: that a PUT counts as such a save.
    """
    status, saved = reading.job.status, entry.ended
    if status is None or saved is None:
        return False
    everybody = max(people(status), 1)
    return any(
        one.began > saved and (one.imported or 0) >= everybody and one.state != "Failed"
        for one in cycles_of(status)
    )


def _evaluates_everyone(entry: Entry) -> bool:
    scope = ((entry.request.body or {}).get("criteria") or {}).get("resetScope") or ""
    return not scope or not _EVERYONE.isdisjoint(scope.split(", "))


def _of_schema(entry: Entry, reading: "MappingsReading") -> Unfinished | None:
    """Return what is left of the write of a schema after which no full cycle was seen to begin."""
    if entry.ended is not None and entry.ended - reading.at > _EXACT:
        return Unfinished.NO_CYCLE if entry.fate is Fate.DONE else Unfinished.SAVE_UNKNOWN
    body = entry.request.body
    # Restoring the defaults sends no schema: whatever is not the old one is what came of it.
    arrived = same(reading.schema, body) if body else not same(reading.schema, entry.before)
    return Unfinished.NO_CYCLE if arrived else None
