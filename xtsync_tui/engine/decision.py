"""What happens to one user, and why: entitled, active, in scope, matched, and then the action.

Pure: the user, the links of earlier cycles and the target are passed in, nothing is changed. Sources:
"how-provisioning-works", "cross-tenant-synchronization-overview", "provision-on-demand".
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from xtsync_tui.engine.expressions import EvaluationError
from xtsync_tui.engine.mapping import SOFT_DELETED, Change, IgnoredObject, Reference
from xtsync_tui.engine.rules import Rules
from xtsync_tui.engine.values import Record


class User(NamedTuple):
    """One user of the source: the imported record and the facts that decide about entitlement.

    ``record`` is under the directory schema names and holds alternativeSecurityIds ("None" for an internal
    user without SMS sign-in). ``groups`` are the assigned, security-enabled groups with the user as direct
    member. ``nested`` says that only a group inside an assigned one has the user. ``has_role`` is false for
    an assignment with the bare default access. ``member`` is false for guests. ``purged`` users have nothing
    but an id.
    """

    id: str
    record: Record
    direct: bool = False
    groups: Sequence[str] = ()
    nested: bool = False
    has_role: bool = True
    member: bool = True
    deleted: bool = False
    purged: bool = False


class TargetUser(NamedTuple):
    """One user of the target, its record under the target's directory schema names."""

    id: str
    record: Record
    deleted: bool = False


class Target(Protocol):
    """Where the target's users are looked up; nothing is written through it."""

    def get(self, target_id: str) -> TargetUser | None:
        """Return the user with this id, also a soft-deleted one; None when it is gone for good."""

    def find(self, attribute: str, value: str) -> Sequence[TargetUser]:
        """Return the users, not soft-deleted, whose ``attribute`` has ``value``."""


class LinkState(StrEnum):
    """What the service knows of the target user that it linked to a source user."""

    ACTIVE = "active"
    DELETED_WITH_SOURCE = "deleted-with-source"
    DELETED_OUT_OF_SCOPE = "deleted-out-of-scope"
    LEFT = "left"


class Link(NamedTuple):
    """The target user of a source user, cached after the first match or creation."""

    target_id: str
    state: LinkState = LinkState.ACTIVE

    @property
    def deleted(self) -> bool:
        """Whether this service soft-deleted the target user, so that it may restore it."""
        return self.state in {LinkState.DELETED_WITH_SOURCE, LinkState.DELETED_OUT_OF_SCOPE}


Links = Mapping[str, Link]


class Action(StrEnum):
    """What is done to the target user."""

    CREATE = "create"
    UPDATE = "update"
    DISABLE = "disable"
    SOFT_DELETE = "soft-delete"
    RESTORE = "restore"
    HARD_DELETE = "hard-delete"
    NONE = "none"
    SKIP = "skip"
    FAIL = "fail"


REMOVALS = frozenset({Action.DISABLE, Action.SOFT_DELETE, Action.HARD_DELETE})
"""The actions that count against the deletion threshold ("accidental-deletions")."""

EXPORTS = REMOVALS | {Action.CREATE, Action.UPDATE, Action.RESTORE}
"""The actions that write to the target."""


class Reason(StrEnum):
    """Why nothing is written: the service's skip reasons and error codes, and ours where it has no word."""

    NOT_ENTITLED = "NotEffectivelyEntitled"
    REDUNDANT = "RedundantExport"
    INVALID_VALUE = "AttributeValidationFailed"
    UNRESOLVED_REFERENCE = "UnableToResolveReferenceAttributeValue"
    UNSUPPORTED = "EntityTypeNotSupported"
    NO_MATCHING_VALUE = "ImportSkipped"
    DUPLICATE_TARGETS = "DuplicateTargetEntries"
    TARGET_GONE = "InvalidAnchor"
    # Not documented from here on: the service's own words for these are unknown.
    SCOPING_FILTER = "ScopingFilter"
    INPUT_FILTER = "InputFilter"
    BUILTIN_FILTER = "FilterExternalUsers"
    INTERNAL_GUEST = "InternalGuest"
    CANNOT_TELL = "ScopeCannotBeEvaluated"
    IGNORED = "IgnoreObjectFlow"
    ACTION_OFF = "TargetObjectActionOff"
    LEFT_DISABLED = "DisabledBeforeUnassigned"
    DELETED_AT_TARGET = "DeletedAtTarget"


