import pytest

from tests.engine.world import MemoryTarget, Person, clause, make_rules, make_user
from xtsync_tui.engine.decision import Action, Decision, Link, LinkState, Reason, User, decide, gates, outside
from xtsync_tui.engine.mapping import Change, Reference
from xtsync_tui.engine.on_demand import decide_on_demand
from xtsync_tui.engine.references import decide_references
from xtsync_tui.engine.rules import NoUserMapping, Rules, compile_rules, user_mapping

RULES = make_rules()
ANNA = make_user("anna")


def existing(user: User = ANNA, *, deleted: bool = False, **record: str) -> MemoryTarget:
    """A target that holds what creating ``user`` gives, with other values."""
    values = {change.attribute: change.new for change in RULES.mapping.creation(user.record)}
    return MemoryTarget({"T1": Person({**values, **record}, deleted)})


def told(decision: Decision) -> tuple[Action, Reason | None]:
    return decision.action, decision.reason


LINKED = {"anna": Link("T1")}


def test_a_user_in_scope_without_a_match_is_created() -> None:
    decision = decide(RULES, ANNA, {}, MemoryTarget())
    assert told(decision) == (Action.CREATE, None)
    written = {change.attribute: change.new for change in decision.changes}
    assert written["displayName"] == "Anna"
    assert written["userType"] == "Member"
    assert written["showInAddressList"] == "true"
    assert written["IsSoftDeleted"] == "False"
    assert "city" not in written


@pytest.mark.parametrize(
    ("user", "reason"),
    [
        (ANNA._replace(direct=False), Reason.NOT_ENTITLED),
        (ANNA._replace(direct=False, nested=True), Reason.NOT_ENTITLED),
        (ANNA._replace(has_role=False), Reason.NOT_ENTITLED),
        (make_user("anna", accountEnabled="False"), Reason.NOT_ENTITLED),
        (ANNA._replace(deleted=True), Reason.NOT_ENTITLED),
        (make_user("anna", alternativeSecurityIds="{sms}"), Reason.BUILTIN_FILTER),
        (make_user("anna", alternativeSecurityIds=None), Reason.BUILTIN_FILTER),
        (ANNA._replace(member=False), Reason.INTERNAL_GUEST),
        (make_user("anna", netId=None), Reason.NO_MATCHING_VALUE),
    ],
)
def test_a_user_who_fails_a_gate_is_skipped_with_the_reason(user: User, reason: Reason) -> None:
    decision = decide(RULES, user, {}, MemoryTarget())
    assert told(decision) == (Action.SKIP, reason)
    assert not decision.in_scope


def test_a_direct_member_of_an_assigned_group_is_entitled() -> None:
    user = ANNA._replace(direct=False, groups=("g1",))
    assert decide(RULES, user, {}, MemoryTarget()).action is Action.CREATE


def test_sync_all_opens_the_assignment_gate_and_no_other() -> None:
    rules = make_rules(sync_all=True)
    unassigned = ANNA._replace(direct=False, has_role=False)
    assert decide(rules, unassigned, {}, MemoryTarget()).action is Action.CREATE
    external = make_user("anna", direct=False, alternativeSecurityIds="{external}")
    assert decide(rules, external, {}, MemoryTarget()).reason is Reason.BUILTIN_FILTER


def test_a_scoping_filter_deprovisions_and_an_input_filter_only_ignores() -> None:
    group = clause("department", "EQUALS", "Sales")
    filtered = make_rules(group)
    ignored = make_rules(input_groups=[group])
    assert told(decide(filtered, ANNA, LINKED, existing())) == (Action.SOFT_DELETE, None)
    assert told(decide(ignored, ANNA, LINKED, existing())) == (Action.SKIP, Reason.INPUT_FILTER)
    assert told(decide(filtered, ANNA, {}, MemoryTarget())) == (Action.SKIP, Reason.SCOPING_FILTER)


def test_sms_sign_in_of_a_linked_user_does_not_delete_it() -> None:
    user = make_user("anna", alternativeSecurityIds="{sms}")
    assert told(decide(RULES, user, LINKED, existing())) == (Action.SKIP, Reason.BUILTIN_FILTER)


def test_a_clause_that_cannot_be_told_leaves_a_linked_user_alone() -> None:
    rules = make_rules(clause("department", "Present", "x"))
    assert told(decide(rules, ANNA, LINKED, existing())) == (Action.SKIP, Reason.CANNOT_TELL)


def test_what_only_ignores_wins_over_what_deletes() -> None:
    rules = make_rules(input_groups=[clause("department", "Present", "x")])
    unassigned = ANNA._replace(direct=False)
    assert told(decide(rules, unassigned, LINKED, existing())) == (Action.SKIP, Reason.CANNOT_TELL)


