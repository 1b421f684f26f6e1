"""How a configuration is doing, from its settings and its job."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from xtsync_tui.errors import Forbidden
from xtsync_tui.model import Job, JobSetting
from xtsync_tui.model.service import ServicePrincipal
from xtsync_tui.workspace.health import Cycle, Health, State, health, interval

NAMED = ServicePrincipal(id="sp", display_name="Contoso to Fabrikam")
ON = {"SyncNotificationSettings": '{"DeleteThresholdEnabled": true, "DeleteThresholdValue": 10}'}
BEGAN, ENDED = "2026-05-14T12:58:00Z", "2026-05-14T12:58:14Z"
NEVER = "0001-01-01T00:00:00Z"


def job(code: str = "Active", schedule: str = "Active", state: str = "Succeeded", **status: Any) -> Job:
    last = {"state": state, "timeBegan": BEGAN, "timeEnded": ENDED, "countEscrowed": 2}
    return msgspec.convert(
        {
            "id": "job",
            "schedule": {"state": schedule, "interval": "PT40M"},
            "status": {"code": code, "lastExecution": last, **status},
        },
        Job,
    )


def judged(found: Any, secrets: Any = ON) -> Health:
    return health(NAMED, secrets, found)


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (None, State.NO_JOB),
        (Forbidden("SOURCE GET refused"), State.UNKNOWN),
        (job("NotRun", "Disabled"), State.NOT_RUN),
        (job("Active"), State.ACTIVE),
        (job("Paused", "Paused"), State.PAUSED),
        (job("Quarantine"), State.QUARANTINE),
        (job("Quarantine", "Disabled"), State.OFF),
        (job("SomethingNew"), State.UNKNOWN),
    ],
)
def test_the_state_comes_from_status_and_schedule(found: Any, state: State) -> None:
    assert judged(found).state is state


@pytest.mark.parametrize(
    ("state", "good"), [("Succeeded", True), ("EntryLevelErrors", None), ("Failed", False)]
)
def test_the_last_cycle_worked_in_part_when_some_people_failed(state: str, good: bool | None) -> None:
    assert judged(job(state=state)).last == Cycle(datetime(2026, 5, 14, 12, 58, 14, tzinfo=UTC), good)


def test_a_cycle_of_the_year_1_never_was() -> None:
    never = {"timeBegan": NEVER, "timeEnded": NEVER, "countEscrowed": 1}
    found = judged(job("NotRun", lastExecution=never))
    assert (found.last, found.next, found.escrowed) == (None, None, None)


def test_the_next_cycle_follows_the_interval_and_in_quarantine_the_service() -> None:
    assert judged(job()).next == datetime(2026, 5, 14, 13, 38, tzinfo=UTC)
    late = {"nextAttempt": "2026-05-14T18:18:00Z", "reason": "TooManyDeletes"}
    assert judged(job("Quarantine", quarantine=late)).next == datetime(2026, 5, 14, 18, 18, tzinfo=UTC)
    assert judged(job("Paused", "Paused")).next is None


def test_the_threshold_is_the_jobs_own_else_that_of_the_settings() -> None:
    mirrored = JobSetting(name="QuarantineTooManyDeletesThreshold", value="25")
    own = msgspec.structs.replace(job(), synchronization_job_settings=(mirrored,))
    assert judged(own).threshold == 25
    assert judged(job()).threshold == 10
    off = '{"Enabled":true,"DeleteThresholdEnabled":false,"DeleteThresholdValue":10}'
    assert judged(job(), {"SyncNotificationSettings": off}).threshold == 0
    assert judged(job(), Forbidden("SOURCE GET refused")).threshold is None


@pytest.mark.parametrize("said", [None, "", "*", "not json", "{}", '{"Enabled":true}'])
def test_a_threshold_that_graph_does_not_say_is_unknown_never_off(said: str | None) -> None:
    settings = {} if said is None else {"SyncNotificationSettings": said}
    assert judged(job(), settings).threshold is None
    mirrored = JobSetting(name="QuarantineTooManyDeletesThreshold", value="25")
    own = msgspec.structs.replace(job(), synchronization_job_settings=(mirrored,))
    assert judged(own, settings).threshold == 25


def test_unread_settings_leave_the_scope_unknown_and_say_why() -> None:
    refused = Forbidden("SOURCE GET refused")
    found = judged(job(), refused)
    assert (found.everyone, found.failure, found.state) == (None, refused, State.ACTIVE)


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("PT40M", timedelta(minutes=40)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("PT", None),
        ("40 minutes", None),
        (None, None),
    ],
)
def test_an_interval_is_read_as_iso_8601(text: str | None, every: timedelta | None) -> None:
    assert interval(text) == every
