"""The real azure-identity signs in against a security token service over TLS."""

import re
import socket
import ssl
import traceback
import webbrowser
from collections.abc import Callable
from urllib.parse import urlencode

import httpx
import pytest

from tests.graph.auth.conftest import Sts
from tests.graph.auth.support import ANA, BEN, CLIENT, CONTOSO, FABRIKAM, by_device_code, run_python
from xtsync_tui.emulator.sts import AUTHORIZATION_CODE, DEVICE_CODE
from xtsync_tui.errors import SignInFailed, SignInNeeded
from xtsync_tui.graph.auth.accounts import account_key
from xtsync_tui.graph.auth.blocking import in_thread
from xtsync_tui.graph.auth.keeper import Keeper
from xtsync_tui.graph.auth.scopes import DEFAULT, read_scopes
from xtsync_tui.graph.auth.session import TenantSession
from xtsync_tui.graph.auth.sign_in import SignIn
from xtsync_tui.graph.auth.steps import BrowserAddress, DeviceCode, Failed, SignedIn, Step, Waiting
from xtsync_tui.graph.clouds import CLOUDS, emulated_cloud
from xtsync_tui.model import Side
from xtsync_tui.settings import TenantSettings, Way

pytestmark = pytest.mark.anyio

WRITE = "Policy.ReadWrite.CrossTenantAccess"
SSH = {"SSH_CONNECTION": "10.0.0.9 50000 10.0.0.5 22", "USER": "ana"}


def target(sts: Sts, keeper: Keeper, way: Way = Way.DEVICE_CODE, **environment: str) -> TenantSession:
    tenant = TenantSettings(tenant="fabrikam.com", client_id=CLIENT, way=way)
    return TenantSession(Side.TARGET, tenant, sts.cloud, keeper, port=0, environment=environment)


def source(sts: Sts, keeper: Keeper) -> TenantSession:
    tenant = TenantSettings(tenant=CONTOSO, client_id=CLIENT, way=Way.DEVICE_CODE)
    return TenantSession(Side.SOURCE, tenant, sts.cloud, keeper, port=0, environment={})


class Browser:
    """A person's browser: opens the address, picks the account, follows the way back."""

    def __init__(self, sts: Sts, username: str = BEN.username) -> None:
        trust = ssl.create_default_context(cafile=sts.cloud.authority)
        self._client = httpx.AsyncClient(verify=trust, trust_env=False)
        self._username = username
        self._login = sts.cloud.login

    async def pick(self, address: str) -> httpx.Response:
        page = await self._client.get(address)
        attempt = re.search('name="attempt" value="([^"]+)"', page.text)
        assert attempt, page.text
        return await self._client.post(
            f"{self._login}/signin", content=urlencode({"attempt": attempt[1], "account": self._username})
        )

    async def go_back(self, picked: httpx.Response) -> httpx.Response:
        if picked.is_redirect:
            return await self._client.get(picked.headers["location"])
        action = re.search('action="([^"]+)"', picked.text)
        assert action, picked.text
        fields = dict(re.findall('name="([^"]+)" value="([^"]+)"', picked.text))
        return await self._client.post(action[1], content=urlencode(fields))


async def in_browser(attempt: SignIn, act: Callable[[BrowserAddress], object]) -> list[Step]:
    steps = []
    async for step in attempt.events():
        steps.append(step)
        if isinstance(step, BrowserAddress):
            await act(step)  # type: ignore[misc]
    return steps


async def test_device_code_shows_the_code_and_ends_signed_in(sts: Sts, session: TenantSession) -> None:
    steps = await by_device_code(sts.service, session.sign_in(), BEN.username)

    assert steps[0] == Waiting(Way.DEVICE_CODE)
    assert isinstance(steps[1], DeviceCode)
    assert steps[1].address == f"{sts.cloud.login}/devicelogin"
    assert isinstance(steps[-1], SignedIn)
    assert (steps[-1].account, steps[-1].tenant_id) == (BEN.username, FABRIKAM)
    assert set(steps[-1].scopes) == set(read_scopes(Side.TARGET))
    assert sts.service.state_of(await session.token()) == "valid"


