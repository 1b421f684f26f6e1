"""The few shapes that the reading of a step can have."""

from xtsync_tui.errors import Forbidden, XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup.facts import Facts
from xtsync_tui.workspace.setup.needs import REQUIREMENTS, needs
from xtsync_tui.workspace.setup.reading import Cause, Fact, StepReading, StepState
from xtsync_tui.workspace.setup.steps import STEPS


def verdict(
    facts: Facts,
    number: int,
    state: StepState,
    *evidence: Fact,
    words: str = "",
    cause: Cause | None = None,
    planned: tuple[Planned, ...] = (),
) -> StepReading:
    """Return a reading of step ``number`` with its needs; ``words`` default to those of the state."""
    held = needs(number, facts)
    return StepReading(STEPS[number], state, words or state.value, facts.now, evidence, held, cause, planned)


def after(facts: Facts, number: int, step: int) -> StepReading:
    """Return "waiting" with the step that has to be done first; "cannot tell" when that could not be read."""
    if step > 4 and facts.unread is not None:
        return cannot_tell(facts, number, facts.unread, Side.SOURCE)
    return verdict(facts, number, StepState.WAITING, words=f"after step {step}")


def cannot_tell(facts: Facts, number: int, error: XtSyncError, side: Side) -> StepReading:
    """Return "cannot tell" with what is missing: the role or permission when Graph refused."""
    cause = Cause.of(error, side, 0)
    if isinstance(error, Forbidden):
        cause = _forbidden(facts, number, error, side)
    return verdict(facts, number, StepState.CANNOT_TELL, cause=cause)


def _forbidden(facts: Facts, number: int, error: Forbidden, side: Side) -> Cause:
    tenant = facts.tenant(side)
    requirement = REQUIREMENTS.get(number)
    role = requirement.role.name if requirement and requirement.role else "a directory role"
    detail = f"{tenant.label} does not let {_who(facts, side)} read this. It needs {role} and the permission."
    return Cause("Cannot tell", f"{detail} {error.detail}", "r look again", 0, side, error.code)


def _who(facts: Facts, side: Side) -> str:
    me = facts.tenant(side).me
    return "this account" if isinstance(me, XtSyncError) else me.user_principal_name or "this account"