class Gates(NamedTuple):
    """The conditions of the scoping stage. ``filtered`` and ``builtin`` are None when they cannot be told."""

    active: bool
    assigned: bool
    has_role: bool
    builtin: bool | None
    input: bool | None
    filtered: bool | None

    @property
    def entitled(self) -> bool:
        """Whether the assignment gate is passed."""
        return self.assigned and self.has_role


class Decision(NamedTuple):
    """What happens to one user.

    ``changes`` are the old and new values of a write. ``references`` wait for the second pass. ``target_id``
    is the linked or matched target user, ``matched`` tells a fresh match. ``reason`` is set for SKIP, NONE
    and FAIL; ``detail`` is a sentence about it.
    """

    user_id: str
    action: Action
    gates: Gates
    reason: Reason | None = None
    detail: str = ""
    target_id: str | None = None
    matched: bool = False
    changes: Sequence[Change] = ()
    references: Sequence[Reference] = ()
    in_scope: bool = False


INTERNAL_GUESTS = False
"""Whether guests with an account in the source are provisioned. The pages contradict each other: the overview
and the known issues say no, the table of the topology page says yes."""


def gates(rules: Rules, user: User) -> Gates:
    """Evaluate every condition of the scoping stage."""
    record = user.record
    return Gates(
        active=record.get("accountEnabled") == "True" and not user.deleted and not user.purged,
        assigned=rules.sync_all or user.direct or bool(user.groups),
        has_role=rules.sync_all or user.has_role,
        builtin=rules.builtin.judge(record) if user.member or INTERNAL_GUESTS else False,
        input=rules.input_filter.judge(record),
        filtered=rules.scope.judge(record),
    )


def decide(rules: Rules, user: User, links: Links, target: Target) -> Decision:
    """Decide about one user. ``links`` and ``target`` are only read."""
    link = links.get(user.id)
    passed = gates(rules, user)
    if user.purged:
        return _purged(rules, user, passed, link, target)
    reason = outside(rules, user, passed)
    if reason is None:
        return _inside(rules, user, passed, link, target)
    if reason in _DEPROVISIONS and link and link.state is LinkState.ACTIVE:
        return _leaving(rules, user, passed, link, target)
    detail = _missing(user, passed) if reason is Reason.NOT_ENTITLED else ""
    return Decision(user.id, Action.SKIP, passed, reason, detail, link.target_id if link else None)


_DEPROVISIONS = frozenset({Reason.NOT_ENTITLED, Reason.SCOPING_FILTER})


def outside(rules: Rules, user: User, passed: Gates) -> Reason | None:
    """Return why ``user`` is out of scope, None when inside. Whether the user is active is not asked here.

    What only ignores a user comes before what deprovisions: an object that fails inputFilterGroups isn't
    read.
    """
    if not rules.enabled:
        return Reason.UNSUPPORTED
    if passed.builtin is False:
        internal = user.record.get("alternativeSecurityIds") == "None"
        return Reason.INTERNAL_GUEST if internal else Reason.BUILTIN_FILTER
    if passed.input is not True:
        return Reason.INPUT_FILTER if passed.input is False else Reason.CANNOT_TELL
    if not passed.entitled or user.deleted:
        return Reason.NOT_ENTITLED
    if passed.filtered is not True:
        return Reason.SCOPING_FILTER if passed.filtered is False else Reason.CANNOT_TELL
    return None


def _missing(user: User, passed: Gates) -> str:
    if user.deleted:
        return "The user is deleted in the source."
    if not passed.assigned:
        nested = "Only a nested group has the user; direct members count."
        return nested if user.nested else "The user is not assigned."
    return "The assignment has no role of the application." if not passed.has_role else ""


