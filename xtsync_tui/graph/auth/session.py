"""One tenant, signed in to: gives tokens, signs in, signs out. Switching profile means other sessions."""

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from xtsync_tui.errors import SignInFailed, SignInNeeded
from xtsync_tui.graph.auth.accounts import account_key
from xtsync_tui.graph.auth.blocking import in_thread
from xtsync_tui.graph.auth.discovery import tenant_id_of
from xtsync_tui.graph.auth.failures import Place, explain_error
from xtsync_tui.graph.auth.jwt import claims_in
from xtsync_tui.graph.auth.scopes import DEFAULT, granted, read_scopes
from xtsync_tui.graph.auth.sign_in import SignIn
from xtsync_tui.graph.auth.steps import SignedIn
from xtsync_tui.graph.auth.surroundings import ssh_command

if TYPE_CHECKING:
    from azure.core.credentials import AccessTokenInfo, SupportsTokenInfo

    from xtsync_tui.graph.auth.accounts import Account
    from xtsync_tui.graph.auth.cache import TokenCache
    from xtsync_tui.graph.auth.keeper import Keeper
    from xtsync_tui.graph.clouds import Cloud
    from xtsync_tui.model import Side
    from xtsync_tui.settings import TenantSettings, Way

_EARLY = 300
"""Seconds before its end at which a token is renewed."""


