"""Why the service left somebody out, and what mends it: from what it says, by the troubleshooting table."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from xtsync_tui.engine import troubleshooting
from xtsync_tui.engine.rules import NoUserMapping, user_mapping
from xtsync_tui.engine.scoping import Group as ScopingGroup
from xtsync_tui.engine.scoping import compile_groups
from xtsync_tui.engine.troubleshooting import Entry
from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import assignments, directory, guests, person
from xtsync_tui.model import Assignment, Group, Side, User
from xtsync_tui.workspace import repairs
from xtsync_tui.workspace.assigning import assign
from xtsync_tui.workspace.on_demand.ground import Ground
from xtsync_tui.workspace.people.gates import asked
from xtsync_tui.workspace.people.reading import pair_facts
from xtsync_tui.workspace.repairs import Somebody
from xtsync_tui.workspace.setup import Cause, OnDemandResult
from xtsync_tui.workspace.setup.on_demand import SUCCESS, UNCHANGED, UNKNOWN
from xtsync_tui.workspace.setup.partners import culprit

if TYPE_CHECKING:
    from xtsync_tui.workspace.pair import Workspace

FILTERS = "filters"
"""The code of a cause that is mended in the scoping filters: f goes there."""

NOT_NOTICED = "Not assigned yet, says the service"
"""The title of a cause that goes away by itself: trying again helps."""

DELETED = "deleted"
"""The word of a result that soft-deleted the account in TARGET."""

_HANDSHAKE = {1, 2, 3}
_NOT_ASSIGNED, _INACTIVE, _FILTERED, _BY_CLAUSE = {17, 19}, {18}, {20, 21, 22}, {23}
_INVITATIONS = {39}
"""Numbers of the troubleshooting table."""

NO_INVITATIONS_STEP = 2


@dataclass(frozen=True, slots=True)
class Case:
    """What an explanation is made from."""

    workspace: "Workspace"
    ground: Ground
    result: OnDemandResult

    @property
    def who(self) -> str:
        """The person's name."""
        return self.result.name

    @property
    def somebody(self) -> Somebody:
        """The person whom a repair is about."""
        return Somebody(self.result.user_id, self.result.name, self.result.account)

    def tenant(self, side: Side) -> str:
        """``SOURCE Contoso``."""
        return self.workspace.side(side).label


async def explain(workspace: "Workspace", ground: Ground, result: OnDemandResult) -> Cause | None:
    """Return why the person did not arrive, or was deleted; None for who arrived or needed no change.

    What has to be read for it and cannot be read leaves the explanation more general. Never raises.
    """
    case = Case(workspace, ground, result)
    if result.result == SUCCESS and result.words == DELETED:
        return await _deleted(case)
    if result.result == SUCCESS or result.code == UNCHANGED:
        return None
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
    why = f"assign: {case.who}"
    planned = assign(case.workspace.clients, case.ground.configuration, case.result.user_id, why)
    more = f" Shut as well: {false}." if (false := false_clauses(case)) else ""
    repair = repairs.assigning(case.somebody, planned, more.strip())
    if above is None:
        where = f"In {case.tenant(Side.SOURCE)}, {case.who} is not assigned to {case.ground.name}"
        title, hint = "Not assigned", f"f assign {case.who}"
        detail = f"{where}, and neither is a group with {case.who} as a direct member."
    else:
        title, hint = "Not assigned: nested group only", f"f assign {case.who} directly"
        detail = f"{case.who} is in {await _between(case, direct, above)}. Only direct members count."
    return Cause(title, detail + more, hint, None, Side.SOURCE, case.result.code, repair)


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
    return Cause(NOT_NOTICED, detail, "p try again", None, Side.SOURCE, case.result.code)


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
    ready = next((one for one in phones if one.signs_in), None)
    if ready is None:
        detail = f"In {case.tenant(Side.SOURCE)}, {case.who} is at home in another tenant, or a guest."
        hint = "Synchronize them from their home tenant"
        return Cause("Skipped: an external user of SOURCE", detail, hint, None, Side.SOURCE, case.result.code)
    return Cause(
        "Skipped: SMS sign-in is on",
        "The service leaves out people with SMS sign-in. It shows as alternativeSecurityIds.",
        f"f switch it off for {case.who}",
        None,
        Side.SOURCE,
        case.result.code,
        repairs.sms_off([case.somebody]),
    )