def _inside(rules: Rules, user: User, passed: Gates, link: Link | None, target: Target) -> Decision:
    target_id = link.target_id if link else None
    try:
        found = target.get(link.target_id) if link else None
        if found:
            return _existing(rules, user, passed, found, restorable=link is not None and link.deleted)
        if link is None or link.state is not LinkState.ACTIVE:
            return _unlinked(rules, user, passed, target)
        failed, detail = Reason.TARGET_GONE, "The linked target user no longer exists."
    except EvaluationError as error:
        failed, detail = Reason.INVALID_VALUE, str(error)
    except IgnoredObject as ignored:
        detail = f"It was returned for {ignored}."
        return Decision(user.id, Action.SKIP, passed, Reason.IGNORED, detail, target_id, in_scope=True)
    return Decision(user.id, Action.FAIL, passed, failed, detail, target_id, in_scope=True)


def _unlinked(rules: Rules, user: User, passed: Gates, target: Target) -> Decision:
    key = rules.mapping.matching_value(user.record)
    if key is None:
        return Decision(user.id, Action.SKIP, passed, Reason.NO_MATCHING_VALUE)
    found = target.find(*key)
    if len(found) > 1:
        detail = f"{len(found)} target users have the same {key[0]}."
        return Decision(user.id, Action.FAIL, passed, Reason.DUPLICATE_TARGETS, detail, in_scope=True)
    if found:
        return _existing(rules, user, passed, found[0])._replace(matched=True)
    if not passed.active:
        detail = "The user is disabled and was never provisioned."
        return Decision(user.id, Action.SKIP, passed, Reason.NOT_ENTITLED, detail)
    if not rules.create:
        return Decision(user.id, Action.SKIP, passed, Reason.ACTION_OFF, "Create is off.", in_scope=True)
    return Decision(
        user.id,
        Action.CREATE,
        passed,
        changes=rules.mapping.creation(user.record),
        references=rules.mapping.referenced(user.record),
        in_scope=True,
    )


def _existing(
    rules: Rules, user: User, passed: Gates, found: TargetUser, *, restorable: bool = False
) -> Decision:
    skipped = Decision(user.id, Action.SKIP, passed, target_id=found.id, in_scope=True)
    # Pages contradict each other: the overview restores, the configuration page does not. What this service
    # deleted comes back; what the target's administrator deleted stays.
    if found.deleted and not restorable:
        return skipped._replace(reason=Reason.DELETED_AT_TARGET)
    changes = rules.mapping.update(user.record, found.record)
    references = rules.mapping.referenced(user.record)
    if found.deleted:
        changes.insert(0, Change(SOFT_DELETED, "True", "False"))
        return skipped._replace(action=Action.RESTORE, changes=changes, references=references)
    if not changes:
        return skipped._replace(action=Action.NONE, reason=Reason.REDUNDANT, references=references)
    if not rules.update:
        return skipped._replace(reason=Reason.ACTION_OFF, detail="Update is off.")
    disables = any(change.attribute == "accountEnabled" and change.new == "False" for change in changes)
    action = Action.DISABLE if disables else Action.UPDATE
    return skipped._replace(action=action, changes=changes, references=references)


def _leaving(rules: Rules, user: User, passed: Gates, link: Link, target: Target) -> Decision:
    found = target.get(link.target_id)
    skipped = Decision(user.id, Action.SKIP, passed, target_id=link.target_id)
    if found is None or found.deleted:
        return skipped._replace(reason=Reason.DELETED_AT_TARGET)
    disabled = found.record.get("accountEnabled") == "False" and user.record.get("accountEnabled") == "False"
    if disabled and not user.deleted and not passed.entitled:
        return skipped._replace(reason=Reason.LEFT_DISABLED)
    if not rules.delete:
        return skipped._replace(reason=Reason.ACTION_OFF, detail="Delete is off.")
    return skipped._replace(action=Action.SOFT_DELETE, changes=(Change(SOFT_DELETED, "False", "True"),))


def _purged(rules: Rules, user: User, passed: Gates, link: Link | None, target: Target) -> Decision:
    follows = link is not None and link.state in {LinkState.ACTIVE, LinkState.DELETED_WITH_SOURCE}
    if link is None or not follows or target.get(link.target_id) is None:
        return Decision(user.id, Action.SKIP, passed, Reason.NOT_ENTITLED)
    if not rules.delete:
        return Decision(user.id, Action.SKIP, passed, Reason.ACTION_OFF, "Delete is off.", link.target_id)
    return Decision(user.id, Action.HARD_DELETE, passed, target_id=link.target_id)
