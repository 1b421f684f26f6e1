"""The credentials of azure-identity, told to report instead of to print, and to stop when asked.

Heavy: import it in a thread. The two interactive credentials override ``_request_token``, a private name of
azure-identity; tests/graph/auth/test_contract.py says loudly when a new version has moved what is used here.
"""

import logging
import secrets
import threading
import time
import warnings
import webbrowser
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import msal  # type: ignore[import-untyped]
from azure.core.credentials import SupportsTokenInfo
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    AuthenticationRecord,
    AzureCliCredential,
    CertificateCredential,
    ClientSecretCredential,
    DeviceCodeCredential,
    InteractiveBrowserCredential,
    ManagedIdentityCredential,
)
from azure.identity._internal.msal_credentials import MsalCredential

from xtsync_tui.errors import SignInFailed
from xtsync_tui.graph.auth.accounts import Account
from xtsync_tui.graph.auth.cache import TokenCache
from xtsync_tui.graph.auth.redirect import Redirect
from xtsync_tui.graph.auth.steps import BrowserAddress, DeviceCode, Step
from xtsync_tui.graph.clouds import Cloud
from xtsync_tui.model import Side
from xtsync_tui.settings import TenantSettings, Way

for _library in ("azure", "msal"):
    # Without a handler Python writes their warnings over the screen; each of them is an error here anyway.
    logging.getLogger(_library).addHandler(logging.NullHandler())
# MSAL writes whole answers to its debug log, with device and authorization codes in them.
logging.getLogger("msal.token_cache").addFilter(lambda record: record.levelno > logging.DEBUG)

_NETWORK = {"connection_timeout": 10, "read_timeout": 30, "retry_total": 2, "retry_backoff_factor": 0.2}


class CodeSignIn(DeviceCodeCredential):
    """Device code that reports the code with its interval, and stops."""

    def __init__(self, report: Callable[[Step], None], stop: threading.Event, **options: Any) -> None:
        super().__init__(**options)
        self._report = report
        self._stop = stop

    def _request_token(self, *scopes: str, **options: Any) -> dict[str, Any]:
        app = _application(self, **options)
        flow = app.initiate_device_flow(list(scopes))
        if "error" in flow:
            raise ClientAuthenticationError(message=flow.get("error_description") or flow["error"])
        self._report(
            DeviceCode(
                flow["user_code"],
                flow["verification_uri"],
                datetime.fromtimestamp(flow["expires_at"], UTC),
                int(flow.get("interval", 5)),
            )
        )
        result: dict[str, Any] = app.acquire_token_by_device_flow(
            flow,
            exit_condition=lambda flow: self._stop.is_set() or time.time() > flow["expires_at"],
            claims_challenge=options.get("claims"),
        )
        if result.get("error") == "authorization_pending":
            raise ClientAuthenticationError(message="expired_token")
        return result


