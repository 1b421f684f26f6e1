"""What Entra's error codes mean for the person who wanted to sign in.

Source: "Microsoft Entra authentication and authorization error codes". What the codes say is Entra's; which
way helps is this program's.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from xtsync_tui.errors import SignInFailed, SignInNeeded
from xtsync_tui.graph.auth.discovery import unreachable
from xtsync_tui.graph.clouds import Cloud
from xtsync_tui.model import Side
from xtsync_tui.settings import Way
from xtsync_tui.text import clean

if TYPE_CHECKING:
    from azure.core.exceptions import AzureError

_CODE = re.compile(r"AADSTS(\d{4,7})")
_CORRELATION = re.compile(r"Correlation ID:\s*([0-9a-fA-F-]{36})")
_EXPIRED_CODES = {"70020", "70019"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody wants to sign in: side and tenant (as the profile has it), application, way, scopes."""

    side: Side
    tenant: str
    client_id: str
    way: Way
    cloud: Cloud
    scopes: tuple[str, ...]
    port: int
    ssh_command: str

    @property
    def label(self) -> str:
        """Return the side and the tenant, as ``TARGET fabrikam.com``."""
        return f"{self.side.name} {self.tenant}"

    @property
    def consent_address(self) -> str:
        """Return the page on which an administrator consents to the scopes."""
        scopes = quote(" ".join(map(self.cloud.scope, self.scopes)), safe="")
        return (
            f"{self.cloud.login}/{self.tenant}/v2.0/adminconsent?client_id={self.client_id}"
            f"&scope={scopes}&redirect_uri={quote(f'http://localhost:{self.port}', safe='')}"
        )


@dataclass(frozen=True, slots=True)
class _Meaning:
    title: str
    detail: str
    hint: str = ""
    ways: tuple[Way, ...] = ()


_BROWSER = (Way.BROWSER,)
_MANAGED = _Meaning(
    "{label} wants a managed device",
    "A code from a server cannot show one.",
    "Sign in with the browser of your managed computer: {ssh}",
    _BROWSER,
)
_CONSENT = _Meaning(
    "{label} has not consented to what xtsync asks for",
    "Asked for: {scopes}.",
    "An administrator consents at {consent}",
)
_AGAIN = "Sign in again."

_MEANINGS = {
    "53000": _MANAGED,
    "530003": _MANAGED,
    "50097": _MANAGED,
    "65001": _CONSENT,
    "90094": _CONSENT,
    "65004": _Meaning("The consent was declined in {label}", "Asked for: {scopes}.", _AGAIN),
    "50020": _Meaning(
        "This account is not in {label}",
        "It belongs to another tenant and is no guest here.",
        "Sign in with an account of this tenant.",
    ),
    "50034": _Meaning("This account does not exist in {label}", "", "Check the name, then sign in again."),
    "50105": _Meaning(
        "This account is not assigned to the application in {label}",
        "The application requires assignment.",
        "Assign the account to the enterprise application, or switch the requirement off.",
    ),
    "700016": _Meaning(
        "The application is not in {label}",
        "Application {client} is not registered there, and nobody consented to it.",
        "Register it in this tenant, or consent at {consent}",
    ),
    "7000218": _Meaning(
        "The application in {label} is no public client",
        "Application {client} would have to show a secret.",
        "In its registration, under Authentication, allow public client flows.",
    ),
    "50011": _Meaning(
        "The redirect address is not registered in {label}",
        "Application {client} does not have it.",
        "Add http://localhost under Authentication, platform Mobile and desktop applications.",
        (Way.DEVICE_CODE,),
    ),
    "90002": _Meaning(
        "There is no tenant {tenant}", "The {cloud} cloud does not know it.", "Check the profile."
    ),
    "50076": _Meaning("{label} wants a second factor", "", _AGAIN, _BROWSER),
    "50079": _Meaning("{label} wants a second factor to be set up", "", _AGAIN, _BROWSER),
    "50158": _Meaning("{label} wants one more check", "", _AGAIN, _BROWSER),
    "50173": _Meaning("The sign-in to {label} was revoked", "The password was changed, for example.", _AGAIN),
    "70008": _Meaning("The sign-in to {label} has expired", "", _AGAIN),
    "70043": _Meaning("The sign-in to {label} has expired", "The tenant limits how long it lasts.", _AGAIN),
    "700082": _Meaning("The sign-in to {label} has expired", "It was not used for a long time.", _AGAIN),
    "7000215": _Meaning(
        "The client secret for {label} is wrong",
        "",
        "Take the secret's value, not its id, from the registration.",
    ),
    "7000222": _Meaning(
        "The client secret for {label} has expired", "", "Make a new one in the registration."
    ),
    "700027": _Meaning(
        "The certificate for {label} is not the registered one", "", "Upload it to the registration."
    ),
    "50126": _Meaning("Name or password is wrong", "", _AGAIN),
}

