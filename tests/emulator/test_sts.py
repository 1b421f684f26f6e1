"""The security token service beside the emulated Graph, as any OAuth client sees it."""

import base64
import hashlib
import random
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from xtsync_tui.emulator.sts import AUTHORIZATION_CODE, DEVICE_CODE, REFRESH_TOKEN, TokenService
from xtsync_tui.emulator.sts_pages import SignInPages
from xtsync_tui.emulator.sts_values import Directory, Person

pytestmark = pytest.mark.anyio

CLIENT = "11111111-2222-4333-8444-555555555555"
TENANT = "2c9d61e8-0f4b-4a7c-8e35-61b7c4f0e9d7"
BEN = Person("b0000000-0000-4000-8000-000000000002", "ben@fabrikam.com", "<b>Ben</b>")
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
BACK = "http://localhost:8400"


class Client:
    """An OAuth client that speaks to a service of its own."""

    def __init__(self, key: bytes = b"") -> None:
        self.moment = 1_800_000_000.0
        people = [Directory(TENANT, "Fabrikam", ("fabrikam.com",), (BEN,))]
        dice = random.Random(1)  # noqa: S311 - the same codes each time
        self.service = TokenService(people, lambda _: None, lambda: self.moment, dice, key=key)
        app = Starlette(routes=SignInPages(self.service).routes())
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://localhost")

    async def post(self, path: str, **form: str) -> httpx.Response:
        return await self.http.post(path, content=urlencode(form))

    async def token(self, grant: str, **form: str) -> httpx.Response:
        return await self.post(f"/{TENANT}/oauth2/v2.0/token", client_id=CLIENT, grant_type=grant, **form)

    async def device_code(self) -> dict[str, str]:
        answer = await self.post(f"/{TENANT}/oauth2/v2.0/devicecode", client_id=CLIENT, scope="User.Read")
        return dict(answer.json())

    async def authorize(self, **changes: str) -> httpx.Response:
        query = {
            "client_id": CLIENT, "scope": "User.Read", "state": "s", "redirect_uri": BACK,
            "code_challenge": CHALLENGE, "code_challenge_method": "S256",
        }  # fmt: skip
        return await self.http.get(f"/{TENANT}/oauth2/v2.0/authorize", params=query | changes)

    async def code(self) -> str:
        attempt = re.search('name="attempt" value="([^"]+)"', (await self.authorize()).text)
        assert attempt
        back = await self.post("/signin", attempt=attempt[1], account=BEN.username)
        return parse_qs(urlsplit(back.headers["location"]).query)["code"][0]


async def test_a_device_code_waits_until_somebody_enters_it() -> None:
    client = Client()
    begun = await client.device_code()
    waiting = await client.token(DEVICE_CODE, device_code=begun["device_code"])
    assert waiting.json()["error"] == "authorization_pending"

    await client.post("/devicelogin", code=begun["user_code"].lower(), account=BEN.username)
    given = await client.token(DEVICE_CODE, device_code=begun["device_code"])
    assert client.service.state_of(given.json()["access_token"]) == "valid"

    again = await client.token(DEVICE_CODE, device_code=begun["device_code"])
    assert again.json()["error"] == "invalid_grant", "a code is good once"


async def test_a_person_can_decline() -> None:
    client = Client()
    begun = await client.device_code()
    await client.post("/devicelogin", code=begun["user_code"], account="")

    refused = (await client.token(DEVICE_CODE, device_code=begun["device_code"])).json()
    assert (refused["error"], refused["error_codes"]) == ("authorization_declined", [65004])


async def test_a_device_code_ends() -> None:
    client = Client()
    begun = await client.device_code()
    client.moment += client.service.code_lifetime

    refused = await client.token(DEVICE_CODE, device_code=begun["device_code"])
    assert refused.json()["error"] == "expired_token"
    page = await client.post("/devicelogin", code=begun["user_code"])
    assert "not known, or has expired" in page.text


async def test_an_authorization_code_is_good_only_with_its_verifier() -> None:
    client = Client()
    for verifier, status in (("another", 400), (VERIFIER, 200)):
        answer = await client.token(
            AUTHORIZATION_CODE, code=await client.code(), redirect_uri=BACK, code_verifier=verifier
        )
        assert answer.status_code == status


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "http://evil.example/"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
    ],
)
async def test_a_page_leads_only_to_the_loopback_and_only_with_pkce(changes: dict[str, str]) -> None:
    assert (await Client().authorize(**changes)).status_code == 400


async def test_a_refresh_token_of_another_application_is_refused() -> None:
    client = Client()
    begun = await client.device_code()
    await client.post("/devicelogin", code=begun["user_code"], account=BEN.username)
    given = (await client.token(DEVICE_CODE, device_code=begun["device_code"])).json()

    renewed = await client.token(REFRESH_TOKEN, refresh_token=given["refresh_token"], scope="User.Read")
    assert renewed.status_code == 200
    stolen = await client.post(
        f"/{TENANT}/oauth2/v2.0/token",
        client_id="another",
        grant_type=REFRESH_TOKEN,
        refresh_token=given["refresh_token"],
    )
    assert stolen.json()["error"] == "invalid_grant"


async def test_names_are_text_on_the_pages() -> None:
    page = (await Client().authorize(scope="<script>")).text
    assert "<b>Ben</b>" not in page
    assert "<script>" not in page


async def test_an_unknown_tenant_and_a_person_of_elsewhere_are_refused() -> None:
    client = Client()
    unknown = await client.http.get("/nowhere.example/v2.0/.well-known/openid-configuration")
    assert unknown.json()["error_codes"] == [90002]

    begun = await client.device_code()
    elsewhere = await client.post("/devicelogin", code=begun["user_code"], account="ana@contoso.com")
    assert elsewhere.json()["error_codes"] == [50020]


async def signed_in(client: Client, scope: str = "User.Read") -> str:
    """Return the refresh token of a person who agreed to ``scope``."""
    answer = await client.post(f"/{TENANT}/oauth2/v2.0/devicecode", client_id=CLIENT, scope=scope)
    begun = answer.json()
    await client.post("/devicelogin", code=begun["user_code"], account=BEN.username)
    given = await client.token(DEVICE_CODE, device_code=begun["device_code"])
    return str(given.json()["refresh_token"])


async def test_a_refresh_is_good_after_a_restart_with_the_same_key_only() -> None:
    first, restarted, other = Client(b"k" * 32), Client(b"k" * 32), Client(b"x" * 32)
    kept = await signed_in(first)
    for client, status in ((restarted, 200), (other, 400)):
        answer = await client.token(REFRESH_TOKEN, refresh_token=kept, scope="User.Read")
        assert answer.status_code == status
    again = await restarted.token(REFRESH_TOKEN, refresh_token=kept, scope="User.Read")
    access = again.json()["access_token"]
    assert (await restarted.token(REFRESH_TOKEN, refresh_token=access)).status_code == 400


async def test_a_refresh_gives_no_more_than_the_person_agreed_to() -> None:
    client = Client()
    client.service.rules.asks = True
    kept, both = await signed_in(client), "User.Read Policy.Read.All"
    assert (await client.token(REFRESH_TOKEN, refresh_token=kept, scope="User.Read")).status_code == 200
    refused = await client.token(REFRESH_TOKEN, refresh_token=kept, scope=both)
    assert refused.json()["error_codes"] == [65001]
    agreed = await signed_in(client, both)
    assert (await client.token(REFRESH_TOKEN, refresh_token=agreed, scope=both)).status_code == 200
