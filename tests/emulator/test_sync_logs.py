"""Both logs: what they tell, which questions they answer, and the scenarios with a past."""

import asyncio
from collections import Counter
from datetime import timedelta
from time import perf_counter

import pytest

from tests.emulator.conftest import Seconds, client_of, code, make
from tests.emulator.sync import Pair
from xtsync_tui.emulator.app import Emulator
from xtsync_tui.emulator.job import Job, make_job
from xtsync_tui.emulator.logbook import KEPT, Logbook
from xtsync_tui.emulator.scenarios import connect
from xtsync_tui.emulator.seed import CONTOSO, FABRIKAM
from xtsync_tui.emulator.state import Document
from xtsync_tui.emulator.story import save_settings

pytestmark = pytest.mark.anyio


@pytest.fixture
async def pair() -> Pair:
    pair = Pair()
    await pair.start()
    return pair


async def ask(pair: Pair, path: str, *, target: bool = False) -> list[Document]:
    """Return the rows that a list of Graph has."""
    answer = await (pair.target if target else pair.source).get(path)
    assert answer.status_code == 200, answer.text
    rows: list[Document] = answer.json()["value"]
    return rows


async def test_microsofts_own_filter_works(pair: Pair) -> None:
    principal = pair.principal["id"]
    query = (
        f"/auditLogs/provisioning?$filter=((contains(tolower(servicePrincipal/id), '{principal}') or "
        f"contains(tolower(servicePrincipal/displayName), '{principal}')) and activityDateTime gt 2026-05-14 "
        "and activityDateTime lt 2026-05-15)&$top=500&$orderby=activityDateTime desc"
    )
    rows = await ask(pair, query)
    assert len(rows) == len(pair.rows())
    moments = [row["activityDateTime"] for row in rows]
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize(
    "question",
    [
        "jobId eq '{job}'",
        "cycleId eq '{cycle}'",
        "provisioningStatusInfo/status eq 'failure'",
        "sourceIdentity/id eq '{person}'",
        "provisioningAction eq 'create'",
    ],
)
async def test_the_provisioning_log_filters_by_what_its_rows_have(pair: Pair, question: str) -> None:
    row = pair.rows("nora.quinn")[0]
    text = question.format(job=pair.job_id, cycle=row["cycleId"], person=row["sourceIdentity"]["id"])
    found = await ask(pair, f"/auditLogs/provisioning?$filter={text}")
    assert row["id"] in [r["id"] for r in found]
    assert 0 < len(found) <= len(pair.rows())


async def test_letter_case_counts_in_filters_of_the_log(pair: Pair) -> None:
    assert await ask(pair, "/auditLogs/provisioning?$filter=provisioningStatusInfo/status eq 'Failure'") == []


async def test_without_an_order_the_newest_row_comes_first(pair: Pair) -> None:
    rows = await ask(pair, "/auditLogs/provisioning?$top=3")
    assert rows[0]["id"] == pair.rows()[-1]["id"]


async def test_the_log_pages(pair: Pair) -> None:
    first = (await pair.source.get("/auditLogs/provisioning?$top=50")).json()
    second = (await pair.source.get(first["@odata.nextLink"])).json()
    assert len(first["value"]) == 50
    assert not {r["id"] for r in first["value"]} & {r["id"] for r in second["value"]}


async def test_logs_allow_five_requests_in_ten_seconds_together(pair: Pair) -> None:
    pair.world.limiter.enabled = True
    paths = ["/auditLogs/provisioning", "/auditLogs/directoryAudits"] * 3
    assert [(await pair.source.get(path)).status_code for path in paths] == [*[200] * 5, 429]


async def test_logs_ask_for_scope_and_role(pair: Pair) -> None:
    token = pair.emulator.issue("Contoso", frozenset({"AuditLog.Read.All"}), frozenset())
    async with client_of(pair.emulator, token) as client:
        assert code(await client.get("/auditLogs/provisioning")) == (403, "Authorization_RequestDenied")
    token = pair.emulator.issue("Contoso", frozenset({"AuditLog.Read.All"}))
    async with client_of(pair.emulator, token) as client:
        assert (await client.get("/auditLogs/provisioning")).status_code == 200


async def test_the_source_tells_import_rule_and_export(pair: Pair) -> None:
    rows = await ask(
        pair,
        "/auditLogs/directoryAudits?$filter=loggedByService eq 'Account Provisioning' and "
        f"targetResources/any(t:t/id eq '{pair.home('zoe.mueller')['id']}')",
    )
    assert Counter(row["activityDisplayName"] for row in rows) >= Counter(
        ["Import", "Synchronization rule action", "Export"]
    )
    assert {row["initiatedBy"]["app"]["displayName"] for row in rows} == {"Azure AD Cloud Sync"}
    assert {row["category"] for row in rows} == {"ProvisioningManagement"}


async def test_the_source_tells_who_changed_the_configuration(pair: Pair) -> None:
    rows = await ask(
        pair, "/auditLogs/directoryAudits?$filter=activityDisplayName eq 'Add provisioning configuration'"
    )
    assert rows[0]["initiatedBy"]["user"]["userPrincipalName"] == "ana.lopes@contoso.com"