class TenantSession:
    """A TokenSource for the tenant of one side of a profile.

    ``account``, ``tenant_id`` and ``scopes`` (bare names) are empty until somebody is signed in. Nothing here
    blocks the event loop.
    """

    def __init__(
        self,
        side: "Side",
        tenant: "TenantSettings",
        cloud: "Cloud",
        keeper: "Keeper",
        *,
        port: int = 8400,
        environment: Mapping[str, str] = os.environ,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.side = side
        self.tenant = tenant
        self.cloud = cloud
        self.keeper = keeper
        self.way = tenant.way
        self._port = port
        self._environment = environment
        self._now = now
        self._asking = asyncio.Lock()
        self._reset()

    def _reset(self) -> None:
        self.account = ""
        self.tenant_id = ""
        self.scopes: tuple[str, ...] = ()
        self._credential: SupportsTokenInfo | None = None
        self._account: Account | None = None
        self._cache: TokenCache | None = None
        self._kept = ""
        self._held: AccessTokenInfo | None = None

    @property
    def expires_on(self) -> int:
        """When the token in hand ends, in seconds since 1970; 0 without one."""
        return self._held.expires_on if self._held else 0

    async def token(self, scopes: Sequence[str] = (), claims: str = "") -> str:
        """Return an access token, asking nobody.

        ``scopes`` are bare names, none for those that were granted already; ``claims`` is the JSON of a
        claims challenge. Raises SignInNeeded when a person has to act, SignInFailed when nothing helps.
        """
        async with self._asking:
            held = self._held
            if held is not None and not claims and self._covers(held, scopes):
                return held.token
            return await in_thread(partial(self._acquire, tuple(scopes), claims))

    async def resume(self) -> bool:
        """Sign in from what is kept, asking nobody, and say whether that worked.

        Raises SignInFailed if it failed for another reason than that a person is needed.
        """
        try:
            await self.token()
        except SignInNeeded:
            return False
        return True

    def sign_in(self, way: "Way | None" = None, scopes: Sequence[str] = (), claims: str = "") -> SignIn:
        """Return an attempt to sign in by ``way`` (the profile's own if None), not begun yet.

        It asks for ``scopes`` on top of those granted; ``claims`` is the JSON of a claims challenge. Until it
        succeeds this session goes on as it was.
        """
        way = way or self.way
        return SignIn(way, partial(self._sign_in, way, tuple(scopes), claims))

    async def sign_out(self) -> None:
        """Forget the tokens of this side, here and in the store; raises StoreFailed if the store fails."""
        self._reset()
        await in_thread(partial(self.keeper.forget, self._key))

    @property
    def _key(self) -> str:
        return account_key(self.tenant, self.cloud)

    def _covers(self, held: "AccessTokenInfo", scopes: Sequence[str]) -> bool:
        enough = set(scopes) <= set(self.scopes) or not self.way.is_interactive
        return enough and held.expires_on - self._now() > _EARLY

    def _acquire(self, scopes: tuple[str, ...], claims: str) -> str:
        from azure.core.exceptions import AzureError

        credential = self._credential or self._restore(scopes, claims)
        asked = (scopes or self.scopes or read_scopes(self.side)) if self.way.is_interactive else (DEFAULT,)
        try:
            info = credential.get_token_info(
                *map(self.cloud.scope, asked),
                options={"enable_cae": True, **({"claims": claims} if claims else {})},
            )
        except AzureError as error:
            raise explain_error(error, self._place(self.way, asked), scopes, claims) from None
        finally:
            self._keep_refreshed()
        self._hold(info, asked)
        return info.token

    def _restore(self, scopes: tuple[str, ...], claims: str) -> "SupportsTokenInfo":
        """Return the credential of this run: a program's, or that of the account which is kept."""
        from xtsync_tui.graph.auth.cache import TokenCache
        from xtsync_tui.graph.auth.credentials import program_credential

        if not self.way.is_interactive:
            self.tenant_id = tenant_id_of(self.tenant.tenant, self.cloud)
            tenant = msgspec.structs.replace(self.tenant, way=self.way)
            credential = program_credential(self.side, tenant, self.cloud, self._environment)
            self._credential = credential
            self.account = f"application {self.tenant.client_id}".strip()
            return credential
        account = self.keeper.find(self._key)
        kept = self.keeper.tokens(account) if account else None
        cache = TokenCache.from_slim(kept) if kept else None
        if account is None or cache is None:
            label = self._place(self.way, scopes).label
            raise SignInNeeded(f"Nobody is signed in to {label}", scopes=scopes, claims=claims)
        return self._adopt(account, cache)

    def _sign_in(self, way: "Way", scopes: tuple[str, ...], claims: str, attempt: SignIn) -> SignedIn:
        from azure.core.exceptions import AzureError

        from xtsync_tui.graph.auth.interactive import Request, sign_in_person

        if not way.is_interactive:
            return self._sign_in_program(way, claims)
        asked = self._wanted(scopes)
        request = Request(way, asked, claims, self.account, self._port)
        expected = tenant_id_of(self.tenant.tenant, self.cloud)
        try:
            account, cache = sign_in_person(self.tenant, self.cloud, request, self._environment, attempt)
        except AzureError as error:
            raise explain_error(error, self._place(way, asked)) from None
        self._check_tenant(account.tenant_id, expected)
        if attempt.stop.is_set():
            raise SignInFailed("The sign-in was stopped")
        self.way = way
        self._held = None
        credential = self._adopt(account, cache)
        self._hold(
            credential.get_token_info(*map(self.cloud.scope, asked), options={"enable_cae": True}), asked
        )
        self.keeper.signed_in(self._key, self._account or account, cache.slim())
        return SignedIn(self.account, self.tenant_id, self.scopes)

    def _sign_in_program(self, way: "Way", claims: str) -> SignedIn:
        self._reset()
        self.way = way
        self._acquire((), claims)
        return SignedIn(self.account, self.tenant_id, self.scopes)

    def _wanted(self, scopes: tuple[str, ...]) -> tuple[str, ...]:
        if DEFAULT in scopes:
            return (DEFAULT,)  # the service refuses it beside others
        return tuple(dict.fromkeys((*(self.scopes or read_scopes(self.side)), *scopes)))

    def _adopt(self, account: "Account", cache: "TokenCache") -> "SupportsTokenInfo":
        from xtsync_tui.graph.auth.credentials import kept_sign_in

        self._account, self._cache, self._kept = account, cache, cache.slim()
        self.account, self.tenant_id, self.scopes = account.username, account.tenant_id, account.scopes
        credential = kept_sign_in(account, self.cloud, cache)
        self._credential = credential
        return credential

    def _hold(self, info: "AccessTokenInfo", asked: tuple[str, ...]) -> None:
        claims = claims_in(info.token)
        self._check_tenant(str(claims.get("tid", self.tenant_id)), self.tenant_id)
        self.scopes = granted(claims) or tuple(dict.fromkeys((*self.scopes, *asked)))
        self._held = info
        if self._account is not None and self._account.scopes != self.scopes:
            self._account = msgspec.structs.replace(self._account, scopes=self.scopes)
            self.keeper.granted(self._key, self._account)

    def _check_tenant(self, seen: str, expected: str) -> None:
        """Raise SignInFailed, before any call, unless the token is of this side's tenant."""
        if seen.casefold() == expected.casefold():
            return
        self._held = None
        raise SignInFailed(
            "Signed in to another tenant",
            f"The account belongs to {seen or 'an unknown tenant'}; this side is "
            f"{self.side.name} {self.tenant.tenant}. Nothing was read.",
            "Sign in again, with an account of this tenant.",
            ways=(self.way.value,),
        )

    def _keep_refreshed(self) -> None:
        if self._account is None or self._cache is None:
            return
        slim = self._cache.slim()
        if slim != self._kept:
            self._kept = slim
            self.keeper.refreshed(self._account, slim)

    def _place(self, way: "Way", scopes: tuple[str, ...]) -> Place:
        return Place(
            self.side,
            self.tenant.tenant,
            self.tenant.client_id,
            way,
            self.cloud,
            scopes,
            self._port,
            ssh_command(self._environment, self._port),
        )
