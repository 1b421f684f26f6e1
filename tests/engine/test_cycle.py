from datetime import timedelta

import pytest

from tests.engine.world import NOW, World, clause, make_rules, make_user
from xtsync_tui.engine import cycle
from xtsync_tui.engine.cycle import CycleResult, Export, Halt, plan, run_cycle
from xtsync_tui.engine.decision import Action, LinkState, Reason
from xtsync_tui.engine.job import ResetScope, restart
from xtsync_tui.engine.quarantine import JobError, QuarantineReason


def world(*names: str, threshold: int | None = None) -> World:
    made = World(make_rules(), threshold=threshold)
    made.source.put(*(make_user(name) for name in names))
    return made


def error_of(code: str, *names: str) -> World:
    made = world("anna", "bert")
    made.target.fails = lambda export: code if export.user.id in names else None
    return made


def test_an_initial_cycle_creates_everybody_and_counts() -> None:
    made = world("anna", "bert", "cleo")
    made.source.put(make_user("dana", direct=False))
    result = made.cycle()
    assert result.initial
    assert result.state == "Succeeded"
    assert made.written == [(name, Action.CREATE) for name in ("anna", "bert", "cleo")]
    counters = result.counters
    assert (counters.imported, counters.imported_deltas) == (4, 0)
    assert (counters.entitled, counters.entitled_for_provisioning) == (3, 3)
    assert (counters.exports, counters.exported, counters.skipped) == (3, 3, 1)
    assert [(step.completed, step.total) for step in made.progress] == [(1, 2), (2, 2)]
    assert sorted(made.state.links) == ["anna", "bert", "cleo"]


def test_an_incremental_cycle_looks_at_what_changed_only() -> None:
    made = world("anna", "bert")
    made.cycle()
    made.source.put(make_user("anna", city="Bonn"))
    result = made.cycle()
    assert not result.initial
    assert made.written == [("anna", Action.UPDATE)]
    assert result.counters.imported_deltas == 1
    assert made.person("anna").record["city"] == "Bonn"


def test_an_edit_in_the_target_is_overwritten_by_the_next_change_in_the_source() -> None:
    made = world("anna")
    made.cycle()
    made.person("anna").record["accountEnabled"] = "False"
    made.cycle()
    assert made.written == []
    made.source.put(make_user("anna", city="Bonn"))
    made.cycle()
    assert made.person("anna").record["accountEnabled"] == "True"


def test_managers_are_linked_in_the_second_pass_whatever_the_order() -> None:
    made = world()
    made.source.put(make_user("anna", manager="bert"), make_user("bert"))
    counters = made.cycle().counters
    assert made.written[-1] == ("anna", Action.UPDATE)
    assert made.person("anna").record["manager"] == made.state.links["bert"].target_id
    assert counters.imported_reference_deltas == 1


def test_an_unchanged_manager_is_no_row_of_its_own() -> None:
    made = world()
    made.source.put(make_user("anna", manager="bert"), make_user("bert"))
    made.cycle()
    made.source.put(make_user("anna", manager="bert", city="Bonn"))
    made.cycle()
    assert made.written == [("anna", Action.UPDATE)]
    assert made.noted == []


def test_a_removed_manager_stays_and_one_who_comes_later_takes_a_restart() -> None:
    made = world()
    made.source.put(make_user("anna", manager="bert"))
    made.cycle()
    assert [row.decision.reason for row in made.noted] == [Reason.UNRESOLVED_REFERENCE]
    made.source.put(make_user("bert"))
    made.cycle()
    assert "manager" not in made.person("anna").record
    restart(made.state)
    made.cycle()
    assert made.person("anna").record["manager"] == made.state.links["bert"].target_id
    made.source.put(make_user("anna"))
    made.cycle()
    assert made.person("anna").record["manager"]


def test_who_leaves_is_soft_deleted_and_who_comes_back_is_restored() -> None:
    made = world("anna")
    made.cycle()
    made.source.put(make_user("anna", direct=False))
    made.cycle()
    assert made.person("anna").deleted
    made.source.put(make_user("anna", city="Bonn"))
    made.cycle()
    assert made.written == [("anna", Action.RESTORE)]
    assert not made.person("anna").deleted
    assert made.state.links["anna"].state is LinkState.ACTIVE


def test_who_was_disabled_and_then_unassigned_is_no_longer_managed() -> None:
    made = world("anna")
    made.cycle()
    made.source.put(make_user("anna", accountEnabled="False"))
    made.cycle()
    made.source.put(make_user("anna", accountEnabled="False", direct=False))
    made.cycle()
    assert made.state.links["anna"].state is LinkState.LEFT
    made.source.put(make_user("anna", accountEnabled="False", deleted=True))
    made.cycle()
    assert made.written == []


def test_a_purged_user_is_deleted_for_good() -> None:
    made = world("anna")
    made.cycle()
    made.source.purge("anna")
    made.cycle()
    assert made.written == [("anna", Action.HARD_DELETE)]
    assert made.state.links == {}


