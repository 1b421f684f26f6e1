"""A person signs in: by browser or by device code. Heavy: import it in a thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from xtsync_tui.errors import SignInFailed
from xtsync_tui.graph.auth.accounts import Account
from xtsync_tui.graph.auth.cache import TokenCache
from xtsync_tui.graph.auth.credentials import BrowserSignIn, CodeSignIn, interactive_options
from xtsync_tui.graph.auth.surroundings import can_open_browser, ssh_command
from xtsync_tui.settings import TenantSettings, Way

if TYPE_CHECKING:
    from xtsync_tui.graph.auth.sign_in import SignIn
    from xtsync_tui.graph.clouds import Cloud


@dataclass(frozen=True, slots=True)
class Request:
    """What a person is asked for: the scopes (bare names), and the claims of a challenge (JSON or ``""``)."""

    way: Way
    scopes: tuple[str, ...]
    claims: str
    account: str
    port: int


def sign_in_person(
    tenant: TenantSettings,
    cloud: "Cloud",
    request: Request,
    environment: Mapping[str, str],
    attempt: "SignIn",
) -> tuple[Account, TokenCache]:
    """Return who signed in and the cache that has the tokens; ``attempt`` is told what happens meanwhile.

    Raises SignInFailed if the port is taken, and the errors of azure-core.
    """
    cache = TokenCache()
    try:
        with _credential(tenant, cloud, request, environment, attempt, cache) as credential:
            record = credential.authenticate(
                scopes=[cloud.scope(name) for name in request.scopes],
                claims=request.claims or None,
                enable_cae=True,
            )
    except OSError as error:
        raise SignInFailed(
            f"Port {request.port} of this machine is taken",
            error.strerror or "",
            "Close what uses it, or choose another one: the setting redirect_port.",
            ways=(Way.DEVICE_CODE.value,),
        ) from error
    account = Account(
        cloud=cloud.name,
        tenant_id=record.tenant_id,
        client_id=record.client_id,
        home_account_id=record.home_account_id,
        username=record.username,
        scopes=request.scopes,
        way=request.way,
    )
    return account, cache


def _credential(
    tenant: TenantSettings,
    cloud: "Cloud",
    request: Request,
    environment: Mapping[str, str],
    attempt: "SignIn",
    cache: TokenCache,
) -> BrowserSignIn | CodeSignIn:
    options = interactive_options(tenant, cloud, cache)
    if request.way is Way.DEVICE_CODE:
        return CodeSignIn(attempt.report, attempt.stop, **options)
    return BrowserSignIn(
        attempt.report,
        attempt.stop,
        port=request.port,
        ssh_command=partial(ssh_command, environment),
        open_browser=can_open_browser(environment),
        listening=attempt.listening,
        login_hint=request.account or None,
        **options,
    )