class BrowserSignIn(InteractiveBrowserCredential):
    """Authorization code with PKCE that reports the address, takes a pasted answer, and stops.

    With a browser of this machine the answer is posted, so that the code is in no history. Otherwise it comes
    in the address, because that is what can be pasted; PKCE makes it useless to anybody else.
    """

    def __init__(
        self,
        report: Callable[[Step], None],
        stop: threading.Event,
        *,
        port: int,
        ssh_command: Callable[[int], str],
        open_browser: bool,
        listening: Callable[[Redirect], None],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._report = report
        self._stop = stop
        self._port = port
        self._ssh_command = ssh_command
        self._opens = open_browser
        self._listening = listening

    def _request_token(self, *scopes: str, **options: Any) -> dict[str, Any]:
        app = _application(self, **options)
        state = secrets.token_urlsafe(24)
        with Redirect(self._port, state) as redirect:
            flow = self._begin(app, list(scopes), redirect.port, state, options.get("claims"))
            self._listening(redirect)
            opened = self._opens and webbrowser.open(flow["auth_uri"])
            self._report(
                BrowserAddress(flow["auth_uri"], redirect.port, self._ssh_command(redirect.port), opened)
            )
            answer = redirect.wait(self._stop)
        if not answer:
            raise ClientAuthenticationError(message="The sign-in was stopped.")
        result: dict[str, Any] = app.acquire_token_by_auth_code_flow(
            flow, answer, scopes=list(scopes), claims_challenge=options.get("claims")
        )
        return result

    def _begin(
        self, app: Any, scopes: list[str], port: int, state: str, claims: str | None
    ) -> dict[str, Any]:
        with warnings.catch_warnings():
            # MSAL recommends form_post; nobody can paste what was posted, and a forward may not work.
            warnings.filterwarnings("ignore", "response_mode=", UserWarning)
            flow: dict[str, Any] = app.initiate_auth_code_flow(
                scopes,
                redirect_uri=f"http://localhost:{port}",
                state=state,
                prompt="select_account",
                login_hint=self._login_hint,
                claims_challenge=claims,
                response_mode="form_post" if self._opens else "query",
            )
        return flow


def kept_sign_in(account: Account, cloud: Cloud, cache: TokenCache) -> DeviceCodeCredential:
    """Return the credential that asks nobody: it has the refresh token in ``cache``, or fails."""
    # The host is the profile's cloud, not the issuer that a token named: a sign-in never crosses clouds.
    record = AuthenticationRecord(
        account.tenant_id,
        account.client_id,
        cloud.login,
        account.home_account_id,
        account.username,
    )
    return DeviceCodeCredential(
        authentication_record=record,
        disable_automatic_authentication=True,
        **_caches(cache),
        **_reaching(cloud),
    )


def interactive_options(tenant: TenantSettings, cloud: Cloud, cache: TokenCache) -> dict[str, Any]:
    """Return what CodeSignIn and BrowserSignIn need to sign in to ``tenant``, filling ``cache``."""
    return {
        "client_id": tenant.client_id,
        "tenant_id": tenant.tenant,
        "authority": cloud.login,
        **_caches(cache),
        **_reaching(cloud),
    }


def program_credential(
    side: Side, tenant: TenantSettings, cloud: Cloud, environment: Mapping[str, str]
) -> SupportsTokenInfo:
    """Return the credential of a way in which no person takes part; raises SignInFailed if it is incomplete.

    A secret or certificate comes from ``XTSYNC_SOURCE_CLIENT_SECRET``, ``…_CLIENT_CERTIFICATE_PATH`` and
    ``…_CLIENT_CERTIFICATE_PASSWORD`` (TARGET likewise), else from the ``AZURE_…`` variables of azure-identity
    if their ``AZURE_TENANT_ID`` is this tenant.
    """
    options = {"authority": cloud.login, **_reaching(cloud)}
    match tenant.way:
        case Way.SECRET:
            secret = _variable(side, tenant, "CLIENT_SECRET", environment)
            return ClientSecretCredential(tenant.tenant, tenant.client_id, secret, **options)
        case Way.CERTIFICATE:
            return _certificate(side, tenant, environment, options)
        case Way.MANAGED_IDENTITY:
            return ManagedIdentityCredential(client_id=tenant.client_id or None)
        case Way.AZURE_CLI:
            return AzureCliCredential(tenant_id=tenant.tenant)
        case _:
            raise AssertionError(f"{tenant.way} is a way for people")


def _certificate(
    side: Side, tenant: TenantSettings, environment: Mapping[str, str], options: dict[str, Any]
) -> SupportsTokenInfo:
    path = _variable(side, tenant, "CLIENT_CERTIFICATE_PATH", environment)
    password = _variable(side, tenant, "CLIENT_CERTIFICATE_PASSWORD", environment, optional=True) or None
    try:
        return CertificateCredential(tenant.tenant, tenant.client_id, path, password=password, **options)
    except (OSError, ValueError) as error:
        raise SignInFailed(
            f"The certificate for {side.name} {tenant.tenant} cannot be used",
            f"{path}: {type(error).__name__}.",
            "It must be a PEM or PKCS12 file with its private key; the password comes from "
            f"XTSYNC_{side.name}_CLIENT_CERTIFICATE_PASSWORD.",
        ) from None  # the cause may quote what it could not read


def _variable(
    side: Side, tenant: TenantSettings, name: str, environment: Mapping[str, str], *, optional: bool = False
) -> str:
    own = f"XTSYNC_{side.name}_{name}"
    shared = environment.get("AZURE_TENANT_ID", "").casefold() == tenant.tenant.casefold()
    value = environment.get(own) or (environment.get(f"AZURE_{name}") if shared else "")
    if value or optional:
        return value or ""
    raise SignInFailed(
        f"{own} is not set",
        f"{side.name} {tenant.tenant} signs in with it.",
        f"Set it, or AZURE_{name} together with AZURE_TENANT_ID of this tenant.",
    )


def _application(credential: MsalCredential, **options: Any) -> Any:
    try:
        return credential._get_app(**options)  # a private name: pinned by the contract test
    except ValueError as error:  # how MSAL says that there is no such tenant
        raise ClientAuthenticationError(message=str(error)) from error


def _caches(cache: TokenCache) -> dict[str, msal.TokenCache]:
    # Every token is asked for with continuous access evaluation, so it is the second cache that is used and
    # kept. The first is there so that azure-identity never opens the one shared with other tools.
    return {"_cache": msal.TokenCache(), "_cae_cache": cache}


def _reaching(cloud: Cloud) -> dict[str, Any]:
    # The hosts are constants of this program: asking login.microsoftonline.com whether they are genuine adds
    # a request, and fails from a national cloud without a way to the public one.
    return {"disable_instance_discovery": True, "connection_verify": cloud.authority or True, **_NETWORK}
