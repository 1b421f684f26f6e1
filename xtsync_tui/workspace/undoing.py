"""Undoing a change of the journal when others may have changed the same since."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import msgspec

from xtsync_tui.errors import InvalidInput, NotFound, XtSyncError
from xtsync_tui.graph import access, credentials, jobs
from xtsync_tui.model import Json, Request
from xtsync_tui.workspace.journal import Entry, Fate
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.secrets import moved, save_settings, taken_back
from xtsync_tui.workspace.setup.scope import narrowed

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

SECRETS, PARTNERS = "/secrets", "/partners"

NARROWED = "Who is not assigned leaves scope, and is soft-deleted in TARGET by the next full cycle."
NEEDS_RESTART = "The job is paused: this counts once it is restarted (7 Job, R), not when it is started (S)."


@dataclass(frozen=True, slots=True)
class Undoing:
    """The writes that undo a change, and what is not any more as that change left it, in words.

    ``unread`` is why that could not be looked at, None when it was, or when it leaves nothing to look at.
    ``later`` are the changes from here to the same object since, the newest first. ``warnings`` are what
    undoing it leads to.
    """

    writes: tuple[Planned, ...]
    moved: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    later: tuple[Entry, ...] = ()
    unread: XtSyncError | None = None


async def undoing(workspace: "Workspace", entry: Entry) -> Undoing:
    """Read what is there now and return the writes that take back only what ``entry`` changed.

    What was written after it in the same row of writes stands on it, and is undone before it. Not for a
    schema: taking back a save is a save, which ``Mappings.take_back`` makes a draft of. Raises InvalidInput
    when it cannot be undone.
    """
    own = workspace.journal.undo(entry)
    before = tuple(_standing_on(workspace, entry))
    writes = (*before, *own)
    later = _later(workspace, entry)
    sent, path = entry.request.body, entry.request.path
    if path.endswith(SECRETS):
        found = await _settings(workspace, entry, own[0], later)
        return replace(found, writes=(*before, *found.writes))
    if entry.request.method == "POST":
        return Undoing(await _made(workspace, entry, writes), later=later)
    if entry.request.method not in {"PATCH", "PUT"}:
        return Undoing(writes, later=later)
    ask = Request(method="GET", path=path, version=entry.request.version, scopes=entry.request.scopes)
    try:
        live = await workspace.client(entry.side).get_json(ask)
    except NotFound:
        return Undoing(writes, ("It is not there any more.",), later=later)
    except XtSyncError as error:
        return Undoing(writes, later=later, unread=error)
    others = tuple(_moved(sent, live))
    return Undoing((*before, *(_only(each, entry, live) for each in own)), others, later=later)


def _standing_on(workspace: "Workspace", entry: Entry) -> Iterator[Planned]:
    for one in workspace.journal.entries(fates=(Fate.DONE,)):
        if one.first == entry.first and one.id > entry.id and one.undo and one.undone is None:
            yield from workspace.journal.undo(one)


def _later(workspace: "Workspace", entry: Entry) -> tuple[Entry, ...]:
    return tuple(
        one
        for one in workspace.journal.entries(side=entry.side, fates=(Fate.DONE,))
        if one.id > entry.id
        and one.first != entry.first
        and one.request.path == entry.request.path
        and one.undone is None
    )


async def _settings(workspace: "Workspace", entry: Entry, back: Planned, later: tuple[Entry, ...]) -> Undoing:
    """Return what takes back one setting of a configuration: the others go along as they are now.

    Raises the error that kept them from being read: the settings of that day must not be written instead.
    """
    client, sp = workspace.client(entry.side), entry.request.path.split("/")[2]
    live = await credentials.secrets(client, sp)
    before, sent = entry.before or {}, credentials.pairs(entry.request)
    changes = taken_back(before, sent, live, credentials.pairs(back.request))
    writes = [save_settings(workspace.clients, sp, live, changes, back.why, back.undo)]
    warnings: list[str] = []
    if credentials.sync_all(live) and not credentials.sync_all({**live, **changes}):
        warnings.append(NARROWED)
        job = next(iter(await jobs.jobs(client, sp)), None)
        if job is not None and job.is_active:
            writes.append(narrowed(sp, job, back.why))
        elif job is not None:
            warnings.append(NEEDS_RESTART)
    writes[-1] = replace(writes[-1], undoes=entry.id)
    return Undoing(tuple(writes), moved(before, sent, live), tuple(warnings), later)


async def _made(workspace: "Workspace", entry: Entry, writes: tuple[Planned, ...]) -> tuple[Planned, ...]:
    """Return the writes that undo a POST, with what has to go first; raises InvalidInput when all is gone."""
    client, path = workspace.client(entry.side), entry.request.path
    if path.endswith(PARTNERS):
        tenant = entry.request.body["tenantId"]
        partner, removal = await access.partner(client, tenant), access.remove_user_sync(tenant)
        goes = any(each.request.path == removal.path for each in writes)
        if partner is not None and partner.identity_synchronization is not None and not goes:
            undo = Undo((access.restore_user_sync(partner),))
            return (Planned(entry.side, removal, writes[0].why, undo), *writes)
    sp, _, job = path.removeprefix("/servicePrincipals/").partition("/synchronization/jobs/")
    if job and await jobs.job(client, sp, job.partition("/")[0]) is None:
        raise InvalidInput("Nothing to undo", "The job was deleted since.")
    return writes


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
