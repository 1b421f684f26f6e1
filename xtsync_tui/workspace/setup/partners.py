"""Steps 2, 3 and 4: the partner in each tenant, users in, and both halves of automatic redemption."""

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import access, policies
from xtsync_tui.model import IdentitySynchronization, Json, Partner, Side, UserSyncInbound
from xtsync_tui.workspace.planned import Look, Planned, Undo
from xtsync_tui.workspace.setup.answers import PartnerAnswers
from xtsync_tui.workspace.setup.facts import Clients, Facts, Part, TenantFacts
from xtsync_tui.workspace.setup.prerequisites import licence_missing
from xtsync_tui.workspace.setup.reading import (
    LIMITED,
    Cause,
    Fact,
    HandshakeRow,
    Lamp,
    Mark,
    StepReading,
    StepState,
)
from xtsync_tui.workspace.setup.verdict import after, cannot_tell, verdict

NOBODY = "none"
"""``allowInvitesFrom`` at its most restrictive: not even administrators invite [authorizationPolicy]."""

LEAST = "adminsAndGuestInviters"
"""The least that lets the service create people: the first value above ``none``."""


def read_inbound_sync(facts: Facts) -> StepReading:
    """Return step 2: whether TARGET has SOURCE as a partner and lets users in."""
    partner = facts.target.partner
    if isinstance(partner, XtSyncError):
        return cannot_tell(facts, 2, partner, Side.TARGET)
    evidence = [Fact("Now", _inbound_words(facts, partner))]
    if not isinstance(facts.invitations, XtSyncError):
        evidence.append(Fact("Invitations", f"allowInvitesFrom is {facts.invitations}"))
    if not facts.users_allowed:
        return verdict(facts, 2, StepState.TO_DO, *evidence)
    if facts.invitations == NOBODY:
        cause = _nobody_invites(facts)
        return verdict(facts, 2, StepState.FAILED, *evidence, words="nobody may invite", cause=cause)
    return verdict(facts, 2, StepState.DONE, *evidence)


def _inbound_words(facts: Facts, partner: Partner | None) -> str:
    if partner is None:
        return f"{facts.source.name} is not a partner of {facts.target.name}"
    said = "allowed" if facts.users_allowed else "not allowed"
    return f"{facts.source.name} is a partner; user synchronization is {said}"


def _nobody_invites(facts: Facts) -> Cause:
    return Cause(
        "TARGET lets nobody invite",
        f"Guest invite settings of {facts.target.name} are at the most restrictive; the service cannot "
        "create people.",
        "enter lets administrators and guest inviters invite",
        2,
        Side.TARGET,
        "AzureActiveDirectoryForbidden",
    )


def read_redemption(facts: Facts, number: int) -> StepReading:
    """Return step 3 (TARGET, inbound) or 4 (SOURCE, outbound)."""
    side = Side.TARGET if number == 3 else Side.SOURCE
    tenant = facts.tenant(side)
    if isinstance(tenant.partner, XtSyncError):
        return cannot_tell(facts, number, tenant.partner, side)
    if tenant.partner is None and side is Side.TARGET:
        return after(facts, number, 2)
    evidence = Fact("Now", _redemption_words(facts, side, tenant.partner))
    if facts.inbound if side is Side.TARGET else facts.outbound:
        return verdict(facts, number, StepState.DONE, evidence)
    cause = licence_missing(facts, side)
    if cause is None and facts.job is not None:
        cause = redemption_off(facts, side)
    return verdict(facts, number, StepState.TO_DO, evidence, cause=cause)


def _redemption_words(facts: Facts, side: Side, partner: Partner | None) -> str:
    name = "inboundAllowed" if side is Side.TARGET else "outboundAllowed"
    if partner is None:
        return f"{facts.tenant(side.other).name} is not a partner yet"
    consent = partner.consent
    value = consent.inbound_allowed if side is Side.TARGET else consent.outbound_allowed
    return f"{name} not set: inherits off" if value is None else f"{name} is {str(value).lower()}"


