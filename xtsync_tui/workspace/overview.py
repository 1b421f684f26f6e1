"""The pair at a glance: the handshake, what needs attention, every configuration, and the last 24 hours."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from xtsync_tui.errors import NotFound, XtSyncError
from xtsync_tui.graph import access, credentials, jobs
from xtsync_tui.model import Job, Quarantine, Side
from xtsync_tui.model.service import ServicePrincipal
from xtsync_tui.workspace.day import Day, DayRow, failing, held, read_day
from xtsync_tui.workspace.health import REASONS, TOO_MANY_DELETES, Health, State, health
from xtsync_tui.workspace.setup.attempts import attempt, together
from xtsync_tui.workspace.setup.facts import Facts, Part
from xtsync_tui.workspace.setup.partners import NOBODY, handshake
from xtsync_tui.workspace.setup.reading import HandshakeRow, Lamp, Mark, SetupReading

if TYPE_CHECKING:
    from xtsync_tui.graph.client import GraphClient
    from xtsync_tui.workspace.pair import Workspace

FORBIDDEN = "AzureActiveDirectoryForbidden"


class Kind(Enum):
    """What needs attention, in the order in which it is told."""

    HELD = "held deletions"
    QUARANTINE = "quarantine"
    HANDSHAKE = "shut handshake"
    FAILURE = "failures"
    OFF = "threshold off"
    UNFINISHED = "not finished"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key goes: the mode, what to select there, and the word for it."""

    mode: str
    selection: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing that needs somebody. ``go`` is the place of the trouble, ``fix`` that of the repair.

    Of several places the first that exists counts. ``where`` is a configuration, or a side with its tenant.
    """

    kind: Kind
    what: str
    where: str
    why: str
    go: tuple[Place, ...] = ()
    fix: tuple[Place, ...] = ()

    @property
    def id(self) -> str:
        """What tells it from the others."""
        return f"{self.kind.value}:{self.where}:{self.what.lstrip('0123456789 ')}"


@dataclass(frozen=True, slots=True)
class OverviewReading:
    """Everything at one moment. ``configurations`` is the error that kept the list away."""

    handshake: tuple[HandshakeRow, ...]
    attention: tuple[Attention, ...]
    configurations: Part[tuple[Health, ...]]
    day: Part[Day]
    name: str
    targets: Mapping[str, str]
    read_at: datetime

    @property
    def unread(self) -> int:
        """How many of the three parts could not be read."""
        lamps = (lamp for row in self.handshake for lamp in (row.source, row.target))
        unknown = any(lamp.mark is Mark.UNKNOWN and not lamp.limited for lamp in lamps)
        return sum((isinstance(self.configurations, XtSyncError), isinstance(self.day, XtSyncError), unknown))

    @property
    def open(self) -> bool | None:
        """Whether the handshake is complete; None when a part of it cannot be told."""
        marks = {lamp.mark for row in self.handshake for lamp in (row.source, row.target)}
        return False if Mark.BAD in marks else None if Mark.UNKNOWN in marks else True


class Overview:
    """Reads the overview of one pair."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace
        self._names: dict[str, str] = {}
        """What tenants outside the pair are called, by id; each is asked for once."""

    async def read(self) -> OverviewReading:
        """Read both tenants; who is signed in and the licences only the first time."""
        workspace = self._workspace
        setup = workspace.setup
        facts = await setup.refresh()
        client = workspace.client(Side.SOURCE)
        parts = await together(
            configurations=self._configurations(client, facts), day=read_day(client, workspace.now())
        )
        reading = setup.reading or await setup.read()
        found, day = parts["configurations"], parts["day"]
        result = OverviewReading(
            handshake=reading.agreed,
            attention=attention(facts, reading, found, day),
            configurations=found,
            day=day,
            name=facts.found.service_principal.display_name if facts.found else facts.name,
            targets=await self._targets(client, facts, found),
            read_at=workspace.now(),
        )
        workspace.mark_read("overview", failed=bool(result.unread))
        return result

    async def _targets(
        self, client: "GraphClient", facts: Facts, configurations: Part[tuple[Health, ...]]
    ) -> dict[str, str]:
        """Return the names of the tenants that configurations go to, by id."""
        known = {facts.target.id: facts.target.name, facts.source.id: facts.source.name, **self._names}
        rows = () if isinstance(configurations, XtSyncError) else configurations
        unknown = sorted({one.target for one in rows if one.target} - known.keys())
        if unknown:
            told = await attempt(access.names(client, unknown))
            found = {} if isinstance(told, XtSyncError) else told
            self._names |= {each: found[each].display_name if each in found else "" for each in unknown}
        return {**known, **self._names}

    async def _configurations(self, client: "GraphClient", facts: Facts) -> tuple[Health, ...]:
        if isinstance(facts.configurations, XtSyncError):
            raise facts.configurations
        return tuple([await self._health(client, one, facts) for one in facts.configurations])

    async def _health(self, client: "GraphClient", one: ServicePrincipal, facts: Facts) -> Health:
        ours = facts.found
        if ours is not None and ours.service_principal.id == one.id:
            return health(one, ours.secrets, ours.job)
        secrets = await attempt(credentials.secrets(client, one.id))
        job = await attempt(_first_job(client, one.id))
        return health(one, {} if isinstance(secrets, NotFound) else secrets, job)


