import json
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from tests.emulator.conftest import Seconds, client_of, code, make
from xtsync_tui.emulator.app import Emulator, all_routes
from xtsync_tui.emulator.auth import SECURITY_ADMINISTRATOR
from xtsync_tui.emulator.clock import Clock, fine_stamp, stamp
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.emulator.seed import CONTOSO, FABRIKAM

pytestmark = pytest.mark.anyio

PARTNERS = "/policies/crossTenantAccessPolicy/partners"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic token1"])
async def test_no_answer_without_a_token(emulator: Emulator, header: str) -> None:
    async with httpx.AsyncClient(transport=emulator.transport(), base_url="http://emulator") as client:
        response = await client.get("/v1.0/me", headers={"Authorization": header} if header else {})
    assert code(response) == (401, "InvalidAuthenticationToken")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_the_token_chooses_the_tenant(contoso: httpx.AsyncClient, fabrikam: httpx.AsyncClient) -> None:
    mine, theirs = [await client.get("/organization") for client in (contoso, fabrikam)]
    assert mine.json()["value"][0]["id"] == CONTOSO
    assert theirs.json()["value"][0]["id"] == FABRIKAM


def test_tokens_are_new_each_time_and_ids_are_not() -> None:
    first, second = Emulator(), Emulator()
    assert first.tenants[0]["token"] != second.tenants[0]["token"]
    assert list(first.world.tenants[CONTOSO].users) == list(second.world.tenants[CONTOSO].users)
    assert list(first.world.tenants[CONTOSO].users) != list(Emulator(seed=2).world.tenants[CONTOSO].users)


async def test_every_answer_names_the_request_and_the_emulated_time(
    emulator: Emulator, contoso: httpx.AsyncClient
) -> None:
    emulator.clock.advance(timedelta(hours=1))
    response = await contoso.get("/me", headers={"client-request-id": "mine"})
    assert response.headers["client-request-id"] == "mine"
    assert len(response.headers["request-id"]) == 36
    assert response.headers["date"] == "Thu, 14 May 2026 14:00:00 GMT"


@pytest.mark.parametrize(
    ("path", "units"),
    [
        ("/users", "2"),
        ("/users?$select=id", "1"),
        ("/users?$select=id&$expand=manager&$top=999", "2"),
        ("/users?$top=5&$select=id", "1"),
        ("/groups", "1"),
        ("/subscribedSkus", "3"),
        ("/me/transitiveMemberOf/microsoft.graph.directoryRole", "2"),
        ("/auditLogs/directoryAudits", None),
        ("/users/ana.lopes@contoso.com/authentication/phoneMethods", None),
    ],
)
async def test_a_directory_call_tells_what_it_cost(
    contoso: httpx.AsyncClient, path: str, units: str | None
) -> None:
    assert (await contoso.get(path)).headers.get("x-ms-resource-unit") == units


async def test_a_refusal_has_the_body_that_graph_documents(contoso: httpx.AsyncClient) -> None:
    response = await contoso.get("/users/nobody", headers={"client-request-id": "mine"})
    assert response.status_code == 404
    error = response.json()["error"]
    assert error["code"] == "Request_ResourceNotFound"
    assert "Resource 'nobody' does not exist" in error["message"]
    assert error["innerError"] == {
        "date": "2026-05-14T13:00:00",
        "request-id": response.headers["request-id"],
        "client-request-id": "mine",
    }


@pytest.mark.parametrize("version", ["v1.0", "beta"])
async def test_both_versions_answer(contoso: httpx.AsyncClient, version: str) -> None:
    response = await contoso.get(f"http://emulator/{version}/me")
    assert (
        response.json()["@odata.context"] == f"https://graph.microsoft.com/{version}/$metadata#users/$entity"
    )


async def test_another_version_is_refused(contoso: httpx.AsyncClient) -> None:
    assert code(await contoso.get("http://emulator/v2.0/me")) == (400, "BadRequest")


async def test_the_leave_setting_is_known_to_beta_only(fabrikam: httpx.AsyncClient) -> None:
    assert code(await fabrikam.get("/policies/externalIdentitiesPolicy")) == (400, "BadRequest")


@pytest.mark.parametrize(
    "path",
    [
        "/users/me-token-to-replace",
        "/me/",
        "/ME",
        "/users/ana.lopes@contoso.com",
        "/users('ana.lopes@contoso.com')",
        "/me?%24select=userPrincipalName",
        "/me?select=userPrincipalName",
    ],
)
async def test_each_spelling_of_the_sdk_is_understood(contoso: httpx.AsyncClient, path: str) -> None:
    assert (await contoso.get(path)).json()["userPrincipalName"] == "ana.lopes@contoso.com"


