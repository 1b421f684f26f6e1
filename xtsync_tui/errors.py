"""Every expected failure, worded for the person at the keyboard.

XtSyncError                      caught at the edge of screens and commands; anything else is a bug
├── InvalidInput                 a flag, a field or a file that cannot be used: exit code 2
├── GraphError                   Microsoft Graph said no, or said nothing
│   ├── Unauthorized             401: the token is missing, expired or revoked
│   ├── Forbidden                403: a scope or a directory role is missing
│   ├── NotFound                 404: the object is not there, or not there yet
│   ├── Conflict                 409: an object with this key is there already
│   ├── Rejected                 any other 4xx: the request itself is wrong
│   ├── Throttled                429: wait first
│   ├── ServiceFailed            5xx: the service had a fault
│   ├── Unreachable              the request never left this machine: nothing was done
│   ├── NoAnswer                 the request left, no answer came: it may have been done
│   └── Unreadable               an answer that is not what the documentation promises
├── Cancelled                    the person stopped waiting
├── ReadOnly                     the profile does not write
├── SignInFailed                 no token could be had
│   └── SignInNeeded             a person has to sign in (again) before this can go on
└── StoreFailed                  a local file, database or secret store cannot be used
"""


class XtSyncError(Exception):
    """An expected failure with a title, the detail behind it and a hint at the next step.

    The three texts follow one pattern: side and setting, then the cause, then what to do. They never hold
    a token, a code or a secret. Text that came from a directory is passed through ``text.clean`` first.
    """

    def __init__(self, title: str, detail: str = "", hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.detail = detail
        self.hint = hint

    def __str__(self) -> str:
        return " · ".join(part for part in (self.title, self.detail, self.hint) if part)


class InvalidInput(XtSyncError):
    """A flag, a field or a file that cannot be used as it is."""


class GraphError(XtSyncError):
    """An answer of Microsoft Graph that is not the one asked for, or no answer at all.

    ``status`` is the HTTP status, 0 when none came. ``code`` and ``message`` are Graph's own, taken out of
    the wrapping of the synchronization service where there is one. ``request_id`` is Graph's, ``""`` when
    none came. ``retry_after`` is in seconds, None when Graph did not say.
    """

    def __init__(
        self,
        title: str,
        detail: str = "",
        hint: str = "",
        *,
        status: int = 0,
        code: str = "",
        message: str = "",
        request_id: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(title, detail, hint)
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id
        self.retry_after = retry_after


class Unauthorized(GraphError):
    """401: the token is missing, expired or revoked."""


class Forbidden(GraphError):
    """403: a scope or a directory role is missing."""


class NotFound(GraphError):
    """404: the object is not there, or has not been replicated yet."""


class Conflict(GraphError):
    """409: an object with this key is there already."""


class Rejected(GraphError):
    """Any other 4xx: the request itself is wrong."""


class Throttled(GraphError):
    """429: Graph asks to wait first."""


class ServiceFailed(GraphError):
    """5xx: the service had a fault."""


class Unreachable(GraphError):
    """The request never left this machine, so nothing was done."""


class NoAnswer(GraphError):
    """The request left and no answer came: it may have been done."""


class Unreadable(GraphError):
    """An answer that is not what the documentation promises."""


class Cancelled(XtSyncError):
    """The person stopped waiting."""


class ReadOnly(XtSyncError):
    """The profile does not write: nothing was sent."""


class SignInFailed(XtSyncError):
    """No token could be had.

    ``code`` is Entra's, as ``AADSTS53003``, ``""`` when none came; ``correlation_id`` finds the sign-in in
    the tenant's logs. ``ways`` are the names of other ways to sign in that can help, best first.
    """

    def __init__(
        self,
        title: str,
        detail: str = "",
        hint: str = "",
        *,
        code: str = "",
        correlation_id: str = "",
        ways: tuple[str, ...] = (),
    ) -> None:
        super().__init__(title, detail, hint)
        self.code = code
        self.correlation_id = correlation_id
        self.ways = ways


class SignInNeeded(SignInFailed):
    """A person has to sign in, or sign in again, before this can go on.

    ``scopes`` (bare names) and ``claims`` (JSON text, ``""`` for none) are what the sign-in must ask for.
    """

    def __init__(
        self, title: str, detail: str = "", hint: str = "", *, scopes: tuple[str, ...] = (), claims: str = ""
    ) -> None:
        super().__init__(title, detail, hint)
        self.scopes = scopes
        self.claims = claims


class StoreFailed(XtSyncError):
    """A local file, database or secret store cannot be used."""