async def test_the_target_tells_the_story_of_an_invitation(pair: Pair) -> None:
    guest = pair.guest("zoe.mueller")["id"]
    query = f"/auditLogs/directoryAudits?$filter=targetResources/any(t:t/id eq '{guest}')&$top=100"
    rows = (await ask(pair, query, target=True))[::-1]
    assert [row["activityDisplayName"] for row in rows[:6]] == [
        "Invite external user",
        "Add user",
        "Update user",
        "Redeem external user invite",
        "Redeem external user invite",
        "Update user",
    ]
    assert rows[0]["initiatedBy"]["app"]["displayName"] == "Microsoft.Azure.SyncFabric"


async def test_what_comes_minutes_later_is_not_told_before() -> None:
    pair = Pair()
    await pair.create()
    await pair.source.post(f"{pair.path}/start")
    query = "/auditLogs/directoryAudits?$filter=startswith(initiatedBy/app/displayName,'Microsoft Substrate')"
    pair.advance(timedelta(minutes=2))
    assert await ask(pair, query, target=True) == []
    pair.advance(timedelta(minutes=2))
    assert await ask(pair, query, target=True)


def test_a_log_keeps_time_order_and_forgets_its_oldest_rows() -> None:
    log = Logbook()
    for number in [*range(0, KEPT * 2, 2), 1]:
        log.add({"activityDateTime": f"{number:09}"})
    assert [int(row["activityDateTime"]) for row in log[:3]] == [0, 1, 2]
    for number in range(KEPT * 2, KEPT * 3):
        log.add({"activityDateTime": f"{number:09}"})
    assert KEPT <= len(log) <= KEPT * 1.1
    assert int(log[-1]["activityDateTime"]) == KEPT * 3 - 1


# The scenarios with a past


def job_of(emulator: Emulator) -> Job:
    (jobs,) = emulator.world.tenants[CONTOSO].jobs.values()
    (job,) = jobs.values()
    return job


def last(emulator: Emulator, name: str) -> Document:
    rows = emulator.world.tenants[CONTOSO].provisioning_log
    return [row for row in rows if row["sourceIdentity"]["displayName"] == name][-1]


def test_configured_has_lived_through_two_days() -> None:
    emulator = make("configured")
    job = job_of(emulator)
    assert (job.code, job.state.cycles) == ("Active", 73)
    assert job.document()["status"]["lastExecution"]["timeBegan"].startswith("2026-05-14T12:58:00")
    log = emulator.world.tenants[CONTOSO].provisioning_log
    outcomes = {(r["provisioningAction"], r["provisioningStatusInfo"]["status"]) for r in log}
    assert {
        ("create", "success"),
        ("update", "success"),
        ("disable", "success"),
        ("create", "failure"),
    } <= outcomes
    assert last(emulator, "Tom Baker")["provisioningStatusInfo"]["status"] == "skipped"
    assert last(emulator, "Priya Nair")["provisioningStatusInfo"]["status"] == "skipped"
    assert last(emulator, "Lena Fischer")["activityDateTime"] > "2026-05-14T12"
    assert log[-1]["activityDateTime"] < "2026-05-14T13:00:00"


def test_troubled_has_a_job_in_quarantine_with_held_deletions() -> None:
    emulator = make("troubled")
    job = job_of(emulator)
    assert job.code == "Quarantine"
    assert len(job.state.held) > 10
    codes = {
        (row["provisioningStatusInfo"]["errorInformation"] or {}).get("errorCode")
        for row in emulator.world.tenants[CONTOSO].provisioning_log
    }
    assert "AzureActiveDirectoryForbidden" in codes


def test_the_same_seed_tells_the_same_story() -> None:
    first, second = (list(make("configured").world.tenants[CONTOSO].provisioning_log) for _ in range(2))
    assert first == second


# In an application that hosts the emulator


async def test_a_request_finds_the_world_up_to_date(pair: Pair) -> None:
    pair.edit("lena.fischer", jobTitle="Lead")
    pair.world.clock.advance(timedelta(minutes=45))
    for _ in range(20):
        status = await pair.status()
    assert status["lastExecution"]["timeBegan"][11:16] == "13:40"


async def test_a_large_cycle_runs_in_slices() -> None:
    emulator = make("large", 600, Seconds())
    contoso = emulator.world.tenants[CONTOSO]
    job = make_job(emulator.world, contoso, connect(emulator.world))
    save_settings(job, FABRIKAM)
    job.start(emulator.clock.now())
    emulator.clock.advance(timedelta(minutes=39))
    slices = 0
    while emulator.service.work(perf_counter() + 0.004):
        slices += 1
    assert slices > 10
    assert job.code == "Active"


async def test_the_service_can_work_by_itself(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PAUSE", "REST"):
        monkeypatch.setattr(f"xtsync_tui.emulator.service.{name}", 0)
    pair.world.clock.advance(timedelta(minutes=45))
    task = asyncio.create_task(pair.emulator.service.run())
    for _ in range(1000):
        await asyncio.sleep(0)
    assert (pair.job.state.cycles, pair.job.run) == (2, None)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
