"""The logs: rows as one kind of value, what is asked of the server, the timeline, and the repairs."""

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest

from tests.workspace.stage import Stage, sent
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.errors import GraphError, InvalidInput
from xtsync_tui.model import Side
from xtsync_tui.workspace.logs.asking import ask_of, rest_of, words
from xtsync_tui.workspace.logs.lines import KEPT, Ask, Line, Log, LogView, Outcome, merged, outcome_of
from xtsync_tui.workspace.logs.repair import Way, explain
from xtsync_tui.workspace.logs.service import TURNS
from xtsync_tui.workspace.pair import Workspace

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 5, 14, 14, 2, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=30)
DAYS = Ask(timedelta(days=3))


def line(id_: str, seconds: float) -> Line:
    return Line(id_, NOW + timedelta(seconds=seconds), Log.PROVISIONING, "update", Outcome.SUCCESS, "Ana")


@pytest.mark.parametrize(
    ("text", "ask", "rest"),
    [
        ("", Ask(), ""),
        ("since:7d", Ask(timedelta(days=7)), ""),
        ("ana since:30min state:failed", Ask(timedelta(minutes=30), Outcome.FAILED), "ana"),
        ("status:Failure", Ask(outcome=Outcome.FAILED), ""),
        ("state:held lopes", Ask(outcome=Outcome.HELD), "lopes"),
        ("since:yesterday", Ask(), "since:yesterday"),
        ("since:99w", Ask(timedelta(days=30)), ""),
        ("!state:failed", Ask(), "!state:failed"),
        ("cycle:7d3a since:2d", Ask(timedelta(days=2)), "cycle:7d3a"),
    ],
)
def test_range_and_state_go_to_the_server_and_the_rest_stays_here(text: str, ask: Ask, rest: str) -> None:
    assert (ask_of(text), rest_of(text)) == (ask, rest)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (Ask(), "since:24h"),
        (Ask(timedelta(days=7), Outcome.FAILED), "since:7d state:failed"),
        (Ask(timedelta(minutes=30)), "since:30min"),
    ],
)
def test_the_title_says_what_was_asked(ask: Ask, told: str) -> None:
    assert words(ask) == told


@pytest.mark.parametrize("status", ["success", "Success", "SUCCESS"])
def test_results_are_read_in_any_letter_case(status: str) -> None:
    assert outcome_of(status) is Outcome.SUCCESS


def test_a_result_nobody_documented_is_not_taken_for_a_success() -> None:
    assert outcome_of("unknownFutureValue") is Outcome.UNKNOWN
    assert outcome_of(None) is Outcome.UNKNOWN


def test_new_rows_come_on_top_and_late_ones_find_their_place() -> None:
    old = (line("c", 3), line("a", 1))
    assert [one.id for one in merged([line("d", 4), line("c", 3)], old, LONG_AGO)] == ["d", "c", "a"]
    assert [one.id for one in merged([line("b", 2)], old, LONG_AGO)] == ["c", "b", "a"]


def test_rows_older_than_what_was_asked_for_go() -> None:
    assert [one.id for one in merged([line("b", 2)], (line("a", 1),), NOW + timedelta(seconds=2))] == ["b"]


def test_a_log_does_not_grow_for_ever() -> None:
    old = tuple(line(str(number), -number) for number in range(KEPT))
    kept = merged([line("new", 1)], old, LONG_AGO)
    assert (len(kept), kept[0].id, kept[-1].id) == (KEPT, "new", str(KEPT - 2))


async def rows(workspace: Workspace, log: Log = Log.PROVISIONING, ask: Ask = DAYS) -> LogView:
    await workspace.introduce()
    return await workspace.logs.read(log, ask)


async def row_of(workspace: Workspace, person: str, outcome: Outcome) -> Line:
    view = await rows(workspace)
    return next(one for one in view.lines if one.person == person and one.outcome is outcome)


async def test_the_provisioning_log_is_read_newest_first() -> None:
    view = await rows(Stage("configured").workspace())
    assert [one.at for one in view.lines] == sorted((one.at for one in view.lines), reverse=True)
    assert (view.lines[0].person, view.lines[0].code) == ("Tom Baker", "NotEffectivelyEntitled")
    assert view.complete


async def test_the_state_is_asked_of_the_server() -> None:
    workspace = Stage("configured").workspace()
    view = await rows(workspace, ask=Ask(timedelta(days=3), Outcome.FAILED))
    assert {one.outcome for one in view.lines} == {Outcome.FAILED}
    assert "provisioningStatusInfo/status eq 'failure'" in unquote(workspace.log.exchanges[-1].request.path)


async def test_held_deletions_are_asked_for_by_their_action() -> None:
    view = await rows(Stage("troubled").workspace(), ask=Ask(outcome=Outcome.HELD))
    assert len(view.lines) == 14
    assert {one.what for one in view.lines} == {"delete, held"}