@pytest.mark.parametrize("cast", ["graph.directoryRole", "microsoft.graph.directoryRole"])
async def test_a_cast_may_leave_out_the_namespace(contoso: httpx.AsyncClient, cast: str) -> None:
    rows = (await contoso.get(f"/me/transitiveMemberOf/{cast}")).json()["value"]
    assert "Security Administrator" in [row["displayName"] for row in rows]


@pytest.mark.parametrize("prefix", ["", "graph.", "microsoft.graph."])
async def test_a_function_may_be_qualified(contoso: httpx.AsyncClient, prefix: str) -> None:
    call = f"/tenantRelationships/{prefix}findTenantInformationByDomainName(domainName='fabrikam.com')"
    assert (await contoso.get(call)).json()["displayName"] == "Fabrikam"


async def test_an_unknown_path_and_a_wrong_method_are_refused(contoso: httpx.AsyncClient) -> None:
    response = await contoso.get("/users/x/nonsense")
    assert code(response) == (400, "BadRequest")
    assert "segment 'nonsense'" in response.json()["error"]["message"]
    assert code(await contoso.delete("/organization")) == (405, "Request_BadRequest")


async def test_a_body_that_is_no_json_is_refused(contoso: httpx.AsyncClient) -> None:
    assert code(await contoso.post(PARTNERS, content=b"{")) == (400, "BadRequest")
    assert code(await contoso.post(PARTNERS, json=[1])) == (400, "Request_BadRequest")


async def test_a_token_without_the_scope_is_refused(as_user: Callable[..., httpx.AsyncClient]) -> None:
    async with as_user("Contoso", "User.Read Policy.Read.All") as client:
        assert (await client.get("/me")).status_code == 200
        assert (await client.get(PARTNERS)).status_code == 200
        assert code(await client.get("/users")) == (403, "Authorization_RequestDenied")
        assert code(await client.post(PARTNERS, json={"tenantId": FABRIKAM})) == (
            403,
            "Authorization_RequestDenied",
        )


async def test_a_person_without_the_role_is_refused(as_user: Callable[..., httpx.AsyncClient]) -> None:
    scopes = "Policy.Read.All Policy.ReadWrite.CrossTenantAccess"
    async with as_user("Contoso", scopes, frozenset()) as client:
        assert code(await client.get(PARTNERS)) == (403, "Authorization_RequestDenied")
    async with as_user("Contoso", scopes, frozenset({SECURITY_ADMINISTRATOR})) as client:
        assert (await client.get(PARTNERS)).status_code == 200


def test_every_route_asks_for_a_scope() -> None:
    free = {route.template for route in all_routes() if not route.access.scopes}
    assert free == {"/$batch"}