async def _by_clause(case: Case) -> Cause:
    where = f"In {case.tenant(Side.SOURCE)}, a scoping filter of {case.ground.name} leaves {case.who} out"
    why = false_clauses(case) or "no clause is named"
    return Cause("Skipped: a scoping filter", f"{where}: {why}.", "f the filters", None, Side.SOURCE, FILTERS)


def false_clauses(case: Case) -> str:
    """Return the clauses of the own filters that are false by the service, with what the person has."""
    known = {
        clause.text: (group.title, clause.attribute) for group in _groups(case) for clause in group.clauses
    }
    imported = dict(case.result.stages[0].details) if case.result.stages else {}
    told = []
    for text, held in judged_clauses(case.result):
        if held or is_built_in(text):
            continue
        title, attribute = known.get(text, ("", ""))
        told.append(asked(title, text, imported.get(attribute)) if attribute else text)
    return "; ".join(told)


def _groups(case: Case) -> tuple[ScopingGroup, ...]:
    try:
        _, mapping = user_mapping(case.ground.schema)
    except NoUserMapping:
        return ()
    return compile_groups((mapping.get("scope") or {}).get("groups")).groups


def is_built_in(clause: str) -> bool:
    """Whether a clause is that of every configuration: members at home in SOURCE, without SMS sign-in."""
    return clause.startswith("Filter external users.")


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


async def _handshake(case: Case) -> Cause:
    """Return the setting that is wrong as Setup, Overview and the test name it."""
    cause = culprit(await pair_facts(case.workspace))
    if cause is None:
        raise XtSyncError("Both sides are right by now")
    return replace(cause, code=case.result.code)


async def _deleted(case: Case) -> Cause:
    """Return why the service soft-deleted somebody, and the way back."""
    reasons = dict(pair for stage in case.result.stages for pair in stage.details)
    not_assigned = reasons.get("Assigned to the application", reasons.get("Assigned")) == "False"
    why = "not assigned" if not_assigned else false_clauses(case) or "the service does not say why"
    target = case.workspace.side(Side.TARGET).name
    detail = f"{case.who} is out of scope: {why}. The deletion threshold does not hold deletions on demand."
    gone = case.result.found
    try:
        client = case.workspace.client(Side.TARGET)
        home = {"userPrincipalName": case.result.account, "mail": _mail(case.result)}
        binned = () if gone else await repairs.in_the_bin(client, home)
    except XtSyncError:
        binned = ()
    if not binned:
        return Cause("Deleted: out of scope", detail, "", None, Side.TARGET)
    lies = f" The account lies in the bin of {target}{until_when(binned[0])}."
    hint = f"f restore {case.who}"
    repair = repairs.restoring(binned[:1], _AGAIN)
    return Cause("Deleted: out of scope", detail + lies, hint, None, Side.TARGET, repair=repair)


_AGAIN = "A cycle deletes the account again until that is open."


def stays_out(who: str, why: str) -> str:
    """Return what a restore has to say of somebody who is out of scope."""
    return f"{who} is out of scope: {why}. {_AGAIN}"


def until_when(user: User) -> str:
    """Return `` until 9 Jun`` for somebody in the bin, "" when Graph does not say."""
    end = repairs.until(user)
    return f" until {end}" if end else ""


def _mail(result: OnDemandResult) -> str:
    return dict(result.stages[0].details).get("mail", "") if result.stages else ""


_WAYS: tuple[tuple[set[int], Callable[[Case], Awaitable[Cause]]], ...] = (
    (_HANDSHAKE, _handshake),
    (_NOT_ASSIGNED, _not_assigned),
    (_INACTIVE, _inactive),
    (_FILTERED, _external),
    (_BY_CLAUSE, _by_clause),
    (_INVITATIONS, _no_invitations),
)