def test_a_purged_user_who_was_unassigned_before_leaves_no_link() -> None:
    made = world("anna")
    made.cycle()
    leave(made, "anna")
    made.cycle()
    made.source.purge("anna")
    made.cycle()
    assert made.written == []
    assert made.state.links == {}


def test_an_initial_cycle_finds_who_was_purged_since_the_last_one() -> None:
    made = world("anna", "bert")
    made.cycle()
    del made.source.users["anna"]
    restart(made.state)
    made.cycle()
    assert made.written == [("anna", Action.HARD_DELETE)]


def test_comparing_those_who_are_linked_lets_the_caller_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycle, "STRETCH", 2)
    made = world("anna", "bert", "cleo", "dora", "emil")
    made.cycle()
    restart(made.state)
    made.cycle()
    assert [(step.completed, step.total) for step in made.progress[-2:]] == [(3, 3), (3, 3)]
    assert len(made.progress) == 3 + 2


def test_a_user_with_two_reasons_to_be_looked_at_is_decided_once() -> None:
    made = world("anna")
    made.cycle()
    made.source.purge("anna")
    made.target.fails = lambda _: "Timeout"
    made.cycle()
    restart(made.state, ResetScope.WATERMARK)
    assert made.cycle().counters.exports == 1


def test_a_user_gone_from_the_target_fails_once_and_is_created_again() -> None:
    made = world("anna")
    made.cycle()
    made.target.people.clear()
    made.source.put(make_user("anna", city="Bonn"))
    assert made.cycle().state == "EntryLevelErrors"
    assert [row.decision.reason for row in made.noted] == [Reason.TARGET_GONE]
    made.cycle()
    assert made.written == [("anna", Action.CREATE)]


def test_a_failed_change_waits_longer_each_time() -> None:
    made = error_of("InternalServerError", "anna")
    result = made.cycle()
    assert result.state == "EntryLevelErrors"
    assert (result.counters.exports, result.counters.exported, result.counters.escrowed) == (2, 1, 1)
    tried = [number for number in range(2, 20) if made.cycle().counters.exports]
    assert tried == [2, 4, 8, 16]
    assert made.state.escrows["anna"].attempts == 5


def test_back_off_ends_at_a_day_and_a_change_in_the_source_ends_it_at_once() -> None:
    made = error_of("InternalServerError", "anna")
    made.state.cycles = 100
    for _ in range(200):
        made.cycle()
    escrow = made.state.escrows["anna"]
    assert escrow.due - made.state.cycles <= 36
    made.source.put(make_user("anna", city="Bonn"))
    made.cycle()
    assert made.state.escrows["anna"].attempts == 1


def test_a_change_that_succeeds_later_leaves_escrow() -> None:
    made = error_of("Timeout", "anna")
    made.cycle()
    made.target.fails = lambda _: None
    result = made.cycle()
    assert made.written == [("anna", Action.CREATE)]
    assert made.state.escrows == {}
    assert result.state == "Succeeded"


def test_a_failed_reference_is_tried_again_and_counted_apart() -> None:
    made = world()
    made.source.put(make_user("anna", manager="bert"), make_user("bert"))
    made.target.fails = lambda e: "Conflict" if e.decision.changes[0].attribute == "manager" else None
    result = made.cycle()
    assert result.counters.references_failed == result.counters.escrowed_raw == 1
    assert made.state.escrows["anna"].reference
    made.target.fails = lambda _: None
    made.cycle()
    assert made.person("anna").record["manager"]
    assert made.state.escrows == {}


def leave(made: World, *names: str) -> None:
    made.source.put(*(make_user(name, direct=False) for name in names))


def tripped() -> tuple[World, CycleResult]:
    made = world("anna", "bert", "cleo", threshold=2)
    made.cycle()
    leave(made, "anna", "bert")
    made.source.put(make_user("cleo", city="Bonn"))
    return made, made.cycle()


def test_as_many_removals_as_the_threshold_are_held_and_updates_go_on() -> None:
    made, result = tripped()
    assert made.written == [("cleo", Action.UPDATE)]
    assert [(row.user.id, row.staged) for row in made.noted] == [("anna", True), ("bert", True)]
    assert result.quarantine is not None
    assert result.quarantine.reason is QuarantineReason.TOO_MANY_DELETES
    assert result.counters.held == 2
    assert not made.person("anna").deleted


def test_fewer_removals_than_the_threshold_are_carried_out() -> None:
    made = world("anna", "bert", threshold=2)
    made.cycle()
    leave(made, "anna")
    assert made.cycle().quarantine is None
    assert made.person("anna").deleted


def test_disabling_counts_as_a_removal() -> None:
    made = world("anna", "bert", threshold=2)
    made.cycle()
    leave(made, "anna")
    made.source.put(make_user("bert", accountEnabled="False"))
    assert made.cycle().counters.held == 2