async def test_the_audit_log_of_target_names_the_person_there_and_who_did_it() -> None:
    view = await rows(Stage("configured").workspace(), Log.TARGET_AUDIT)
    newest = view.lines[0]
    assert (newest.person, newest.by, newest.person_id) == ("Lena Fischer", "Microsoft.Azure.SyncFabric", "")
    assert newest.target_id


async def test_looking_again_asks_only_for_what_came_since() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    view = await rows(workspace)
    stage.pass_(60)
    again = await workspace.logs.more(Log.PROVISIONING, view)
    assert again.lines == view.lines
    assert "activityDateTime gt 2026-05-14T12:13:09Z" in unquote(workspace.log.exchanges[-1].request.path)


async def test_no_more_than_the_limit_is_sent_in_ten_seconds() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    await workspace.introduce()
    for _ in range(3 * TURNS):
        await workspace.logs.read(Log.SOURCE_AUDIT, Ask())
    assert [one.status for one in workspace.log.exchanges if one.status == 429] == []
    assert stage.seconds >= 20


async def test_a_timeline_joins_the_logs_of_both_tenants() -> None:
    workspace = Stage("configured").workspace()
    lena = await row_of(workspace, "Lena Fischer", Outcome.SUCCESS)
    view = await workspace.logs.timeline(await workspace.logs.person_of(lena), DAYS)
    assert {one.log for one in view.lines} == set(Log)
    assert {one.person for one in view.lines} == {"Lena Fischer"}
    assert not {"Import", "Export"} & {one.what for one in view.lines}
    assert view.gaps == ()


async def test_a_timeline_can_begin_at_a_row_of_target() -> None:
    workspace = Stage("configured").workspace()
    view = await rows(workspace, Log.TARGET_AUDIT)
    person = await workspace.logs.person_of(view.lines[0])
    assert person.source_id
    joined = await workspace.logs.timeline(person, DAYS)
    assert {one.log for one in joined.lines} == set(Log)


async def test_a_tenant_that_cannot_be_read_leaves_its_gap_named() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    lena = await row_of(workspace, "Lena Fischer", Outcome.SUCCESS)
    person = await workspace.logs.person_of(lena)
    fault = Fault("unavailable", "GET", "directoryAudits", tenant=stage.fabrikam.id, times=99)
    stage.emulator.world.faults.add(fault)
    view = await workspace.logs.timeline(person, DAYS)
    assert [gap.log for gap in view.gaps] == [Log.TARGET_AUDIT]
    assert {one.log for one in view.lines} == {Log.PROVISIONING, Log.SOURCE_AUDIT}


async def test_when_no_log_can_be_read_the_reason_stands_in_place_of_the_rows() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    await workspace.introduce()
    stage.trouble("unavailable", "GET", "/auditLogs/", times=99)
    with pytest.raises(GraphError):
        await workspace.logs.read(Log.PROVISIONING, Ask())


@pytest.mark.parametrize(
    ("person", "outcome", "title", "way"),
    [
        ("Tom Baker", Outcome.SKIPPED, "Skipped: SMS sign-in is on", Way.SMS),
        ("Priya Nair", Outcome.SKIPPED, "Not assigned", Way.ASSIGN),
        ("Emil Novák", Outcome.FAILED, "TARGET lets nobody invite", Way.STEP),
    ],
)
async def test_a_row_is_explained_with_its_repair(
    person: str, outcome: Outcome, title: str, way: Way
) -> None:
    found = explain(await row_of(Stage("configured").workspace(), person, outcome))
    assert found is not None
    assert (found.title, found.way) == (title, way)


async def test_a_success_needs_no_explanation() -> None:
    assert explain(await row_of(Stage("configured").workspace(), "Lena Fischer", Outcome.SUCCESS)) is None


async def test_the_repair_of_sms_sign_in_takes_it_from_this_person_only() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    tom = await row_of(workspace, "Tom Baker", Outcome.SKIPPED)
    cause = await workspace.logs.repair(tom)
    (planned,) = cause.fix
    assert planned.side is Side.SOURCE
    assert tom.person_id in planned.request.path
    await workspace.writer.send_all(cause.fix)
    with pytest.raises(InvalidInput, match="off already"):
        await workspace.logs.repair(tom)


async def test_the_repair_of_a_missing_assignment_assigns_the_person() -> None:
    workspace = Stage("configured").workspace()
    priya = await row_of(workspace, "Priya Nair", Outcome.SKIPPED)
    cause = await workspace.logs.repair(priya)
    written = await workspace.writer.send_all(cause.fix)
    assert [one.done for one in written] == [True]
    assert [one.request.body["principalId"] for one in sent(workspace)] == [priya.person_id]


async def test_a_row_that_no_request_repairs_says_so() -> None:
    workspace = Stage("configured").workspace()
    nora = await row_of(workspace, "Nora Quinn", Outcome.FAILED)
    with pytest.raises(InvalidInput):
        await workspace.logs.repair(nora)
