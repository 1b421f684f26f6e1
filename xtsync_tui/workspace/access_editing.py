"""Edits of access settings as requests that can be shown, sent and undone."""

from typing import Any

import msgspec

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.graph import access
from xtsync_tui.model import Json, Partner, Request, Side
from xtsync_tui.workspace.access_reading import AccessReading
from xtsync_tui.workspace.access_settings import Setting
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.setup.facts import Clients

REMOVED = "partner removed"
"""The reason in the journal for both requests of a removal."""


def now(setting: Setting, reading: AccessReading, side: Side) -> str:
    """Return the choice that is in force: ``"inherit"`` for a value that is not set and may be inherited."""
    partner = _known(reading, side)
    own = setting.read(partner) if partner is not None else ""
    return own or ("inherit" if "inherit" in setting.choices else "off")


def plan_edit(
    clients: Clients, reading: AccessReading, side: Side, setting: Setting, choice: str
) -> tuple[Planned, ...]:
    """Return the requests that set ``choice`` on ``side``, none when it is so.

    The other side is made a partner first when it is none. Raises what kept the partner from being read.
    """
    partner = _known(reading, side)
    if choice == now(setting, reading, side):
        return ()
    other = reading.tenant(side.other)
    present = partner or Partner(tenant_id=other.id)
    added = () if partner is not None else (add_partner(clients, side, other.id),)
    request, undo = _edit(setting, present, choice, other.name)

    async def look() -> Json:
        found = await access.partner(clients[side], other.id)
        if setting.beta and found is not None:
            found = msgspec.structs.replace(
                found, identity_synchronization=await access.synchronization(clients[side], other.id)
            )
        said = (setting.read(found) if found is not None else "") or "inherit"
        return {setting.key: choice} if said == choice else None

    why = f"{setting.title}: {choice}"
    return (*added, Planned(side, request, why, undo, _before(present, request), look))


def _edit(setting: Setting, partner: Partner, choice: str, other_name: str) -> tuple[Request, Undo]:
    if setting.key in {"users", "groups"}:
        return _synchronization(setting, partner, choice, other_name)
    changes = setting.body(choice, partner)
    return access.update_partner(partner.tenant_id, changes), Undo(
        (access.update_partner(partner.tenant_id, _old(partner, changes)),)
    )


def _synchronization(setting: Setting, partner: Partner, choice: str, name: str) -> tuple[Request, Undo]:
    allowed = choice == "allowed"
    there = partner.identity_synchronization is not None
    if setting.key == "users":
        request = access.allow_user_sync(partner, allowed=allowed, display_name=name)
        back = access.allow_user_sync(partner, allowed=not allowed)
    else:
        request = access.allow_group_sync(partner, allowed=allowed)
        back = access.allow_group_sync(partner, allowed=not allowed)
    return request, Undo((back if there else access.remove_user_sync(partner.tenant_id),))


def _old(partner: Partner, changes: dict[str, Any]) -> dict[str, Any]:
    """Return the members of ``changes`` as they are; of an object that is laid over, only its own members."""
    whole = msgspec.to_builtins(partner)
    old = {name: whole.get(name) for name in changes}
    consent = changes.get("automaticUserConsentSettings")
    if consent is not None:
        kept = old["automaticUserConsentSettings"] or {}
        old["automaticUserConsentSettings"] = {name: kept.get(name) for name in consent}
    return old


def _before(partner: Partner, request: Request) -> Json:
    body: Any = request.body
    if request.path.endswith("/identitySynchronization"):
        return msgspec.to_builtins(partner.identity_synchronization)
    return _old(partner, body)


def add_partner(clients: Clients, side: Side, tenant_id: str) -> Planned:
    """Return the request that makes a tenant a partner of ``side``."""

    async def look() -> Json:
        found = await access.partner(clients[side], tenant_id)
        return {"tenantId": tenant_id} if found else None

    undo = Undo((access.remove_partner(tenant_id),))
    return Planned(side, access.add_partner(tenant_id), "partner added", undo, None, look)


def plan_addition(
    clients: Clients, reading: AccessReading, side: Side, tenant_id: str
) -> tuple[Planned, ...]:
    """Return the request that adds a partner; raises InvalidInput for oneself and for one that is there."""
    tenant = reading.tenant(side)
    if tenant_id == tenant.id:
        raise InvalidInput(
            f"This is {tenant.name} itself",
            "A tenant cannot be its own partner.",
            "Type the id or domain of another one.",
        )
    partners = reading.sides[side].partners
    if not isinstance(partners, XtSyncError) and any(one.tenant_id == tenant_id for one in partners):
        raise InvalidInput(f"A partner of {tenant.name} already", "", "Type the id or domain of another one.")
    return (add_partner(clients, side, tenant_id),)


def plan_removal(clients: Clients, side: Side, partner: Partner) -> tuple[Planned, ...]:
    """Return the requests that remove a partner: what it may synchronize in first, as Graph wants it."""
    whole = msgspec.to_builtins(partner)
    tenant_id = partner.tenant_id

    async def gone() -> Json:
        return None if await access.partner(clients[side], tenant_id) else {"removed": tenant_id}

    async def emptied() -> Json:
        found = await access.partner(clients[side], tenant_id)
        return None if found and found.identity_synchronization else {"removed": "identitySynchronization"}

    removal = Planned(
        side,
        access.remove_partner(tenant_id),
        REMOVED,
        Undo((access.restore_partner(partner),)),
        {name: value for name, value in whole.items() if name != "identitySynchronization"},
        gone,
    )
    if partner.identity_synchronization is None:
        return (removal,)
    undo = Undo((access.restore_user_sync(partner),))
    before = whole["identitySynchronization"]
    return (Planned(side, access.remove_user_sync(tenant_id), REMOVED, undo, before, emptied), removal)


def overtaken(before: AccessReading, after: AccessReading, side: Side) -> XtSyncError:
    """Return the error that says what somebody else changed on ``side`` between two readings."""
    told = [
        f"{row.setting.title} was {old.cells[side].partner}, is {row.cells[side].partner}."
        for old, row in zip(before.rows, after.rows, strict=True)
        if old.cells[side].partner != row.cells[side].partner
    ] + [
        f"{row.title} was {old.words(side)}, is {row.words(side)}."
        for old, row in zip(before.external, after.external, strict=True)
        if old.words(side) != row.words(side)
    ]
    return XtSyncError(
        "Changed elsewhere: nothing was sent",
        f"In {after.tenant(side).label}: " + (" ".join(told) or "the partners are others than they were."),
        "f2 sends what is shown now · esc leaves it as it is",
    )


def _known(reading: AccessReading, side: Side) -> Partner | None:
    """Return what was read of the partner; raises the error that kept it away."""
    partner = reading.tenant(side).partner
    if isinstance(partner, XtSyncError):
        raise partner
    return partner
