"""The private names of azure-identity and msal that the sign-in leans on.

If one of these fails, a new version has moved something: read credentials.py and cache.py beside its source
before anything else.
"""

import inspect

import azure.identity
import msal  # type: ignore[import-untyped]
import pytest
from azure.identity import DeviceCodeCredential, InteractiveBrowserCredential
from azure.identity._internal.interactive import InteractiveCredential
from azure.identity._internal.msal_credentials import MsalCredential

from xtsync_tui.graph.auth.cache import TokenCache

AZURE = "https://login.microsoftonline.com"


@pytest.mark.parametrize("kind", [DeviceCodeCredential, InteractiveBrowserCredential])
def test_both_caches_that_are_handed_in_are_the_ones_used(kind: type[MsalCredential]) -> None:
    plain, with_cae = msal.TokenCache(), TokenCache()

    with kind(client_id="c", tenant_id="t", authority=AZURE, _cache=plain, _cae_cache=with_cae) as credential:
        assert credential._cache is plain
        assert credential._cae_cache is with_cae
        assert credential._custom_cache


@pytest.mark.parametrize("kind", [DeviceCodeCredential, InteractiveBrowserCredential])
def test_a_person_is_asked_in_the_method_that_is_overridden(kind: type[InteractiveCredential]) -> None:
    assert issubclass(kind, InteractiveCredential)
    parameters = inspect.signature(inspect.unwrap(kind._request_token)).parameters.values()
    assert [p.kind for p in parameters] == [
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.VAR_POSITIONAL,
        inspect.Parameter.VAR_KEYWORD,
    ]
    assert "self._request_token(*scopes, claims=claims" in inspect.getsource(InteractiveCredential)


def test_the_application_of_a_request_comes_from_the_method_that_is_called() -> None:
    source = inspect.getsource(MsalCredential._get_app)
    assert "self._cae_cache" in source
    assert '["CP1"]' in source


def test_the_hint_at_the_account_is_where_it_is_read() -> None:
    with InteractiveBrowserCredential(client_id="c", login_hint="ana@contoso.com") as credential:
        assert credential._login_hint == "ana@contoso.com"


def test_the_parts_of_the_cache_have_the_names_that_are_kept() -> None:
    kinds = msal.TokenCache.CredentialType
    assert {kinds.ACCOUNT, kinds.REFRESH_TOKEN, kinds.APP_METADATA} == {
        "Account",
        "RefreshToken",
        "AppMetadata",
    }
    assert {"_cache", "_lock"} <= vars(msal.TokenCache()).keys()


def test_the_debug_log_that_is_silenced_is_the_one_that_tells_codes() -> None:
    assert msal.token_cache.logger.name == "msal.token_cache"
    assert azure.identity.__name__ == "azure.identity"
