"""The security token service beside the emulated Graph: who signs in, with what, and which token comes of it.

It answers as Entra's v2.0 endpoints do, without a password: whoever reaches it picks an account.
``sts_pages`` has the addresses. Source: "OAuth 2.0 device authorization grant", "authorization code flow" and
"OpenID Connect on the Microsoft identity platform", and the list of AADSTS error codes.
"""

import base64
import hashlib
import hmac
import json
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from xtsync_tui.emulator.sts_values import MESSAGES, Attempt, Directory, Issued, Person, Refused, Rules

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
AUTHORIZATION_CODE = "authorization_code"
REFRESH_TOKEN = "refresh_token"  # noqa: S105 - the name of a grant
CLIENT_CREDENTIALS = "client_credentials"

_IDENTITY_SCOPES = {"openid", "profile", "email", "offline_access"}
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class _Refresh:
    """What a refresh token stands for; ``agreed`` are the scopes that the person agreed to."""

    tenant: str
    person: str
    client_id: str
    issued: float
    agreed: frozenset[str]


class TokenService:
    """Signs people in to ``directories`` and hands every access token to ``issue``.

    ``now`` gives seconds since 1970, ``dice`` every code and id (pass a system source outside of tests).
    ``lifetime`` is that of an access token and ``code_lifetime`` that of a code, ``interval`` how often a
    device code may be asked for; all in seconds. With the ``key`` of an earlier run its refresh tokens are
    good in this one.
    """

    def __init__(
        self,
        directories: Sequence[Directory],
        issue: Callable[[Issued], None],
        now: Callable[[], float],
        dice: random.Random,
        *,
        lifetime: int = 3600,
        code_lifetime: int = 900,
        interval: int = 5,
        key: bytes = b"",
    ) -> None:
        self.directories = tuple(directories)
        self.rules = Rules()
        self.lifetime = lifetime
        self.code_lifetime = code_lifetime
        self.interval = interval
        self.attempts: dict[str, Attempt] = {}
        self.tokens: dict[str, Issued] = {}
        self._revoked: dict[str, float] = {}
        self._issue = issue
        self._now = now
        self._dice = dice
        self._key = key or dice.randbytes(32)

    def directory(self, tenant: str) -> Directory:
        """Return the tenant with the id or domain ``tenant``; raises Refused 90002."""
        wanted = tenant.casefold()
        for directory in self.directories:
            if wanted == directory.id or wanted in directory.domains:
                return directory
        raise Refused("invalid_tenant", 90002)

    def begin(self, tenant: str, form: Mapping[str, str], grant: str) -> tuple[str, Attempt]:
        """Begin a sign-in to ``tenant`` and return its secret code with it; raises Refused."""
        directory = self.directory(tenant)
        client = self._client(directory, form, grant)
        self._consented(directory, form.get("scope", ""))
        attempt = Attempt(
            directory,
            client,
            form.get("scope", ""),
            self._now() + self.code_lifetime,
            user_code="".join(self._dice.choices(_LETTERS, k=9)),
            redirect_uri=form.get("redirect_uri", ""),
            state=form.get("state", ""),
            nonce=form.get("nonce", ""),
            response_mode=form.get("response_mode", "query"),
            challenge=form.get("code_challenge", ""),
        )
        code = self._secret()
        self.attempts[code] = attempt
        return code, attempt

    def by_user_code(self, user_code: str) -> Attempt | None:
        """Return the sign-in that shows ``user_code``, None if there is none or it has expired."""
        wanted = user_code.strip().upper()
        return next(
            (one for one in self.attempts.values() if one.user_code == wanted and one.expires > self._now()),
            None,
        )

    def approve(self, attempt: Attempt, username: str) -> None:
        """Let the account ``username`` finish ``attempt``; raises Refused 50020 if it is of elsewhere."""
        people = {person.username.casefold(): person for person in attempt.directory.people}
        person = people.get(username.casefold())
        if person is None:
            raise Refused("interaction_required", 50020)
        attempt.person = person

    def revoke(self, person_id: str) -> None:
        """End every session of a person, as an administrator does: continuous access evaluation."""
        self._revoked[person_id] = self._now()

    def state_of(self, token: str) -> str:
        """Return ``valid``, ``expired`` or ``revoked`` for an access token, ``unknown`` if it is not ours."""
        issued = self.tokens.get(token)
        if issued is None:
            return "unknown"
        if issued.expires <= self._now():
            return "expired"
        revoked = self._revoked.get(issued.person)
        return "valid" if revoked is None or issued.expires - self.lifetime > revoked else "revoked"

    def redeem(self, tenant: str, form: Mapping[str, str], base: str) -> dict[str, Any]:
        """Answer a request for tokens at ``base`` (``https://localhost:8443``); raises Refused."""
        directory = self.directory(tenant)
        grant = form.get("grant_type", "")
        client = self._client(directory, form, grant)
        if grant == CLIENT_CREDENTIALS:
            return self._program(directory, client, form, base)
        if grant == REFRESH_TOKEN:
            return self._refreshed(directory, client, form, base)
        attempt = self._finished(form, grant)
        if attempt.directory != directory or attempt.client_id != client or attempt.person is None:
            raise Refused("invalid_grant", 9002313)
        scope = form.get("scope") or attempt.scope
        return self._answer(directory, attempt.person, client, scope, base, nonce=attempt.nonce)

    def _finished(self, form: Mapping[str, str], grant: str) -> Attempt:
        """Return the attempt that the code in ``form`` stands for, and forget it."""
        code = form.get("device_code" if grant == DEVICE_CODE else "code", "")
        attempt = self.attempts.get(code)
        if attempt is None:
            raise Refused("invalid_grant", 70008)
        if attempt.expires <= self._now():
            raise Refused("expired_token") if grant == DEVICE_CODE else Refused("invalid_grant", 70008)
        if attempt.declined:
            raise Refused("authorization_declined", 65004)
        if attempt.person is None:
            raise Refused("authorization_pending")
        if grant == AUTHORIZATION_CODE:
            _check_verifier(attempt, form)
        del self.attempts[code]
        return attempt

    def _refreshed(
        self, directory: Directory, client: str, form: Mapping[str, str], base: str
    ) -> dict[str, Any]:
        kept = self._kept(form.get("refresh_token", ""))
        if kept is None or kept.client_id != client:
            raise Refused("invalid_grant", 70008)
        person = next((one for one in directory.people if one.id == kept.person), None)
        if kept.tenant != directory.id or person is None:
            raise Refused("invalid_grant", 50020)
        if self._revoked.get(kept.person, -1.0) >= kept.issued:
            raise Refused("invalid_grant", 50173)
        scope = form.get("scope", "")
        if self.rules.asks and _bare(scope) - {".default"} - kept.agreed:
            raise Refused("invalid_grant", 65001)
        return self._answer(directory, person, client, scope, base, kept.agreed)

    def _program(
        self, directory: Directory, client: str, form: Mapping[str, str], base: str
    ) -> dict[str, Any]:
        wanted = self.rules.secrets.get(client)
        given = form.get("client_secret", "")
        if wanted is None or not hmac.compare_digest(wanted.encode(), given.encode()):
            raise Refused("invalid_client", 7000215, 401)
        roles = frozenset(self.rules.consented.get(directory.id, set()))
        token = self._access_token(directory, client, roles, base, {"roles": sorted(roles), "idtyp": "app"})
        return {"token_type": "Bearer", "expires_in": self.lifetime, "access_token": token}

    def _answer(
        self,
        directory: Directory,
        person: Person,
        client: str,
        scope: str,
        base: str,
        agreed: frozenset[str] = frozenset(),
        nonce: str = "",
    ) -> dict[str, Any]:
        scopes = self._consented(directory, scope)
        about = self._about(directory, person)
        access = {"scp": " ".join(sorted(scopes)), "upn": person.username, "xms_cc": ["cp1"], **about}
        now = int(self._now())
        identity = {
            "aud": client,
            "iss": f"{base}/{about['tid']}/v2.0",
            "iat": now,
            "nbf": now,
            "exp": now + self.lifetime,
            "sub": person.id,
            "preferred_username": person.username,
            "name": person.name,
            **about,
        }
        return {
            "token_type": "Bearer",
            "scope": " ".join(f"{base}/{name}" for name in sorted(scopes)),
            "expires_in": self.lifetime,
            "access_token": self._access_token(directory, client, scopes, base, access, person.id),
            "refresh_token": self._refresh_token(directory, person, client, scopes | agreed),
            "id_token": self._sign({**identity, **({"nonce": nonce} if nonce else {})}),
            "client_info": _encoded({"uid": person.id, "utid": directory.id}),
        }

    def _refresh_token(
        self, directory: Directory, person: Person, client: str, agreed: frozenset[str]
    ) -> str:
        """Return a token that says itself what it stands for: nothing of it has to be remembered."""
        about = {"tid": directory.id, "oid": person.id, "appid": client, "scp": " ".join(sorted(agreed))}
        return self._sign({"use": REFRESH_TOKEN, "iat": self._now(), "rnd": self._secret()[:22], **about})

    def _kept(self, token: str) -> _Refresh | None:
        """Return what a refresh token of ours stands for, None for any other text."""
        body, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(body).encode()):
            return None
        part = body.partition(".")[2]
        said = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        if said.get("use") != REFRESH_TOKEN:
            return None
        return _Refresh(said["tid"], said["oid"], said["appid"], said["iat"], frozenset(said["scp"].split()))

    def _about(self, directory: Directory, person: Person) -> dict[str, str]:
        return {"tid": self.rules.misdirected.get(directory.id, directory.id), "oid": person.id}

    def _access_token(
        self,
        directory: Directory,
        client: str,
        scopes: frozenset[str],
        base: str,
        claims: Mapping[str, Any],
        person: str = "",
    ) -> str:
        now = self._now()
        token = self._sign(
            {
                "aud": base,
                "iss": f"{base}/{directory.id}/",
                "tid": directory.id,
                "appid": client,
                "iat": int(now),
                "nbf": int(now),
                "exp": int(now + self.lifetime),
                "uti": self._secret()[:22],
                **claims,
            }
        )
        issued = Issued(token, directory.id, person, scopes, now + self.lifetime)
        self.tokens[token] = issued
        self._issue(issued)
        return token

    def _client(self, directory: Directory, form: Mapping[str, str], grant: str) -> str:
        client = form.get("client_id", "")
        known = self.rules.known.get(directory.id)
        if not client or (known is not None and client not in known):
            raise Refused("unauthorized_client", 700016)
        blocked = self.rules.blocked.get((directory.id, grant))
        if blocked is not None:
            raise Refused("invalid_grant", blocked)
        return client

    def _consented(self, directory: Directory, scope: str) -> frozenset[str]:
        """Return what ``scope`` asks for with all else that was consented to, bare; raises Refused 65001."""
        asked = _bare(scope)
        consented = self.rules.consented.get(directory.id)
        if consented is None:
            return frozenset(asked - {".default"})
        if asked - {".default"} - consented:
            raise Refused("invalid_grant", 65001)
        return frozenset(consented)

    def _secret(self) -> str:
        return base64.urlsafe_b64encode(self._dice.randbytes(96)).decode()

    def _sign(self, claims: Mapping[str, Any]) -> str:
        body = f"{_encoded({'typ': 'JWT', 'alg': 'HS256'})}.{_encoded(claims)}"
        return f"{body}.{self._signature(body)}"

    def _signature(self, body: str) -> str:
        signature = hmac.digest(self._key, body.encode(), "sha256")
        return base64.urlsafe_b64encode(signature).rstrip(b"=").decode()

    def error(self, refused: Refused) -> dict[str, Any]:
        """Return the body that Entra answers a refusal with."""
        moment = datetime.fromtimestamp(self._now(), UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        trace, correlation = (str(uuid.UUID(int=self._dice.getrandbits(128), version=4)) for _ in range(2))
        told = f"AADSTS{refused.number}: {MESSAGES[refused.number]}" if refused.number else refused.error
        return {
            "error": refused.error,
            "error_description": f"{told} Trace ID: {trace} Correlation ID: {correlation}",
            "error_codes": [refused.number] if refused.number else [],
            "timestamp": moment,
            "trace_id": trace,
            "correlation_id": correlation,
        }


def _check_verifier(attempt: Attempt, form: Mapping[str, str]) -> None:
    """Raise Refused unless the request shows what the challenge of PKCE was made from."""
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    shown = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if not hmac.compare_digest(shown, attempt.challenge) or form.get("redirect_uri") != attempt.redirect_uri:
        raise Refused("invalid_grant", 9002313)


def _bare(scope: str) -> set[str]:
    return {name.rpartition("/")[2] for name in scope.split()} - _IDENTITY_SCOPES


def _encoded(value: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