def redemption_off(facts: Facts, side: Side) -> Cause:
    """Return the cause for the side whose automatic redemption is off."""
    here, there = facts.tenant(side), facts.tenant(side.other)
    way = "inbound" if side is Side.TARGET else "outbound"
    return Cause(
        f"{side.name} does not redeem invitations",
        f"In {here.label}, automatic redemption ({way}) for {there.name} is off.",
        "f turn it on",
        3 if side is Side.TARGET else 4,
        side,
    )


def culprits(facts: Facts) -> tuple[Cause, ...]:
    """Return every setting that keeps people from arriving: the handshake first, then who may invite."""
    found = _handshake_causes(facts)
    return (*found, _nobody_invites(facts)) if facts.invitations == NOBODY else tuple(found)


def culprit(facts: Facts) -> Cause | None:
    """Return the setting that keeps the service from connecting, None when both tenants are right."""
    return next(iter(_handshake_causes(facts)), None)


def _handshake_causes(facts: Facts) -> list[Cause]:
    causes = [_not_allowed(facts)] if facts.users_allowed is False else []
    if facts.inbound is False:
        causes.append(redemption_off(facts, Side.TARGET))
    if facts.outbound is False:
        causes.append(redemption_off(facts, Side.SOURCE))
    return causes


def _not_allowed(facts: Facts) -> Cause:
    here = facts.target
    missing = here.partner is None
    detail = (
        f"{here.name} does not have {facts.source.name} as a partner."
        if missing
        else f"{here.name} has {facts.source.name} as a partner, but user synchronization is off."
    )
    return Cause("TARGET does not allow users to sync in", detail, "f allow it", 2, Side.TARGET)


def handshake(facts: Facts) -> tuple[HandshakeRow, ...]:
    """Return what the two sides have agreed on."""
    none = Lamp(Mark.NONE, "")
    return (
        HandshakeRow("users may sync in", none, _lamp(facts.users_allowed, "allowed", "not allowed")),
        HandshakeRow(
            "invitations are redeemed",
            _lamp(facts.outbound, "outbound on", "outbound off"),
            _lamp(facts.inbound, "inbound on", "inbound off"),
        ),
        HandshakeRow("B2B collaboration", _b2b(facts.source), _b2b(facts.target)),
    )


def invitations(facts: Facts) -> HandshakeRow:
    """Return whether TARGET lets anybody invite guests; SOURCE has no say in it."""
    now = facts.invitations
    lamp = _lamp(None if isinstance(now, XtSyncError) else now != NOBODY, "allowed", "by nobody")
    return HandshakeRow("people may be invited", Lamp(Mark.NONE, ""), lamp)


def _lamp(value: bool | None, yes: str, no: str) -> Lamp:
    if value is None:
        return Lamp(Mark.UNKNOWN, "cannot tell")
    return Lamp(Mark.GOOD, yes) if value else Lamp(Mark.BAD, no)


def _b2b(tenant: TenantFacts) -> Lamp:
    """Whether B2B collaboration is blocked in the direction of the synchronization; the partner inherits."""
    name = "b2b_collaboration_outbound" if tenant.side is Side.SOURCE else "b2b_collaboration_inbound"
    for part in (tenant.partner, tenant.default):
        if isinstance(part, XtSyncError):
            return Lamp(Mark.UNKNOWN, "cannot tell")
        setting = getattr(part, name) if part else None
        if setting is not None:
            limited = Lamp(Mark.UNKNOWN, LIMITED)
            return limited if setting.limited else _lamp(not setting.blocks_all, "not blocked", "blocked")
    return Lamp(Mark.GOOD, "not blocked")


def partner_defaults(facts: Facts) -> PartnerAnswers:
    """Return the source tenant of the profile, and the way out when nobody may be invited."""
    return PartnerAnswers(facts.source.domain or facts.source.id, facts.invitations == NOBODY)


