"""Why the service left somebody out, and what mends it: from what it says, by the troubleshooting table."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from xtsync_tui.engine import troubleshooting
from xtsync_tui.engine.troubleshooting import Entry
from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import assignments, directory, guests, person
from xtsync_tui.model import Assignment, Group, Side, User
from xtsync_tui.workspace.assigning import assign
from xtsync_tui.workspace.mappings.reading import MappingsReading
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.setup import Cause, OnDemandResult
from xtsync_tui.workspace.setup.on_demand import SUCCESS, UNCHANGED, UNKNOWN

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

FILTERS = "filters"
"""The code of a cause that is mended in the scoping filters: f goes there."""

_NOT_ASSIGNED, _INACTIVE, _FILTERED, _BY_CLAUSE = {17, 19}, {18}, {20, 21, 22}, {23}
_INVITATIONS = {39}
"""Numbers of the troubleshooting table."""

NO_INVITATIONS_STEP = 2


@dataclass(frozen=True, slots=True)
class Case:
    """What an explanation is made from."""

    workspace: "Workspace"
    ground: MappingsReading
    result: OnDemandResult

    @property
    def who(self) -> str:
        """The person's name."""
        return self.result.name

    def tenant(self, side: Side) -> str:
        """``SOURCE Contoso``."""
        return self.workspace.side(side).label


async def explain(workspace: "Workspace", ground: MappingsReading, result: OnDemandResult) -> Cause | None:
    """Return why the person did not arrive, None when they did or nothing needed to change.

    What has to be read for it and cannot be read leaves the explanation more general. Never raises.
    """
    if result.result == SUCCESS or result.code == UNCHANGED:
        return None
    case = Case(workspace, ground, result)
    if result.result == UNKNOWN:
        return unreadable(case)
    entry = next(iter(troubleshooting.by_log_row(_as_row(result))), None)
    if entry is None:
        return _unlisted(case)
    way = next((way for numbers, way in _WAYS if entry.number in numbers), None)
    if way is None:
        return _listed(case, entry)
    try:
        return await way(case)
    except XtSyncError:
        return _listed(case, entry)


def _as_row(result: OnDemandResult) -> Mapping[str, Any]:
    """Return the result in the shape of a row of the log, which the table is looked up with."""
    said = {"errorCode": result.code, "reason": " ".join(stage.words for stage in result.stages)}
    return {
        "provisioningStatusInfo": {"errorInformation": said},
        "provisioningSteps": [{"details": dict(stage.details)} for stage in result.stages],
    }


def unreadable(case: Case) -> Cause:
    """Return the cause of an answer that is not what is documented."""
    detail = f"The service answered {case.tenant(Side.SOURCE)} in a way that cannot be read: "
    hint = "The answer is below, and what TARGET shows now · i the raw answer"
    return Cause("Unknown", f"{detail}{case.result.words}.", hint, None, Side.SOURCE)


def _unlisted(case: Case) -> Cause:
    said = " ".join(dict.fromkeys(stage.words for stage in case.result.stages if stage.words))
    title = f"{case.result.result or 'Not provisioned'}: the reason is not in the documentation"
    code = case.result.code
    return Cause(
        title, f"In {case.tenant(Side.SOURCE)}, the service says: {said}", "", None, Side.SOURCE, code
    )


def _listed(case: Case, entry: Entry) -> Cause:
    """Return the table's own words."""
    side = Side(entry.tenants[0]) if len(entry.tenants) == 1 else None
    where = f"In {case.tenant(side)}: " if side else ""
    step = next((int(one) for one in entry.steps if one.isdigit() and int(one) < 11), None)
    hint = f"f step {step} of the set-up" if step is not None else ""
    detail = f"{where}{entry.cause} {entry.fix}"
    return Cause(_title(case, entry.symptom), detail, hint, step, side, case.result.code)


def _title(case: Case, symptom: str) -> str:
    said = symptom.rstrip(".")
    return said if said.startswith("Skipped") else f"{case.result.result}: {said}"


# Left out: not assigned -----------------------------------------------------------------------------


async def _not_assigned(case: Case) -> Cause:
    client, sp = case.workspace.client(Side.SOURCE), case.ground.configuration.id
    assigned = {one.principal_id: one for one in await assignments.assignments(client, sp)}
    if mine := assigned.get(case.result.user_id):
        return _too_young(case, mine, case.workspace.now())
    direct = await person.groups_of(client, case.result.user_id)
    by_group = next((assigned[group.id] for group in direct if group.id in assigned), None)
    if by_group is not None:
        return _too_young(case, by_group, case.workspace.now())
    around = await person.groups_of(client, case.result.user_id, transitive=True)
    above = next((group for group in around if group.id in assigned), None)
    fix = (assign(case.workspace.clients, case.ground.configuration, case.result.user_id, "assign"),)
    if above is None:
        where = f"In {case.tenant(Side.SOURCE)}, {case.who} is not assigned to {case.ground.name}"
        detail = f"{where}, and neither is a group with {case.who} as a direct member."
        return Cause("Not assigned", detail, f"f assign {case.who}", None, Side.SOURCE, case.result.code, fix)
    between = await _between(case, direct, above)
    return Cause(
        "Not assigned: nested group only",
        f"{case.who} is in {between}. Only direct members count.",
        f"f assign {case.who} directly",
        None,
        Side.SOURCE,
        case.result.code,
        fix,
    )


