"""The profiles as the first page reads them."""

import pytest

from tests.graph.auth.support import CLIENT, CONTOSO
from xtsync_tui.errors import InvalidInput
from xtsync_tui.graph.auth.accounts import Account, account_key
from xtsync_tui.graph.auth.pair import open_keeper
from xtsync_tui.graph.clouds import CLOUDS
from xtsync_tui.model import Side
from xtsync_tui.settings import Profile, Settings, TenantSettings, load_profiles
from xtsync_tui.workspace.profiles import Profiles

pytestmark = pytest.mark.anyio

SETTINGS = Settings(token_store="memory")
PROD = Profile(
    name="prod",
    source=TenantSettings(tenant="contoso.com", client_id=CLIENT),
    target=TenantSettings(tenant="fabrikam.com", client_id=CLIENT),
)


def profiles() -> Profiles:
    keeper = open_keeper(SETTINGS)
    account = Account(
        cloud="public", tenant_id=CONTOSO, client_id=CLIENT, home_account_id="x", username="ana@contoso.com"
    )
    keeper.signed_in(account_key(PROD.source, CLOUDS["public"]), account, "{}")
    return Profiles(lambda _: None, lambda: keeper, SETTINGS)  # type: ignore[arg-type, return-value]


def test_the_demo_comes_first_and_is_in_no_file() -> None:
    assert [row.name for row in profiles().rows()] == ["demo"]
    profiles().add(PROD)
    assert [row.name for row in profiles().rows()] == ["demo", "prod"]
    assert list(load_profiles()) == ["prod"]


def test_a_cloud_that_is_not_known_is_refused() -> None:
    with pytest.raises(InvalidInput):
        profiles().add(
            Profile(name="x", source=PROD.source, target=PROD.target, cloud="https://evil.example")
        )
    assert not load_profiles()


async def test_signing_out_of_one_side_forgets_only_that_one() -> None:
    ours = profiles()
    assert ours.accounts(PROD) == {Side.SOURCE: "ana@contoso.com", Side.TARGET: ""}
    await ours.sign_out(PROD, [Side.TARGET])
    assert ours.accounts(PROD)[Side.SOURCE]
    await ours.sign_out(PROD, [Side.SOURCE])
    assert not ours.accounts(PROD)[Side.SOURCE]


async def test_a_machine_without_a_secret_store_says_so_once() -> None:
    tokens, *_ = await profiles().machine()
    assert not tokens.fine
    assert tokens.text == "memory only: no secret store here. Sign in at each start."