async def test_the_code_is_not_in_the_text_of_its_event(sts: Sts, session: TenantSession) -> None:
    steps = await by_device_code(sts.service, session.sign_in(), BEN.username)

    assert isinstance(steps[1], DeviceCode)
    assert steps[1].code
    assert steps[1].code not in repr(steps)


async def test_a_token_in_hand_is_given_again_without_asking(sts: Sts, session: TenantSession) -> None:
    await by_device_code(sts.service, session.sign_in(), BEN.username)
    first = await session.token()
    given_out = len(sts.service.tokens)

    assert await session.token(("User.Read",)) == first
    assert len(sts.service.tokens) == given_out


async def test_over_ssh_the_address_is_shown_with_the_command_that_forwards_the_port(
    sts: Sts, keeper: Keeper
) -> None:
    session = target(sts, keeper, Way.BROWSER, **SSH)
    browser = Browser(sts)
    pages = []

    async def act(step: BrowserAddress) -> None:
        pages.append(await browser.go_back(await browser.pick(step.address)))

    steps = await in_browser(session.sign_in(), act)

    assert isinstance(steps[1], BrowserAddress)
    assert not steps[1].opened
    assert steps[1].ssh_command == f"ssh -L {steps[1].port}:localhost:{steps[1].port} ana@10.0.0.5"
    assert "Go back to the terminal" in pages[0].text
    assert isinstance(steps[-1], SignedIn)


