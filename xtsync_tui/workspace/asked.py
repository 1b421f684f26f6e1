"""Which requests were sent about something: what is shown of it came from these."""

from collections.abc import Iterable

from xtsync_tui.model import Exchange, Request

MOST = 12


def asked_about(exchanges: Iterable[Exchange], words: str) -> tuple[Request, ...]:
    """Return the newest reading requests whose path holds ``words``, each once, at most 12.

    ``exchanges`` are in the order in which they were sent.
    """
    found: dict[tuple[str, str], Request] = {}
    for exchange in reversed(tuple(exchanges)):
        request = exchange.request
        if words and request.method == "GET" and words in request.path:
            found.setdefault((exchange.side.value, request.path), request)
        if len(found) == MOST:
            break
    return tuple(found.values())