def prepare_inbound_sync(clients: Clients, facts: Facts, answers: PartnerAnswers) -> tuple[Planned, ...]:
    """Return the requests of step 2: the partner, users in, and invitations if that was asked for."""
    partner = _known(facts.target.partner)
    source, client = facts.source.id, clients[Side.TARGET]
    if answers.tenant.strip().lower() not in (source, facts.source.domain.lower()):
        raise InvalidInput(
            "Source tenant: not the one you are signed in to",
            f"SOURCE is {facts.source.name}, {source}.",
            "Type its id or domain, or open another profile.",
        )
    planned: list[Planned] = []
    if partner is None:
        planned.append(_add(clients, facts, Side.TARGET))
    if not facts.users_allowed:
        request = access.allow_user_sync(partner or Partner(tenant_id=source), display_name=facts.source.name)
        undo = access.allow_user_sync(
            Partner(tenant_id=source, identity_synchronization=_in(False)), allowed=False
        )

        async def allowed() -> Json:
            found = await access.partner(client, source)
            sync = found.identity_synchronization if found else None
            return {"isSyncAllowed": True} if sync and sync.users_allowed else None

        before = {"isSyncAllowed": False} if partner and partner.identity_synchronization else None
        planned.append(Planned(Side.TARGET, request, "step 2", Undo((undo,)), before, allowed))
    if answers.let_invite and facts.invitations == NOBODY:
        planned.append(_let_invite(clients))
    return tuple(planned)


def _in(allowed: bool) -> IdentitySynchronization:
    return IdentitySynchronization(user_sync_inbound=UserSyncInbound(is_sync_allowed=allowed))


def _let_invite(clients: Clients) -> Planned:
    async def look() -> Json:
        found = await policies.authorization(clients[Side.TARGET])
        return {"allowInvitesFrom": LEAST} if found.allow_invites_from == LEAST else None

    undo = Undo((policies.set_invitations(NOBODY),))
    before = {"allowInvitesFrom": NOBODY}
    return Planned(Side.TARGET, policies.set_invitations(LEAST), "step 2", undo, before, look)


def prepare_redemption(clients: Clients, facts: Facts, number: int) -> tuple[Planned, ...]:
    """Return the requests of step 3 or 4; step 4 adds the partner when it is not there."""
    side = Side.TARGET if number == 3 else Side.SOURCE
    partner = _known(facts.tenant(side).partner)
    other = facts.tenant(side.other).id
    if facts.inbound if side is Side.TARGET else facts.outbound:
        return ()
    missing = partner is None and side is Side.SOURCE
    added = (_add(clients, facts, side),) if missing else ()
    set_ = access.set_redemption(other, **_way(side, True))
    undo = Undo((access.set_redemption(other, **_way(side, False)),))
    look = _redeems(clients, side, other)
    before = _before(partner)
    return (*added, Planned(side, set_, f"step {number}", undo, before, look))


def _way(side: Side, value: bool) -> dict[str, bool]:
    return {"inbound" if side is Side.TARGET else "outbound": value}


def _before(partner: Partner | None) -> Json:
    if partner is None:
        return None
    consent = partner.consent
    return {"inboundAllowed": consent.inbound_allowed, "outboundAllowed": consent.outbound_allowed}


def _redeems(clients: Clients, side: Side, other: str) -> Look:
    async def look() -> Json:
        found = await access.partner(clients[side], other)
        consent = found.consent if found else None
        value = consent and (consent.inbound_allowed if side is Side.TARGET else consent.outbound_allowed)
        return _way(side, True) if value else None

    return look


def _add(clients: Clients, facts: Facts, side: Side) -> Planned:
    other = facts.tenant(side.other).id

    async def look() -> Json:
        found = await access.partner(clients[side], other)
        return {"tenantId": other} if found else None

    undo = Undo((access.remove_partner(other),))
    return Planned(
        side, access.add_partner(other), f"step {2 if side is Side.TARGET else 4}", undo, None, look
    )


def _known(partner: Part[Partner | None]) -> Partner | None:
    """Return what was read of the partner; raises the error that kept it away."""
    if isinstance(partner, XtSyncError):
        raise partner
    return partner
