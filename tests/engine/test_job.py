from datetime import timedelta

import pytest

from tests.engine.world import NOW, make_user
from xtsync_tui.engine.decision import Action, Decision, Link, LinkState, gates
from xtsync_tui.engine.job import (
    PORTAL_RESTART,
    Escrow,
    JobState,
    ResetScope,
    note_link,
    parse_reset_scope,
    restart,
)
from xtsync_tui.engine.quarantine import QuarantineReason, enter
from xtsync_tui.engine.rules import Rules


def used_state() -> JobState:
    return JobState(
        links={"anna": Link("T1")},
        escrows={"bert": Escrow("Timeout", 1, 2)},
        held={"cleo"},
        watermark="7",
        quarantine=enter(None, QuarantineReason.TOO_MANY_DELETES, NOW),
        began=NOW,
    )


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("", PORTAL_RESTART),
        (None, PORTAL_RESTART),
        ("Full", ResetScope.FULL),
        ("Watermark, Escrows", ResetScope.WATERMARK | ResetScope.ESCROWS),
        ("QuarantineState,ForceDeletes", ResetScope.QUARANTINE_STATE | ResetScope.FORCE_DELETES),
        ("forcedeletes", ResetScope.FORCE_DELETES),
        ("None", ResetScope.NONE),
        ("Watermark, Everything", None),
    ],
)
def test_reset_scopes_are_a_comma_list_and_empty_is_the_portals_restart(
    text: str | None, scope: ResetScope | None
) -> None:
    assert parse_reset_scope(text) == scope


def test_full_is_all_four_without_forced_deletes() -> None:
    four = ("ConnectorDataStore", "Escrows", "Watermark", "QuarantineState")
    scope = parse_reset_scope(",".join(four))
    assert scope is not None
    assert int(scope) == int(ResetScope.FULL) == 15
    assert int(ResetScope.FORCE_DELETES) == 32


def test_the_portals_restart_keeps_the_links() -> None:
    state = used_state()
    restart(state)
    assert state.links
    assert state.initial
    assert (state.escrows, state.quarantine) == ({}, None)
    assert state.next_run(NOW) == NOW


@pytest.mark.parametrize(
    ("scope", "kept"),
    [
        (ResetScope.ESCROWS, {"links", "watermark", "quarantine"}),
        (ResetScope.WATERMARK, {"links", "escrows", "quarantine"}),
        (ResetScope.QUARANTINE_STATE, {"links", "escrows", "watermark"}),
        (ResetScope.CONNECTOR_DATA_STORE, {"escrows", "watermark", "quarantine"}),
        (ResetScope.FORCE_DELETES, {"links", "escrows", "watermark"}),
        (ResetScope.FULL, set()),
        (ResetScope.NONE, {"links", "escrows", "watermark", "quarantine"}),
    ],
)
def test_each_reset_scope_forgets_its_own(scope: ResetScope, kept: set[str]) -> None:
    state = used_state()
    restart(state, scope)
    assert {name for name in ("links", "escrows", "watermark", "quarantine") if getattr(state, name)} == kept
    assert state.force_deletes is (scope is ResetScope.FORCE_DELETES)
    assert bool(state.held) is (ResetScope.CONNECTOR_DATA_STORE not in scope)
    assert bool(state.began) is (scope is ResetScope.NONE)


def test_the_next_cycle_starts_40_minutes_after_the_last_one_began() -> None:
    state = JobState()
    assert state.next_run(NOW) == NOW
    state.began = NOW
    assert state.next_run(NOW) == NOW + timedelta(minutes=40)
    assert state.next_run(NOW + timedelta(hours=2)) == NOW + timedelta(hours=2)


def test_in_quarantine_the_next_attempt_counts() -> None:
    assert used_state().next_run(NOW) == NOW + timedelta(hours=6)


@pytest.mark.parametrize(
    ("action", "deleted", "on_demand", "state"),
    [
        (Action.CREATE, False, False, LinkState.ACTIVE),
        (Action.SOFT_DELETE, True, False, LinkState.DELETED_WITH_SOURCE),
        (Action.SOFT_DELETE, False, False, LinkState.DELETED_OUT_OF_SCOPE),
        (Action.SOFT_DELETE, False, True, LinkState.LEFT),
    ],
)
def test_a_decision_carried_out_leaves_its_link(
    rules: Rules, action: Action, deleted: bool, on_demand: bool, state: LinkState
) -> None:
    user = make_user("anna", deleted=deleted)
    links: dict[str, Link] = {}
    note_link(links, user, Decision("anna", action, gates(rules, user)), "T1", on_demand=on_demand)
    assert links == {"anna": Link("T1", state)}


@pytest.fixture
def rules() -> Rules:
    from tests.engine.world import make_rules

    return make_rules()