async def test_a_batch_answers_each_member_with_its_own_status(contoso: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    requests = [
        {"id": "1", "method": "GET", "url": "/me?$select=id"},
        {"id": "2", "method": "GET", "url": "users/nobody"},
        {"id": "3", "method": "GET", "url": "/me", "dependsOn": ["2"]},
        {"id": "4", "method": "POST", "url": PARTNERS, "headers": headers, "body": {"tenantId": FABRIKAM}},
        {"id": "5", "method": "DELETE", "url": f"{PARTNERS}/{FABRIKAM}", "dependsOn": ["4"]},
    ]
    response = await contoso.post("/$batch", json={"requests": requests})
    found = {member["id"]: member for member in response.json()["responses"]}
    assert {key: member["status"] for key, member in found.items()} == {
        "1": 200,
        "2": 404,
        "3": 424,
        "4": 201,
        "5": 204,
    }
    assert found["2"]["body"]["error"]["code"] == "Request_ResourceNotFound"
    assert "body" not in found["5"]


@pytest.mark.parametrize(
    "requests",
    [
        None,
        [{"id": str(number), "method": "GET", "url": "/me"} for number in range(21)],
        [{"id": "1", "method": "GET", "url": "/me"}] * 2,
        [{"id": "1", "method": "GET"}],
        [{"id": "1", "method": "GET", "url": "/me", "dependsOn": ["2"]}],
    ],
)
async def test_a_malformed_batch_is_refused_whole(contoso: httpx.AsyncClient, requests: object) -> None:
    assert code(await contoso.post("/$batch", json={"requests": requests})) == (400, "BadRequest")


async def test_a_throttled_request_says_when_to_come_back_or_not(
    emulator: Emulator, contoso: httpx.AsyncClient
) -> None:
    emulator.world.faults.add(Fault("throttled", seconds=2.128))
    emulator.world.faults.add(Fault("throttled"))
    first, second, third = [await contoso.get("/me") for _ in range(3)]
    assert code(first) == code(second) == (429, "TooManyRequests")
    assert first.headers["retry-after"] == "2.128"
    assert "retry-after" not in second.headers
    assert first.json()["error"]["innerError"]["status"] == "429"
    assert third.status_code == 200


async def test_a_fault_hits_only_the_requests_it_is_for(
    emulator: Emulator, contoso: httpx.AsyncClient
) -> None:
    emulator.world.faults.add(Fault("unavailable", "get", "/groups", CONTOSO, times=2))
    assert (await contoso.get("/users")).status_code == 200
    assert [(await contoso.get("/groups")).status_code for _ in range(3)] == [503, 503, 200]


async def test_a_connection_dropped_before_the_write_wrote_nothing(
    emulator: Emulator, contoso: httpx.AsyncClient
) -> None:
    emulator.world.faults.add(Fault("dropped before", "POST"))
    with pytest.raises(httpx.RemoteProtocolError):
        await contoso.post(PARTNERS, json={"tenantId": FABRIKAM})
    assert (await contoso.get(PARTNERS)).json()["value"] == []


async def test_a_connection_dropped_after_the_write_wrote_it(
    emulator: Emulator, contoso: httpx.AsyncClient
) -> None:
    emulator.world.faults.add(Fault("dropped after", "POST"))
    with pytest.raises(httpx.RemoteProtocolError):
        await contoso.post(PARTNERS, json={"tenantId": FABRIKAM})
    assert len((await contoso.get(PARTNERS)).json()["value"]) == 1


async def test_a_slow_answer_comes_when_it_is_let_go(emulator: Emulator, contoso: httpx.AsyncClient) -> None:
    import asyncio

    release = asyncio.Event()
    emulator.world.faults.add(Fault("slow", release=release))
    answer = asyncio.ensure_future(contoso.get("/me"))
    await asyncio.wait([answer], timeout=0.01)
    assert not answer.done()
    release.set()
    assert (await answer).status_code == 200


async def test_reports_are_limited_in_real_time_per_tenant(
    emulator: Emulator, contoso: httpx.AsyncClient, seconds: Seconds
) -> None:
    user = next(iter(emulator.world.tenants[CONTOSO].phone_methods))
    path = f"/users/{user}/authentication/phoneMethods"
    assert [(await contoso.get(path)).status_code for _ in range(6)] == [200] * 5 + [429]
    emulator.clock.advance(timedelta(hours=1))
    assert (await contoso.get(path)).status_code == 429
    seconds.value = 10.5
    assert (await contoso.get(path)).status_code == 200


async def test_work_in_the_background_catches_up_before_an_answer(
    emulator: Emulator, contoso: httpx.AsyncClient
) -> None:
    async def rename() -> None:
        emulator.world.tenants[CONTOSO].name = "Renamed"

    emulator.world.background.append(rename)
    assert (await contoso.get("/organization")).json()["value"][0]["displayName"] == "Renamed"


def test_the_clock_runs_at_its_speed_and_can_be_moved(seconds: Seconds, emulator: Emulator) -> None:
    clock = Clock(emulator.clock.now(), 60, seconds)
    seconds.value = 40
    clock.advance(timedelta(hours=1))
    assert stamp(clock.now()) == "2026-05-14T14:40:00Z"
    assert fine_stamp(clock.now()) == "2026-05-14T14:40:00.0000000Z"
    assert clock.real() == 40


def test_an_unknown_scenario_is_no_emulator() -> None:
    with pytest.raises(LookupError, match="fresh"):
        make("nonsense")


async def test_markup_and_escapes_travel_as_they_are() -> None:
    emulator = make("hostile")
    async with client_of(emulator, emulator.tenants[0]["token"]) as client:
        text = (await client.get("/users")).text
    names = {name for row in json.loads(text)["value"] for name in (row["displayName"], row["surname"])}
    assert "\x1b" not in text
    assert any("\x1b]52;" in name for name in names)
    assert any("[/b]" in name for name in names)
    assert any(len(name) == 10_000 for name in names)