async def test_on_the_desktop_the_browser_is_opened_and_posts_the_answer(
    sts: Sts, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_browser(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr(webbrowser, "open", open_browser)
    session = target(sts, keeper, Way.BROWSER, DISPLAY=":0", USER="ana")
    browser = Browser(sts)

    async def act(_: BrowserAddress) -> None:
        picked = await browser.pick(opened[0])
        assert not picked.is_redirect, "the code would be in the browser's history"
        await browser.go_back(picked)

    steps = await in_browser(session.sign_in(), act)

    assert isinstance(steps[1], BrowserAddress)
    assert steps[1].opened
    assert isinstance(steps[-1], SignedIn)


async def test_the_address_at_the_end_can_be_pasted_instead(sts: Sts, keeper: Keeper) -> None:
    attempt = target(sts, keeper, Way.BROWSER, **SSH).sign_in()

    async def act(step: BrowserAddress) -> None:
        picked = await Browser(sts).pick(step.address)
        assert not attempt.paste("http://localhost/?code=guess&state=guess")
        assert attempt.paste(f" {picked.headers['location']}\n")

    assert isinstance((await in_browser(attempt, act))[-1], SignedIn)


async def test_an_answer_with_another_state_is_not_taken(sts: Sts, keeper: Keeper) -> None:
    session = target(sts, keeper, Way.BROWSER, **SSH)
    browser = Browser(sts)

    async def act(step: BrowserAddress) -> None:
        async with httpx.AsyncClient(trust_env=False) as stranger:
            forged = await stranger.get(f"http://127.0.0.1:{step.port}/?code=theirs&state=theirs")
        assert forged.status_code == 400
        await browser.go_back(await browser.pick(step.address))

    assert isinstance((await in_browser(session.sign_in(), act))[-1], SignedIn)


async def test_a_port_that_is_taken_is_named_with_the_other_way(sts: Sts, keeper: Keeper) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        tenant = TenantSettings(tenant=FABRIKAM, client_id=CLIENT)
        session = TenantSession(Side.TARGET, tenant, sts.cloud, keeper, port=port, environment=SSH)
        steps = [step async for step in session.sign_in().events()]

    failed = steps[-1]
    assert isinstance(failed, Failed)
    assert failed.error.title == f"Port {port} of this machine is taken"
    assert failed.error.ways == ("device-code",)


async def test_leaving_stops_the_attempt(sts: Sts, session: TenantSession) -> None:
    sts.service.interval = 1
    attempt = session.sign_in()
    events = attempt.events()
    async for step in events:
        if isinstance(step, DeviceCode):
            break
    await events.aclose()  # type: ignore[attr-defined]

    assert attempt.stop.is_set()
    assert session.account == ""


async def test_cancelling_ends_with_an_event(sts: Sts, keeper: Keeper) -> None:
    attempt = target(sts, keeper, Way.BROWSER, **SSH).sign_in()

    async def act(_: BrowserAddress) -> None:
        attempt.cancel()

    assert isinstance((await in_browser(attempt, act))[-1], Failed)


@pytest.mark.parametrize(
    ("number", "title", "ways"),
    [
        (53003, "Device code is blocked in TARGET fabrikam.com", ("browser",)),
        (53000, "TARGET fabrikam.com wants a managed device", ("browser",)),
        (530003, "TARGET fabrikam.com wants a managed device", ("browser",)),
        (50097, "TARGET fabrikam.com wants a managed device", ("browser",)),
        (65001, "TARGET fabrikam.com has not consented to what xtsync asks for", ()),
        (50020, "This account is not in TARGET fabrikam.com", ()),
        (700016, "The application is not in TARGET fabrikam.com", ()),
    ],
)
async def test_a_refusal_says_what_it_means_and_what_helps(
    sts: Sts, session: TenantSession, number: int, title: str, ways: tuple[str, ...]
) -> None:
    sts.service.rules.blocked[FABRIKAM, DEVICE_CODE] = number

    steps = [step async for step in session.sign_in().events()]

    failed = steps[-1]
    assert isinstance(failed, Failed)
    assert failed.error.title == title
    assert failed.error.code == f"AADSTS{number}"
    assert failed.error.ways == ways
    assert len(failed.error.correlation_id) == 36


async def test_a_blocked_device_code_tells_the_command_for_the_browser(sts: Sts, keeper: Keeper) -> None:
    sts.service.rules.blocked[FABRIKAM, DEVICE_CODE] = 53003
    steps = [step async for step in target(sts, keeper, Way.DEVICE_CODE, **SSH).sign_in().events()]

    assert isinstance(steps[-1], Failed)
    assert "ssh -L 0:localhost:0 ana@10.0.0.5" in steps[-1].error.hint


async def test_a_code_that_expires_says_to_ask_for_a_new_one(sts: Sts, session: TenantSession) -> None:
    sts.service.code_lifetime = 0
    steps = [step async for step in session.sign_in().events()]

    assert isinstance(steps[-1], Failed)
    assert steps[-1].error.title == "The code for TARGET fabrikam.com has expired"


async def test_a_tenant_that_is_not_there_is_said_before_anybody_is_asked(sts: Sts, keeper: Keeper) -> None:
    tenant = TenantSettings(tenant="nowhere.example", client_id=CLIENT, way=Way.DEVICE_CODE)
    session = TenantSession(Side.TARGET, tenant, sts.cloud, keeper)
    steps = [step async for step in session.sign_in().events()]

    assert isinstance(steps[-1], Failed)
    assert steps[-1].error.title == "There is no tenant nowhere.example"
    assert not any(isinstance(step, DeviceCode) for step in steps)


async def test_a_token_of_another_tenant_is_refused_before_the_first_call(
    sts: Sts, session: TenantSession
) -> None:
    sts.service.rules.misdirected[FABRIKAM] = CONTOSO

    steps = await by_device_code(sts.service, session.sign_in(), BEN.username)

    assert isinstance(steps[-1], Failed)
    assert steps[-1].error.title == "Signed in to another tenant"
    assert CONTOSO in steps[-1].error.detail
    with pytest.raises(SignInNeeded):
        await session.token()


async def test_a_failed_attempt_leaves_the_running_session_as_it_was(
    sts: Sts, session: TenantSession
) -> None:
    await by_device_code(sts.service, session.sign_in(), BEN.username)
    before = await session.token()
    sts.service.rules.misdirected[FABRIKAM] = CONTOSO
    await by_device_code(sts.service, session.sign_in(), BEN.username)

    assert await session.token() == before


async def test_a_service_that_is_away_is_no_reason_to_sign_in_again(
    sts: Sts, session: TenantSession, keeper: Keeper
) -> None:
    await by_device_code(sts.service, session.sign_in(), BEN.username)
    account = keeper.find(account_key(session.tenant, sts.cloud))
    assert account
    with socket.create_server(("127.0.0.1", 0)) as free:
        away = emulated_cloud(f"https://localhost:{free.getsockname()[1]}")
    keeper.signed_in(account_key(session.tenant, away), account, keeper.tokens(account) or "")

    with pytest.raises(SignInFailed) as failed:
        await TenantSession(Side.TARGET, session.tenant, away, keeper).resume()
    assert failed.value.title == f"{away.login} cannot be reached"


async def test_a_write_scope_that_was_consented_to_comes_silently(sts: Sts, session: TenantSession) -> None:
    await by_device_code(sts.service, session.sign_in(), BEN.username)

    await session.token((WRITE,))

    assert WRITE in session.scopes


async def test_a_write_scope_without_consent_is_asked_for_by_name(sts: Sts, session: TenantSession) -> None:
    consented = sts.service.rules.consented
    consented[FABRIKAM] = set(read_scopes(Side.TARGET))
    await by_device_code(sts.service, session.sign_in(), BEN.username)
    kept = await session.token()

    with pytest.raises(SignInNeeded) as needed:
        await session.token((WRITE,))
    assert needed.value.scopes == (WRITE,)
    assert "has not consented" in needed.value.title
    assert await session.token() == kept, "reading goes on"

    consented[FABRIKAM].add(WRITE)
    await by_device_code(sts.service, session.sign_in(scopes=needed.value.scopes), BEN.username)
    assert set(session.scopes) == {*read_scopes(Side.TARGET), WRITE}


async def test_what_was_consented_to_can_be_taken_as_it_is(sts: Sts, session: TenantSession) -> None:
    sts.service.rules.consented[FABRIKAM] = {"User.Read"}
    await by_device_code(sts.service, session.sign_in(scopes=(DEFAULT,)), BEN.username)

    assert session.scopes == ("User.Read",)


async def test_a_token_near_its_end_is_renewed(sts: Sts, session: TenantSession) -> None:
    sts.service.lifetime = 200
    await by_device_code(sts.service, session.sign_in(), BEN.username)

    assert await session.token() != await session.token()


async def test_a_revoked_session_asks_to_sign_in_again_in_place(sts: Sts, session: TenantSession) -> None:
    await by_device_code(sts.service, session.sign_in(), BEN.username)
    old = await session.token()
    sts.moment[0] += 1
    sts.service.revoke(BEN.id)
    assert sts.service.state_of(old) == "revoked"

    claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'
    with pytest.raises(SignInNeeded) as needed:
        await session.token(claims=claims)
    assert needed.value.claims == claims
    assert sts.journal.found_in("".join(traceback.format_exception(needed.value))) == []
    assert needed.value.title == "The sign-in to TARGET fabrikam.com was revoked"

    sts.moment[0] += 1
    await by_device_code(sts.service, session.sign_in(claims=claims), BEN.username)
    assert sts.service.state_of(await session.token()) == "valid"


async def test_a_claims_challenge_is_met_silently_where_that_is_enough(
    sts: Sts, session: TenantSession
) -> None:
    await by_device_code(sts.service, session.sign_in(), BEN.username)
    old = await session.token()

    new = await session.token(claims='{"access_token":{"nbf":{"essential":true,"value":"1"}}}')

    assert new != old
    assert await session.token() == new


async def test_another_process_signs_in_silently(sts: Sts, session: TenantSession) -> None:
    await by_device_code(sts.service, session.sign_in(), BEN.username)
    program = f"""
import asyncio
from xtsync_tui.graph.auth.keeper import Keeper
from xtsync_tui.graph.auth.session import TenantSession
from xtsync_tui.graph.auth.stores import open_store
from xtsync_tui.graph.clouds import emulated_cloud
from xtsync_tui.model import Side
from xtsync_tui.settings import TenantSettings, Way, state_folder
keeper = Keeper(lambda: open_store("plaintext", state_folder() / "tokens"))
tenant = TenantSettings(tenant="fabrikam.com", client_id={CLIENT!r}, way=Way.DEVICE_CODE)
cloud = emulated_cloud({sts.cloud.login!r}, {sts.cloud.authority!r})
session = TenantSession(Side.TARGET, tenant, cloud, keeper)
assert asyncio.run(session.resume())
print(session.account, session.tenant_id)
"""
    done = await in_thread(lambda: run_python(program))

    assert done.stdout.split() == [BEN.username, FABRIKAM], done.stderr


async def test_signing_out_one_side_leaves_the_other(sts: Sts, keeper: Keeper) -> None:
    left, right = source(sts, keeper), target(sts, keeper)
    await by_device_code(sts.service, left.sign_in(), ANA.username)
    await by_device_code(sts.service, right.sign_in(), BEN.username)

    await left.sign_out()

    assert not await source(sts, keeper).resume()
    assert await target(sts, keeper).resume()
    assert await right.token()


async def test_the_same_tenant_in_another_cloud_is_another_sign_in(
    sts: Sts, session: TenantSession, keeper: Keeper
) -> None:
    await by_device_code(sts.service, session.sign_in(), BEN.username)

    with pytest.raises(SignInNeeded):
        await TenantSession(Side.TARGET, session.tenant, CLOUDS["public"], keeper).token()


async def test_profiles_that_share_a_tenant_share_its_sign_in(sts: Sts, keeper: Keeper) -> None:
    await by_device_code(sts.service, source(sts, keeper).sign_in(), ANA.username)

    assert await source(sts, keeper).resume()


async def test_a_secret_from_the_environment_signs_a_program_in(sts: Sts, keeper: Keeper) -> None:
    sts.service.rules.secrets[CLIENT] = "a secret of the test"
    sts.service.rules.consented[FABRIKAM] = {"Policy.Read.All"}
    session = target(sts, keeper, Way.SECRET, XTSYNC_TARGET_CLIENT_SECRET="a secret of the test")

    assert await session.resume()
    assert session.scopes == ("Policy.Read.All",)
    assert session.tenant_id == FABRIKAM


async def test_a_secret_that_is_not_set_is_named(sts: Sts, keeper: Keeper) -> None:
    steps = [step async for step in target(sts, keeper, Way.SECRET).sign_in().events()]

    assert isinstance(steps[-1], Failed)
    assert steps[-1].error.title == "XTSYNC_TARGET_CLIENT_SECRET is not set"


async def test_a_wrong_secret_is_not_repeated_in_the_message(sts: Sts, keeper: Keeper) -> None:
    sts.service.rules.secrets[CLIENT] = "right"
    session = target(sts, keeper, Way.SECRET, XTSYNC_TARGET_CLIENT_SECRET="wrong-secret-value")
    steps = [step async for step in session.sign_in().events()]

    assert isinstance(steps[-1], Failed)
    assert steps[-1].error.code == "AADSTS7000215"
    assert "wrong-secret-value" not in str(steps[-1].error)


async def test_the_secret_of_another_tenant_is_never_taken(sts: Sts, keeper: Keeper) -> None:
    session = target(sts, keeper, Way.SECRET, AZURE_CLIENT_SECRET="x", AZURE_TENANT_ID=CONTOSO)
    steps = [step async for step in session.sign_in().events()]

    assert isinstance(steps[-1], Failed)
    assert "is not set" in steps[-1].error.title


async def test_the_browser_is_told_which_rule_it_cannot_pass(sts: Sts, keeper: Keeper) -> None:
    sts.service.rules.blocked[FABRIKAM, AUTHORIZATION_CODE] = 53003
    session = target(sts, keeper, Way.BROWSER, **SSH)

    async def act(step: BrowserAddress) -> None:
        state = re.search("state=([^&]+)", step.address)
        assert state
        refusal = {"error": "access_denied", "error_description": "AADSTS53003: no", "state": state[1]}
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.get(f"http://127.0.0.1:{step.port}/", params=refusal)

    steps = await in_browser(session.sign_in(), act)
    assert isinstance(steps[-1], Failed)
    assert steps[-1].error.title == "A Conditional Access rule of TARGET fabrikam.com blocks this sign-in"
