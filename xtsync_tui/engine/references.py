"""The second pass: reference attributes such as manager, once both ends are provisioned.

Source: "cross-tenant-synchronization-overview". A manager who is not provisioned leaves the attribute as it
is, and is tried again only when the user changes, on demand or after a restart; a removed manager isn't
cleared.
"""

from collections.abc import Sequence

from xtsync_tui.engine.decision import Action, Decision, Gates, Links, LinkState, Reason, Target, User
from xtsync_tui.engine.mapping import Change, Reference

_PASSED = Gates(active=True, assigned=True, has_role=True, builtin=True, input=True, filtered=True)


def resolve(reference: Reference, links: Links) -> str | None:
    """Return the target id of a reference, None while the one it points to isn't provisioned."""
    link = links.get(reference.source_id)
    return link.target_id if link and link.state is LinkState.ACTIVE else None


def decide_references(user: User, references: Sequence[Reference], links: Links, target: Target) -> Decision:
    """Decide which references of a provisioned user are written; values of the changes are target ids."""
    link = links.get(user.id)
    found = target.get(link.target_id) if link else None
    if link is None or found is None:
        return Decision(user.id, Action.NONE, _PASSED, Reason.REDUNDANT)
    resolved = [(reference, resolve(reference, links)) for reference in references]
    changes = [
        Change(reference.attribute, found.record.get(reference.attribute), target_id)
        for reference, target_id in resolved
        if target_id and found.record.get(reference.attribute) != target_id
    ]
    if changes:
        return Decision(user.id, Action.UPDATE, _PASSED, target_id=found.id, changes=changes, in_scope=True)
    missing = [reference.attribute for reference, target_id in resolved if not target_id]
    if missing:
        detail = f"{', '.join(missing)} points to a user who is not provisioned."
        return Decision(
            user.id, Action.SKIP, _PASSED, Reason.UNRESOLVED_REFERENCE, detail, found.id, in_scope=True
        )
    return Decision(user.id, Action.NONE, _PASSED, Reason.REDUNDANT, target_id=found.id, in_scope=True)
