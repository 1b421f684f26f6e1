"""What outlives the program of a sign-in."""

from pathlib import Path

import msgspec
import pytest

from tests.graph.auth.conftest import Sts
from tests.graph.auth.support import BEN, CLIENT, FABRIKAM, by_device_code
from xtsync_tui.errors import SignInFailed, StoreFailed
from xtsync_tui.graph.auth.accounts import Account, Accounts, account_key
from xtsync_tui.graph.auth.cache import TokenCache
from xtsync_tui.graph.auth.credentials import program_credential
from xtsync_tui.graph.auth.keeper import Keeper
from xtsync_tui.graph.auth.pair import open_keeper, open_sessions
from xtsync_tui.graph.auth.session import TenantSession
from xtsync_tui.graph.auth.steps import SignedIn
from xtsync_tui.graph.auth.stores import MemoryStore, Opened
from xtsync_tui.graph.clouds import CLOUDS
from xtsync_tui.model import Side
from xtsync_tui.settings import Profile, Settings, TenantSettings, Way

ACCOUNT = Account(
    cloud="public", tenant_id=FABRIKAM, client_id=CLIENT, home_account_id="b.c", username=BEN.username
)


class Broken(MemoryStore):
    """A store that keeps nothing."""

    def write(self, entry: str, text: str) -> None:  # noqa: ARG002
        raise StoreFailed("The store is full")


def kept_in(store: MemoryStore) -> Keeper:
    return Keeper(lambda: Opened(store, "memory", "memory only"))


def test_an_account_is_found_under_its_key() -> None:
    keeper = kept_in(MemoryStore())
    keeper.signed_in("key", ACCOUNT, "tokens")

    assert keeper.find("key") == ACCOUNT
    assert keeper.tokens(ACCOUNT) == "tokens"
    assert keeper.find("another") is None


def test_the_accounts_file_holds_no_token(tmp_path: Path) -> None:
    path = tmp_path / "accounts.json"
    keeper = Keeper(lambda: Opened(MemoryStore(), "memory", ""), Accounts(path))
    keeper.signed_in("key", ACCOUNT, "tokens")

    assert "tokens" not in path.read_text()


def test_another_account_takes_the_place_and_the_tokens_of_the_first_go() -> None:
    keeper = kept_in(MemoryStore())
    keeper.signed_in("key", ACCOUNT, "old")
    other = msgspec.structs.replace(ACCOUNT, home_account_id="d.e")
    keeper.signed_in("key", other, "new")

    assert keeper.tokens(ACCOUNT) is None
    assert keeper.tokens(other) == "new"


def test_tokens_that_two_profiles_share_stay_for_the_second() -> None:
    keeper = kept_in(MemoryStore())
    keeper.signed_in("one", ACCOUNT, "tokens")
    keeper.signed_in("two", ACCOUNT, "tokens")
    keeper.forget("one")

    assert keeper.tokens(ACCOUNT) == "tokens"
    keeper.forget("two")
    assert keeper.tokens(ACCOUNT) is None


def test_a_refresh_does_not_bring_back_who_was_signed_out_elsewhere() -> None:
    keeper = kept_in(MemoryStore())
    keeper.signed_in("key", ACCOUNT, "tokens")
    keeper.forget("key")
    keeper.refreshed(ACCOUNT, "renewed")

    assert keeper.tokens(ACCOUNT) is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"version":2,"accounts":{}}', b'{"version":1,"accounts":[]}']
)
def test_a_file_of_another_version_or_a_damaged_one_means_sign_in_again(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "accounts.json"
    path.write_bytes(content)
    assert Accounts(path).all() == {}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version":2,"cache":{}}'])
def test_a_cache_of_another_version_means_sign_in_again(text: str) -> None:
    assert TokenCache.from_slim(text) is None


def test_only_the_account_and_its_refresh_token_are_kept() -> None:
    cache = TokenCache()
    for kind in ("Account", "RefreshToken", "AppMetadata", "AccessToken", "IdToken"):
        cache._cache[kind] = {"key": {"secret": f"the {kind}"}}
    slim = cache.slim()

    assert "the RefreshToken" in slim
    assert "the AccessToken" not in slim
    assert "the IdToken" not in slim
    kept = TokenCache.from_slim(slim)
    assert kept
    assert kept.slim() == slim


@pytest.mark.anyio
async def test_a_store_that_fails_does_not_end_a_sign_in(sts: Sts) -> None:
    keeper = kept_in(Broken())
    tenant = TenantSettings(tenant="fabrikam.com", client_id=CLIENT, way=Way.DEVICE_CODE)
    session = TenantSession(Side.TARGET, tenant, sts.cloud, keeper, environment={})

    steps = await by_device_code(sts.service, session.sign_in(), BEN.username)

    assert isinstance(steps[-1], SignedIn)
    assert keeper.problem is not None
    assert keeper.problem.title == "The store is full"
    assert await session.token()


def test_a_profile_has_a_session_for_each_side_and_asks_nothing_yet() -> None:
    source, target = TenantSettings(tenant="contoso.com"), TenantSettings(tenant="fabrikam.com")
    profile = Profile(name="x", source=source, target=target, cloud="china")
    settings = Settings(token_store="memory", redirect_port=8401)
    sessions = open_sessions(profile, settings, open_keeper(settings))

    assert [sessions[side].tenant for side in Side] == [source, target]
    assert {session.cloud.name for session in sessions.values()} == {"china"}
    assert sessions[Side.SOURCE].keeper is sessions[Side.TARGET].keeper


def test_the_key_of_an_account_tells_tenants_applications_and_clouds_apart() -> None:
    tenant = TenantSettings(tenant="Contoso.com", client_id=CLIENT)
    keys = {
        account_key(tenant, CLOUDS["public"]),
        account_key(tenant, CLOUDS["china"]),
        account_key(TenantSettings(tenant="fabrikam.com", client_id=CLIENT), CLOUDS["public"]),
        account_key(TenantSettings(tenant="contoso.com"), CLOUDS["public"]),
    }
    assert len(keys) == 4
    same = TenantSettings(tenant="contoso.COM", client_id=CLIENT, way=Way.DEVICE_CODE)
    assert account_key(same, CLOUDS["public"]) in keys


def test_a_certificate_that_cannot_be_read_names_its_file(tmp_path: Path) -> None:
    path = tmp_path / "certificate.pem"
    path.write_text("-----BEGIN PRIVATE KEY-----\nnot a key\n")
    tenant = TenantSettings(tenant="fabrikam.com", client_id=CLIENT, way=Way.CERTIFICATE)
    environment = {"XTSYNC_TARGET_CLIENT_CERTIFICATE_PATH": str(path)}

    with pytest.raises(SignInFailed) as failed:
        program_credential(Side.TARGET, tenant, CLOUDS["public"], environment)
    assert str(path) in failed.value.detail
    assert "not a key" not in str(failed.value)
    assert failed.value.__suppress_context__
