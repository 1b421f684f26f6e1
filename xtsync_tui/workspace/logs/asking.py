"""Words of a filter that are asked of the server: ``since:7d`` and ``state:failed``. Pure."""

import re
from collections.abc import Iterator
from datetime import timedelta

from xtsync_tui.workspace.logs.lines import DAY, Ask, Outcome
from xtsync_tui.workspace.spans import span

_WORD = re.compile(r"(?<![\S!])(since|state|status|result):(\S+)")
_OUTCOMES = {
    "success": Outcome.SUCCESS,
    "succeeded": Outcome.SUCCESS,
    "failed": Outcome.FAILED,
    "failure": Outcome.FAILED,
    "skipped": Outcome.SKIPPED,
    "warning": Outcome.WARNING,
    "held": Outcome.HELD,
}
LONGEST = timedelta(days=30)
"""The service keeps rows for 30 days [reports retention, P1 and P2]."""


def ask_of(text: str) -> Ask:
    """Return what a filter asks of the server; without ``since:`` it is the last 24 hours."""
    outcome = None
    for name, value in _words(text):
        if name != "since":
            outcome = _OUTCOMES.get(value.casefold(), outcome)
    return Ask(min(since_of(text), LONGEST), outcome)


def since_of(text: str) -> timedelta:
    """Return how far back a filter wants to look, also when the service keeps less."""
    found = [span(value) for name, value in _words(text) if name == "since"]
    return next((since for since in reversed(found) if since is not None), DAY)


def rest_of(text: str) -> str:
    """Return what of a filter is left to be done here."""
    left = _WORD.sub(lambda match: "" if _understood(match[1], match[2]) else match[0], text)
    return " ".join(left.split())


def _words(text: str) -> Iterator[tuple[str, str]]:
    for match in _WORD.finditer(text):
        yield match[1], match[2]


def _understood(name: str, value: str) -> bool:
    return span(value) is not None if name == "since" else value.casefold() in _OUTCOMES


def words(ask: Ask) -> str:
    """Return an ask as a filter would say it: ``since:24h state:failed``."""
    hours = round(ask.since.total_seconds() / 3600)
    minutes = round(ask.since.total_seconds() / 60)
    told = f"{hours}h" if hours and hours * 60 == minutes else f"{minutes}min"
    if hours > 48 and hours % 24 == 0:
        told = f"{hours // 24}d"
    return f"since:{told}" + (f" state:{ask.outcome.value}" if ask.outcome else "")