def test_a_skipped_user_is_told_what_is_missing() -> None:
    nested = decide(RULES, ANNA._replace(direct=False, nested=True), {}, MemoryTarget())
    assert "nested group" in nested.detail
    assert "not assigned" in decide(RULES, ANNA._replace(direct=False), {}, MemoryTarget()).detail
    assert "no role" in decide(RULES, ANNA._replace(has_role=False), {}, MemoryTarget()).detail
    assert "deleted" in decide(RULES, ANNA._replace(deleted=True), {}, MemoryTarget()).detail


def test_a_matching_user_of_the_target_is_taken_over_without_its_user_type() -> None:
    decision = decide(RULES, ANNA, {}, existing(displayName="Old", userType="Guest"))
    assert told(decision) == (Action.UPDATE, None)
    assert decision.matched
    assert decision.changes == [Change("displayName", "Old", "Anna")]


def test_equal_values_are_a_redundant_export() -> None:
    assert told(decide(RULES, ANNA, LINKED, existing())) == (Action.NONE, Reason.REDUNDANT)


def test_two_matches_fail() -> None:
    target = existing()
    target.people["T2"] = target.people["T1"]
    assert told(decide(RULES, ANNA, {}, target)) == (Action.FAIL, Reason.DUPLICATE_TARGETS)


def test_a_disabled_user_is_disabled_in_the_target_and_not_deleted() -> None:
    decision = decide(RULES, make_user("anna", accountEnabled="False"), LINKED, existing())
    assert told(decision) == (Action.DISABLE, None)
    assert decision.changes == [Change("accountEnabled", "True", "False")]


def test_enabling_again_is_an_update() -> None:
    decision = decide(RULES, ANNA, LINKED, existing(accountEnabled="False"))
    assert told(decision) == (Action.UPDATE, None)
    assert decision.changes == [Change("accountEnabled", "False", "True")]


@pytest.mark.parametrize("user", [ANNA._replace(direct=False), ANNA._replace(deleted=True)])
def test_who_loses_assignment_or_is_deleted_is_soft_deleted(user: User) -> None:
    decision = decide(RULES, user, LINKED, existing())
    assert told(decision) == (Action.SOFT_DELETE, None)
    assert decision.changes == (Change("IsSoftDeleted", "False", "True"),)


def test_who_was_disabled_before_losing_the_assignment_stays() -> None:
    user = make_user("anna", direct=False, accountEnabled="False")
    target = existing(accountEnabled="False")
    assert told(decide(RULES, user, LINKED, target)) == (Action.SKIP, Reason.LEFT_DISABLED)
    assert decide(RULES, user._replace(deleted=True), LINKED, target).action is Action.SOFT_DELETE
    unsent = existing(accountEnabled="True")
    assert decide(RULES, user, LINKED, unsent).action is Action.SOFT_DELETE


@pytest.mark.parametrize("state", [LinkState.DELETED_WITH_SOURCE, LinkState.DELETED_OUT_OF_SCOPE])
def test_who_comes_back_is_restored_if_the_service_deleted_it(state: LinkState) -> None:
    decision = decide(RULES, ANNA, {"anna": Link("T1", state)}, existing(deleted=True, displayName="Old"))
    assert told(decision) == (Action.RESTORE, None)
    assert decision.changes == [
        Change("IsSoftDeleted", "True", "False"),
        Change("displayName", "Old", "Anna"),
    ]


def test_who_was_deleted_in_the_target_stays_deleted() -> None:
    assert told(decide(RULES, ANNA, LINKED, existing(deleted=True))) == (
        Action.SKIP,
        Reason.DELETED_AT_TARGET,
    )
    leaver = ANNA._replace(direct=False)
    assert told(decide(RULES, leaver, LINKED, existing(deleted=True))) == (
        Action.SKIP,
        Reason.DELETED_AT_TARGET,
    )


def test_a_linked_user_that_is_gone_fails_and_a_purged_deletion_is_created_again() -> None:
    assert told(decide(RULES, ANNA, LINKED, MemoryTarget())) == (Action.FAIL, Reason.TARGET_GONE)
    gone = {"anna": Link("T1", LinkState.DELETED_OUT_OF_SCOPE)}
    assert decide(RULES, ANNA, gone, MemoryTarget()).action is Action.CREATE


PURGED = User("anna", {}, purged=True)