def failed(one: Health, day: Part[Day]) -> int | None:
    """Return how many people fail in a configuration: those of the log, else what the last cycle counted."""
    broken = () if isinstance(day, XtSyncError) else failing(day.of(one.id))
    return len(broken) or one.escrowed


async def _first_job(client: "GraphClient", sp: str) -> Job | None:
    try:
        found = await jobs.jobs(client, sp)
    except NotFound:
        return None
    return found[0] if found else None


def attention(
    facts: Facts, reading: SetupReading, configurations: Part[tuple[Health, ...]], day: Part[Day]
) -> tuple[Attention, ...]:
    """Return what needs somebody, the most urgent first: held deletions before all else."""
    known = () if isinstance(configurations, XtSyncError) else configurations
    rows = () if isinstance(day, XtSyncError) else day.rows
    found = [
        *(each for one in known for each in _service(one, facts.now, rows)),
        *(_shut(facts) if known else ()),
        *(each for one in known for each in _failures(facts, one, day)),
        *(each for one in known for each in _unprotected(one)),
        *_unfinished(reading, known, unread=isinstance(configurations, XtSyncError)),
        *_unknown(facts, configurations, day),
    ]
    order = list(Kind)
    return tuple(sorted(found, key=lambda each: order.index(each.kind)))


def _job(one: Health, words: str = "job") -> tuple[Place, ...]:
    return (Place("job", one.id, words), Place("setup", "13", "step 13"))


def _service(one: Health, now: datetime, rows: Sequence[DayRow]) -> Iterable[Attention]:
    if one.state is State.OFF:
        why = "the service runs no cycle any more"
        yield Attention(Kind.QUARANTINE, "switched off", one.name, why, _job(one), _job(one, "start it"))
    if one.quarantine is None:
        return
    since = _since(one.quarantine, now)
    if one.quarantine.reason == TOO_MANY_DELETES:
        count = held([row for row in rows if row.configuration_id == one.id], one.quarantine.current_began)
        what = f"{count} deletions are held" if count else "deletions are held"
        limit = f"; threshold {one.threshold}" if one.threshold else ""
        yield Attention(Kind.HELD, what, one.name, f"in quarantine {since}{limit}", _job(one, "who"))
        return
    attempt_at = one.quarantine.next_attempt
    again = f"; next attempt {attempt_at:%H:%M}" if attempt_at else ""
    reason = one.quarantine.reason or ""
    why = f"{REASONS.get(reason) or reason or 'no reason was given'}{again}"
    yield Attention(
        Kind.QUARANTINE, f"in quarantine {since}", one.name, why, _job(one), _cause_of_quarantine(one)
    )


def _cause_of_quarantine(one: Health) -> tuple[Place, ...]:
    return (Place("setup", "13", "the cause"), *_job(one))


def _since(quarantine: Quarantine, now: datetime) -> str:
    began = quarantine.current_began
    if began is None:
        return "since an unknown time"
    return f"since {began:%H:%M}" if began.date() == now.date() else f"since {began.day} {began:%b %H:%M}"


