"""The job: what a reading says, the cycles that were seen, who is held, and what is written."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.workspace.stage import START, Stage, sent
from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import (
    Exchange,
    Execution,
    Job,
    JobSchedule,
    JobStatus,
    Progress,
    ProvisioningEvent,
    Quarantine,
)
from xtsync_tui.model.logs import LogIdentity, LogStep
from xtsync_tui.workspace.health import State
from xtsync_tui.workspace.job.actions import RESTARTS
from xtsync_tui.workspace.job.cycles import History, cycle_of
from xtsync_tui.workspace.job.held import held_people
from xtsync_tui.workspace.job.reading import (
    IDLE,
    QUARANTINED,
    RUNNING,
    Cycle,
    HeldReading,
    JobReading,
    NoJob,
    There,
    bars,
    begins_soon,
    later_attempts,
    next_cycle,
    pace,
    running,
    switched_off,
)
from xtsync_tui.workspace.journal import Journal
from xtsync_tui.workspace.logs.reasons import failed_clause, leaving
from xtsync_tui.workspace.pair import Workspace

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 5, 14, 14, 2, tzinfo=UTC)
NEVER = datetime(1, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def execution(began: datetime, **more: Any) -> Execution:
    return Execution(
        activity_identifier="one", state="Succeeded", time_began=began, time_ended=began + MINUTE, **more
    )


def job(status: JobStatus, schedule: str = "Active") -> Job:
    return Job(id="job", schedule=JobSchedule(interval="PT40M", state=schedule), status=status)


def reading(status: JobStatus, schedule: str = "Active", **more: Any) -> JobReading:
    return JobReading("Contoso to Fabrikam", "sp", job(status, schedule), NOW, **more)


def pages(done: int, total: int, seen: datetime = NOW) -> tuple[Progress, ...]:
    return (Progress(completed_units=done, total_units=total, progress_observation_date_time=seen),)


RUN = JobStatus(
    code="Active",
    last_execution=execution(NOW - 44 * MINUTE),
    progress=pages(8, 13),
)
REST = JobStatus(code="Active", last_execution=execution(NOW - 4 * MINUTE), progress=pages(1, 1))
HELD = JobStatus(
    code="Quarantine",
    last_execution=execution(NOW - 41 * MINUTE),
    quarantine=Quarantine(
        reason="TooManyDeletes",
        series_began=NOW - 41 * MINUTE,
        current_began=NOW - 41 * MINUTE,
        next_attempt=NOW + timedelta(hours=5, minutes=19),
    ),
)


def written(workspace: Workspace) -> list[Exchange]:
    """Return what was sent to change something; a batch of readings is no such thing."""
    return [one for one in sent(workspace) if "$batch" not in one.request.path]


def test_progress_counts_pages_and_the_estimate_follows_the_pace() -> None:
    now = running(reading(RUN))
    assert now is not None
    assert (now.done, now.total, now.began, now.exact) == (8, 13, NOW - 4 * MINUTE, False)
    assert now.left == pytest.approx(240 / 8 * 5)


def test_a_cycle_whose_pages_are_all_done_still_writes_references() -> None:
    ending = replace_status(RUN, progress=pages(13, 13))
    now = running(reading(ending, asked=NOW - 2 * MINUTE))
    assert now is not None
    assert (now.done, now.total, now.began) == (13, 13, NOW - 2 * MINUTE)
    assert not begins_soon(reading(ending, asked=NOW - 2 * MINUTE))
    assert running(reading(ending)) is not None
    ended = replace_status(ending, last_execution=execution(NOW - MINUTE))
    assert running(reading(ended)) is None


def test_pages_that_were_seen_before_a_cycle_was_asked_for_are_those_of_the_one_before() -> None:
    seen = replace_status(REST, progress=pages(13, 13, NOW - MINUTE))
    assert running(reading(seen, asked=NOW)) is None
    assert begins_soon(reading(seen, asked=NOW))


def test_one_page_is_no_pace() -> None:
    now = running(reading(replace_status(RUN, progress=pages(1, 13))))
    assert now is not None
    assert now.left is None


def replace_status(status: JobStatus, **more: Any) -> JobStatus:
    return msgspec.structs.replace(status, **more)


def test_progress_from_before_the_last_cycle_ended_is_not_a_running_cycle() -> None:
    old = replace_status(RUN, progress=pages(8, 13, NOW - 44 * MINUTE))
    assert running(reading(old)) is None


def test_a_restart_from_here_dates_the_running_cycle_exactly() -> None:
    now = running(reading(RUN, asked=NOW - MINUTE))
    assert now is not None
    assert (now.began, now.exact) == (NOW - MINUTE, True)


def test_the_made_up_failure_of_a_fresh_job_is_no_cycle() -> None:
    dummy = Execution(state="Failed", time_began=NEVER, time_ended=NEVER)
    fresh = reading(JobStatus(code="NotRun", last_execution=dummy))
    assert fresh.last is None
    assert fresh.state is State.FIRST
    assert cycle_of(dummy) is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (REST, NOW + 36 * MINUTE),
        (RUN, NOW + 36 * MINUTE),
        (HELD, NOW + timedelta(hours=5, minutes=19)),
        (JobStatus(code="Paused", last_execution=execution(NOW)), None),
    ],
)
def test_the_next_cycle_is_told(status: JobStatus, expected: datetime | None) -> None:
    assert next_cycle(reading(status)) == expected


@pytest.mark.parametrize(
    ("shown", "seconds"),
    [
        (reading(RUN), RUNNING),
        (reading(REST), IDLE),
        (reading(HELD), QUARANTINED),
        (reading(REST, asked=NOW), RUNNING),
        (replace(reading(REST), read_at=NOW + 35 * MINUTE + timedelta(seconds=40)), 20.0),
        (replace(reading(REST), read_at=NOW + 37 * MINUTE), RUNNING),
        (NoJob("", 5, NOW), IDLE),
        (None, IDLE),
    ],
)
def test_it_looks_often_only_while_something_happens(
    shown: JobReading | NoJob | None, seconds: float
) -> None:
    assert pace(shown) == seconds


def test_a_paused_job_has_no_cycle_to_come_even_when_one_was_asked_for() -> None:
    paused = reading(JobStatus(code="Paused", last_execution=execution(NOW - MINUTE)), "Paused", asked=NOW)
    assert not begins_soon(paused)


def test_later_attempts_are_those_of_the_documentation_until_it_is_switched_off() -> None:
    quarantine = reading(HELD).quarantine
    assert quarantine is not None
    assert quarantine.series_began is not None
    hours = [(one - quarantine.series_began) / timedelta(hours=1) for one in later_attempts(quarantine)]
    assert hours == [12, 24, 48, 72]
    assert switched_off(quarantine) == quarantine.series_began + timedelta(days=28)


def test_the_chart_keeps_nobody_and_not_known_apart() -> None:
    cycles = tuple(
        Cycle(str(index), NOW - index * MINUTE, NOW, "Succeeded", written=written)
        for index, written in enumerate((8, 0, None, 1))
    )
    assert bars(cycles) == "▁? █"


def test_cycles_survive_the_end_of_the_program(tmp_path: Path) -> None:
    cycle = Cycle("one", NOW, NOW + MINUTE, "Succeeded", written=3)
    journal = Journal(tmp_path / "journal.db", "demo", "pair")
    History(journal, "job").keep([replace(cycle, created=1, updated=2)], NOW)
    History(journal, "job").keep([cycle], NOW)
    journal.close()
    again = Journal(tmp_path / "journal.db", "demo", "pair")
    assert History(again, "job").cycles() == (replace(cycle, created=1, updated=2),)
    assert History(again, "other job").cycles() == ()
    again.close()


def staged(person: str, at: datetime, **details: str) -> ProvisioningEvent:
    step = LogStep(provisioning_step_type="scoping", details=dict(details))
    return ProvisioningEvent(
        id=f"{person} {at}",
        activity_date_time=at,
        provisioning_action="stagedDelete",
        source_identity=LogIdentity(id=person, display_name=person),
        target_identity=LogIdentity(id=f"there {person}"),
        provisioning_steps=(step,),
    )


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ({"Assigned to the application": "False"}, ("no longer assigned", 7)),
        (
            {"ScopeEvaluationResult": "{\"Germany.country EQUALS 'DE'\":false}"},
            ("filter: country is not DE", 8),
        ),
        (
            {
                "country": "Japan",
                "ScopeEvaluationResult": '{"A.b": true, "Germany.country EQUALS \'DE\'":false}',
            },
            ("filter: country is Japan, not DE", 8),
        ),
        (
            {"mail": "ana@x.com", "ScopeEvaluationResult": "{\"Mail.mail REGEX MATCH '.*@y.com'\":false}"},
            ("filter: mail is ana@x.com; mail REGEX MATCH '.*@y.com'", 8),
        ),
        (
            {
                "alternativeSecurityIds": "1",
                "ScopeEvaluationResult": (
                    "{\"Filter external users.alternativeSecurityIds EQUALS 'None'\":false}"
                ),
            },
            ("SMS sign-in is on", 8),
        ),
        ({"IsSoftDeleted": "True", "objectId": "1"}, ("deleted in SOURCE", 0)),
        ({"Active in the source system": "False"}, ("disabled in SOURCE", 0)),
    ],
)
def test_why_somebody_would_be_deleted(details: dict[str, str], expected: tuple[str, int]) -> None:
    assert leaving(staged("ana", NOW, **details)) == expected


def test_a_clause_that_cannot_be_read_is_shown_as_it_is() -> None:
    assert failed_clause("{not json") == "{not json"


def test_somebody_who_is_held_in_two_cycles_is_listed_once_with_the_newest_reason() -> None:
    rows = [
        staged("Ana", NOW, **{"Assigned to the application": "False"}),
        staged("Ana", NOW - MINUTE, **{"Active in the source system": "False"}),
    ]
    (ana,) = held_people(rows)
    assert (ana.name, ana.why, ana.target_id) == ("Ana", "no longer assigned", "there Ana")


async def test_the_demo_job_is_read_with_its_cycles_counted_in_the_log() -> None:
    shown = await Stage("configured").workspace().job.read()
    assert isinstance(shown, JobReading)
    assert (shown.state, shown.threshold, shown.users) == (State.ACTIVE, 10, 26)
    assert [(one.state, one.written, one.updated) for one in shown.cycles] == [
        ("EntryLevelErrors", 0, 0),
        ("EntryLevelErrors", 1, 1),
    ]
    assert shown.held is None


async def test_without_a_configuration_the_next_step_is_named() -> None:
    assert await Stage().workspace().job.read() == NoJob("", 5, START)


async def test_a_started_cycle_is_seen_running_and_then_done() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    shown = await workspace.job.read()
    assert isinstance(shown, JobReading)
    (done,) = await workspace.job.send(workspace.job.actions(shown).restart(RESTARTS[2]))
    assert done.done
    stage.pass_(25)
    shown = await workspace.job.read()
    assert isinstance(shown, JobReading)
    now = running(shown)
    assert now is not None
    assert now.began == START
    assert 0 < now.done < now.total
    stage.pass_(300)
    after = await workspace.job.read()
    assert isinstance(after, JobReading)
    assert running(after) is None
    assert len(after.cycles) == 3


async def test_who_is_held_comes_with_reason_state_in_target_and_what_happened_before() -> None:
    shown = await Stage("troubled").workspace().job.read()
    assert isinstance(shown, JobReading)
    assert isinstance(shown.held, HeldReading)
    people = {one.name: one for one in shown.held.people}
    assert len(people) == 14
    assert people["Omar Haddad"].why == "filter: country is not Germany"
    assert people["Sam Osei"].why == "filter: country is Ghana, not Germany"
    assert people["Rosa Diaz"].there is There.BIN
    assert people["Sam Osei"].there is There.DISABLED
    assert [(one.who, one.what) for one in shown.held.suspects or ()] == [
        ("ana.lopes@contoso.com", "Update attribute mappings or scope")
    ]


async def test_a_target_that_cannot_be_read_leaves_its_column_untold() -> None:
    stage = Stage("troubled")
    stage.trouble("unavailable", "POST", "$batch", times=99)
    shown = await stage.workspace().job.read()
    assert isinstance(shown, JobReading)
    assert {one.there for one in shown.held_people} == {There.UNKNOWN}


async def test_allowing_deletes_sends_force_deletes_alone_and_the_people_go() -> None:
    stage = Stage("troubled")
    workspace = stage.workspace()
    shown = await workspace.job.read()
    assert isinstance(shown, JobReading)
    stage.contoso.partners[stage.fabrikam.id]["automaticUserConsentSettings"]["outboundAllowed"] = True
    before = len(stage.fabrikam.users)
    await workspace.job.allow_deletes(shown)
    assert [one.request.body for one in written(workspace)] == [{"criteria": {"resetScope": "ForceDeletes"}}]
    stage.pass_(600)
    assert before - len(stage.fabrikam.users) == len(shown.held_people) - 1  # one was in the bin already


async def test_allowing_stops_when_somebody_else_is_held_by_now() -> None:
    workspace = Stage("troubled").workspace()
    shown = await workspace.job.read()
    assert isinstance(shown, JobReading)
    assert isinstance(shown.held, HeldReading)
    fewer = replace(shown, held=replace(shown.held, people=shown.held.people[1:]))
    with pytest.raises(InvalidInput, match="changed"):
        await workspace.job.allow_deletes(fewer)
    assert written(workspace) == []


async def test_pause_and_start_are_found_after_a_lost_answer_and_undo_each_other() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    shown = await workspace.job.read()
    assert isinstance(shown, JobReading)
    stage.trouble("dropped after", "POST", "/pause")
    (paused,) = await workspace.job.send(workspace.job.actions(shown).pause())
    assert paused.done
    (back,) = workspace.journal.undo(paused.entry)
    assert back.request.path.endswith("/start")
    after = await workspace.job.read()
    assert isinstance(after, JobReading)
    assert after.state is State.PAUSED


def test_the_restarts_begin_with_the_least_and_only_the_one_that_breaks_links_is_typed() -> None:
    assert [kind.scopes for kind in RESTARTS] == [
        ("QuarantineState",),
        ("Escrows",),
        ("Watermark",),
        (),
        ("Full",),
    ]
    assert [kind.id for kind in RESTARTS if kind.typed] == ["full"]
