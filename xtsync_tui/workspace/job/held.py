"""Who is held: the deletions that the service staged, why each would happen, and the person in TARGET now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from xtsync_tui.errors import NotFound, XtSyncError
from xtsync_tui.graph import guests, logs
from xtsync_tui.graph.directory import USERS
from xtsync_tui.graph.paths import builders, path
from xtsync_tui.model import AuditEvent, Json, ProvisioningEvent, Request, Side, User
from xtsync_tui.workspace.job.reading import Held, HeldReading, Suspect, There
from xtsync_tui.workspace.logs.asking import LONGEST
from xtsync_tui.workspace.logs.lines import provisioning_line
from xtsync_tui.workspace.logs.reasons import leaving

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient
    from xtsync_tui.workspace.pair import Workspace

PAGES = 2
"""Pages of the log that are read at most: it allows 5 requests in 10 s [throttling-limits]."""

BEFORE = timedelta(minutes=80)
"""How long before the deletions were held a change can have caused them: two cycles."""

_STATE = ["id", "accountEnabled", "deletedDateTime"]
_SIGN_IN = ["id", "signInActivity"]


async def read_held(workspace: "Workspace", sp: str, since: datetime) -> HeldReading:
    """Read who has been held since then, with the state in TARGET and the changes shortly before."""
    source = workspace.client(Side.SOURCE)
    rows: list[ProvisioningEvent] = []
    pages = 0
    async for page in logs.provisioning_events(
        source, since=since - timedelta(seconds=1), sp=sp, action="stagedDelete"
    ):
        rows += page
        pages += 1
        if pages == PAGES:
            break
    people = await with_states(workspace, held_people(rows))
    suspects = await _suspects(source, sp, since)
    now = workspace.now()
    kept = since > now - LONGEST
    return HeldReading(people, suspects, now, kept and len(rows) < PAGES * logs.PAGE)


def held_people(rows: Sequence[ProvisioningEvent]) -> tuple[Held, ...]:
    """Return one entry for each person, by name; of several rows the newest counts."""
    found: dict[str, Held] = {}
    for row in sorted(rows, key=lambda row: row.activity_date_time):
        one = _held(row)
        found[one.person_id] = one
    return tuple(sorted(found.values(), key=lambda one: one.name.casefold()))


def _held(row: ProvisioningEvent) -> Held:
    line, why = provisioning_line(row), leaving(row)
    return Held(
        person_id=line.person_id or line.id,
        name=line.person,
        account=line.account,
        target_id=line.target_id,
        why=why.words,
        step=why.step,
        at=line.at,
        cycle=line.cycle,
    )


async def with_states(workspace: "Workspace", people: Sequence[Held]) -> tuple[Held, ...]:
    """Return the people with their state in TARGET; what cannot be read stays "cannot tell"."""
    target = workspace.client(Side.TARGET)
    known = [one for one in people if one.target_id]
    users = await target.batch([_ask(one.target_id, _STATE, USERS) for one in known])
    states = dict(zip([one.target_id for one in known], map(_there, users), strict=True))
    if There.GONE in states.values():
        states |= await _binned(target, [one for one, state in states.items() if state is There.GONE])
    here = [one for one, state in states.items() if state in {There.ENABLED, There.DISABLED}]
    signed = await target.batch([_ask(one, _SIGN_IN, ("AuditLog.Read.All",)) for one in here])
    when = dict(zip(here, map(_signed_in, signed), strict=True))
    return tuple(
        replace(
            one,
            there=states.get(one.target_id, There.UNKNOWN),
            last_sign_in=when.get(one.target_id),
        )
        for one in people
    )


def _ask(user_id: str, select: list[str], scopes: tuple[str, ...]) -> Request:
    address = path(builders().users.by_user_id(user_id), select=select)
    return Request(method="GET", path=address, scopes=scopes)


def _there(answer: Json | XtSyncError) -> There:
    if isinstance(answer, NotFound):
        return There.GONE
    if isinstance(answer, XtSyncError) or not isinstance(answer, dict):
        return There.UNKNOWN
    enabled = answer.get("accountEnabled")
    return There.UNKNOWN if enabled is None else There.ENABLED if enabled else There.DISABLED


_NEVER = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


def _signed_in(answer: Json | XtSyncError) -> datetime | None:
    """Return the last sign-in, year 1 for never; None when it cannot be told, as without a P1 licence."""
    if isinstance(answer, XtSyncError) or not isinstance(answer, dict):
        return None
    said = (answer.get("signInActivity") or {}).get("lastSignInDateTime")
    return datetime.fromisoformat(said) if said else _NEVER


async def _binned(target: "GraphClient", gone: Sequence[str]) -> dict[str, There]:
    found: dict[str, User] = {}
    try:
        async for page in guests.deleted_users(target):
            found |= {user.id: user for user in page}
    except XtSyncError:
        return dict.fromkeys(gone, There.UNKNOWN)
    return {one: There.BIN if one in found else There.GONE for one in gone}


async def _suspects(source: "GraphClient", sp: str, since: datetime) -> tuple[Suspect, ...] | None:
    """Return what people changed at the configuration shortly before; None when it cannot be read."""
    events: list[AuditEvent] = []
    try:
        async for page in logs.audit_events(
            source, since=since - BEFORE, until=since + timedelta(minutes=1), target_id=sp
        ):
            events += page
            break
    except XtSyncError:
        return None
    return tuple(suspect for event in events if (suspect := _suspect(event)) is not None)


def _suspect(event: AuditEvent) -> Suspect | None:
    user = event.initiated_by.user if event.initiated_by else None
    if user is None:
        return None
    who = user.user_principal_name or user.display_name or user.id or ""
    what = event.activity_display_name or ""
    names = [one.display_name for one in event.target_resources if one.type != "ServicePrincipal"]
    about = ", ".join(name for name in names if name)
    return Suspect(event.activity_date_time, who, f"{what} · {about}" if about else what)