async def _between(case: Case, direct: tuple[Group, ...], above: Group) -> str:
    """Return how the person belongs to an assigned group: ``Sales EMEA inside Sales``."""
    inside = await directory.nested_groups(case.workspace.client(Side.SOURCE), above.id)
    own = {group.id for group in direct}
    name = next((group.display_name for group in inside if group.id in own), "a group further down")
    return f"{name} inside {above.display_name or above.id}"


def _too_young(case: Case, one: Assignment, now: datetime) -> Cause:
    age = (now - one.created_date_time).total_seconds() if one.created_date_time else None
    old = "" if age is None else f"is {_rough(age)} old and "
    group = f" of {one.principal_display_name}" if one.principal_type == "Group" else ""
    detail = f"The assignment{group} {old}can need some minutes to be noticed."
    title = "Not assigned yet, says the service"
    return Cause(title, detail, "p try again", None, Side.SOURCE, case.result.code)


def _rough(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


# Left out: the account itself -----------------------------------------------------------------------


async def _inactive(case: Case) -> Cause:
    detail = (
        f"In {case.tenant(Side.SOURCE)}, the account of {case.who} is disabled. The service creates nobody"
    )
    hint = "Enable the account in SOURCE, then p again"
    return Cause(
        "Skipped: the account is disabled", f"{detail} disabled.", hint, None, Side.SOURCE, case.result.code
    )


async def _external(case: Case) -> Cause:
    phones = await guests.phone_methods(case.workspace.client(Side.SOURCE), case.result.user_id)
    ready = next((one for one in phones if one.sms_sign_in_state == "ready"), None)
    if ready is None:
        detail = f"In {case.tenant(Side.SOURCE)}, {case.who} is at home in another tenant, or a guest."
        hint = "Synchronize them from their home tenant"
        return Cause("Skipped: an external user of SOURCE", detail, hint, None, Side.SOURCE, case.result.code)
    why_not = Undo(why_not="SMS sign-in has to be switched on again in SOURCE, by hand.")
    off = guests.disable_sms_sign_in(case.result.user_id, ready.id)
    return Cause(
        "Skipped: SMS sign-in is on",
        "The service leaves out people with SMS sign-in. It shows as alternativeSecurityIds.",
        f"f switch it off for {case.who}",
        None,
        Side.SOURCE,
        case.result.code,
        (Planned(Side.SOURCE, off, "SMS sign-in off", why_not),),
    )


async def _by_clause(case: Case) -> Cause:
    clauses = [clause for clause, held in judged_clauses(case.result) if not held]
    false = "; ".join(clauses) or "no clause is named"
    detail = (
        f"In {case.tenant(Side.SOURCE)}, a scoping filter of {case.ground.name} is false for {case.who}: "
    )
    imported = dict(case.result.stages[0].details) if case.result.stages else {}
    has = [f"{name} is {imported[name]}" for name in imported if any(f".{name} " in one for one in clauses)]
    more = f". {', '.join(has)}." if has else "."
    return Cause(
        "Skipped: a scoping filter", detail + false + more, "f the filters", None, Side.SOURCE, FILTERS
    )


def judged_clauses(result: OnDemandResult) -> tuple[tuple[str, bool], ...]:
    """Return the clauses of the scoping filters that the service names, each with whether it held."""
    for stage in result.stages:
        said = dict(stage.details).get("ScopeEvaluationResult", "")
        try:
            found = msgspec.json.decode(said) if said else None
        except msgspec.DecodeError:
            continue
        if isinstance(found, dict):
            return tuple((str(clause), held is True or held == "true") for clause, held in found.items())
    return ()


async def _no_invitations(case: Case) -> Cause:
    return Cause(
        "TARGET lets nobody invite",
        f"Guest invite settings of {case.workspace.side(Side.TARGET).name} are at the most restrictive; the "
        "service cannot create people.",
        "f to the setting",
        NO_INVITATIONS_STEP,
        Side.TARGET,
        case.result.code,
    )


_WAYS: tuple[tuple[set[int], Callable[[Case], Awaitable[Cause]]], ...] = (
    (_NOT_ASSIGNED, _not_assigned),
    (_INACTIVE, _inactive),
    (_FILTERED, _external),
    (_BY_CLAUSE, _by_clause),
    (_INVITATIONS, _no_invitations),
)


# Before anything is sent ----------------------------------------------------------------------------


async def in_the_bin(workspace: "Workspace", home: Mapping[str, Any]) -> Cause | None:
    """Return the cause that holds a person back who lies in the bin of the target, None when they do not.

    The service does not restore anybody on demand; it would make a second account [provision-on-demand].
    """
    mail = str(home.get("mail") or "").lower()
    invited = guests.invited_name(str(home.get("userPrincipalName") or "")).lower()
    async for page in guests.deleted_users(workspace.client(Side.TARGET)):
        for user in page:
            # In the bin the id stands before the name [directory-deleteditems].
            if (mail and (user.mail or "").lower() == mail) or invited in _name(user):
                return _binned(workspace, user)
    return None


def _name(user: User) -> str:
    return (user.user_principal_name or "").lower()


def _binned(workspace: "Workspace", user: User) -> Cause:
    name = user.display_name or user.id
    gone = user.deleted_date_time
    until = f" until {gone + timedelta(days=30):%-d %b}" if gone else ""
    undo = Undo(why_not="Delete the person again in TARGET, by hand.")
    return Cause(
        "Deleted in TARGET, not restored by the service",
        f"{name} lies in the bin of {workspace.side(Side.TARGET).name}{until}. Provisioning them again can "
        "make a duplicate. Nothing was sent.",
        f"f restore {name} · p sends all the same",
        None,
        Side.TARGET,
        fix=(Planned(Side.TARGET, guests.restore(user.id), "restore", undo),),
    )