_BLOCKED = {
    Way.DEVICE_CODE: _Meaning(
        "Device code is blocked in {label}",
        "A Conditional Access rule does not allow this way to sign in. Trying again does not help.",
        "Use browser sign-in: {ssh}",
        _BROWSER,
    ),
}
_BLOCKED_ANYWAY = _Meaning(
    "A Conditional Access rule of {label} blocks this sign-in",
    "It may ask for a place, a device or another account. Trying again does not help.",
    "Show the correlation id to the owner of the rule: the sign-in log says which one it is.",
)


def code_of(message: str) -> str:
    """Return the digits of the first AADSTS code in ``message``, ``""`` if there is none."""
    found = _CODE.search(message)
    return found[1] if found else ""


def explain(message: str, place: Place) -> SignInFailed:
    """Return what ``message``, the error description of the sign-in service, means at ``place``."""
    code = code_of(message)
    correlation = _CORRELATION.search(message)
    meaning = _meaning(code, message, place)
    words = {
        "label": place.label,
        "tenant": place.tenant,
        "client": place.client_id,
        "cloud": place.cloud.title,
        "scopes": ", ".join(place.scopes),
        "consent": place.consent_address,
        "ssh": place.ssh_command,
    }
    detail = meaning.detail.format_map(words)
    return SignInFailed(
        meaning.title.format_map(words),
        f"{detail} (AADSTS{code})".strip() if code else detail,
        meaning.hint.format_map(words),
        code=f"AADSTS{code}" if code else "",
        correlation_id=correlation[1] if correlation else "",
        ways=tuple(way.value for way in meaning.ways),
    )


def explain_error(
    error: "AzureError", place: Place, scopes: tuple[str, ...] = (), claims: str = ""
) -> SignInFailed:
    """Return what an error of azure-identity means: SignInNeeded, for ``scopes``, if a person can mend it."""
    from azure.core.exceptions import ServiceRequestError, ServiceResponseError
    from azure.identity import AuthenticationRequiredError

    cause = error.__cause__ or error
    if isinstance(cause, ServiceRequestError | ServiceResponseError):
        return unreachable(place.cloud, type(cause).__name__)
    response = getattr(error, "response", None)
    failed = explain(f"{error.message} {response.text() if response is not None else ''}", place)
    if not isinstance(error, AuthenticationRequiredError):
        return failed
    title = failed.title if failed.code else f"{place.label} asks to sign in again"
    return SignInNeeded(
        title, failed.detail if failed.code else "", failed.hint, scopes=scopes, claims=claims
    )


def _meaning(code: str, message: str, place: Place) -> _Meaning:
    if code == "53003":
        return _BLOCKED.get(place.way, _BLOCKED_ANYWAY)
    if code in _EXPIRED_CODES or "expired_token" in message:
        return _Meaning("The code for {label} has expired", "Nobody used it in time.", "Ask for a new one.")
    if code in _MEANINGS:
        return _MEANINGS[code]
    first = clean(message.partition("Trace ID")[0].strip(), 300).replace("{", "(").replace("}", ")")
    return _Meaning("Nobody is signed in to {label}", first, "Try again, or another way.", _others(place.way))


def _others(way: Way) -> tuple[Way, ...]:
    return tuple(other for other in (Way.BROWSER, Way.DEVICE_CODE) if other is not way)