@pytest.mark.parametrize(
    ("state", "action"),
    [
        (LinkState.ACTIVE, Action.HARD_DELETE),
        (LinkState.DELETED_WITH_SOURCE, Action.HARD_DELETE),
        (LinkState.DELETED_OUT_OF_SCOPE, Action.SKIP),
        (LinkState.LEFT, Action.SKIP),
    ],
)
def test_a_purged_user_is_deleted_unless_it_was_no_longer_managed(state: LinkState, action: Action) -> None:
    assert decide(RULES, PURGED, {"anna": Link("T1", state)}, existing()).action is action


@pytest.mark.parametrize(
    ("actions", "user", "links"),
    [
        ("Update,Delete", ANNA, {}),
        ("Add,Delete", make_user("anna", city="Bonn"), LINKED),
        ("Add,Delete", make_user("anna", accountEnabled="False"), LINKED),
        ("Add,Update", ANNA._replace(direct=False), LINKED),
        ("Add,Update", PURGED, LINKED),
    ],
)
def test_a_target_object_action_that_is_off_is_not_done(
    actions: str, user: User, links: dict[str, Link]
) -> None:
    target = existing() if links else MemoryTarget()
    assert told(decide(make_rules(flowTypes=actions), user, links, target)) == (
        Action.SKIP,
        Reason.ACTION_OFF,
    )


def test_a_disabled_object_mapping_does_nothing() -> None:
    rules = make_rules(enabled=False)
    assert told(decide(rules, ANNA, LINKED, existing())) == (Action.SKIP, Reason.UNSUPPORTED)


def broken(expression: str) -> Rules:
    row = {
        "targetAttributeName": "city",
        "source": {"type": "Function", "name": "f", "expression": expression},
    }
    rows = user_mapping(make_schema())[1]["attributeMappings"]
    return make_rules(attributeMappings=[*rows, row])


def make_schema() -> dict[str, object]:
    from xtsync_tui.engine.default_schema import default_schema

    return default_schema("job")


def test_a_value_that_cannot_be_computed_fails_the_user() -> None:
    decision = decide(broken('DateAdd("d", "x", [city])'), make_user("anna", city="Bonn"), {}, MemoryTarget())
    assert told(decision) == (Action.FAIL, Reason.INVALID_VALUE)


def test_an_ignored_object_is_skipped() -> None:
    rules = broken('IIF([city]="Bonn", IgnoreObjectFlow, [city])')
    decision = decide(rules, make_user("anna", city="Bonn"), {}, MemoryTarget())
    assert told(decision) == (Action.SKIP, Reason.IGNORED)


def test_on_demand_nobody_is_restored_disabled_or_followed_into_deletion() -> None:
    deleted = {"anna": Link("T1", LinkState.DELETED_OUT_OF_SCOPE)}
    restored = decide_on_demand(RULES, ANNA, deleted, existing(deleted=True))
    assert told(restored) == (Action.SKIP, Reason.DELETED_AT_TARGET)
    for user in (make_user("anna", accountEnabled="False"), make_user("anna", deleted=True)):
        assert told(decide_on_demand(RULES, user, LINKED, existing())) == (Action.SKIP, Reason.NOT_ENTITLED)
    unassigned = decide_on_demand(RULES, ANNA._replace(direct=False), LINKED, existing())
    assert unassigned.action is Action.SOFT_DELETE


def test_a_manager_is_written_once_both_are_provisioned() -> None:
    reference = [Reference("manager", "bert")]
    links = {"anna": Link("T1"), "bert": Link("T2")}
    decision = decide_references(ANNA, reference, links, existing())
    assert decision.changes == [Change("manager", None, "T2")]
    assert decide_references(ANNA, reference, links, existing(manager="T2")).action is Action.NONE


@pytest.mark.parametrize("links", [LINKED, {**LINKED, "bert": Link("T2", LinkState.DELETED_OUT_OF_SCOPE)}])
def test_a_manager_who_is_not_provisioned_leaves_the_attribute_as_it_is(links: dict[str, Link]) -> None:
    decision = decide_references(ANNA, [Reference("manager", "bert")], links, existing(manager="T9"))
    assert told(decision) == (Action.SKIP, Reason.UNRESOLVED_REFERENCE)


def test_gates_tell_each_condition() -> None:
    passed = gates(RULES, make_user("anna", accountEnabled="False", direct=False))
    assert (passed.active, passed.assigned, passed.entitled, passed.builtin) == (False, False, False, True)
    assert outside(RULES, ANNA, gates(RULES, ANNA)) is None


def test_a_schema_without_a_named_user_mapping_is_refused() -> None:
    from tests.engine.world import CONTEXT

    with pytest.raises(NoUserMapping):
        compile_rules({"synchronizationRules": []}, sync_all=False, context=CONTEXT)