def _shut(facts: Facts) -> Iterable[Attention]:
    source, target = facts.source, facts.target
    if facts.users_allowed is False:
        why = f"users from {source.name} may not sync in"
        yield _access("TARGET does not allow users to sync in", target.label, why, "users", Side.TARGET)
    if facts.inbound is False:
        why = f"inbound redemption for {source.name} is off"
        yield _access("TARGET does not redeem invitations", target.label, why, "redeem-in", Side.TARGET)
    if facts.outbound is False:
        why = f"outbound redemption for {target.name} is off"
        yield _access("SOURCE does not redeem invitations", source.label, why, "redeem-out", Side.SOURCE)
    for tenant, lamp in zip((source, target), _b2b_lamps(facts), strict=True):
        setting = "b2b-out" if tenant is source else "b2b-in"
        if lamp.mark is Mark.BAD:
            what = f"{tenant.side.name} blocks B2B collaboration"
            yield _access(what, tenant.label, "nobody new can arrive", setting, tenant.side)
        elif lamp.limited:
            what = f"{tenant.side.name} limits B2B collaboration"
            why = "cannot tell whether the people in scope are among those it allows"
            yield _access(what, tenant.label, why, setting, tenant.side, Kind.UNKNOWN)
    if facts.invitations == NOBODY:
        why = "guest invite settings: most restrictive"
        yield _access("TARGET lets nobody invite", target.label, why, "invite", Side.TARGET)


def _b2b_lamps(facts: Facts) -> tuple[Lamp, Lamp]:
    row = handshake(facts)[-1]
    return row.source, row.target


def _access(
    what: str, where: str, why: str, setting: str, side: Side, kind: Kind = Kind.HANDSHAKE
) -> Attention:
    place = Place("access", f"{side.value}:{setting}", "to the setting")
    step = {"users": "2", "redeem-in": "3", "redeem-out": "4", "invite": "2"}.get(setting, "6")
    ways = (place, Place("setup", step, f"step {step}"))
    return Attention(kind, what, where, why, ways, ways)


def _failures(facts: Facts, one: Health, day: Part[Day]) -> Iterable[Attention]:
    broken = () if isinstance(day, XtSyncError) else failing(day.of(one.id))
    count = failed(one, day)
    if not count:
        return
    reasons = Counter(row.why for row in broken).most_common()
    more = f" and {len(reasons) - 1} more" if len(reasons) > 1 else ""
    why = f"{reasons[0][0]}{more}" if reasons else "the log of the last 24 hours does not say why"
    what = f"{count} {'person fails' if count == 1 else 'people fail'}"
    invites = facts.invitations == NOBODY and any(row.code == FORBIDDEN for row in broken)
    fix = (Place("access", f"{Side.TARGET.value}:invite", "to the setting"),) if invites else ()
    which = f"configuration:{one.id}" + " state:failed" * bool(broken)
    yield Attention(
        Kind.FAILURE,
        what,
        one.name,
        why,
        (Place("logs", which, "why"), Place("setup", "13", "step 13")),
        fix,
    )


def _unprotected(one: Health) -> Iterable[Attention]:
    if one.threshold == 0 and one.state in {State.FIRST, State.ACTIVE, State.QUARANTINE, State.PAUSED}:
        place = Place("configs", one.id, "settings")
        why = "any number of people can be deleted in one cycle"
        step = Place("setup", "10", "step 10")
        yield Attention(Kind.OFF, "deletion threshold is off", one.name, why, (place, step), (place, step))


def _unfinished(
    reading: SetupReading, configurations: Sequence[Health], *, unread: bool
) -> Iterable[Attention]:
    for one in configurations:
        if one.state is State.NO_JOB:
            go = (Place("setup", f"configuration:{one.id}", "step 6"),)
            yield Attention(Kind.UNFINISHED, "has no job yet", one.name, "step 6 of Setup goes on", go)
    if not configurations and not unread and reading.next is not None:
        step = reading.next
        go = (Place("setup", str(step.number), "Setup"),)
        why = f"{reading.counts} · next: {step.step.title}"
        yield Attention(Kind.UNFINISHED, "not set up yet", "", why, go)


def _unknown(facts: Facts, configurations: Part[tuple[Health, ...]], day: Part[Day]) -> Iterable[Attention]:
    source, target = facts.source, facts.target
    parts: list[tuple[str, str, object, Place]] = [
        ("access settings", source.label, source.partner, Place("access", Side.SOURCE.value, "Access")),
        ("access settings", target.label, target.partner, Place("access", Side.TARGET.value, "Access")),
        ("who may invite", target.label, facts.invitations, Place("access", "target:invite", "Access")),
        ("leave settings", target.label, facts.may_leave, Place("access", "target:leave", "Access")),
        ("configurations", source.label, configurations, Place("setup", "5", "step 5")),
        ("provisioning log", source.label, day, Place("setup", "0", "step 0")),
    ]
    if not isinstance(configurations, XtSyncError):
        parts += [(f"{one.name}", source.label, one.failure, _job(one)[-1]) for one in configurations]
    for name, where, part, place in parts:
        if isinstance(part, XtSyncError):
            yield Attention(Kind.UNKNOWN, f"{name} unknown", where, part.detail or part.title, (place,), ())
