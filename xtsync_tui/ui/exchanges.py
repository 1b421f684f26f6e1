"""How requests and journal entries read: rows, details, and what to copy of them. Pure functions."""

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote

from textual.content import Content

from xtsync_tui.model import Exchange, Json, Request
from xtsync_tui.model.snippets import as_az_rest, as_curl, as_powershell
from xtsync_tui.text import CUT, clean
from xtsync_tui.ui.body import changed
from xtsync_tui.ui.render import clock, duration, facts, muted, rough, side, state, when

if TYPE_CHECKING:
    from xtsync_tui.workspace.journal import Entry

STRIP = 78
"""Columns of a line in the strip of a narrow terminal."""

MUCH = 100_000
"""Characters of a body that a detail shows; the log keeps less."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_JOB = re.compile(r"(Azure2Azure)\.[0-9A-Za-z.-]+")
_JOBS = re.compile(r"^/servicePrincipals/[^/]+/synchronization(?=/)")


def short_path(path: str) -> str:
    """Return a path as a list shows it: ids cut in the middle, what leads to a job cut at the start."""
    path = unquote(path)
    path = _JOB.sub(lambda match: f"{match[1]}{CUT}{match[0][-6:]}", _JOBS.sub(CUT, path))
    return clean(_UUID.sub(lambda match: f"{match[0][:8]}{CUT}{match[0][-4:]}", path))


def status(exchange: Exchange) -> str:
    """Return ``✓ 200``, ``! 429``, ``✗ 403``, ``? no answer``, ``▶ running``."""
    if not exchange.done:
        return "▶ running"
    if exchange.status == 0:
        return "? no answer"
    symbol = "✓" if exchange.status < 400 else "!" if exchange.status in {429, 503} else "✗"
    return f"{symbol} {exchange.status}"


def outcome(exchange: Exchange) -> str:
    """Return in a sentence what became of a request."""
    if exchange.note:
        return exchange.note
    took = duration(exchange.took)
    if not exchange.done:
        return "Sent, the answer is awaited."
    if exchange.status == 0:
        return f"Sent, no answer after {took}."
    waited = f", after waiting {rough(exchange.waited)} as Graph asked" if exchange.waited else ""
    return f"Answered {exchange.status} in {took}{waited}."


def pretty(value: Json) -> str:
    """Return JSON, or JSON as text, laid out in lines; other text as it is."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return clean(value, MUCH, lines=True)
    return clean(json.dumps(value, indent=2, ensure_ascii=False), MUCH, lines=True)


def exchange_title(exchange: Exchange, tenant: str) -> str:
    """Return ``PATCH in TARGET Fabrikam, 14:02:31``."""
    where = f"{exchange.side.name} {clean(tenant)}".rstrip()
    return f"{exchange.request.method} in {where}, {clock(exchange.began)}"


def exchange_strip(exchange: Exchange) -> Content:
    """Return the most needed of a request in three rows: a note names the path, and takes two of them."""
    body = exchange.request.body
    path = "" if exchange.note else f"\n{short_path(exchange.request.path)}"
    sent = "" if body is None else f"\n{clean(json.dumps(body, ensure_ascii=False))}"
    return Content(clean(outcome(exchange), 150) + path + sent)


def exchange_detail(exchange: Exchange) -> Content:
    """Return everything that is kept of a request and its answer."""
    ids = [
        ("client id", f"{exchange.client_request_id or '–'} (ours)"),
        ("request id", exchange.request_id or "– none came back"),
    ]
    parts = [Content(clean(outcome(exchange), MUCH)), Content(clean(exchange.url, MUCH)) + "\n" + facts(ids)]
    if exchange.request.body is not None:
        parts.append(muted("Sent") + "\n" + pretty(exchange.request.body))
    if exchange.answer:
        parts.append(muted("Answer") + "\n" + pretty(exchange.answer))
    parts.append(muted("Y copies as curl, Invoke-MgGraphRequest, az rest."))
    return Content("\n\n").join(parts)


