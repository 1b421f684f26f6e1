"""What the security token service speaks of: tenants, people, tokens, sign-ins under way, and refusals."""

from dataclasses import dataclass, field

MESSAGES = {
    50011: "The redirect URI specified in the request does not match the redirect URIs of the application.",
    50020: "User account from identity provider does not exist in tenant and cannot access the application.",
    50034: "The user account does not exist in the directory.",
    50173: "The provided grant has expired due to it being revoked, a fresh auth token is needed.",
    50097: "Device authentication is required.",
    53000: "Device is not in required device state. Conditional Access policy requires a compliant device.",
    53003: "Access has been blocked by Conditional Access policies.",
    530003: "Your device is required to be managed to access this resource.",
    65001: "The user or administrator has not consented to use the application.",
    65004: "User declined to consent to access the app.",
    70008: "The provided authorization code or refresh token has expired due to inactivity.",
    700016: "Application was not found in the directory. This can happen if it has not been installed.",
    7000215: "Invalid client secret provided.",
    90002: "Tenant not found. Check to make sure you have the correct tenant ID.",
    9002313: "Invalid request. Request is malformed or invalid.",
}


class Refused(Exception):
    """The sign-in is refused: ``error`` is OAuth's word, ``number`` Entra's, 0 where it has none."""

    def __init__(self, error: str, number: int = 0, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.number = number
        self.status = status


@dataclass(frozen=True, slots=True)
class Person:
    """An account: its object id, its name for signing in, and the name to show."""

    id: str
    username: str
    name: str


@dataclass(frozen=True, slots=True)
class Directory:
    """A tenant with the accounts that may sign in there."""

    id: str
    name: str
    domains: tuple[str, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Issued:
    """An access token and what it stands for; ``scopes`` are bare names, ``expires`` seconds since 1970."""

    token: str
    tenant: str
    person: str
    scopes: frozenset[str]
    expires: float

    def __repr__(self) -> str:
        return f"Issued(tenant={self.tenant!r}, person={self.person!r})"


@dataclass(slots=True)
class Attempt:
    """A sign-in under way, by device code or authorization code: begun by an application, not answered."""

    directory: Directory
    client_id: str
    scope: str
    expires: float
    user_code: str = ""
    redirect_uri: str = ""
    state: str = ""
    nonce: str = ""
    response_mode: str = "query"
    challenge: str = ""
    person: Person | None = None
    declined: bool = False


@dataclass(slots=True)
class Rules:
    """What the tenants refuse: set it in a test, or to try how a refusal looks.

    ``blocked`` is (tenant id, grant type) → AADSTS number. ``consented`` is tenant id → bare scopes, absent
    for all. ``known`` is tenant id → client ids, absent for all. ``misdirected`` is tenant id → the tenant
    id that its tokens name instead. ``secrets`` is client id → its client secret. With ``asks`` a person
    agrees to each permission on the page: one that nobody agreed to is refused to a refresh (65001).
    """

    blocked: dict[tuple[str, str], int] = field(default_factory=dict)
    consented: dict[str, set[str]] = field(default_factory=dict)
    known: dict[str, set[str]] = field(default_factory=dict)
    misdirected: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    asks: bool = False
