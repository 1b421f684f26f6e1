"""The pair at a glance: what needs attention, in which order, and what cannot be told."""

from dataclasses import replace

import pytest

from tests.workspace.stage import START, Stage, do
from xtsync_tui.emulator.auth import ALL_SCOPES
from xtsync_tui.errors import Cancelled, XtSyncError
from xtsync_tui.graph import configurations
from xtsync_tui.model import Quarantine, Side
from xtsync_tui.workspace.attention import Kind, attention
from xtsync_tui.workspace.day import failing
from xtsync_tui.workspace.health import State
from xtsync_tui.workspace.job.reading import JobReading
from xtsync_tui.workspace.overview import OverviewReading

pytestmark = pytest.mark.anyio

LOGS = ("ProvisioningLog.Read.All", "AuditLog.Read.All", "Directory.Read.All")


async def read(stage: Stage, *, source_token: str = "", target_token: str = "") -> OverviewReading:
    workspace = stage.workspace(source_token=source_token, target_token=target_token)
    return await workspace.overview.read()


def told(reading: OverviewReading) -> list[tuple[Kind, str]]:
    return [(each.kind, each.what) for each in reading.attention]


def less(stage: Stage, tenant: int, *missing: str) -> str:
    """Return a token of the tenant without some permissions."""
    return stage.emulator.issue(stage.emulator.tenants[tenant]["tenantId"], ALL_SCOPES - set(missing))


async def test_what_is_urgent_comes_first_and_names_its_place() -> None:
    reading = await read(Stage("troubled"))
    assert told(reading) == [
        (Kind.HELD, "14 deletions are held"),
        (Kind.HANDSHAKE, "SOURCE does not redeem invitations"),
        (Kind.HANDSHAKE, "TARGET lets nobody invite"),
        (Kind.FAILURE, "2 people fail"),
        (Kind.MISSING, "TARGET has no licence"),
    ]
    held, redeem, invite, fail, licence = reading.attention
    assert held.why == "threshold 10; held since 12:18"
    assert (licence.where, licence.go[0].selection) == ("TARGET Fabrikam", "0")
    assert (held.go[0].mode, redeem.fix[0].selection) == ("job", "source:redeem-out")
    assert invite.fix[0] == fail.fix[0]
    assert reading.open is False


async def test_a_pair_that_is_fine_but_for_two_people_says_so() -> None:
    reading = await read(Stage("configured"))
    assert told(reading) == [(Kind.FAILURE, "2 people fail")]
    assert reading.open is True
    assert reading.unread == 0


async def test_what_is_held_stays_in_sight_when_the_job_is_paused() -> None:
    stage = Stage("troubled")
    workspace = stage.workspace()
    job = await workspace.job.read()
    assert isinstance(job, JobReading)
    await workspace.job.send(workspace.job.actions(job).pause())
    held = (await workspace.overview.read()).attention[0]
    assert (held.what, held.why) == (
        "14 deletions are held",
        "threshold 10; held since 12:18, paused",
    )


async def test_the_parts_are_shown_as_they_come_and_the_slow_log_last() -> None:
    workspace = Stage("troubled").workspace()
    await workspace.setup.read()
    seen: list[OverviewReading] = []
    final = await workspace.overview.read(seen.append)
    first, second = seen
    assert (first.configurations, first.day, first.attention) == (None, None, ())
    assert first.handshake == final.handshake
    assert second.configurations == final.configurations
    assert (second.day, second.attention[0].what) == (None, "deletions are held")
    assert not isinstance(final.day, XtSyncError | None)


async def test_a_wait_that_was_stopped_is_no_matter_of_permissions() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    await workspace.overview.read()
    facts, reading = workspace.setup.facts, workspace.setup.reading
    assert reading is not None
    (log,) = [
        each
        for each in attention(facts, reading, (), Cancelled("Stopped waiting for SOURCE", "GET /auditLogs"))
        if each.kind is Kind.UNKNOWN
    ]
    assert (log.what, log.why, log.go) == ("provisioning log unknown", "the wait for it was stopped", ())


