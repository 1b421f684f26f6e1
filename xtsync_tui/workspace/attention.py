"""What needs somebody, the most urgent first, with the place of the trouble and that of its repair. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from xtsync_tui.errors import Cancelled, Forbidden, XtSyncError
from xtsync_tui.model import Quarantine, Side
from xtsync_tui.workspace.day import Day, DayRow, failing, held
from xtsync_tui.workspace.health import CONNECTION, REASONS, TOO_MANY_DELETES, Health, State
from xtsync_tui.workspace.setup.facts import Facts, Part
from xtsync_tui.workspace.setup.partners import NOBODY, handshake
from xtsync_tui.workspace.setup.reading import Lamp, Mark, SetupReading, StepState

FORBIDDEN = "AzureActiveDirectoryForbidden"


class Kind(Enum):
    """What needs attention, in the order in which it is told."""

    HELD = "held deletions"
    QUARANTINE = "quarantine"
    HANDSHAKE = "shut handshake"
    FAILURE = "failures"
    OFF = "threshold off"
    MISSING = "licence or role missing"
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


def failed(one: Health, day: Part[Day] | None) -> int | None:
    """Return how many people fail in a configuration: those of the log, else what the last cycle counted."""
    return len(_failing(one, day)) or one.escrowed


def _failing(one: Health, day: Part[Day] | None) -> tuple[DayRow, ...]:
    return failing(day.of(one.id)) if isinstance(day, Day) else ()


def attention(
    facts: Facts, reading: SetupReading, configurations: Part[tuple[Health, ...]], day: Part[Day] | None
) -> tuple[Attention, ...]:
    """Return what needs somebody, the most urgent first: held deletions before all else.

    ``day`` is None while the log is still being read.
    """
    known = () if isinstance(configurations, XtSyncError) else configurations
    found = [
        *(each for one in known for each in _service(one, facts, day)),
        *(_shut(facts) if known else ()),
        *(each for one in known for each in _failures(facts, one, day)),
        *(each for one in known for each in _unprotected(one)),
        *_missing(reading, facts),
        *_unfinished(reading, known, unread=isinstance(configurations, XtSyncError)),
        *_unknown(facts, configurations, day),
    ]
    order = list(Kind)
    return tuple(sorted(found, key=lambda each: order.index(each.kind)))


def _job(one: Health, words: str = "job") -> tuple[Place, ...]:
    return (Place("job", one.id, words), Place("setup", "13", "step 13"))


def _service(one: Health, facts: Facts, day: Part[Day] | None) -> Iterable[Attention]:
    if one.state is State.OFF:
        why = "the service runs no cycle any more"
        yield Attention(Kind.QUARANTINE, "switched off", one.name, why, _job(one), _job(one, "start it"))
    stay = one.stay
    if stay is None:
        return
    since = _since(stay, facts.now)
    if stay.reason == TOO_MANY_DELETES:
        limit = f"threshold {one.threshold}; " if one.threshold else ""
        why = f"{limit}held {since}{', paused' * (one.state is State.PAUSED)}"
        yield Attention(Kind.HELD, _held_words(one, stay, day), one.name, why, _job(one, "who"))
    elif one.state is State.QUARANTINE:
        again = f"; next attempt {stay.next_attempt:%H:%M}" if stay.next_attempt else ""
        why = f"{REASONS.get(stay.reason or '') or stay.reason or 'no reason was given'}{again}"
        what = f"in quarantine {since}"
        yield Attention(Kind.QUARANTINE, what, one.name, why, _job(one), _cause_of_quarantine(one, facts))


def _held_words(one: Health, stay: Quarantine, day: Part[Day] | None) -> str:
    """Return how many deletions are held; without a number where the log does not tell it for sure."""
    if not isinstance(day, Day):
        return "deletions are held"
    count = held(day.of(one.id), stay.current_began)
    began = stay.current_began
    whole = day.complete and began is not None and began >= day.since
    if not count:
        return "deletions are held"
    return f"{count}{' deletions are held' if whole else ' or more deletions are held'}"


def _cause_of_quarantine(one: Health, facts: Facts) -> tuple[Place, ...]:
    """Return where what stops the connection is put right; once it is, where the quarantine is lifted."""
    ours = facts.found is not None and facts.found.service_principal.id == one.id
    if not ours or one.quarantine is None or one.quarantine.reason != CONNECTION:
        return _job(one)
    shut = next((each for each in _shut(facts) if each.kind is Kind.HANDSHAKE), None)
    return shut.fix if shut else (Place("job", one.id, "lift it: R"), Place("setup", "13", "lift it"))


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
        why = "inbound redemption is off"
        yield _access("TARGET does not redeem invitations", target.label, why, "redeem-in", Side.TARGET)
    if facts.outbound is False:
        why = "outbound redemption is off"
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
        why = "guest invite setting: no one"
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


def _failures(facts: Facts, one: Health, day: Part[Day] | None) -> Iterable[Attention]:
    broken, count = _failing(one, day), failed(one, day)
    if not count or day is None:
        return
    reasons = Counter(row.why for row in broken).most_common()
    more = len(reasons) - 1
    others = f" · {more} more cause{'s' * (more > 1)}" if more else ""
    why = f"{reasons[0][0]}{others}" if reasons else "the log of the last 24 hours does not say why"
    what = f"{count} {'person fails' if count == 1 else 'people fail'}"
    invites = facts.invitations == NOBODY and any(row.code == FORBIDDEN for row in broken)
    fix = (Place("access", f"{Side.TARGET.value}:invite", "to the setting"),) if invites else ()
    cycles = {row.cycle for row in broken} - {""}
    which = f"configuration:{one.id}" + " state:failed" * bool(broken)
    if len(cycles) == 1:
        which += f" cycle:{cycles.pop()}"
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


def _missing(reading: SetupReading, facts: Facts) -> Iterable[Attention]:
    step = reading[0]
    if step.state is StepState.FAILED and step.cause is not None:
        where = facts.tenant(step.cause.side).label if step.cause.side else ""
        go = (Place("setup", "0", "step 0"),)
        yield Attention(Kind.MISSING, step.cause.title, where, step.cause.detail, go)


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


def _unknown(
    facts: Facts, configurations: Part[tuple[Health, ...]], day: Part[Day] | None
) -> Iterable[Attention]:
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
        if isinstance(part, Cancelled):
            yield Attention(Kind.UNKNOWN, f"{name} unknown", where, "the wait for it was stopped")
        elif isinstance(part, XtSyncError):
            go = (place,) if isinstance(part, Forbidden) or place.selection != "0" else ()
            yield Attention(Kind.UNKNOWN, f"{name} unknown", where, part.detail or part.title, go)
