"""Spans of time as people type them into a filter: ``24h``, ``30min``, ``7d``, ``2w``."""

import re
from datetime import timedelta

_SPAN = re.compile(r"(\d{1,6})\s*(min|m|h|d|w)")
_UNIT = {"min": "minutes", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LONGEST = timedelta(days=36_500)
"""Whatever is longer is no span: times before year 1 do not exist."""


def span(text: str) -> timedelta | None:
    """Return a span of time, None for anything else."""
    match = _SPAN.fullmatch(text.strip())
    found = timedelta(**{_UNIT[match[2]]: int(match[1])}) if match else None
    return found if found is not None and found <= LONGEST else None
