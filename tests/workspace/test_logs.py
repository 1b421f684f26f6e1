"""The logs: rows as one kind of value, what is asked of the server, the timeline, and the repairs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import msgspec
import pytest

from tests.arriving import arrive
from tests.workspace.stage import Stage, sent
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.errors import GraphError, InvalidInput
from xtsync_tui.model import ProvisioningEvent, Side
from xtsync_tui.workspace.logs.asking import ask_of, rest_of, words
from xtsync_tui.workspace.logs.explaining import Way, deleted_by, explain, manager_of, mended_by
from xtsync_tui.workspace.logs.lines import (
    KEPT,
    Ask,
    Line,
    Log,
    LogView,
    Outcome,
    Person,
    merged,
    outcome_of,
    provisioning_line,
)
from xtsync_tui.workspace.logs.reasons import why
from xtsync_tui.workspace.pair import Workspace

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 5, 14, 14, 2, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=30)
DAYS = Ask(timedelta(days=3))
WORDS_OF_AMBIGUOUS = "another user in TARGET has the address"


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


async def test_a_log_does_not_grow_for_ever_and_says_that_older_rows_are_not_all_there() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    old = tuple(line(str(number), -number) for number in range(KEPT))
    view = LogView(Ask(), old, ((Log.PROVISIONING, NOW),))
    stage.pass_(3800)
    arrive(stage.contoso, [NOW + timedelta(seconds=1)])
    kept = await workspace.logs.more(Log.PROVISIONING, view)
    assert (len(kept.lines), kept.lines[0].person, kept.complete) == (KEPT, "New 0", False)


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


def largest_gap(view: LogView) -> timedelta:
    """Return the longest time between two rows that stand below each other."""
    return max(one.at - other.at for one, other in zip(view.lines, view.lines[1:], strict=False))


async def flooded(stage: Stage, rows_: int) -> tuple[Workspace, LogView]:
    """Read the log, stay away for three hours in which so many rows came, and read what came since."""
    workspace = stage.workspace()
    view = await rows(workspace, ask=Ask())
    stage.pass_(3 * 3600)
    now = workspace.now()
    arrive(stage.contoso, (now - timedelta(seconds=2 * number) for number in reversed(range(rows_))))
    return workspace, await workspace.logs.more(Log.PROVISIONING, view)


async def test_after_a_long_absence_the_newest_rows_are_shown_without_a_hole() -> None:
    _, view = await flooded(Stage("configured"), 5000)
    assert (len(view.lines), view.complete) == (2000, False)
    assert largest_gap(view) <= timedelta(seconds=2)


async def test_after_a_short_absence_old_and_new_rows_are_one_list() -> None:
    stage = Stage("configured")
    workspace, view = await flooded(stage, 1000)
    assert view.complete
    assert view.lines == (await workspace.logs.read(Log.PROVISIONING, Ask())).lines


async def test_older_rows_are_read_on_from_the_last_one_until_there_are_no_more() -> None:
    stage = Stage("configured")
    workspace, view = await flooded(stage, 5000)
    seen: list[int] = []
    while not view.complete:
        view = await workspace.logs.older(Log.PROVISIONING, view, seen.append)
    assert len([one for one in view.lines if one.person.startswith("New ")]) == 5000
    assert len({one.id for one in view.lines}) == len(view.lines)
    assert [one.at for one in view.lines] == sorted((one.at for one in view.lines), reverse=True)
    assert seen[:4] == [500, 1000, 1500, 2000]
    assert {one.status for one in workspace.log.exchanges} == {200}


async def test_no_more_than_the_limit_is_sent_in_ten_seconds_whoever_reads() -> None:
    stage = Stage("troubled")
    workspace = stage.workspace()
    await workspace.introduce()
    for _ in range(3):
        await workspace.logs.read(Log.SOURCE_AUDIT, Ask())
        await workspace.overview.read()
        await workspace.job.read()
        await workspace.logs.timeline(Person("Omar Haddad", source_id="somebody"), DAYS)
    assert [one.status for one in workspace.log.exchanges if one.status == 429] == []
    asked = [one.began for one in workspace.log.exchanges if one.request.path.startswith("/auditLogs/")]
    assert all(later - first >= timedelta(seconds=10) for first, later in zip(asked, asked[5:], strict=False))


async def test_the_state_is_asked_of_the_server_in_an_audit_log_too() -> None:
    workspace = Stage("configured").workspace()
    view = await rows(workspace, Log.SOURCE_AUDIT, Ask(timedelta(days=3), Outcome.FAILED))
    assert {one.outcome for one in view.lines} == {Outcome.FAILED}
    asked = unquote(workspace.log.exchanges[-1].request.path)
    assert "(result eq 'failure' or result eq 'timeout')" in asked
    held = await workspace.logs.read(Log.SOURCE_AUDIT, Ask(outcome=Outcome.HELD))
    assert (held.lines, held.complete) == ((), True)


async def test_a_timeline_holds_what_was_changed_at_the_configuration_too() -> None:
    workspace = Stage("troubled").workspace()
    view = await rows(workspace, ask=Ask(outcome=Outcome.HELD))
    person = await workspace.logs.person_of(view.lines[0])
    told = [one.what for one in (await workspace.logs.timeline(person, DAYS)).lines]
    assert "Update attribute mappings or scope" in told
    assert told.index("Update attribute mappings or scope") > told.index("delete, held")


async def test_a_timeline_joins_the_logs_of_both_tenants() -> None:
    workspace = Stage("configured").workspace()
    lena = await row_of(workspace, "Lena Fischer", Outcome.SUCCESS)
    view = await workspace.logs.timeline(await workspace.logs.person_of(lena), DAYS)
    assert {one.log for one in view.lines} == set(Log)
    about = {one.person for one in view.lines}
    assert about == {"Lena Fischer", "Contoso to Fabrikam"}  # the configuration that wrote to her
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


def event(action: str, status: str, code: str = "", **details: str) -> Line:
    return provisioning_line(
        msgspec.convert(
            {
                "id": "1",
                "activityDateTime": "2026-05-14T12:20:00Z",
                "provisioningAction": action,
                "provisioningStatusInfo": {"status": status, "errorInformation": {"errorCode": code}},
                "provisioningSteps": [{"provisioningStepType": "scoping", "details": details}],
                "sourceIdentity": {"id": "ken", "displayName": "Ken Adams (lab)"},
                "targetIdentity": {"id": "there"},
            },
            ProvisioningEvent,
        )
    )


OUTSIDE = {"ScopeEvaluationResult": "{\"Sales.department EQUALS 'Sales'\":false}"}


def test_what_failed_is_told_before_what_it_was_to_be_done_for() -> None:
    found = explain(event("delete", "failure", "InvalidAnchor", **OUTSIDE))
    assert found is not None
    assert (found.title, found.way) == ("The account in TARGET is gone already", Way.NONE)
    assert found.others[0].startswith("A clause is false")


@pytest.mark.parametrize(
    ("code", "way"),
    [
        ("InvitationCreationFailureAmbiguousUser", Way.SCOPE),
        ("UnableToResolveReferenceAttributeValue", Way.MANAGER),
        ("SchemaAttributeNotFound", Way.MAPPINGS),
        ("AzureDirectoryB2BManagementPolicyCheckFailure", Way.STEP),
    ],
)
def test_a_failure_leads_to_what_repairs_this_row(code: str, way: Way) -> None:
    found = explain(event("create", "failure", code))
    assert found is not None
    assert found.way is way


def test_a_person_who_is_out_of_scope_leads_to_the_filters() -> None:
    found = explain(event("other", "skipped", **OUTSIDE, SkipReason="NotEffectivelyEntitled"))
    assert found is not None
    assert (found.title, found.way) == ("Out of scope: a scoping filter", Way.FILTERS)


def test_the_manager_is_known_by_the_id_that_the_row_was_read_with() -> None:
    assert manager_of(event("update", "skipped", manager="boss")) == "boss"
    assert manager_of(event("update", "skipped")) == ""


def test_a_fix_that_was_made_since_is_seen_in_a_later_row() -> None:
    skipped = event("other", "skipped")
    arrived = replace(event("create", "success"), id="2", at=skipped.at + timedelta(hours=1))
    again = replace(arrived, id="3", at=skipped.at + timedelta(hours=2), what="update")
    assert mended_by(skipped, (again, arrived, skipped)) == arrived
    assert mended_by(again, (again, arrived, skipped)) is None


def test_who_deleted_the_account_before_is_found() -> None:
    failed = event("delete", "failure", "InvalidAnchor")
    before = replace(event("delete", "success"), id="2", person="Ken Adams")
    assert deleted_by(failed, (failed, before)) == before
    assert deleted_by(failed, (failed,)) is None


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (event("create", "failure", "InvitationCreationFailureAmbiguousUser"), WORDS_OF_AMBIGUOUS),
        (event("delete", "success", **OUTSIDE), "filter: department is not Sales"),
        (event("other", "skipped", SkipReason="RedundantExport"), "nothing to change"),
        (event("stagedDelete", "skipped"), "delete held: threshold"),
    ],
)
def test_the_reason_of_a_row_is_told_in_a_few_words(row: Line, words: str) -> None:
    assert why(row) == words


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
