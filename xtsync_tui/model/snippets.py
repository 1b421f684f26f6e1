"""A request as a line for another tool: curl, Microsoft Graph PowerShell, Azure CLI.

No line holds a token: curl reads ``$TOKEN``, the others sign in by themselves. Everything that came from a
tenant is quoted for the shell it is pasted into.
"""

import json
import shlex

from xtsync_tui.model.request import Request


def as_curl(request: Request, url: str) -> str:
    """Return a curl command for a POSIX shell; ``url`` is the whole address."""
    parts = ["curl", "-sS", "-X", request.method, shlex.quote(url), "-H", '"Authorization: Bearer $TOKEN"']
    for name, value in _headers(request):
        parts += ["-H", shlex.quote(f"{name}: {value}")]
    if request.body is not None:
        parts += ["--data-raw", shlex.quote(_body(request))]
    return " ".join(parts)


def as_powershell(request: Request, url: str) -> str:
    """Return an ``Invoke-MgGraphRequest`` command; ``Connect-MgGraph`` comes first."""
    parts = ["Invoke-MgGraphRequest", "-Method", request.method, "-Uri", _powershell(url)]
    if request.headers:
        pairs = "; ".join(f"{_powershell(name)} = {_powershell(value)}" for name, value in request.headers)
        parts += ["-Headers", f"@{{ {pairs} }}"]
    if request.body is not None:
        parts += ["-ContentType", "'application/json'", "-Body", _powershell(_body(request))]
    return " ".join(parts)


def as_az_rest(request: Request, url: str) -> str:
    """Return an ``az rest`` command for a POSIX shell; ``az login`` comes first."""
    parts = ["az", "rest", "--method", request.method.lower(), "--url", shlex.quote(url)]
    if headers := _headers(request):
        parts += ["--headers", *(shlex.quote(f"{name}={value}") for name, value in headers)]
    if request.body is not None:
        parts += ["--body", shlex.quote(_body(request))]
    return " ".join(parts)


def _headers(request: Request) -> list[tuple[str, str]]:
    content = [("Content-Type", "application/json")] if request.body is not None else []
    return [*request.headers, *content]


def _body(request: Request) -> str:
    # Escaped to ASCII, so that no control or direction character of a name reaches a terminal.
    return json.dumps(request.body, separators=(",", ":"))


def _powershell(text: str) -> str:
    # PowerShell ends a quoted string at the typographic quotes, too.
    for quote in "'\u2018\u2019\u201a\u201b":
        text = text.replace(quote, quote * 2)
    return f"'{text}'"