def exchange_copies(exchange: Exchange, tenant: str, tenant_id: str) -> list[tuple[str, str]]:
    """Return what can be copied of a request, with the tenant it is for; none of it holds a token."""
    request, url = exchange.request, exchange.url
    where = f"# for {exchange.side.name} {clean(tenant)} {tenant_id}".rstrip() + "\n"
    return [
        ("curl", where + as_curl(request, url)),
        ("PowerShell", where + as_powershell(request, url)),
        ("az rest", where + as_az_rest(request, url)),
        ("id", exchange.request_id),
        ("JSON", "" if request.body is None else json.dumps(request.body, indent=2, ensure_ascii=False)),
    ]


_FATES = {"done": "✓", "failed": "✗", "did not arrive": "✗", "sent, no answer yet": "…", "unknown": "?"}


def fate(entry: "Entry") -> str:
    """Return how a write ended, ``✓ done``, ``? unknown``, and whether it was undone since: ``– undone``."""
    if entry.undone is not None:
        return "– undone"
    return f"{_FATES[entry.fate.value]} {entry.fate.value}"


def can_undo(entry: "Entry") -> bool:
    """Return whether a write can be undone from here."""
    return bool(entry.undo) and entry.fate.value == "done" and entry.undone is None


def undoing(entry: "Entry") -> str:
    """Return whether a write can be undone: ``u undoes it``, or ``–``."""
    return "u undoes it" if can_undo(entry) else "–"


def entry_title(entry: "Entry") -> str:
    """Return ``step 3 · TARGET Fabrikam``."""
    return f"{clean(entry.why)} · {entry.side.name} {clean(entry.tenant)}"


def entry_strip(entry: "Entry", now: datetime) -> Content:
    """Return the most needed of a change in three rows: what was sent, when and by whom, how it is undone."""
    sent = entry.request
    body = "" if sent.body is None else clean(json.dumps(sent.body, ensure_ascii=False))
    who = f", by {clean(entry.who)}" if entry.who else ""
    undo = "u undoes it" if can_undo(entry) else _no_undo(entry, now)
    lines = [
        Content(f"{sent.method} {short_path(sent.path)} ") + muted(body),
        Content(f"{when(entry.at, now)}{who}"),
        Content(clean(undo)),
    ]
    return Content("\n").join(line.truncate(STRIP, ellipsis=True) for line in lines)


def _no_undo(entry: "Entry", now: datetime) -> str:
    if entry.undone is not None:
        return f"Undone {when(entry.undone, now)}."
    return entry.note or entry.why_not or "Nothing to undo."


def differences(entry: "Entry") -> list[str]:
    """Return what a change replaced, one line each; none where nothing was there before."""
    return (
        changed(entry.before, entry.request.body) if entry.before is not None and entry.request.body else []
    )


def entry_detail(entry: "Entry", now: datetime) -> Content:
    """Return who wrote what, when and why, what came back, and how it is undone."""
    many, undo = len(entry.undo), _no_undo(entry, now)
    if can_undo(entry):
        undo = f"{many} request{'s' * (many != 1)}, u shows them"
    told: list[tuple[str, Content | str]] = [
        ("When", when(entry.at, now)),
        ("Who", entry.who or "–"),
        ("Where", side(entry.side, entry.tenant)),
        ("Ended", state(fate(entry)) + (f" · {entry.status}" if entry.status else "")),
        ("Request id", entry.request_id or "–"),
        ("Undo", undo),
    ]
    if entry.note:
        told.append(("Found later", entry.note))
    parts = [facts(told), _sent(entry.request)]
    if entry.answer:
        parts.append(muted("Answer") + "\n" + pretty(entry.answer))
    return Content("\n\n").join(parts)


def _sent(request: Request) -> Content:
    head = Content.styled(request.method, "bold") + f" /{request.version}{clean(request.path, MUCH)}"
    return head if request.body is None else head + "\n" + pretty(request.body)
