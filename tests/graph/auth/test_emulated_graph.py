"""A token of the sign-in service opens the emulated Graph, until it is revoked."""

import ssl

import httpx
import pytest

from tests.graph.auth.conftest import Server
from tests.graph.auth.support import CLIENT, by_device_code
from xtsync_tui.emulator.app import Emulator
from xtsync_tui.emulator.sign_in import with_sign_in
from xtsync_tui.graph.auth.challenge import claims_of
from xtsync_tui.graph.auth.keeper import Keeper
from xtsync_tui.graph.auth.session import TenantSession
from xtsync_tui.graph.clouds import emulated_cloud
from xtsync_tui.model import Side
from xtsync_tui.settings import TenantSettings, Way

pytestmark = pytest.mark.anyio


async def test_signed_in_read_challenged_and_signed_in_again(server: Server, keeper: Keeper) -> None:
    emulator = Emulator()
    moment = [1_800_000_000.0]
    server.app, service = with_sign_in(emulator.app, emulator.world, lambda: moment[0], interval=0)
    cloud = emulated_cloud(server.address, str(server.authority))
    tenant = TenantSettings(tenant="fabrikam.com", client_id=CLIENT, way=Way.DEVICE_CODE)
    session = TenantSession(Side.TARGET, tenant, cloud, keeper, environment={}, now=lambda: moment[0])
    person = service.directory("fabrikam.com").people[0]
    await by_device_code(service, session.sign_in(), person.username)

    async def read() -> httpx.Response:
        trust = ssl.create_default_context(cafile=cloud.authority)
        headers = {"Authorization": f"Bearer {await session.token()}"}
        async with httpx.AsyncClient(verify=trust, trust_env=False) as client:
            return await client.get(f"{cloud.graph}/v1.0/organization", headers=headers)

    answer = await read()
    assert answer.status_code == 200, answer.text
    assert answer.json()["value"][0]["displayName"] == "Fabrikam"

    moment[0] += 1
    service.revoke(person.id)
    refused = await read()
    assert refused.status_code == 401
    claims = claims_of(refused.headers["www-authenticate"])
    assert claims

    moment[0] += 1
    await by_device_code(service, session.sign_in(claims=claims), person.username)
    assert (await read()).status_code == 200


async def test_an_expired_token_is_refused_as_expired() -> None:
    emulator = Emulator()
    moment = [0.0]
    app, service = with_sign_in(emulator.app, emulator.world, lambda: moment[0])
    person = service.directory("contoso.com").people[0]
    form = {"client_id": CLIENT, "scope": "Organization.Read.All"}
    code, attempt = service.begin("contoso.com", form, "device")
    service.approve(attempt, person.username)
    given = service.redeem("contoso.com", {**form, "grant_type": "x", "code": code}, "https://localhost")

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="https://localhost",
        headers={"Authorization": f"Bearer {given['access_token']}"},
    ) as client:
        assert (await client.get("/v1.0/organization")).status_code == 200
        moment[0] = 3600
        late = await client.get("/v1.0/organization")

    assert late.status_code == 401
    assert "expired" in late.json()["error"]["message"]