async def test_a_connection_that_failed_leads_to_its_setting_and_once_that_is_right_to_the_restart() -> None:
    stage = Stage("troubled")
    workspace = stage.workspace()
    first = await workspace.overview.read()
    assert not isinstance(first.configurations, XtSyncError | None)
    stay = Quarantine(reason="EncounteredQuarantineException", current_began=START)
    one = replace(first.configurations[0], stay=stay)
    assert workspace.setup.reading is not None
    quarantine = attention(workspace.setup.facts, workspace.setup.reading, (one,), first.day)[0]
    assert quarantine.fix[0].selection == "source:redeem-out"
    stage.contoso.partners[stage.fabrikam.id]["automaticUserConsentSettings"]["outboundAllowed"] = True
    stage.fabrikam.authorization_policy["allowInvitesFrom"] = "everyone"
    facts = await workspace.setup.refresh()
    quarantine = attention(facts, workspace.setup.reading, (one,), first.day)[0]
    assert (quarantine.fix[0].mode, quarantine.fix[0].words) == ("job", "lift it: R")


async def test_the_failures_shown_are_those_of_the_cycle_in_which_they_fail() -> None:
    reading = await read(Stage("troubled"))
    assert not isinstance(reading.day, XtSyncError | None)
    (cycle,) = {row.cycle for row in failing(reading.day.rows)}
    assert reading.attention[3].go[0].selection.endswith(f" state:failed cycle:{cycle}")


async def test_before_the_set_up_it_names_the_next_step() -> None:
    reading = await read(Stage("fresh"))
    assert told(reading) == [(Kind.UNFINISHED, "not set up yet")]
    assert reading.attention[0].go[0].selection == "1"


async def test_a_configuration_without_a_job_goes_on_in_setup() -> None:
    stage = Stage("fresh")
    workspace = stage.workspace()
    await do(workspace, 1, 2, 3, 4, 5)
    reading = await workspace.overview.read()
    assert not isinstance(reading.configurations, XtSyncError | None)
    assert [one.state for one in reading.configurations] == [State.NO_JOB]
    assert (Kind.UNFINISHED, "has no job yet") in told(reading)


async def test_configurations_for_other_tenants_are_listed_with_their_own_health() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    client = workspace.client(Side.SOURCE)
    await client.send(configurations.instantiate("Contoso to Northwind"))
    stage.pass_(60)
    found = (await workspace.overview.read()).configurations
    assert not isinstance(found, XtSyncError | None)
    assert {one.name: one.state for one in found} == {
        "Contoso to Fabrikam": State.ACTIVE,
        "Contoso to Northwind": State.NO_JOB,
    }


async def test_a_threshold_that_is_off_needs_attention() -> None:
    stage = Stage("configured")
    secrets = next(iter(stage.contoso.secrets.values()))
    secrets["SyncNotificationSettings"] = '{"Enabled": true, "DeleteThresholdEnabled": false}'
    assert (Kind.OFF, "deletion threshold is off") in told(await read(stage))


async def test_blocked_collaboration_is_a_shut_handshake() -> None:
    stage = Stage("configured")
    everyone = {"accessType": "blocked", "targets": [{"target": "AllUsers", "targetType": "user"}]}
    stage.fabrikam.default_policy["b2bCollaborationInbound"] = {"usersAndGroups": everyone}
    assert (Kind.HANDSHAKE, "TARGET blocks B2B collaboration") in told(await read(stage))


async def test_what_may_not_be_read_is_unknown_and_never_off() -> None:
    stage = Stage("configured")
    reading = await read(
        stage, target_token=less(stage, 1, "Policy.Read.All", "Policy.ReadWrite.CrossTenantAccess")
    )
    unknown = [each.what for each in reading.attention if each.kind is Kind.UNKNOWN]
    assert unknown == ["access settings unknown", "who may invite unknown", "leave settings unknown"]
    assert reading.open is None
    assert all(each.kind is not Kind.HANDSHAKE for each in reading.attention)


async def test_a_log_that_may_not_be_read_is_said_and_the_rest_is_shown() -> None:
    stage = Stage("configured")
    reading = await read(stage, source_token=less(stage, 0, *LOGS))
    assert isinstance(reading.day, XtSyncError)
    assert "provisioning log unknown" in [each.what for each in reading.attention]
    assert (Kind.FAILURE, "2 people fail") in told(reading)


async def test_looking_again_does_not_ask_who_is_signed_in() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    await workspace.overview.read()
    before = workspace.log.count
    await workspace.overview.read()
    again = [each.request.path for each in list(workspace.log.exchanges)[before:]]
    assert not [path for path in again if path.startswith(("/me", "/organization", "/subscribedSkus"))]
