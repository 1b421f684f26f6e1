"""Turns values into what is shown: symbols with words, sides, numbers, times and cut text.

All functions are pure. Text from a directory goes through ``shown`` (or ``text.clean``) and into Content,
never into markup.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from textual.content import Content

from xtsync_tui.model import Side
from xtsync_tui.text import CUT, clean

ROLES = {
    "✓": "$x-ok",
    "✗": "$x-error",
    "■": "$x-error",
    "!": "$x-warning",
    "?": "$x-warning",
    "▶": "$x-focus",
    "‖": "$x-muted",
    "–": "$x-muted",
    "…": "$x-muted",
    "○": "$x-text",
    "~": "$x-warning",
    "+": "$x-ok",
}
"""The colour that repeats what a state's symbol says."""


def shown(value: object) -> Content:
    """Return text that somebody else wrote, safe to show."""
    return Content(clean(value))


def muted(text: str) -> Content:
    """Return ``text`` in the colour of what matters less."""
    return Content.styled(text, "$x-muted")


def state(text: str) -> Content:
    """Return a state, its symbol first as in ``✓ done``, in the symbol's colour."""
    style = ROLES.get(text[:1], "")
    return Content.styled(text, style) if style else Content(text)


def word(text: str) -> str:
    """Return a state without its symbol, for files and other programs: ``done``."""
    return text[1:].lstrip() if text[:1] in ROLES else text


def side(which: Side, name: str = "") -> Content:
    """Return ``SOURCE Contoso`` or ``TARGET Fabrikam`` in the side's colour; ``name`` can be left out."""
    return Content.styled(f"{which.name} {clean(name)}".rstrip(), f"bold $x-{which.value}")


def number(value: int | None) -> str:
    """Return ``1,204``, and ``?`` for a number nobody said."""
    return "?" if value is None else f"{value:,}"


def people_count(count: int | None) -> str:
    """Return ``1 person`` or ``1,204 people``, and ``? people`` for a number nobody said."""
    return "1 person" if count == 1 else f"{number(count)} people"


def people_do(count: int, one: str, many: str) -> str:
    """Return how many people do something: ``1 person stays``, ``26 people stay``."""
    return f"{people_count(count)} {one if count == 1 else many}"


def duration(seconds: float) -> str:
    """Return how long something took: ``88 ms``, ``4.1 s``, ``4 min 10 s``, ``2 h 5 min``."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def rough(seconds: float) -> str:
    """Return a distance in time in its largest unit: ``8 s``, ``41 min``, ``5 h``, ``2 d``."""
    whole = max(int(seconds), 0)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if whole >= size:
            return f"{whole // size} {unit}"
    return f"{whole} s"


def ago(then: datetime, now: datetime) -> str:
    """Return how long ago ``then`` was: ``8 s ago``."""
    return f"{rough((now - then).total_seconds())} ago"


def when(then: datetime | None, now: datetime) -> str:
    """Return a time absolute and relative: ``13:21, 41 min ago``, ``12 May 09:20, 2 d ago``, ``never``.

    Both are in the zone of ``now``. Year 1 is how Graph says never.
    """
    if then is None or then.year <= 1:
        return "never"
    local = then.astimezone(now.tzinfo)
    if local.year != now.year:
        return f"{local.day} {local:%b %Y}"
    distance = (local - now).total_seconds()
    relative = f"in {rough(distance)}" if distance > 0 else f"{rough(-distance)} ago"
    clock = f"{local:%H:%M}" if local.date() == now.date() else f"{local.day} {local:%b %H:%M}"
    return f"{clock}, {relative}"


def clock(then: datetime) -> str:
    """Return the time of day with seconds: ``14:02:08``."""
    return f"{then:%H:%M:%S}"


def iso(then: datetime) -> str:
    """Return a time for files and other programs: ``2026-05-14T14:02:08Z``."""
    return f"{then.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def moment(then: datetime, now: datetime) -> str:
    """Return the time of a row of a log, with its day before today: ``14:02:08``, ``12 May 14:02``."""
    local = then.astimezone(now.tzinfo)
    return clock(local) if local.date() == now.date() else f"{local.day} {local:%b %H:%M}"


def cut_start(value: str, width: int) -> str:
    """Return a path cut at its start to ``width`` characters, as ``…/jobs/1``."""
    return value if len(value) <= width else CUT + value[len(value) - width + 1 :]


def cut_end(value: str, width: int) -> str:
    """Return a name cut at its end to ``width`` characters."""
    return value if len(value) <= width else value[: max(width - 1, 0)] + CUT


def facts(rows: Sequence[tuple[str, Content | str]], width: int = 0, *, within: int = 0) -> Content:
    """Return lines of label and value, the labels padded to one width and muted.

    ``within`` are the cells there are for both: a longer value goes on under its beginning.
    """
    gap = width or max((len(label) for label, _ in rows), default=0) + 2
    lines = []
    for label, value in rows:
        told = value if isinstance(value, Content) else shown(value)
        parts = told.wrap(within - gap) if within - gap >= LEAST and told else [told]
        lines += [muted(label.ljust(gap)) + parts[0], *(Content(" " * gap) + part for part in parts[1:])]
    return Content("\n").join(lines)


LEAST = 12
"""Cells under which the values of facts are not wrapped: words would be broken instead."""
