"""The addresses of the security token service, and the two pages on which a person picks an account."""

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from xtsync_tui.emulator.sts import AUTHORIZATION_CODE, DEVICE_CODE, TokenService
from xtsync_tui.emulator.sts_values import Attempt, Refused

_Endpoint = Callable[[Request], Awaitable[Response]]
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_NO_STORE = {"Cache-Control": "no-store"}


class SignInPages:
    """What ``service`` looks like over HTTP; ``routes`` goes beside the emulated Graph."""

    def __init__(self, service: TokenService) -> None:
        self._service = service

    def routes(self) -> list[Route]:
        """Return the routes of the service."""
        return [
            Route("/{tenant}/v2.0/.well-known/openid-configuration", self._told(self._configuration)),
            Route("/{tenant}/oauth2/v2.0/devicecode", self._told(self._device_code), methods=["POST"]),
            Route("/{tenant}/oauth2/v2.0/authorize", self._told(self._authorize), methods=["GET"]),
            Route("/{tenant}/oauth2/v2.0/token", self._told(self._token), methods=["POST"]),
            Route("/signin", self._told(self._pick), methods=["POST"]),
            Route("/devicelogin", self._told(self._device_login), methods=["GET", "POST"]),
        ]

    def _told(self, endpoint: _Endpoint) -> _Endpoint:
        async def answer(request: Request) -> Response:
            try:
                return await endpoint(request)
            except Refused as refused:
                return JSONResponse(self._service.error(refused), refused.status, _NO_STORE)

        return answer

    async def _configuration(self, request: Request) -> Response:
        directory = self._service.directory(request.path_params["tenant"])
        root = f"{_base(request)}/{directory.id}"
        return JSONResponse(
            {
                "issuer": f"{root}/v2.0",
                "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                "token_endpoint": f"{root}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
                "response_types_supported": ["code"],
                "response_modes_supported": ["query", "form_post"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["HS256"],
                "scopes_supported": ["openid", "profile", "email", "offline_access"],
            }
        )

    async def _device_code(self, request: Request) -> Response:
        form = await _form(request)
        code, attempt = self._service.begin(request.path_params["tenant"], form, DEVICE_CODE)
        address = f"{_base(request)}/devicelogin"
        return JSONResponse(
            {
                "user_code": attempt.user_code,
                "device_code": code,
                "verification_uri": address,
                "expires_in": self._service.code_lifetime,
                "interval": self._service.interval,
                "message": f"Open {address} and enter the code {attempt.user_code}.",
            },
            headers=_NO_STORE,
        )

    async def _token(self, request: Request) -> Response:
        form = await _form(request)
        answer = self._service.redeem(request.path_params["tenant"], form, _base(request))
        return JSONResponse(answer, headers=_NO_STORE)

    async def _authorize(self, request: Request) -> Response:
        form = dict(request.query_params)
        where = urlsplit(form.get("redirect_uri", ""))
        if where.scheme != "http" or where.hostname not in _LOOPBACK:
            raise Refused("invalid_request", 50011)
        if form.get("code_challenge_method") != "S256" or not form.get("code_challenge"):
            raise Refused("invalid_request", 9002313)
        code, attempt = self._service.begin(request.path_params["tenant"], form, AUTHORIZATION_CODE)
        return _account_page(attempt, {"attempt": code}, "/signin")

    async def _pick(self, request: Request) -> Response:
        form = await _form(request)
        attempt = self._service.attempts.get(form.get("attempt", ""))
        if attempt is None:
            raise Refused("invalid_request", 70008)
        self._service.approve(attempt, form.get("account", ""))
        answer = {"code": form["attempt"], "state": attempt.state}
        if attempt.response_mode == "form_post":
            return _page("Signing in", _hidden_form(attempt.redirect_uri, answer))
        return RedirectResponse(f"{attempt.redirect_uri}?{urlencode(answer)}", 302, _NO_STORE)

    async def _device_login(self, request: Request) -> Response:
        if request.method == "GET":
            return _page("Enter the code", _CODE_FORM)
        form = await _form(request)
        attempt = self._service.by_user_code(form.get("code", ""))
        if attempt is None:
            return _page("Enter the code", "<p>That code is not known, or has expired." + _CODE_FORM)
        if "account" not in form:
            return _account_page(attempt, {"code": attempt.user_code}, "/devicelogin")
        if form["account"] == "":
            attempt.declined = True
            return _page("Declined", "<p>Nobody is signed in. This page can be closed.")
        self._service.approve(attempt, form["account"])
        return _page("Signed in", "<p>Go back to the terminal; this page can be closed.")


class Guarded:
    """``graph``, unless the bearer token is one of ``service`` that has expired or was revoked.

    A revoked one is answered with a claims challenge, as continuous access evaluation does.
    """

    def __init__(self, graph: ASGIApp, service: TokenService) -> None:
        self._graph = graph
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or let Graph answer it."""
        state = self._service.state_of(_bearer(scope)) if scope["type"] == "http" else "valid"
        if state in {"expired", "revoked"}:
            await _unauthorized(state)(scope, receive, send)
            return
        await self._graph(scope, receive, send)


def challenge(not_before: int) -> str:
    """Return the ``WWW-Authenticate`` header that asks for a token issued after ``not_before``."""
    claims = {"access_token": {"nbf": {"essential": True, "value": str(not_before)}}}
    encoded = base64.b64encode(json.dumps(claims).encode()).decode()
    return (
        'Bearer realm="", authorization_uri="https://localhost/common/oauth2/authorize", '
        f'error="insufficient_claims", claims="{encoded}"'
    )


def _unauthorized(state: str) -> Response:
    message = "Lifetime validation failed, the token is expired."
    headers = {"WWW-Authenticate": 'Bearer realm="", error="invalid_token"'}
    if state == "revoked":
        message = "Continuous access evaluation resulted in challenge with result: InteractionRequired."
        headers = {"WWW-Authenticate": challenge(0)}
    error = {"code": "InvalidAuthenticationToken", "message": message, "innerError": {}}
    return JSONResponse({"error": error}, 401, headers)


def _bearer(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"authorization":
            return str(value.decode("latin-1").partition(" ")[2].strip())
    return ""


def _base(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


async def _form(request: Request) -> dict[str, str]:
    # Read by hand: Starlette's own form parser needs one more package.
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))


_CODE_FORM = (
    '<form method="post" action="/devicelogin"><label>Code <input name="code" autofocus></label> '
    "<button>Next</button></form>"
)


def _account_page(attempt: Attempt, hidden: Mapping[str, str], action: str) -> HTMLResponse:
    fields = "".join(
        f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in hidden.items()
    )
    buttons = "".join(
        f'<p><button name="account" value="{escape(person.username)}">{escape(person.name)} · '
        f"{escape(person.username)}</button>"
        for person in attempt.directory.people
    )
    decline = '<p><button name="account" value="">Decline</button>' if action == "/devicelogin" else ""
    asked = ", ".join(name.rpartition("/")[2] for name in attempt.scope.split())
    return _page(
        f"Sign in to {attempt.directory.name}",
        f"<p>The application asks for: {escape(asked)}"
        f'<form method="post" action="{action}">{fields}{buttons}{decline}</form>',
    )


def _hidden_form(action: str, values: Mapping[str, str]) -> str:
    fields = "".join(f'<input type="hidden" name="{k}" value="{escape(v)}">' for k, v in values.items())
    return (
        f'<form method="post" action="{escape(action)}">{fields}<button>Go on</button></form>'
        "<script>document.forms[0].submit()</script>"
    )


def _page(title: str, body: str) -> HTMLResponse:
    head = f"<!doctype html><meta charset=utf-8><title>{escape(title)}</title><h1>{escape(title)}</h1>"
    note = "<p><small>The emulator's sign-in page: two made-up tenants, no passwords.</small>"
    return HTMLResponse(head + body + note, headers=_NO_STORE)