def test_each_cycle_is_measured_alone() -> None:
    made = world("anna", "bert", threshold=2)
    made.cycle()
    for name in ("anna", "bert"):
        leave(made, name)
        made.cycle()
        assert made.person(name).deleted


def test_forced_deletes_carry_out_what_was_held_and_end_the_quarantine() -> None:
    made, _ = tripped()
    restart(made.state, ResetScope.FORCE_DELETES)
    result = made.cycle()
    assert not result.initial
    assert made.written == [("anna", Action.SOFT_DELETE), ("bert", Action.SOFT_DELETE)]
    assert result.quarantine is None
    assert not made.state.held
    assert not made.state.force_deletes


def test_a_restart_alone_holds_them_again_and_reassigning_heals() -> None:
    made, _ = tripped()
    restart(made.state)
    assert made.cycle().counters.held == 2
    made.source.put(make_user("anna"))
    restart(made.state)
    result = made.cycle()
    assert made.written == [("bert", Action.SOFT_DELETE)]
    assert result.quarantine is None
    assert not made.state.held


def test_held_deletions_are_measured_again_in_the_next_cycle_without_a_restart() -> None:
    made, _ = tripped()
    assert made.cycle().counters.held == 2
    made.source.put(make_user("anna"), make_user("bert"))
    assert made.cycle().quarantine is None
    assert made.written == []


HALT = Halt(JobError("AzureDirectoryB2BManagementPolicyCheckFailure", "Policy not configured."))


def test_a_missing_policy_quarantines_at_once_and_loses_nothing() -> None:
    made = world("anna", "bert")
    made.halt = HALT
    result = made.cycle()
    assert (result.state, result.error) == ("Failed", HALT.error)
    assert result.quarantine is not None
    assert result.quarantine.reason is QuarantineReason.EXCEPTION
    assert made.state.watermark is None
    made.halt = None
    made.cycle()
    assert made.written == [("anna", Action.CREATE), ("bert", Action.CREATE)]
    assert made.state.quarantine is None


def test_escrows_survive_a_halted_cycle() -> None:
    made = error_of("Timeout", "anna")
    made.cycle()
    made.halt = HALT
    made.cycle()
    assert "anna" in made.state.escrows


def test_a_job_is_disabled_after_28_days_in_quarantine() -> None:
    made = error_of("Timeout", "anna")
    made.cycle()
    made.halt = HALT
    made.source.put(make_user("bert", city="Bonn"))
    made.cycle()
    assert made.state.next_run(made.now) is not None
    made.now += timedelta(days=28)
    made.cycle()
    assert made.state.disabled
    assert made.state.escrows == {}
    assert made.state.next_run(made.now) is None


def test_many_failures_quarantine_by_proportion() -> None:
    made = World(make_rules())
    made.source.page = 1000
    made.source.put(*(make_user(f"u{number}") for number in range(5_000)))
    made.target.fails = lambda _: "Conflict"
    result = made.cycle()
    assert result.quarantine is not None
    assert result.quarantine.reason is QuarantineReason.PROPORTION


def test_a_closed_cycle_keeps_what_it_did_and_starts_over() -> None:
    made = world("anna", "bert")
    run = run_cycle(made.rules, made.state, made.source, made.target, now=NOW)
    step = next(run)
    assert isinstance(step, Export)
    run.send(made.target.apply(step))
    run.close()
    assert list(made.state.links) == ["anna"]
    result = made.cycle()
    assert result.initial
    assert made.written == [("bert", Action.CREATE)]


def test_an_export_without_an_answer_is_a_mistake_of_the_caller() -> None:
    made = world("anna")
    run = run_cycle(made.rules, made.state, made.source, made.target, now=NOW)
    next(run)
    with pytest.raises(TypeError):
        next(run)


def test_changing_the_filter_and_restarting_deletes_who_falls_out() -> None:
    made = world("anna")
    made.source.put(make_user("bert", department="Sales"))
    made.cycle()
    made.rules = make_rules(clause("department", "EQUALS", "Sales"))
    restart(made.state)
    made.cycle()
    assert made.written == [("anna", Action.SOFT_DELETE)]


def test_breaking_the_links_matches_again_instead_of_creating() -> None:
    made = world("anna")
    made.cycle()
    restart(made.state, ResetScope.FULL)
    assert made.state.managed == 0
    made.cycle()
    assert made.written == []
    assert made.state.managed == 1


def test_a_plan_decides_one_after_the_other_and_writes_nothing() -> None:
    made = world("anna", "bert")
    planned = plan(made.rules, made.source.users.values(), made.state.links, made.target)
    user, decision = next(planned)
    assert (user.id, decision.action) == ("anna", Action.CREATE)
    assert [user.id for user, _ in planned] == ["bert"]
    assert made.target.people == {}
