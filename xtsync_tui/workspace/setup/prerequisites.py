"""Steps 0 and 1: who, where, with what; and the plan."""

from collections.abc import Iterator

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.settings import Plan
from xtsync_tui.workspace.setup.facts import Facts, Part, TenantFacts
from xtsync_tui.workspace.setup.needs import all_needs
from xtsync_tui.workspace.setup.reading import Cause, Fact, Need, StepReading, StepState
from xtsync_tui.workspace.setup.steps import STEPS
from xtsync_tui.workspace.setup.verdict import cannot_tell, verdict

SHAPES = {"one-to-one": "one to one", "hub": "hub and spoke", "both-ways": "both ways"}
WHO = {"assigned": "assigned only", "all": "all users"}
WHAT = {"defaults": "the default attributes", "own": "attributes of our own"}


def read_prerequisites(facts: Facts) -> StepReading:
    """Return step 0: done when both tenants can be read and roles and licences are there."""
    for tenant in (facts.source, facts.target):
        for part in (tenant.organization, tenant.me, tenant.roles, tenant.premium):
            if isinstance(part, XtSyncError):
                return cannot_tell(facts, 0, part, tenant.side)
    wanted = all_needs(facts)
    missing = next((need for need in wanted if need.held is False and need.kind != "scope"), None)
    evidence = (*_who_and_where(facts.source), *_who_and_where(facts.target))
    state = StepState.FAILED if missing else StepState.DONE
    return StepReading(
        STEPS[0],
        state,
        f"missing: {missing.kind}" if missing else state.value,
        facts.now,
        evidence,
        wanted,
        missing_cause(facts, missing) if missing else None,
    )


def _who_and_where(tenant: TenantFacts) -> Iterator[Fact]:
    side = tenant.side.name
    yield Fact(side, f"{tenant.name} · {tenant.id}")
    yield Fact("Signed in", _text(tenant.me, "user_principal_name"))
    licence = "Entra ID P1 or P2" if tenant.premium is True else "no Entra ID P1 or P2"
    yield Fact("Licence", licence)


def _text(part: Part[object], name: str) -> str:
    return "" if isinstance(part, XtSyncError) else str(getattr(part, name) or "")


def missing_cause(facts: Facts, need: Need) -> Cause:
    """Return what is missing, where, and which steps need it."""
    tenant = facts.tenant(need.side)
    steps = ("step " if len(need.steps) == 1 else "steps ") + ", ".join(map(str, need.steps))
    if need.kind == "licence":
        is_set = facts.inbound if need.side is Side.TARGET else facts.outbound
        unable = (
            f"Automatic redemption ({steps}) is on there; without a licence it cannot be set again."
            if is_set
            else f"Automatic redemption ({steps}) cannot be set there without one."
        )
        return Cause(
            f"{need.side.name} has no licence",
            f"Neither Entra ID P1 nor P2. {unable} Add a licence to {tenant.name}.",
            "r look again",
            None,
            need.side,
        )
    who = _text(tenant.me, "user_principal_name")
    return Cause(
        "A role is missing",
        f"{need.name} is needed for {steps} in {tenant.label}. {who} does not hold it. If it is "
        "eligible, activate it first.",
        "r look again",
        None,
        need.side,
    )


def read_plan(facts: Facts) -> StepReading:
    """Return step 1: done once the plan was kept."""
    plan = facts.plan
    if not plan.reviewed and facts.in_use:
        return verdict(facts, 1, StepState.NOT_NEEDED, Fact("Now", facts.in_use))
    if not plan.reviewed:
        return verdict(facts, 1, StepState.TO_DO, Fact("Now", "nothing planned yet"))
    noted = facts.notes.plan
    when = f", noted here {noted.at:%H:%M}" if noted else ""
    evidence = [Fact("Plan", f"{SHAPES[plan.shape]}, {WHO[plan.who]}, {WHAT[plan.what]}{when}")]
    evidence += [Fact("Note", plan.note)] if plan.note else []
    return verdict(facts, 1, StepState.DONE, *evidence)


def plan_defaults(facts: Facts) -> Plan:
    """Return what was planned before, or one to one, assigned, defaults."""
    return facts.plan


def licence_missing(facts: Facts, side: Side) -> Cause | None:
    """Return the cause when ``side`` has no licence to redeem invitations, None otherwise."""
    wanted = (need for need in all_needs(facts) if need.kind == "licence" and need.side is side)
    need = next(wanted, None)
    return missing_cause(facts, need) if need and need.held is False else None
