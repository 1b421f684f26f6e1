"""Provision on demand: the decision for one user, with what this way refuses ("provision-on-demand")."""

from xtsync_tui.engine.decision import Action, Decision, Links, Reason, Target, User, decide
from xtsync_tui.engine.rules import Rules


def decide_on_demand(rules: Rules, user: User, links: Links, target: Target) -> Decision:
    """Decide as a cycle does, except that nobody is restored, disabled or followed into deletion.

    A user who was disabled or deleted in the source is left to the regular cycle; an unassigned one is not.
    """
    decision = decide(rules, user, links, target)
    if decision.action is Action.RESTORE:
        return _skipped(decision, Reason.DELETED_AT_TARGET, "Nobody is restored on demand.")
    if user.deleted or user.purged or decision.action is Action.DISABLE:
        detail = "A user disabled or deleted in the source is left to the regular cycle."
        return _skipped(decision, Reason.NOT_ENTITLED, detail)
    return decision


def _skipped(decision: Decision, reason: Reason, detail: str) -> Decision:
    return decision._replace(action=Action.SKIP, reason=reason, detail=detail, changes=(), references=())
