"""Steps 11 to 13: one person now, then everybody."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.workspace.on_demand.queues import posts, principal, states
from tests.workspace.stage import Stage, do, sent
from tests.workspace.stage import states as steps
from xtsync_tui.emulator.seed import person
from xtsync_tui.errors import InvalidInput
from xtsync_tui.workspace.journal import Fate
from xtsync_tui.workspace.setup import Mark, PersonAnswers, Principal, ScopeAnswers, StepState
from xtsync_tui.workspace.setup.on_demand import read_answer

pytestmark = pytest.mark.anyio

READY = (2, 3, 4, 5, 6, 7)
NOW = datetime(2026, 5, 14, tzinfo=UTC)


async def test_an_assignment_the_service_has_not_noticed_is_tried_again_and_then_named(stage: Stage) -> None:
    workspace, said = stage.workspace(), list[str]()
    await do(workspace, *READY)
    stage.emulator.world.assignment_delay = timedelta(hours=1)
    priya = person(stage.contoso, "priya.nair")
    who = Principal(priya["id"], "Priya Nair", "User")
    await workspace.setup.do(7, ScopeAnswers(add=(who,)))
    stage.pauses.clear()
    outcome = await workspace.setup.do(11, PersonAnswers(priya["id"], "Priya Nair"), said.append)
    assert not outcome.done
    assert outcome.cause is not None
    assert outcome.cause.title == "Not assigned yet, says the service"
    assert said[0] == "Not assigned yet, says the service. Next try in 5 s"
    assert [seconds for seconds in stage.pauses if seconds in {5.0, 20.0, 40.0}] == [5.0, 20.0, 40.0]
    assert outcome.on_demand is not None
    assert outcome.on_demand.result == "Skipped"
    assert outcome.on_demand.stages[1].mark is Mark.NONE
    assert outcome.on_demand.found is None


async def test_somebody_who_is_not_assigned_at_all_is_not_waited_for(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, *READY)
    stage.pauses.clear()
    priya = person(stage.contoso, "priya.nair")
    outcome = await workspace.setup.do(11, PersonAnswers(priya["id"], "Priya Nair"))
    assert not outcome.done
    assert outcome.cause is not None
    assert outcome.cause.title == "Not assigned"
    assert outcome.cause.repair is not None
    assert stage.pauses == []


async def test_step_11_holds_back_who_lies_in_the_bin_and_leaves_the_queue_of_others_alone(
    stage: Stage,
) -> None:
    workspace = stage.workspace()
    await do(workspace, *READY, 11)
    helen, kim = (principal(stage, name) for name in ("helen.cho", "kim.lee"))
    there = next(user for user in stage.fabrikam.users.values() if user.get("mail") == helen.detail)
    stage.fabrikam.deleted_users[there["id"]] = {
        **stage.fabrikam.users.pop(there["id"]),
        "deletedDateTime": "2026-05-14T12:00:00Z",
    }
    workspace.on_demand.add([kim])
    workspace.on_demand.release({kim.id})
    before = posts(workspace)
    outcome = await workspace.setup.do(11, PersonAnswers(helen.id, helen.name))
    assert not outcome.done
    assert outcome.cause is not None
    assert outcome.cause.title == "Deleted in TARGET, not restored by the service"
    assert posts(workspace) == before
    assert states(workspace.on_demand) == ["Kim Lee: next", "Helen Cho: in the bin"]
    await workspace.setup.do(11, PersonAnswers(helen.id, helen.name, over=True))
    assert posts(workspace) == [*before, helen.id]


async def test_the_second_time_nothing_needs_to_change_and_that_is_done(stage: Stage) -> None:
    workspace = stage.workspace()
    first, second = (await do(workspace, *READY, 11, 11))[-2:]
    assert first.on_demand is not None
    assert first.on_demand.words == "created"
    assert second.done
    assert second.on_demand is not None
    assert second.on_demand.words == "no change needed"
    assert second.on_demand.found == first.on_demand.found


async def test_a_lost_answer_is_found_in_the_log_and_nothing_is_sent_twice(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, *READY)
    stage.trouble("dropped after", "POST", "/provisionOnDemand")
    outcome = (await do(workspace, 11))[0]
    assert outcome.done
    assert outcome.on_demand is not None
    assert outcome.on_demand.note == "It arrived, says the provisioning log. Nothing was sent twice."
    assert outcome.writes[0].entry.fate is Fate.DONE
    assert len(posts(workspace)) == 1


async def test_a_lost_request_ends_as_unknown_with_what_the_target_shows(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, *READY)
    stage.trouble("dropped before", "POST", "/provisionOnDemand")
    outcome = (await do(workspace, 11))[0]
    assert not outcome.done
    assert outcome.writes[0].entry.fate is Fate.UNKNOWN
    assert outcome.cause is not None
    assert outcome.cause.title == "No answer: not known whether it arrived"
    assert "the person is not there" in outcome.cause.detail


async def test_nobody_chosen_names_the_field(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, *READY)
    with pytest.raises(InvalidInput, match="Person"):
        workspace.setup.prepare(11, PersonAnswers(""))


def test_an_answer_nobody_can_read_keeps_its_raw_text() -> None:
    result = read_answer({"key": "x", "value": "not json"}, "Lena", NOW, 1.0, None)
    assert result.result == "Unknown"
    assert '"value": "not json"' in result.raw


async def test_before_somebody_is_in_scope_on_demand_and_start_wait_for_step_7(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, *READY[:-1])
    await workspace.setup.read()
    assert (steps(workspace)[11], steps(workspace)[12]) == ("after step 7", "after step 7")


async def test_the_job_is_started_once(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, *READY, 12)
    before = len(sent(workspace))
    again = (await do(workspace, 12))[0]
    assert again.done
    assert len(sent(workspace)) == before


async def test_everybody_in_scope_arrives_with_the_first_cycle(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, *READY, 12)
    stage.pass_(3600)
    view = await workspace.setup.cycle()
    assert view.code == "Active"
    assert view.people == 1
    assert view.last_state == "Succeeded"
    assert view.rows[0].person
    reading = workspace.setup.reading
    assert reading is not None
    assert reading[13].state is StepState.DONE
    assert reading[11].state is StepState.DONE  # the service's log says that somebody arrived


async def test_a_job_that_never_ran_is_not_shown_as_failed(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, *READY, 12)
    workspace.setup.reading = None
    reading = await workspace.setup.read()
    assert reading[13].state is StepState.DONE
    assert "Failed" not in " ".join(fact.value for fact in reading[13].facts)


async def test_the_log_is_not_asked_more_often_than_it_allows(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, *READY, 12)
    for _ in range(8):
        await workspace.setup.read()
    asked = [one for one in workspace.log.exchanges if one.request.path.startswith("/auditLogs/")]
    assert len(asked) <= 2
    assert not [one for one in workspace.log.exchanges if one.status == 429]
