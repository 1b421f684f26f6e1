"""Step 14: whether external users may leave TARGET by themselves."""

from xtsync_tui.errors import XtSyncError
from xtsync_tui.graph import policies
from xtsync_tui.model import Json, Side
from xtsync_tui.workspace.planned import Planned, Undo
from xtsync_tui.workspace.setup.answers import LeaveAnswers
from xtsync_tui.workspace.setup.facts import Clients, Facts
from xtsync_tui.workspace.setup.reading import Fact, StepReading, StepState
from xtsync_tui.workspace.setup.verdict import cannot_tell, verdict


def read_leaving(facts: Facts) -> StepReading:
    """Return step 14: done once it was decided here, or when it is no longer as it comes (allowed)."""
    if isinstance(facts.may_leave, XtSyncError):
        return cannot_tell(facts, 14, facts.may_leave, Side.TARGET)
    said = "external users may leave" if facts.may_leave else "external users may not leave"
    note = facts.notes.leaving
    if note is not None:
        return verdict(facts, 14, StepState.DONE, Fact("Now", said), Fact("Decided", f"here {note.at:%H:%M}"))
    if facts.in_use:
        return verdict(facts, 14, StepState.NOT_NEEDED, Fact("Now", said), Fact("Job", facts.in_use))
    if not facts.may_leave:
        return verdict(facts, 14, StepState.DONE, Fact("Now", said))
    return verdict(facts, 14, StepState.TO_DO, Fact("Now", f"{said}: the default"))


def leave_defaults(facts: Facts) -> LeaveAnswers:
    """Return the setting as it is; allowed where it cannot be read."""
    return LeaveAnswers(isinstance(facts.may_leave, XtSyncError) or facts.may_leave)


def prepare_leaving(clients: Clients, facts: Facts, answers: LeaveAnswers) -> tuple[Planned, ...]:
    """Return the request of step 14, none when the setting is as asked for."""
    if isinstance(facts.may_leave, XtSyncError):
        raise facts.may_leave
    if facts.may_leave is answers.allowed:
        return ()

    async def look() -> Json:
        policy = await policies.external_identities(clients[Side.TARGET])
        there = policy.allow_external_identities_to_leave is answers.allowed
        return {"allowExternalIdentitiesToLeave": answers.allowed} if there else None

    undo = Undo((policies.set_leave(allowed=facts.may_leave),))
    before = {"allowExternalIdentitiesToLeave": facts.may_leave}
    request = policies.set_leave(allowed=answers.allowed)
    return (Planned(Side.TARGET, request, "step 14", undo, before, look),)
