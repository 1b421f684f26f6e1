"""Points in time as .NET counts them: ticks of 100 ns since the year 1, always in UTC here."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from xtsync_tui.engine.expressions.functions.registry import FunctionError, excerpt

SECOND = 10_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LAST = date.max.toordinal() * DAY
"""The tick after the last one: the year 10000 does not exist."""

FILETIME_EPOCH = (date(1601, 1, 1).toordinal() - 1) * DAY

MAX_TEXT = 100
"""Characters of a text that can be a date. Not documented: no date format comes near it."""

MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_SHORT_MONTHS = "|".join(name[:3] for name in MONTHS)


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A point in time. ``zone`` is how it prints its offset: "Z" for UTC, "" for unspecified."""

    ticks: int
    zone: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.ticks < LAST:
            raise FunctionError("the date is outside of the years 1 to 9999")

    @property
    def day(self) -> date:
        """The calendar day."""
        return date.fromordinal(self.ticks // DAY + 1)

    @property
    def clock(self) -> tuple[int, int, int, int]:
        """Hour, minute, second and ticks of the second."""
        seconds, fraction = divmod(self.ticks % DAY, SECOND)
        return seconds // 3600, seconds // 60 % 60, seconds % 60, fraction


def moment(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, fraction: int = 0
) -> Moment:
    """Return the moment of a calendar day and a clock; ``fraction`` is in ticks."""
    if hour > 23 or minute > 59 or second > 59:
        raise FunctionError("there is no such time of day")
    try:
        days = date(year, month, day).toordinal() - 1
    except ValueError:
        raise FunctionError("there is no such day") from None
    return Moment(days * DAY + hour * HOUR + minute * MINUTE + second * SECOND + fraction)


def from_datetime(value: datetime) -> Moment:
    """Return an aware datetime as a moment."""
    at = value.astimezone(UTC)
    return moment(at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond * 10)


def to_text(value: Moment) -> str:
    """Return the form all date functions speak: ``M/d/yyyy h:mm:ss tt``, US, in UTC."""
    day, (hour, minute, second, _) = value.day, value.clock
    half = "PM" if hour >= 12 else "AM"
    return f"{day.month}/{day.day}/{day.year:04} {hour % 12 or 12}:{minute:02}:{second:02} {half}"


_DAYS = (
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})",
    r"(?P<month>\d{1,2})[-/](?P<day>\d{1,2})[-/](?P<year>\d{4})",
    rf"(?:[a-z]+,\s*)?(?P<day>\d{{1,2}})[- ](?P<name>{_SHORT_MONTHS})[a-z]*[- ,]+(?P<year>\d{{4}})",
    rf"(?:[a-z]+,\s*)?(?P<name>{_SHORT_MONTHS})[a-z]*\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})",
)
_CLOCK = (
    r"(?:(?:T|\s+)(?P<hour>\d{1,2})(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.(?P<fraction>\d{1,9}))?)?)?"
    r"(?:\s*(?P<half>[AP]M))?)?"
)
_ZONE = r"\s*(?P<zone>Z|GMT|UTC|[-+]\d{1,2}(?::?\d{2})?)?"
_FORMS = [re.compile(rf"\s*{day}{_CLOCK}{_ZONE}\s*", re.ASCII | re.IGNORECASE) for day in _DAYS]


def read(text: object) -> Moment:
    """Return the moment in a text, converted to UTC; without an offset it is UTC already.

    Reads ISO 8601, the US form and spelled months, with or without time and offset ("functions for
    customizing application data" shows them). Not documented for anything else: an error.
    """
    if not text:
        raise FunctionError("a date is needed here")
    for form in _FORMS:
        if isinstance(text, str) and len(text) <= MAX_TEXT and (found := form.fullmatch(text)):
            return _from_parts(found.groupdict())
    raise FunctionError(f"{excerpt(text)} is no date")


def _from_parts(parts: dict[str, str | None]) -> Moment:
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    if parts["hour"] and not parts["minute"] and not parts["half"]:
        raise FunctionError(f"{parts['hour']} is no time")
    month = int(parts.get("month") or 0) or _month(parts["name"] or "")
    fraction = int((parts["fraction"] or "0")[:7].ljust(7, "0"))
    hour = to_24_hours(hour, parts["half"])
    wall = moment(int(parts["year"] or 0), month, int(parts["day"] or 0), hour, minute, second, fraction)
    return Moment(wall.ticks - offset_ticks(parts["zone"] or ""), "Z")


def _month(name: str) -> int:
    return 1 + [month[:3].lower() for month in MONTHS].index(name[:3].lower())


def to_24_hours(hour: int, half: str | None) -> int:
    """Return the hour of a day from an hour of a 12-hour clock and its AM or PM."""
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise FunctionError("there is no such time of day")
    return hour % 12 + (12 if half.upper().startswith("P") else 0)


def offset_ticks(zone: str) -> int:
    """Return the distance from UTC of ``+1``, ``-0730`` or ``+05:30``, 0 for a name of UTC."""
    if zone[:1] not in {"+", "-"}:
        return 0
    hours, _, minutes = zone[1:].partition(":")
    if len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    if int(hours) > 14 or int(minutes or 0) > 59:
        raise FunctionError("there is no such offset from UTC")
    ticks = int(hours) * HOUR + int(minutes or 0) * MINUTE
    return -ticks if zone[0] == "-" else ticks
